/* plug/host.c — the functions of include/fengqiao/host.h. Each finds its plugin behind the host
 * struct, checks that the need was listed and that the plugin is not ending, and forwards. */
#include "plug/plugin.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "io/timer.h"
#include "io/watch.h"
#include "io/work.h"
#include "rpc/dispatch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct plugin *plugin_of(const struct fq_host *host)
{
    return (struct plugin *)(void *)host->core;
}

/* May it use this part of the host now? */
static bool granted(const struct plugin *p, unsigned need)
{
    if (p->state != PLUGIN_OPEN) {
        return false;
    }
    if ((p->module.needs & need) == 0) {
        log_event(LOG_WARNING, "plug", "need_not_listed", "plugin=%s need=%s", plugin_name(p),
            module_need_name(need));
        return false;
    }
    return true;
}

static struct fq_text text_of(const char *text)
{
    return (struct fq_text){text, text == NULL ? 0 : strlen(text)};
}

/* --- log, time, text, options, memory ------------------------------------------------------------
 */

static void host_log(const struct fq_host *host, int level, const char *event, const char *text)
{
    static const enum log_level levels[] = {LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG};
    enum log_level known = level >= 0 && level <= FQ_LOG_DEBUG ? levels[level] : LOG_ERROR;
    log_event(known, plugin_name(plugin_of(host)), event, "%s", text == NULL ? "" : text);
}

static int64_t host_now_ms(const struct fq_host *host)
{
    return wallclock_now_ms(plugin_of(host)->services->clock);
}

static const char *host_text(const struct fq_host *host, const char *lang, const char *msgid)
{
    (void)host;
    enum lang before = lang_current(), wanted = before;
    if (lang == NULL || !lang_parse(lang, &wanted) || wanted == before) {
        return lang_text(msgid);
    }
    lang_use(wanted);
    const char *text = lang_text(msgid);
    lang_use(before);
    return text;
}

static struct fq_text host_option_text(const struct fq_host *host, const char *name)
{
    return text_of(json_text(plugin_of(host)->values, name));
}

static int64_t host_option_number(const struct fq_host *host, const char *name)
{
    return json_number(plugin_of(host)->values, name, 0);
}

static void *host_alloc(const struct fq_host *host, size_t size)
{
    (void)host;
    return mem_alloc(size);
}

static void host_free(const struct fq_host *host, void *memory)
{
    (void)host;
    mem_free(memory);
}

/* --- effects ------------------------------------------------------------------------------- */

static int answer_effect(const struct fq_host *host, int64_t id, enum effect_answer answer,
    int64_t delay_ms, const char *why)
{
    struct plugin *p = plugin_of(host);
    bool known = granted(p, MODULE_EFFECT) &&
                 effects_answer(p->services->effects, p, id, answer, delay_ms, why);
    return known ? FQ_OK : FQ_ERROR;
}

static int host_effect_done(const struct fq_host *host, int64_t id)
{
    return answer_effect(host, id, EFFECT_DONE, 0, NULL);
}

static int host_effect_retry(
    const struct fq_host *host, int64_t id, int64_t delay_ms, const char *why)
{
    return answer_effect(host, id, EFFECT_RETRY, delay_ms, why == NULL ? "" : why);
}

static int host_effect_failed(const struct fq_host *host, int64_t id, const char *why)
{
    return answer_effect(host, id, EFFECT_FAILED, 0, why == NULL ? "" : why);
}

/* --- timers ------------------------------------------------------------------------------------
 */

struct plugin_timer {
    struct plugin_timer *next;
    struct plugin *plugin;
    struct timer *timer;
    int64_t id;
    fq_timer_cb cb;
    void *ctx;
};

static void drop_timer(struct plugin *p, int64_t id)
{
    for (struct plugin_timer **at = &p->timers; *at != NULL; at = &(*at)->next) {
        struct plugin_timer *t = *at;
        if (t->id == id) {
            *at = t->next;
            p->timer_count--;
            timer_free(t->timer);
            mem_free(t);
            return;
        }
    }
}

static void on_timer(void *ctx)
{
    struct plugin_timer *t = ctx;
    struct plugin *p = t->plugin;
    fq_timer_cb cb = t->cb;
    void *plugin_ctx = t->ctx;
    drop_timer(p, t->id);
    if (p->state != PLUGIN_OPEN) {
        return;
    }
    int64_t entered = plugin_enter(p);
    cb(plugin_ctx);
    plugin_left(p, "timer", entered, false, "");
}

