/* script/freeze.h — tables that can be read but not changed, and functions without memory.
 *
 * A frozen table is an empty shell; its content hangs below a key no script can name. Everything
 * a guard can reach after loading is frozen, and its upvalues are set back before each call: so
 * one call leaves nothing for the next, and one case nothing for another. */
#ifndef FQ_SCRIPT_FREEZE_H
#define FQ_SCRIPT_FREEZE_H

#include <jansson.h>
#include <lua.h>

struct sandbox;

void freeze_install(lua_State *lua); /* once per state */
/* Makes a frozen shell around the table on top of the stack, which it replaces. */
void freeze_wrap(lua_State *lua);
/* Begins a lease: what was lent before cannot be read any more and is released. */
void freeze_lend(struct sandbox *box);
/* Pushes a value, its tables frozen and lent for the lease; takes it. JSON null becomes nil. Tables
 * are made from the JSON when the script looks at them: most of a case is never looked at. May
 * raise (memory, budget). */
void freeze_push_lent(lua_State *lua, json_t *value);
/* Pushes a frozen table whose members are those of the sandbox's view. */
void freeze_push_view(lua_State *lua);
/* Pushes the content of a frozen table, or the table itself. */
void freeze_push_content(lua_State *lua, int index);
/* The function at index and all it can reach: tables are frozen in place, upvalues remembered. */
void freeze_function(lua_State *lua, int index);
/* Sets every remembered upvalue back to what it was after loading. */
void freeze_restore(lua_State *lua);

#endif
