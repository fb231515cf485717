/* io/stream_private.h — a stream as stream.c, listen.c and connect.c know it. */
#ifndef FQ_IO_STREAM_PRIVATE_H
#define FQ_IO_STREAM_PRIVATE_H

#include "io/loop_private.h"
#include "io/stream.h"

enum {
    STREAM_PEER_TEXT = 64, /* an IPv6 address with its zone */
    STREAM_BACKLOG =
        1024, /* connections that wait to be accepted: a floor full of clients at 9:00 */
};

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
    uv_shutdown_t shutdown;
    uv_timer_t linger;
    int open_handles; /* of this struct; freed when the last close callback has run */
    size_t unsent;
    struct stream_events events;
    void *ctx;
    struct err why; /* of the close; code ERR_NONE: as asked */
    char peer[STREAM_PEER_TEXT];
};

struct stream *stream_new(struct loop *l, bool is_unix);
void stream_settle(struct stream *s); /* connected: options, the peer's address */

#endif
