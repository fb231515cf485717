/* plug/plug.c — the list of plugins, tied to the engine. */
#include "plug/plug.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "plug/effects.h"
#include "plug/hooks.h"
#include "plug/plugin.h"

#include <string.h>

struct plug {
    struct plugin_services services;
    struct plugin **plugins;
    size_t count;
};

static bool veto(const struct command *c, const struct casefile *kase, void *ctx, struct err *err)
{
    struct plug *p = ctx;
    return hooks_ask(p->plugins, p->count, c, kase, err);
}

static void listen(const json_t *event, void *ctx)
{
    struct plug *p = ctx;
    hooks_tell(p->plugins, p->count, event);
}

static void on_effects(void *ctx)
{
    struct plug *p = ctx;
    effects_look_new(p->services.effects);
}

/* "notify" in the folder "/usr/lib/fengqiao/plugins" is notify.so there. Never a search path: the
 * file that runs is the file the configuration names. */
static char *find_path(const struct plug_options *o, const char *path)
{
    if (strchr(path, '/') != NULL) {
        return mem_strdup(path);
    }
    const char *folder = o->folder == NULL ? "." : o->folder;
    size_t len = strlen(path);
    bool named = len > 3 && strcmp(path + len - 3, ".so") == 0;
    return mem_printf("%s/%s%s", folder, path, named ? "" : ".so");
}

/* False only when the start is to be refused. */
static bool open_one(
    struct plug *p, const struct plug_options *o, const struct plug_config *c, struct err *err)
{
    char *path = find_path(o, c->path);
    struct plugin *plugin = plugin_new(&p->services, path, c->role, c->required);
    mem_free(path);
    plugin->unveiled = c->unveiled;
    size_t others = p->count++;
    p->plugins[others] = plugin;
    struct err own = {0};
    if (plugin_open(plugin, c->options, p->plugins, others, &own)) {
        log_event(LOG_INFO, "plug", "opened", "plugin=%s version=%s", plugin_name(plugin),
            plugin->version);
        return true;
    }
    if (c->required) {
        err_set(err, own.code, "%s", own.message);
        err_hint(err, "%s", own.hint);
    } else {
        log_event(
            LOG_ERROR, "plug", "left_out", "plugin=%s error=%s", plugin_name(plugin), own.message);
    }
    err_clear(&own);
    return !c->required;
}

struct plug *plug_open(const struct plug_options *o, struct err *err)
{
    struct plug *p = mem_alloc(sizeof(*p));
    p->services = (struct plugin_services){.loop = o->loop,
        .clock = o->clock,
        .engine = o->engine,
        .effects = effects_open(o->store, o->clock, o->loop),
        .dispatch = o->dispatch,
        .methods = o->methods};
    p->plugins = mem_array(o->count + 1, sizeof(struct plugin *));
    for (size_t i = 0; i < o->count; i++) {
        if (!open_one(p, o, &o->plugins[i], err)) {
            plug_close(p);
            return NULL;
        }
    }
    engine_add_veto(o->engine, veto, p);
    engine_add_listener(o->engine, listen, p);
    engine_on_effects(o->engine, on_effects, p);
    effects_look(p->services.effects);
    return p;
}

void plug_close(struct plug *p)
{
    if (p == NULL) {
        return;
    }
    /* Last opened, first closed. */
    while (p->count > 0) {
        plugin_free(p->plugins[--p->count]);
    }
    effects_free(p->services.effects);
    mem_free(p->plugins);
    mem_free(p);
}

void plug_look(struct plug *p)
{
    effects_look(p->services.effects);
}

bool plug_healthy(const struct plug *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->plugins[i]->state != PLUGIN_OPEN) {
            return false;
        }
    }
    return true;
}

json_t *plug_status(const struct plug *p)
{
    json_t *plugins = json_array();
    for (size_t i = 0; i < p->count; i++) {
        json_array_append_new(plugins, plugin_status(p->plugins[i]));
    }
    return json_pack("{s:b, s:o, s:o}", "ok", plug_healthy(p), "plugins", plugins, "effects",
        effects_status(p->services.effects));
}
