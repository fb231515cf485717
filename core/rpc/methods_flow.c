/* rpc/methods_flow.c — workflows: which there are, one of them whole, and deploying a new version.
 */
#include "rpc/flow_deploy.h"
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

static void deploy(struct call *c)
{
    if (service_may(c, "flow.deploy")) {
        service_once(c, flow_deploy_fresh);
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
        N_("Checks a workflow script, plays its scenarios and makes it the current version; open "
           "cases "
           "keep theirs."),
        PARAMS({.name = "source",
                   .type = PARAM_TEXT,
                   .flags = PARAM_REQUIRED,
                   .doc = N_("text of the script"),
                   .min = 1,
                   .max = 500000},
            NEED("file", PARAM_NAME, N_("file name, for messages")),
            MAY("note", PARAM_TEXT, N_("kept in the audit log"), .max = 2000),
            MAY("force", PARAM_BOOL,
                N_("although cases are in states it does not have; the note says why"))),
        PARAMS(NEED("flow", PARAM_NAME, N_("id of the flow")),
            NEED("title", PARAM_TEXT, N_("title of the flow")),
            NEED("version", PARAM_TEXT, N_("hash of its definition")),
            MAY("was", PARAM_TEXT, N_("version it replaces")),
            NEED("diagnostics", PARAM_LIST, N_("warnings about it")),
            NEED("tests", PARAM_OBJECT, N_("scenarios played: passed, failed, unvisited")),
            NEED("live", PARAM_OBJECT,
                N_("cases under way that stay under their version; gone: states they are in that "
                   "it "
                   "does not have"))),
        ERRORS(ERR_FORBIDDEN, ERR_SCRIPT, ERR_LIMIT, ERR_FORM, ERR_STATE, ERR_KEY_REUSED,
            ERR_READ_ONLY),
        "{\"source\":\"return workflow \\\"petition\\\" { … }\",\"file\":\"petition.lua\"}",
        "{\"flow\":\"petition\",\"title\":\"信访事项\",\"version\":\"9f86…\",\"diagnostics\":[],"
        "\"tests\":{},\"live\":{}}"},
};
const struct method_table flow_table = METHOD_TABLE(rows);
