/* io/stream.c — see stream.h.
 *
 * Bytes the socket takes at once are never copied; the rest waits in its own request. Finishing
 * lingers: closing a socket with unread bytes in it makes the kernel send a reset, and the peer
 * would lose the last answer, the very one that says why. So after the end is said, what comes is
 * read and dropped until the peer ends too, or for STREAM_LINGER_MS. */
#include "io/stream_private.h"

#include "base/lang.h"
#include "base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct write {
    uv_write_t uv;
    struct stream *stream;
    char *bytes; /* owned */
    size_t len;
};

/* --- life ------------------------------------------------------------------------------------ */

static void closed_cb(uv_handle_t *handle)
{
    struct stream *s = handle->data;
    if (--s->open_handles > 0) {
        return;
    }
    if (s->started) {
        s->events.on_close(s->ctx, s->why.code != ERR_NONE ? &s->why : NULL);
    }
    err_clear(&s->why);
    tls_free(s->tls);
    mem_free(s);
}

struct stream *stream_new(struct loop *l, bool is_unix)
{
    struct stream *s = mem_alloc(sizeof *s);
    s->loop = l;
    s->is_unix = is_unix;
    if (is_unix) {
        uv_pipe_init(&l->uv, &s->uv.pipe, 0);
    } else {
        uv_tcp_init(&l->uv, &s->uv.tcp);
    }
    uv_timer_init(&l->uv, &s->linger);
    s->uv.handle.data = s;
    s->linger.data = s;
    s->shutdown.data = s;
    s->open_handles = 2;
    snprintf(s->peer, sizeof s->peer, "unix");
    return s;
}

void stream_settle(struct stream *s)
{
    if (s->is_unix) {
        return;
    }
    uv_tcp_nodelay(
        &s->uv.tcp, 1); /* replies are gathered per turn: waiting for more helps nobody */
    uv_tcp_keepalive(&s->uv.tcp, 1, STREAM_KEEPALIVE_S);
    struct sockaddr_storage address;
    int len = sizeof address;
    if (uv_tcp_getpeername(&s->uv.tcp, (struct sockaddr *)&address, &len) == 0) {
        uv_ip_name((struct sockaddr *)&address, s->peer, sizeof s->peer);
    }
}

struct stream *stream_adopt(struct loop *l, int fd, struct err *err)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        err_set(err, ERR_OFFLINE, _("not a socket: %s"), strerror(errno));
        return NULL;
    }
    struct stream *s = stream_new(l, address.ss_family == AF_UNIX);
    int failed = s->is_unix ? uv_pipe_open(&s->uv.pipe, fd) : uv_tcp_open(&s->uv.tcp, fd);
    if (failed != 0) {
        err_set(err, ERR_OFFLINE, _("not a socket: %s"), loop_error_text(failed));
        stream_close(s);
        return NULL;
    }
    stream_settle(s);
    return s;
}

void stream_close(struct stream *s)
{
    if (s->state == STREAM_CLOSING) {
        return;
    }
    s->state = STREAM_CLOSING;
    if (s->greetings != NULL) {
        greetings_left(s);
    }
    uv_close(&s->uv.handle, closed_cb);
    uv_close((uv_handle_t *)&s->linger, closed_cb);
}

static void fail(struct stream *s, int uv_error)
{
    if (s->state == STREAM_OPEN) {
        err_set(&s->why, ERR_OFFLINE, _("the connection broke: %s"), loop_error_text(uv_error));
    }
    stream_close(s);
}

void stream_fail(struct stream *s, struct err *why)
{
    if (s->state == STREAM_OPEN) {
        s->why = *why;
        memset(why, 0, sizeof *why);
    }
    err_clear(why);
    stream_close(s);
}

/* --- reading --------------------------------------------------------------------------------- */

static void alloc_cb(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct stream *s = handle->data;
    (void)suggested;
    *out = uv_buf_init(s->loop->read_bytes, sizeof s->loop->read_bytes);
}

void stream_ended(struct stream *s)
{
    s->ended = true;
    uv_read_stop(&s->uv.stream);
    if (s->state == STREAM_OPEN && s->events.on_end != NULL) {
        s->events.on_end(s->ctx);
    } else if (s->state == STREAM_FINISHING && uv_is_active((uv_handle_t *)&s->linger)) {
        stream_close(s); /* our end was said already: both are done */
    }
}

/* The socket's own end. Under TLS only a sealed one counts: a line that was cut is not a line. */
static void socket_ended(struct stream *s)
{
    struct err cut = {0};
    if (s->tls != NULL && s->state == STREAM_OPEN) {
        err_set(&cut, ERR_OFFLINE, _("the encrypted connection was cut"));
        stream_fail(s, &cut);
    } else {
        stream_ended(s);
    }
}

static void read_cb(uv_stream_t *handle, ssize_t len, const uv_buf_t *bytes)
{
    struct stream *s = handle->data;
    if (len > 0 && s->state == STREAM_OPEN && s->tls != NULL) {
        stream_tls_data(s, bytes->base, (size_t)len);
    } else if (len > 0 && s->state == STREAM_OPEN) {
        s->events.on_data(s->ctx, bytes->base, (size_t)len);
    } else if (len == UV_EOF) {
        socket_ended(s);
    } else if (len < 0) {
        fail(s, (int)len);
    }
}

