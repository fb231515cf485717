/* rpc/clock_move.h — server.clock: moves a virtual clock so that every legal clock fires at its
 * own time.
 *
 * The move stops at each next due moment, fires what is due there, waits until that is durable,
 * and goes on; the answer is given when the clock stands at `to` and all is on disk. Other requests
 * are served in between, at whatever time it is then. */
#ifndef FQ_RPC_CLOCK_MOVE_H
#define FQ_RPC_CLOCK_MOVE_H

#include "rpc/call.h"

struct service;
struct clock_move; /* opaque */

void clock_move_start(struct service *s, struct call *c, int64_t to_ms); /* answers the call */
void clock_move_turn(struct service *s);                                 /* end of a turn */
void clock_move_stop(struct service *s);    /* refuses a move under way: the daemon stops */
void clock_move_free(struct clock_move *m); /* accepts NULL */

#endif
