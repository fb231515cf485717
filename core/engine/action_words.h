/* engine/action_words.h — what people type to name an action, and its reason among the fields. */
#ifndef FQ_ENGINE_ACTION_WORDS_H
#define FQ_ENGINE_ACTION_WORDS_H

#include "engine/decision.h"

/* By id, by title, or by the beginning of the one title that begins so ("退回" for
 * "退回（不予调解函）"). NULL and ERR_PARAMS with the nearest one when there is none. */
const struct flow_action *action_named(const struct flow *flow, const char *name, struct err *err);
/* args.form without its reason; *reason_out (owned, may be NULL) is args.reason, or what was filled
 * in as "reason" or 理由 where the form has no such field of its own. New reference. */
json_t *action_form(const struct flow *flow, const struct flow_action *action, const json_t *args,
    char **reason_out);

#endif
