/* engine/read.h — readers that wait for durability. */
#ifndef FQ_ENGINE_READ_H
#define FQ_ENGINE_READ_H

#include "engine/engine_private.h"

/* Nothing of the slot's case is in flight any more: its readers go on. */
void read_wake(struct engine *e, struct slot *slot);
/* Calls back, as the cache does, once nothing of the slot's case is in flight. */
void read_later(struct slot *slot, slot_cb done, void *ctx);

#endif
