/* server/server.c — see server.h. Rooms are opened from the bottom up and closed from the top down;
 * the doors open last, so that nobody is answered by half a daemon. */
#include "server/server.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/loop.h"
#include "io/signal.h"
#include "io/timer.h"
#include "io/wake.h"
#include "rpc/auth.h"
#include "server/files.h"
#include "server/notify.h"
#include "server/server_private.h"
#include "store/backup.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- signals ---------------------------------------------------------------------------------- */

static void on_stop(int signum, void *ctx)
{
    struct server *s = ctx;
    (void)signum;
    if (s->stopping) {
        stop_now(s);
    } else {
        stop_begin(s);
    }
}

static void on_reload(int signum, void *ctx)
{
    (void)signum;
    ((struct server *)ctx)->reload.asked = true; /* once, however many came meanwhile */
}

static void on_dump(int signum, void *ctx)
{
    struct server *s = ctx;
    (void)signum;
    json_t *stat = engine_stat(s->engine);
    char *text = json_compact(stat);
    log_event(LOG_INFO, "server", "state", "engine=%s", text);
    free(text);
    json_decref(stat);
}

static void signals_open(struct server *s)
{
    static const struct {
        int signum;
        signal_fn fn;
    } table[SERVER_SIGNALS] = {
        {SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_reload}, {SIGUSR2, on_dump}};
    for (int i = 0; i < SERVER_SIGNALS; i++) {
        s->signals[i] = signal_open(s->loop, table[i].signum, table[i].fn, s);
    }
}

/* --- opening ---------------------------------------------------------------------------------- */

static void woken(void *ctx)
{
    (void)ctx; /* the end of the turn polls the store */
}

static void wake_up(void *ctx)
{
    io_wake(ctx);
}

static bool open_store(struct server *s, struct err *err)
{
    const char *database = config_text(s->config, OPT_DATABASE);
    if (backup_half_restored(database)) {
        err_set(err, ERR_FILE, _("%s: a restore was not finished"), database);
        return err_hint(err, "%s", _("do it again: fengqiaod --restore FOLDER"));
    }
    s->wake = wake_open(s->loop, woken, s);
    s->store = store_open(
        &(struct store_options){
            .path = database,
            .readers = (int)config_number(s->config, OPT_READERS),
            .wake = wake_up,
            .wake_ctx = s->wake,
        },
        err);
    return s->store != NULL;
}

/* When the last event happened; 0 when there is none. */
static int64_t history_end_ms(struct server *s)
{
    json_t *meta = store_ask_now(s->store, ASK_META, json_object(), NULL);
    int64_t last = json_number(meta, "last_seq", 0);
    json_decref(meta);
    json_t *rows = store_ask_now(s->store, ASK_EVENTS,
        json_pack("{s:I, s:i}", "since", (json_int_t)last - 1, "limit", 1), NULL);
    int64_t at_ms = json_number(json_array_get(rows, 0), "at_ms", 0);
    json_decref(rows);
    return at_ms;
}

/* A virtual clock never starts before the end of the history: time in the log does not run back. */
static void set_clock(struct server *s)
{
    wallclock_init_real(&s->clock);
    if (strcmp(config_text(s->config, OPT_CLOCK), "virtual") != 0) {
        return;
    }
    int64_t start = config_text(s->config, OPT_CLOCK_START)[0] != '\0'
                        ? config_number(s->config, OPT_CLOCK_START)
                        : 0;
    int64_t end = history_end_ms(s);
    start = start > end ? start : end;
    wallclock_init_virtual(&s->clock, start > 0 ? start : wallclock_now_ms(&s->clock));
}

static bool open_engine(struct server *s, struct err *err)
{
    struct reference_paths paths;
    char *org;
    set_clock(s);
    s->engine = engine_open(&(struct engine_options){.store = s->store,
                                .clock = &s->clock,
                                .cache_cases = (size_t)config_number(s->config, OPT_CACHE_CASES)},
        err);
    if (s->engine == NULL || !reference_restore(s->engine, s->store, err)) {
        return false;
    }
    server_paths(s->config, &paths, &org);
    struct reference *reference = reference_load(&paths, err);
    mem_free(org);
    if (reference == NULL) {
        return false;
    }
    server_reference_told(s, reference);
    reference_apply(reference, s->engine, s->store, wallclock_now_ms(&s->clock), NULL);
    reference_links_told(s->engine);
    turns_open(s);
    turns_wait_store(s);
    return true;
}

static void effects_changed(void *ctx)
{
    struct server *s = ctx;
    if (s->plug != NULL) {
        plug_look(s->plug);
    }
}

