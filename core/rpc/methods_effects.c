/* rpc/methods_effects.c — what the outside world is to be told, and what could not be delivered. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

/* What a hand-over carries is for the case that receives it, not for those who watch effects. */
static void close_letter(json_t *row)
{
    if (text_equal(json_text(row, "kind"), LETTER_KIND)) {
        json_t *data = json_object_get(row, "data");
        json_object_set_new(row, "data",
            json_pack("{s:s?,s:s?}", "letter", json_text(data, "letter"), "reason",
                json_text(data, "reason")));
    }
}

static void effects_came(struct call *c, json_t *rows)
{
    json_t *row;
    size_t i;
    int64_t last = 0;
    json_array_foreach(rows, i, row)
    {
        char at[INSTANT_TEXT];
        last = json_number(row, "id", 0);
        json_put_text(row, "at", instant_format(json_number(row, "at_ms", 0), at));
        close_letter(row);
    }
    bool more = (int64_t)json_array_size(rows) >= service_limit(c);
    char *next = more ? mem_printf("%lld", (long long)last) : NULL;
    call_reply(c, json_pack("{s:O, s:s?}", "items", rows, "next", next));
    mem_free(next);
}

static void list(struct call *c)
{
    if (!service_may(c, "effects.read")) {
        return;
    }
    json_t *args = service_pick(c, "status");
    json_put_number(args, "limit", service_limit(c));
    json_put_number(args, "after", call_int(c, "after", 0));
    service_ask(c, ASK_EFFECTS, args, effects_came);
}

static void retried(struct call *c, json_t *response, void *ctx)
{
    (void)ctx;
    service_effects_changed(service_of(c));
    call_reply(c, json_incref(response));
}

static void failed_came(struct call *c, json_t *rows)
{
    int64_t id = call_int(c, "id", 0);
    if (json_number(json_array_get(rows, 0), "id", -1) != id) {
        struct err err = {0};
        err_set(&err, ERR_NOT_FOUND, _("there is no failed effect %lld"), (long long)id);
        err_hint(&err, "%s", _("effects.list with status failed names them"));
        call_refuse(c, &err);
        return;
    }
    char *subject = mem_printf("%lld", (long long)id);
    struct record records[] = {
        {RECORD_EFFECT_AGAIN, json_pack("{s:I, s:I}", "id", (json_int_t)id, "next_ms",
                                  (json_int_t)service_now_ms(service_of(c)))},
        audit_record(c, "effects.retry", subject, NULL),
    };
    service_record(
        c, records, 2, json_pack("{s:s, s:b}", "id", subject, "pending", 1), retried, NULL);
    mem_free(subject);
}

static void retry_fresh(struct call *c)
{
    service_ask(c, ASK_EFFECTS,
        json_pack("{s:s, s:I, s:i}", "status", "failed", "after",
            (json_int_t)call_int(c, "id", 0) - 1, "limit", 1),
        failed_came);
}

static void retry(struct call *c)
{
    if (service_may(c, "effects.retry")) {
        service_once(c, retry_fresh);
    }
}

static const struct method rows[] = {
    {"effects.list", list, 0, N_("Effects of cases on the outside world: waiting, done, failed."),
        PARAMS(MAY("status", PARAM_CHOICE, N_("only these"), .choices = "pending done failed"),
            PAGE_LIMIT, MAY("after", PARAM_ID, N_("cursor: `next` of the page before"))),
        PAGE_RESULT, ERRORS(ERR_FORBIDDEN), "{\"status\":\"failed\"}", PAGE_EXAMPLE},
    {"effects.retry", retry, METHOD_MUTATING, N_("Has a failed effect tried again."),
        PARAMS(NEED("id", PARAM_ID, N_("id of the effect"))),
        PARAMS(NEED("id", PARAM_ID, N_("id of the effect")),
            NEED("pending", PARAM_BOOL, N_("it will be tried again"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_KEY_REUSED, ERR_READ_ONLY), "{\"id\":\"7\"}",
        "{\"id\":\"7\",\"pending\":true}"},
};
const struct method_table effects_table = METHOD_TABLE(rows);
