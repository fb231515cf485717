/* script/script.c — see script.h.
 *
 * Happy path: outline, run once, functions kept and frozen, tables to JSON to document to flow.
 * Failure path: whatever ends a call (budget, memory, a script error) marks the state; the next
 * question builds a new one from the kept source, so no half-done state is ever asked again. */
#include "script/script.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"
#include "script/convert.h"
#include "script/dsl.h"
#include "script/errors.h"
#include "script/freeze.h"
#include "script/outline.h"
#include "script/sandbox.h"
#include "script/stdlib.h"
#include "script/words.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

struct script {
    char *name, *source; /* owned */
    size_t len;
    struct script_limits limits;
    struct sandbox *box;     /* owned; NULL: to be built before the next call */
    struct outline *outline; /* owned */
    json_t *tests;           /* owned */
    uint64_t stamp;          /* of the view that lies under case_key */
};

/* Addresses of the registry's slots for the functions of the script and the case it saw last. */
static const char guards_key, hooks_key, case_key;

/* --- loading
 * ----------------------------------------------------------------------------------------- */

struct loading {
    struct script *script;
    json_t *raw, *guards, *hooks; /* out; owned by the caller of the run */
    struct err *err;
};

static bool is_name(const char *text)
{
    return strlen(text) < 64 && utf8_valid(text, strlen(text)) && text[0] != '\0';
}

/* Moves table[member] into the registry: its functions are frozen, its names listed. */
static json_t *take_functions(
    lua_State *lua, int table, const char *member, const void *slot, struct err *err)
{
    const char *names[256];
    size_t count = 0;
    lua_newtable(lua);
    int kept = lua_gettop(lua);
    int type = lua_getfield(lua, table, member);
    if (type != LUA_TNIL && type != LUA_TTABLE) {
        err_set(err, ERR_SCRIPT, _("must be a table with names"));
        err_data(err, "path", json_string(member));
        return NULL;
    }
    for (lua_pushnil(lua); type == LUA_TTABLE && lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        bool named = lua_type(lua, -2) == LUA_TSTRING && is_name(lua_tostring(lua, -2));
        if (!named || !lua_isfunction(lua, -1) || lua_iscfunction(lua, -1) || count == 256) {
            char path[96];
            snprintf(path, sizeof path, "%s.%s", member, named ? lua_tostring(lua, -2) : "?");
            err_set(err, ERR_SCRIPT, _("%s: must be a function"), path);
            err_data(err, "path", json_string(path));
            return NULL;
        }
        names[count++] = lua_tostring(lua, -2);
        lua_pushvalue(lua, -2);
        lua_pushvalue(lua, -2);
        lua_rawset(lua, kept);
    }
    lua_pushvalue(lua, kept);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, slot);
    lua_pushnil(lua);
    lua_setfield(lua, table, member);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < i && strcmp(json_string_value(json_array_get(list, at)), names[i]) < 0) {
            at++;
        }
        json_array_insert_new(list, at, json_string(names[i]));
    }
    lua_settop(lua, kept - 1);
    return list;
}

static void freeze_functions(lua_State *lua, const void *slot)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, slot);
    for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        freeze_function(lua, -1);
    }
    lua_pop(lua, 1);
}

/* The whole life of a state before its first question. */
static int run_script(lua_State *lua)
{
    struct loading *l = lua_touserdata(lua, 1);
    freeze_install(lua);
    sandbox_compile(lua, l->script->source, l->script->len);
    stdlib_push_environment(lua);
    int environment = lua_gettop(lua);
    lua_pushvalue(lua, environment);
    lua_setupvalue(lua, environment - 1, 1);
    lua_pushvalue(lua, environment - 1);
    lua_call(lua, 0, 1);
    int table = lua_gettop(lua);
    if (!words_is_word(lua, table)) {
        return luaL_error(lua, "%s", _("a script returns workflow \"id\" { … }"));
    }
    l->guards = take_functions(lua, table, "guards", &guards_key, l->err);
    l->hooks = l->guards != NULL ? take_functions(lua, table, "hooks", &hooks_key, l->err) : NULL;
    l->raw = l->hooks != NULL ? convert_to_json(lua, table, true, l->err) : NULL;
    if (l->raw == NULL) {
        return 0;
    }
    lua_settop(lua, environment);
    freeze_push_content(lua, environment);
    words_retire(lua);
    lua_settop(lua, 0);
    freeze_functions(lua, &guards_key);
    freeze_functions(lua, &hooks_key);
    return 0;
}

