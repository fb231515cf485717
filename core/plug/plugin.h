/* plug/plugin.h — one configured plugin: its library, its options, what it holds, its faults.
 *
 * States: FAILED (never opened: see last_error), OPEN, ENDING (no hook is called any more; its
 * resources are gone, work under way is waited for), CLOSED. Faults are counted; after
 * PLUGIN_FAULTS_MAX in a row the plugin ends and the daemon goes on without it. */
#ifndef FQ_PLUG_PLUGIN_H
#define FQ_PLUG_PLUGIN_H

#include "plug/effects.h"
#include "plug/loader.h"
#include "rpc/call.h"

#include "fengqiao/host.h"

enum {
    /* One bad event is no reason to lose a plugin, ten in a row are not chance. */
    PLUGIN_FAULTS_MAX = 10,
    PLUGIN_SLOW_MS = 50,     /* a hook this long is felt by everybody; counted and logged */
    PLUGIN_TIMERS_MAX = 256, /* more is a leak in the plugin */
    PLUGIN_WATCHES_MAX = 256,
    PLUGIN_CALLS_MAX = 256, /* unanswered rpc_call; the plugin waits instead of flooding */
    PLUGIN_TEXT_MAX = 512,  /* bytes of a reason or error a plugin writes */
};

enum plugin_state { PLUGIN_FAILED, PLUGIN_OPEN, PLUGIN_ENDING, PLUGIN_CLOSED };

/* What host functions reach; the same for all plugins. Borrowed. */
struct plugin_services {
    struct loop *loop;
    const struct wallclock *clock;
    struct engine *engine;
    struct effects *effects;
    struct dispatch *dispatch; /* NULL: rpc_call refuses */
    struct methods *methods;   /* NULL: methods are not offered */
};

struct plugin_timer; /* plug/host.c */
struct plugin_watch;
struct plugin_call;
struct plugin_answer;
struct plugin_rows; /* plug/methods.c */

struct plugin {
    const struct plugin_services *services; /* borrowed */
    char *path, *role;                      /* owned; role may be NULL */
    char *name, *version;                   /* owned; NULL until the library was read */
    bool required;
    bool unveiled; /* the configuration lets it know people: numbers, secrets, sealed cases */
    enum plugin_state state;
    struct module module;
    json_t *values; /* owned; checked options */
    struct fq_host host;
    void *self; /* the plugin's */
    char *user; /* owned "plugin:notify" */

    int64_t faults, slow; /* since the start */
    int faults_in_row;
    bool disabled; /* ended for its faults */
    char last_error[1024];

    struct plugin_timer *timers; /* owned lists, host.c */
    struct plugin_watch *watches;
    struct plugin_call *calls; /* rpc_call under way */
    size_t timer_count, watch_count, call_count;
    int64_t next_id;
    size_t working;                /* host->work under way */
    struct plugin_answer *answers; /* requests for its methods, not answered; methods.c */
    struct plugin_rows *rows;
    size_t held_by; /* callbacks of others that still point here */
    bool unwanted;  /* free when held_by is 0 */
    struct timer *end_timer;
};

/* Loads, checks and opens; refused when one of `others` that runs has the same name. False with
 * err: nothing of it runs, state is FAILED and last_error says why; the struct still has to be
 * freed. */
bool plugin_open(struct plugin *p, const json_t *options, struct plugin *const others[],
    size_t other_count, struct err *err);
struct plugin *plugin_new(
    const struct plugin_services *services, const char *path, const char *role, bool required);
/* Ends it (waits for its work by turning the loop) and frees it. Accepts NULL. */
void plugin_free(struct plugin *p);
const char *plugin_name(const struct plugin *p); /* the path while the name is not known */

/* Around every call of a hook: when it began, and what it returned. plugin_left() counts time and
 * faults and may end the plugin; result is FQ_OK, FQ_REFUSED (if the hook may) or a fault. */
int64_t plugin_enter(const struct plugin *p);
void plugin_left(
    struct plugin *p, const char *hook, int64_t entered_us, bool fault, const char *what);

json_t *plugin_status(const struct plugin *p); /* one row of plug_status; new reference */

/* host.c */
void host_init(struct plugin *p);
void host_end(struct plugin *p); /* timers and watches go, calls are answered */
/* methods.c */
bool plugin_methods_add(struct plugin *p, struct err *err);
void plugin_methods_end(struct plugin *p);
int plugin_methods_answer(struct plugin *p, int64_t id, struct fq_text result, const char *why);
int plugin_methods_fail(struct plugin *p, int64_t id, struct fq_text error);
/* The request of that id while it waits for its answer; NULL: unknown or answered. Borrowed. */
struct call *plugin_methods_open_call(struct plugin *p, int64_t id);

#endif
