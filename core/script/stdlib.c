/* script/stdlib.c — see stdlib.h. Work done in C is charged before it is done. */
#include "script/stdlib.h"

#include "base/civil.h"
#include "base/lang.h"
#include "script/freeze.h"
#include "script/sandbox.h"
#include "script/words.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Replaces a frozen argument by its content and gives its length; other metatables do not exist. */
static lua_Integer check_list(lua_State *lua, int index)
{
    luaL_checktype(lua, index, LUA_TTABLE);
    freeze_push_content(lua, index);
    lua_replace(lua, index);
    lua_Integer count = (lua_Integer)lua_rawlen(lua, index);
    sandbox_charge(lua, (size_t)count / 4 + 1);
    return count;
}

/* --- basics --------------------------------------------------------------------------------------
 */

static int base_type(lua_State *lua)
{
    luaL_checkany(lua, 1);
    lua_pushstring(lua, luaL_typename(lua, 1));
    return 1;
}

/* Tables and functions have no address here: it would differ between runs. */
static int base_tostring(lua_State *lua)
{
    luaL_checkany(lua, 1);
    switch (lua_type(lua, 1)) {
    case LUA_TNUMBER:
    case LUA_TSTRING:
        lua_tolstring(lua, 1, NULL);
        lua_settop(lua, 1);
        return 1;
    case LUA_TBOOLEAN:
        lua_pushstring(lua, lua_toboolean(lua, 1) ? "true" : "false");
        return 1;
    default:
        lua_pushstring(lua, luaL_typename(lua, 1));
        return 1;
    }
}

static int base_tonumber(lua_State *lua)
{
    luaL_checkany(lua, 1);
    size_t len = 0;
    const char *text = lua_type(lua, 1) == LUA_TSTRING ? lua_tolstring(lua, 1, &len) : NULL;
    if (lua_type(lua, 1) == LUA_TNUMBER) {
        lua_settop(lua, 1);
    } else if (text == NULL || len > 64 || lua_stringtonumber(lua, text) != len + 1) {
        lua_pushnil(lua);
    }
    return 1;
}

static int ipairs_step(lua_State *lua)
{
    lua_Integer i = luaL_checkinteger(lua, 2) + 1;
    lua_pushinteger(lua, i);
    return lua_geti(lua, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_pushcfunction(lua, ipairs_step);
    lua_pushvalue(lua, 1);
    lua_pushinteger(lua, 0);
    return 3;
}

struct key {
    bool is_number;
    lua_Number number;
    const char *text;
    size_t len;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->is_number != y->is_number) {
        return x->is_number ? -1 : 1;
    }
    if (x->is_number) {
        return x->number < y->number ? -1 : x->number > y->number;
    }
    int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);
    return order != 0 ? order : x->len < y->len ? -1 : x->len > y->len;
}

static struct key key_at(lua_State *lua, int index)
{
    struct key k = {.is_number = lua_type(lua, index) == LUA_TNUMBER};
    if (k.is_number) {
        k.number = lua_tonumber(lua, index);
    } else if (lua_type(lua, index) == LUA_TSTRING) {
        k.text = lua_tolstring(lua, index, &k.len);
    } else {
        luaL_error(lua, "%s", _("only texts and numbers can be put in order"));
    }
    return k;
}

static size_t sort_cost(lua_Integer count)
{
    return (size_t)count * 8;
}

/* Pushes the key as a value. Strings are anchored by the table they came from. */
static void push_key(lua_State *lua, const struct key *k)
{
    if (!k->is_number) {
        lua_pushlstring(lua, k->text, k->len);
    } else if (k->number == floor(k->number) && fabs(k->number) < 9e15) {
        lua_pushinteger(lua, (lua_Integer)k->number);
    } else {
        lua_pushnumber(lua, k->number);
    }
}

