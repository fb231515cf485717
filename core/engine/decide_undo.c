/* engine/decide_undo.c — a person takes back what they did just now.
 *
 * Nothing is erased: the undo is an event of its own. It carries the case as it was before the
 * undone event ({"op":"restore","snapshot","fields"}), found by replaying the history up to there,
 * so that applying it needs nothing else. What the undone event asked for and nobody has delivered
 * yet is withdrawn in the same transaction; who was told already is told of the undo. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/apply.h"
#include "engine/tasks.h"
#include "engine/undo.h"

enum { REASON_CHARS_MAX = 2000 };

/* --- effects of the undone event -------------------------------------------------------------- */

static void tell_again(struct decision *d, const json_t *effect)
{
    json_t *data = json_copy(json_object_get(effect, "data"));
    json_put_text(data, "event", "undone");
    json_put_text(data, "words", _("what you were told of was undone"));
    decision_effect(d, "notify", data);
}

/* A notice that arrived is followed by another one; anything else that left cannot be called back.
 */
static bool recall_effects(struct decision *d, struct err *err)
{
    const json_t *effects = json_object_get(d->replay, "effects");
    d->withdraw = json_array();
    for (size_t i = 0; i < json_array_size(effects); i++) {
        const json_t *effect = json_array_get(effects, i);
        bool notice = text_equal(json_text(effect, "kind"), "notify");
        bool gone = text_equal(json_text(effect, "status"), "done");
        if (gone && notice) {
            tell_again(d, effect);
        } else if (gone) {
            err_set(err, ERR_STATE, _("It cannot be undone: \"%s\" has been delivered already"),
                json_text(effect, "kind"));
            return err_data(err, "effect", json_incref(json_object_get(effect, "id")));
        } else if (!text_equal(json_text(effect, "status"), "withdrawn")) {
            json_array_append(d->withdraw, json_object_get(effect, "id"));
        }
    }
    return true;
}

/* --- the case before ----------------------------------------------------------------------------
 */

/* The case as it was before its last event; NULL when the history is not whole. */
static struct casefile *before_last(const struct decision *d)
{
    const json_t *events = json_object_get(d->replay, "events");
    static const struct digest none;
    if ((int64_t)json_array_size(events) != d->kase->version) {
        return NULL;
    }
    struct casefile *c = casefile_new();
    for (int64_t v = 1; v < d->kase->version; v++) {
        const json_t *data = json_object_get(json_array_get(events, (size_t)v - 1), "data");
        apply_event(c, data, v, none);
    }
    return c;
}

static void name_undone(struct decision *d, const json_t *undone)
{
    const json_t *data = json_object_get(undone, "data");
    json_put_number(d->event, "undoes", json_number(undone, "version", 0));
    json_put_text(d->event, "undoes_type", json_text(undone, "type"));
    json_put_text(d->event, "undoes_action", json_text(data, "action"));
}

/* Requests the undone event made stay in the list as taken back: a late answer to "t1" must not
 * meet another request that was given its number. */
static void keep_ids(struct decision *d, const json_t *asked)
{
    for (size_t i = 0; i < json_array_size(asked); i++) {
        const json_t *task = json_array_get(asked, i);
        if (task_find(d->kase, json_text(task, "id")) != NULL) {
            continue;
        }
        json_t *item = json_copy((json_t *)(uintptr_t)task);
        char *reason = task_words_zh(N_("what you were told of was undone"), NULL);
        json_put_text(item, "state", "cancelled");
        json_put_text(item, "reason", reason);
        json_put_number(item, "ended_ms", d->at_ms);
        json_object_set_new(item, "past", json_true());
        json_object_set_new(item, "undone", json_true());
        decision_put(d, "tasks", item);
        mem_free(reason);
    }
}

static bool restore(struct decision *d, const json_t *undone, struct err *err)
{
    struct casefile *before = before_last(d);
    if (before == NULL || before->state == NULL) {
        casefile_free(before);
        return err_set(err, ERR_INTERNAL, _("The history of the case is not whole"));
    }
    json_t *change = change_new("restore");
    json_put_number(change, "undone_ms", json_number(undone, "at_ms", 0));
    json_object_set_new(change, "snapshot", casefile_snapshot(before));
    json_object_set(change, "fields", before->fields);
    casefile_free(before);
    json_t *asked = json_incref(d->kase->tasks);
    decision_change(d, change);
    keep_ids(d, asked);
    json_decref(asked);
    d->fields_changed = d->tasks_changed = true; /* the store keeps these apart */
    return true;
}

bool decide_undo(struct decision *d, const struct command *c, struct err *err)
{
    const char *reason = json_text(c->args, "reason");
    if (!undo_open(d->engine, d->entry->flow, d->kase, d->actor->user, err)) {
        return false;
    }
    if (reason != NULL && utf8_length(reason) > REASON_CHARS_MAX) {
        err_set(err, ERR_FORM, _("%s is longer than %d characters"), "reason", REASON_CHARS_MAX);
        return err_data(err, "field", json_string("reason"));
    }
    const json_t *events = json_object_get(d->replay, "events");
    const json_t *undone = json_array_get(events, json_array_size(events) - 1);
    name_undone(d, undone);
    json_put_text(d->event, "reason", reason);
    return recall_effects(d, err) && restore(d, undone, err);
}
