/* script/strings.c — string functions. Positions count characters, never bytes, so that no
 * function can cut a Chinese character in two. All text is UTF-8: what is not gives an error. */
#include "base/lang.h"
#include "base/text.h"
#include "script/pattern.h"
#include "script/sandbox.h"
#include "script/stdlib.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { REPEAT_BYTES_MAX = 64 << 10, FORMAT_NUMBER_MAX = 400 };

static const char *check_text(lua_State *lua, int index, size_t *len_out)
{
    const char *text = luaL_checklstring(lua, index, len_out);
    sandbox_charge(lua, *len_out / 8 + 1);
    return text;
}

static size_t count_chars(const char *text, size_t len)
{
    size_t chars = 0;
    for (const char *p = text, *end = text + len; p < end; chars++) {
        utf8_next(&p, end);
    }
    return chars;
}

static const char *skip_chars(const char *text, size_t len, size_t chars)
{
    const char *p = text, *end = text + len;
    while (chars-- > 0 && p < end) {
        utf8_next(&p, end);
    }
    return p;
}

static int string_len(lua_State *lua)
{
    size_t len;
    const char *text = check_text(lua, 1, &len);
    lua_pushinteger(lua, (lua_Integer)count_chars(text, len));
    return 1;
}

/* sub(s, i, j): from character i to j, both counted; negative from the end. */
static int string_sub(lua_State *lua)
{
    size_t len;
    const char *text = check_text(lua, 1, &len);
    lua_Integer chars = (lua_Integer)count_chars(text, len);
    lua_Integer i = luaL_checkinteger(lua, 2), j = luaL_optinteger(lua, 3, -1);
    i = i < 0 ? (i < -chars ? 1 : chars + i + 1) : i == 0 ? 1 : i;
    j = j < 0 ? (j < -chars ? 0 : chars + j + 1) : j > chars ? chars : j;
    if (i > j) {
        lua_pushliteral(lua, "");
        return 1;
    }
    const char *from = skip_chars(text, len, (size_t)i - 1);
    const char *to = skip_chars(from, len - (size_t)(from - text), (size_t)(j - i + 1));
    lua_pushlstring(lua, from, (size_t)(to - from));
    return 1;
}

static int map_bytes(lua_State *lua, int (*map)(int))
{
    size_t len;
    const char *text = check_text(lua, 1, &len);
    luaL_Buffer b;
    char *out = luaL_buffinitsize(lua, &b, len);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        out[i] = (char)(c < 0x80 ? map(c) : c);
    }
    luaL_pushresultsize(&b, len);
    return 1;
}

static int string_lower(lua_State *lua)
{
    return map_bytes(lua, tolower);
}

static int string_upper(lua_State *lua)
{
    return map_bytes(lua, toupper);
}

static int string_rep(lua_State *lua)
{
    size_t len;
    const char *text = check_text(lua, 1, &len);
    lua_Integer n = luaL_checkinteger(lua, 2);
    luaL_argcheck(lua, n <= 0 || len == 0 || n <= (lua_Integer)(REPEAT_BYTES_MAX / len), 2,
        _("the text would be too long"));
    n = len == 0 ? 0 : n;
    luaL_Buffer b;
    luaL_buffinit(lua, &b);
    for (lua_Integer i = 0; i < n; i++) {
        sandbox_charge(lua, 1);
        luaL_addlstring(&b, text, len);
    }
    luaL_pushresult(&b);
    return 1;
}

static int string_starts(lua_State *lua)
{
    size_t len, part;
    const char *text = check_text(lua, 1, &len), *start = check_text(lua, 2, &part);
    lua_pushboolean(lua, part <= len && memcmp(text, start, part) == 0);
    return 1;
}

static int string_ends(lua_State *lua)
{
    size_t len, part;
    const char *text = check_text(lua, 1, &len), *end = check_text(lua, 2, &part);
    lua_pushboolean(lua, part <= len && memcmp(text + len - part, end, part) == 0);
    return 1;
}

