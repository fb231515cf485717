/* client/remote.h — calls to the daemon by the commands. */
#ifndef FQ_CLIENT_REMOTE_H
#define FQ_CLIENT_REMOTE_H

#include "base/random.h"
#include "client/client.h"

/* Reads: sent again once by itself when the connection broke. Takes the reference of params (may
 * be NULL). New reference to the result, or NULL with the server's error or ERR_OFFLINE. */
json_t *remote_call(struct client *c, const char *method, json_t *params, struct err *err);
/* The same for what may be read offline too: an answer is kept, and when the line is down the copy
 * is given, its time put into c->copy_at_ms and said once. Same ownership. */
json_t *remote_read(struct client *c, const char *method, json_t *params, struct err *err);
/* The copy alone, silently; *at_ms_out may be NULL. params is borrowed. NULL: there is none. */
json_t *remote_copy(struct client *c, const char *method, const json_t *params, int64_t *at_ms_out);
/* The user's cache at this server; NULL when copies are not allowed or nobody is logged in. */
struct copies *remote_copies(struct client *c);
/* Removes the copies of the login at hand. */
void remote_forget(struct client *c);
/* Changes: the request is a file in the outbox before it leaves, and stays there until an answer
 * came. Same ownership. */
json_t *remote_change(struct client *c, const char *method, json_t *params, struct err *err);
/* Connects and logs the connection in; sends what earlier runs left unanswered. */
bool remote_ready(struct client *c, struct err *err);
bool remote_outbox(struct client *c, struct err *err); /* opens c->outbox */
/* What became of the requests that waited. */
struct outbox_counts {
    size_t sent;  /* answered, well or not */
    size_t left;  /* not answered: no line, or the server is busy */
    size_t stuck; /* behind a conflict about the same case: the user has to decide first */
};
/* Sends the pending requests of this user and server, those of one case in their order. by_hand: at
 * once, also what waits for its next try. False only when the connection or the login is missing.
 */
bool remote_send_pending(
    struct client *c, bool by_hand, struct outbox_counts *counts_out, struct err *err);
/* A change that is kept and not sent: a draft. The key is its name, and its place in the order:
 * made at made_ms (0: now). params is borrowed; its _meta is set. */
bool remote_draft(struct client *c, const char *method, json_t *params, int64_t made_ms,
    char key_out[UUID_TEXT], struct err *err);
char *remote_sender(const struct client *c); /* "user@server"; caller owns */
void remote_close(struct client *c);

/* The parts of a change, for a caller that does not wait (the desk). */
/* The request of a change as the outbox keeps it; takes params. New reference. */
json_t *remote_change_request(
    struct client *c, const char *key, const char *method, json_t *params);
/* Files a refused request: a refusal the user reads right now needs no trace; one that lost a race,
 * or came after the fact (`again`), is kept with the answer. A missing login leaves an old request
 * where it is. */
void remote_settle_refused(struct client *c, const char *key, bool again, const struct err *why);

/* {"jsonrpc","id","method","params":{…,"_meta":{"lang","key"?,"token"?}}}; new reference; params is
 * borrowed and may be NULL; key and token may be NULL. */
json_t *remote_request(
    const char *id, const char *method, const json_t *params, const char *key, const char *token);
/* Fills err from a JSON-RPC error object. */
void remote_error(const json_t *error, struct err *err);
/* For the files beside this one: connected, without a login or pending requests; the token at hand
 * or NULL. */
bool remote_connect(struct client *c, struct err *err);
struct link *remote_link(struct client *c, struct err *err); /* one more; the caller's */
const char *remote_token(const struct client *c);
/* One request on the open connection and its answer; pushes that come in between are dropped.
 * false: no answer (ERR_OFFLINE) — or the server's error, then *answered_out is true. */
bool remote_exchange(struct client *c, const json_t *request, json_t **result_out,
    bool *answered_out, struct err *err);

#endif
