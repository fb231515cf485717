/* engine/joint.c — what a state asks by itself, when it is all answered, and what is left open when
 * the case goes on. See tasks.h.
 *
 * A stay in a state is one round: leaving it marks its joint tasks as past, so that coming back
 * asks everybody again and the answers of before do not count. */
#include "engine/tasks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/case_view.h"
#include "engine/words.h"

enum { NAMES_SHOWN_MAX = 6 }; /* of those who have not answered; more are not read */

/* --- leaving -------------------------------------------------------------------------------- */

bool task_in_round(const struct casefile *c, const json_t *task)
{
    return task_is(task, "joint") && !json_flag(task, "past") &&
           text_equal(json_text(task, "in"), c->state);
}

static void cancel(struct decision *d, const json_t *task, char *reason, bool past)
{
    json_t *more = json_pack("{s:s}", "reason", reason);
    if (past) {
        json_object_set_new(more, "past", json_true());
    }
    task_end(d, task, "cancelled", more);
}

/* An answered one only stops counting. */
static void make_past(struct decision *d, const json_t *task)
{
    json_t *item = json_copy((json_t *)(uintptr_t)task);
    json_object_set_new(item, "past", json_true());
    decision_put(d, "tasks", item);
}

/* Does the state the case is in keep asking for it? Supervision ends with the case only. */
static bool still_asked(const struct decision *d, const json_t *task)
{
    const struct flow_state *now = flow_state(d->entry->flow, d->kase->state);
    if (now->final || task_is(task, "joint")) {
        return false;
    }
    bool added = task_is(task, "adhoc") || task_is(task, "sub");
    return !added || json_flag(task, "stays") || name_in(now->adhoc, json_text(task, "name"));
}

void tasks_after_leaving(struct decision *d, const char *from)
{
    json_t *before = json_incref(d->kase->tasks); /* every change makes a new list */
    const struct flow_state *now = flow_state(d->entry->flow, d->kase->state);
    char *reason = task_words_zh(N_("the case went on: %s"), now->title);
    for (size_t i = 0; from != NULL && i < json_array_size(before); i++) {
        const json_t *task = json_array_get(before, i);
        bool joint = task_is(task, "joint") && !json_flag(task, "past");
        if (task_is_open(task) && !still_asked(d, task)) {
            cancel(d, task, reason, joint);
        } else if (joint) {
            make_past(d, task);
        }
    }
    mem_free(reason);
    json_decref(before);
}

void tasks_after_host(struct decision *d, const char *former)
{
    json_t *before = json_incref(d->kase->tasks);
    const char *host = d->kase->host;
    char *reason = task_words_zh(N_("the case was given to %s"), body_name(d->engine, host));
    for (size_t i = 0; i < json_array_size(before); i++) {
        const json_t *task = json_array_get(before, i);
        const char *body = json_text(task, "body");
        bool urged = task_is(task, "urge") && text_equal(body, former);
        bool own = task_is(task, "joint") && text_equal(body, host);
        if (task_is_open(task) && (urged || own)) {
            cancel(d, task, reason, false);
        }
    }
    mem_free(reason);
    json_decref(before);
}

/* --- entering ------------------------------------------------------------------------------- */

/* Is there joint handling this time? A refusal of the guard: nobody need be asked. */
static bool applies(
    struct decision *d, const struct flow_task *joint, bool *applies_out, struct err *err)
{
    *applies_out = true;
    return joint->guard == NULL || case_fits(d, joint->guard, applies_out, err);
}

static bool asked_already(const struct decision *d, const struct body *body)
{
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (task_in_round(d->kase, task) && text_equal(json_text(task, "body"), body->id)) {
            return true;
        }
    }
    return false;
}

/* A target that leads to no body asks nobody; the history says so, since somebody may have to be
 * asked by hand. */
static void ask_nobody(struct decision *d, const char *title, const struct flow_target *to)
{
    json_t *change = change_new("task.nobody");
    json_put_text(change, "title", title);
    json_put_text(change, "wanted", to->name != NULL ? to->name : target_kind_name(to->kind));
    decision_change(d, change);
}

/* A field that names nobody is no wish to ask. */
static bool ask_one(struct decision *d, const struct flow_task *joint, const struct flow_target *to,
    bool lead, struct err *err)
{
    const struct body *body = task_body(d, to);
    if (body == NULL && to->kind != TO_FIELD) {
        ask_nobody(d, joint->title, to);
    }
    if (body == NULL || text_equal(body->id, d->kase->host) || asked_already(d, body)) {
        return true;
    }
    return task_ask(d,
        &(struct task_ask){.kind = "joint",
            .name = "joint",
            .title = joint->title,
            .body = body,
            .lead = lead,
            .term = task_term(d, joint),
            .limit = joint->clock.limit},
        err);
}

bool tasks_after_entering(struct decision *d, struct err *err)
{
    const struct flow_task *joint = flow_state(d->entry->flow, d->kase->state)->joint;
    bool now;
    if (joint == NULL) {
        return true;
    }
    if (!applies(d, joint, &now, err)) {
        return false;
    }
    bool ok = !now || !joint->has_lead || ask_one(d, joint, &joint->lead, true, err);
    for (size_t i = 0; ok && now && i < joint->to_count; i++) {
        ok = ask_one(d, joint, &joint->to[i], false, err);
    }
    return ok;
}

static bool asked_before(const struct decision *d, const char *name)
{
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (text_equal(json_text(task, "name"), name) && !json_flag(task, "undone")) {
            return true;
        }
    }
    return false;
}

