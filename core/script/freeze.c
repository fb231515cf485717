/* script/freeze.c — see freeze.h. */
#include "script/freeze.h"

#include "script/sandbox.h"
#include "script/script.h"

#include <lauxlib.h>
#include <string.h>

/* Addresses used as keys that no script can make. */
static const char content_key, lease_key, metatable_key, view_key, view_metatable_key, seen_key,
    upvalues_key;

static int frozen_index(lua_State *lua)
{
    freeze_push_content(lua, 1);
    lua_pushvalue(lua, 2);
    lua_rawget(lua, -2);
    return 1;
}

static int frozen_newindex(lua_State *lua)
{
    lua_settop(lua, 2);
    if (lua_type(lua, 2) != LUA_TSTRING && lua_type(lua, 2) != LUA_TNUMBER) {
        lua_pushstring(lua, luaL_typename(lua, 2));
    }
    return sandbox_error(lua, "this value cannot be changed (key '%s')", lua_tostring(lua, -1));
}

static int frozen_len(lua_State *lua)
{
    freeze_push_content(lua, 1);
    lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, -1));
    return 1;
}

void freeze_wrap(lua_State *lua)
{
    lua_createtable(lua, 0, 1);
    lua_insert(lua, -2);
    lua_rawsetp(lua, -2, &content_key);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(lua, -2);
}

/* --- values from outside ---------------------------------------------------------------------- */

static void push_shell(lua_State *lua, const void *metatable)
{
    lua_createtable(lua, 0, 2);
    lua_pushinteger(lua, sandbox_of(lua)->lease);
    lua_rawsetp(lua, -2, &lease_key);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, metatable);
    lua_setmetatable(lua, -2);
}

/* A shell of an earlier call (no way to keep one is known) is refused: what it reads may be gone.
 */
static void check_lease(lua_State *lua, int shell)
{
    lua_rawgetp(lua, shell, &lease_key);
    if (lua_tointeger(lua, -1) != sandbox_of(lua)->lease) {
        sandbox_error(lua, "this value is of an earlier call");
    }
    lua_pop(lua, 1);
}

/* A shell whose content is still JSON. */
static void push_unread(lua_State *lua, const json_t *value)
{
    push_shell(lua, &metatable_key);
    lua_pushlightuserdata(lua, (void *)(uintptr_t)value);
    lua_rawsetp(lua, -2, &content_key);
}

static void push_json(lua_State *lua, const json_t *value)
{
    switch (value != NULL ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        push_unread(lua, value);
        break;
    case JSON_STRING:
        lua_pushlstring(lua, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        lua_pushinteger(lua, json_integer_value(value));
        break;
    case JSON_REAL:
        lua_pushnumber(lua, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(lua, json_is_true(value));
        break;
    case JSON_NULL:
        lua_pushnil(lua);
    }
}

/* One level of the value as a table; what it holds stays unread. */
static void push_level(lua_State *lua, const json_t *value)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_array(value)) {
        sandbox_charge(lua, json_array_size(value) + 1);
        lua_createtable(lua, (int)json_array_size(value), 0);
        json_array_foreach((json_t *)(uintptr_t)value, i, child)
        {
            push_json(lua, child);
            lua_rawseti(lua, -2, (lua_Integer)i + 1);
        }
        return;
    }
    sandbox_charge(lua, json_object_size(value) + 1);
    lua_createtable(lua, 0, (int)json_object_size(value));
    json_object_foreach((json_t *)(uintptr_t)value, key, child)
    {
        lua_pushstring(lua, key);
        push_json(lua, child);
        lua_rawset(lua, -3);
    }
}

/* Reads the shell on top of the stack, below its JSON, which is replaced by the content. */
static void read_shell(lua_State *lua)
{
    const json_t *value = lua_touserdata(lua, -1);
    lua_pop(lua, 1);
    check_lease(lua, -1);
    luaL_checkstack(lua, 8, "values nest too deeply");
    push_level(lua, value);
    lua_pushvalue(lua, -1);
    lua_rawsetp(lua, -3, &content_key);
}

void freeze_lend(struct sandbox *box)
{
    json_decref(box->lent);
    box->lent = json_array();
    box->lease++;
}

void freeze_push_lent(lua_State *lua, json_t *value)
{
    json_array_append_new(sandbox_of(lua)->lent, value);
    push_json(lua, value);
}

/* --- views ------------------------------------------------------------------------------------ */

/* Pushes a member, and keeps it in the content at `content`. */
static void read_member(lua_State *lua, int content, size_t member)
{
    const struct script_view *view = sandbox_of(lua)->view;
    sandbox_charge(lua, 1);
    json_t *value = view->see(view->ctx, member);
    if (value == NULL) {
        lua_pushnil(lua);
        return;
    }
    freeze_push_lent(lua, value);
    lua_pushstring(lua, view->name(member));
    lua_pushvalue(lua, -2);
    lua_rawset(lua, content);
}

static int view_index(lua_State *lua)
{
    lua_settop(lua, 2);
    lua_rawgetp(lua, 1, &content_key);
    lua_pushvalue(lua, 2);
    if (lua_rawget(lua, 3) != LUA_TNIL || lua_type(lua, 2) != LUA_TSTRING) {
        return 1;
    }
    check_lease(lua, 1);
    const char *name, *wanted = lua_tostring(lua, 2);
    for (size_t i = 0; (name = sandbox_of(lua)->view->name(i)) != NULL; i++) {
        if (strcmp(name, wanted) == 0) {
            read_member(lua, 3, i);
            return 1;
        }
    }
    lua_pushnil(lua);
    return 1;
}

