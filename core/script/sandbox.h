/* script/sandbox.h — one Lua state that can harm nothing but its own call.
 *
 * Nothing is in it but what the rooms' own C functions put there: no library of Lua's is opened.
 * So there is no load, no coroutine, no pcall, no setmetatable, no collectgarbage, no io, no
 * clock: an error raised by the budget reaches the host, whatever the script does.
 *
 * The budget is one number. Instructions draw on it through a count hook, C functions through
 * sandbox_charge(), every growth of memory through the allocator. It is deterministic, so that
 * a decision does not depend on the machine; a wall limit far above it catches what is slow in
 * one instruction. Once over, it stays over until the next sandbox_begin(). */
#ifndef FQ_SCRIPT_SANDBOX_H
#define FQ_SCRIPT_SANDBOX_H

#include "base/err.h"
#include "script/script.h"

#include <lua.h>

enum {
    SANDBOX_HOOK_EVERY = 100,      /* instructions; a string compare may cost 0.1 ms each */
    SANDBOX_BLOCK_PARSE = 1 << 20, /* code of a large script */
    SANDBOX_BLOCK_RUN = 128 << 10, /* one string or table part: bounds every single operation */
    SANDBOX_BYTES_PER_STEP = 32,   /* copying so many bytes costs about one instruction */
    SANDBOX_WALL_MS = 2000,        /* only reached by what one instruction can make slow */
    SANDBOX_MESSAGE_MAX = 400,     /* bytes of an error message that leave the sandbox */
};

enum sandbox_over { OVER_NOT, OVER_STEPS, OVER_MEMORY, OVER_WALL, OVER_DEPTH };

struct script_view;

struct sandbox {
    lua_State *lua; /* owned */
    struct script_limits limits;
    size_t used_bytes;
    size_t block_max; /* now */
    size_t block_run; /* while running; SANDBOX_BLOCK_RUN unless set after opening */
    int64_t steps_left;
    int64_t wall_end_us;
    enum sandbox_over over; /* sticky */
    /* What the script may still read of the case it is asked about, and until when (freeze.h). */
    int64_t lease;
    json_t *lent;                   /* owned array; NULL: nothing */
    const struct script_view *view; /* borrowed during a call */
    int line;                       /* where the script was when the budget ended; 0 unknown */
};

/* NULL only when the limit is too small for an empty state. */
struct sandbox *sandbox_open(const struct script_limits *limits);
void sandbox_free(struct sandbox *s); /* accepts NULL; runs no code of the script */

/* Runs fn in protected mode with a full budget; fn finds arg as a light userdata at index 1.
 * false: ERR_LIMIT or ERR_SCRIPT with the raw message of Lua ("script:12: …"), data.line set. */
bool sandbox_run(struct sandbox *s, lua_CFunction fn, void *arg, struct err *err);
struct sandbox *sandbox_of(lua_State *lua);
/* Draws on the budget for work done in C; raises when it is over. */
void sandbox_charge(lua_State *lua, size_t steps);
/* Raises a message with the line of the innermost Lua function, for C called by C. Never returns.
 */
int sandbox_error(lua_State *lua, const char *fmt, ...);
/* Compiles text (never bytecode) and leaves the function on the stack; raises on bad syntax. */
void sandbox_compile(lua_State *lua, const char *source, size_t len);

/* What messages call the chunk inside: short, so that Lua never cuts it. */
#define SANDBOX_CHUNK "script"

#endif
