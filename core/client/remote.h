/* client/remote.h — calls to the daemon by the commands. */
#ifndef FQ_CLIENT_REMOTE_H
#define FQ_CLIENT_REMOTE_H

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
/* Sends every pending request of this user and server in order; *sent_out and *left_out count.
 * False only when the connection or the login is missing. */
bool remote_send_pending(struct client *c, size_t *sent_out, size_t *left_out, struct err *err);
void remote_close(struct client *c);

/* {"jsonrpc","id","method","params":{…,"_meta":{"lang","key"?,"token"?}}}; new reference; params is
 * borrowed and may be NULL; key and token may be NULL. */
json_t *remote_request(
    const char *id, const char *method, const json_t *params, const char *key, const char *token);
/* Fills err from a JSON-RPC error object. */
void remote_error(const json_t *error, struct err *err);
/* One request on the open connection and its answer; pushes that come in between are dropped.
 * false: no answer (ERR_OFFLINE) — or the server's error, then *answered_out is true. */
bool remote_exchange(struct client *c, const json_t *request, json_t **result_out,
    bool *answered_out, struct err *err);

#endif
