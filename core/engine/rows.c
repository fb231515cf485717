/* engine/rows.c — list rows and events of the store, dressed for people. */
#include "engine/cache.h"
#include "engine/links.h"
#include "engine/page_tasks.h"
#include "engine/seal.h"
#include "engine/tasks.h"
#include "engine/veil.h"
#include "engine/words.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

static void instant_member(json_t *row, const char *from, const char *to)
{
    int64_t ms = json_number(row, from, 0);
    char text[INSTANT_TEXT];
    if (ms != 0) {
        json_put_text(row, to, instant_format(ms, text));
    }
    json_object_del(row, from);
}

/* The last place code of "/150300/150303/". */
static const char *last_place(const struct engine *e, const char *path)
{
    char code[32];
    size_t end = path == NULL ? 0 : strlen(path);
    if (end < 2) {
        return NULL;
    }
    size_t start = --end;
    while (start > 0 && path[start - 1] != '/') {
        start--;
    }
    snprintf(code, sizeof code, "%.*s", (int)(end - start), path + start);
    const struct place *p = org_place(e->org, code);
    return p == NULL ? NULL : p->name;
}

static void decorate(const struct engine *e, json_t *row)
{
    const struct flow *flow = engine_flow(e, json_text(row, "flow"));
    const char *state_name = json_text(row, "state"), *mark = json_text(row, "mark");
    const struct flow_state *state =
        flow == NULL || state_name == NULL ? NULL : flow_state(flow, state_name);
    char *id = case_id_text(json_number(row, "id", 0));
    json_put_text(row, "id", id);
    mem_free(id);
    if (json_text(row, "title") == NULL) { /* sealed: lists hold nothing of what it says */
        json_put_text(row, "title", _("(sealed)"));
    }
    json_put_text(row, "flow_title", flow == NULL ? json_text(row, "flow") : flow->title);
    json_put_text(row, "state_title", state == NULL ? state_name : state->title);
    json_put_text(row, "host_name", body_name(e, json_text(row, "host")));
    json_put_text(row, "place_name", last_place(e, json_text(row, "place_path")));
    json_put_text(row, "assignee_name", person_name(e, json_text(row, "assignee")));
    int64_t due_ms = json_number(row, "due_ms", 0);
    bool open = json_number(row, "closed_ms", 0) == 0;
    struct date legal = date_of_instant(due_ms);
    if (due_ms != 0 && open) {
        bool provisional = !calendar_has_year(e->calendar, date_year(legal));
        json_object_set_new(row, "due", words_due(e, legal, false, provisional, mark));
        if (json_flag(row, "listed")) { /* a word beside the colour */
            json_object_set_new(json_object_get(row, "due"), "listed", json_true());
        }
    }
    if (json_is_object(json_object_get(row, "task"))) {
        task_dress_row(e, json_object_get(row, "task"));
    }
    json_object_set_new(row, "urgency",
        urgency(e, legal, due_ms != 0 && open, mark, (int)json_number(row, "level", 0)));
    instant_member(row, "opened_ms", "opened_at");
    instant_member(row, "received_ms", "received_at");
    instant_member(row, "closed_ms", "closed_at");
    instant_member(row, "due_ms", "due_at");
}

void engine_decorate_rows(struct engine *e, json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        decorate(e, json_array_get(rows, i));
    }
}

/* --- history ---------------------------------------------------------------------------------- */

static char *words_state(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    const char *name = json_text(change, "to");
    const struct flow_state *to = flow == NULL || name == NULL ? NULL : flow_state(flow, name);
    return mem_printf(_("now: %s"), to == NULL ? name : to->title);
}

static char *words_host(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)flow;
    const char *why = json_text(change, "why");
    return mem_printf(
        _("given to %s (%s)"), body_name(e, json_text(change, "to")), why != NULL ? why : "");
}

static char *words_supervisor(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)flow;
    const char *why = json_text(change, "why");
    return mem_printf(
        _("supervised by %s (%s)"), body_name(e, json_text(change, "to")), why != NULL ? why : "");
}

static char *words_assignee(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)flow;
    const char *who = person_name(e, json_text(change, "to"));
    return mem_printf(_("assigned to %s"), who != NULL ? who : _("nobody"));
}

