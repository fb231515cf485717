/* engine/decide_task.c — a body is asked something in a case, answers, gives the request back, or
 * it is taken back. Who may: asking and taking back are the host's, answering is for the people of
 * the body that was asked, and for nobody above it. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/hand_over.h"
#include "engine/links.h"
#include "engine/recusal.h"
#include "engine/roles.h"
#include "engine/task_rights.h"
#include "engine/tasks.h"
#include "engine/veil.h"
#include "engine/words.h"

enum { OPINION_CHARS_MAX = 100 };

/* --- what was said -------------------------------------------------------------------------- */

static bool within(const char *text, const char *field, const char *label, size_t most, bool needed,
    struct err *err)
{
    const char *problem = NULL;
    if (needed && (text == NULL || *text == '\0')) {
        problem = _("must be filled in");
        err_set(err, ERR_FORM, _("%s must be filled in"), label);
    } else if (text != NULL && utf8_length(text) > most) {
        problem = _("is too long");
        err_set(err, ERR_FORM, _("%s is longer than %zu characters"), label, most);
    } else {
        return true;
    }
    err_data(err, "field", json_string(field));
    return err_data(err, "fields",
        json_pack("[{s:s,s:s,s:s}]", "name", field, "label", label, "problem", problem));
}

bool task_text(const char *text, const char *field, const char *label, struct err *err)
{
    return within(text, field, label, NOTE_CHARS_MAX, true, err);
}

static bool reason_given(const char *reason, struct err *err)
{
    return task_text(reason, "reason", _("reason"), err);
}

static bool bad(const char *field, struct err *err)
{
    return err_data(err, "field", json_string(field));
}

/* --- asking --------------------------------------------------------------------------------- */

/* What may be asked in this state, nearest first when the name was mistyped. */
static bool not_offered(
    const struct decision *d, const struct flow_state *state, const char *name, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    const char *names[64];
    struct buf titles = {0};
    size_t n = 0;
    for (char **t = state->adhoc; t != NULL && *t != NULL && n + 2 <= 64; t++) {
        const struct flow_task *task = flow_task(flow, *t);
        names[n++] = *t;
        names[n++] = task->title;
        buf_addf(&titles, "%s%s", titles.len > 0 ? "、" : "", task->title);
    }
    const struct flow_task *known = flow_task(flow, name);
    const char *near = text_nearest(name, names, n);
    err_set(err, known != NULL ? ERR_STATE : ERR_PARAMS,
        _("\"%s\" cannot be asked while the case is \"%s\""), known != NULL ? known->title : name,
        state->title);
    if (near != NULL && known == NULL) {
        err_data(err, "did_you_mean", json_string(near));
        err_hint(err, _("Did you mean %s?"), near);
    } else if (titles.len > 0) {
        err_hint(err, _("Here one can ask: %s"), buf_text(&titles));
    }
    buf_close(&titles);
    return bad("task", err);
}

static const struct flow_task *task_offered(
    const struct decision *d, const char *name, struct err *err)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    const struct flow_task *task = NULL;
    if (text_equal(name, "joint") ||
        (state->joint != NULL && text_equal(state->joint->title, name))) {
        task = state->joint;
    } else if (name != NULL) {
        task = flow_task(d->entry->flow, name);
        task = task != NULL && name_in(state->adhoc, task->name) ? task : NULL;
    }
    if (task == NULL) {
        not_offered(d, state, name != NULL ? name : "", err);
    }
    return task;
}

struct here {
    const char *body;
    bool found;
};

static void is_here(const struct member *m, void *ctx)
{
    struct here *here = ctx;
    here->found = here->found || text_equal(m->body->id, here->body);
}

static bool works_at(const struct decision *d, const char *user, const char *body)
{
    struct here here = {body, false};
    org_members_of(d->engine->org, user, decision_desk_day(d), is_here, &here);
    return here.found;
}

/* The body the flow names; else the one given; else, for a named person, the host. */
static const struct body *pick_body(const struct decision *d, const struct flow_task *task,
    bool joint, const json_t *args, struct err *err)
{
    const struct org *org = d->engine->org;
    const char *named = json_text(args, "body");
    const struct body *given = named == NULL ? NULL : org_body_find(org, named, err);
    const struct body *fixed = !joint && task->to_count > 0 ? task_body(d, &task->to[0]) : NULL;
    if (named != NULL && given == NULL) {
        bad("body", err);
        return NULL;
    }
    if (given != NULL && !body_in_force(given, decision_desk_day(d))) {
        err_set(err, ERR_PARAMS, _("%s no longer exists"), given->name);
        bad("body", err);
        return NULL;
    }
    if (fixed != NULL && given != NULL && fixed != given) {
        err_set(err, ERR_FORM, _("\"%s\" is asked of %s"), task->title, fixed->name);
        bad("body", err);
        return NULL;
    }
    if (fixed != NULL || given != NULL) {
        return fixed != NULL ? fixed : given;
    }
    if (json_text(args, "user") != NULL && !joint) {
        return org_body(org, d->kase->host);
    }
    err_set(err, ERR_FORM, _("Name the body that is asked"));
    bad("body", err);
    return NULL;
}

