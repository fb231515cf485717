/* engine/seal.h — sealed cases (检举控告): what they say is for the person they are assigned to
 * alone.
 *
 * The flow says when a case is sealed (struct flow_seal); the case then carries `sealed` and the
 * body it is sealed from. Others who have to do with it see that it is there, where it lies and its
 * time limits; lists, search, history, events and plugins never hold its words. */
#ifndef FQ_ENGINE_SEAL_H
#define FQ_ENGINE_SEAL_H

#include "engine/decision.h"

/* Seals or opens the case as its fields now say; a case that becomes sealed with nobody named
 * belongs to whoever sealed it. Called when fields changed. */
void seal_follow(struct decision *d);
/* Is the actor the one person (or the system)? True for every case that is not sealed. */
bool seal_named(const struct casefile *c, const struct actor *actor);
/* May the actor take a step? Refusal: ERR_FORBIDDEN. */
bool seal_lets_act(const struct casefile *c, const struct actor *actor, struct err *err);
/* May the case go to, or be watched by, that body? */
bool seal_keeps_from(const struct casefile *c, const struct body *b);
/* Takes the words out of a page (engine_case_page). */
void seal_page(json_t *page);
void seal_clocks(json_t *clocks); /* the same, of its list of clocks */
/* An event's data without words; new reference. */
json_t *seal_event(const json_t *data);

#endif
