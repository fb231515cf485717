/* fengqiao/plugin.h — what a plugin says about itself.
 *
 * A plugin is one shared library that exports one constant:
 *
 *     const struct fq_plugin fq_plugin = { .abi = FQ_ABI, .size = sizeof(struct fq_plugin), … };
 *
 * The daemon reads it, checks it, hands over a struct fq_host (host.h) in open(), and from then
 * on calls the hooks that are not NULL. plugins/skeleton/ is a whole plugin in under a hundred
 * lines; plugins/README.md walks through it.
 *
 * Versions. FQ_ABI changes only when something here changes its meaning; a plugin of another FQ_ABI
 * is refused. Within one FQ_ABI structs only grow at their end, and `size` tells how far the other
 * side knows them: the daemon treats members a plugin does not have as zero, and ignores members
 * it does not know itself. So an old plugin runs on a new daemon, and a new plugin runs on an
 * old daemon if it asks FQ_HAS() before it uses what came later. Rows of tables grow the same way,
 * by option_size and method_size. tests/check/abi keeps the offsets.
 *
 * Threads. Every hook is called on the daemon's loop thread, one at a time. A hook must return soon
 * (a few milliseconds): while it runs nobody is served. What waits belongs on the loop
 * (host->timer_start, host->watch), what computes or touches a disk into host->work.
 *
 * Ownership. What a hook receives is borrowed until it returns: copy what you keep. What stands in
 * fq_plugin must live as long as the library (constants do).
 *
 * Text is UTF-8. JSON crosses as text; a plugin may use any JSON library, or none. */
#ifndef FENGQIAO_PLUGIN_H
#define FENGQIAO_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define FQ_ABI 1u

/* The one symbol with default visibility a plugin needs. */
#define FQ_EXPORT __attribute__((visibility("default")))

struct fq_host; /* host.h */

/* Text with its length; not promised to end with NUL. {NULL, 0} is "absent". */
struct fq_text {
    const char *data;
    size_t len;
};

/* Does the struct behind p, as large as its own `size` says, have this member? */
#define FQ_HAS(p, member)                                                                          \
    ((const char *)&(p)->member + sizeof((p)->member) <= (const char *)(p) + (p)->size)

/* What hooks and most host functions return. Anything else counts as FQ_ERROR. */
enum {
    FQ_OK = 0,
    FQ_REFUSED = 1, /* before_command and methods: no, for the reason given */
    FQ_ERROR = 2,   /* the plugin itself failed; counted, and disabled when it keeps failing */
};

/* --- options ------------------------------------------------------------------------------- */

enum fq_option_kind {
    FQ_OPTION_TEXT = 1,   /* "…" */
    FQ_OPTION_NUMBER = 2, /* whole number, min..max */
    FQ_OPTION_FLAG = 3,   /* true or false; read as 1 or 0 */
    FQ_OPTION_SPAN = 4,   /* "30s" "10m" "2h" "1d", min..max; read as milliseconds */
    FQ_OPTION_MAP = 5,    /* { name = "text", … }; read as the text of a JSON object */
};

/* One row per option; the row is the documentation. The table ends with a row without name. The
 * configuration may write `smtp = { url = "…" }` for an option named "smtp.url". */
struct fq_option {
    const char *name;      /* "smtp.url" */
    int32_t kind;          /* enum fq_option_kind */
    int32_t required;      /* 1: opening is refused without it */
    const char *otherwise; /* as the configuration would write it; NULL: absent (or 0) */
    int64_t min, max;      /* of FQ_OPTION_NUMBER, and of FQ_OPTION_SPAN in ms; both 0: no limit */
    const char *help;      /* English msgid, translated by the plugin's zh_CN.po */
};

/* --- methods ------------------------------------------------------------------------------- */

/* A request for one of the plugin's methods. */
struct fq_call {
    uint32_t size;
    uint32_t reserved;
    int64_t id;          /* answer with host->call_reply or host->call_refuse, once, now or later */
    struct fq_text user; /* who asks */
    struct fq_text params; /* JSON object, checked against the row */
};

enum fq_param_kind {
    FQ_PARAM_TEXT = 1,
    FQ_PARAM_NUMBER = 2,
    FQ_PARAM_FLAG = 3,
    FQ_PARAM_OBJECT = 4
};

struct fq_param {
    const char *name;
    int32_t kind;     /* enum fq_param_kind */
    int32_t required; /* 1: the daemon refuses the request without it */
    const char *help; /* English msgid */
};

/* One row per method that joins the daemon's method table, with all the table knows about a method:
 * checks, rpc.discover and help come from it. The table ends with a row without name. Such a method
 * changes no case itself; for that it goes through host->rpc_call like everybody. */
