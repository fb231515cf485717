/* engine/submit.c — see submit.h.
 *
 * The happy path: intake → the case is in memory → decide → the next state replaces the old one in
 * memory → the unit joins the open batch → engine_flush() hands it to the store → durable → answer.
 * Failure modes: refused (nothing happened; a repeated key is answered as the first time); replayed
 * (the store knows the key: the case is dropped from memory and the stored answer given); conflict
 * (another writer was faster: dropped, decided again); failed (nothing of the batch was written:
 * dropped, the engine goes read-only until a probe write succeeds). */
#include "engine/submit.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/apply.h"
#include "engine/cache.h"
#include "engine/counter.h"
#include "engine/courier.h"
#include "engine/decide.h"
#include "engine/pending.h"
#include "engine/read.h"
#include "engine/scheduler.h"
#include "engine/undo.h"
#include "engine/unit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void intake(struct pending *p);

/* --- refusal: a repeated key is answered as the first time ------------------------------------ */

static void on_key(json_t *answer, const struct err *failure, void *ctx)
{
    struct pending *p = ctx;
    p->engine->loading--;
    lang_use(p->lang);
    if (answer == NULL) { /* it may have been done already: a refusal would be a guess */
        err_clear(&p->err);
        p->err = *failure;
        json_incref(p->err.data);
    } else if (!json_is_null(answer)) {
        char hash[DIGEST_TEXT];
        digest_hex(&p->command.params_hash, hash);
        bool same = text_equal(json_text(answer, "params_hash"), hash) &&
                    text_equal(json_text(answer, "user"), p->user) &&
                    text_equal(json_text(answer, "method"), p->method);
        err_clear(&p->err);
        if (same) {
            p->stored = mem_strdup(json_text(answer, "response"));
            p->engine->stats.replayed++;
        } else {
            err_set(&p->err, ERR_KEY_REUSED, _("This key was used before with other content"));
            err_hint(&p->err, _("Make a new key for a new act"));
        }
    }
    pending_finish(p);
}

/* p->err says why. */
static void refuse(struct pending *p)
{
    p->engine->stats.refused++;
    if (p->key == NULL || p->command.dry_run) {
        pending_finish(p);
        return;
    }
    p->engine->loading++;
    store_ask(p->engine->store, ASK_KEY, json_pack("{s:s}", "key", p->key), on_key, p);
}

/* --- after the store -------------------------------------------------------------------------- */

static void go_read_only(struct engine *e, const struct err *why)
{
    if (!e->read_only) {
        log_event(LOG_ERROR, "engine", "read_only", "why=\"%s\"", why->message);
    }
    e->read_only = true;
    err_clear(&e->read_only_why);
    e->read_only_why = *why;
    e->read_only_why.data = NULL;
}

static void tell_listeners(struct engine *e, struct pending *p, int64_t seq)
{
    json_put_number(p->event, "seq", seq);
    for (size_t i = 0; i < e->listener_count; i++) {
        e->listeners[i].fn(p->event, e->listeners[i].ctx);
    }
    e->courier.wanted = e->courier.wanted || p->has_letters;
    for (size_t i = 0; p->has_effects && i < e->effect_fn_count; i++) {
        e->effect_fns[i].fn(e->effect_fns[i].ctx);
    }
}

static void durable(struct pending *p, struct slot *slot, int64_t seq)
{
    struct engine *e = p->engine;
    e->stats.accepted++;
    e->stats.clocks_fired += p->clocks_fired;
    if (p->behind_ms > e->stats.lateness_max_ms) {
        e->stats.lateness_max_ms = p->behind_ms;
    }
    if (slot->kase == NULL || slot->kase->version < p->version) {
        cache_drop(e, p->case_id); /* read from the disk just before this came to it */
    }
    scheduler_push(e->due, p->case_id, p->wake_ms);
    tell_listeners(e, p, seq);
    pending_finish(p);
}