static int64_t host_timer_start(
    const struct fq_host *host, int64_t delay_ms, fq_timer_cb cb, void *ctx)
{
    struct plugin *p = plugin_of(host);
    if (!granted(p, MODULE_TIMER) || cb == NULL || p->timer_count >= PLUGIN_TIMERS_MAX) {
        return 0;
    }
    struct plugin_timer *t = mem_alloc(sizeof(*t));
    *t = (struct plugin_timer){
        .next = p->timers, .plugin = p, .id = ++p->next_id, .cb = cb, .ctx = ctx};
    t->timer = timer_open(p->services->loop, on_timer, t);
    timer_once(t->timer, delay_ms < 0 ? 0 : delay_ms);
    p->timers = t;
    p->timer_count++;
    return t->id;
}

static void host_timer_stop(const struct fq_host *host, int64_t timer)
{
    drop_timer(plugin_of(host), timer);
}

/* --- watches -----------------------------------------------------------------------------------
 */

struct plugin_watch {
    struct plugin_watch *next;
    struct plugin *plugin;
    struct watch *watch;
    int fd;
    fq_watch_cb cb;
    void *ctx;
};

static void on_watch(int fd, unsigned events, void *ctx)
{
    struct plugin_watch *w = ctx;
    struct plugin *p = w->plugin;
    if (p->state != PLUGIN_OPEN) {
        return;
    }
    /* An error shows itself to whoever reads or writes. */
    int told = (events & (WATCH_READ | WATCH_ERROR) ? FQ_READABLE : 0) |
               (events & (WATCH_WRITE | WATCH_ERROR) ? FQ_WRITABLE : 0);
    int64_t entered = plugin_enter(p);
    w->cb(fd, told, w->ctx);
    plugin_left(p, "watch", entered, false, "");
}

static void drop_watch(struct plugin *p, int fd)
{
    for (struct plugin_watch **at = &p->watches; *at != NULL; at = &(*at)->next) {
        struct plugin_watch *w = *at;
        if (w->fd == fd) {
            *at = w->next;
            p->watch_count--;
            watch_free(w->watch);
            mem_free(w);
            return;
        }
    }
}

static struct plugin_watch *find_watch(struct plugin *p, int fd)
{
    struct plugin_watch *w = p->watches;
    while (w != NULL && w->fd != fd) {
        w = w->next;
    }
    return w;
}

static struct plugin_watch *add_watch(struct plugin *p, int fd)
{
    if (p->watch_count >= PLUGIN_WATCHES_MAX) {
        return NULL;
    }
    struct plugin_watch *w = mem_alloc(sizeof(*w));
    w->watch = watch_open(p->services->loop, fd, on_watch, w);
    if (w->watch == NULL) {
        mem_free(w);
        return NULL;
    }
    w->plugin = p;
    w->fd = fd;
    w->next = p->watches;
    p->watches = w;
    p->watch_count++;
    return w;
}

static int host_watch(const struct fq_host *host, int fd, int events, fq_watch_cb cb, void *ctx)
{
    struct plugin *p = plugin_of(host);
    if (events == 0) {
        drop_watch(p, fd);
        return FQ_OK;
    }
    if (!granted(p, MODULE_NET) || cb == NULL || fd < 0) {
        return FQ_ERROR;
    }
    struct plugin_watch *w = find_watch(p, fd);
    if (w == NULL) {
        w = add_watch(p, fd);
    }
    if (w == NULL) {
        return FQ_ERROR;
    }
    w->cb = cb;
    w->ctx = ctx;
    watch_set(w->watch, (events & FQ_READABLE ? (unsigned)WATCH_READ : 0u) |
                            (events & FQ_WRITABLE ? (unsigned)WATCH_WRITE : 0u));
    return FQ_OK;
}

/* --- work off the loop ---------------------------------------------------------------------------
 */

struct plugin_work {
    struct plugin *plugin;
    fq_work_cb run, done;
    void *ctx;
};

static void on_work_run(void *ctx)
{
    struct plugin_work *w = ctx;
    w->run(w->ctx);
}

