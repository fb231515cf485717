/* engine/case_view.h — what scripts are asked about a case, and what they see of it.
 *
 * They see `case` member by member: only what a function looks at is made. The guard of an action
 * also sees where that leads: `to_body` (the body the action's route leads to, when it can be told
 * already) and `bodies`: {[id] = {name, kind, agency, level, below}} for it and for every body the
 * form names; below: another body at or below the host's place. */
#ifndef FQ_ENGINE_CASE_VIEW_H
#define FQ_ENGINE_CASE_VIEW_H

#include "engine/decision.h"

/* Does a guard that takes no form agree? A refusal is an answer; false: the script failed. */
bool case_fits(struct decision *d, const char *guard, bool *fits_out, struct err *err);
/* The guard of an action, if it has one; input NULL: nothing was filled in yet. false: refused in
 * the script's words (ERR_GUARD), or the script failed. */
bool case_lets(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err);
/* Outcomes of the action's hook; new reference; NULL: the script failed. */
json_t *case_follow(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err);

#endif
