/* script/datafile.c — data written as Lua tables: return { … }.
 *
 * The chunk gets an empty environment: no function, no word, nothing to call. Loops are possible
 * and bounded by the budget; what comes out must be plain data. */
#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"
#include "script/convert.h"
#include "script/errors.h"
#include "script/freeze.h"
#include "script/outline.h"
#include "script/sandbox.h"
#include "script/script.h"
#include "script/stdlib.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { DATAFILE_BYTES_MAX = 4 << 20 }; /* a taxonomy of some thousand rows fits several times */

static const struct script_limits datafile_limits = {
    .instructions = 20000000,
    .memory_bytes = 64u << 20,
    .source_bytes = DATAFILE_BYTES_MAX,
};

struct datafile {
    const char *source;
    size_t len;
    json_t *value;
    struct err *err;
};

static int run(lua_State *lua)
{
    struct datafile *d = lua_touserdata(lua, 1);
    freeze_install(lua);
    sandbox_compile(lua, d->source, d->len);
    stdlib_push_empty(lua);
    lua_setupvalue(lua, -2, 1);
    lua_call(lua, 0, 1);
    if (lua_type(lua, -1) == LUA_TNIL) {
        luaL_error(lua, "%s", _("the file gives nothing: it must read return { … }"));
    }
    d->value = convert_to_json(lua, -1, false, d->err);
    return 0;
}

json_t *datafile_parse(const char *source, size_t len, const char *name, struct err *err)
{
    struct err problem = {0};
    if (len > DATAFILE_BYTES_MAX) {
        err_set(err, ERR_CONFIG, _("%s: larger than %d bytes"), name, DATAFILE_BYTES_MAX);
        return NULL;
    }
    struct datafile d = {source, len, NULL, &problem};
    struct outline *outline = outline_read(source, len, &problem);
    struct sandbox *box = outline != NULL ? sandbox_open(&datafile_limits) : NULL;
    if (box != NULL) {
        box->block_run = DATAFILE_BYTES_MAX; /* long lists */
        sandbox_run(box, run, &d, &problem);
    }
    sandbox_free(box);
    if (d.value == NULL) {
        errors_explain(&problem, name, source, len, outline);
        problem.code = ERR_CONFIG;
        if (err != NULL) {
            err_clear(err);
            *err = problem;
        } else {
            err_clear(&problem);
        }
    }
    outline_free(outline);
    return d.value;
}

json_t *datafile_load(const char *path, struct err *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        err_set(err, ERR_FILE, _("%s cannot be read: %s"), path, strerror(errno));
        return NULL;
    }
    struct buf text = {0};
    char part[8192];
    size_t got;
    while ((got = fread(part, 1, sizeof part, file)) > 0 && text.len <= DATAFILE_BYTES_MAX) {
        buf_add(&text, part, got);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    json_t *value = NULL;
    if (failed) {
        err_set(err, ERR_FILE, _("%s cannot be read: %s"), path, strerror(EIO));
    } else {
        value = datafile_parse(buf_text(&text), text.len, path, err);
    }
    buf_close(&text);
    return value;
}