static int string_trim(lua_State *lua)
{
    size_t len;
    const char *text = check_text(lua, 1, &len), *end = text + len;
    while (text < end && isspace((unsigned char)*text)) {
        text++;
    }
    while (end > text && isspace((unsigned char)end[-1])) {
        end--;
    }
    lua_pushlstring(lua, text, (size_t)(end - text));
    return 1;
}

/* find(s, word): the position of a plain word, or nil. */
static int string_find(lua_State *lua)
{
    size_t len, word_len;
    const char *text = check_text(lua, 1, &len), *word = check_text(lua, 2, &word_len);
    const char *at = memmem(text, len, word, word_len);
    if (at == NULL) {
        lua_pushnil(lua);
    } else {
        lua_pushinteger(lua, (lua_Integer)count_chars(text, (size_t)(at - text)) + 1);
    }
    return 1;
}

static void charge(void *ctx, size_t steps)
{
    sandbox_charge(ctx, steps);
}

/* match(s, pattern): the part in ( ), or the whole match; nil when there is none. */
static int string_match(lua_State *lua)
{
    size_t len, pattern_len;
    const char *text = check_text(lua, 1, &len);
    const char *pattern = check_text(lua, 2, &pattern_len);
    const char *problem = pattern_problem(pattern, pattern_len);
    if (problem != NULL) {
        return luaL_error(lua, "%s", _(problem));
    }
    struct pattern_match m;
    if (!pattern_find(text, len, pattern, pattern_len, charge, lua, &m)) {
        lua_pushnil(lua);
    } else {
        lua_pushlstring(lua, m.part_from, (size_t)(m.part_to - m.part_from));
    }
    return 1;
}

/* One directive behind '%'; returns what follows it. */
static const char *format_one(lua_State *lua, luaL_Buffer *b, const char *p, int argument)
{
    char shape[16] = "%", number[FORMAT_NUMBER_MAX];
    size_t at = 1;
    while (at < 6 && (isdigit((unsigned char)*p) || *p == '.' || *p == '-')) {
        shape[at++] = *p++;
    }
    /* Two digits at most on either side of the point: no wide padding. */
    bool wide = strspn(shape + 1, "0123456789") > 2 || strlen(shape) > 6;
    if (wide || strchr("dfs", *p) == NULL || *p == '\0' || (*p == 's' && at > 1)) {
        luaL_error(lua, "%s", _("format offers %d %5d %.2f %s %% only"));
    }
    if (*p == 's') {
        if (lua_type(lua, argument) != LUA_TSTRING && lua_type(lua, argument) != LUA_TNUMBER) {
            luaL_error(lua, _("argument %d of format is no text"), argument);
        }
        lua_pushvalue(lua, argument);
        luaL_addvalue(b);
    } else if (*p == 'd') {
        strcpy(shape + at, "lld");
        snprintf(number, sizeof number, shape, (long long)luaL_checkinteger(lua, argument));
        luaL_addstring(b, number);
    } else {
        strcpy(shape + at, "f");
        snprintf(number, sizeof number, shape, (double)luaL_checknumber(lua, argument));
        luaL_addstring(b, number);
    }
    return p + 1;
}

static int string_format(lua_State *lua)
{
    size_t len;
    const char *p = check_text(lua, 1, &len), *end = p + len;
    int argument = 1;
    luaL_Buffer b;
    luaL_buffinit(lua, &b);
    while (p < end) {
        if (*p != '%') {
            luaL_addchar(&b, *p++);
        } else if (p[1] == '%') {
            luaL_addchar(&b, '%');
            p += 2;
        } else {
            sandbox_charge(lua, 4);
            p = format_one(lua, &b, p + 1, ++argument);
        }
    }
    luaL_pushresult(&b);
    return 1;
}

void strings_install(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"len", string_len}, {"sub", string_sub},
        {"lower", string_lower}, {"upper", string_upper}, {"rep", string_rep},
        {"starts", string_starts}, {"ends", string_ends}, {"trim", string_trim},
        {"find", string_find}, {"match", string_match}, {"format", string_format}, {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
}