static bool open_service(struct server *s, struct err *err)
{
    char *files = config_files(s->config);
    struct reference_paths paths;
    server_paths(s->config, &paths, &s->org);
    enum lang lang = LANG_ZH;
    lang_parse(config_text(s->config, OPT_LANG), &lang);
    s->methods = methods_open();
    s->service = service_open(
        &(struct service_options){
            .loop = s->loop,
            .store = s->store,
            .engine = s->engine,
            .clock = &s->clock,
            .methods = s->methods,
            .workflows = paths.workflows,
            .org = s->org,
            .token_idle_ms = config_number(s->config, OPT_TOKEN_IDLE),
            .token_life_ms = config_number(s->config, OPT_TOKEN_LIFE),
            .password_checks = (size_t)config_number(s->config, OPT_PASSWORD_CHECKS),
            .subscriptions = (size_t)config_number(s->config, OPT_SUBSCRIPTIONS),
            .files = files,
            .database = config_text(s->config, OPT_DATABASE),
            .file_bytes = config_number(s->config, OPT_FILE_BYTES),
            .file_keep_ms = config_number(s->config, OPT_FILES_KEEP),
            .health = server_health,
            .effects_changed = effects_changed,
            .ctx = s,
        },
        err);
    mem_free(files);
    if (s->service == NULL) {
        return false;
    }
    s->dispatch = dispatch_open(&(struct dispatch_options){.methods = s->methods,
        .clock = &s->clock,
        .lang = lang,
        .authenticate = auth_authenticate,
        .ctx = s->service->auth});
    s->sessions = sessions_open(&(struct sessions_options){.loop = s->loop,
        .dispatch = s->dispatch,
        .sessions_max = files_allow((size_t)config_number(s->config, OPT_CONNECTIONS)),
        .idle_ms = config_number(s->config, OPT_IDLE),
        .line_max = (size_t)config_number(s->config, OPT_LINE_BYTES),
        .allow_plaintext = config_flag(s->config, OPT_PLAINTEXT)});
    service_attach(s->service, s->dispatch, s->sessions);
    return true;
}

static bool plugin_row(const json_t *row, size_t i, struct plug_config *out, struct err *err)
{
    static const char *const known[] = {"path", "role", "options", "required", "unveiled"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)row, key, value)
    {
        bool found = false;
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
            found = found || strcmp(key, known[k]) == 0;
        }
        if (!found) {
            err_set(
                err, ERR_CONFIG, _("plugins: entry %zu: there is no member \"%s\""), i + 1, key);
            return err_hint(err, "path role options required unveiled");
        }
    }
    *out = (struct plug_config){json_text(row, "path"), json_text(row, "role"),
        json_member(row, "options"), json_flag(row, "required"), json_flag(row, "unveiled")};
    return out->path != NULL ||
           err_set(err, ERR_CONFIG, _("plugins: entry %zu has no path"), i + 1);
}

static bool open_plugins(struct server *s, struct err *err)
{
    const json_t *list = config_list(s->config, OPT_PLUGINS);
    size_t count = json_array_size(list);
    struct plug_config *plugins = mem_array(count + 1, sizeof(*plugins));
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = plugin_row(json_array_get(list, i), i, &plugins[i], err);
    }
    if (ok) {
        s->plug = plug_open(&(struct plug_options){.engine = s->engine,
                                .store = s->store,
                                .clock = &s->clock,
                                .loop = s->loop,
                                .dispatch = s->dispatch,
                                .methods = s->methods,
                                .folder = NULL,
                                .plugins = plugins,
                                .count = count},
            err);
        ok = s->plug != NULL;
    }
    mem_free(plugins);
    return ok;
}

struct server *server_open(struct config *config, const json_t *flags, struct err *err)
{
    struct server *s = mem_alloc(sizeof(*s));
    s->config = config;
    s->flags = json_deep_copy(flags);
    signal_ignore_pipe();
    files_no_core();
    s->loop = loop_open();
    if (!open_store(s, err) || !open_engine(s, err) || !open_service(s, err) ||
        !open_plugins(s, err) || !doors_open(s, err)) {
        server_free(s);
        return NULL;
    }
    signals_open(s);
    return s;
}

int server_run(struct server *s)
{
    char at[INSTANT_TEXT];
    log_event(LOG_INFO, "server", "ready", "version=%s clock=%s now=%s", FENGQIAO_VERSION,
        config_text(s->config, OPT_CLOCK), instant_format(wallclock_now_ms(&s->clock), at));
    notify_send("READY=1");
    loop_run(s->loop);
    return s->exit_code;
}

/* After a stop that was cut short, calls are still open: what was decided is written, then the
 * process ends at once; the doors close with it. */
static void cut(struct server *s)
{
    engine_flush(s->engine);
    store_close(s->store);
    log_event(LOG_WARNING, "server", "stopped", "%s", "cut=1");
    exit(s->exit_code);
}

void server_free(struct server *s)
{
    if (s == NULL) {
        return;
    }
    if (s->exit_code != 0) {
        cut(s);
    }
    for (int i = 0; i < SERVER_SIGNALS; i++) {
        signal_free(s->signals[i]);
    }
    plug_close(s->plug);
    sessions_close(s->sessions);
    if (s->due != NULL) {
        turns_close(s);
    }
    timer_free(s->patience);
    service_free(s->service);
    dispatch_free(s->dispatch);
    methods_free(s->methods);
    engine_free(s->engine);
    store_close(s->store);
    wake_free(s->wake);
    loop_free(s->loop);
    json_decref(s->reload.kept);
    json_decref(s->reload.reference);
    json_decref(s->flags);
    config_free(s->config);
    mem_free(s->org);
    mem_free(s);
}

bool server_check(const struct config *config, struct err *err)
{
    struct reference_paths paths;
    char *org;
    if (!doors_check(config, err)) {
        return false;
    }
    server_paths(config, &paths, &org);
    struct reference *reference = reference_load(&paths, err);
    mem_free(org);
    reference_free(reference);
    return reference != NULL;
}
