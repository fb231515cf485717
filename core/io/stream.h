/* io/stream.h — a connected byte stream over TCP, TLS or a UNIX socket.
 *
 * The interface says nothing of the transport: TLS stands below it (stream_tls.c). Writes never
 * block: what the socket does not take waits in memory, stream_unsent() tells how much, and whoever
 * writes stops above STREAM_HIGH until on_drain. Closing has two phases: after stream_finish() or
 * stream_close() comes on_close, exactly once, and the stream is gone after it. */
#ifndef FQ_IO_STREAM_H
#define FQ_IO_STREAM_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct stream;     /* opaque */
struct listener;   /* opaque */
struct tls_server; /* io/tls.h */

enum {
    STREAM_HIGH = 1 << 20,   /* unsent bytes above which a writer should wait: one longest line */
    STREAM_LOW = 1 << 18,    /* on_drain comes below this */
    STREAM_LINGER_MS = 2000, /* after finishing, how long the peer may take to read and go */
    STREAM_KEEPALIVE_S = 60, /* PROTOCOL 1.3 rule 10 */
    GREETING_MS = 10000,     /* a TLS greeting takes two round trips, even by satellite */
    GREETINGS_MAX = 256,     /* greetings under way at one door; one more ends the oldest */
};

struct stream_events {
    void (*on_data)(void *ctx, const char *data, size_t len); /* len > 0; bytes borrowed */
    void (*on_end)(void *ctx);   /* the peer will send no more; it may still read. May be NULL */
    void (*on_drain)(void *ctx); /* unsent fell below STREAM_LOW after STREAM_HIGH. May be NULL */
    void (*on_close)(void *ctx, const struct err *why); /* why NULL: as asked. The stream is gone */
};

/* --- opening --------------------------------------------------------------------------------- */

/* Listening streams are handed out not reading yet: set their events, then stream_start(). */
typedef void (*accept_fn)(struct stream *s, void *ctx);
/* Numeric address; port 0 takes a free one (listener_port). */
struct listener *listener_open_tcp(
    struct loop *l, const char *address, int port, accept_fn fn, void *ctx, struct err *err);
/* The same with TLS: streams are handed out when the greeting is over, and fn starts or closes each
 * before it returns. Owns with, also when it fails. */
struct listener *listener_open_tls(struct loop *l, const char *address, int port,
    struct tls_server *with, accept_fn fn, void *ctx, struct err *err);
/* From now on this certificate; connections that are open keep theirs. Owns with. */
void listener_renew(struct listener *n, struct tls_server *with);
struct listener_tls {
    const struct tls_server *with; /* borrowed; NULL: a plain door */
    size_t greeting;               /* under way */
    uint64_t greeted, failed, late, crowded;
};
void listener_tls_read(const struct listener *n, struct listener_tls *out);
/* Replaces a socket file nobody listens on; refuses when somebody does, or it is no socket. */
struct listener *listener_open_unix(
    struct loop *l, const char *path, accept_fn fn, void *ctx, struct err *err);
int listener_port(const struct listener *n); /* 0 for UNIX */
void listener_free(struct listener *n);      /* accepts NULL; removes its socket file */

/* Exactly one callback, never before the return: s, or NULL with err. */
typedef void (*connect_fn)(struct stream *s, const struct err *err, void *ctx);
void stream_connect_tcp(struct loop *l, const char *address, int port, connect_fn fn, void *ctx);
void stream_connect_unix(struct loop *l, const char *path, connect_fn fn, void *ctx);
/* One end of a socketpair or an inherited socket. Owns fd. NULL when it is no stream socket. */
struct stream *stream_adopt(struct loop *l, int fd, struct err *err);

/* --- using ----------------------------------------------------------------------------------- */

void stream_start(struct stream *s, const struct stream_events *events, void *ctx); /* and reads */
void stream_pause(struct stream *s);  /* no on_data until resumed: pushes back on the peer */
void stream_resume(struct stream *s); /* asking twice is fine */
bool stream_paused(const struct stream *s);
/* Takes the bytes of b, which is empty after. After stream_finish() they are dropped. */
void stream_write(struct stream *s, struct buf *b);
size_t stream_unsent(const struct stream *s);
void stream_finish(struct stream *s); /* sends what waits, says end, lingers, closes */
void stream_close(struct stream *s);  /* at once */

bool stream_is_unix(const struct stream *s);
const char *stream_peer(const struct stream *s); /* numeric address without port, or "unix" */
/* The peer's user over a UNIX socket (SO_PEERCRED); false when unknown or TCP. */
bool stream_peer_uid(const struct stream *s, uint32_t *uid_out);
struct loop *stream_loop(const struct stream *s);

#endif
