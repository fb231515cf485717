/* engine/unit.h — an accepted decision as the store writes it. */
#ifndef FQ_ENGINE_UNIT_H
#define FQ_ENGINE_UNIT_H

#include "engine/decision.h"

/* Seals the event (version, canonical text, hash), brings d->kase to its new version, and fills
 * p->event for listeners. Caller owns the unit and sets done and ctx. */
struct store_unit *unit_make(struct decision *d, struct pending *p);
/* The path of a case's place in the tree; "" when unknown. Borrowed. */
const char *case_place_path(const struct engine *e, const struct casefile *c);
/* What a list shows as the case's title: its first open text field, cut. Caller owns. */
char *case_title(const struct flow *flow, const struct casefile *c);

#endif
