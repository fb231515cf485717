/* rpc/methods_flow.c — workflows: which there are, one of them whole, and deploying a new version.
 */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

static json_t *flow_row(const struct flow *f)
{
    return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:i, s:i, s:i, s:i}", "id", f->id, "title",
        f->title, "track", f->track, "version", f->version, "file", f->file, "states",
        (int)f->state_count, "actions", (int)f->action_count, "clocks", (int)f->clock_count,
        "fields", (int)f->field_count);
}

static void list(struct call *c)
{
    struct engine *e = service_of(c)->with.engine;
    if (!service_may(c, "flow.read")) {
        return;
    }
    json_t *items = json_array();
    for (size_t i = 0; i < engine_flow_count(e); i++) {
        json_array_append_new(items, flow_row(engine_flow_at(e, i)));
    }
    call_reply(c, service_items(items));
}

static void no_flow(struct call *c, const char *wanted)
{
    struct engine *e = service_of(c)->with.engine;
    struct err err = {0};
    size_t count = engine_flow_count(e);
    const char **names = mem_array(2 * count + 1, sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = engine_flow_at(e, i)->id;
        names[2 * i + 1] = engine_flow_at(e, i)->title;
    }
    const char *near = text_nearest(wanted, names, 2 * count);
    err_set(&err, ERR_NOT_FOUND, _("there is no flow \"%s\""), wanted);
    if (near != NULL) {
        err_data(&err, "did_you_mean", json_string(near));
        err_hint(&err, _("did you mean \"%s\"?"), near);
    }
    mem_free(names);
    call_refuse(c, &err);
}

static void get(struct call *c)
{
    const char *wanted = call_text(c, "flow");
    if (!service_may(c, "flow.read")) {
        return;
    }
    const struct flow *f = engine_flow(service_of(c)->with.engine, wanted);
    if (f == NULL) {
        f = engine_flow_version(service_of(c)->with.engine, wanted);
    }
    if (f == NULL) {
        no_flow(c, wanted);
        return;
    }
    json_t *out = flow_row(f);
    json_object_set(out, "doc", f->doc);
    call_reply(c, out);
}

/* --- deploy ----------------------------------------------------------------------------------- */

struct deploy {
    struct flow *flow;     /* owned until the engine has it */
    struct script *script; /* likewise */
    struct service *service;
};

static void deploy_free(struct deploy *d)
{
    if (d != NULL) {
        flow_free(d->flow);
        script_free(d->script);
        mem_free(d);
    }
}

static void deployed(struct call *c, json_t *response, void *ctx)
{
    struct deploy *d = ctx;
    if (c == NULL) {
        deploy_free(d);
        return;
    }
    engine_add_flow(d->service->with.engine, d->flow, d->script);
    mem_free(d);
    call_reply(c, json_incref(response));
}

/* Diagnostics of an unsound flow with the lines of its script. */
static void refuse_unsound(struct call *c, const struct deploy *d, json_t *diagnostics)
{
    struct err err = {0};
    json_t *row;
    size_t i;
    json_array_foreach(diagnostics, i, row)
    {
        const char *path = json_text(row, "path");
        int line = path != NULL ? script_line(d->script, path) : 0;
        if (line > 0) {
            json_put_number(row, "line", line);
        }
        if (err.code == ERR_NONE && text_equal(json_text(row, "level"), "error")) {
            err_set(&err, ERR_SCRIPT, "%s:%d: %s", call_text(c, "file"), line,
                json_text(row, "message"));
        }
    }
    err_hint(&err, "%s", _("fengqiao flow check shows every problem with its line"));
    err_data(&err, "diagnostics", json_incref(diagnostics));
    call_refuse(c, &err);
}

