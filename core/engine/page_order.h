/* engine/page_order.h — in which order the actions of a case are shown. */
#ifndef FQ_ENGINE_PAGE_ORDER_H
#define FQ_ENGINE_PAGE_ORDER_H

#include "engine/decision.h"

/* The actions as people need them: what leads on, what is put on record, what others are asked,
 * more time, what must be justified, ends, hand-overs to other tracks; within each the order of the
 * script. Owned array of flow->action_count borrowed actions. */
const struct flow_action **page_order_actions(const struct flow *flow, const struct casefile *c);
/* Does the action belong on the page of the case as it stands? Not in another state, and more time
 * only for a clock that runs. */
bool page_order_is_now(const struct flow_action *a, const struct casefile *c);

#endif
