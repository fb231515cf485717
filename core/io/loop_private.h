/* io/loop_private.h — what the files of this room know of each other. Only here and in their .c
 * files stands uv_. */
#ifndef FQ_IO_LOOP_PRIVATE_H
#define FQ_IO_LOOP_PRIVATE_H

#include "base/buf.h"
#include "io/loop.h"

#include <stddef.h>
#include <uv.h>

enum {
    LOOP_READ_BYTES = 64 * 1024, /* one buffer for all streams: ten thousand idle ones cost none */
    LOOP_HOOKS_MAX = 16,         /* of one turn step: a handful of rooms and plugins */
};

struct turn_hook {
    turn_fn fn;
    void *ctx;
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t turn_end;
    uv_idle_t again; /* running: the next turn does not wait */
    struct turn_hook hooks[TURN_STEPS][LOOP_HOOKS_MAX];
    size_t hook_count[TURN_STEPS];
    char read_bytes[LOOP_READ_BYTES];
    struct buf plain; /* what TLS made of them: one buffer for all streams, too */
};

/* The words of libuv for an error of the system, localised as far as libc has them. */
const char *loop_error_text(int uv_error);

#endif
