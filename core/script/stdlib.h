/* script/stdlib.h — the functions scripts have, by allow-list.
 *
 * Left out, with reasons: load, require (code from elsewhere); pcall, xpcall, coroutine (swallow
 * the budget); setmetatable, getmetatable, raw* (finalizers, weak tables, fake lengths, thawing);
 * next (order of keys differs between runs: pairs goes in sorted order); collectgarbage; os, io,
 * debug, package; string.dump, pack, gsub, gmatch, rep without bound; math.random; print. */
#ifndef FQ_SCRIPT_STDLIB_H
#define FQ_SCRIPT_STDLIB_H

#include <lua.h>

/* Pushes the environment of a chunk: a frozen table of functions and words. */
void stdlib_push_environment(lua_State *lua);
/* Pushes the environment of a data file: nothing in it. */
void stdlib_push_empty(lua_State *lua);
/* Names of all functions, NULL-terminated. */
const char *const *stdlib_names(void);
/* The string functions (strings.c): puts them into the table on top. */
void strings_install(lua_State *lua);

#endif
