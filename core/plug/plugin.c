/* plug/plugin.c — a plugin's life: load, open, faults, end. */
#include "plug/plugin.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/loop.h"
#include "io/timer.h"
#include "plug/options.h"

#include <stdio.h>
#include <string.h>

struct plugin *plugin_new(
    const struct plugin_services *services, const char *path, const char *role, bool required)
{
    struct plugin *p = mem_alloc(sizeof(*p));
    p->services = services;
    p->path = mem_strdup(path);
    p->role = mem_strdup(role);
    p->required = required;
    p->state = PLUGIN_FAILED;
    return p;
}

const char *plugin_name(const struct plugin *p)
{
    return p->name != NULL ? p->name : p->path;
}

/* --- hooks and faults ------------------------------------------------------------------------- */

int64_t plugin_enter(const struct plugin *p)
{
    (void)p;
    return monotonic_us();
}

static void end_now(struct plugin *p);

static void on_end_timer(void *ctx)
{
    struct plugin *p = ctx;
    host_end(p);
    if (p->working == 0) {
        end_now(p);
    } else {
        timer_once(p->end_timer, PLUGIN_SLOW_MS); /* a worker thread is in its code still */
    }
}

/* The hook that failed may stand on the stack below other hooks of the same plugin, so closing
 * waits for the next turn; being called ends here. */
static void end_later(struct plugin *p)
{
    p->state = PLUGIN_ENDING;
    p->disabled = true;
    effects_drop_owner(p->services->effects, p);
    p->end_timer = timer_open(p->services->loop, on_end_timer, p);
    timer_once(p->end_timer, 0);
    log_event(LOG_ERROR, "plug", "disabled", "plugin=%s faults=%lld", plugin_name(p),
        (long long)p->faults);
}

void plugin_left(
    struct plugin *p, const char *hook, int64_t entered_us, bool fault, const char *what)
{
    int64_t took_ms = (monotonic_us() - entered_us) / 1000;
    if (took_ms >= PLUGIN_SLOW_MS) {
        p->slow++;
        log_event(LOG_WARNING, "plug", "slow", "plugin=%s hook=%s ms=%lld", plugin_name(p), hook,
            (long long)took_ms);
    }
    if (!fault) {
        p->faults_in_row = 0;
        return;
    }
    p->faults++;
    p->faults_in_row++;
    snprintf(p->last_error, sizeof(p->last_error), "%s: %s", hook, what);
    log_event(LOG_WARNING, "plug", "fault", "plugin=%s hook=%s in_row=%d", plugin_name(p), hook,
        p->faults_in_row);
    if (p->faults_in_row >= PLUGIN_FAULTS_MAX && p->state == PLUGIN_OPEN) {
        end_later(p);
    }
}

/* --- effects ------------------------------------------------------------------------------- */

static bool take_effect(const struct effect *e, void *owner)
{
    struct plugin *p = owner;
    if (p->state != PLUGIN_OPEN) {
        return false;
    }
    char *data = json_compact(e->data);
    struct fq_effect effect = {.size = sizeof(effect),
        .attempts = (uint32_t)e->attempts,
        .id = e->id,
        .at_ms = e->at_ms,
        .kind = {e->kind, strlen(e->kind)},
        .number = {e->number, e->number == NULL ? 0 : strlen(e->number)},
        .data = {data, data == NULL ? 0 : strlen(data)}};
    int64_t entered = plugin_enter(p);
    int result = p->module.api.handle_effect(p->self, &effect);
    free(data);
    char what[64];
    snprintf(what, sizeof(what), "effect %lld, result %d", (long long)e->id, result);
    plugin_left(p, "handle_effect", entered, result != FQ_OK, what);
    return result == FQ_OK;
}

static bool add_takers(struct plugin *p, struct err *err)
{
    const char *const *kinds = p->module.api.effects;
    for (size_t i = 0; kinds != NULL && kinds[i] != NULL; i++) {
        const struct plugin *other = effects_owner(p->services->effects, kinds[i]);
        if (other != NULL) {
            return err_set(err, ERR_PLUGIN,
                _("plugin %s: effects of kind %s are taken by plugin %s already"), plugin_name(p),
                kinds[i], plugin_name(other));
        }
        effects_add_taker(p->services->effects, kinds[i], take_effect, p);
    }
    return true;
}

/* --- life ------------------------------------------------------------------------------------ */