static void in_conflict(struct pending *p)
{
    struct engine *e = p->engine;
    bool numbers = command_makes_case(p->command.kind) || p->command.kind == COMMAND_DOCUMENT;
    e->stats.conflicts++;
    json_decref(p->event);
    json_decref(p->result);
    mem_free(p->text);
    p->text = NULL;
    json_decref(p->replay);
    p->event = p->result = p->replay = NULL;
    if (numbers) {
        json_t *meta = store_ask_now(e->store, ASK_META, json_object(), NULL);
        if (meta != NULL) {
            counters_raise(e, meta);
            json_decref(meta);
        }
    }
    if (++p->conflicts <= CONFLICT_RETRIES_MAX) {
        intake(p);
        return;
    }
    err_set(&p->err, ERR_OVERLOADED, _("The case is being changed by others at the same time"));
    pending_finish(p);
}

/* The unit was left out or failed: what memory holds of the case is not believed any more. */
static void not_written(struct pending *p, const struct store_result *r)
{
    struct engine *e = p->engine;
    cache_drop(e, p->case_id);
    if (command_makes_case(p->command.kind)) {
        counter_give_back(e, json_text(p->event, "number"));
    }
    counter_give_back_document(e, json_object_get(p->event, "data"));
    switch (r->status) {
    case STORE_REPLAYED:
        e->stats.replayed++;
        p->stored = mem_strdup(r->response);
        pending_finish(p);
        break;
    case STORE_REUSED:
        err_set(&p->err, ERR_KEY_REUSED, _("This key was used before with other content"));
        err_hint(&p->err, _("Make a new key for a new act"));
        pending_finish(p);
        break;
    case STORE_CONFLICT:
        in_conflict(p);
        break;
    case STORE_FAILED:
    case STORE_DURABLE:
        e->stats.failed++;
        go_read_only(e, r->err);
        err_set(&p->err, ERR_READ_ONLY, _("Nothing was saved: %s"), r->err->message);
        err_hint(&p->err,
            _("The server accepts no changes until it can write again; send it once more then"));
        pending_finish(p);
        break;
    }
}

static void on_unit(const struct store_result *r, void *ctx)
{
    struct pending *p = ctx;
    struct engine *e = p->engine;
    struct slot *slot = cache_peek(e, p->case_id);
    assert(slot != NULL && slot->in_flight > 0);
    lang_use(p->lang);
    e->in_flight--;
    slot->in_flight--;
    if (r->status == STORE_DURABLE) {
        durable(p, slot, r->seq);
    } else {
        not_written(p, r);
    }
    if (slot->in_flight == 0) {
        read_wake(e, slot);
    }
}

/* --- decision --------------------------------------------------------------------------------- */

static void join_batch(struct engine *e, struct store_unit *u)
{
    if (e->batch_count == e->batch_cap) {
        e->batch_cap = e->batch_cap == 0 ? 64 : 2 * e->batch_cap;
        e->batch = mem_resize(e->batch, e->batch_cap * sizeof *e->batch);
    }
    e->batch[e->batch_count++] = u;
}

static void accept(struct decision *d, struct pending *p, struct slot *slot)
{
    struct engine *e = d->engine;
    struct casefile *next = d->kase;
    struct store_unit *u = unit_make(d, p);
    counter_take_document(e, d->event);
    d->kase = NULL;
    if (slot == NULL) {
        counter_take(e, next->number);
        slot = cache_add(e, next);
    } else {
        slot_replace(slot, next);
    }
    p->case_id = slot->case_id;
    p->version = u->kase->version;
    p->wake_ms = u->kase->wake_ms;
    p->has_effects = u->kase->effects != NULL;
    p->has_letters = d->letters;
    p->clocks_fired = d->clocks_fired;
    p->behind_ms = d->behind_ms;
    slot->in_flight++;
    e->in_flight++;
    u->done = on_unit;
    u->ctx = p;
    join_batch(e, u);
}

