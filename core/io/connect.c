/* io/connect.c — the other end of the doors: connecting (see stream.h). */
#include "io/stream_private.h"

#include "base/lang.h"
#include "base/memory.h"

#include <string.h>
#include <sys/un.h>

struct attempt {
    uv_connect_t uv;
    uv_idle_t later; /* carries a failure that is known at once: never before the return */
    struct stream *stream;
    connect_fn fn;
    void *ctx;
    int failed;
};

static void attempt_ended(struct attempt *a, int failed)
{
    struct err err = {0};
    struct stream *s = a->stream;
    connect_fn fn = a->fn;
    void *ctx = a->ctx;
    mem_free(a);
    if (failed == 0) {
        stream_settle(s);
        fn(s, NULL, ctx);
        return;
    }
    stream_close(s);
    err_set(&err, ERR_OFFLINE, _("cannot connect: %s"), loop_error_text(failed));
    fn(NULL, &err, ctx);
    err_clear(&err);
}

static void connect_cb(uv_connect_t *request, int status)
{
    attempt_ended(request->data, status);
}

static void later_closed_cb(uv_handle_t *handle)
{
    struct attempt *a = handle->data;
    attempt_ended(a, a->failed);
}

static void later_cb(uv_idle_t *handle)
{
    uv_close((uv_handle_t *)handle, later_closed_cb);
}

static void fail_later(struct attempt *a, int failed)
{
    a->failed = failed;
    uv_idle_init(&a->stream->loop->uv, &a->later);
    a->later.data = a;
    uv_idle_start(&a->later, later_cb);
}

static struct attempt *attempt_new(struct loop *l, bool is_unix, connect_fn fn, void *ctx)
{
    struct attempt *a = mem_alloc(sizeof *a);
    a->stream = stream_new(l, is_unix);
    a->fn = fn;
    a->ctx = ctx;
    a->uv.data = a;
    return a;
}

void stream_connect_tcp(struct loop *l, const char *address, int port, connect_fn fn, void *ctx)
{
    struct attempt *a = attempt_new(l, false, fn, ctx);
    struct sockaddr_storage at;
    const char *numeric = strcmp(address, "localhost") == 0 ? "127.0.0.1" : address;
    int failed = 0;
    if (uv_ip4_addr(numeric, port, (struct sockaddr_in *)&at) != 0) {
        failed = uv_ip6_addr(numeric, port, (struct sockaddr_in6 *)&at);
    }
    if (failed == 0) {
        failed = uv_tcp_connect(&a->uv, &a->stream->uv.tcp, (struct sockaddr *)&at, connect_cb);
    }
    if (failed != 0) {
        fail_later(a, failed);
    }
}

void stream_connect_unix(struct loop *l, const char *path, connect_fn fn, void *ctx)
{
    struct attempt *a = attempt_new(l, true, fn, ctx);
    struct sockaddr_un limit;
    if (strlen(path) >= sizeof limit.sun_path) { /* libuv would cut it and connect elsewhere */
        fail_later(a, UV_ENAMETOOLONG);
        return;
    }
    uv_pipe_connect(&a->uv, &a->stream->uv.pipe, path, connect_cb);
}
