/* engine/reveal.h — what the veil hides, shown to one person for a reason (查看记录). */
#ifndef FQ_ENGINE_REVEAL_H
#define FQ_ENGINE_REVEAL_H

#include "engine/engine_private.h"

/* What may be asked for: "party:2", "party:2.phone", "field:finding", "all". Does it exist in the
 * case, and may the actor see it? ERR_PARAMS, ERR_FORBIDDEN. */
bool reveal_fits(const struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *what, struct err *err);
/* The same in words without what is hidden: "申请人（第1方）的电话". Caller owns. */
char *reveal_words(const struct flow *flow, const char *what, const char *role);
/* The role of the party it asks for; NULL when it asks for none. */
const char *reveal_role(const struct casefile *c, const char *what);

#endif