/* Asked twice at once helps nobody; the host asks itself only through one of its people. */
static bool may_be_asked(const struct decision *d, const struct task_ask *ask, struct err *err)
{
    if (ask->user != NULL && !works_at(d, ask->user, ask->body->id)) {
        err_set(err, ERR_PARAMS, _("%s does not work at %s"), ask->user, ask->body->name);
        return bad("user", err);
    }
    if (ask->user != NULL && !recusal_allows(d->engine, d->kase, ask->user, err)) {
        return bad("user", err);
    }
    if (ask->user == NULL && text_equal(ask->body->id, d->kase->host) &&
        !text_equal(ask->kind, "sub")) {
        err_set(
            err, ERR_FORM, _("%s has the case itself: name one of its people"), ask->body->name);
        return bad("user", err);
    }
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (task_is_open(task) && text_equal(json_text(task, "name"), ask->name) &&
            text_equal(json_text(task, "body"), ask->body->id) &&
            text_equal(json_text(task, "user"), ask->user)) {
            err_set(err, ERR_STATE, _("%s was asked that already and has not answered yet"),
                ask->body->name);
            return err_data(err, "task", json_string(json_text(task, "id")));
        }
    }
    return true;
}

static bool pick_limit(
    const struct decision *d, const json_t *args, struct task_ask *ask, struct err *err)
{
    const char *text = json_text(args, "limit");
    if (text == NULL) {
        return true;
    }
    ask->term = NULL; /* whoever asks says until when */
    struct err ignored = {0};
    if (date_parse(text, &ask->by)) {
        ask->has_by = true;
        if (date_compare(ask->by, decision_desk_day(d)) < 0) {
            err_set(err, ERR_FORM, _("The limit lies in the past: %s"), text);
            return bad("limit", err);
        }
    } else if (!span_parse(text, &ask->limit, &ignored) || ask->limit.n == 0) {
        err_clear(&ignored);
        err_set(err, ERR_FORM, _("\"%s\" is no limit"), text);
        err_hint(err, _("Write it like \"5 workdays\" or 2026-11-30"));
        return bad("limit", err);
    }
    return true;
}

/* Where the body in charge gave the request back, the next one asked takes its place. */
static bool leads(const struct decision *d, const struct flow_task *task)
{
    struct join j = join_of(d);
    if (!task->has_lead || j.lead_answered) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *other = json_array_get(d->kase->tasks, i);
        if (task_in_round(d->kase, other) && json_flag(other, "lead") && task_is_open(other)) {
            return false;
        }
    }
    return true;
}

/* Where the sub-case is opened: a body that handles its workflow. */
static const struct body *sub_case_body(const struct decision *d, const struct flow_task *task,
    const struct flow **flow_out, struct err *err)
{
    const struct flow_entry *entry = engine_entry_current(d->engine, task->opens->flow);
    if (entry == NULL || flow_arrival(entry->flow) == NULL) {
        err_set(err, ERR_STATE,
            _("\"%s\" opens a case of the workflow \"%s\", which is not in "
              "force here"),
            task->title, task->opens->flow);
        err_hint(err, _("An administrator has to deploy it"));
        return NULL;
    }
    *flow_out = entry->flow;
    return target_hosting(d, &task->opens->to, entry->flow, false, err);
}

bool decide_task_ask(struct decision *d, const struct command *c, struct err *err)
{
    const char *text = json_text(c->args, "text");
    const struct flow_task *task = task_offered(d, json_text(c->args, "task"), err);
    if (task == NULL || !task_may_ask(d, task->by, task->title, err) ||
        !within(text, "text", _("text"), NOTE_CHARS_MAX, false, err)) {
        return false;
    }
    bool joint = text_equal(task->name, "joint");
    struct task_ask ask = {
        .kind = joint ? "joint" : "adhoc",
        .name = task->name,
        .title = task->title,
        .user = json_text(c->args, "user"),
        .text = text,
        .lead = joint ? leads(d, task) : task->leads,
        .stays = task->stays,
        .term = task_term(d, task),
        .limit = task->clock.limit,
    };
    const struct flow *opens = NULL;
    if (task->opens != NULL) {
        ask.kind = "sub";
        ask.body = sub_case_body(d, task, &opens, err);
    } else {
        ask.body = pick_body(d, task, joint, c->args, err);
    }
    if (ask.body == NULL || !pick_limit(d, c->args, &ask, err) || !may_be_asked(d, &ask, err)) {
        return false;
    }
    if (text != NULL) {
        buf_addf(&d->search, "%s\n", text);
    }
    if (opens != NULL) {
        ask.link = linked_case_open(d, &(struct linked_case){.kind = "sub",
                                           .flow = opens,
                                           .body = ask.body,
                                           .carry = task->opens->carry,
                                           .carry_count = task->opens->carry_count,
                                           .sealed = link_sealed(d->kase),
                                           .reason = text});
    }
    return task_ask(d, &ask, err);
}

