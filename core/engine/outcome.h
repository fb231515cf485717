/* engine/outcome.h — things that happen by themselves: when a clock warns or runs late, after a
 * hook. */
#ifndef FQ_ENGINE_OUTCOME_H
#define FQ_ENGINE_OUTCOME_H

#include "engine/decision.h"

/* Runs one outcome of a clock's step; `clock` says which clock caused it (NULL: a hook or a jump).
 */
bool outcome_run(struct decision *d, const struct flow_outcome *o, const struct flow_clock *clock,
    struct err *err);
/* Runs what a hook returned: [{"do":"mark","name":…}, …]. */
bool outcome_run_hook(struct decision *d, const json_t *list, struct err *err);
/* Jumps of the ladder that apply now: up when they lead higher than the case stands and nothing
 * forbids it, and whoever is to know or to lead is asked (DOMAIN §2.f.2). */
bool outcome_jump(struct decision *d, struct err *err);
/* Lets a body watch the case (督办); the level follows when it stands higher. */
void outcome_watch(struct decision *d, const struct body *to, const char *why);

#endif
