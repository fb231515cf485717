/* engine/tasks.c — see tasks.h. One task: asked, ended, late. */
#include "engine/tasks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/clock_change.h"
#include "engine/colours.h"
#include "engine/links.h"
#include "engine/recusal.h"
#include "engine/roles.h"
#include "engine/veil.h"
#include "engine/words.h"

#include <stdio.h>
#include <string.h>

enum {
    CASE_TASKS_MAX = 200, /* ended ones too; a desk that asks more than that hides its case */
    CLOCK_NAME = 32,
};

static const char clock_prefix[] = "task:";

/* What holds for a task whose flow says nothing of its limit: warned a working day before, and late
 * after it. */
static struct flow_step plain_steps[] = {
    {.when = STEP_LEFT, .span = {1, UNIT_WORKDAY}, .name = (char *)"warn:1wd"},
    {.when = STEP_LATE, .name = (char *)"late"},
};
static const struct flow_clock plain_rule = {
    .name = (char *)"task",
    .title = (char *)"task",
    .kind = DUE_TARGET,
    .roll = ROLL_NEXT,
    .level = -1,
    .steps = plain_steps,
    .step_count = sizeof plain_steps / sizeof plain_steps[0],
};

/* --- items ---------------------------------------------------------------------------------- */

const json_t *task_find(const struct casefile *c, const char *id)
{
    for (size_t i = 0; id != NULL && i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        if (text_equal(json_text(task, "id"), id)) {
            return task;
        }
    }
    return NULL;
}

bool task_is_open(const json_t *task)
{
    return json_number(task, "ended_ms", 0) == 0;
}

bool task_is(const json_t *task, const char *kind)
{
    return text_equal(json_text(task, "kind"), kind);
}

static const char *clock_name(const json_t *task, char name[CLOCK_NAME])
{
    snprintf(name, CLOCK_NAME, "%s%s", clock_prefix, json_text(task, "id"));
    return name;
}

const struct case_clock *task_clock(const struct casefile *c, const json_t *task)
{
    char name[CLOCK_NAME];
    return casefile_clock(c, clock_name(task, name));
}

/* Puts the item, saying what happened so that a history can tell it. Takes the item. */
static void put(struct decision *d, json_t *item, const char *what)
{
    json_t *change = change_new("put");
    json_put_text(change, "list", "tasks");
    json_put_text(change, "what", what);
    json_object_set_new(change, "item", item);
    d->tasks_changed = true;
    decision_change(d, change);
}

char *task_words_zh(const char *msgid, const char *argument)
{
    enum lang asked = lang_current();
    lang_use(LANG_ZH); /* the history is kept in the language of the law */
    char *words = mem_strdup(_(msgid));
    lang_use(asked);
    char *place = strstr(words, "%s");
    if (place == NULL || argument == NULL) {
        return words;
    }
    char *whole = mem_printf("%.*s%s%s", (int)(place - words), words, argument, place + 2);
    mem_free(words);
    return whole;
}

/* --- asking --------------------------------------------------------------------------------- */

static const struct flow_task *flow_task_of(const struct decision *d, const json_t *task)
{
    const struct flow *flow = d->entry->flow;
    if (task_is(task, "joint")) {
        const char *in = json_text(task, "in");
        const struct flow_state *state = in == NULL ? NULL : flow_state(flow, in);
        return state == NULL ? NULL : state->joint;
    }
    bool added = task_is(task, "adhoc") || task_is(task, "sub");
    return added ? flow_task(flow, json_text(task, "name")) : NULL;
}

static const struct flow_clock *rule_of(const struct decision *d, const json_t *task)
{
    const struct flow_task *t = flow_task_of(d, task);
    return t != NULL && t->clock.step_count > 0 ? &t->clock : &plain_rule;
}

/* By the routing table, to a body that need not be able to have the case. */
static const struct body *task_routed(const struct decision *d)
{
    const struct flow *flow = d->entry->flow;
    for (size_t i = 0; i < flow->route_count; i++) {
        const struct flow_route *r = &flow->routes[i];
        const struct body *body =
            route_fits(d, r) && r->target.kind != TO_ROUTE ? task_body(d, &r->target) : NULL;
        if (body != NULL) {
            return body;
        }
    }
    return NULL;
}

