/* wire/frame.h — lines out of a byte stream, however it was cut on the way.
 *
 * A message is one line ended by LF; one CR before it is stripped; blank lines are skipped. A line
 * has a limit, and the first bytes are looked at: a browser, TLS, or SSH on this port is told apart
 * from a client before anything of it is parsed (cross-protocol attacks). */
#ifndef FQ_WIRE_FRAME_H
#define FQ_WIRE_FRAME_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { FRAME_LINE_MAX = 1 << 20 }; /* the largest form with room to spare; files go in chunks */

enum frame_kind {
    FRAME_MORE,     /* no complete line yet */
    FRAME_LINE,     /* a line */
    FRAME_TOO_LONG, /* more than line_max bytes without an end: the stream cannot go on */
    FRAME_FOREIGN,  /* another protocol: the stream cannot go on */
};

enum frame_foreign { FOREIGN_NONE, FOREIGN_HTTP, FOREIGN_TLS, FOREIGN_SSH };

struct frames {
    struct buf bytes;
    size_t start;    /* of the first byte not handed out */
    size_t searched; /* up to here there is no LF */
    size_t line_max;
    bool guard;             /* look for other protocols */
    bool begun;             /* a line was handed out already */
    enum frame_kind broken; /* FRAME_TOO_LONG or FRAME_FOREIGN once seen; else FRAME_MORE */
    enum frame_foreign foreign;
};

/* line_max 0: FRAME_LINE_MAX. A server guards, a client does not. */
void frames_init(struct frames *f, size_t line_max, bool guard);
void frames_close(struct frames *f);
void frames_feed(struct frames *f, const char *data, size_t len); /* not NUL-terminated */
/* The next line, without its end; NUL-terminated; borrowed until the next call on f. */
enum frame_kind frames_next(struct frames *f, char **line_out, size_t *len_out);
/* The peer sends no more: what is left without LF counts as a line (nc without final newline). */
void frames_end(struct frames *f);
size_t frames_waiting(const struct frames *f); /* bytes not handed out */
/* What to tell a peer whose stream is broken: ERR_REQUEST with data.reason and a hint. */
bool frames_explain(const struct frames *f, struct err *err);

#endif
