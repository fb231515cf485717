/* rpc/methods_report.c — figures out of the event log. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "io/timer.h"
#include "rpc/report.h"
#include "rpc/subscriptions.h"

enum {
    BEHIND_TRIES = 100, /* 5 s: the store reads its own events in between batches */
    BEHIND_MS = 50,
};

struct reporting {
    struct call *call;
    struct timer *again; /* owned */
    int64_t wanted_seq;  /* what was durable when the question came must be in the answer */
    int tries;
};

static void ask(void *ctx);

static void answer(struct reporting *r, const json_t *rows)
{
    struct service *s = service_of(r->call);
    json_t *out = report_overview(rows, engine_org(s->with.engine));
    json_object_set(out, "through_seq", json_object_get(rows, "through_seq"));
    json_put_number(out, "last_seq", subscriptions_last_seq(s->subscriptions));
    json_put_text(out, "from", call_text(r->call, "from"));
    json_put_text(out, "to", call_text(r->call, "to"));
    call_reply(r->call, out);
}

static void rows_came(json_t *rows, const struct err *err, void *ctx)
{
    struct reporting *r = ctx;
    call_enter(r->call);
    if (rows != NULL && json_number(rows, "through_seq", 0) < r->wanted_seq &&
        ++r->tries < BEHIND_TRIES) {
        timer_once(r->again, BEHIND_MS);
        return;
    }
    if (rows != NULL) {
        answer(r, rows);
    } else {
        call_fail(r->call, err);
    }
    timer_free(r->again);
    mem_free(r);
}

static void ask(void *ctx)
{
    struct reporting *r = ctx;
    struct service *s = service_of(r->call);
    struct date d;
    json_t *args = json_object();
    if (call_date(r->call, "from", &d)) {
        json_put_number(args, "from_ms", date_start_ms(d));
    }
    if (call_date(r->call, "to", &d)) {
        json_put_number(args, "to_ms", date_end_ms(d));
    }
    json_put_number(args, "now_ms", service_now_ms(s));
    json_object_set_new(args, "scope", service_scope(r->call, "report.read"));
    store_ask(s->with.store, ASK_REPORT, args, rows_came, r);
}

static void overview(struct call *c)
{
    if (!service_may(c, "report.read")) {
        return;
    }
    struct reporting *r = mem_alloc(sizeof(*r));
    r->call = c;
    r->again = timer_open(service_of(c)->with.loop, ask, r);
    r->wanted_seq = subscriptions_last_seq(service_of(c)->subscriptions);
    ask(r);
}

static const struct method rows[] = {
    {"report.overview", overview, 0,
        N_("On-time share, overdue clocks and days to an answer: by clock, year, category, body."),
        PARAMS(MAY("from", PARAM_DATE, N_("first day of receipt that counts")),
            MAY("to", PARAM_DATE, N_("last day of receipt that counts"))),
        PARAMS(NEED("cases", PARAM_OBJECT, N_("total, open, closed, answered, median_days")),
            NEED("clocks", PARAM_LIST,
                N_("per clock: met, met_late, late_open, open, cancelled, "
                   "provisional, ended, on_time_share")),
            NEED("by_year", PARAM_LIST, N_("the same by year of receipt")),
            NEED("by_category", PARAM_LIST, N_("the same by first level of the category")),
            NEED("by_body", PARAM_LIST, N_("the same by body"))),
        ERRORS(ERR_FORBIDDEN), "{\"from\":\"2026-01-01\",\"to\":\"2026-12-31\"}",
        "{\"cases\":{\"total\":0,\"open\":0,\"closed\":0,\"answered\":0,\"median_days\":null},"
        "\"clocks\":[],\"by_year\":[],\"by_category\":[],\"by_body\":[]}"},
};
const struct method_table report_table = METHOD_TABLE(rows);
