/* fengqiao/host.h — what the daemon does for a plugin.
 *
 * The struct is append-only: later daemons add functions at its end and `size` says how far it
 * goes, so ask FQ_HAS(host, function) before using one that came after your oldest daemon. The
 * struct lives from open() until close() returned.
 *
 * Threads. Every function is for the loop thread only, except log, alloc and free, which may also
 * be called inside the `run` of host->work.
 *
 * Ownership. Text handed in is copied. Text handed out is borrowed: option values live as long as
 * the host struct, everything else until the callback returns. Memory from alloc is yours until
 * free; nothing else of the daemon's is ever yours to free. The ctx of a callback stays yours.
 *
 * Callbacks. They come on the loop thread, never before the call that asked for them returned, and
 * never after close() began. After disabling a plugin (see plugin.h) none comes either. */
#ifndef FENGQIAO_HOST_H
#define FENGQIAO_HOST_H

#include "fengqiao/plugin.h"

struct fq_core; /* the daemon's side; opaque */

enum fq_log_level { FQ_LOG_ERROR = 0, FQ_LOG_WARNING = 1, FQ_LOG_INFO = 2, FQ_LOG_DEBUG = 3 };

enum { FQ_READABLE = 1, FQ_WRITABLE = 2 }; /* of host->watch */

/* Effects handed to one plugin and not yet answered. A plugin that folds effects must send
 * what it holds before it holds that many, for it gets no more until it answers some. */
enum { FQ_EFFECTS_HELD_MAX = 256 };

typedef void (*fq_timer_cb)(void *ctx);
typedef void (*fq_watch_cb)(int fd, int events, void *ctx); /* FQ_READABLE | FQ_WRITABLE */
typedef void (*fq_work_cb)(void *ctx);
/* The answer of a method: result is JSON; or result is absent and error is the JSON of the wire's
 * error object {code, message, data:{kind, hint, …}}. */
typedef void (*fq_rpc_cb)(struct fq_text result, struct fq_text error, void *ctx);

struct fq_host {
    uint32_t abi;               /* FQ_ABI of the daemon */
    uint32_t size;              /* sizeof(struct fq_host) of the daemon */
    struct fq_core *core;       /* passed back by the functions; no use to the plugin */
    const char *daemon_version; /* "0.1.0" */

    /* One log line: event is a short ASCII name, text is key=value with ids only, never personal
     * data. The daemon adds time and the plugin's name. */
    void (*log)(const struct fq_host *host, int level, const char *event, const char *text);

    /* The daemon's clock in milliseconds since 1970; virtual in demonstrations and tests. For
     * waiting use timer_start, which runs in real time always. */
    int64_t (*now_ms)(const struct fq_host *host);

    /* The text of an English msgid in "zh" or "en"; NULL: the language of the present request. The
     * Chinese stands in the plugin's zh_CN.po. Borrowed for ever; the msgid itself when unknown. */
    const char *(*text)(const struct fq_host *host, const char *lang, const char *msgid)
        __attribute__((format_arg(3)));

    /* Option values, checked against the table and with defaults filled in. Absent: {NULL,0}, 0. */
    struct fq_text (*option_text)(const struct fq_host *host, const char *name); /* NUL follows */
    int64_t (*option_number)(const struct fq_host *host, const char *name); /* number, flag, span */

    /* Never NULL: the daemon ends when memory is gone and recovers from its log. Zeroed. */
    void *(*alloc)(const struct fq_host *host, size_t size);
    void (*free)(const struct fq_host *host, void *memory); /* accepts NULL */

    /* Answers to effects. FQ_ERROR: the plugin does not hold an effect of this id. */
    int (*effect_done)(const struct fq_host *host, int64_t id);
    /* Try again after delay_ms; 0: the daemon's own growing delay. When it was tried too often it
     * fails with this reason. `why` is kept and shown to administrators: no personal data. */
    int (*effect_retry)(const struct fq_host *host, int64_t id, int64_t delay_ms, const char *why);
    /* No use trying again; it goes to the list effects.list{status:"failed"}, from which a person
     * may send it once more. */
    int (*effect_failed)(const struct fq_host *host, int64_t id, const char *why);

    /* One shot. Returns an id above 0, or 0 when refused. Real time, whatever now_ms says. */
    int64_t (*timer_start)(const struct fq_host *host, int64_t delay_ms, fq_timer_cb cb, void *ctx);
    void (*timer_stop)(const struct fq_host *host, int64_t timer); /* fired or unknown is fine */

    /* Watches a non-blocking descriptor; calling again for the same fd changes events, cb and ctx;
     * events 0 ends it. End it before closing the descriptor. */
    int (*watch)(const struct fq_host *host, int fd, int events, fq_watch_cb cb, void *ctx);

    /* Runs `run` on a worker thread, then `done` on the loop thread. */
    int (*work)(const struct fq_host *host, fq_work_cb run, fq_work_cb done, void *ctx);

    /* Calls a method of the daemon's table as the plugin, with the role the configuration gave
     * it: the same checks as for any client. params is the text of a JSON object. FQ_ERROR: not
     * sent, cb never comes. */
    int (*rpc_call)(const struct fq_host *host, const char *method, struct fq_text params,
        fq_rpc_cb cb, void *ctx);

    /* Answers one fq_call of the plugin's own methods. FQ_ERROR: unknown or answered already. */
    int (*call_reply)(const struct fq_host *host, int64_t call, struct fq_text result);
    int (*call_refuse)(const struct fq_host *host, int64_t call, const char *why);

    /* --- since 0.2: ask FQ_HAS(host, rpc_call_as) on older daemons --- */

    /* Calls a method on behalf of whoever asked `call`, a request for one of the plugin's own
     * methods that is not answered yet: with the rights of that person, in their language, and
     * recorded under their name. Otherwise as rpc_call. A changing method needs params._meta.key.
     * Needs "rpc". */
    int (*rpc_call_as)(const struct fq_host *host, int64_t call, const char *method,
        struct fq_text params, fq_rpc_cb cb, void *ctx);
    /* The method's error as it came (the JSON of an fq_rpc_cb) answers the call, so that the person
     * reads the same refusal as if they had asked themselves. */
    int (*call_fail)(const struct fq_host *host, int64_t call, struct fq_text error);
};

#endif
