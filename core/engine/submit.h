/* engine/submit.h — the way of a command: intake, decision, batch, durability, answer. */
#ifndef FQ_ENGINE_SUBMIT_H
#define FQ_ENGINE_SUBMIT_H

#include "engine/engine_private.h"

void submit_abandon(struct engine *e); /* frees what is still on its way; nobody is called */

/* Asks what is due in a case; done gets the struct pending itself as ctx. */
void submit_due(struct engine *e, int64_t case_id, command_cb done);
/* A command of the engine's own; takes args. */
void submit_own(struct engine *e, enum command_kind kind, int64_t case_id, json_t *args,
    command_cb done, void *ctx);

/* A record of the engine's own joins the open batch; takes the unit. */
void submit_record(struct engine *e, struct store_unit *u);

#endif
