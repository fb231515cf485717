/* rpc/discover.c — the OpenRPC document, made from the method table (see method.h). */
#include "rpc/method.h"

#include "base/json.h"
#include "base/lang.h"
#include "rpc/params.h"

#define OPENRPC_VERSION "1.3.2"

/* What every call may carry beside its own params, PROTOCOL 1.3 rule 8. */
static const struct param meta_members[] = {
    MAY("token", PARAM_TEXT, N_("login token, instead of a login of the connection")),
    MAY("key", PARAM_TEXT, N_("idempotency key (UUIDv7); needed by methods that change something"),
        .max = 128),
    MAY("lang", PARAM_TEXT, N_("language of messages: zh or en")),
    MAY("trace", PARAM_TEXT, N_("comes back in errors and logs"), .max = 64),
    MAY("deadline_ms", PARAM_INT, N_("do not start after that many milliseconds"), .max = 86400000),
    {0},
};

static json_t *members_schema(const struct param *list)
{
    json_t *properties = json_object(), *required = json_array();
    for (const struct param *p = list; p->name != NULL; p++) {
        json_t *schema = param_schema(p);
        json_put_text(schema, "description", p->doc[0] != '\0' ? _(p->doc) : NULL);
        json_object_set_new(properties, p->name, schema);
        if ((p->flags & PARAM_REQUIRED) != 0) {
            json_array_append_new(required, json_string(p->name));
        }
    }
    json_t *schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
    if (json_array_size(required) > 0) {
        json_object_set(schema, "required", required);
    }
    json_decref(required);
    return schema;
}

static json_t *params_of(const struct method *row)
{
    json_t *list = json_array();
    for (const struct param *p = row->params; p->name != NULL; p++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b, s:o}", "name", p->name, "description", _(p->doc),
                      "required", (p->flags & PARAM_REQUIRED) != 0, "schema", param_schema(p)));
    }
    json_array_append_new(list,
        json_pack("{s:s, s:b, s:{s:s}}", "name", "_meta", "required",
            (row->flags & METHOD_MUTATING) != 0, "schema", "$ref", "#/components/schemas/meta"));
    return list;
}

static json_t *example_of(const struct method *row)
{
    json_t *given = json_parse_own(row->example), *params = json_array(), *value;
    const char *name;
    json_object_foreach(given, name, value)
    {
        json_array_append_new(params, json_pack("{s:s, s:O}", "name", name, "value", value));
    }
    json_decref(given);
    return json_pack("{s:s, s:o, s:{s:s, s:o}}", "name", row->name, "params", params, "result",
        "name", "result", "value", json_parse_own(row->example_result));
}

static void add_error(json_t *list, enum err_code code)
{
    const struct err_info *info = err_info(code);
    json_array_append_new(
        list, json_pack("{s:i, s:s, s:{s:s, s:b}}", "code", info->rpc_code, "message", info->kind,
                  "data", "kind", info->kind, "retryable", info->retryable ? 1 : 0));
}

static json_t *errors_of(const struct method *row)
{
    json_t *list = json_array();
    add_error(list, ERR_PARAMS);
    if ((row->flags & METHOD_ANONYMOUS) == 0) {
        add_error(list, ERR_UNAUTHENTICATED);
    }
    for (const enum err_code *e = row->errors; *e != ERR_NONE; e++) {
        if (*e != ERR_PARAMS && *e != ERR_UNAUTHENTICATED) {
            add_error(list, *e);
        }
    }
    return list;
}

static json_t *method_page(const struct method *row)
{
    size_t count = 0;
    while (row->params[count].name != NULL) {
        count++;
    }
    json_t *result =
        json_pack("{s:s, s:o}", "name", "result", "schema", members_schema(row->result));
    json_t *page = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:[o]}", "name", row->name, "summary",
        _(row->summary), "paramStructure", count <= 1 ? "either" : "by-name", "params",
        params_of(row), "result", result, "errors", errors_of(row), "examples", example_of(row));
    if ((row->flags & METHOD_DEPRECATED) != 0) {
        json_object_set_new(page, "deprecated", json_true());
    }
    json_object_set_new(page, "x-mutating", json_boolean((row->flags & METHOD_MUTATING) != 0));
    json_object_set_new(page, "x-anonymous", json_boolean((row->flags & METHOD_ANONYMOUS) != 0));
    json_object_set_new(page, "x-local", json_boolean((row->flags & METHOD_LOCAL) != 0));
    return page;
}

json_t *methods_discover(const struct methods *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < methods_count(m); i++) {
        json_array_append_new(list, method_page(methods_at(m, i)->row));
    }
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:{s:{s:o}}}", "openrpc", OPENRPC_VERSION,
        "info", "title", "fengqiao", "version", FENGQIAO_VERSION, "description",
        _("Petitions and mediation: newline-delimited JSON-RPC 2.0"), "methods", list, "components",
        "schemas", "meta", members_schema(meta_members));
}
