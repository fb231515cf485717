/* client/desk/line.h — the connection of the desk: never waited for, comes back by itself.
 *
 * The address is resolved and connected on a thread of its own (a name server may be slow); all
 * else happens in line_work(), called when poll() says so. A line that broke is tried again after
 * 1, 2, 5, 10, then every 30 seconds. */
#ifndef FQ_CLIENT_DESK_LINE_H
#define FQ_CLIENT_DESK_LINE_H

#include "base/err.h"

#include <poll.h>
#include <stdint.h>

enum line_state {
    LINE_DOWN,       /* waits for the next try */
    LINE_CONNECTING, /* on its way */
    LINE_UP,
};

struct line;      /* opaque */
struct tls_trust; /* io/tls.h */

/* The answer to one request: result, or NULL and why. Both are borrowed. */
typedef void (*line_answer_cb)(void *ctx, const json_t *result, const struct err *why);

struct line_hooks {
    void (*up)(void *ctx);                          /* connected just now */
    void (*down)(void *ctx);                        /* not connected any more */
    void (*push)(void *ctx, const json_t *message); /* a notification of the server */
    void *ctx;
};

struct line *line_open(
    const char *server, struct tls_trust *trust, struct line_hooks hooks); /* trust may be NULL */
/* What a person must put right before a try can succeed: the server's certificate, the address;
 * "" when it is only the line. */
const char *line_trouble(const struct line *l);
void line_close(struct line *l); /* accepts NULL; no callback comes after */
enum line_state line_state(const struct line *l);
int line_attempt(const struct line *l); /* the number of the try under way or waited for */
int line_wait_seconds(const struct line *l, int64_t now_us); /* until the next try */
void line_try_now(struct line *l);                           /* does not wait for it */
/* Sends a request (borrowed; has a text "id"). false: there is no connection, and cb never comes.
 * true: cb comes exactly once, later; ERR_OFFLINE when the connection broke before the answer. */
bool line_send(struct line *l, const json_t *request, line_answer_cb cb, void *ctx);

/* For the loop: what to poll; poll's timeout in ms goes down to what the line needs. */
struct pollfd line_pollfd(const struct line *l, int64_t now_us, int *timeout_ms);
void line_work(struct line *l, short revents, int64_t now_us);

#endif