const struct body *task_body(const struct decision *d, const struct flow_target *t)
{
    const struct org *org = d->engine->org;
    if (t->kind == TO_FIELD) {
        const char *id = json_text(d->kase->fields, t->name);
        return id == NULL ? NULL : org_body_find(org, id, NULL);
    }
    if (t->kind == TO_ROUTE) {
        return task_routed(d);
    }
    if (t->kind != TO_KIND && t->kind != TO_AGENCY) {
        return target_body(d, t, false, NULL);
    }
    struct body_wish wish = {
        .kind = t->kind == TO_KIND ? t->name : NULL,
        .agency = t->kind == TO_AGENCY ? t->name : NULL,
        .level_min = t->level_min,
        .level_max = t->level_max,
    };
    const struct place *from = d->kase->place == NULL ? NULL : org_place(org, d->kase->place);
    return from == NULL ? NULL : org_nearest(org, from, &wish, decision_desk_day(d));
}

void task_notify(
    struct decision *d, const json_t *task, const char *body, const char *event, const char *words)
{
    const char *user = text_equal(body, json_text(task, "body")) ? json_text(task, "user") : NULL;
    const char *right = text_equal(body, json_text(task, "body")) ? "case.task" : "case.urge";
    json_t *users = user != NULL
                        ? json_pack("[s]", user)
                        : recusal_without(d->kase, access_people(d->engine->access, d->engine->org,
                                                       right, body, decision_desk_day(d)));
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    json_t *data =
        json_pack("{s:{s:s?,s:o},s:s,s:s,s:s?}", "to", "body", body, "users", users, "event", event,
            "title", d->entry->flow->title, "state", state == NULL ? NULL : state->title);
    if (words != NULL) { /* it leaves the house: free words go without numbers of people */
        char *shown = veil_text(words);
        json_put_text(data, "words", shown);
        mem_free(shown);
    }
    json_put_text(data, "due", json_text(task, "legal"));
    decision_effect(d, "notify", data);
}

static json_t *new_item(const struct decision *d, const struct task_ask *ask)
{
    char id[16];
    snprintf(id, sizeof id, "t%zu", json_array_size(d->kase->tasks) + 1);
    json_t *item = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s}", "id", id, "kind", ask->kind,
        "name", ask->name, "title", ask->title, "body", ask->body->id, "body_name", ask->body->name,
        "asked_ms", (json_int_t)d->at_ms, "asked_by", d->actor->user, "state", "asked");
    json_put_text(item, "user", ask->user);
    json_put_text(item, "text", ask->text);
    json_put_text(item, "level", ask->level);
    json_put_text(item, "link", ask->link);
    json_put_text(item, "from", ask->from == NULL ? NULL : ask->from->id);
    json_put_text(item, "in", d->kase->state);
    if (ask->lead) {
        json_object_set_new(item, "lead", json_true());
    }
    if (ask->stays) {
        json_object_set_new(item, "stays", json_true());
    }
    return item;
}

const struct term *task_term(const struct decision *d, const struct flow_task *task)
{
    const char *id = task->clock.term;
    return id == NULL ? NULL : terms_find(d->engine->terms, id, date_of_instant(d->at_ms));
}

static struct due_ask period(const struct decision *d, const struct task_ask *ask)
{
    struct due_ask due = {.start_ms = d->at_ms, .span = ask->limit, .kind = DUE_TARGET};
    if (ask->has_by) { /* it ends on the day itself */
        due.start_ms = date_start_ms(ask->by);
        due.span = (struct span){0, UNIT_DAY};
        due.roll = ROLL_NONE;
    } else if (ask->term != NULL) {
        due.span = ask->term->span;
        due.kind = ask->term->kind;
        due.roll = ask->term->roll;
        due.event = ask->term->start;
        due.litigation = ask->term->litigation;
        due.clear_days = ask->term->clear_days;
    }
    return due;
}

/* The item carries the date of its clock: whoever reads the list need not look for it. */
static void put_due(json_t *item, const struct case_clock *k)
{
    char day[DATE_TEXT];
    json_put_number(item, "due_ms", k->due.due_ms);
    json_put_text(item, "legal", date_format(k->due.legal, day));
    json_put_text(item, "explain", k->explain);
}

bool task_ask(struct decision *d, const struct task_ask *ask, struct err *err)
{
    if (json_array_size(d->kase->tasks) >= CASE_TASKS_MAX) {
        return err_set(err, ERR_STATE, _("The case has had %d tasks already"), CASE_TASKS_MAX);
    }
    json_t *item = new_item(d, ask);
    struct due_ask due = period(d, ask);
    if (due.span.n > 0 || ask->has_by) {
        char name[CLOCK_NAME];
        char *title = mem_printf("%s（%s）", ask->title, ask->body->name);
        bool ok =
            clock_begin(d, clock_name(item, name), title, ask->term, &due, rule_of(d, item), err);
        mem_free(title);
        if (!ok) {
            json_decref(item);
            return false;
        }
        put_due(item, casefile_clock(d->kase, name));
    }
    put(d, json_incref(item), "asked");
    if (ask->link == NULL) { /* a linked case tells its people itself */
        task_notify(d, item, ask->body->id, "asked", ask->text != NULL ? ask->text : ask->title);
    }
    json_decref(item);
    return true;
}