static bool call_open(struct plugin *p, struct err *err)
{
    char text[PLUGIN_TEXT_MAX] = "";
    int64_t entered = plugin_enter(p);
    int result = p->module.api.open(&p->host, &p->self, text, sizeof(text));
    plugin_left(p, "open", entered, false, "");
    text[sizeof(text) - 1] = '\0';
    if (result == FQ_OK) {
        return true;
    }
    if (text[0] == '\0' || !utf8_valid(text, strlen(text))) {
        return err_set(
            err, ERR_PLUGIN, _("plugin %s: failed to open and did not say why"), plugin_name(p));
    }
    return err_set(err, ERR_PLUGIN, _("plugin %s: failed to open: %s"), plugin_name(p), text);
}

static bool is_double(
    const struct plugin *p, struct plugin *const others[], size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (others[i]->state == PLUGIN_OPEN && strcmp(others[i]->name, p->name) == 0) {
            err_set(err, ERR_PLUGIN, _("plugin %s: configured twice (%s and %s)"), p->name,
                others[i]->path, p->path);
            return true;
        }
    }
    return false;
}

static bool open_steps(struct plugin *p, const json_t *options, struct plugin *const others[],
    size_t other_count, struct err *err)
{
    if (!module_load(&p->module, p->path, err)) {
        return false;
    }
    p->name = mem_strdup(p->module.api.name);
    p->version = mem_strdup(p->module.api.version);
    p->user = mem_printf("plugin:%s", p->name);
    if (is_double(p, others, other_count, err)) {
        return false;
    }
    p->values = options_check(&p->module, options, err);
    if (p->values == NULL) {
        return false;
    }
    host_init(p);
    p->state = PLUGIN_OPEN;
    if (!call_open(p, err)) {
        return false;
    }
    if (!plugin_methods_add(p, err) || !add_takers(p, err)) {
        end_now(p);
        return false;
    }
    return true;
}

/* Not from inside the loop: it is turned here. */
static void wait_for_work(struct plugin *p)
{
    host_end(p);
    while (p->working > 0) {
        loop_turn(p->services->loop, true);
    }
}

bool plugin_open(struct plugin *p, const json_t *options, struct plugin *const others[],
    size_t other_count, struct err *err)
{
    struct err own = {0};
    if (open_steps(p, options, others, other_count, &own)) {
        return true;
    }
    if (p->state == PLUGIN_OPEN) {
        wait_for_work(p); /* open() failed half-way: what it started on the loop goes */
    }
    p->state = PLUGIN_FAILED;
    module_close(&p->module);
    snprintf(p->last_error, sizeof(p->last_error), "%s", own.message);
    err_set(err, own.code, "%s", own.message);
    err_hint(err, "%s", own.hint);
    err_clear(&own);
    return false;
}

static void end_now(struct plugin *p)
{
    timer_free(p->end_timer);
    p->end_timer = NULL;
    p->state = PLUGIN_ENDING;
    effects_drop_owner(p->services->effects, p);
    plugin_methods_end(p);
    wait_for_work(p);
    if (p->module.api.close != NULL) {
        p->module.api.close(p->self);
    }
    p->self = NULL;
    p->state = PLUGIN_CLOSED;
}

void plugin_free(struct plugin *p)
{
    if (p == NULL) {
        return;
    }
    if (p->state == PLUGIN_OPEN || p->state == PLUGIN_ENDING) {
        end_now(p);
    }
    module_close(&p->module);
    json_decref(p->values);
    p->values = NULL;
    p->unwanted = true;
    if (p->held_by > 0) {
        return; /* a request it made is still being answered; the answer frees */
    }
    mem_free(p->path);
    mem_free(p->name);
    mem_free(p->version);
    mem_free(p->role);
    mem_free(p->user);
    mem_free(p);
}

static json_t *text_list(const char *const *items)
{
    json_t *list = json_array();
    for (size_t i = 0; items != NULL && items[i] != NULL; i++) {
        json_array_append_new(list, json_string(items[i]));
    }
    return list;
}

json_t *plugin_status(const struct plugin *p)
{
    static const char *const states[] = {[PLUGIN_FAILED] = "failed",
        [PLUGIN_OPEN] = "running",
        [PLUGIN_ENDING] = "disabled",
        [PLUGIN_CLOSED] = "disabled"};
    const struct fq_plugin *api = &p->module.api;
    json_t *row = json_pack("{s:s, s:s, s:b, s:b, s:I, s:I}", "name", plugin_name(p), "state",
        states[p->state], "required", p->required, "unveiled", p->unveiled, "faults",
        (json_int_t)p->faults, "slow", (json_int_t)p->slow);
    json_put_text(row, "version", p->version);
    json_put_text(row, "role", p->role);
    json_object_set_new(row, "needs", text_list(api->needs));
    json_object_set_new(row, "effects", text_list(api->effects));
    json_put_number(row, "held", (int64_t)effects_held(p->services->effects, p));
    if (p->last_error[0] != '\0') {
        json_put_text(row, "last_error", p->last_error);
    }
    return row;
}