void stream_read_on(struct stream *s)
{
    if (!s->ended && s->state != STREAM_CLOSING) {
        int failed = uv_read_start(&s->uv.stream, alloc_cb, read_cb);
        if (failed != 0 && failed != UV_EALREADY) {
            fail(s, failed);
        }
    }
}

void stream_start(struct stream *s, const struct stream_events *events, void *ctx)
{
    assert(!s->started && events->on_data != NULL && events->on_close != NULL);
    s->events = *events;
    s->ctx = ctx;
    s->started = true;
    stream_read_on(s);
}

void stream_pause(struct stream *s)
{
    if (s->state == STREAM_OPEN && !s->paused) {
        s->paused = true;
        uv_read_stop(&s->uv.stream);
    }
}

void stream_resume(struct stream *s)
{
    if (s->paused) {
        s->paused = false;
        stream_read_on(s);
    }
}

bool stream_paused(const struct stream *s)
{
    return s->paused;
}

/* --- writing --------------------------------------------------------------------------------- */

static void on_sent(struct stream *s, size_t len)
{
    s->unsent -= len;
    if (s->above_high && s->unsent < STREAM_LOW) {
        s->above_high = false;
        if (s->state == STREAM_OPEN && s->events.on_drain != NULL) {
            s->events.on_drain(s->ctx);
        }
    }
}

static void write_cb(uv_write_t *request, int status)
{
    struct write *w = request->data;
    struct stream *s = w->stream;
    size_t len = w->len;
    mem_free(w->bytes);
    mem_free(w);
    if (status < 0) {
        s->unsent -= len;
        fail(s, status);
    } else {
        on_sent(s, len);
    }
}

/* What the socket takes right now; 0 when others wait before. */
static size_t write_now(struct stream *s, const struct buf *b)
{
    if (s->unsent > 0) {
        return 0;
    }
    uv_buf_t bytes = uv_buf_init(b->data, (unsigned)b->len);
    int taken = uv_try_write(&s->uv.stream, &bytes, 1);
    return taken > 0 ? (size_t)taken : 0; /* errors come again with the request */
}

void stream_put(struct stream *s, struct buf *b)
{
    if (s->state == STREAM_CLOSING || b->len == 0) {
        buf_clear(b);
        return;
    }
    size_t taken = write_now(s, b);
    if (taken == b->len) {
        buf_clear(b);
        return;
    }
    struct write *w = mem_alloc(sizeof *w);
    w->stream = s;
    w->len = b->len - taken;
    w->bytes = buf_take(b);
    w->uv.data = w;
    s->unsent += w->len;
    s->above_high = s->above_high || s->unsent > STREAM_HIGH;
    uv_buf_t bytes = uv_buf_init(w->bytes + taken, (unsigned)w->len);
    int failed = uv_write(&w->uv, &s->uv.stream, &bytes, 1, write_cb);
    if (failed != 0) {
        write_cb(&w->uv, failed);
    }
}

void stream_write(struct stream *s, struct buf *b)
{
    if (s->state != STREAM_OPEN) {
        buf_clear(b);
    } else if (s->tls != NULL) {
        stream_tls_write(s, b);
    } else {
        stream_put(s, b);
    }
}

size_t stream_unsent(const struct stream *s)
{
    return s->unsent;
}

static void linger_cb(uv_timer_t *timer)
{
    stream_close(timer->data);
}

static void shutdown_cb(uv_shutdown_t *request, int status)
{
    struct stream *s = request->data;
    if (s->state != STREAM_FINISHING) {
        return;
    }
    if (status < 0 || s->ended) {
        stream_close(s);
    } else {
        uv_timer_start(&s->linger, linger_cb, STREAM_LINGER_MS, 0);
    }
}

void stream_finish(struct stream *s)
{
    if (s->state != STREAM_OPEN) {
        return;
    }
    if (s->tls != NULL) {
        stream_tls_finish(s);
    }
    if (s->state != STREAM_OPEN) {
        return; /* the socket broke over it */
    }
    s->state = STREAM_FINISHING;
    s->paused = false;
    stream_read_on(s);
    if (s->state == STREAM_FINISHING &&
        uv_shutdown(&s->shutdown, &s->uv.stream, shutdown_cb) != 0) {
        stream_close(s);
    }
}

/* --- asking ---------------------------------------------------------------------------------- */

bool stream_is_unix(const struct stream *s)
{
    return s->is_unix;
}

const char *stream_peer(const struct stream *s)
{
    return s->peer;
}

bool stream_peer_uid(const struct stream *s, uint32_t *uid_out)
{
    uv_os_fd_t fd;
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (!s->is_unix || uv_fileno(&s->uv.handle, &fd) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0) {
        return false;
    }
    *uid_out = peer.uid;
    return true;
}

struct loop *stream_loop(const struct stream *s)
{
    return s->loop;
}
