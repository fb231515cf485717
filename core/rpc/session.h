/* rpc/session.h — one connection: frames in, replies out in the order of the requests.
 *
 * Calls are answered in any order; a reply waits here until every earlier one is out. At
 * SESSION_UNANSWERED_MAX open requests, or with too much unsent, the session stops reading and so
 * pushes back on the sender; nothing is dropped. It never speaks unasked, except to a connection
 * that holds a subscription. */
#ifndef FQ_RPC_SESSION_H
#define FQ_RPC_SESSION_H

#include "base/err.h"
#include "rpc/dispatch.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;  /* opaque; lives until its on_close callbacks have run */
struct sessions; /* rpc/sessions.h */
struct stream;   /* io/stream.h */

enum {
    SESSION_UNANSWERED_MAX = 1000, /* PROTOCOL 1.3 rule 4: pipelining deeper helps nobody */
    SESSION_BATCH_MAX = 100,       /* rule 4: a batch is answered in one line, which has a limit */
    SESSION_SLOW_BYTES = 4 << 20,  /* a subscriber this far behind is told so and let go */
    SESSION_IDLE_MS = 600 * 1000,  /* rule 10 */
};

/* Takes the stream. `local_admin`: the peer is root or the daemon's own user over the UNIX socket.
 */
struct session *session_open(struct sessions *all, struct stream *stream, bool local_admin);
void session_close(struct session *s); /* sends nothing more; open calls run on, unheard */
/* Closes when every request that was read has been answered and sent. */
void session_drain(struct session *s);

uint64_t session_id(const struct session *s); /* for logs: session=17 */
bool session_local_admin(const struct session *s);
const char *session_address(const struct session *s); /* "127.0.0.1" or "unix"; for slow-downs */

/* The login that later requests without _meta.token use. NULL user logs out. */
void session_bind(struct session *s, const char *user, const char *token);
const char *session_user(const struct session *s);  /* NULL: nobody */
const char *session_token(const struct session *s); /* what it logged in with; may be NULL */
/* The language of requests without _meta.lang (server.hello). */
void session_set_lang(struct session *s, enum lang lang);
enum lang session_lang(const struct session *s, enum lang otherwise); /* otherwise: none was set */

/* Subscriptions. A session with at least one may be sent notifications and has no idle limit. */
void session_hold(struct session *s);    /* one subscription more */
void session_release(struct session *s); /* one less */
/* Sends a notification, after the replies that are ready now. Takes params. False when there is no
 * subscription, the session is closing, or more than SESSION_SLOW_BYTES are waiting: then the
 * caller says events.closed by session_notify_last and ends the subscription. */
bool session_notify(struct session *s, const char *method, json_t *params);
void session_notify_last(
    struct session *s, const char *method, json_t *params); /* whatever waits */
size_t session_unsent(const struct session *s);             /* bytes */

/* Runs once when the session closes, for whoever keeps the pointer. */
typedef void (*session_close_fn)(struct session *s, void *ctx);
void session_on_close(struct session *s, session_close_fn fn, void *ctx);
void session_forget(struct session *s, session_close_fn fn, void *ctx); /* takes it back */

#endif