/* --- ending --------------------------------------------------------------------------------- */

void task_end(struct decision *d, const json_t *task, const char *state, json_t *more)
{
    char name[CLOCK_NAME];
    const struct flow_clock *rule = clock_rule(d, clock_name(task, name));
    bool answered = text_equal(state, "answered");
    const struct case_clock *k = task_clock(d->kase, task);
    json_t *item = json_copy((json_t *)(uintptr_t)task);
    if (k != NULL && clock_is_open(k)) {
        if (answered && d->at_ms > k->due.due_ms) {
            json_object_set_new(item, "late", json_true());
        }
        clock_end(d, k, answered ? "clock.met" : "clock.cancel", answered ? NULL : state);
    }
    json_put_text(item, "state", state);
    json_put_number(item, "ended_ms", d->at_ms);
    json_object_update(item, more);
    json_decref(more);
    json_incref(item);
    put(d, item, state);
    if (task_is(item, "sub") && text_equal(state, "cancelled")) {
        link_call_off(d, json_text(item, "link"), json_text(item, "reason"));
    }
    json_decref(item);
    if (rule != NULL) {
        colours_drop(d, rule);
    }
}

void tasks_after_letter(struct decision *d, const json_t *link)
{
    const char *status = json_text(link, "status"), *id = json_text(link, "id");
    bool closed = text_equal(status, "closed");
    json_t *before = json_incref(d->kase->tasks);
    for (size_t i = 0; (closed || text_equal(status, "returned")) && i < json_array_size(before);
         i++) {
        const json_t *task = json_array_get(before, i);
        if (!task_is_open(task) || id == NULL || !text_equal(json_text(task, "link"), id)) {
            continue;
        }
        const char *said = json_text(link, closed ? "outcome" : "reason");
        json_t *more = json_pack("{s:s}", "answered_by", d->actor->user);
        json_put_text(more, closed ? "answer" : "reason", said != NULL ? said : status);
        task_end(d, task, closed ? "answered" : "returned", more);
    }
    json_decref(before);
}

/* --- clocks --------------------------------------------------------------------------------- */

bool clock_is_task(const char *clock)
{
    return text_starts(clock, clock_prefix);
}

static const json_t *task_of_clock(const struct decision *d, const char *clock)
{
    return clock_is_task(clock) ? task_find(d->kase, clock + strlen(clock_prefix)) : NULL;
}

const struct flow_clock *clock_rule(const struct decision *d, const char *clock)
{
    if (!clock_is_task(clock)) {
        return flow_clock(d->entry->flow, clock);
    }
    const json_t *task = task_of_clock(d, clock);
    return task == NULL ? &plain_rule : rule_of(d, task);
}

/* Whoever must act on the case now is told of what others owe. */
static void tell_host(struct decision *d, const char *event, const char *words)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    decision_notify(d, state == NULL ? NULL : state->work, event, words);
}

void task_step(struct decision *d, const char *clock, bool becomes_late)
{
    const json_t *task = task_of_clock(d, clock);
    if (task == NULL || !task_is_open(task)) {
        return;
    }
    json_t *item = json_copy((json_t *)(uintptr_t)task);
    const char *title = json_text(item, "title"), *body = json_text(item, "body");
    task_notify(d, item, body, becomes_late ? "late" : "warning", title);
    if (becomes_late) {
        json_object_set_new(item, "late", json_true());
        put(d, json_incref(item), "late");
        char *words = mem_printf("%s：%s", json_text(item, "body_name"), title);
        if (!text_equal(body, d->kase->host)) {
            tell_host(d, "late", words);
        } else if (json_text(item, "from") != NULL) { /* supervision: whoever urged takes it on */
            task_notify(d, item, json_text(item, "from"), "late", words);
        }
        mem_free(words);
    }
    json_decref(item);
}

void task_due_moved(struct decision *d, const struct case_clock *k)
{
    const json_t *task = task_of_clock(d, k->name);
    if (task == NULL) {
        return;
    }
    json_t *item = json_copy((json_t *)(uintptr_t)task);
    put_due(item, k);
    if (k->state != CLOCK_LATE) {
        json_object_del(item, "late");
    }
    put(d, item, "moved");
}
