/* rpc/dispatch.h — a request finds its method, is checked, gets its caller, and runs.
 *
 * Order of the checks: method known, not a mutating notification, _meta well formed, caller known
 * (unless the method is anonymous), key present (mutating), params, deadline. A request never
 * waits for another one here. */
#ifndef FQ_RPC_DISPATCH_H
#define FQ_RPC_DISPATCH_H

#include "base/lang.h"
#include "base/wallclock.h"
#include "rpc/call.h"
#include "rpc/method.h"
#include "wire/envelope.h"

struct dispatch; /* opaque */

struct dispatch_options {
    const struct methods *methods; /* borrowed */
    const struct wallclock *clock; /* borrowed; for ids only */
    enum lang lang;                /* when neither request nor session says one */
    /* Finds out whose token it is, at once or later: answers by call_authenticated() or
     * call_fail(), exactly once. NULL: no token is any good. */
    void (*authenticate)(struct call *c, const char *token, void *ctx);
    void *ctx;
};

struct dispatch *dispatch_open(const struct dispatch_options *options);
/* No call may be open; accepts NULL. */
void dispatch_free(struct dispatch *d);
const struct methods *dispatch_methods(const struct dispatch *d);
enum lang dispatch_lang(const struct dispatch *d); /* when nobody said one */
/* From now on mutating methods are answered ERR_SHUTDOWN. */
void dispatch_shut(struct dispatch *d);
size_t dispatch_open_calls(const struct dispatch *d);
json_t *dispatch_stat(const struct dispatch *d); /* {calls, errors, open}; new reference */

/* The answer to a call: result, raw or err. Borrowed by the callback. */
struct answer {
    json_t *result;        /* an object; NULL with raw or err */
    const char *raw;       /* text of an object, as stored */
    bool replayed;         /* of raw: to be marked */
    const struct err *err; /* NULL: it went well */
    const char *trace;
    enum lang lang; /* of the request; in use */
};
typedef void (*answer_cb)(const struct answer *answer, void *ctx);

/* The open calls of one session, so that it can leave them when it closes. Zeroed is empty. */
struct call_list {
    struct call *first; /* borrowed: each call belongs to itself until it is answered */
};
void call_list_detach(struct call_list *list); /* they run on, unheard */

/* A request that came over a session. Exactly one callback, perhaps before the return, unless the
 * list is detached before. Params may be changed: the request is the session's alone. */
void dispatch_request(struct dispatch *d, struct session *session, struct call_list *list,
    const struct request *request, answer_cb done, void *ctx);

/* A request from inside the daemon (plugins): params as on the wire, with _meta; the actor is
 * settled already. Exactly one callback, perhaps before the return. Takes params. */
void dispatch_local(struct dispatch *d, const struct actor *actor, const char *method,
    json_t *params, answer_cb done, void *ctx);

#endif
