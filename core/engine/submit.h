/* engine/submit.h — the way of a command: intake, decision, batch, durability, answer. */
#ifndef FQ_ENGINE_SUBMIT_H
#define FQ_ENGINE_SUBMIT_H

#include "engine/engine_private.h"

void submit_abandon(struct engine *e); /* frees what is still on its way; nobody is called */

/* A command of the engine's own (a due clock, a recomputation). */
void submit_own(struct engine *e, enum command_kind kind, int64_t case_id, json_t *args,
    command_cb done, void *ctx);

#endif
