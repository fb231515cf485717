/* engine/page_tasks.c — see page_tasks.h. */
#include "engine/page_tasks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/task_rights.h"
#include "engine/tasks.h"
#include "engine/urge.h"
#include "engine/veil.h"
#include "engine/words.h"

enum { LINE_CHARS_MAX = 60 }; /* of an answer in a line of history */

/* --- one task ------------------------------------------------------------------------------- */

static const char *state_words(const json_t *task)
{
    static const char *const names[][2] = {
        {"asked", N_("awaited")},
        {"answered", N_("answered")},
        {"returned", N_("given back")},
        {"cancelled", N_("taken back")},
    };
    const char *state = json_text(task, "state");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (text_equal(names[i][0], state)) {
            return _(names[i][1]);
        }
    }
    return state;
}

static const char *kind_words(const json_t *task)
{
    return task_is(task, "joint")   ? _("joint handling")
           : task_is(task, "adhoc") ? _("task")
           : task_is(task, "sub")   ? _("sub-case")
           : task_is(task, "urge")  ? urge_title(json_text(task, "level"))
                                    : json_text(task, "kind");
}

static json_t *due_words(const struct engine *e, const json_t *task)
{
    struct date legal;
    const char *text = json_text(task, "legal");
    if (text == NULL || !date_parse(text, &legal)) {
        return NULL;
    }
    bool provisional = !calendar_has_year(e->calendar, date_year(legal));
    json_t *o = words_due(e, legal, false, provisional, NULL);
    json_put_text(o, "explain", json_text(task, "explain"));
    return o;
}

static void put_instant(json_t *o, const char *key, const json_t *task, const char *from)
{
    char text[INSTANT_TEXT];
    int64_t ms = json_number(task, from, 0);
    if (ms != 0) {
        json_put_text(o, key, instant_format(ms, text));
    }
}

static void veil_said(json_t *o)
{
    static const char *const words[] = {"text", "answer", "reason"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *text = json_text(o, words[i]);
        if (text != NULL) {
            char *shown = veil_text(text);
            json_object_set_new(o, words[i], json_string(shown));
            mem_free(shown);
        }
    }
}

/* What the viewer may do with it now. */
static json_t *may_do(struct decision *d, const json_t *task)
{
    json_t *may = json_array();
    if (!task_is_open(task) || d->kase->closed_ms != 0) {
        return may;
    }
    if (task_may_answer(d, task, NULL)) {
        json_array_append_new(may, json_string("answer"));
        if (!task_is(task, "urge")) {
            json_array_append_new(may, json_string("return"));
        }
    }
    if (task_may_cancel(d, task, NULL)) {
        json_array_append_new(may, json_string("cancel"));
    }
    return may;
}

static json_t *task_page(struct decision *d, const json_t *task)
{
    const struct engine *e = d->engine;
    json_t *o = json_copy((json_t *)(uintptr_t)task);
    veil_said(o);
    json_put_text(o, "state_title", state_words(task));
    json_put_text(o, "kind_title", kind_words(task));
    json_put_text(o, "asked_by_name", person_name(e, json_text(task, "asked_by")));
    json_put_text(o, "answered_by_name", person_name(e, json_text(task, "answered_by")));
    json_put_text(o, "user_name", person_name(e, json_text(task, "user")));
    json_put_text(o, "from_name", body_name(e, json_text(task, "from")));
    put_instant(o, "asked_at", task, "asked_ms");
    put_instant(o, "ended_at", task, "ended_ms");
    json_t *due = task_is_open(task) ? due_words(e, task) : NULL;
    if (due != NULL) {
        json_object_set_new(o, "due", due);
    }
    json_object_set_new(o, "may", may_do(d, task));
    return o;
}

void task_dress_row(const struct engine *e, json_t *task)
{
    json_put_text(task, "kind_title", kind_words(task));
    json_put_text(task, "body_name", body_name(e, json_text(task, "body")));
    json_t *due = due_words(e, task);
    if (due != NULL) {
        json_object_set_new(task, "due", due);
    }
}

/* --- the page ------------------------------------------------------------------------------- */

static char *rule_words(const struct flow_task *rule)
{
    switch (rule->done) {
    case JOIN_LEAD:
        return mem_strdup(_("the answer of the body in charge suffices"));
    case JOIN_QUORUM:
        return mem_printf(_("%d answers suffice"), rule->quorum);
    case JOIN_ALL:
        break;
    }
    return mem_strdup(_("all must answer"));
}

static json_t *joint_page(struct decision *d)
{
    struct join j = join_of(d);
    if (j.rule == NULL) {
        return NULL;
    }
    char *words = rule_words(j.rule);
    json_t *missing = json_array();
    json_t *o = json_pack("{s:s,s:s,s:s,s:b,s:i,s:i,s:o}", "title", j.rule->title, "rule",
        join_rule_name(j.rule->done), "rule_words", words, "done", j.done, "asked", (int)j.asked,
        "answered", (int)j.answered, "missing", missing);
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (task_in_round(d->kase, task) && task_is_open(task)) {
            json_array_append_new(
                missing, json_pack("{s:s,s:s,s:s,s:b,s:b}", "id", json_text(task, "id"), "body",
                             json_text(task, "body"), "body_name", json_text(task, "body_name"),
                             "lead", json_flag(task, "lead"), "late", json_flag(task, "late")));
        }
    }
    mem_free(words);
    return o;
}

