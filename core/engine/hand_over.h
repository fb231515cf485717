/* engine/hand_over.h — giving a matter to another body as a case of its own, and answering that. */
#ifndef FQ_ENGINE_HAND_OVER_H
#define FQ_ENGINE_HAND_OVER_H

#include "engine/decision.h"

/* May the action be taken as far as other cases matter: `within` its clock, no more hops than
 * allowed, the same matter not handled elsewhere (takes)? ERR_STATE with what would help. */
bool hand_over_allows(const struct decision *d, const struct flow_action *action, struct err *err);
/* After the act's own consequences: remembers a receipt; finds the body of a hand-over, writes the
 * link and the letter that opens the linked case. */
bool hand_over_follow(struct decision *d, const struct flow_action *action, struct err *err);

/* Opens a linked case by letter, whoever asks for it: kind is "to" or "sub". */
struct linked_case {
    const char *kind;
    const struct flow *flow;
    const struct body *body;
    const struct flow_carry *carry;
    size_t carry_count;
    bool sealed;
    const char *action; /* whose outcomes are run when news come; may be NULL */
    const char *reason; /* may be NULL */
};
/* The id of the new item in `links`; borrowed from the case. */
const char *linked_case_open(struct decision *d, const struct linked_case *order);

#endif