struct fq_method {
    const char *name;              /* "<plugin>.<verb>", e.g. "notify.status" */
    const char *right;             /* right the caller needs, e.g. "admin.health"; never NULL */
    const char *summary;           /* English msgid */
    const struct fq_param *params; /* ends with a row without name; NULL: none */
    uint32_t param_size;           /* sizeof(struct fq_param) */
    uint32_t reserved;
    const char *example;                                   /* params as JSON; NULL: {} */
    const char *example_result;                            /* JSON object; NULL: {} */
    int (*handle)(void *self, const struct fq_call *call); /* called when somebody asks for it */
};

/* --- what hooks are told --------------------------------------------------------------------- */

struct fq_command {
    uint32_t size;
    int32_t dry_run;       /* 1: somebody only asks what would happen */
    struct fq_text kind;   /* "open" "act" "note" "assign" "claim" "classify" "pause" "document"
                            * "undo" "reveal" "recuse" "attach" "detach" "link" "unlink" "task.ask"
                            * "task.answer" "task.return" "task.cancel" "urge"; more may come */
    struct fq_text user;   /* who asks */
    struct fq_text number; /* case number; absent for "open" */
    struct fq_text flow;   /* absent for "open": see args */
    struct fq_text state;  /* state before the command; absent for "open" */
    struct fq_text host;   /* body that must act; absent for "open" */
    struct fq_text args;   /* JSON object as the engine takes it */
};

struct fq_event {
    uint32_t size;
    uint32_t reserved;
    int64_t seq;         /* global, rising */
    struct fq_text json; /* {seq, case, number, flow, version, at_ms, type, actor, data, host, …} */
};

struct fq_effect {
    uint32_t size;
    uint32_t attempts;   /* earlier ones that asked for another try */
    int64_t id;          /* the same whenever this effect is handed out again: deduplicate by it */
    int64_t at_ms;       /* when the event that asked for it happened */
    struct fq_text kind; /* "notify" */
    struct fq_text number; /* case number */
    struct fq_text data;   /* JSON object, its shape is a matter of the kind */
};

/* --- the plugin ---------------------------------------------------------------------------- */

/* Needs: what the plugin will use of the host. A host function whose need is not listed refuses. An
 * unknown need refuses the plugin, so a newer plugin does not run crippled on an older daemon.
 *   "timer"  host->timer_start        "net"    host->watch
 *   "work"   host->work               "rpc"    host->rpc_call
 *   "veto"   before_command           "event"  after_event
 *   "effect" handle_effect            "method" methods                                          */
struct fq_plugin {
    uint32_t abi;             /* FQ_ABI */
    uint32_t size;            /* sizeof(struct fq_plugin) */
    const char *name;         /* a-z 0-9 _ -, at most 32 characters */
    const char *version;      /* the plugin's own */
    const char *const *needs; /* ends with NULL; NULL: nothing */

    const struct fq_option *options; /* NULL: none */
    uint32_t option_size;            /* sizeof(struct fq_option) */
    uint32_t method_size;            /* sizeof(struct fq_method) */
    const struct fq_method *methods; /* NULL: none */
    const char *const *effects; /* kinds handle_effect takes; ends with NULL; one taker per kind */

    /* Called once, when the daemon starts and the options have been checked. Set *self_out, it
     * comes back in every hook. Not FQ_OK: nothing else of the plugin is ever called, and the
     * sentence in error (NUL-terminated, at most error_size) tells the administrator why. */
    int (*open)(const struct fq_host *host, void **self_out, char *error, size_t error_size);

    /* Called once after a successful open, when the daemon stops or the plugin was disabled.
     * Timers, watches and calls of the plugin are gone already; work still under way has ended.
     * Effects not answered stay pending and come again at the next start. */
    void (*close)(void *self);

    /* Called before a person's command is decided. FQ_REFUSED with a reason (NUL-terminated,
     * non-empty, in words for the person who asked) stops it. Due clocks are never asked: the
     * law does not wait for a plugin. When it fails (FQ_ERROR), a plugin configured as
     * required stops the command, another lets it pass. */
    int (*before_command)(
        void *self, const struct fq_command *command, char *reason, size_t reason_size);

    /* What commands and events say of people is veiled unless the configuration says `unveiled`. */

    /* Called once per event after it is on disk, in seq order; not again after a restart. What must
     * not be missed is an effect, not an event. */
    int (*after_event)(void *self, const struct fq_event *event);

    /* Called when an effect of one of the kinds in `effects` is due. FQ_OK: taken; answer it by id,
     * now or later, with host->effect_done, effect_retry or effect_failed. Anything else: not
     * taken, it comes again after a while. It may come again after a crash although it was done
     * (at least once): deduplicate by id where that matters. */
    int (*handle_effect)(void *self, const struct fq_effect *effect);
};

/* The struct as FQ_ABI 1 began; smaller is not a plugin. */
#define FQ_PLUGIN_SIZE_MIN (offsetof(struct fq_plugin, handle_effect) + sizeof(void *))

/* Declared here so that a plugin that misspells or mistypes it does not compile silently. */
extern FQ_EXPORT const struct fq_plugin fq_plugin;

#endif
