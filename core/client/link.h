/* client/link.h — one connection to a daemon: lines out, messages in. Blocking: a one-shot command
 * has nothing else to do, and subscriptions only read. */
#ifndef FQ_CLIENT_LINK_H
#define FQ_CLIENT_LINK_H

#include "base/err.h"

#include <stddef.h>

enum {
    LINK_BYTES_MAX = 16 << 20
}; /* of one answer; the largest page has 500 rows of about 2 KiB */

struct link; /* opaque */
struct buf;
struct frames;
struct tls_trust; /* io/tls.h */

/* "host:port", "tcp://host:port", "tls://host:port", "[::1]:7719" or "unix:/path"; trust is for
 * tls:// and may be NULL for others. NULL and ERR_PARAMS for an address that makes no sense,
 * ERR_OFFLINE when nobody answers there, ERR_CONFIG when it is not who it should be. */
struct link *link_open(
    const char *address, const struct tls_trust *trust, int timeout_ms, struct err *err);
void link_close(struct link *l); /* accepts NULL */
/* Sends the line and its line end. ERR_OFFLINE when the connection is gone. */
bool link_send(struct link *l, const char *line, size_t len, struct err *err);
/* The next message; new reference. NULL and ERR_OFFLINE when the connection ended, nothing came for
 * timeout_ms (-1: waits for ever), or the user pressed Ctrl-C; ERR_PROTOCOL for bytes that are no
 * message. */
json_t *link_receive(struct link *l, int timeout_ms, struct err *err);

/* For whoever polls by himself (the desk); neither waits. */
int link_fd(const struct link *l);
/* Takes what can leave now from out. False: the connection is gone. */
bool link_push(struct link *l, struct buf *out);
bool link_pushing(const struct link *l); /* sealed bytes wait, though out is empty */
enum link_pull { LINK_CAME, LINK_NOTHING, LINK_GONE };
enum link_pull link_pull(struct link *l, struct frames *in, struct err *err); /* once */

/* Ctrl-C ends the wait instead of the program (the shell stays). Call once. */
void link_catch_interrupt(void);
bool link_interrupted(void); /* since the last call */

#endif
