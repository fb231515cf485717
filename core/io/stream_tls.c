/* io/stream_tls.c — TLS below a stream: what the socket brings is opened before on_data, what is
 * written is sealed before the socket. Unsent bytes are counted sealed, as they lie in memory. */
#include "io/stream_private.h"

#include "base/lang.h"
#include "base/memory.h"

#include <assert.h>

/* To a greeting that is not TLS: "fatal alert, protocol version". Our own client reads from it that
 * this door speaks TLS; the library itself would say nothing. */
static const char not_tls[] = {0x15, 3, 1, 0, 2, 2, 70};

/* Handshake answers and key updates nobody of ours asked for: who makes us write them without ever
 * reading would fill the memory. */
static bool hoards(const struct stream *s, const struct buf *out)
{
    return out->len > 0 && s->unsent > STREAM_HIGH;
}

static void on_broken(struct stream *s, bool was_tls, struct err *why)
{
    if (s->greetings != NULL) {
        greetings_failed(s, why->message, was_tls);
    }
    stream_fail(s, why);
}

/* The greeting is over: somebody gets the stream. False when it did not live on. */
static bool handed_out(struct stream *s, enum tls_state now)
{
    if (s->greetings != NULL && now != TLS_GREETING) {
        greetings_done(s);
        assert(s->started || s->state == STREAM_CLOSING);
    }
    return s->state == STREAM_OPEN && s->started;
}

void stream_tls_data(struct stream *s, const char *bytes, size_t len)
{
    struct buf *plain = &s->loop->plain, out = {0};
    struct err why = {0};
    enum tls_state now = TLS_BROKEN;
    bool was_tls = s->heard || bytes[0] == 0x16; /* a greeting begins with a handshake record */
    s->heard = true;
    buf_clear(plain);
    if (was_tls) {
        now = tls_feed(s->tls, bytes, len, plain, &out, &why);
    } else {
        err_set(&why, ERR_OFFLINE, _("a greeting that is not TLS"));
        buf_add(&out, not_tls, sizeof not_tls);
    }
    if (now != TLS_BROKEN && hoards(s, &out)) {
        err_set(&why, ERR_OFFLINE, _("the peer does not read what it asks for"));
        now = TLS_BROKEN;
    }
    stream_put(s, &out);
    buf_close(&out);
    if (now == TLS_BROKEN) {
        on_broken(s, was_tls, &why);
        return;
    }
    if (!handed_out(s, now)) {
        return;
    }
    if (plain->len > 0) {
        s->events.on_data(s->ctx, plain->data, plain->len);
    }
    if (now == TLS_ENDED && s->state == STREAM_OPEN && !s->ended) {
        stream_ended(s);
    }
}

void stream_tls_write(struct stream *s, struct buf *b)
{
    struct buf out = {0};
    tls_write(s->tls, b->data, b->len, &out);
    buf_clear(b);
    stream_put(s, &out);
    buf_close(&out);
}

void stream_tls_finish(struct stream *s)
{
    struct buf out = {0};
    tls_end(s->tls, &out);
    stream_put(s, &out);
    buf_close(&out);
}
