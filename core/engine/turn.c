/* engine/turn.c — what comes up by itself: due clocks, recomputation, recovery from read-only mode.
 */
#include "engine/cache.h"
#include "engine/counter.h"
#include "engine/pending.h"
#include "engine/scheduler.h"
#include "engine/submit.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"

enum {
    RECOMPUTE_PAGE = 200
}; /* cases asked for at a time: a page is decided within a turn or two */

/* A clock whose script failed is asked again after this; the failure is in the log and in health.
 */
#define DUE_AGAIN_MS MS_PER_HOUR

enum { REFILL_AGAIN_MS = 10000 }; /* after a failed question: long enough not to fill the log */

static void on_due(const struct command_result *r, void *ctx)
{
    const struct pending *p = ctx;
    struct engine *e = p->engine;
    struct slot *slot = cache_peek(e, p->case_id);
    e->due_in_flight--;
    if (slot != NULL) {
        slot->due_asked = false;
    }
    if (r->err != NULL && r->err->code != ERR_STATE && r->err->code != ERR_READ_ONLY) {
        log_event(LOG_ERROR, "engine", "clock_failed", "case=c%lld kind=%s error=\"%s\"",
            (long long)p->case_id, err_info(r->err->code)->kind, r->err->message);
        scheduler_push(e->due, p->case_id, engine_now_ms(e) + DUE_AGAIN_MS);
    }
}

static void fire_case(struct engine *e, int64_t case_id)
{
    struct slot *slot = cache_peek(e, case_id);
    if (slot != NULL && slot->due_asked) {
        return;
    }
    e->due_in_flight++;
    submit_due(e, case_id, on_due);
    slot = cache_peek(e, case_id);
    if (slot != NULL) {
        slot->due_asked = true;
    }
}

static void on_refill(json_t *answer, const struct err *err, void *ctx)
{
    struct engine *e = ctx;
    e->refilling = false;
    size_t n = json_array_size(answer);
    if (answer == NULL) {
        log_event(LOG_ERROR, "engine", "due_window_failed", "error=\"%s\"", err->message);
        scheduler_forget(e->due);
        e->refill_after_ms = engine_now_ms(e) + REFILL_AGAIN_MS;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(answer, i);
        scheduler_push(e->due, json_number(row, "case", 0), json_number(row, "wake_ms", 0));
    }
    if (n == scheduler_window(e->due)) {
        scheduler_end_refill(e->due, json_number(json_array_get(answer, n - 1), "wake_ms", 0));
    }
}

/* Only when no due clock is on its way: else the page would name the same cases again. */
static void refill(struct engine *e)
{
    if (e->refilling || e->due_in_flight > 0 || !scheduler_wants_refill(e->due) ||
        engine_now_ms(e) < e->refill_after_ms) {
        return;
    }
    e->refilling = true;
    scheduler_begin_refill(e->due);
    json_t *args = json_object();
    json_put_number(args, "until_ms", INT64_MAX - 1);
    json_put_number(args, "limit", (int64_t)scheduler_window(e->due));
    store_ask(e->store, ASK_DUE, args, on_refill, e);
}

bool engine_run_due(struct engine *e)
{
    int64_t now_ms = engine_now_ms(e), case_id, wake_ms;
    if (e->read_only) {
        return false;
    }
    for (int i = 0; i < DUE_PER_TURN_MAX && e->due_in_flight < DUE_IN_FLIGHT_MAX &&
                    scheduler_take(e->due, now_ms, &case_id, &wake_ms);
         i++) {
        fire_case(e, case_id);
    }
    refill(e);
    return scheduler_next_ms(e->due) <= now_ms;
}

int64_t engine_next_ms(const struct engine *e)
{
    if (e->refilling || e->read_only || e->due_in_flight >= DUE_IN_FLIGHT_MAX) {
        return INT64_MAX; /* an answer of the store comes first */
    }
    if (scheduler_wants_refill(e->due)) {
        int64_t end_ms = scheduler_end_ms(e->due);
        return end_ms > e->refill_after_ms ? end_ms : e->refill_after_ms;
    }
    return scheduler_next_ms(e->due);
}

/* --- recomputation ---------------------------------------------------------------------------- */