static void deploy_fresh(struct call *c)
{
    struct service *s = service_of(c);
    struct err err = {0};
    const char *source = call_text(c, "source"), *file = call_text(c, "file");
    struct deploy *d = mem_alloc(sizeof(*d));
    d->service = s;
    d->script = script_load(source, strlen(source), file, &script_limits_default, &d->flow, &err);
    if (d->script == NULL) {
        deploy_free(d);
        call_refuse(c, &err);
        return;
    }
    json_t *diagnostics = flow_verify(d->flow, engine_terms(s->with.engine));
    if (flow_diagnostics_fail(diagnostics)) {
        refuse_unsound(c, d, diagnostics);
        deploy_free(d);
        json_decref(diagnostics);
        return;
    }
    const struct flow *was = engine_flow(s->with.engine, d->flow->id);
    json_t *response = json_pack("{s:s, s:s, s:s, s:s?, s:o}", "flow", d->flow->id, "title",
        d->flow->title, "version", d->flow->version, "was", was != NULL ? was->version : NULL,
        "diagnostics", diagnostics);
    struct record records[] = {
        {RECORD_FLOW,
            json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", d->flow->id, "version", d->flow->version,
                "source", source, "file", file, "deployed_ms", (json_int_t)service_now_ms(s))},
        audit_record(c, "flow.deploy", d->flow->id,
            json_pack("{s:s, s:s?}", "version", d->flow->version, "note", call_text(c, "note"))),
    };
    service_record(c, records, 2, response, deployed, d);
}

static void deploy(struct call *c)
{
    if (service_may(c, "flow.deploy")) {
        service_once(c, deploy_fresh);
    }
}

static const struct method rows[] = {
    {"flow.list", list, 0, N_("Workflows in force."), NO_PARAMS,
        PARAMS(NEED("items", PARAM_LIST, N_("flows: id, title, version, counts"))),
        ERRORS(ERR_FORBIDDEN), "{}",
        "{\"items\":[{\"id\":\"petition\",\"title\":\"信访事项\",\"version\":\"9f86…\"}]}"},
    {"flow.get", get, 0, N_("A workflow whole: fields, states, actions, clocks, routes."),
        PARAMS(NEED("flow", PARAM_NAME, N_("workflow, by id, title or version"))),
        PARAMS(NEED("id", PARAM_NAME, N_("id of the flow")),
            NEED("title", PARAM_TEXT, N_("title of the flow")),
            NEED("version", PARAM_TEXT, N_("hash of its definition")),
            NEED("doc", PARAM_OBJECT, N_("the canonical document"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"flow\":\"petition\"}",
        "{\"id\":\"petition\",\"title\":\"信访事项\",\"version\":\"9f86…\",\"doc\":{}}"},
    {"flow.deploy", deploy, METHOD_MUTATING,
        N_("Checks a workflow script and makes it the current version; open cases keep theirs."),
        PARAMS({.name = "source",
                   .type = PARAM_TEXT,
                   .flags = PARAM_REQUIRED,
                   .doc = N_("text of the script"),
                   .min = 1,
                   .max = 500000},
            NEED("file", PARAM_NAME, N_("file name, for messages")),
            MAY("note", PARAM_TEXT, N_("kept in the audit log"), .max = 2000)),
        PARAMS(NEED("flow", PARAM_NAME, N_("id of the flow")),
            NEED("title", PARAM_TEXT, N_("title of the flow")),
            NEED("version", PARAM_TEXT, N_("hash of its definition")),
            MAY("was", PARAM_TEXT, N_("version it replaces")),
            NEED("diagnostics", PARAM_LIST, N_("warnings about it"))),
        ERRORS(ERR_FORBIDDEN, ERR_SCRIPT, ERR_LIMIT, ERR_FORM, ERR_KEY_REUSED, ERR_READ_ONLY),
        "{\"source\":\"return workflow \\\"petition\\\" { … }\",\"file\":\"petition.lua\"}",
        "{\"flow\":\"petition\",\"title\":\"信访事项\",\"version\":\"9f86…\",\"diagnostics\":[]}"},
};
const struct method_table flow_table = METHOD_TABLE(rows);
