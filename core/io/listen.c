/* io/listen.c — the doors: TCP and UNIX listeners (see stream.h). */
#include "io/stream_private.h"

#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct listener {
    union stream_handle uv;
    struct loop *loop; /* borrowed */
    accept_fn fn;
    void *ctx;
    char *path;                  /* owned; of a UNIX socket */
    struct greetings *greetings; /* owned; of a TLS door */
};

static void closed_cb(uv_handle_t *handle)
{
    struct listener *n = handle->data;
    mem_free(n->path);
    mem_free(n);
}

static void on_connection(struct listener *n)
{
    struct stream *s = stream_new(n->loop, n->path != NULL);
    if (uv_accept(&n->uv.stream, &s->uv.stream) != 0) {
        stream_close(s);
        return;
    }
    stream_settle(s);
    if (n->greetings != NULL) {
        greetings_begin(n->greetings, s);
    } else {
        n->fn(s, n->ctx);
    }
}

static void connection_cb(uv_stream_t *server, int status)
{
    if (status < 0) { /* out of descriptors: the peer waits in the backlog, others go on */
        log_event(LOG_WARNING, "io", "accept_failed", "error=%s", uv_err_name(status));
        return;
    }
    on_connection(server->data);
}

static struct listener *listener_new(struct loop *l, accept_fn fn, void *ctx)
{
    struct listener *n = mem_alloc(sizeof *n);
    n->loop = l;
    n->fn = fn;
    n->ctx = ctx;
    return n;
}

static bool start(struct listener *n, struct err *err)
{
    int failed = uv_listen(&n->uv.stream, STREAM_BACKLOG, connection_cb);
    return failed == 0 || err_set(err, ERR_CONFIG, _("cannot listen: %s"), loop_error_text(failed));
}

static bool parse_address(const char *text, int port, struct sockaddr_storage *out)
{
    if (strcmp(text, "localhost") == 0) {
        text = "127.0.0.1";
    }
    return uv_ip4_addr(text, port, (struct sockaddr_in *)out) == 0 ||
           uv_ip6_addr(text, port, (struct sockaddr_in6 *)out) == 0;
}

struct listener *listener_open_tcp(
    struct loop *l, const char *address, int port, accept_fn fn, void *ctx, struct err *err)
{
    struct sockaddr_storage at;
    if (port < 0 || port > 65535 || !parse_address(address, port, &at)) {
        err_set(err, ERR_CONFIG, _("not a numeric address and port: %s %d"), address, port);
        return NULL;
    }
    struct listener *n = listener_new(l, fn, ctx);
    uv_tcp_init(&l->uv, &n->uv.tcp);
    n->uv.handle.data = n;
    int failed = uv_tcp_bind(&n->uv.tcp, (struct sockaddr *)&at, 0);
    bool ok = failed == 0 || err_set(err, ERR_CONFIG, "%s", loop_error_text(failed));
    if (!ok || !start(n, err)) {
        err_prefix(err, "%s:%d: ", address, port);
        listener_free(n);
        return NULL;
    }
    return n;
}

struct listener *listener_open_tls(struct loop *l, const char *address, int port,
    struct tls_server *with, accept_fn fn, void *ctx, struct err *err)
{
    struct listener *n = listener_open_tcp(l, address, port, fn, ctx, err);
    if (n != NULL) {
        n->greetings = greetings_open(with, fn, ctx);
    } else {
        tls_server_free(with);
    }
    return n;
}

void listener_renew(struct listener *n, struct tls_server *with)
{
    assert(n->greetings != NULL);
    greetings_renew(n->greetings, with);
}

void listener_tls_read(const struct listener *n, struct listener_tls *out)
{
    memset(out, 0, sizeof *out);
    if (n->greetings != NULL) {
        greetings_count(n->greetings, out);
    }
}

/* Makes room for our socket file: a stale socket goes, anything else stays and is an error. */
static bool clear_path(const char *path, struct err *err)
{
    struct stat st;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path) {
        return err_set(err, ERR_CONFIG, _("%s: longer than a socket path may be (%zu bytes)"), path,
            sizeof at.sun_path - 1);
    }
    if (lstat(path, &st) != 0) {
        return true;
    }
    if (!S_ISSOCK(st.st_mode)) {
        return err_set(err, ERR_CONFIG, _("%s: exists and is not a socket"), path);
    }
    memcpy(at.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool taken = fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (taken) {
        return err_set(err, ERR_CONFIG, _("%s: another daemon listens there"), path);
    }
    unlink(path);
    return true;
}

struct listener *listener_open_unix(
    struct loop *l, const char *path, accept_fn fn, void *ctx, struct err *err)
{
    if (!clear_path(path, err)) {
        return NULL;
    }
    struct listener *n = listener_new(l, fn, ctx);
    uv_pipe_init(&l->uv, &n->uv.pipe, 0);
    n->uv.handle.data = n;
    int failed = uv_pipe_bind(&n->uv.pipe, path);
    if (failed != 0) {
        err_set(err, ERR_CONFIG, "%s: %s", path, loop_error_text(failed));
        listener_free(n);
        return NULL;
    }
    n->path = mem_strdup(path);
    if (!start(n, err)) {
        err_prefix(err, "%s: ", path);
        listener_free(n);
        return NULL;
    }
    return n;
}

int listener_port(const struct listener *n)
{
    struct sockaddr_storage at;
    int len = sizeof at;
    if (n->path != NULL || uv_tcp_getsockname(&n->uv.tcp, (struct sockaddr *)&at, &len) != 0) {
        return 0;
    }
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                          : ((struct sockaddr_in *)&at)->sin_port);
}

void listener_free(struct listener *n)
{
    if (n != NULL) {
        greetings_free(n->greetings);
        n->greetings = NULL;
        uv_close(&n->uv.handle, closed_cb); /* libuv unlinks the path it has bound */
    }
}
