/* script/sandbox.c — allocator, budget and protected calls; see sandbox.h for the idea. */
#include "script/sandbox.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

const struct script_limits script_limits_default = {
    .instructions = 2000000,    /* ~20 ms; a guard of ours needs some hundred */
    .memory_bytes = 8u << 20,   /* a large flow needs below one MiB */
    .source_bytes = 128u << 10, /* the parser is quadratic on some sources: bounds it to 0.2 s */
};

struct sandbox *sandbox_of(lua_State *lua)
{
    struct sandbox *s;
    memcpy(&s, lua_getextraspace(lua), sizeof s);
    return s;
}

/* Line of the innermost Lua function. Allocates nothing: the allocator asks too. */
static int current_line(lua_State *lua)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(lua, level, &ar); level++) {
        if (lua_getinfo(lua, "l", &ar) && ar.currentline > 0) {
            return ar.currentline;
        }
    }
    return 0;
}

/* Keeps the last known line: after unwinding there is none to ask for. */
static void note_line(struct sandbox *s)
{
    int line = s->lua != NULL ? current_line(s->lua) : 0;
    s->line = line > 0 ? line : s->line;
}

static void end_budget(struct sandbox *s, enum sandbox_over over)
{
    if (s->over == OVER_NOT) {
        s->over = over;
        note_line(s);
    }
}

/* Refusing makes Lua collect once and then fail the call; the state is thrown away after. */
static void *limited_alloc(void *ctx, void *p, size_t old_size, size_t new_size)
{
    struct sandbox *s = ctx;
    size_t had = p != NULL ? old_size : 0;
    if (new_size == 0) {
        free(p);
        s->used_bytes -= had;
        return NULL;
    }
    if (new_size > had) {
        if (s->over != OVER_NOT) {
            return NULL;
        }
        s->steps_left -= (int64_t)(new_size / SANDBOX_BYTES_PER_STEP);
        if (s->steps_left < 0) {
            end_budget(s, OVER_STEPS);
            return NULL;
        }
        if (new_size > s->block_max || s->used_bytes + (new_size - had) > s->limits.memory_bytes) {
            note_line(s);
            return NULL;
        }
    }
    void *block = realloc(p, new_size);
    if (block != NULL) {
        s->used_bytes = s->used_bytes - had + new_size;
    }
    return block;
}

static _Noreturn void raise_over(lua_State *lua)
{
    lua_pushliteral(lua, "budget");
    lua_error(lua);
    abort(); /* not reached: lua_error does not return */
}

static void count_hook(lua_State *lua, lua_Debug *ar)
{
    (void)ar;
    struct sandbox *s = sandbox_of(lua);
    s->steps_left -= SANDBOX_HOOK_EVERY;
    if (s->steps_left < 0) {
        end_budget(s, OVER_STEPS);
    } else if (monotonic_us() > s->wall_end_us) {
        end_budget(s, OVER_WALL);
    }
    if (s->over != OVER_NOT) {
        raise_over(lua);
    }
}

void sandbox_charge(lua_State *lua, size_t steps)
{
    struct sandbox *s = sandbox_of(lua);
    s->steps_left -= steps < INT32_MAX ? (int64_t)steps : INT32_MAX;
    if (s->steps_left < 0) {
        end_budget(s, OVER_STEPS);
    } else if (monotonic_us() > s->wall_end_us) {
        end_budget(s, OVER_WALL);
    }
    if (s->over != OVER_NOT) {
        raise_over(lua);
    }
}

int sandbox_error(lua_State *lua, const char *fmt, ...)
{
    lua_pushfstring(lua, SANDBOX_CHUNK ":%d: ", current_line(lua));
    va_list args;
    va_start(args, fmt);
    lua_pushvfstring(lua, fmt, args);
    va_end(args);
    lua_concat(lua, 2);
    return lua_error(lua);
}

struct sandbox *sandbox_open(const struct script_limits *limits)
{
    struct sandbox *s = mem_alloc(sizeof *s);
    s->limits = limits != NULL ? *limits : script_limits_default;
    s->block_max = s->block_run = SANDBOX_BLOCK_RUN;
    s->steps_left = s->limits.instructions;
    s->lua = lua_newstate(limited_alloc, s);
    if (s->lua == NULL) {
        mem_free(s);
        return NULL;
    }
    memcpy(lua_getextraspace(s->lua), &s, sizeof s);
    lua_sethook(s->lua, count_hook, LUA_MASKCOUNT, SANDBOX_HOOK_EVERY);
    return s;
}

