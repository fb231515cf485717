/* plug/methods.c — the methods a plugin adds: its rows become rows of the one method table.
 *
 * The right in the row is asked here, before the plugin sees the request. */
#include "plug/plugin.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine.h"
#include "rpc/method.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWERS_MAX = 256 }; /* requests one plugin may leave open; more are refused */

struct plugin_rows {
    struct method *rows; /* owned, as are the params of each */
    size_t count;
    bool added;
};

struct plugin_answer {
    struct plugin_answer *next;
    struct call *call;
    int64_t id;
};

static const struct param method_result[] = {
    {.name = "ok", .type = PARAM_ANY, .doc = N_("members are named by the plugin")}, {0}};
static const enum err_code method_errors[] = {ERR_FORBIDDEN, ERR_PLUGIN, ERR_NONE};

static const struct fq_method *row_of(const struct plugin *p, const struct method *row)
{
    return module_method(&p->module, (size_t)(row - p->rows->rows));
}

/* --- one request -------------------------------------------------------------------------------
 */

static struct plugin_answer *add_answer(struct plugin *p, struct call *call)
{
    size_t open = 0;
    for (const struct plugin_answer *a = p->answers; a != NULL; a = a->next) {
        open++;
    }
    if (open >= ANSWERS_MAX) {
        return NULL;
    }
    struct plugin_answer *a = mem_alloc(sizeof(*a));
    *a = (struct plugin_answer){.next = p->answers, .call = call, .id = ++p->next_id};
    p->answers = a;
    return a;
}

/* The call of that id, forgotten; NULL: unknown or answered already. */
static struct call *take_answer(struct plugin *p, int64_t id)
{
    for (struct plugin_answer **at = &p->answers; *at != NULL; at = &(*at)->next) {
        struct plugin_answer *a = *at;
        if (a->id == id) {
            struct call *call = a->call;
            *at = a->next;
            mem_free(a);
            return call;
        }
    }
    return NULL;
}

static void refuse(
    struct call *call, enum err_code code, const char *format, const char *a, const char *b)
{
    struct err err = {0};
    call_enter(call);
    err_set(&err, code, _(format), a, b);
    call_refuse(call, &err);
}

int plugin_methods_answer(struct plugin *p, int64_t id, struct fq_text result, const char *why)
{
    struct call *call = take_answer(p, id);
    if (call == NULL) {
        return FQ_ERROR;
    }
    if (why != NULL) {
        bool good = why[0] != '\0' && utf8_valid(why, strlen(why));
        refuse(call, ERR_PLUGIN, N_("plugin %s: %s"), p->name, good ? why : "?");
        return FQ_OK;
    }
    struct err err = {0};
    json_t *object = json_parse(result.data, result.len, &err);
    err_clear(&err);
    if (!json_is_object(object)) {
        json_decref(object);
        refuse(call, ERR_PLUGIN, N_("plugin %s answered %s with something that is no object"),
            p->name, call_method(call)->name);
        return FQ_ERROR;
    }
    call_reply(call, object);
    return FQ_OK;
}

/* The wire's error object as an error of this call: members of data beside kind, hint and retryable
 * stay. What is no such object becomes an error of the plugin. */
int plugin_methods_fail(struct plugin *p, int64_t id, struct fq_text error)
{
    struct err err = {0}, parse = {0};
    json_t *object = json_parse(error.data, error.len, &parse);
    err_clear(&parse);
    const json_t *data = json_member(object, "data");
    const char *message = json_text(object, "message"), *hint = json_text(data, "hint");
    struct call *call = message == NULL ? NULL : take_answer(p, id);
    if (call == NULL) {
        json_decref(object);
        return plugin_methods_answer(p, id, (struct fq_text){0}, "?") == FQ_OK ? FQ_OK : FQ_ERROR;
    }
    enum err_code code = err_code_of_kind(json_text(data, "kind"));
    err_set(&err, code == ERR_INTERNAL ? ERR_PLUGIN : code, "%s", message);
    if (hint != NULL) {
        err_hint(&err, "%s", hint);
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)data, key, value)
    {
        if (!text_equal(key, "kind") && !text_equal(key, "hint") && !text_equal(key, "retryable")) {
            err_data(&err, key, json_incref(value));
        }
    }
    json_decref(object);
    call_refuse(call, &err);
    return FQ_OK;
}

