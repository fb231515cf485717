/* plug/hooks.h — the engine's two extension points on the one side, the plugins' hooks on the
 * other. The engine never learns that plugins exist. */
#ifndef FQ_PLUG_HOOKS_H
#define FQ_PLUG_HOOKS_H

#include "engine/engine.h"
#include "plug/plugin.h"

/* Asks every plugin that vetoes, in configured order; the first no wins. A failing veto of a
 * required plugin stops the command (ERR_PLUGIN), of another it lets the command pass. The engine's
 * own commands (due clocks, recomputation) are never asked. */
bool hooks_ask(struct plugin *const plugins[], size_t count, const struct command *c,
    const struct casefile *kase, struct err *err);
void hooks_tell(struct plugin *const plugins[], size_t count, const json_t *event);

#endif
