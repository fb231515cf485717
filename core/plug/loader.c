/* plug/loader.c — dlopen, then check after check; the first that fails says so and undoes all. */
#include "plug/loader.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *name;
    unsigned need;
} need_names[] = {
    {"timer", MODULE_TIMER},
    {"net", MODULE_NET},
    {"work", MODULE_WORK},
    {"rpc", MODULE_RPC},
    {"veto", MODULE_VETO},
    {"event", MODULE_EVENT},
    {"effect", MODULE_EFFECT},
    {"method", MODULE_METHOD},
};
enum { NEED_COUNT = sizeof(need_names) / sizeof(need_names[0]) };

/* Row sizes as FQ_ABI 1 began. */
#define OPTION_SIZE_MIN (offsetof(struct fq_option, help) + sizeof(char *))
#define METHOD_SIZE_MIN (offsetof(struct fq_method, handle) + sizeof(void *))
#define PARAM_SIZE_MIN (offsetof(struct fq_param, help) + sizeof(char *))
/* Nothing this size is a plugin's description; reading it would run past the library. */
enum { PLUGIN_SIZE_MAX = 4096, NAME_MAX_CHARS = 32 };

const char *module_need_name(unsigned one)
{
    for (size_t i = 0; i < NEED_COUNT; i++) {
        if (need_names[i].need == one) {
            return need_names[i].name;
        }
    }
    return "";
}

/* A file everybody may write is everybody's code in the daemon. */
static bool check_file(const char *path, struct err *err)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return err_set(err, ERR_PLUGIN, _("plugin %s: cannot be read: %s"), path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return err_set(err, ERR_PLUGIN, _("plugin %s: not a file"), path);
    }
    if (st.st_mode & S_IWOTH) {
        return err_set(err, ERR_PLUGIN, _("plugin %s: everybody may write this file"), path);
    }
    return true;
}

static bool check_head(const char *path, const struct fq_plugin *found, struct err *err)
{
    if (found->abi != FQ_ABI) {
        err_set(err, ERR_PLUGIN, _("plugin %s: built for plugin ABI %u, this daemon speaks ABI %u"),
            path, found->abi, FQ_ABI);
        return err_hint(err, _("rebuild the plugin with this version's include/fengqiao"));
    }
    if (found->size < FQ_PLUGIN_SIZE_MIN || found->size > PLUGIN_SIZE_MAX) {
        return err_set(err, ERR_PLUGIN,
            _("plugin %s: its description is %u bytes long, expected %zu to %d"), path, found->size,
            FQ_PLUGIN_SIZE_MIN, PLUGIN_SIZE_MAX);
    }
    return true;
}

static bool name_is_good(const char *name)
{
    size_t len = name == NULL ? 0 : strlen(name);
    return len > 0 && len <= NAME_MAX_CHARS &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static bool check_needs(struct module *m, struct err *err)
{
    for (size_t i = 0; m->api.needs != NULL && m->api.needs[i] != NULL; i++) {
        unsigned found = 0;
        for (size_t k = 0; k < NEED_COUNT; k++) {
            if (strcmp(need_names[k].name, m->api.needs[i]) == 0) {
                found = need_names[k].need;
            }
        }
        if (found == 0) {
            err_set(err, ERR_PLUGIN, _("plugin %s: needs \"%s\", which this daemon does not offer"),
                m->path, m->api.needs[i]);
            return err_hint(
                err, _("it offers: timer, net, work, rpc, veto, event, effect, method"));
        }
        m->needs |= found;
    }
    return true;
}

/* A hook and the need that announces it stand together: needs are what the administrator reads. */
static bool check_hooks(const struct module *m, struct err *err)
{
    const struct fq_plugin *api = &m->api;
    const struct {
        bool has;
        unsigned need;
        const char *hook;
    } rules[] = {
        {api->before_command != NULL, MODULE_VETO, "before_command"},
        {api->after_event != NULL, MODULE_EVENT, "after_event"},
        {api->handle_effect != NULL, MODULE_EFFECT, "handle_effect"},
        {api->effects != NULL && api->effects[0] != NULL, MODULE_EFFECT, "effects"},
        {module_method(m, 0) != NULL, MODULE_METHOD, "methods"},
    };
    if (api->open == NULL) {
        return err_set(err, ERR_PLUGIN, _("plugin %s: has no open function"), m->path);
    }
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        bool needed = (m->needs & rules[i].need) != 0;
        if (rules[i].has != needed) {
            return err_set(err, ERR_PLUGIN,
                rules[i].has ? _("plugin %s: has %s but does not list the need \"%s\"")
                             : _("plugin %s: has no %s but lists the need \"%s\""),
                m->path, rules[i].hook, module_need_name(rules[i].need));
        }
    }
    return true;
}