static char *words_category(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    (void)flow;
    return mem_printf(_("category: %s"), json_text(change, "to"));
}

static char *words_mark(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    (void)flow;
    const char *name = json_text(change, "name");
    return mem_strdup(text_equal(name, "red")      ? _("marked red")
                      : text_equal(name, "yellow") ? _("marked yellow")
                      : text_equal(name, "listed") ? _("under listed supervision")
                                                   : name);
}

static const char *clock_title(const struct flow *flow, const json_t *change)
{
    const char *name = json_text(change, "clock");
    const struct flow_clock *fc = flow == NULL || name == NULL ? NULL : flow_clock(flow, name);
    const char *own = json_text(change, "title"); /* of a task: the flow does not know it */
    return fc != NULL ? fc->title : own != NULL ? own : name;
}

static char *words_clock_start(
    const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    return mem_printf(
        _("clock \"%s\" runs until %s"), clock_title(flow, change), json_text(change, "legal"));
}

static char *words_clock_moved(
    const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    return mem_printf(
        _("clock \"%s\" now runs until %s"), clock_title(flow, change), json_text(change, "legal"));
}

static char *words_clock_step(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    bool late = text_equal(json_text(change, "when"), "late");
    return mem_printf(
        late ? _("\"%s\" is late") : _("\"%s\" will soon be due"), clock_title(flow, change));
}

static char *words_clock_met(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    bool late = json_flag(change, "late");
    return mem_printf(
        late ? _("\"%s\" was met late") : _("\"%s\" was met in time"), clock_title(flow, change));
}

static char *words_document(const json_t *item)
{
    int64_t copies = json_number(item, "copies", 1);
    const char *title = json_text(item, "title"), *number = json_text(item, "number");
    return copies > 1 ? mem_printf(_("\"%s\" %s, copy %lld"), title, number, (long long)copies)
                      : mem_printf(_("\"%s\" %s"), title, number);
}

/* Items of the lists of a case, each list in its own words; NULL: nothing is said of it. */
static char *words_put(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)flow;
    if (text_equal(json_text(change, "list"), "tasks")) {
        return task_change_words(e, change);
    }
    static const struct {
        const char *list;
        char *(*words)(const json_t *item);
    } lists[] = {{"documents", words_document}, {"links", links_words}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (text_equal(lists[i].list, json_text(change, "list"))) {
            return lists[i].words(json_object_get(change, "item"));
        }
    }
    return NULL;
}

static char *words_nobody(const struct engine *e, const struct flow *flow, const json_t *change)
{
    (void)e;
    (void)flow;
    return task_nobody_words(change);
}

/* That a case was not moved up, watched or led on is as much its history as that it was. */
static char *words_withheld(const struct engine *e, const struct flow *flow, const json_t *change)
{
    const char *unless = json_text(change, "unless");
    const struct flow_field *field =
        flow == NULL || unless == NULL ? NULL : flow_field(flow, unless);
    const char *why = field != NULL ? field->title : unless;
    (void)e;
    return mem_printf(
        text_equal(json_text(change, "do"), "escalate") ? _("not moved up: %s") : _("left out: %s"),
        why != NULL ? why : "—");
}

static const struct {
    const char *op;
    char *(*words)(const struct engine *e, const struct flow *flow, const json_t *change);
} spoken[] = {
    {"state", words_state},
    {"host", words_host},
    {"supervisor", words_supervisor},
    {"assignee", words_assignee},
    {"category", words_category},
    {"mark", words_mark},
    {"put", words_put},
    {"clock.start", words_clock_start},
    {"clock.exclude", words_clock_moved},
    {"clock.extend", words_clock_moved},
    {"clock.recompute", words_clock_moved},
    {"clock.term", words_clock_moved},
    {"clock.step", words_clock_step},
    {"clock.met", words_clock_met},
    {"task.nobody", words_nobody},
    {"outcome.withheld", words_withheld},
};

/* The item of a task says what its clock would repeat, but for the steps in between. */
static bool repeats(const json_t *change, const char *op)
{
    const char *clock = json_text(change, "clock");
    return clock != NULL && clock_is_task(clock) && !text_equal(op, "clock.step");
}