static json_t *adhoc_page(struct decision *d)
{
    const struct flow *flow = d->entry->flow;
    const struct flow_state *state = flow_state(flow, d->kase->state);
    json_t *list = json_array();
    for (char **name = state->adhoc; name != NULL && *name != NULL; name++) {
        const struct flow_task *t = flow_task(flow, *name);
        const struct body *to = t->to_count > 0 ? task_body(d, &t->to[0]) : NULL;
        struct err err = {0};
        bool may = task_may_ask(d, t->by, t->title, &err);
        json_t *o = json_pack("{s:s,s:s,s:b}", "name", t->name, "title", t->title, "allowed", may);
        const struct term *term = task_term(d, t);
        struct span limit = term != NULL ? term->span : t->clock.limit;
        json_put_text(o, "limit", limit.n > 0 ? span_words(limit) : NULL);
        json_put_text(o, "to", to == NULL ? NULL : to->id);
        json_put_text(o, "to_name", to == NULL ? NULL : to->name);
        json_put_text(o, "why", may ? NULL : err.message);
        err_clear(&err);
        json_array_append_new(list, o);
    }
    return list;
}

/* What is open from above, and what the viewer may add. */
static json_t *supervision_page(struct decision *d)
{
    const struct casefile *c = d->kase;
    json_t *may = json_array();
    const char *level, *next = urge_next(c);
    for (size_t i = 0; (level = urge_level(i)) != NULL; i++) {
        if (task_may_urge(d, level, NULL) != NULL) {
            json_array_append_new(
                may, json_pack("{s:s,s:s}", "level", level, "title", urge_title(level)));
        }
    }
    json_t *o = json_pack("{s:o,s:b}", "may", may, "listed", json_array_has(c->marks, "listed"));
    json_put_text(o, "supervisor", c->supervisor);
    json_put_text(o, "supervisor_name", body_name(d->engine, c->supervisor));
    json_put_text(o, "next", next);
    json_put_text(o, "next_title", next == NULL ? NULL : urge_title(next));
    return o;
}

void page_put_tasks(struct decision *d, json_t *page)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        json_array_append_new(list, task_page(d, json_array_get(d->kase->tasks, i)));
    }
    json_object_set_new(page, "tasks", list);
    if (d->kase->closed_ms != 0) {
        return;
    }
    json_t *joint = joint_page(d);
    if (joint != NULL) {
        json_object_set_new(page, "joint", joint);
    }
    json_object_set_new(page, "adhoc", adhoc_page(d));
    json_object_set_new(page, "supervision", supervision_page(d));
}

/* --- history -------------------------------------------------------------------------------- */

static char *said(const json_t *task, const char *key)
{
    const char *text = json_text(task, key);
    char *shown = veil_text(text != NULL ? text : "");
    if (utf8_length(shown) > LINE_CHARS_MAX) {
        char *cut = mem_printf("%.*s…", (int)utf8_offset(shown, LINE_CHARS_MAX), shown);
        mem_free(shown);
        shown = cut;
    }
    return shown;
}

static char *asked_words(const char *title, const char *body, const json_t *task)
{
    const char *legal = json_text(task, "legal");
    return legal != NULL ? mem_printf(_("\"%s\" asked of %s, until %s"), title, body, legal)
                         : mem_printf(_("\"%s\" asked of %s"), title, body);
}

static char *what_words(const struct engine *e, const json_t *task, const char *what)
{
    const char *title = json_text(task, "title"), *body = json_text(task, "body_name");
    bool opinion = json_text(task, "opinion") != NULL;
    char *words =
        said(task, text_equal(what, "answered") ? (opinion ? "opinion" : "answer") : "reason");
    char *line = NULL;
    (void)e;
    if (text_equal(what, "asked")) {
        line = asked_words(title, body, task);
    } else if (text_equal(what, "answered")) {
        line = mem_printf(_("%s answered \"%s\": %s"), body, title, words);
    } else if (text_equal(what, "returned")) {
        line = mem_printf(_("%s gave \"%s\" back: %s"), body, title, words);
    } else if (text_equal(what, "cancelled")) {
        line = mem_printf(_("\"%s\" of %s is no longer asked: %s"), title, body, words);
    } else if (text_equal(what, "moved")) {
        line =
            mem_printf(_("\"%s\" of %s is now due on %s"), title, body, json_text(task, "legal"));
    }
    mem_free(words);
    return line; /* that it is late the step of its clock tells */
}

char *task_change_words(const struct engine *e, const json_t *change)
{
    const json_t *item = json_object_get(change, "item");
    const char *what = json_text(change, "what");
    return what == NULL || !text_equal(json_text(change, "list"), "tasks")
               ? NULL
               : what_words(e, item, what);
}

char *task_nobody_words(const json_t *change)
{
    return mem_printf(_("no body was found to ask for \"%s\" (%s)"), json_text(change, "title"),
        json_text(change, "wanted"));
}

char *task_result_words(const struct decision *d)
{
    if (!text_starts(d->type, "task.") && !text_equal(d->type, "urged")) {
        return NULL;
    }
    char *line = NULL;
    for (size_t i = 0; i < json_array_size(d->changes); i++) {
        char *words = task_change_words(d->engine, json_array_get(d->changes, i));
        if (words != NULL) {
            mem_free(line);
            line = words;
        }
    }
    return line;
}
