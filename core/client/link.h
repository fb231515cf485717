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

/* "host:port", "tcp://host:port", "[::1]:7719" or "unix:/path". NULL and ERR_PARAMS for an address
 * that makes no sense, ERR_OFFLINE when nobody answers there. */
struct link *link_open(const char *address, int timeout_ms, struct err *err);
void link_close(struct link *l); /* accepts NULL */
/* Sends the line and its line end. ERR_OFFLINE when the connection is gone. */
bool link_send(struct link *l, const char *line, size_t len, struct err *err);
/* The next message; new reference. NULL and ERR_OFFLINE when the connection ended, nothing came for
 * timeout_ms (-1: waits for ever), or the user pressed Ctrl-C; ERR_PROTOCOL for bytes that are no
 * message. */
json_t *link_receive(struct link *l, int timeout_ms, struct err *err);
int link_fd(const struct link *l);

/* Ctrl-C ends the wait instead of the program (the shell stays). Call once. */
void link_catch_interrupt(void);
bool link_interrupted(void); /* since the last call */

#endif
