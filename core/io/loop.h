/* io/loop.h — the event loop: one thread, turns, and what is done at the end of each turn.
 *
 * A turn: timers, the end-of-turn steps in the order written here, then waiting for the network,
 * wake-ups and signals. Everything made on a loop (timers, streams, …) is freed before it; memory
 * goes in the close callback only, so loop_free() runs the loop until the last one is gone. */
#ifndef FQ_IO_LOOP_H
#define FQ_IO_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop; /* opaque */

struct loop *loop_open(void);
void loop_free(struct loop *l); /* accepts NULL; whoever made something on it has freed that */
void loop_run(struct loop *l);  /* until loop_stop() */
/* One turn; waits for something to happen when `wait`. False when nothing is left to wait for. */
bool loop_turn(struct loop *l, bool wait);
void loop_stop(struct loop *l); /* loop thread only; the current turn is finished first */
/* Something was left over for the next turn: do not wait before it. */
void loop_again(struct loop *l);
int64_t loop_now_ms(const struct loop *l); /* monotonic, as of this turn; for durations only */

/* The end of a turn, before waiting. The order is the promise: what fell due joins the batch, the
 * batch goes to the store, answers that are durable are released, and only then bytes are sent. */
enum turn_step {
    TURN_DUE,     /* clocks that have come */
    TURN_FLUSH,   /* hand the open batch to the store */
    TURN_RELEASE, /* deliver completions: replies, subscriptions, effects */
    TURN_SEND,    /* write what sessions have gathered */
    TURN_STEPS,
};
typedef void (*turn_fn)(void *ctx);
/* Called once in every turn. One function for each step and ctx. */
void loop_on_turn(struct loop *l, enum turn_step step, turn_fn fn, void *ctx);
void loop_off_turn(struct loop *l, enum turn_step step, turn_fn fn, void *ctx);

#endif