static int pairs_step(lua_State *lua)
{
    lua_Integer i = lua_tointeger(lua, lua_upvalueindex(3)) + 1;
    lua_pushinteger(lua, i);
    lua_replace(lua, lua_upvalueindex(3));
    if (lua_rawgeti(lua, lua_upvalueindex(2), i) == LUA_TNIL) {
        return 1;
    }
    lua_pushvalue(lua, -1);
    lua_rawget(lua, lua_upvalueindex(1));
    return 2;
}

static int base_pairs(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    freeze_push_content(lua, 1);
    lua_replace(lua, 1);
    lua_settop(lua, 1);
    lua_Integer count = 0;
    for (lua_pushnil(lua); lua_next(lua, 1) != 0; lua_pop(lua, 1)) {
        count++;
    }
    sandbox_charge(lua, sort_cost(count));
    struct key *keys = lua_newuserdatauv(lua, sizeof *keys * (size_t)(count + 1), 0);
    lua_Integer at = 0;
    for (lua_pushnil(lua); lua_next(lua, 1) != 0; lua_pop(lua, 1)) {
        keys[at++] = key_at(lua, -2);
    }
    qsort(keys, (size_t)count, sizeof *keys, compare_keys);
    lua_pushvalue(lua, 1);
    lua_createtable(lua, (int)count, 0);
    for (lua_Integer i = 0; i < count; i++) {
        push_key(lua, &keys[i]);
        lua_rawseti(lua, -2, i + 1);
    }
    lua_pushinteger(lua, 0);
    lua_pushcclosure(lua, pairs_step, 3);
    return 1;
}

static int base_error(lua_State *lua)
{
    luaL_checkstring(lua, 1);
    lua_settop(lua, 1);
    luaL_where(lua, 1);
    lua_insert(lua, 1);
    lua_concat(lua, 2);
    return lua_error(lua);
}

static int base_assert(lua_State *lua)
{
    luaL_checkany(lua, 1);
    if (lua_toboolean(lua, 1)) {
        lua_settop(lua, 1);
        return 1;
    }
    return luaL_error(lua, "%s", luaL_optstring(lua, 2, _("assertion failed")));
}

/* --- lists ---------------------------------------------------------------------------------------
 */

/* Calls the function at 2 with each value of the list at 1 until it answers `stop`. */
static bool ask_each(lua_State *lua, bool stop)
{
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    lua_Integer count = check_list(lua, 1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_pushvalue(lua, 2);
        lua_rawgeti(lua, 1, i);
        lua_call(lua, 1, 1);
        bool answer = lua_toboolean(lua, -1);
        lua_pop(lua, 1);
        if (answer == stop) {
            return true;
        }
    }
    return false;
}

static int list_every(lua_State *lua)
{
    lua_pushboolean(lua, !ask_each(lua, false));
    return 1;
}

static int list_any(lua_State *lua)
{
    lua_pushboolean(lua, ask_each(lua, true));
    return 1;
}

static int list_count(lua_State *lua)
{
    lua_Integer count = check_list(lua, 1), hits = 0;
    if (lua_isnoneornil(lua, 2)) {
        lua_pushinteger(lua, count);
        return 1;
    }
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_pushvalue(lua, 2);
        lua_rawgeti(lua, 1, i);
        lua_call(lua, 1, 1);
        hits += lua_toboolean(lua, -1);
        lua_pop(lua, 1);
    }
    lua_pushinteger(lua, hits);
    return 1;
}

static int list_contains(lua_State *lua)
{
    if (lua_isnoneornil(lua, 1)) {
        lua_pushboolean(lua, false);
        return 1;
    }
    if (lua_type(lua, 1) == LUA_TSTRING) {
        size_t len, word_len;
        const char *text = lua_tolstring(lua, 1, &len);
        const char *word = luaL_checklstring(lua, 2, &word_len);
        sandbox_charge(lua, len / 8 + word_len / 8);
        lua_pushboolean(lua, memmem(text, len, word, word_len) != NULL);
        return 1;
    }
    lua_Integer count = check_list(lua, 1);
    bool found = false;
    for (lua_Integer i = 1; i <= count && !found; i++) {
        lua_rawgeti(lua, 1, i);
        found = lua_rawequal(lua, -1, 2);
        lua_pop(lua, 1);
    }
    lua_pushboolean(lua, found);
    return 1;
}

