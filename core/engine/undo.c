/* engine/undo.c — see undo.h. */
#include "engine/undo.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/cache.h"
#include "engine/read.h"
#include "engine/words.h"

/* Why an event stays: words for the member "lasting" it carries. */
static const struct {
    const char *why, *words;
} lasting[] = {
    {"opened", N_("A registration cannot be undone; close the case with the reason instead")},
    {"letter", N_("It cannot be undone: another case has been told already")},
    {"document", N_("It cannot be undone: a document with a number was made")},
    {"revealed", N_("Who has seen something cannot undo it")},
    {"undone", N_("An undo is not undone; do it again instead")},
};

static bool stays(const struct casefile *c, struct err *err)
{
    for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; i++) {
        if (text_equal(lasting[i].why, c->lasting)) {
            err_set(err, ERR_STATE, "%s", _(lasting[i].words));
            return true;
        }
    }
    return false;
}

static bool acted_since(const struct engine *e, const struct casefile *c, struct err *err)
{
    char at[INSTANT_TEXT];
    const char *who =
        text_equal(c->last_actor, "system") ? _("the clock") : person_name(e, c->last_actor);
    err_set(err, ERR_STATE, _("It cannot be undone: the last one to act was %s, at %s"),
        who != NULL ? who : "—", instant_format(c->changed_ms, at));
    return err_hint(err, _("Only who did it can undo it, while nobody acted after"));
}

bool undo_open(const struct engine *e, const struct flow *flow, const struct casefile *c,
    const char *user, struct err *err)
{
    int64_t window_ms = flow == NULL ? 0 : flow->undo_ms;
    char at[INSTANT_TEXT];
    if (c->last_actor == NULL || !text_equal(c->last_actor, user)) {
        return acted_since(e, c, err);
    }
    if (stays(c, err)) {
        return false;
    }
    if (window_ms == 0) {
        return err_set(err, ERR_STATE, _("In this workflow nothing can be undone"));
    }
    if (engine_now_ms(e) - c->changed_ms > window_ms) {
        return err_set(err, ERR_STATE,
            _("It can no longer be undone: it was done at %s, and %lld minutes are over"),
            instant_format(c->changed_ms, at), (long long)(window_ms / MS_PER_MINUTE));
    }
    return true;
}

json_t *undo_page(
    const struct engine *e, const struct flow *flow, const struct casefile *c, const char *user)
{
    if (!undo_open(e, flow, c, user, NULL)) {
        return NULL;
    }
    int64_t until_ms = c->changed_ms + flow->undo_ms;
    char until[INSTANT_TEXT];
    return json_pack("{s:s, s:I}", "until", instant_format(until_ms, until), "seconds_left",
        (json_int_t)((until_ms - engine_now_ms(e)) / MS_PER_SECOND));
}

/* --- the history ------------------------------------------------------------------------------ */

bool undo_must_read(const struct pending *p, const struct slot *slot)
{
    const struct casefile *c = slot->kase;
    const struct flow *flow = engine_flow_version(p->engine, c->flow_version);
    return p->command.kind == COMMAND_UNDO &&
           undo_open(p->engine, flow, c, p->command.actor.user, NULL) &&
           (p->replay == NULL || slot->in_flight > 0 || p->replay_version != c->version);
}

static void on_replay(json_t *answer, const struct err *failure, void *ctx)
{
    struct pending *p = ctx;
    struct engine *e = p->engine;
    e->loading--;
    json_decref(p->replay);
    p->replay = json_incref(answer);
    if (answer == NULL) {
        p->replay_next(e, NULL, failure, p);
    } else {
        cache_get(e, p->case_id, p->replay_next, p);
    }
}

void undo_read(struct pending *p, struct slot *slot, slot_cb next)
{
    struct engine *e = p->engine;
    if (slot->in_flight > 0) { /* what is to be taken back must be on the disk first */
        read_later(slot, next, p);
        return;
    }
    p->replay_version = slot->kase->version;
    p->replay_next = next;
    e->loading++;
    store_ask(
        e->store, ASK_REPLAY, json_pack("{s:I}", "case", (json_int_t)slot->case_id), on_replay, p);
}