static bool check_tables(const struct module *m, struct err *err)
{
    const struct fq_plugin *api = &m->api;
    if (api->options != NULL && api->option_size < OPTION_SIZE_MIN) {
        return err_set(err, ERR_PLUGIN,
            _("plugin %s: a row of its %s is %u bytes long, expected at least %zu"), m->path,
            "options", api->option_size, OPTION_SIZE_MIN);
    }
    if (api->methods != NULL && api->method_size < METHOD_SIZE_MIN) {
        return err_set(err, ERR_PLUGIN,
            _("plugin %s: a row of its %s is %u bytes long, expected at least %zu"), m->path,
            "methods", api->method_size, METHOD_SIZE_MIN);
    }
    const struct fq_method *row;
    for (size_t i = 0; (row = module_method(m, i)) != NULL; i++) {
        size_t len = strlen(api->name);
        if (strncmp(row->name, api->name, len) != 0 || row->name[len] != '.') {
            return err_set(err, ERR_PLUGIN, _("plugin %s: its method %s must be named %s.…"),
                m->path, row->name, api->name);
        }
        if (row->handle == NULL || row->right == NULL || row->summary == NULL) {
            return err_set(err, ERR_PLUGIN,
                _("plugin %s: its method %s lacks a function, a right or a summary"), m->path,
                row->name);
        }
        if (row->params != NULL && row->param_size < PARAM_SIZE_MIN) {
            return err_set(err, ERR_PLUGIN,
                _("plugin %s: a row of its %s is %u bytes long, expected at least %zu"), m->path,
                "params", row->param_size, PARAM_SIZE_MIN);
        }
    }
    return true;
}

static bool check_all(struct module *m, struct err *err)
{
    const struct fq_plugin *found = dlsym(m->handle, "fq_plugin");
    if (found == NULL) {
        err_set(err, ERR_PLUGIN, _("plugin %s: does not export fq_plugin"), m->path);
        return err_hint(err, _("it is a library, but not a plugin of this program"));
    }
    if (!check_head(m->path, found, err)) {
        return false;
    }
    size_t known = found->size < sizeof(m->api) ? found->size : sizeof(m->api);
    memcpy(&m->api, found, known);
    if (!name_is_good(m->api.name) || m->api.version == NULL) {
        return err_set(err, ERR_PLUGIN,
            _("plugin %s: needs a name of a-z, 0-9, _ and - (at most %d characters) and a version"),
            m->path, NAME_MAX_CHARS);
    }
    return check_tables(m, err) && check_needs(m, err) && check_hooks(m, err);
}

bool module_load(struct module *m, const char *path, struct err *err)
{
    memset(m, 0, sizeof(*m));
    if (!check_file(path, err)) {
        return false;
    }
    m->path = mem_strdup(path);
    /* NOW: a missing function is found here, not in the middle of a case. LOCAL: plugins do not see
     * each other's names. */
    m->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (m->handle == NULL) {
        err_set(err, ERR_PLUGIN, _("plugin %s: cannot be loaded: %s"), path, dlerror());
        module_close(m);
        return false;
    }
    if (!check_all(m, err)) {
        module_close(m);
        return false;
    }
    return true;
}

void module_close(struct module *m)
{
    if (m->handle != NULL) {
        dlclose(m->handle);
    }
    mem_free(m->path);
    memset(m, 0, sizeof(*m));
}

const struct fq_option *module_option(const struct module *m, size_t i)
{
    if (m->api.options == NULL) {
        return NULL;
    }
    const char *row = (const char *)m->api.options + i * m->api.option_size;
    const struct fq_option *o = (const struct fq_option *)(const void *)row;
    return o->name == NULL ? NULL : o;
}

const struct fq_method *module_method(const struct module *m, size_t i)
{
    if (m->api.methods == NULL) {
        return NULL;
    }
    const char *row = (const char *)m->api.methods + i * m->api.method_size;
    const struct fq_method *o = (const struct fq_method *)(const void *)row;
    return o->name == NULL ? NULL : o;
}

const struct fq_param *module_param(const struct fq_method *row, size_t i)
{
    if (row->params == NULL) {
        return NULL;
    }
    const char *at = (const char *)row->params + i * row->param_size;
    const struct fq_param *p = (const struct fq_param *)(const void *)at;
    return p->name == NULL ? NULL : p;
}