bool task_ask_by_itself(
    struct decision *d, const struct flow_task *task, const char *why, struct err *err)
{
    if (task == NULL || task->to_count == 0 || d->kase->closed_ms != 0 ||
        asked_before(d, task->name)) {
        return true;
    }
    const struct body *body = task_body(d, &task->to[0]);
    if (body == NULL) {
        if (!text_equal(d->type, "advanced")) { /* said once, not again with every act */
            ask_nobody(d, task->title, &task->to[0]);
        }
        return true;
    }
    return text_equal(body->id, d->kase->host) || task_ask(d,
                                                      &(struct task_ask){.kind = "adhoc",
                                                          .name = task->name,
                                                          .title = task->title,
                                                          .body = body,
                                                          .text = why,
                                                          .lead = task->leads,
                                                          .stays = task->stays,
                                                          .term = task_term(d, task),
                                                          .limit = task->clock.limit},
                                                      err);
}

/* --- joining -------------------------------------------------------------------------------- */

static void count(struct join *j, const json_t *task)
{
    bool lead = json_flag(task, "lead"), open = task_is_open(task);
    bool answered = text_equal(json_text(task, "state"), "answered");
    j->asked += !text_equal(json_text(task, "state"), "cancelled");
    j->open += open;
    j->answered += answered;
    j->lead_asked = j->lead_asked || lead;
    j->lead_answered = j->lead_answered || (lead && answered);
}

/* All: nobody still owes an answer (whoever gave the request back has told why). Where no lead
 * could be found the rest decide; a quorum cannot want more answers than bodies were found. */
static bool done(const struct join *j)
{
    switch (j->rule->done) {
    case JOIN_LEAD:
        return j->lead_asked ? j->lead_answered : j->open == 0;
    case JOIN_QUORUM:
        return j->answered >= (size_t)j->rule->quorum || j->answered == j->asked;
    case JOIN_ALL:
        break;
    }
    return j->open == 0;
}

struct join join_count(const struct flow_task *rule, const struct casefile *c)
{
    struct join j = {.rule = rule};
    for (size_t i = 0; rule != NULL && i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        if (task_in_round(c, task)) {
            count(&j, task);
        }
    }
    j.done = rule != NULL && done(&j);
    return j;
}

struct join join_of(const struct decision *d)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    return join_count(state == NULL ? NULL : state->joint, d->kase);
}

/* --- what an action needs ------------------------------------------------------------------- */

/* Those whose answer is awaited: of joint handling by its rule, of a task all. */
static json_t *missing(const struct decision *d, const char *need, const struct join *j)
{
    json_t *list = json_array();
    bool joint = text_equal(need, "joint");
    bool lead_only = joint && j->rule->done == JOIN_LEAD && j->lead_asked;
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        json_t *task = json_array_get(d->kase->tasks, i);
        bool of_it = joint ? task_in_round(d->kase, task)
                           : !task_is(task, "joint") && text_equal(json_text(task, "name"), need);
        if (of_it && task_is_open(task) && (!lead_only || json_flag(task, "lead"))) {
            json_array_append(list, task);
        }
    }
    return list;
}

static char *names_of(const json_t *tasks)
{
    struct buf names = {0};
    for (size_t i = 0; i < json_array_size(tasks) && i < NAMES_SHOWN_MAX; i++) {
        buf_addf(
            &names, "%s%s", i > 0 ? "、" : "", json_text(json_array_get(tasks, i), "body_name"));
    }
    return buf_take(&names);
}

static bool refuse(struct decision *d, const struct flow_action *action, const char *title,
    json_t *owing, struct err *err)
{
    char *names = json_array_size(owing) > 0 ? names_of(owing) : NULL;
    if (names != NULL) {
        err_set(err, ERR_GUARD, _("\"%s\" waits for \"%s\" of: %s"), action->title, title, names);
        err_hint(err, _("Urge them, or take the request back with a reason"));
    } else {
        err_set(err, ERR_GUARD, _("\"%s\" needs an answer to \"%s\" first"), action->title, title);
        err_hint(err, _("Ask a body for it in the state \"%s\""),
            flow_state(d->entry->flow, d->kase->state)->title);
    }
    mem_free(names);
    json_t *who = json_array();
    for (size_t i = 0; i < json_array_size(owing); i++) {
        const json_t *task = json_array_get(owing, i);
        json_array_append_new(
            who, json_pack("{s:s,s:s,s:s}", "task", json_text(task, "id"), "body",
                     json_text(task, "body"), "body_name", json_text(task, "body_name")));
    }
    return err_data(err, "missing", who);
}

static bool answered_once(const struct decision *d, const char *name)
{
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (text_equal(json_text(task, "name"), name) &&
            text_equal(json_text(task, "state"), "answered")) {
            return true;
        }
    }
    return false;
}

static bool need_met(
    struct decision *d, const struct flow_action *action, const char *need, struct err *err)
{
    struct join j = join_of(d);
    bool joint = text_equal(need, "joint");
    const struct flow_task *task = joint ? j.rule : flow_task(d->entry->flow, need);
    if (task == NULL || (joint && j.done)) {
        return true;
    }
    json_t *owing = missing(d, need, &j);
    bool met = !joint && json_array_size(owing) == 0 && answered_once(d, need);
    if (!met) {
        refuse(d, action, task->title, owing, err);
    }
    json_decref(owing);
    return met;
}

bool tasks_needs_met(struct decision *d, const struct flow_action *action, struct err *err)
{
    for (char **need = action->needs; need != NULL && *need != NULL; need++) {
        if (!need_met(d, action, *need, err)) {
            return false;
        }
    }
    return true;
}
