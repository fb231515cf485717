/* engine/clock_change.h — the changes of a clock, and the due date that one of them carries. */
#ifndef FQ_ENGINE_CLOCK_CHANGE_H
#define FQ_ENGINE_CLOCK_CHANGE_H

#include "engine/decision.h"

json_t *clock_change(const char *op, const char *clock); /* {"op":op,"clock":clock} */
void clock_put_span(json_t *change, const char *key, struct span span);
/* The term of the register that was in force when the clock started; NULL: a limit of the script.
 */
const struct term *clock_term(const struct decision *d, const struct case_clock *k);
/* The question whose answer is the clock's due date. */
struct due_ask clock_ask(const struct decision *d, const struct case_clock *k);
/* Computes a due date and writes it, its explanation and the next step into the change. `k` is the
 * clock that had another date before (NULL: it starts). While it stays late, the steps it has taken
 * stay taken; else the warnings before the new date are given again. */
bool clock_put_due(const struct decision *d, json_t *change, const struct due_ask *ask,
    const struct flow_clock *fc, const struct case_clock *k, struct due *due, struct err *err);
/* Starts a clock of that name; `term` may be NULL. Refused when its date cannot be computed, or the
 * case has had too many. */
bool clock_begin(struct decision *d, const char *name, const char *title, const struct term *term,
    const struct due_ask *ask, const struct flow_clock *fc, struct err *err);
/* Ends one: "clock.met" or "clock.cancel", with the reason. */
void clock_end(struct decision *d, const struct case_clock *k, const char *op, const char *why);

#endif
