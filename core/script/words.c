/* script/words.c — see words.h. */
#include "script/words.h"

#include "base/lang.h"
#include "base/text.h"
#include "script/sandbox.h"
#include "script/stdlib.h"

#include <lauxlib.h>
#include <string.h>

enum { WORDS_MAX = 64, NAMES_MAX = 160 };

static const char word_metatable;

static const struct word_doc words[] = {
    {"workflow", false, N_("workflow \"id\" { … }: what the script returns")},
    {"profile", false, N_("profile { title, from, to }: a set of rules in force on these days")},
    {"at", false, N_("at \"host\" { \"handler\", title = … }: where a role sits and who fills it")},
    {"text", false, N_("text { title, required, max, open, secret }: a field of words")},
    {"choice", false, N_("choice { \"a\", \"b\", title = … }: a field with fixed answers")},
    {"money", false, N_("money { … }: a field for an amount in yuan")},
    {"integer", false, N_("integer { … }: a field for a whole number")},
    {"date", false, N_("date { … }: a field for a day")},
    {"flag", false, N_("flag { … }: a field for yes or no")},
    {"body", false, N_("body { … }: a field that names an organisation")},
    {"place", false, N_("place { … }: a field that names a place")},
    {"clock", false, N_("clock { title, term | limit, from, to, warn, late, … }: a time limit")},
    {"left", false, N_("left \"3 workdays\" { … }: what happens when so much is left")},
    {"after", false, N_("after \"15 days\" { … }: what happens so long after the end")},
    {"state", false,
        N_("state { title, work, initial, final, keep, outcome }: where a case can be")},
    {"on", false, N_("on \"from -> to\" { title, by, form, when, run, … }: an action")},
    {"route", false, N_("route { category, place, to }: a row of the routing table")},
    {"jump", false, N_("jump { when, to, mark, unless, asks }: an immediate jump to another body")},
    {"kind", true, N_("kind \"xfj\" { level = \"district\" }: the nearest body of this kind")},
    {"agency", true,
        N_("agency \"rsj\" { level = \"district\" }: the nearest agency of this code")},
    {"field", true, N_("field \"name\": the body named in a field")},
    {"common", true, N_("common \"xfj\": the nearest common superior of two bodies that disagree")},
    {"hand_over", false,
        N_("hand_over \"workflow\" { to, carry, max_hops, sealed, received, returned, closed }: "
           "opens a linked case")},
    {"mark", true, N_("mark \"red\": sets a mark")},
    {"unmark", true, N_("unmark \"red\": takes a mark away")},
    {"escalate", true, N_("escalate { to, unless, reason }: moves the case up")},
    {"supervise", true, N_("supervise { to, reason }: lets a body watch, the host keeps the case")},
    {"go", true, N_("go \"state\": moves the case by itself")},
    {"notify", true,
        N_("notify \"role\" { reason }: tells a role; notify \"acting\": who must act")},
    {"effect", true, N_("effect \"name\" { … }: asks a plugin for something")},
    {"set", true, N_("set { field = value }: changes fields (hooks only)")},
    {"joint", false,
        N_("joint { lead, to, title, limit, done, when, late }: bodies asked on entering a state")},
    {"task", false,
        N_("task { title, limit, to, by, late, flow, carry, lead, stays }: what may be asked of a "
           "body")},
    {"quorum", false, N_("quorum(2): so many answers suffice")},
    {"scenario", false, N_("scenario \"name\" { steps }: a test of this script")},
    {"open", false, N_("open { at, place, body, fields, parties }: registers a case")},
    {"act", false, N_("act \"action\" { form, reason, by }: does an action")},
    {"denied", false, N_("denied \"action\" { … because }: must be refused")},
    {"wait", false, N_("wait \"15 days\": time passes, clocks fire")},
    {"expect", false, N_("expect { state, host, mark, late, due, level, … }: what must be true")},
    {"note", false, N_("note \"text\": writes a note")},
    {"follow", false,
        N_("follow \"to\": goes on with the case it was handed over to, or \"from\"")},
    {"ask", false, N_("ask \"task\" { body, user, text, limit }: asks a body")},
    {"answer", false, N_("answer \"task\" { body, text, opinion | reason }: answers it")},
    {"urge", false, N_("urge \"remind|urge|listed\" { body, text, reply_by }: supervision")},
    {"classify", false, N_("classify \"category\": corrects the category")},
};

