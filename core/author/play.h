/* author/play.h — one scenario on a stage of its own: engine, store in memory, virtual clock. */
#ifndef FQ_AUTHOR_PLAY_H
#define FQ_AUTHOR_PLAY_H

#include "author/siblings.h"
#include "author/world.h"
#include "engine/engine.h"

struct play; /* opaque */

/* Takes the flow and the script. NULL with err; both are freed then too. */
struct play *play_open(const struct world *world, const struct siblings *siblings,
    struct flow *flow, struct script *script, struct err *err);
void play_free(struct play *p); /* accepts NULL */
/* Does one step of a scenario; false with the problem in words. */
bool play_step(struct play *p, const json_t *step, struct err *err);
/* Names of the states the cases of the flow itself went through and of the actions done; borrowed.
 */
const json_t *play_states(const struct play *p);
const json_t *play_actions(const struct play *p);
int play_days(const struct play *p); /* of virtual time */

#endif