static void decide_pending(struct pending *p, struct slot *slot)
{
    struct decision d;
    decision_begin(&d, p->engine, slot == NULL ? NULL : slot->kase, &p->command.actor);
    d.replay = p->replay;
    if (!decide(&d, &p->command, &p->result, &p->err)) {
        if (slot != NULL && p->command.kind == COMMAND_DUE &&
            casefile_wake_ms(slot->kase) > d.now_ms) {
            scheduler_push(p->engine->due, slot->case_id, casefile_wake_ms(slot->kase));
        }
        refuse(p);
    } else if (p->command.dry_run) {
        json_object_set_new(p->result, "dry_run", json_true());
        pending_finish(p);
    } else {
        accept(&d, p, slot);
    }
    decision_end(&d);
}

static void on_slot(struct engine *e, struct slot *slot, const struct err *err, void *ctx)
{
    struct pending *p = ctx;
    (void)e;
    lang_use(p->lang);
    if (slot == NULL) {
        p->err = *err;
        json_incref(p->err.data);
        refuse(p);
    } else {
        p->case_id = slot->case_id;
        if (undo_must_read(p, slot)) {
            undo_read(p, slot, on_slot);
        } else {
            decide_pending(p, slot);
        }
    }
}

/* --- intake ----------------------------------------------------------------------------------- */

static bool admitted(struct pending *p)
{
    struct engine *e = p->engine;
    bool own = p->command.actor.kind == ACTOR_SYSTEM;
    if (e->read_only) {
        err_set(&p->err, ERR_READ_ONLY, _("The server accepts no changes at the moment: %s"),
            e->read_only_why.message);
        err_hint(&p->err, _("It tries by itself to go on; send it again a little later"));
        return false;
    }
    if (!own && e->in_flight >= UNITS_IN_FLIGHT_MAX) {
        err_set(&p->err, ERR_OVERLOADED, _("The server has more to write than it can; try again"));
        err_data(&p->err, "retry_after_ms", json_integer(500));
        return false;
    }
    return true;
}

static void intake(struct pending *p)
{
    struct engine *e = p->engine;
    if (pending_joins(p)) {
        return;
    }
    if (!admitted(p)) {
        refuse(p);
    } else if (command_makes_case(p->command.kind)) {
        decide_pending(p, NULL);
    } else if (p->case_id > 0) {
        cache_get(e, p->case_id, on_slot, p);
    } else {
        cache_find(e, p->number != NULL ? p->number : "", on_slot, p);
    }
}

void engine_submit(struct engine *e, const struct command *c, command_cb done, void *ctx)
{
    intake(pending_new(e, c, done, ctx));
}

void submit_due(struct engine *e, int64_t case_id, command_cb done)
{
    struct command c = {
        .kind = COMMAND_DUE,
        .case_id = case_id,
        .actor = {.kind = ACTOR_SYSTEM, .user = "system"},
    };
    struct pending *p = pending_new(e, &c, done, NULL);
    p->ctx = p;
    intake(p);
}

void submit_own(struct engine *e, enum command_kind kind, int64_t case_id, json_t *args,
    command_cb done, void *ctx)
{
    struct command c = {
        .kind = kind,
        .case_id = case_id,
        .actor = {.kind = ACTOR_SYSTEM, .user = "system"},
        .args = args,
    };
    engine_submit(e, &c, done, ctx);
    json_decref(args);
}

void submit_record(struct engine *e, struct store_unit *u)
{
    join_batch(e, u);
}

void engine_flush(struct engine *e)
{
    pending_deliver(e);
    courier_turn(e);
    if (e->batch_count > 0) {
        size_t n = e->batch_count;
        e->batch_count = 0;
        store_append(e->store, e->batch, n);
    }
    cache_trim(e);
}

void submit_abandon(struct engine *e)
{
    pending_abandon(e);
    for (size_t i = 0; i < e->batch_count; i++) {
        store_unit_free(e->batch[i]);
    }
    mem_free(e->batch);
}
