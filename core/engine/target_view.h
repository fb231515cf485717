/* engine/target_view.h — where an action would lead, as its guard sees it. */
#ifndef FQ_ENGINE_TARGET_VIEW_H
#define FQ_ENGINE_TARGET_VIEW_H

#include "engine/decision.h"

/* The case for scripts, and in it `to_body` (the body the action's route leads to, when it can be
 * told already) and `bodies`: {[id] = {name, kind, agency, level, below}} for it and for every body
 * the form names; below: another body at or below the host's place. New reference. */
json_t *target_view(struct decision *d, const struct flow_action *action, const json_t *input);

#endif