static int list_sorted(lua_State *lua)
{
    lua_Integer count = check_list(lua, 1);
    lua_settop(lua, 1);
    sandbox_charge(lua, sort_cost(count));
    struct key *keys = lua_newuserdatauv(lua, sizeof *keys * (size_t)(count + 1), 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, 1, i);
        keys[i - 1] = key_at(lua, -1);
        lua_pop(lua, 1);
    }
    qsort(keys, (size_t)count, sizeof *keys, compare_keys);
    lua_createtable(lua, (int)count, 0);
    for (lua_Integer i = 0; i < count; i++) {
        push_key(lua, &keys[i]);
        lua_rawseti(lua, -2, i + 1);
    }
    return 1;
}

static int table_insert(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_checkany(lua, 2);
    luaL_argcheck(lua, lua_gettop(lua) == 2, 3, _("only one value, at the end"));
    lua_Integer at = luaL_len(lua, 1) + 1;
    lua_seti(lua, 1, at); /* respects frozen tables */
    return 0;
}

static int table_remove(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_Integer at = luaL_len(lua, 1);
    if (at == 0) {
        return 0;
    }
    lua_geti(lua, 1, at);
    lua_pushnil(lua);
    lua_seti(lua, 1, at);
    return 1;
}

static int table_concat(lua_State *lua)
{
    size_t sep_len;
    const char *sep = luaL_optlstring(lua, 2, "", &sep_len);
    lua_Integer count = check_list(lua, 1);
    luaL_Buffer b;
    luaL_buffinit(lua, &b);
    for (lua_Integer i = 1; i <= count; i++) {
        sandbox_charge(lua, 1 + sep_len / 8);
        lua_rawgeti(lua, 1, i);
        if (lua_type(lua, -1) != LUA_TSTRING && lua_type(lua, -1) != LUA_TNUMBER) {
            return luaL_error(lua, _("value %d of the list is no text"), (int)i);
        }
        luaL_addvalue(&b);
        if (i < count) {
            luaL_addlstring(&b, sep, sep_len);
        }
    }
    luaL_pushresult(&b);
    return 1;
}

/* --- numbers and days
 * ----------------------------------------------------------------------------- */

static int math_floor(lua_State *lua)
{
    lua_Number n = floor(luaL_checknumber(lua, 1));
    luaL_argcheck(lua, fabs(n) < 9e15, 1, _("number out of range"));
    lua_pushinteger(lua, (lua_Integer)n);
    return 1;
}

static int math_ceil(lua_State *lua)
{
    lua_Number n = ceil(luaL_checknumber(lua, 1));
    luaL_argcheck(lua, fabs(n) < 9e15, 1, _("number out of range"));
    lua_pushinteger(lua, (lua_Integer)n);
    return 1;
}

static int math_pick(lua_State *lua, bool largest)
{
    int best = 1, count = lua_gettop(lua);
    luaL_checknumber(lua, 1);
    for (int i = 2; i <= count; i++) {
        luaL_checknumber(lua, i);
        bool better =
            largest ? lua_compare(lua, best, i, LUA_OPLT) : lua_compare(lua, i, best, LUA_OPLT);
        best = better ? i : best;
    }
    lua_pushvalue(lua, best);
    return 1;
}

static int math_max(lua_State *lua)
{
    return math_pick(lua, true);
}

static int math_min(lua_State *lua)
{
    return math_pick(lua, false);
}

