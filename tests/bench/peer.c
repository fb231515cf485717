/* bench/peer.c — see peer.h. Answers are told apart by their first bytes and parsed only where the
 * bench needs what they say: the client must not eat the processor the daemon is measured on. */
#include "bench/peer.h"

#include "base/memory.h"
#include "base/wallclock.h"
#include "io/loop.h"
#include "io/stream.h"
#include "wire/envelope.h"
#include "wire/frame.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct peer {
    struct loop *loop; /* borrowed */
    struct stream *stream;
    struct frames in;
    bool connected, closed;
    struct { /* what is waited for, in the order of the answers */
        int64_t sent_us;
        reply_fn fn;
        void *ctx;
    } asked[PEER_DEPTH_MAX];
    size_t first, waiting;
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "load: %s: %s\n", what, why);
    exit(1);
}

static void on_line(struct peer *p, const char *line, size_t len)
{
    static const char result[] = "\"result\":", error[] = "\"error\":";
    const char *good = strstr(line, result), *bad = strstr(line, error);
    if (p->waiting == 0) {
        die("an answer nobody asked for", line);
    }
    size_t at = p->first;
    struct reply r = {.line = line, .len = len, .took_us = monotonic_us() - p->asked[at].sent_us};
    r.ok = good != NULL && (bad == NULL || good < bad);
    p->first = (p->first + 1) % PEER_DEPTH_MAX;
    p->waiting--;
    p->asked[at].fn(p, &r, p->asked[at].ctx);
}

static void on_data(void *ctx, const char *data, size_t len)
{
    struct peer *p = ctx;
    char *line;
    size_t line_len;
    frames_feed(&p->in, data, len);
    while (frames_next(&p->in, &line, &line_len) == FRAME_LINE) {
        on_line(p, line, line_len);
    }
}

static void on_close(void *ctx, const struct err *why)
{
    struct peer *p = ctx;
    if (p->waiting > 0 || why != NULL) {
        die("connection lost", why != NULL ? why->message : "closed by the daemon");
    }
    p->closed = true;
}

static void on_connect(struct stream *s, const struct err *err, void *ctx)
{
    static const struct stream_events events = {.on_data = on_data, .on_close = on_close};
    struct peer *p = ctx;
    if (s == NULL) {
        die("no connection", err->message);
    }
    p->stream = s;
    p->connected = true;
    stream_start(s, &events, p);
}

static struct peer *peer_new(struct loop *l)
{
    struct peer *p = mem_alloc(sizeof *p);
    p->loop = l;
    frames_init(&p->in, 0, false);
    return p;
}

static struct peer *wait_connected(struct peer *p)
{
    while (!p->connected) {
        loop_turn(p->loop, true);
    }
    return p;
}

struct peer *peer_open_tcp(struct loop *l, int port)
{
    struct peer *p = peer_new(l);
    stream_connect_tcp(l, "127.0.0.1", port, on_connect, p);
    return wait_connected(p);
}

struct peer *peer_open_unix(struct loop *l, const char *path)
{
    struct peer *p = peer_new(l);
    stream_connect_unix(l, path, on_connect, p);
    return wait_connected(p);
}

void peer_close(struct peer *p)
{
    if (p == NULL) {
        return;
    }
    assert(p->waiting == 0);
    if (!p->closed) {
        stream_close(p->stream);
    }
    while (!p->closed) {
        loop_turn(p->loop, true);
    }
    frames_close(&p->in);
    mem_free(p);
}

void peer_send(struct peer *p, const char *method, const char *params, reply_fn fn, void *ctx)
{
    struct buf line = {0};
    assert(p->waiting < PEER_DEPTH_MAX);
    size_t at = (p->first + p->waiting++) % PEER_DEPTH_MAX;
    p->asked[at].fn = fn;
    p->asked[at].ctx = ctx;
    buf_addf(&line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":", method);
    buf_adds(&line, params);
    buf_adds(&line, "}\n");
    p->asked[at].sent_us = monotonic_us();
    stream_write(p->stream, &line);
    buf_close(&line);
}

static void on_answer(struct peer *p, const struct reply *r, void *ctx)
{
    struct response response;
    struct err err = {0};
    (void)p;
    if (!response_read(&response, r->line, r->len, &err)) {
        die("no answer of the protocol", err.message);
    }
    if (!r->ok) {
        die("refused", response.err.message);
    }
    *(json_t **)ctx = json_incref(response.result);
    response_close(&response);
}

json_t *peer_ask(struct peer *p, const char *method, const char *params)
{
    json_t *result = NULL;
    peer_send(p, method, params, on_answer, &result);
    while (result == NULL) {
        loop_turn(p->loop, true);
    }
    return result;
}
