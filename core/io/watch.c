/* io/watch.c — see watch.h. */
#include "io/watch.h"

#include "base/memory.h"
#include "io/loop_private.h"

struct watch {
    uv_poll_t uv;
    watch_fn fn;
    void *ctx;
    int fd;
};

static void watch_cb(uv_poll_t *handle, int status, int events)
{
    struct watch *w = handle->data;
    unsigned seen = status < 0 ? WATCH_ERROR : 0;
    seen |= (events & UV_READABLE) != 0 ? WATCH_READ : 0;
    seen |= (events & UV_WRITABLE) != 0 ? WATCH_WRITE : 0;
    w->fn(w->fd, seen, w->ctx);
}

static void closed_cb(uv_handle_t *handle)
{
    mem_free(handle->data);
}

struct watch *watch_open(struct loop *l, int fd, watch_fn fn, void *ctx)
{
    struct watch *w = mem_alloc(sizeof *w);
    if (uv_poll_init(&l->uv, &w->uv, fd) != 0) {
        mem_free(w);
        return NULL;
    }
    w->uv.data = w;
    w->fn = fn;
    w->ctx = ctx;
    w->fd = fd;
    return w;
}

void watch_set(struct watch *w, unsigned events)
{
    int wanted = ((events & WATCH_READ) != 0 ? UV_READABLE : 0) |
                 ((events & WATCH_WRITE) != 0 ? UV_WRITABLE : 0);
    if (wanted == 0) {
        uv_poll_stop(&w->uv);
    } else {
        uv_poll_start(&w->uv, wanted, watch_cb);
    }
}

void watch_free(struct watch *w)
{
    if (w != NULL) {
        uv_poll_stop(&w->uv); /* the fd may be closed, and its number used again, right after */
        uv_close((uv_handle_t *)&w->uv, closed_cb);
    }
}
