/* io/loop.c — see loop.h. The end-of-turn steps hang on one prepare handle, which libuv calls right
 * before it waits. */
#include "io/loop_private.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

static void turn_end_cb(uv_prepare_t *handle)
{
    struct loop *l = handle->data;
    for (int step = 0; step < TURN_STEPS; step++) {
        /* A function may take itself off: then its place holds the next one, or nothing. */
        for (size_t i = 0; i < l->hook_count[step]; i++) {
            struct turn_hook hook = l->hooks[step][i];
            hook.fn(hook.ctx);
            if (i < l->hook_count[step] &&
                (l->hooks[step][i].fn != hook.fn || l->hooks[step][i].ctx != hook.ctx)) {
                i--;
            }
        }
    }
}

static void again_cb(uv_idle_t *handle)
{
    uv_idle_stop(handle);
}

struct loop *loop_open(void)
{
    struct loop *l = mem_alloc(sizeof *l);
    int failed = uv_loop_init(&l->uv);
    assert(failed == 0); /* no descriptors left before anything was opened: nothing can run */
    (void)failed;
    l->uv.data = l;
    uv_prepare_init(&l->uv, &l->turn_end);
    l->turn_end.data = l;
    uv_prepare_start(&l->turn_end, turn_end_cb);
    uv_unref((uv_handle_t *)&l->turn_end); /* by itself no reason to go on */
    uv_idle_init(&l->uv, &l->again);
    return l;
}

void loop_free(struct loop *l)
{
    if (l == NULL) {
        return;
    }
    uv_close((uv_handle_t *)&l->turn_end, NULL);
    uv_close((uv_handle_t *)&l->again, NULL);
    uv_run(&l->uv, UV_RUN_DEFAULT); /* close callbacks of what was freed before */
    int busy = uv_loop_close(&l->uv);
    assert(busy == 0); /* somebody did not free what it made on this loop */
    (void)busy;
    buf_close(&l->plain);
    mem_free(l);
}

void loop_run(struct loop *l)
{
    uv_run(&l->uv, UV_RUN_DEFAULT);
}

bool loop_turn(struct loop *l, bool wait)
{
    return uv_run(&l->uv, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT) != 0;
}

void loop_stop(struct loop *l)
{
    uv_stop(&l->uv);
}

void loop_again(struct loop *l)
{
    uv_idle_start(&l->again, again_cb);
}

int64_t loop_now_ms(const struct loop *l)
{
    return (int64_t)uv_now(&l->uv);
}

void loop_on_turn(struct loop *l, enum turn_step step, turn_fn fn, void *ctx)
{
    assert(l->hook_count[step] < LOOP_HOOKS_MAX);
    l->hooks[step][l->hook_count[step]++] = (struct turn_hook){fn, ctx};
}

void loop_off_turn(struct loop *l, enum turn_step step, turn_fn fn, void *ctx)
{
    for (size_t i = 0; i < l->hook_count[step]; i++) {
        if (l->hooks[step][i].fn == fn && l->hooks[step][i].ctx == ctx) {
            size_t rest = --l->hook_count[step] - i;
            memmove(&l->hooks[step][i], &l->hooks[step][i + 1], rest * sizeof(struct turn_hook));
            return;
        }
    }
}

const char *loop_error_text(int uv_error)
{
    return uv_error == UV_EOF ? "EOF" : strerror(-uv_error);
}