static int math_abs(lua_State *lua)
{
    luaL_checknumber(lua, 1);
    lua_pushinteger(lua, 0);
    if (lua_compare(lua, 1, -1, LUA_OPLT)) {
        lua_pushvalue(lua, 1);
        lua_arith(lua, LUA_OPUNM);
    } else {
        lua_pushvalue(lua, 1);
    }
    return 1;
}

static struct date check_date(lua_State *lua, int index)
{
    struct date d = {0};
    const char *text = luaL_checkstring(lua, index);
    luaL_argcheck(lua, date_parse(text, &d), index, _("a date like 2026-01-05 is expected"));
    return d;
}

static int days_between(lua_State *lua)
{
    lua_pushinteger(lua, check_date(lua, 2).day - check_date(lua, 1).day);
    return 1;
}

static int days_add(lua_State *lua)
{
    lua_Integer days = luaL_checkinteger(lua, 2);
    luaL_argcheck(lua, days > -40000 && days < 40000, 2, _("too many days"));
    char text[DATE_TEXT];
    lua_pushstring(lua, date_format(date_add_days(check_date(lua, 1), (int)days), text));
    return 1;
}

/* --- the environment
 * ------------------------------------------------------------------------------ */

static const luaL_Reg base_functions[] = {{"type", base_type}, {"tostring", base_tostring},
    {"tonumber", base_tonumber}, {"ipairs", base_ipairs}, {"pairs", base_pairs},
    {"error", base_error}, {"assert", base_assert}, {"every", list_every}, {"any", list_any},
    {"count", list_count}, {"contains", list_contains}, {"sorted", list_sorted},
    {"days_between", days_between}, {"days_add", days_add}, {NULL, NULL}};
static const luaL_Reg table_functions[] = {
    {"insert", table_insert}, {"remove", table_remove}, {"concat", table_concat}, {NULL, NULL}};
static const luaL_Reg math_functions[] = {{"floor", math_floor}, {"ceil", math_ceil},
    {"max", math_max}, {"min", math_min}, {"abs", math_abs}, {NULL, NULL}};

const char *const *stdlib_names(void)
{
    static const char *const names[] = {"type", "tostring", "tonumber", "ipairs", "pairs", "error",
        "assert", "every", "any", "count", "contains", "sorted", "days_between", "days_add",
        "string", "table", "math", NULL};
    return names;
}

static int global_set(lua_State *lua)
{
    return luaL_error(lua, "global names cannot be set: %s",
        lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?");
}

/* Wraps the functions on top; setting a global gets its own words. */
static void wrap_environment(lua_State *lua)
{
    freeze_wrap(lua);
    lua_getmetatable(lua, -1);
    lua_newtable(lua);
    lua_getfield(lua, -2, "__index");
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, global_set);
    lua_setfield(lua, -2, "__newindex");
    lua_remove(lua, -2);
    lua_setmetatable(lua, -2);
}

void stdlib_push_empty(lua_State *lua)
{
    lua_newtable(lua);
    wrap_environment(lua);
}

static void add_frozen(lua_State *lua, const char *name, const luaL_Reg *functions)
{
    lua_newtable(lua);
    luaL_setfuncs(lua, functions, 0);
    freeze_wrap(lua);
    lua_setfield(lua, -2, name);
}

/* ("text"):sub(1, 2) finds the string functions through the metatable all strings share. */
static void add_strings(lua_State *lua)
{
    lua_newtable(lua);
    strings_install(lua);
    freeze_wrap(lua);
    lua_pushliteral(lua, "");
    lua_newtable(lua);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, -2);
    lua_pop(lua, 1);
    lua_setfield(lua, -2, "string");
}

void stdlib_push_environment(lua_State *lua)
{
    lua_newtable(lua);
    luaL_setfuncs(lua, base_functions, 0);
    add_frozen(lua, "table", table_functions);
    add_frozen(lua, "math", math_functions);
    add_strings(lua);
    words_install(lua);
    wrap_environment(lua);
}
