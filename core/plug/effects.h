/* plug/effects.h — the dispatcher: pending effects go out, answers come back, nothing is lost.
 *
 * An effect is a row the event's own transaction wrote. The dispatcher reads what is pending and
 * due, hands each to the taker of its kind, and writes the answer down: done, try again at a time,
 * or failed for good. What is not answered stays pending and is handed out again after a restart,
 * so a taker sees each effect at least once and knows repeats by the id. Kinds nobody takes stay
 * pending, are counted, and go out once somebody takes them.
 *
 * Attempts live in the row, so the growing delay goes on where it was after a restart. Times in
 * rows are the daemon's clock (virtual in demonstrations); the loop's timer only says when to look.
 */
#ifndef FQ_PLUG_EFFECTS_H
#define FQ_PLUG_EFFECTS_H

#include "base/wallclock.h"
#include "store/store.h"

#include "fengqiao/host.h"

struct loop;
struct effects; /* opaque */

enum {
    EFFECTS_HELD_MAX = FQ_EFFECTS_HELD_MAX, /* of one owner; the ABI promises the number */
    EFFECTS_PAGE = 64, /* rows of one question: its JSON stays far below a megabyte */
    /* First delay: a dropped connection is back in seconds. Longest: an hour, so that a repaired
     * mail server is noticed the same morning. */
    EFFECTS_DELAY_FIRST_MS = 5000,
    EFFECTS_DELAY_LONGEST_MS = 3600 * 1000,
    /* Ten growing delays take 85 minutes, then one attempt an hour: 205 attempts outlast eight
     * days, the longest public holiday, in which nobody is there to repair anything. */
    EFFECTS_ATTEMPTS_MAX = 205,
    EFFECTS_LOOK_MS = 30 * 1000, /* looks even when nobody said there is something */
    EFFECTS_WHY_MAX = 400,       /* bytes of a kept reason */
};

struct effect {
    int64_t id, at_ms;
    int attempts; /* earlier ones */
    const char *kind, *number;
    const json_t *data;
};

/* True: taken, an answer will come. False: not now; tried again after a while. */
typedef bool (*effect_take_fn)(const struct effect *e, void *owner);

enum effect_answer { EFFECT_DONE, EFFECT_RETRY, EFFECT_FAILED };

struct effects *effects_open(struct store *store, const struct wallclock *clock, struct loop *loop);
/* Writes the answers given so far, waits for that a few seconds at most, and forgets the rest.
 * Polls the store. Accepts NULL. */
void effects_free(struct effects *f);

/* Who takes a kind already; NULL: nobody. */
void *effects_owner(const struct effects *f, const char *kind);
/* One taker for each kind: refused (false) when there is one. */
bool effects_add_taker(struct effects *f, const char *kind, effect_take_fn take, void *owner);
/* The owner's kinds have no taker any more; what it held stays pending. */
void effects_drop_owner(struct effects *f, void *owner);

/* Something may be pending: at the start, after commits, after effects.retry, after the clock was
 * moved. */
void effects_look(struct effects *f);
/* New rows only; cheap. */
void effects_look_new(struct effects *f);

/* delay_ms 0: the growing delay. False when the owner does not hold this effect. */
bool effects_answer(struct effects *f, void *owner, int64_t id, enum effect_answer answer,
    int64_t delay_ms, const char *why);

size_t effects_held(const struct effects *f, const void *owner); /* handed out, not answered */
/* Nothing being asked, written or handed over. */
bool effects_idle(const struct effects *f);
/* {held, done, retried, failed, untaken:{kind: n}}; new reference. */
json_t *effects_status(const struct effects *f);

int64_t effects_delay_ms(int attempts); /* after so many attempts before this one */

#endif
