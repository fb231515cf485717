/* io/stream_private.h — a stream as stream.c, listen.c and connect.c know it. */
#ifndef FQ_IO_STREAM_PRIVATE_H
#define FQ_IO_STREAM_PRIVATE_H

#include "io/loop_private.h"
#include "io/stream.h"
#include "io/tls.h"

enum {
    STREAM_PEER_TEXT = 64, /* an IPv6 address with its zone */
    STREAM_BACKLOG =
        1024, /* connections that wait to be accepted: a floor full of clients at 9:00 */
};

struct tls;
struct greetings;

enum stream_state {
    STREAM_OPEN,      /* read and written */
    STREAM_FINISHING, /* what waits is sent, then the end; what comes is dropped */
    STREAM_CLOSING,   /* uv_close was called; only on_close is still to come */
};

union stream_handle {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
};

struct stream {
    union stream_handle uv;
    struct loop *loop; /* borrowed */
    enum stream_state state;
    bool is_unix;
    bool started; /* events are set: on_close is owed */
    bool paused, ended, above_high;
    bool heard; /* TLS: something came */
    uv_shutdown_t shutdown;
    uv_timer_t linger; /* after finishing; before that, how long the TLS greeting may take */
    int open_handles;  /* of this struct; freed when the last close callback has run */
    size_t unsent;
    struct stream_events events;
    void *ctx;
    struct err why; /* of the close; code ERR_NONE: as asked */
    char peer[STREAM_PEER_TEXT];
    struct tls *tls;             /* owned; NULL: plain */
    struct greetings *greetings; /* borrowed; while the TLS greeting is under way: nobody has it */
    struct stream *next_greeting, *prev_greeting;
};

struct stream *stream_new(struct loop *l, bool is_unix);
void stream_settle(struct stream *s); /* connected: options, the peer's address */
void stream_read_on(struct stream *s);
void stream_ended(struct stream *s);                 /* the peer said its end */
void stream_put(struct stream *s, struct buf *b);    /* as it is to the socket; b is empty after */
void stream_fail(struct stream *s, struct err *why); /* closes; takes why */

/* --- stream_tls.c ------------------------------------------------------------------------------
 */

void stream_tls_data(struct stream *s, const char *bytes, size_t len); /* from the socket */
void stream_tls_write(struct stream *s, struct buf *b);
void stream_tls_finish(struct stream *s); /* says the end, sealed */

/* --- greetings.c: streams of a TLS door that are not handed out yet ----------------------------
 */

struct greetings *greetings_open(struct tls_server *with, accept_fn fn, void *ctx); /* owns with */
void greetings_free(struct greetings *g); /* accepts NULL; closes them */
void greetings_renew(struct greetings *g, struct tls_server *with);
void greetings_begin(struct greetings *g, struct stream *s);
void greetings_done(struct stream *s); /* hands it out */
void greetings_left(struct stream *s); /* it closes */
void greetings_failed(struct stream *s, const char *why, bool was_tls);
void greetings_count(const struct greetings *g, struct listener_tls *out);

#endif