void sandbox_free(struct sandbox *s)
{
    if (s != NULL) {
        lua_close(s->lua); /* no finalizers exist: nothing of the script runs */
        json_decref(s->lent);
        mem_free(s);
    }
}

void sandbox_compile(lua_State *lua, const char *source, size_t len)
{
    struct sandbox *s = sandbox_of(lua);
    s->block_max = s->block_run > SANDBOX_BLOCK_PARSE ? s->block_run : SANDBOX_BLOCK_PARSE;
    int status = luaL_loadbufferx(lua, source, len, "=" SANDBOX_CHUNK, "t");
    s->block_max = s->block_run;
    if (status != LUA_OK) {
        lua_error(lua);
    }
}

static bool over_error(struct sandbox *s, struct err *err)
{
    switch (s->over) {
    case OVER_STEPS:
        err_set(err, ERR_LIMIT,
            _("the script was stopped after %lld steps: is there a loop without end?"),
            (long long)s->limits.instructions);
        break;
    case OVER_MEMORY:
        err_set(err, ERR_LIMIT, _("the script was stopped: it needs more than %zu KiB of memory"),
            s->limits.memory_bytes / 1024);
        break;
    case OVER_WALL:
        err_set(err, ERR_LIMIT, _("the script was stopped after %d milliseconds"), SANDBOX_WALL_MS);
        break;
    default:
        err_set(err, ERR_LIMIT, _("the script was stopped: functions call each other too deeply"));
    }
    err_data(err, "line", json_integer(s->line));
    return false;
}

/* The message on top of the stack as valid UTF-8 of bounded length; anything else than a string
 * was not raised by us or by Lua, so it is named only. */
static bool script_error(struct sandbox *s, struct err *err)
{
    size_t len = 0;
    const char *raw = lua_type(s->lua, -1) == LUA_TSTRING ? lua_tolstring(s->lua, -1, &len) : NULL;
    char text[SANDBOX_MESSAGE_MAX + 1];
    size_t kept = 0;
    for (const char *p = raw, *end = raw != NULL ? raw + len : NULL; p != NULL && p < end;) {
        const char *start = p;
        int32_t c = utf8_next(&p, end);
        size_t bytes = (size_t)(p - start);
        if (kept + (c < 0 ? 4 : bytes) > SANDBOX_MESSAGE_MAX || c == 0) {
            break;
        }
        if (c < 0) { /* Lua quotes the byte it stumbled over; keep it readable */
            kept += (size_t)snprintf(text + kept, 5, "\\x%02X", (unsigned char)*start);
        } else {
            memcpy(text + kept, start, bytes);
            kept += bytes;
        }
    }
    text[kept] = '\0';
    err_set(
        err, ERR_SCRIPT, "%s", raw != NULL ? text : _("the script raised a value that is no text"));
    int line = strncmp(text, SANDBOX_CHUNK ":", sizeof SANDBOX_CHUNK) == 0
                   ? atoi(text + sizeof SANDBOX_CHUNK)
                   : 0;
    err_data(err, "line", json_integer(line));
    return false;
}

bool sandbox_run(struct sandbox *s, lua_CFunction fn, void *arg, struct err *err)
{
    s->steps_left = s->limits.instructions;
    s->wall_end_us = monotonic_us() + SANDBOX_WALL_MS * 1000;
    s->over = OVER_NOT;
    s->line = 0;
    s->block_max = s->block_run;
    lua_settop(s->lua, 0);
    lua_pushcfunction(s->lua, fn);
    lua_pushlightuserdata(s->lua, arg);
    int status = lua_pcall(s->lua, 1, 0, 0);
    s->block_max = s->block_run;
    if (status == LUA_OK) {
        return true;
    }
    if (status == LUA_ERRMEM) {
        end_budget(s, OVER_MEMORY);
    }
    const char *text = lua_type(s->lua, -1) == LUA_TSTRING ? lua_tostring(s->lua, -1) : "";
    if (strstr(text, "stack overflow") != NULL || status == LUA_ERRERR) {
        end_budget(s, OVER_DEPTH);
        if (s->line == 0 && strncmp(text, SANDBOX_CHUNK ":", sizeof SANDBOX_CHUNK) == 0) {
            s->line = atoi(text + sizeof SANDBOX_CHUNK);
        }
    }
    if (s->over != OVER_NOT) {
        over_error(s, err);
    } else {
        script_error(s, err);
    }
    lua_settop(s->lua, 0);
    return false;
}