struct call *plugin_methods_open_call(struct plugin *p, int64_t id)
{
    const struct plugin_answer *a = p->answers;
    while (a != NULL && a->id != id) {
        a = a->next;
    }
    return a == NULL ? NULL : a->call;
}

static bool may_call(const struct plugin *p, struct call *call, const char *right, struct err *err)
{
    struct engine *e = p->services->engine;
    struct date today = date_of_instant(wallclock_now_ms(p->services->clock));
    return access_at(
        engine_access(e), engine_org(e), call_actor(call), right, NULL, NULL, today, err);
}

static void on_call(struct call *call)
{
    struct plugin *p = call_ctx(call);
    const struct fq_method *row = row_of(p, call_method(call));
    struct err err = {0};
    if (!may_call(p, call, row->right, &err)) {
        call_refuse(call, &err);
        return;
    }
    struct plugin_answer *answer = p->state == PLUGIN_OPEN ? add_answer(p, call) : NULL;
    if (answer == NULL) {
        refuse(call, ERR_OVERLOADED, N_("plugin %s does not answer %s now"), p->name, row->name);
        return;
    }
    char *params = json_compact(call_params(call));
    struct fq_call asked = {.size = sizeof(asked),
        .id = answer->id,
        .user = {call_actor(call)->user, strlen(call_actor(call)->user)},
        .params = {params, strlen(params)}};
    int64_t entered = plugin_enter(p);
    int result = row->handle(p->self, &asked);
    free(params);
    plugin_left(p, row->name, entered, result != FQ_OK && result != FQ_REFUSED, "bad result");
    if (result != FQ_OK) { /* it did not keep the request; the answer may have been given */
        plugin_methods_answer(p, asked.id, (struct fq_text){0}, row->name);
    }
}

/* --- rows ----------------------------------------------------------------------------------------
 */

static struct param *make_params(const struct fq_method *row)
{
    static const enum param_type types[] = {[FQ_PARAM_TEXT] = PARAM_TEXT,
        [FQ_PARAM_NUMBER] = PARAM_INT,
        [FQ_PARAM_FLAG] = PARAM_BOOL,
        [FQ_PARAM_OBJECT] = PARAM_OBJECT};
    size_t count = 0;
    while (module_param(row, count) != NULL) {
        count++;
    }
    struct param *params = mem_array(count + 1, sizeof(*params));
    for (size_t i = 0; i < count; i++) {
        const struct fq_param *from = module_param(row, i);
        bool known = from->kind >= FQ_PARAM_TEXT && from->kind <= FQ_PARAM_OBJECT;
        params[i] = (struct param){.name = from->name,
            .type = known ? types[from->kind] : PARAM_ANY,
            .flags = from->required ? (unsigned)PARAM_REQUIRED : 0u,
            .doc = from->help};
    }
    return params;
}

static struct method make_row(const struct fq_method *from)
{
    return (struct method){
        .name = from->name,
        .fn = on_call,
        .summary = from->summary,
        .params = make_params(from),
        .result = method_result,
        .errors = method_errors,
        .example = from->example == NULL ? "{}" : from->example,
        .example_result = from->example_result == NULL ? "{}" : from->example_result,
    };
}

bool plugin_methods_add(struct plugin *p, struct err *err)
{
    size_t count = 0;
    while (module_method(&p->module, count) != NULL) {
        count++;
    }
    if (count == 0 || p->services->methods == NULL) {
        return true;
    }
    p->rows = mem_alloc(sizeof(*p->rows));
    p->rows->rows = mem_array(count, sizeof(struct method));
    p->rows->count = count;
    for (size_t i = 0; i < count; i++) {
        p->rows->rows[i] = make_row(module_method(&p->module, i));
    }
    p->rows->added = methods_add(p->services->methods, p->rows->rows, count, p, err);
    return p->rows->added || err_prefix(err, _("plugin %s: "), plugin_name(p));
}

void plugin_methods_end(struct plugin *p)
{
    while (p->answers != NULL) {
        plugin_methods_answer(
            p, p->answers->id, (struct fq_text){0}, _("the plugin is being stopped"));
    }
    if (p->rows == NULL) {
        return;
    }
    if (p->rows->added) {
        methods_remove(p->services->methods, p->rows->rows, p->rows->count);
    }
    for (size_t i = 0; i < p->rows->count; i++) {
        mem_free((void *)(uintptr_t)p->rows->rows[i].params);
    }
    mem_free(p->rows->rows);
    mem_free(p->rows);
    p->rows = NULL;
}
