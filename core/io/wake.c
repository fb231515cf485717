/* io/wake.c — see wake.h. */
#include "io/wake.h"

#include "base/memory.h"
#include "io/loop_private.h"

#include <assert.h>

struct wake {
    uv_async_t uv;
    wake_fn fn;
    void *ctx;
};

static void wake_cb(uv_async_t *handle)
{
    struct wake *w = handle->data;
    w->fn(w->ctx);
}

static void closed_cb(uv_handle_t *handle)
{
    mem_free(handle->data);
}

struct wake *wake_open(struct loop *l, wake_fn fn, void *ctx)
{
    struct wake *w = mem_alloc(sizeof *w);
    int failed = uv_async_init(&l->uv, &w->uv, wake_cb);
    assert(failed == 0);
    (void)failed;
    w->uv.data = w;
    w->fn = fn;
    w->ctx = ctx;
    return w;
}

void wake_free(struct wake *w)
{
    if (w != NULL) {
        uv_close((uv_handle_t *)&w->uv, closed_cb);
    }
}

void io_wake(struct wake *w)
{
    uv_async_send(&w->uv);
}