/* Builds the state anew. raw_out may be NULL: then only the functions matter. */
static bool build(struct script *s, struct loading *l, struct err *err)
{
    *l = (struct loading){.script = s, .err = err};
    sandbox_free(s->box);
    s->stamp = 0;
    s->box = sandbox_open(&s->limits);
    if (s->box == NULL) {
        return err_set(err, ERR_LIMIT, _("the memory limit is too small for any script"));
    }
    bool ran = sandbox_run(s->box, run_script, l, err) && l->raw != NULL;
    if (!ran) {
        sandbox_free(s->box);
        s->box = NULL;
    }
    return ran;
}

static void loading_close(struct loading *l)
{
    json_decref(l->raw);
    json_decref(l->guards);
    json_decref(l->hooks);
}

/* From the value the script returned to the flow; keeps the scenarios. */
static struct flow *make_flow(struct script *s, struct loading *l, struct err *err)
{
    json_t *doc = dsl_document(l->raw, s->outline, l->guards, l->hooks, err);
    s->tests = doc != NULL ? dsl_tests(l->raw, s->outline, err) : NULL;
    struct flow *flow = NULL;
    if (s->tests != NULL) {
        char hex[DIGEST_TEXT];
        struct digest hash = digest_of(s->source, s->len);
        json_object_set_new(doc, "source", json_string(digest_hex(&hash, hex)));
        flow = flow_compile(doc, err);
    }
    if (flow != NULL) {
        flow->file = mem_strdup(s->name);
    }
    json_decref(doc);
    return flow;
}

static struct flow *load(struct script *s, struct err *err)
{
    if (s->len > s->limits.source_bytes) {
        err_set(err, ERR_LIMIT, _("the script is larger than %zu bytes"), s->limits.source_bytes);
        return NULL;
    }
    if (!utf8_valid(s->source, s->len)) {
        err_set(err, ERR_SCRIPT, _("the script is not valid UTF-8 text"));
        return NULL;
    }
    s->outline = outline_read(s->source, s->len, err);
    if (s->outline == NULL) {
        return NULL;
    }
    struct loading l;
    struct flow *flow = build(s, &l, err) ? make_flow(s, &l, err) : NULL;
    loading_close(&l);
    return flow;
}

struct script *script_load(const char *source, size_t len, const char *name,
    const struct script_limits *limits, struct flow **flow_out, struct err *err)
{
    struct script *s = mem_alloc(sizeof *s);
    s->name = mem_strdup(name);
    s->source = mem_strndup(source, len);
    s->len = len;
    s->limits = limits != NULL ? *limits : script_limits_default;
    struct err problem = {0};
    *flow_out = load(s, &problem);
    if (*flow_out != NULL) {
        return s;
    }
    errors_explain(&problem, name, s->source, len, s->outline);
    problem.code = problem.code == ERR_LIMIT ? ERR_LIMIT : ERR_SCRIPT;
    if (err != NULL) {
        err_clear(err);
        *err = problem;
    } else {
        err_clear(&problem);
    }
    script_free(s);
    return NULL;
}

void script_free(struct script *s)
{
    if (s == NULL) {
        return;
    }
    sandbox_free(s->box);
    outline_free(s->outline);
    json_decref(s->tests);
    mem_free(s->name);
    mem_free(s->source);
    mem_free(s);
}

int script_line(const struct script *s, const char *path)
{
    int column;
    return script_place(s, path, &column);
}

int script_place(const struct script *s, const char *path, int *column_out)
{
    struct outline_place place;
    outline_find(s->outline, path, &place);
    *column_out = place.column;
    return place.line;
}

const json_t *script_tests(const struct script *s)
{
    return s->tests;
}

/* --- questions
 * ---------------------------------------------------------------------------------------- */

struct question {
    struct script *script;
    const void *slot;
    const char *name;
    const struct script_call *call;
    struct err *err;
    bool agrees, words_given;
    char words[512], ground[128];
    json_t *outcomes;
};

static void push_function(lua_State *lua, const struct question *q)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, q->slot);
    if (lua_getfield(lua, -1, q->name) != LUA_TFUNCTION) {
        luaL_error(lua, _("there is no function “%s” in this script"), q->name);
    }
    lua_remove(lua, -2);
}

enum { LENT_MAX = 256 }; /* values of one case: more than its guards look at */

/* A decision asks many guards about one case, and frozen tables cannot be changed by any of them:
 * what one of them read of an unchanged case is there for the next. */