/* --- answering ------------------------------------------------------------------------------ */

/* The open task of that id; whoever comes second is told who was first. */
static const json_t *open_task(const struct decision *d, const json_t *args, struct err *err)
{
    const char *id = json_text(args, "id");
    const json_t *task = task_find(d->kase, id);
    if (task == NULL) {
        err_set(err, ERR_PARAMS, _("Case %s has no task \"%s\""), d->kase->number,
            id != NULL ? id : "");
        bad("id", err);
        return NULL;
    }
    if (task_is_open(task)) {
        return task;
    }
    const char *state = json_text(task, "state"), *by = json_text(task, "answered_by");
    if (text_equal(state, "answered")) {
        err_set(err, ERR_STATE, _("\"%s\" was answered already, by %s"), json_text(task, "title"),
            person_name(d->engine, by));
    } else {
        err_set(err, ERR_STATE,
            text_equal(state, "returned") ? _("\"%s\" was given back already")
                                          : _("\"%s\" was taken back already"),
            json_text(task, "title"));
        err_hint(err, "%s", json_text(task, "reason"));
    }
    err_data(err, "current_version", json_integer(d->kase->version));
    return NULL;
}

static void tell_asker(struct decision *d, const json_t *task, const char *event, const char *said)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    const char *from = json_text(task, "from");
    char *shown = veil_text(said);
    char *words =
        mem_printf("%s（%s）：%s", json_text(task, "title"), json_text(task, "body_name"), shown);
    mem_free(shown);
    if (from != NULL) {
        task_notify(d, task, from, event, words);
    } else {
        decision_notify(d, state->work, event, words);
    }
    mem_free(words);
}

bool decide_task_answer(struct decision *d, const struct command *c, struct err *err)
{
    const char *text = json_text(c->args, "text"), *opinion = json_text(c->args, "opinion");
    const json_t *task = open_task(d, c->args, err);
    if (task == NULL || !task_may_answer(d, task, err) ||
        !task_text(text, "text", _("answer"), err) ||
        !within(opinion, "opinion", _("opinion"), OPINION_CHARS_MAX, false, err)) {
        return false;
    }
    json_t *held = json_incref((json_t *)(uintptr_t)task); /* its place in the list is replaced */
    json_t *more = json_pack("{s:s,s:s}", "answer", text, "answered_by", d->actor->user);
    json_put_text(more, "opinion", opinion);
    json_put_text(d->event, "task", json_text(held, "id"));
    buf_addf(&d->search, "%s\n", text);
    task_end(d, held, "answered", more);
    tell_asker(d, held, "answered", opinion != NULL ? opinion : text);
    json_decref(held);
    return true;
}

bool decide_task_return(struct decision *d, const struct command *c, struct err *err)
{
    const char *reason = json_text(c->args, "reason");
    const json_t *task = open_task(d, c->args, err);
    if (task == NULL || !task_may_answer(d, task, err) || !reason_given(reason, err)) {
        return false;
    }
    if (task_is(task, "urge")) {
        err_set(err, ERR_STATE, _("Supervision cannot be given back: answer it"));
        return err_hint(err, _("Say in the answer what was done and what stands in the way"));
    }
    json_t *held = json_incref((json_t *)(uintptr_t)task);
    json_put_text(d->event, "task", json_text(held, "id"));
    json_put_text(d->event, "reason", reason);
    task_end(d, held, "returned",
        json_pack("{s:s,s:s}", "reason", reason, "answered_by", d->actor->user));
    tell_asker(d, held, "answered", reason);
    json_decref(held);
    return true;
}

bool decide_task_cancel(struct decision *d, const struct command *c, struct err *err)
{
    const char *reason = json_text(c->args, "reason");
    const json_t *task = open_task(d, c->args, err);
    if (task == NULL || !task_may_cancel(d, task, err) || !reason_given(reason, err)) {
        return false;
    }
    json_t *held = json_incref((json_t *)(uintptr_t)task);
    json_put_text(d->event, "task", json_text(held, "id"));
    json_put_text(d->event, "reason", reason);
    task_end(d, held, "cancelled",
        json_pack("{s:s,s:s}", "reason", reason, "cancelled_by", d->actor->user));
    task_notify(d, held, json_text(held, "body"), "told", reason);
    json_decref(held);
    return true;
}