static void on_work_done(void *ctx)
{
    struct plugin_work *w = ctx;
    struct plugin *p = w->plugin;
    p->working--;
    if (w->done != NULL) {
        int64_t entered = plugin_enter(p);
        w->done(w->ctx); /* also while it is ending: this frees what the work used */
        plugin_left(p, "work", entered, false, "");
    }
    mem_free(w);
}

static int host_work(const struct fq_host *host, fq_work_cb run, fq_work_cb done, void *ctx)
{
    struct plugin *p = plugin_of(host);
    if (!granted(p, MODULE_WORK) || run == NULL) {
        return FQ_ERROR;
    }
    struct plugin_work *w = mem_alloc(sizeof(*w));
    *w = (struct plugin_work){.plugin = p, .run = run, .done = done, .ctx = ctx};
    p->working++;
    work_start(p->services->loop, on_work_run, on_work_done, w);
    return FQ_OK;
}

/* --- calling methods ------------------------------------------------------------------------- */

struct plugin_call {
    struct plugin_call *next;
    struct plugin *plugin;
    fq_rpc_cb cb; /* NULL once the plugin has been told */
    void *ctx;
    enum lang lang;       /* of the request it belongs to */
    bool starting;        /* inside start_call: the answer waits for the next turn */
    struct timer *timer;  /* delivers an answer that came at once */
    char *result, *error; /* owned */
};

/* {code, message, data} as on the wire. Caller owns. */
static char *error_text(const struct err *err)
{
    const struct err_info *info = err_info(err->code);
    json_t *data = err->data == NULL ? json_object() : json_copy(err->data);
    json_put_text(data, "kind", info->kind);
    json_put_text(data, "hint", err->hint[0] == '\0' ? NULL : err->hint);
    json_object_set_new(data, "retryable", json_boolean(info->retryable));
    json_t *error =
        json_pack("{s:i, s:s, s:o}", "code", info->rpc_code, "message", err->message, "data", data);
    char *text = json_compact(error);
    json_decref(error);
    return text;
}

static void deliver(struct plugin_call *c)
{
    struct plugin *p = c->plugin;
    fq_rpc_cb cb = c->cb;
    c->cb = NULL;
    if (cb != NULL) {
        enum lang before = lang_current();
        lang_use(c->lang);
        int64_t entered = plugin_enter(p);
        cb(text_of(c->result), text_of(c->error), c->ctx);
        plugin_left(p, "rpc", entered, false, "");
        lang_use(before);
    }
}

static void drop_call(struct plugin_call *c)
{
    struct plugin *p = c->plugin;
    struct plugin_call **at = &p->calls;
    while (*at != c) {
        at = &(*at)->next;
    }
    *at = c->next;
    p->call_count--;
    p->held_by--;
    timer_free(c->timer);
    free(c->result);
    free(c->error);
    mem_free(c);
    if (p->unwanted && p->held_by == 0) {
        plugin_free(p);
    }
}

static void on_call_timer(void *ctx)
{
    deliver(ctx);
    drop_call(ctx);
}

static void on_answer(const struct answer *answer, void *ctx)
{
    struct plugin_call *c = ctx;
    if (answer->err != NULL) {
        c->error = error_text(answer->err);
    } else {
        c->result = answer->raw != NULL ? strdup(answer->raw) : json_compact(answer->result);
    }
    if (c->starting) {
        c->timer = timer_open(c->plugin->services->loop, on_call_timer, c);
        timer_once(c->timer, 0);
        return;
    }
    deliver(c);
    drop_call(c);
}

/* A request inside the daemon speaks the daemon's language unless it says another. */
static void put_lang(json_t *params)
{
    json_t *meta = json_object_get(params, "_meta");
    if (meta == NULL) {
        meta = json_object();
        json_object_set_new(params, "_meta", meta);
    }
    if (json_is_object(meta) && json_text(meta, "lang") == NULL) {
        json_put_text(meta, "lang", lang_current() == LANG_ZH ? "zh" : "en");
    }
}

