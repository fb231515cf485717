/* rpc/subscriptions.h — connections that are told what happens.
 *
 * Every subscription has a cursor: the last event it has been shown or has passed over. A new one
 * with `since` reads the history from the store page by page; only when a page ends at the newest
 * durable event does it turn live. Events are durable before the engine tells of them, so nothing
 * falls between history and live, and nothing comes twice: an event is shown only when its number
 * is greater than the cursor. */
#ifndef FQ_RPC_SUBSCRIPTIONS_H
#define FQ_RPC_SUBSCRIPTIONS_H

#include "rpc/call.h"

struct service;
struct subscriptions; /* opaque */

enum {
    SUBSCRIPTION_PAGE = 200,       /* events read at a time while catching up */
    SUBSCRIPTION_TICK_MS = 30000,  /* PROTOCOL 1.4: a dead line is noticed within a minute */
    SUBSCRIPTION_PUMP_MS = 50,     /* how soon a reader that was behind is looked at again */
    SUBSCRIPTION_BEHIND = 1 << 20, /* unsent bytes above which no further history is read for it */
};

/* Reads the number of the last event; listens to the engine from now on. */
struct subscriptions *subscriptions_open(struct service *s, struct err *err);
void subscriptions_free(struct subscriptions *all); /* accepts NULL */

void subscriptions_add(struct subscriptions *all, struct call *c); /* answers events.subscribe */
void subscriptions_remove(
    struct subscriptions *all, struct call *c); /* answers events.unsubscribe */
/* Ends those of a user (login over or revoked) or of everybody: events.closed{reason}. */
void subscriptions_end_user(struct subscriptions *all, const char *user, const char *reason);
/* Ends those made under one login. */
void subscriptions_end_token(struct subscriptions *all, const char *hash, const char *reason);
void subscriptions_stop(struct subscriptions *all);
size_t subscriptions_count(const struct subscriptions *all);
int64_t subscriptions_last_seq(const struct subscriptions *all);

/* --- shared with events.list ------------------------------------------------------------------ */

/* May an event (a row of ASK_EVENTS) be told to whoever has this scope (access_filter)? */
bool event_visible(const json_t *event, const json_t *scope);
/* What is told of it: seq, at, type, case, flow, actor, summary. New reference. */
json_t *event_public(struct service *s, const json_t *event);

#endif
