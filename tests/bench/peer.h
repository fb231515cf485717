/* bench/peer.h — one connection to the daemon with some requests on their way; answers come in
 * the order of the requests. */
#ifndef FQ_BENCH_PEER_H
#define FQ_BENCH_PEER_H

#include "base/buf.h"
#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>

enum { PEER_DEPTH_MAX = 64 };

struct loop;
struct peer; /* opaque */

struct reply {
    bool ok;
    const char *line; /* the whole answer; borrowed, gone after the callback */
    size_t len;
    int64_t took_us; /* from the last byte written to the answer's line */
};
typedef void (*reply_fn)(struct peer *p, const struct reply *r, void *ctx);

/* Connects and returns when connected; a bench without its daemon is over: exits with a message. */
struct peer *peer_open_tcp(struct loop *l, int port);
struct peer *peer_open_unix(struct loop *l, const char *path);
void peer_close(struct peer *p); /* accepts NULL */

/* `params` is JSON text, copied. Exactly one callback, never before the return. */
void peer_send(struct peer *p, const char *method, const char *params, reply_fn fn, void *ctx);
/* Sends and turns the loop until the answer is there: new reference. A refusal exits. */
json_t *peer_ask(struct peer *p, const char *method, const char *params);

#endif
