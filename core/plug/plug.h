/* plug/plug.h — plugins for the composition root: open all that are configured, and say how they
 * are.
 *
 * A wrong, missing or failing plugin that is `required` refuses the start; another is left out,
 * and plug_status() says so. A plugin that keeps failing later is ended and named there. A crash
 * (SIGSEGV) in a plugin is a crash of the daemon: it shares its memory. */
#ifndef FQ_PLUG_PLUG_H
#define FQ_PLUG_PLUG_H

#include "base/wallclock.h"
#include "engine/engine.h"
#include "rpc/dispatch.h"

struct loop;
struct plug; /* opaque */

struct plug_config {
    const char *path;      /* a file; without "/" the plugin of that name in `folder` */
    const char *role;      /* role its calls have; NULL: it may call nothing that needs a right */
    const json_t *options; /* object; NULL: none. Borrowed during plug_open() */
    bool required;
    bool unveiled; /* hooks get what is said as it is: the configuration vouches for the plugin */
};

struct plug_options {
    struct engine *engine; /* all borrowed; they outlive the plug */
    struct store *store;
    const struct wallclock *clock;
    struct loop *loop;
    struct dispatch *dispatch; /* NULL: plugins cannot call methods */
    struct methods *methods;   /* NULL: plugins cannot add methods */
    const char *folder;        /* of plugins named without a path; may be NULL */
    const struct plug_config *plugins;
    size_t count;
};

/* Call when the engine has its flows and organisation, before the doors open. Effects go out from
 * then on, those left over from the last run too. */
struct plug *plug_open(const struct plug_options *options, struct err *err);
/* From outside the loop (it is turned while a plugin's worker ends), when no request is open any
 * more, and before engine_free(): the engine must not run between the two. Accepts NULL. */
void plug_close(struct plug *p);

/* Pending effects may have changed behind the engine's back: after effects.retry and after the
 * virtual clock was moved. */
void plug_look(struct plug *p);
/* Everything configured is running. */
bool plug_healthy(const struct plug *p);
/* {ok, plugins:[{name, state, required, version, role, needs, effects, held, faults, slow,
 * last_error?}], effects:{held, done, retried, failed, untaken:{kind: n}}}; new reference. */
json_t *plug_status(const struct plug *p);

#endif
