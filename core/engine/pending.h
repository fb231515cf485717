/* engine/pending.h — a command on its way, from the caller's memory to its one callback. */
#ifndef FQ_ENGINE_PENDING_H
#define FQ_ENGINE_PENDING_H

#include "engine/engine_private.h"

struct pending *pending_new(struct engine *e, const struct command *c, command_cb done, void *ctx);
void pending_free(struct pending *p);
void pending_abandon(struct engine *e); /* frees all of them; nobody is called */
/* The outcome is known; delivered at the end of the turn. Takes the content of err. */
void pending_finish(struct pending *p);
void pending_fail(struct pending *p, const struct err *err);
/* Calls back everyone whose outcome is known. */
void pending_deliver(struct engine *e);
/* Is the same key in flight already? Then p joins it (or is refused) and true is returned. */
bool pending_joins(struct pending *p);

#endif
