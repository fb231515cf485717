/* server/server.h — the daemon put together: every room opened, joined and closed in its order. */
#ifndef FQ_SERVER_SERVER_H
#define FQ_SERVER_SERVER_H

#include "server/config.h"

struct server; /* opaque */

/* Opens everything up to the doors; the configuration is taken, flags (may be NULL) are kept for
 * reloads. NULL and the reason. */
struct server *server_open(struct config *config, const json_t *flags, struct err *err);
/* Serves until a signal ends it. 0: everything received was answered and is on disk; 1: the time
 * for an orderly stop ran out (nothing acknowledged is lost). */
int server_run(struct server *s);
void server_free(struct server *s); /* accepts NULL */

/* Would the daemon start with this? Reads configuration and reference data, touches nothing. */
bool server_check(const struct config *config, struct err *err);

#endif
