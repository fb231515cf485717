/* script/convert.c — see convert.h. */
#include "script/convert.h"

#include "base/lang.h"
#include "base/text.h"
#include "script/freeze.h"
#include "script/sandbox.h"
#include "script/words.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static json_t *refuse(struct convert *c, struct err *err, const char *what)
{
    if (c->path[0] != '\0') {
        err_set(err, ERR_SCRIPT, "%s: %s", c->path, what);
    } else {
        err_set(err, ERR_SCRIPT, "%s", what);
    }
    err_data(err, "path", json_string(c->path));
    return NULL;
}

static json_t *convert_value(lua_State *lua, struct convert *c, struct err *err);

static json_t *convert_string(lua_State *lua, struct convert *c, struct err *err)
{
    size_t len;
    const char *text = lua_tolstring(lua, -1, &len);
    c->bytes += len;
    if (c->bytes > CONVERT_BYTES_MAX) {
        return refuse(c, err, _("too much text"));
    }
    if (!utf8_valid(text, len) || memchr(text, '\0', len) != NULL) {
        return refuse(c, err, _("not valid UTF-8 text"));
    }
    return json_stringn(text, len);
}

static json_t *convert_number(lua_State *lua, struct convert *c, struct err *err)
{
    if (lua_isinteger(lua, -1)) {
        return json_integer(lua_tointeger(lua, -1));
    }
    double number = lua_tonumber(lua, -1);
    if (!isfinite(number)) {
        return refuse(c, err, _("not a finite number"));
    }
    return json_real(number);
}

/* Fits the table on top; sets *list_out to the length of its list part when that has no holes. */
static bool table_shape(
    lua_State *lua, struct convert *c, size_t *list_out, size_t *named_out, struct err *err)
{
    lua_Integer highest = 0;
    size_t numbered = 0, named = 0;
    for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        if (lua_type(lua, -2) == LUA_TSTRING) {
            named++;
        } else if (lua_isinteger(lua, -2) && lua_tointeger(lua, -2) > 0) {
            numbered++;
            highest = lua_tointeger(lua, -2) > highest ? lua_tointeger(lua, -2) : highest;
        } else {
            lua_pop(lua, 2);
            refuse(c, err, _("keys must be names or whole numbers from 1"));
            return false;
        }
    }
    if (highest != (lua_Integer)numbered) {
        refuse(c, err, _("a list has a hole: one of its values is nil"));
        return false;
    }
    *list_out = numbered;
    *named_out = named;
    return true;
}

/* Converts the value on top as child and pops it. */
static json_t *convert_child(
    lua_State *lua, struct convert *c, const char *name, size_t index, struct err *err)
{
    size_t mark = strlen(c->path);
    if (name != NULL) {
        snprintf(c->path + mark, sizeof c->path - mark, "%s%s", mark > 0 ? "." : "", name);
    } else {
        snprintf(c->path + mark, sizeof c->path - mark, "[%zu]", index);
    }
    json_t *child = convert_value(lua, c, err);
    lua_pop(lua, 1);
    if (child != NULL) {
        c->path[mark] = '\0';
    }
    return child;
}

static json_t *convert_list(lua_State *lua, struct convert *c, size_t count, struct err *err)
{
    json_t *list = json_array();
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i);
        json_t *child = convert_child(lua, c, NULL, i, err);
        if (child == NULL) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, child);
    }
    return list;
}

static json_t *convert_named(lua_State *lua, struct convert *c, bool word, struct err *err)
{
    json_t *object = json_object();
    for (lua_pushnil(lua); lua_next(lua, -2) != 0;) {
        if (lua_type(lua, -2) != LUA_TSTRING) {
            lua_pop(lua, 1);
            continue;
        }
        size_t len;
        const char *key = lua_tolstring(lua, -2, &len);
        bool good = len > 0 && len <= 200 && utf8_valid(key, len) && strlen(key) == len &&
                    (key[0] != '$' || word);
        json_t *child = good ? convert_child(lua, c, key, 0, err) : NULL;
        if (child == NULL) {
            if (!good) {
                refuse(c, err, _("a name that cannot be used"));
                lua_pop(lua, 1);
            }
            lua_pop(lua, 1);
            json_decref(object);
            return NULL;
        }
        json_object_set_new(object, key, child);
    }
    return object;
}

static json_t *convert_table(lua_State *lua, struct convert *c, struct err *err)
{
    bool word = words_is_word(lua, -1);
    if (word && !c->words) {
        return refuse(c, err, _("this word has no meaning here"));
    }
    size_t listed, named;
    if (!table_shape(lua, c, &listed, &named, err)) {
        return NULL;
    }
    if (named == 0) {
        return convert_list(lua, c, listed, err);
    }
    if (listed > 0 && !word) {
        return refuse(c, err, _("a table is either a list or has names, not both"));
    }
    json_t *object = convert_named(lua, c, word, err);
    json_t *list = object != NULL && listed > 0 ? convert_list(lua, c, listed, err) : NULL;
    if (list != NULL) {
        json_object_set_new(object, "$list", list);
    } else if (object != NULL && listed > 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* The value on top of the stack, which stays there. */
static json_t *convert_value(lua_State *lua, struct convert *c, struct err *err)
{
    if (++c->nodes > CONVERT_NODES_MAX) {
        return refuse(c, err, _("too many values"));
    }
    switch (lua_type(lua, -1)) {
    case LUA_TBOOLEAN:
        return json_boolean(lua_toboolean(lua, -1));
    case LUA_TNUMBER:
        return convert_number(lua, c, err);
    case LUA_TSTRING:
        return convert_string(lua, c, err);
    case LUA_TTABLE:
        break;
    case LUA_TFUNCTION:
        return refuse(c, err, _("a function is not data"));
    default:
        return refuse(c, err, _("not data"));
    }
    if (++c->depth > CONVERT_DEPTH_MAX || !lua_checkstack(lua, 8)) {
        return refuse(c, err, _("tables nest too deeply, or one contains itself"));
    }
    freeze_push_content(lua, -1);
    json_t *value = convert_table(lua, c, err);
    lua_pop(lua, 1);
    c->depth--;
    return value;
}

json_t *convert_to_json(lua_State *lua, int index, bool words, struct err *err)
{
    struct convert c = {.words = words};
    lua_pushvalue(lua, index);
    json_t *value = convert_value(lua, &c, err);
    lua_pop(lua, 1);
    return value;
}
