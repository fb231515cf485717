/* client/trust.h — whom a tls:// server must be: by the system's authorities, by --ca, or by the
 * fingerprint of its certificate. Nothing is believed for being seen first: a fingerprint counts
 * only when somebody wrote it down, and a login remembers what it was made with. */
#ifndef FQ_CLIENT_TRUST_H
#define FQ_CLIENT_TRUST_H

#include "base/err.h"

struct client;
struct tls_peer; /* io/tls.h */

/* What holds for c->server: the options, FENGQIAO_CA and FENGQIAO_PIN, what a login remembered,
 * client.json. Loads nothing yet. */
void trust_choose(struct client *c, const char *ca, const char *pin);
/* c->trust for a tls:// server; others need none. */
bool trust_ready(struct client *c, struct err *err);
/* After a login: later commands at this server need not name it again. */
bool trust_keep(struct client *c, struct err *err);
void trust_close(struct client *c);

/* The problem with a certificate in words, and what would help. */
bool trust_explain(const struct tls_peer *peer, const char *name, struct err *err);

#endif
