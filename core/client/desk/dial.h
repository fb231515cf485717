/* client/desk/dial.h — connecting on a thread: resolving a name cannot be waited for by poll(). */
#ifndef FQ_CLIENT_DESK_DIAL_H
#define FQ_CLIENT_DESK_DIAL_H

#include "base/err.h"

struct dial; /* opaque */
struct link;
struct tls_trust;

struct dial *dial_start(const char *server, struct tls_trust *trust); /* trust may be NULL */
int dial_fd(const struct dial *d);                                    /* readable when it is over */
/* The connection, or NULL and why; ends the dial. Call once dial_fd() is readable. */
struct link *dial_take(struct dial *d, struct err *err);
void dial_abandon(struct dial *d); /* accepts NULL; the thread cleans up after itself */

#endif