static void add_words(
    const struct engine *e, const struct flow *flow, const json_t *change, json_t *lines)
{
    const char *op = json_text(change, "op");
    for (size_t i = 0; i < sizeof spoken / sizeof spoken[0]; i++) {
        if (text_equal(spoken[i].op, op) && !repeats(change, op)) {
            char *line = spoken[i].words(e, flow, change);
            if (line != NULL) { /* not every change is worth a line */
                json_array_append_new(lines, json_string(line));
            }
            mem_free(line);
        }
    }
}

const char *event_type_words(const char *type)
{
    static const char *const names[][2] = {
        {"opened", N_("registered")},
        {"advanced", N_("handled")},
        {"noted", N_("note")},
        {"assigned", N_("assignment")},
        {"classified", N_("classification")},
        {"documented", N_("document")},
        {"clock", N_("clock")},
        {"arrived", N_("handed over to this body")},
        {"letter", N_("news of a linked case")},
        {"linked", N_("linked with another case")},
        {"unlinked", N_("link removed")},
        {"recomputed", N_("calendar or terms changed")},
        {"undone", N_("undo")},
        {"attached", N_("attachment")},
        {"detached", N_("attachment taken away")},
        {"recused", N_("recusal")},
        {"party", N_("parties")},
        {"corrected", N_("registration corrected")},
        {"revealed", N_("masked data looked at")},
        {"task.asked", N_("asked for an answer")},
        {"task.answered", N_("answer")},
        {"task.returned", N_("request given back")},
        {"task.cancelled", N_("request taken back")},
        {"urged", N_("urged")},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (text_equal(names[i][0], type)) {
            return _(names[i][1]);
        }
    }
    return type;
}

/* How the case came to its body and its person in this event: what case.why is asked for. */
static json_t *way_words(const struct engine *e, const struct flow *flow, const json_t *changes)
{
    static const char *const ops[] = {"host", "supervisor", "assignee"};
    json_t *lines = json_array();
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        for (size_t k = 0; k < sizeof ops / sizeof ops[0]; k++) {
            if (text_equal(ops[k], json_text(change, "op"))) {
                add_words(e, flow, change, lines);
            }
        }
    }
    return lines;
}

json_t *engine_event_page(struct engine *e, const json_t *row, bool secrets)
{
    const json_t *kept = json_object_get(row, "data");
    json_t *parsed = json_is_string(kept) ? json_parse_own(json_string_value(kept)) : NULL;
    kept = parsed != NULL ? parsed : kept;
    const struct flow *flow = engine_flow_version(e, json_text(kept, "flow_version"));
    bool sealed = !secrets && (json_flag(row, "sealed") || json_flag(kept, "sealed"));
    json_t *data = sealed ? seal_event(kept) : veil_event(kept, flow, secrets);
    json_decref(parsed);
    const char *type = json_text(row, "type"), *actor = json_text(row, "actor");
    const char *name = json_text(data, "action");
    const struct flow_action *action =
        flow == NULL || name == NULL ? NULL : flow_action(flow, name);
    json_t *lines = json_array(), *changes = json_object_get(data, "changes");
    for (size_t i = 0; i < json_array_size(changes); i++) {
        add_words(e, flow, json_array_get(changes, i), lines);
    }
    char *line = sealed ? NULL : event_act_words(e, flow, type, data);
    if (line != NULL) {
        json_array_append_new(lines, json_string(line));
        mem_free(line);
    }
    char at[INSTANT_TEXT];
    json_t *o = json_pack("{s:O?,s:O?,s:s,s:s?,s:s,s:s?,s:s?,s:o,s:O?}", "version",
        json_object_get(row, "version"), "seq", json_object_get(row, "seq"), "at",
        instant_format(json_number(row, "at_ms", 0), at), "type", type, "title",
        action == NULL ? event_type_words(type) : action->title, "actor", actor, "actor_name",
        text_equal(actor, "system") ? _("the clock") : person_name(e, actor), "words", lines,
        "data", data);
    json_t *way = way_words(e, flow, changes);
    if (json_array_size(way) > 0) {
        json_object_set(o, "way", way);
    }
    json_decref(way);
    json_put_text(o, "note", json_text(data, "note"));
    json_put_text(o, "reason", json_text(data, "reason"));
    json_decref(data);
    return o;
}
