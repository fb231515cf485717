/* engine/undo.h — may what was done last be taken back, and the history that is needed to do so. */
#ifndef FQ_ENGINE_UNDO_H
#define FQ_ENGINE_UNDO_H

#include "engine/engine_private.h"

/* As far as the case itself tells: same person, nothing after, in time, nothing left the house.
 * Refusal: ERR_STATE with the reason. */
bool undo_open(const struct engine *e, const struct flow *flow, const struct casefile *c,
    const char *user, struct err *err);
/* {until, seconds_left} for whoever may undo, or NULL. New reference. */
json_t *undo_page(
    const struct engine *e, const struct flow *flow, const struct casefile *c, const char *user);

/* An undo is decided with the history of the case and the fate of its last event's effects. Must
 * they be read, or read again, before p is decided? */
bool undo_must_read(const struct pending *p, const struct slot *slot);
/* Reads them, once nothing of the case is in flight; then `next` with p, as the cache calls it. */
void undo_read(struct pending *p, struct slot *slot, slot_cb next);

#endif
