/* script/dsl.c — see dsl.h. One small function per section; each knows its members. */
#include "script/dsl.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "script/dsl_read.h"

#include <string.h>

/* --- sections
 * -------------------------------------------------------------------------------------- */

static json_t *read_field(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const types[] = {
        "text", "choice", "money", "integer", "date", "flag", "body", "place", NULL};
    static const char *const members[] = {
        "$word", "$name", "$list", "title", "required", "max", "open", "secret", NULL};
    static const char *const copied[] = {"title", "required", "max", "open", "secret", NULL};
    int type = docread_name(&d->r, value, "$word", types, -1);
    if (type < 0) {
        docread_fail(&d->r, NULL,
            _("a field is text, choice, money, integer, date, flag, body or place { … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    const char *title = dsl_name(value); /* text "诉求" is short for text { title = "诉求" } */
    json_t *field =
        json_pack("{s:s, s:s}", "type", types[type], "title", *title != '\0' ? title : name);
    dsl_copy(field, value, copied);
    if (json_member(value, "$list") != NULL) {
        json_object_set(field, "choices", json_member(value, "$list"));
    }
    return field;
}

static json_t *read_role(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "$name", "$list", "title", NULL};
    if (!dsl_is(value, "at")) {
        docread_fail(&d->r, NULL, _("a role is at \"host\" { \"handler\", title = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *role = json_pack("{s:s, s:s}", "at", dsl_name(value), "title", name);
    const json_t *list = json_member(value, "$list");
    json_object_set_new(
        role, "members", list != NULL ? json_incref((json_t *)list) : json_pack("[s]", name));
    static const char *const copied[] = {"title", NULL};
    dsl_copy(role, value, copied);
    return role;
}

/* state { … } or a plain table; both may be written. */
static json_t *read_state(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "title", "initial", "final", "work", "keep",
        "outcome", "arrival", "called_off", "handling", "joint", "adhoc", NULL};
    static const char *const copied[] = {"title", "initial", "final", "work", "keep", "outcome",
        "arrival", "called_off", "handling", NULL};
    if (!json_is_object(value) ||
        (json_member(value, "$word") != NULL && !dsl_is(value, "state"))) {
        docread_fail(&d->r, NULL, _("a state is a table: { title = …, work = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *state = json_pack("{s:s}", "title", name);
    dsl_copy(state, value, copied);
    dsl_state_tasks(d, state, value);
    return state;
}

static json_t *read_profile(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "title", "from", "to", NULL};
    if (!json_is_object(value)) {
        docread_fail(&d->r, NULL, _("a profile is profile { title = …, from = …, to = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *profile = json_pack("{s:s}", "title", name);
    dsl_copy(profile, value, members + 1);
    return profile;
}

static json_t *read_jump(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "when", "to", "mark", "unless", "asks", NULL};
    static const char *const copied[] = {"when", "mark", "unless", NULL};
    (void)name;
    if (!dsl_is(value, "jump")) {
        docread_fail(&d->r, NULL, _("a jump is jump { when = …, to = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *jump = json_object();
    dsl_copy(jump, value, copied);
    json_t *to = dsl_target(d, value, "to");
    if (to != NULL) {
        json_object_set_new(jump, "to", to);
    }
    json_t *asks = dsl_names(d, value, "asks");
    if (asks != NULL) {
        json_object_set_new(jump, "asks", asks);
    }
    return jump;
}

static json_t *read_routes(struct dsl *d, const json_t *raw)
{
    static const char *const members[] = {"$word", "category", "place", "to", NULL};
    static const char *const copied[] = {"category", "place", NULL};
    const json_t *list = docread_array(&d->r, raw, "routes");
    json_t *routes = list != NULL ? json_array() : NULL, *value;
    size_t mark = docread_enter(&d->r, "routes"), i;
    json_array_foreach((json_t *)list, i, value)
    {
        size_t inner = docread_enter_index(&d->r, i);
        if (!dsl_is(value, "route")) {
            docread_fail(&d->r, NULL, _("a row of the routing table is route { to = … }"));
        }
        docread_only(&d->r, value, members);
        json_t *route = json_object();
        dsl_copy(route, value, copied);
        json_t *to = dsl_target(d, value, "to");
        if (to != NULL) {
            json_object_set_new(route, "to", to);
        }
        json_array_append_new(routes, route);
        docread_leave(&d->r, inner);
    }
    docread_leave(&d->r, mark);
    return routes;
}

/* --- actions
 * ----------------------------------------------------------------------------------------- */

/* Every state that is no end, in the order of the script. */
static json_t *names_of_open_states(struct dsl *d)
{
    json_t *names = json_array(), *item;
    struct dsl quiet = {.outline = d->outline};
    docread_init(&quiet.r, NULL);
    json_t *owner = json_pack("{s:O}", "states", d->states);
    json_t *states = dsl_section(&quiet, owner, "states", read_state);
    size_t i;
    json_array_foreach(states, i, item)
    {
        if (!json_flag(item, "final")) {
            json_array_append(names, json_object_get(item, "name"));
        }
    }
    json_decref(states);
    json_decref(owner);
    return names;
}

/* "a|b -> c": from and to; without an arrow the case stays where it is. */
static void read_arrow(struct dsl *d, json_t *action, const char *arrow)
{
    const char *sign = strstr(arrow, "->");
    char *from = mem_strndup(arrow, sign != NULL ? (size_t)(sign - arrow) : strlen(arrow));
    json_t *owner = json_pack("{s:s}", "from", from);
    json_t *names = dsl_names(d, owner, "from");
    if (json_array_size(names) == 1 &&
        strcmp(json_string_value(json_array_get(names, 0)), "*") == 0 && d->states != NULL) {
        json_decref(names);
        names = names_of_open_states(d);
    }
    json_object_set_new(action, "from", names);
    json_decref(owner);
    mem_free(from);
    if (sign == NULL) {
        return;
    }
    owner = json_pack("{s:s}", "to", sign + 2);
    names = dsl_names(d, owner, "to");
    if (json_array_size(names) != 1) {
        docread_fail(&d->r, NULL, _("an action leads to one state: on \"from -> to\""));
    } else {
        json_object_set(action, "to", json_array_get(names, 0));
    }
    json_decref(names);
    json_decref(owner);
}

/* { "terms", "note?" }: a question mark makes the field optional. */
static json_t *read_form(struct dsl *d, const json_t *value)
{
    json_t *names = dsl_names(d, value, "form"), *form = json_array(), *item;
    size_t i;
    json_array_foreach(names, i, item)
    {
        const char *text = json_string_value(item);
        size_t len = text != NULL ? strlen(text) : 0;
        if (len == 0) {
            docread_fail(&d->r, "form", _("must hold names of fields"));
            break;
        }
        bool optional = text[len - 1] == '?';
        json_t *field = json_object();
        json_object_set_new(field, "name", json_stringn(text, len - optional));
        json_object_set_new(field, "required", json_boolean(!optional));
        json_array_append_new(form, field);
    }
    json_decref(names);
    return form;
}

static void put(json_t *doc, const char *member, json_t *value)
{
    if (value != NULL) {
        json_object_set_new(doc, member, value);
    }
}

static json_t *read_action(struct dsl *d, const char *name, const json_t *value)
{
    static const char *const members[] = {"$word", "$name", "title", "by", "form", "reason", "when",
        "run", "document", "profile", "reprofile", "route", "extends", "ground", "needs",
        "hand_over", "receipt", "within", "takes", NULL};
    static const char *const copied[] = {"title", "reason", "when", "run", "document", "profile",
        "reprofile", "ground", "receipt", "within", "takes", NULL};
    if (!dsl_is(value, "on")) {
        docread_fail(&d->r, NULL, _("an action is on \"from -> to\" { title = …, by = … }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *action = json_pack("{s:s}", "title", name);
    dsl_copy(action, value, copied);
    read_arrow(d, action, dsl_name(value));
    json_t *by = dsl_names(d, value, "by");
    json_object_set_new(action, "by", by != NULL ? by : json_array());
    if (json_member(value, "form") != NULL) {
        json_object_set_new(action, "form", read_form(d, value));
    }
    json_t *needs = dsl_names(d, value, "needs");
    if (needs != NULL) {
        json_object_set_new(action, "needs", needs);
    }
    if (json_member(value, "route") != NULL) {
        json_t *route = dsl_target(d, value, "route");
        if (route != NULL) {
            json_object_set_new(action, "route", route);
        }
    }
    if (json_member(value, "extends") != NULL) {
        json_object_set_new(action, "kind", json_string("extend"));
        json_object_set(action, "clock", json_member(value, "extends"));
    }
    if (json_member(value, "hand_over") != NULL) {
        put(action, "hand_over", dsl_hand_over(d, value));
    }
    return action;
}

/* --- the whole
 * ---------------------------------------------------------------------------------------- */

static json_t *read_workflow(
    struct dsl *d, const json_t *raw, const json_t *guards, const json_t *hooks)
{
    static const char *const members[] = {"$word", "$name", "title", "track", "undo", "classify",
        "registers", "sealed", "profiles", "roles", "fields", "clocks", "states", "actions",
        "routes", "jumps", "guards", "hooks", "tests", "tasks", NULL};
    static const char *const copied[] = {"title", "track", "undo", "sealed", NULL};
    docread_only(&d->r, raw, members);
    json_t *doc = json_pack(
        "{s:i, s:s, s:O, s:O}", "api", 1, "id", dsl_name(raw), "guards", guards, "hooks", hooks);
    dsl_copy(doc, raw, copied);
    put(doc, "classify", dsl_names(d, raw, "classify"));
    put(doc, "registers", dsl_names(d, raw, "registers"));
    put(doc, "profiles", dsl_section(d, raw, "profiles", read_profile));
    put(doc, "roles", dsl_section(d, raw, "roles", read_role));
    put(doc, "fields", dsl_section(d, raw, "fields", read_field));
    put(doc, "clocks", dsl_section(d, raw, "clocks", dsl_clock));
    put(doc, "states", dsl_section(d, raw, "states", read_state));
    put(doc, "tasks", dsl_section(d, raw, "tasks", dsl_task));
    put(doc, "actions", dsl_section(d, raw, "actions", read_action));
    put(doc, "routes", read_routes(d, raw));
    put(doc, "jumps", dsl_section(d, raw, "jumps", read_jump));
    return doc;
}

json_t *dsl_document(const json_t *raw, const struct outline *outline, const json_t *guards,
    const json_t *hooks, struct err *err)
{
    struct dsl d = {.outline = outline, .states = json_member(raw, "states")};
    docread_init(&d.r, err);
    if (!dsl_is(raw, "workflow") || dsl_name(raw)[0] == '\0') {
        docread_fail(&d.r, NULL, _("a script returns workflow \"id\" { … }"));
        return NULL;
    }
    json_t *doc = read_workflow(&d, raw, guards, hooks);
    if (d.r.failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}

/* --- scenarios
 * ------------------------------------------------------------------------------------------ */

static int line_here(const struct dsl *d)
{
    struct outline_place place = {0, 0, 0};
    if (d->outline != NULL) {
        outline_find(d->outline, d->r.path, &place);
    }
    return place.line;
}

static json_t *read_test_step(struct dsl *d, const json_t *value)
{
    static const char *const words[] = {"open", "act", "denied", "wait", "expect", "note",
        "classify", "follow", "ask", "answer", "urge", NULL};
    int word = docread_name(&d->r, value, "$word", words, -1);
    if (word < 0) {
        docread_fail(&d->r, NULL,
            _("a step is open, act, denied, wait, expect, note, classify, follow, ask, answer or "
              "urge"));
        return NULL;
    }
    json_t *step = json_copy((json_t *)value);
    json_object_del(step, "$word");
    json_object_del(step, "$name");
    json_object_set_new(step, "do", json_string(words[word]));
    if (dsl_name(value)[0] != '\0') {
        json_object_set_new(step, "name", json_string(dsl_name(value)));
    }
    json_object_set_new(step, "line", json_integer(line_here(d)));
    return step;
}

static json_t *read_scenario(struct dsl *d, const json_t *value)
{
    static const char *const members[] = {"$word", "$name", "$list", NULL};
    if (!dsl_is(value, "scenario")) {
        docread_fail(&d->r, NULL, _("a test is scenario \"name\" { steps }"));
        return NULL;
    }
    docread_only(&d->r, value, members);
    json_t *scenario =
        json_pack("{s:s, s:i, s:[]}", "name", dsl_name(value), "line", line_here(d), "steps");
    json_t *item, *steps = json_object_get(scenario, "steps");
    size_t i;
    json_array_foreach((json_t *)dsl_list(value), i, item)
    {
        size_t mark = docread_enter_index(&d->r, i);
        json_t *step = read_test_step(d, item);
        docread_leave(&d->r, mark);
        if (step == NULL) {
            break;
        }
        json_array_append_new(steps, step);
    }
    return scenario;
}

json_t *dsl_tests(const json_t *raw, const struct outline *outline, struct err *err)
{
    struct dsl d = {.outline = outline};
    docread_init(&d.r, err);
    const json_t *list = docread_array(&d.r, raw, "tests");
    json_t *tests = json_array(), *item;
    size_t mark = docread_enter(&d.r, "tests"), i;
    json_array_foreach((json_t *)list, i, item)
    {
        size_t inner = docread_enter_index(&d.r, i);
        json_t *scenario = read_scenario(&d, item);
        docread_leave(&d.r, inner);
        if (scenario == NULL) {
            break;
        }
        json_array_append_new(tests, scenario);
    }
    docread_leave(&d.r, mark);
    if (d.r.failed) {
        json_decref(tests);
        return NULL;
    }
    return tests;
}

/* set { a = 1, b = 2 }: one outcome per field. */
static void add_sets(json_t *outcomes, const json_t *set)
{
    const char *field;
    json_t *value;
    json_object_foreach((json_t *)set, field, value)
    {
        if (field[0] != '$') {
            json_array_append_new(outcomes,
                json_pack("{s:s, s:s, s:O}", "do", "set", "field", field, "value", value));
        }
    }
}

json_t *dsl_outcomes(const json_t *raw, struct err *err)
{
    struct dsl d = {.outline = NULL};
    docread_init(&d.r, err);
    json_t *outcomes = json_array(), *item;
    if (raw == NULL || json_is_null(raw)) {
        return outcomes;
    }
    json_t *list = json_is_array(raw) ? json_incref((json_t *)raw) : json_pack("[O]", raw);
    size_t i;
    json_array_foreach(list, i, item)
    {
        size_t mark = docread_enter_index(&d.r, i);
        json_t *outcome = dsl_is(item, "set") ? NULL : dsl_outcome(&d, item, true);
        if (outcome != NULL) {
            json_array_append_new(outcomes, outcome);
        } else if (dsl_is(item, "set")) {
            add_sets(outcomes, item);
        }
        docread_leave(&d.r, mark);
    }
    json_decref(list);
    if (d.r.failed) {
        json_decref(outcomes);
        return NULL;
    }
    return outcomes;
}
