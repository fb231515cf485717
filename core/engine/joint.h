/* engine/joint.h — how far joint handling has come; for whoever has a case and no decision. */
#ifndef FQ_ENGINE_JOINT_H
#define FQ_ENGINE_JOINT_H

#include "domain/casefile.h"
#include "domain/flow.h"

/* Joint handling of the state the case is in. */
struct join {
    const struct flow_task *rule; /* NULL: the state has none */
    size_t asked, open, answered; /* of this stay */
    bool lead_asked, lead_answered;
    bool done;
};
struct join join_count(const struct flow_task *rule, const struct casefile *c);
bool task_in_round(const struct casefile *c, const json_t *task); /* joint, of this stay */

#endif
