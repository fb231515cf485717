/* engine/page_order.c — see page_order.h. */
#include "engine/page_order.h"

#include "base/memory.h"
#include "base/text.h"

enum rank {
    RANK_ON,     /* the usual step: to another state, no reason asked */
    RANK_RECORD, /* stays where it is */
    RANK_ASK,    /* other bodies are brought in, and the case goes on here */
    RANK_EXTEND,
    RANK_REASON, /* to another state, and must be justified */
    RANK_END,    /* closes without a result, justified */
    RANK_AWAY,   /* another body gets a case of its own, justified */
    RANKS,
};

static enum rank rank_of(
    const struct flow *flow, const struct casefile *c, const struct flow_action *a)
{
    const struct flow_state *to = a->to != NULL ? flow_state(flow, a->to) : NULL;
    bool moves = to != NULL && !text_equal(a->to, c->state);
    if (a->kind == ACTION_EXTEND) {
        return RANK_EXTEND;
    }
    if (a->hand_over != NULL) {
        return a->reason ? RANK_AWAY : RANK_ASK;
    }
    if (moves && to->final && a->reason) {
        return RANK_END;
    }
    if (a->reason) {
        return RANK_REASON;
    }
    if (!moves) {
        return RANK_RECORD;
    }
    return to->joint != NULL ? RANK_ASK : RANK_ON;
}

const struct flow_action **page_order_actions(const struct flow *flow, const struct casefile *c)
{
    const struct flow_action **list = mem_array(flow->action_count + 1, sizeof *list);
    size_t n = 0;
    for (int rank = 0; rank < RANKS; rank++) {
        for (size_t i = 0; i < flow->action_count; i++) {
            if (rank_of(flow, c, &flow->actions[i]) == (enum rank)rank) {
                list[n++] = &flow->actions[i];
            }
        }
    }
    return list;
}

bool page_order_is_now(const struct flow_action *a, const struct casefile *c)
{
    if (!name_in(a->from, c->state)) {
        return false;
    }
    const struct case_clock *k = a->kind == ACTION_EXTEND ? casefile_clock(c, a->clock) : NULL;
    return a->kind != ACTION_EXTEND ||
           (k != NULL && (k->state == CLOCK_RUNNING || k->state == CLOCK_LATE));
}