static void push_case(lua_State *lua, struct script *s, const struct script_call *call)
{
    s->box->view = call->view;
    if (call->view != NULL && call->view->stamp != 0 && call->view->stamp == s->stamp &&
        json_array_size(s->box->lent) < LENT_MAX) {
        lua_rawgetp(lua, LUA_REGISTRYINDEX, &case_key);
        return;
    }
    s->stamp = call->view != NULL ? call->view->stamp : 0;
    freeze_lend(s->box);
    if (call->view != NULL) {
        freeze_push_view(lua);
    } else {
        freeze_push_lent(lua, json_incref((json_t *)(uintptr_t)call->kase));
    }
    lua_pushvalue(lua, -1);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &case_key);
}

/* What the function gets: (case, input, today). */
static void call_function(lua_State *lua, const struct question *q, int results)
{
    freeze_restore(lua);
    push_function(lua, q);
    push_case(lua, q->script, q->call);
    if (q->call->input != NULL) {
        freeze_push_lent(lua, json_incref((json_t *)(uintptr_t)q->call->input));
    } else {
        lua_newtable(lua);
    }
    lua_pushstring(lua, q->call->today);
    lua_call(lua, 3, results);
}

/* A copy of bounded length that is valid UTF-8; false when the value is no such text. */
static bool take_text(lua_State *lua, int index, char *out, size_t size)
{
    size_t len;
    const char *text = lua_type(lua, index) == LUA_TSTRING ? lua_tolstring(lua, index, &len) : NULL;
    if (text == NULL || len == 0 || !utf8_valid(text, len) || strlen(text) != len) {
        return false;
    }
    const char *p = text, *whole = text;
    while (p < text + len && (size_t)(p - text) < size) {
        whole = p;
        utf8_next(&p, text + len);
    }
    whole = (size_t)(p - text) < size ? p : whole;
    memcpy(out, text, (size_t)(whole - text));
    out[whole - text] = '\0';
    return true;
}

static int ask_guard(lua_State *lua)
{
    struct question *q = lua_touserdata(lua, 1);
    call_function(lua, q, 3);
    q->agrees = lua_toboolean(lua, -3);
    q->words_given = take_text(lua, -2, q->words, sizeof q->words);
    take_text(lua, -1, q->ground, sizeof q->ground);
    return 0;
}

static int ask_hook(lua_State *lua)
{
    struct question *q = lua_touserdata(lua, 1);
    call_function(lua, q, 1);
    if (lua_isnil(lua, -1)) {
        q->outcomes = json_array();
        return 0;
    }
    json_t *raw = convert_to_json(lua, -1, true, q->err);
    q->outcomes = raw != NULL ? dsl_outcomes(raw, q->err) : NULL;
    json_decref(raw);
    return 0;
}

/* Runs the question in a state that is whole; throws the state away when anything went wrong. */
static bool ask(struct script *s, lua_CFunction fn, struct question *q, struct err *problem)
{
    q->err = problem;
    if (s->box == NULL) {
        struct loading l;
        bool built = build(s, &l, problem);
        loading_close(&l);
        if (!built) {
            return false;
        }
    }
    if (!sandbox_run(s->box, fn, q, problem)) {
        sandbox_free(s->box);
        s->box = NULL;
        json_decref(q->outcomes); /* a jump after it was made cannot happen, but costs nothing */
        q->outcomes = NULL;
        return false;
    }
    return problem->code == ERR_NONE;
}

static void give_problem(
    struct script *s, const char *function, struct err *problem, struct err *err)
{
    errors_explain(problem, s->name, s->source, s->len, s->outline);
    problem->code = problem->code == ERR_LIMIT ? ERR_LIMIT : ERR_SCRIPT;
    err_data(problem, "function", json_string(function));
    if (err != NULL) {
        err_clear(err);
        *err = *problem;
    } else {
        err_clear(problem);
    }
}

bool script_guard(
    struct script *s, const char *guard, const struct script_call *call, struct err *err)
{
    struct question q = {.script = s, .slot = &guards_key, .name = guard, .call = call};
    struct err problem = {0};
    if (!ask(s, ask_guard, &q, &problem)) {
        give_problem(s, guard, &problem, err);
        return false;
    }
    if (q.agrees) {
        return true;
    }
    const char *words = q.words_given ? q.words : _("the workflow does not allow it");
    err_set(err, ERR_GUARD, q.ground[0] != '\0' ? "%s（%s）" : "%s", words, q.ground);
    err_data(err, "rule", json_string(guard));
    if (q.ground[0] != '\0') {
        err_data(err, "ground", json_string(q.ground));
    }
    return false;
}

json_t *script_hook(
    struct script *s, const char *hook, const struct script_call *call, struct err *err)
{
    struct question q = {.script = s, .slot = &hooks_key, .name = hook, .call = call};
    struct err problem = {0};
    if (!ask(s, ask_hook, &q, &problem)) {
        give_problem(s, hook, &problem, err);
        return NULL;
    }
    return q.outcomes;
}
