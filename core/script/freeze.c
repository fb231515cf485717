/* script/freeze.c — see freeze.h. */
#include "script/freeze.h"

#include "script/sandbox.h"

#include <lauxlib.h>

/* Addresses used as keys that no script can make. */
static const char content_key, metatable_key, seen_key, upvalues_key;

static int frozen_index(lua_State *lua)
{
    lua_rawgetp(lua, 1, &content_key);
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
    lua_rawgetp(lua, 1, &content_key);
    lua_pushinteger(lua, (lua_Integer)lua_rawlen(lua, -1));
    return 1;
}

void freeze_install(lua_State *lua)
{
    static const luaL_Reg methods[] = {{"__index", frozen_index}, {"__newindex", frozen_newindex},
        {"__len", frozen_len}, {NULL, NULL}};
    lua_newtable(lua);
    luaL_setfuncs(lua, methods, 0);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &metatable_key);
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &seen_key);
    lua_newtable(lua);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &upvalues_key);
}

void freeze_wrap(lua_State *lua)
{
    lua_createtable(lua, 0, 1);
    lua_insert(lua, -2);
    lua_rawsetp(lua, -2, &content_key);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(lua, -2);
}

void freeze_push_content(lua_State *lua, int index)
{
    lua_pushvalue(lua, index);
    if (lua_type(lua, -1) == LUA_TTABLE && lua_rawgetp(lua, -1, &content_key) == LUA_TTABLE) {
        lua_remove(lua, -2);
        return;
    }
    if (lua_type(lua, -2) == LUA_TTABLE) {
        lua_pop(lua, 1);
    }
}

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
