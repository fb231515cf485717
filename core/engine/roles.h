/* engine/roles.h — who fills a role of a flow for a case, and where a case may go. */
#ifndef FQ_ENGINE_ROLES_H
#define FQ_ENGINE_ROLES_H

#include "engine/decision.h"

/* The body in which a role sits; NULL for AT_ANY, or when there is none. */
const struct body *role_seat(const struct engine *e, const struct casefile *c, enum flow_seat seat);
/* May the actor do `action` on the case by role? Refusal: ERR_FORBIDDEN with data.who. */
bool role_allows(const struct engine *e, const struct casefile *c, const struct flow *flow,
    const struct flow_action *action, const struct actor *actor, struct date today,
    struct err *err);
/* User ids of those who fill the role in that body; a seat of NULL has none. New reference. */
json_t *role_users(const struct engine *e, const struct flow_role *role, const struct body *seat,
    struct date today);
/* {role, role_title, body, body_name, users:[…]} of those who could. New reference. */
json_t *role_who(const struct engine *e, const struct casefile *c, const struct flow *flow,
    const char *role, struct date today);

/* The body a target means for this case; NULL with err (ERR_STATE) when there is none. With
 * for_watching the supervisor, not the host, is where "parent" counts from. */
const struct body *target_body(
    const struct decision *d, const struct flow_target *target, bool for_watching, struct err *err);

/* Is the row of the routing table for the category and the place of the case? */
bool route_fits(const struct decision *d, const struct flow_route *r);
/* The same when another workflow is to be hosted there (hand-over, sub-case). */
const struct body *target_hosting(const struct decision *d, const struct flow_target *target,
    const struct flow *hosted, bool for_watching, struct err *err);

#endif
