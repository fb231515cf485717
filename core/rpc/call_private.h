/* rpc/call_private.h — the call as call.c and dispatch.c know it. */
#ifndef FQ_RPC_CALL_PRIVATE_H
#define FQ_RPC_CALL_PRIVATE_H

#include "rpc/call.h"
#include "rpc/dispatch.h"

enum { TRACE_MAX = 64 /* bytes: an id, not a story */ };

struct call {
    struct dispatch *dispatch;
    const struct method *row; /* borrowed of its table */
    void *row_ctx;
    struct session *session; /* borrowed; NULL once it closed */
    struct call_list *list;  /* of the session; NULL when in none */
    struct call *prev, *next;
    json_t *params; /* owned: an object without _meta */
    json_t *meta;   /* owned; NULL when absent */
    struct actor actor;
    char *user, *role; /* owned: the actor's */
    char *token;       /* owned: what the request was asked under; may be NULL */
    enum lang lang;
    char trace[TRACE_MAX + 1];
    int64_t start_until_us; /* monotonic; INT64_MAX: no deadline */
    answer_cb done;         /* NULL: nobody listens any more */
    void *ctx;
};

/* Sends the answer to whoever waits, and frees the call. */
void call_end(struct call *c, struct answer *answer);
void call_set_actor(struct call *c, const struct actor *actor); /* copies its strings */

/* dispatch.c: counts and drops */
void dispatch_ended(struct dispatch *d, bool failed);
/* dispatch.c: the caller is known; the rest of the checks, then the method. */
void dispatch_go_on(struct call *c);

#endif