static int start_call(struct plugin *p, const struct actor *actor, const char *method,
    struct fq_text params, fq_rpc_cb cb, void *ctx)
{
    if (p->services->dispatch == NULL || method == NULL || cb == NULL ||
        p->call_count >= PLUGIN_CALLS_MAX) {
        return FQ_ERROR;
    }
    struct err err = {0};
    json_t *object = params.len == 0 ? json_object() : json_parse(params.data, params.len, &err);
    err_clear(&err);
    if (!json_is_object(object)) {
        json_decref(object);
        return FQ_ERROR;
    }
    if (actor->kind == ACTOR_USER) {
        put_lang(object);
    }
    struct plugin_call *c = mem_alloc(sizeof(*c));
    enum lang lang = lang_current(); /* dispatch uses the request's */
    *c = (struct plugin_call){
        .next = p->calls, .plugin = p, .cb = cb, .ctx = ctx, .lang = lang, .starting = true};
    p->calls = c;
    p->call_count++;
    p->held_by++;
    dispatch_local(p->services->dispatch, actor, method, object, on_answer, c);
    lang_use(lang);
    c->starting = false;
    return FQ_OK;
}

static int host_rpc_call(
    const struct fq_host *host, const char *method, struct fq_text params, fq_rpc_cb cb, void *ctx)
{
    struct plugin *p = plugin_of(host);
    struct actor actor = {.kind = ACTOR_PLUGIN, .user = p->user, .role = p->role};
    return granted(p, MODULE_RPC) ? start_call(p, &actor, method, params, cb, ctx) : FQ_ERROR;
}

/* In the language of the request it is made for. */
static int host_rpc_call_as(const struct fq_host *host, int64_t id, const char *method,
    struct fq_text params, fq_rpc_cb cb, void *ctx)
{
    struct plugin *p = plugin_of(host);
    struct call *call = granted(p, MODULE_RPC) ? plugin_methods_open_call(p, id) : NULL;
    if (call == NULL) {
        return FQ_ERROR;
    }
    enum lang before = lang_current();
    call_enter(call);
    int result = start_call(p, call_actor(call), method, params, cb, ctx);
    lang_use(before);
    return result;
}

/* --- answering its own methods -------------------------------------------------------------------
 */

static int host_call_reply(const struct fq_host *host, int64_t call, struct fq_text result)
{
    return plugin_methods_answer(plugin_of(host), call, result, NULL);
}

static int host_call_refuse(const struct fq_host *host, int64_t call, const char *why)
{
    return plugin_methods_answer(
        plugin_of(host), call, (struct fq_text){0}, why == NULL ? "" : why);
}

static int host_call_fail(const struct fq_host *host, int64_t call, struct fq_text error)
{
    return plugin_methods_fail(plugin_of(host), call, error);
}

/* --- life ------------------------------------------------------------------------------------ */

void host_init(struct plugin *p)
{
    p->host = (struct fq_host){
        .abi = FQ_ABI,
        .size = sizeof(struct fq_host),
        .core = (struct fq_core *)(void *)p,
        .daemon_version = FENGQIAO_VERSION,
        .log = host_log,
        .now_ms = host_now_ms,
        .text = host_text,
        .option_text = host_option_text,
        .option_number = host_option_number,
        .alloc = host_alloc,
        .free = host_free,
        .effect_done = host_effect_done,
        .effect_retry = host_effect_retry,
        .effect_failed = host_effect_failed,
        .timer_start = host_timer_start,
        .timer_stop = host_timer_stop,
        .watch = host_watch,
        .work = host_work,
        .rpc_call = host_rpc_call,
        .call_reply = host_call_reply,
        .call_refuse = host_call_refuse,
        .rpc_call_as = host_rpc_call_as,
        .call_fail = host_call_fail,
    };
}

void host_end(struct plugin *p)
{
    while (p->timers != NULL) {
        drop_timer(p, p->timers->id);
    }
    while (p->watches != NULL) {
        drop_watch(p, p->watches->fd);
    }
    /* Calls under way run on; the plugin is told now, so that it can free what it kept for them. */
    struct plugin_call *next;
    for (struct plugin_call *c = p->calls; c != NULL; c = next) {
        next = c->next;
        if (c->cb != NULL && c->result == NULL && c->error == NULL) {
            struct err err = {0};
            err_set(&err, ERR_SHUTDOWN, _("the plugin is being stopped"));
            c->error = error_text(&err);
            err_clear(&err);
            deliver(c);
            free(c->error);
            c->error = NULL;
        } else if (c->timer != NULL) {
            deliver(c);
            drop_call(c);
        }
    }
}