const struct word_doc *words_list(size_t *count_out)
{
    *count_out = sizeof words / sizeof *words;
    return words;
}

/* Adds the pairs of the plain table at `from` to the word table at `to`. */
static void merge(lua_State *lua, int to, int from)
{
    if (luaL_getmetafield(lua, from, "__index") != LUA_TNIL || words_is_word(lua, from)) {
        luaL_error(lua, "%s", _("a plain table { … } is expected here"));
    }
    lua_Integer listed = (lua_Integer)lua_rawlen(lua, to);
    for (lua_pushnil(lua); lua_next(lua, from) != 0;) {
        sandbox_charge(lua, 1);
        if (lua_type(lua, -2) == LUA_TSTRING && lua_tostring(lua, -2)[0] == '$') {
            luaL_error(lua, "%s", _("names cannot begin with $"));
        }
        lua_pushvalue(lua, -2);
        if (lua_isinteger(lua, -1)) { /* lists of two calls follow each other */
            lua_pushinteger(lua, lua_tointeger(lua, -1) + listed);
            lua_replace(lua, -2);
        }
        lua_insert(lua, -2);
        lua_rawset(lua, to);
    }
}

/* quorum(2) is the one word that is given a number. */
static bool counts(lua_State *lua, int word)
{
    lua_getfield(lua, word, "$word");
    bool does = strcmp(lua_tostring(lua, -1), "quorum") == 0;
    lua_pop(lua, 1);
    return does;
}

static void take_argument(lua_State *lua, int word, int argument)
{
    if (lua_type(lua, argument) == LUA_TSTRING) {
        lua_pushvalue(lua, argument);
        lua_setfield(lua, word, "$name");
    } else if (lua_isinteger(lua, argument) && counts(lua, word)) {
        lua_pushvalue(lua, argument);
        lua_setfield(lua, word, "$count");
    } else if (lua_type(lua, argument) == LUA_TTABLE) {
        merge(lua, word, argument);
    } else {
        luaL_error(
            lua, _("this word needs a text or a table, got %s"), luaL_typename(lua, argument));
    }
}

static int word_called_again(lua_State *lua)
{
    lua_settop(lua, 2);
    take_argument(lua, 1, 2);
    lua_settop(lua, 1);
    return 1;
}

static int word_called(lua_State *lua)
{
    lua_settop(lua, 1);
    lua_newtable(lua);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_setfield(lua, 2, "$word");
    take_argument(lua, 2, 1);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &word_metatable);
    lua_setmetatable(lua, 2);
    return 1;
}

bool words_is_word(lua_State *lua, int index)
{
    if (!lua_getmetatable(lua, index)) {
        return false;
    }
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &word_metatable);
    bool same = lua_rawequal(lua, -1, -2);
    lua_pop(lua, 2);
    return same;
}

void words_install(lua_State *lua)
{
    lua_newtable(lua);
    lua_pushcfunction(lua, word_called_again);
    lua_setfield(lua, -2, "__call");
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &word_metatable);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        lua_pushstring(lua, words[i].name);
        lua_pushcclosure(lua, word_called, 1);
        lua_setfield(lua, -2, words[i].name);
    }
}

void words_retire(lua_State *lua)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!words[i].hooks) {
            lua_pushnil(lua);
            lua_setfield(lua, -2, words[i].name);
        }
    }
}

const char *words_nearest(const char *name)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        names[count++] = words[i].name;
    }
    for (const char *const *f = stdlib_names(); *f != NULL && count < NAMES_MAX; f++) {
        names[count++] = *f;
    }
    return text_nearest(name, names, count);
}
