/* io/signal.c — see signal.h. */
#include "io/signal.h"

#include "base/memory.h"
#include "io/loop_private.h"

#include <assert.h>
#include <signal.h>

struct signal_watch {
    uv_signal_t uv;
    signal_fn fn;
    void *ctx;
};

static void signal_cb(uv_signal_t *handle, int signum)
{
    struct signal_watch *s = handle->data;
    s->fn(signum, s->ctx);
}

static void closed_cb(uv_handle_t *handle)
{
    mem_free(handle->data);
}

struct signal_watch *signal_open(struct loop *l, int signum, signal_fn fn, void *ctx)
{
    struct signal_watch *s = mem_alloc(sizeof *s);
    uv_signal_init(&l->uv, &s->uv);
    s->uv.data = s;
    s->fn = fn;
    s->ctx = ctx;
    int failed = uv_signal_start(&s->uv, signal_cb, signum);
    assert(failed == 0); /* only a number that is no signal fails */
    (void)failed;
    uv_unref((uv_handle_t *)&s->uv);
    return s;
}

void signal_free(struct signal_watch *s)
{
    if (s != NULL) {
        uv_close((uv_handle_t *)&s->uv, closed_cb);
    }
}

void signal_ignore_pipe(void)
{
    signal(SIGPIPE, SIG_IGN);
}