struct recompute {
    struct engine *engine;
    int year;      /* of the calendar, or */
    json_t *terms; /* owned; [id] */
    json_t *changed;
    struct err err; /* a page could not be read: what is left was not computed */
    int64_t after_case;
    size_t pending; /* commands of this page still on their way */
    bool last_page;
    command_cb done;
    void *ctx;
};

static void next_page(struct recompute *r);

static void page_done(struct recompute *r)
{
    if (r->pending > 0) {
        return;
    }
    if (!r->last_page) {
        next_page(r);
        return;
    }
    json_t *result =
        json_pack("{s:i,s:O?,s:o}", "year", r->year, "terms", r->terms, "changed", r->changed);
    if (r->done != NULL) {
        const struct err *err = r->err.code == ERR_NONE ? NULL : &r->err;
        r->done(&(struct command_result){.result = result, .err = err}, r->ctx);
    }
    json_decref(result);
    json_decref(r->terms);
    err_clear(&r->err);
    mem_free(r);
}

static void on_recomputed(const struct command_result *result, void *ctx)
{
    struct recompute *r = ctx;
    if (result->err == NULL) {
        json_array_extend(r->changed, json_object_get(result->result, "changed"));
    } else if (result->err->code != ERR_STATE) {
        log_event(LOG_ERROR, "engine", "recompute_failed", "year=%d error=\"%s\"", r->year,
            result->err->message);
    }
    r->pending--;
    page_done(r);
}

static void on_page(json_t *answer, const struct err *err, void *ctx)
{
    struct recompute *r = ctx;
    size_t n = json_array_size(answer);
    r->engine->loading--;
    if (answer == NULL) {
        log_event(
            LOG_ERROR, "engine", "recompute_failed", "year=%d error=\"%s\"", r->year, err->message);
        r->err = *err;
        json_incref(r->err.data);
    }
    r->last_page = n < RECOMPUTE_PAGE;
    r->pending = n + 1; /* this function holds one itself, until all are submitted */
    for (size_t i = 0; i < n; i++) {
        r->after_case = json_integer_value(json_array_get(answer, i));
        json_t *args = r->terms != NULL ? json_pack("{s:O}", "terms", r->terms)
                                        : json_pack("{s:i}", "year", r->year);
        submit_own(r->engine, COMMAND_RECOMPUTE, r->after_case, args, on_recomputed, r);
    }
    r->pending--;
    page_done(r);
}

static void next_page(struct recompute *r)
{
    json_t *args = json_object();
    json_put_number(args, "after_case", r->after_case);
    json_put_number(args, "limit", RECOMPUTE_PAGE);
    r->engine->loading++;
    store_ask(r->engine->store, ASK_OPEN_CLOCKS, args, on_page, r);
}

static void recompute(struct engine *e, int year, json_t *terms, command_cb done, void *ctx)
{
    struct recompute *r = mem_alloc(sizeof *r);
    r->engine = e;
    r->year = year;
    r->terms = json_incref(terms);
    r->changed = json_array();
    r->done = done;
    r->ctx = ctx;
    next_page(r);
}

void engine_recompute(struct engine *e, int year, command_cb done, void *ctx)
{
    recompute(e, year, NULL, done, ctx);
}

void engine_recompute_terms(struct engine *e, json_t *terms, command_cb done, void *ctx)
{
    recompute(e, 0, terms, done, ctx);
}

/* --- recovery --------------------------------------------------------------------------------- */

static void on_probe(const struct store_result *result, void *ctx)
{
    struct engine *e = ctx;
    e->probing = false;
    if (result->status != STORE_DURABLE) {
        return;
    }
    json_t *meta = store_ask_now(e->store, ASK_META, json_object(), NULL);
    if (meta == NULL) {
        return;
    }
    counters_load(e, meta);
    json_decref(meta);
    scheduler_forget(e->due);
    engine_look_letters(e);
    e->read_only = false;
    err_clear(&e->read_only_why);
    log_event(LOG_WARNING, "engine", "writing_again", "%s", "");
}

void engine_try_recover(struct engine *e)
{
    if (e->read_only && !e->probing && e->in_flight == 0) {
        e->probing = true;
        store_probe(e->store, on_probe, e);
    }
}