void freeze_push_view(lua_State *lua)
{
    push_shell(lua, &view_metatable_key);
    lua_newtable(lua);
    lua_rawsetp(lua, -2, &content_key);
    lua_pushboolean(lua, true);
    lua_rawsetp(lua, -2, &view_key);
}

/* The content on top, below it its shell: if that is a view, all its members are read. */
static void complete_view(lua_State *lua)
{
    int content = lua_gettop(lua);
    if (lua_rawgetp(lua, content - 1, &view_key) == LUA_TBOOLEAN) {
        check_lease(lua, content - 1);
        for (size_t i = 0; sandbox_of(lua)->view->name(i) != NULL; i++) {
            read_member(lua, content, i);
            lua_pop(lua, 1);
        }
        lua_pushnil(lua);
        lua_rawsetp(lua, content - 1, &view_key);
    }
    lua_pop(lua, 1);
}

void freeze_push_content(lua_State *lua, int index)
{
    lua_pushvalue(lua, index);
    if (lua_type(lua, -1) != LUA_TTABLE) {
        return;
    }
    switch (lua_rawgetp(lua, -1, &content_key)) {
    case LUA_TLIGHTUSERDATA:
        read_shell(lua);
        lua_remove(lua, -2);
        break;
    case LUA_TTABLE:
        complete_view(lua);
        lua_remove(lua, -2);
        break;
    default:
        lua_pop(lua, 1);
    }
}

void freeze_install(lua_State *lua)
{
    static const luaL_Reg methods[] = {{"__index", frozen_index}, {"__newindex", frozen_newindex},
        {"__len", frozen_len}, {NULL, NULL}};
    lua_newtable(lua);
    luaL_setfuncs(lua, methods, 0);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &metatable_key);
    lua_newtable(lua);
    luaL_setfuncs(lua, methods, 0);
    lua_pushcfunction(lua, view_index);
    lua_setfield(lua, -2, "__index");
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &view_metatable_key);
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &seen_key);
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &upvalues_key);
}

/* --- values of the script --------------------------------------------------------------------- */

/* True when the value on top was met before; remembers it otherwise. */
static bool seen_before(lua_State *lua)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &seen_key);
    lua_pushvalue(lua, -2);
    bool seen = lua_rawget(lua, -2) != LUA_TNIL;
    lua_pop(lua, 1);
    if (!seen) {
        lua_pushvalue(lua, -2);
        lua_pushboolean(lua, true);
        lua_rawset(lua, -3);
    }
    lua_pop(lua, 1);
    return seen;
}

static void freeze_value(lua_State *lua);

/* The table on top of the stack, in place: its pairs move into a new content table. */
static void freeze_table(lua_State *lua)
{
    if (lua_rawgetp(lua, -1, &content_key) != LUA_TNIL) {
        lua_pop(lua, 1);
        return;
    }
    lua_pop(lua, 1);
    int table = lua_gettop(lua);
    lua_newtable(lua);
    for (lua_pushnil(lua); lua_next(lua, table) != 0;) {
        sandbox_charge(lua, 4);
        freeze_value(lua);
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, table + 1);
        /* Clearing a present key during the walk is allowed; adding is not. */
        lua_pushvalue(lua, -1);
        lua_pushnil(lua);
        lua_rawset(lua, table);
    }
    lua_rawsetp(lua, table, &content_key);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(lua, table);
}

static void remember_upvalue(lua_State *lua, int function, int number)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &upvalues_key);
    lua_Integer at = (lua_Integer)lua_rawlen(lua, -1);
    lua_pushvalue(lua, function);
    lua_rawseti(lua, -2, at + 1);
    lua_pushinteger(lua, number);
    lua_rawseti(lua, -2, at + 2);
    lua_pushvalue(lua, -2);
    if (lua_isnil(lua, -1)) { /* a list cannot hold nil; an own key stands for it */
        lua_pop(lua, 1);
        lua_pushlightuserdata(lua, (void *)&seen_key);
    }
    lua_rawseti(lua, -2, at + 3);
    lua_pop(lua, 1);
}

static void freeze_value(lua_State *lua)
{
    int type = lua_type(lua, -1);
    if ((type != LUA_TTABLE && type != LUA_TFUNCTION) || seen_before(lua)) {
        return;
    }
    luaL_checkstack(lua, 12, "values nest too deeply");
    sandbox_charge(lua, 4);
    if (type == LUA_TTABLE) {
        freeze_table(lua);
        return;
    }
    int function = lua_gettop(lua);
    if (lua_iscfunction(lua, function)) {
        return;
    }
    for (int i = 1; lua_getupvalue(lua, function, i) != NULL; i++) {
        freeze_value(lua);
        remember_upvalue(lua, function, i);
        lua_pop(lua, 1);
    }
}

void freeze_function(lua_State *lua, int index)
{
    lua_pushvalue(lua, index);
    freeze_value(lua);
    lua_pop(lua, 1);
}

void freeze_restore(lua_State *lua)
{
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &upvalues_key);
    int list = lua_gettop(lua);
    lua_Integer count = (lua_Integer)lua_rawlen(lua, list);
    for (lua_Integer i = 1; i + 2 <= count; i += 3) {
        lua_rawgeti(lua, list, i);
        lua_rawgeti(lua, list, i + 1);
        int number = (int)lua_tointeger(lua, -1);
        lua_pop(lua, 1);
        lua_rawgeti(lua, list, i + 2);
        if (lua_islightuserdata(lua, -1)) {
            lua_pop(lua, 1);
            lua_pushnil(lua);
        }
        lua_setupvalue(lua, -2, number);
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}
