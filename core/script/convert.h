/* script/convert.h — what leaves a script: Lua values become JSON (the way in is script/freeze.h).
 *
 * Checked: depth, number of values, bytes, encoding, cycles (by depth), functions,
 * numbers that JSON has not. Nothing here raises a Lua error on the way out, because a jump would
 * leak the half-built JSON. */
#ifndef FQ_SCRIPT_CONVERT_H
#define FQ_SCRIPT_CONVERT_H

#include "base/err.h"

#include <jansson.h>
#include <lua.h>
#include <stdbool.h>

enum {
    CONVERT_DEPTH_MAX = 24,      /* a flow nests 9 deep */
    CONVERT_NODES_MAX = 50000,   /* the largest flow has 3 000 values */
    CONVERT_BYTES_MAX = 1 << 20, /* one line of the wire */
    CONVERT_PATH_MAX = 256,
};

struct convert {
    bool words; /* tables made by words of the language may mix list and names */
    int depth;
    size_t nodes, bytes;
    char path[CONVERT_PATH_MAX]; /* "actions.accept.by[2]": where the problem is */
};

/* New reference, or NULL with ERR_SCRIPT and data.path. Word tables become objects with "$word",
 * "$name" and, for their unnamed values, "$list". An empty table becomes an empty array. */
json_t *convert_to_json(lua_State *lua, int index, bool words, struct err *err);

#endif
