/* engine/call_off.c — a sub-case that is not asked for any more: told by letter, so that whatever
 * dies in between it is told once. It ends where its flow says (a state of `called_off`), provided
 * that one may go there from where it stands: what was agreed or decided meanwhile is not undone
 * from outside. Else it goes on, both sides know it, and its people are told. */
#include "engine/links.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/tasks.h"

/* --- whoever asked ---------------------------------------------------------------------------- */

static bool is_over(const json_t *link)
{
    const char *status = json_text(link, "status");
    return text_equal(status, "closed") || text_equal(status, "returned");
}

void link_call_off_known(struct decision *d, const json_t *link)
{
    const char *reason = json_text(link, "called_off");
    if (reason == NULL || link_case(link) == 0 || is_over(link)) {
        return;
    }
    json_t *letter = letter_new(d, "called_off", link);
    json_put_text(letter, "reason", reason);
    letter_send(d, letter);
}

void link_call_off(struct decision *d, const char *id, const char *reason)
{
    const json_t *link = id == NULL ? NULL : link_find(d->kase, id);
    if (link == NULL || is_over(link) || json_text(link, "called_off") != NULL) {
        return;
    }
    json_t *item = json_copy((json_t *)(uintptr_t)link);
    json_put_text(item, "called_off", reason != NULL ? reason : "");
    json_incref(item);
    link_put(d, item, "called_off");
    link_call_off_known(d, item);
    json_decref(item);
}

/* --- the sub-case ----------------------------------------------------------------------------- */

/* Where it ends; NULL: from here it does not. */
static const struct flow_state *way_out(const struct decision *d)
{
    const struct flow *flow = d->entry->flow;
    const struct flow_state *end = flow_called_off(flow), *now = flow_state(flow, d->kase->state);
    bool open = end != NULL && now != NULL && now->arrival;
    for (size_t i = 0; end != NULL && !open && i < flow->action_count; i++) {
        const struct flow_action *a = &flow->actions[i];
        open = text_equal(a->to, end->name) && name_in(a->from, d->kase->state);
    }
    return open ? end : NULL;
}

bool link_called_off(
    struct decision *d, json_t *link, const char *reason, bool plain, struct err *err)
{
    const struct flow_state *now = flow_state(d->entry->flow, d->kase->state);
    const struct flow_state *end = plain ? NULL : way_out(d);
    json_put_text(link, "called_off", reason != NULL ? reason : "");
    decision_notify(d, now == NULL ? NULL : now->work, "told", reason);
    if (end != NULL) {
        return decision_enter(d, end->name, err);
    }
    json_object_set_new(link, "kept_on", json_true());
    json_t *letter = letter_new(d, "kept_on", link);
    letter_send(d, letter);
    return true;
}
