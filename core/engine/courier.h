/* engine/courier.h — delivers the letters between cases: each is a command of the engine's own
 * under the key "letter:<effect id>", so it happens once, whatever dies and however many engines
 * share the store; then the effect is marked done. Reads no clock. */
#ifndef FQ_ENGINE_COURIER_H
#define FQ_ENGINE_COURIER_H

#include "engine/engine_private.h"

void courier_turn(struct engine *e); /* end of a turn: asks for letters when some may be there */
bool courier_idle(const struct engine *e);
void courier_free(struct engine *e);

#endif
