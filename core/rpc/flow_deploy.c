/* rpc/flow_deploy.c — see flow_deploy.h.
 *
 * load and verify, beside the others too → which cases are under way (store) → scenarios (worker) →
 * record → in force. Nothing but the last step changes anything, so a daemon that dies in between
 * has deployed nothing. The scenarios play with the data of the workflows' folder, read by the
 * worker itself: it shares nothing with the loop. */
#include "rpc/flow_deploy.h"

#include "author/author.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/work.h"
#include "rpc/service.h"

#include <string.h>

enum { LIVE_MAX = 10000 }; /* cases looked at; beyond it the counts are "at least" */

struct deploy {
    struct call *call;
    struct flow *flow;          /* owned until the engine has it */
    struct script *script;      /* likewise */
    json_t *diagnostics, *live; /* owned */
    /* for the worker alone while it runs */
    char *source, *path, *workflows, *org; /* owned */
    enum lang lang;
    json_t *tests; /* owned; NULL: they could not be run */
    struct err err;
};

static void deploy_free(struct deploy *d)
{
    flow_free(d->flow);
    script_free(d->script);
    json_decref(d->diagnostics);
    json_decref(d->live);
    json_decref(d->tests);
    mem_free(d->source);
    mem_free(d->path);
    mem_free(d->workflows);
    mem_free(d->org);
    mem_free(d);
}

/* --- in force --------------------------------------------------------------------------------- */

static void deployed(struct call *c, json_t *response, void *ctx)
{
    struct deploy *d = ctx;
    if (c != NULL) {
        engine_add_flow(service_of(c)->with.engine, d->flow, d->script);
        d->flow = NULL;
        d->script = NULL;
        call_reply(c, json_incref(response));
    }
    deploy_free(d);
}

/* {passed, failed, unvisited}; new reference. */
static json_t *tests_told(const json_t *report)
{
    return json_pack("{s:O?, s:O?, s:O?}", "passed", json_member(report, "passed"), "failed",
        json_member(report, "failed"), "unvisited", json_member(report, "unvisited"));
}

static void record(struct deploy *d)
{
    struct call *c = d->call;
    struct service *s = service_of(c);
    const struct flow *was = engine_flow(s->with.engine, d->flow->id);
    bool forced = json_flag(call_params(c), "force");
    json_t *response =
        json_pack("{s:s, s:s, s:s, s:s?, s:O, s:o, s:O}", "flow", d->flow->id, "title",
            d->flow->title, "version", d->flow->version, "was", was != NULL ? was->version : NULL,
            "diagnostics", d->diagnostics, "tests", tests_told(d->tests), "live", d->live);
    struct record records[] = {
        {RECORD_FLOW, json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", d->flow->id, "version",
                          d->flow->version, "source", d->source, "file", call_text(c, "file"),
                          "deployed_ms", (json_int_t)service_now_ms(s))},
        audit_record(c, "flow.deploy", d->flow->id,
            json_pack("{s:s, s:s?, s:b}", "version", d->flow->version, "note", call_text(c, "note"),
                "force", forced)),
    };
    service_record(c, records, 2, response, deployed, d);
}

/* --- its own scenarios ------------------------------------------------------------------------ */

static void run_tests(void *ctx)
{
    struct deploy *d = ctx;
    lang_use(d->lang);
    struct world *world = world_load(d->workflows, d->org, &d->err);
    if (world != NULL) {
        d->tests = author_test_source(d->source, strlen(d->source), d->path, world, &d->err);
    }
    world_free(world);
}

static const json_t *first_failed(const json_t *report)
{
    const json_t *rows = json_member(report, "scenarios");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (!json_flag(json_array_get(rows, i), "ok")) {
            return json_array_get(rows, i);
        }
    }
    return NULL;
}

static void tested(void *ctx)
{
    struct deploy *d = ctx;
    struct err err = {0};
    call_enter(d->call);
    const json_t *bad = first_failed(d->tests);
    if (d->tests == NULL) {
        call_refuse(d->call, &d->err);
        deploy_free(d);
    } else if (bad != NULL) {
        err_set(&err, ERR_SCRIPT, _("%s:%lld: scenario \"%s\" fails: %s"),
            call_text(d->call, "file"),
            (long long)json_number(bad, "at_line", json_number(bad, "line", 0)),
            json_text(bad, "name"), json_text(bad, "problem"));
        err_hint(&err, "%s", _("fengqiao flow test plays the scenarios on your machine"));
        err_data(&err, "tests", json_incref(d->tests));
        call_refuse(d->call, &err);
        deploy_free(d);
    } else {
        record(d);
    }
}

/* --- the cases under way ---------------------------------------------------------------------- */

/* {cases, stay, gone:[{state, title, cases}]}: what is under way stays under its version. New
 * reference. */
static json_t *live_of(struct engine *e, const struct flow *flow, const json_t *rows)
{
    const struct flow *was = engine_flow(e, flow->id);
    json_t *counts = json_object(), *gone = json_array(), *count;
    const char *state;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *name = json_text(json_array_get(rows, i), "state");
        if (name != NULL && flow_state(flow, name) == NULL) {
            json_put_number(counts, name, json_number(counts, name, 0) + 1);
        }
    }
    json_object_foreach(counts, state, count)
    {
        const struct flow_state *old = was == NULL ? NULL : flow_state(was, state);
        json_array_append_new(gone, json_pack("{s:s, s:s, s:O}", "state", state, "title",
                                        old != NULL ? old->title : state, "cases", count));
    }
    json_decref(counts);
    return json_pack("{s:I, s:I, s:o}", "cases", (json_int_t)json_array_size(rows), "stay",
        (json_int_t)json_array_size(rows), "gone", gone);
}

/* A warning, not an error: those cases go on under their version, but nothing new reaches them. */
static bool may_leave_behind(struct deploy *d, struct err *err)
{
    const json_t *gone = json_member(d->live, "gone"), *first = json_array_get(gone, 0);
    bool forced = json_flag(call_params(d->call), "force");
    const char *note = call_text(d->call, "note");
    if (forced && (note == NULL || *note == '\0')) {
        err_set(err, ERR_FORM, _("force needs a note that says why"));
        return err_data(err, "field", json_string("note"));
    }
    if (first == NULL || forced) {
        return true;
    }
    err_set(err, ERR_STATE,
        _("%lld cases are in the state \"%s\", which the new version does not have"),
        (long long)json_number(first, "cases", 0), json_text(first, "title"));
    err_hint(err, "%s",
        _("They go on under their version. If that is meant, deploy with force and a note"));
    return err_data(err, "live", json_incref(d->live));
}

/* What others hand over must still find its place. Forced, the administrator deploys them next. */
static bool spares_others(struct deploy *d, struct err *err)
{
    json_t *broken = engine_links_broken(service_of(d->call)->with.engine, d->flow);
    const json_t *first = json_array_get(broken, 0);
    if (first == NULL || json_flag(call_params(d->call), "force")) {
        json_decref(broken);
        return true;
    }
    const char *file = json_text(first, "file");
    err_set(err, ERR_STATE, _("The workflow \"%s\" could no longer hand over: %s:%lld: %s"),
        json_text(first, "flow_title"), file != NULL ? file : json_text(first, "flow"),
        (long long)json_number(first, "line", 0), json_text(first, "message"));
    err_hint(err, "%s",
        _("Change the other workflow too; if it is deployed right after, use force and a note"));
    return err_data(err, "broken", broken);
}

/* A workflow it hands over to may come later; that is for the administrator to say. */
static bool finds_others(struct deploy *d, struct err *err)
{
    for (size_t i = 0; i < json_array_size(d->diagnostics); i++) {
        const json_t *row = json_array_get(d->diagnostics, i);
        const char *near = json_text(row, "near"), *path = json_text(row, "path");
        if (!text_equal(json_text(row, "id"), "F111") || json_flag(call_params(d->call), "force")) {
            continue;
        }
        err_set(err, ERR_STATE, "%s:%d: %s", call_text(d->call, "file"),
            path != NULL ? script_line(d->script, path) : 0, json_text(row, "message"));
        if (near != NULL) {
            err_data(err, "did_you_mean", json_string(near));
            return err_hint(err, _("Did you mean %s?"), near);
        }
        return err_hint(
            err, "%s", _("Deploy that workflow first; if it comes later, use force and a note"));
    }
    return true;
}

static void live_came(json_t *answer, const struct err *failure, void *ctx)
{
    struct deploy *d = ctx;
    struct err err = {0};
    struct service *s = service_of(d->call);
    call_enter(d->call);
    if (answer == NULL) {
        call_fail(d->call, failure);
        deploy_free(d);
        return;
    }
    d->live = live_of(s->with.engine, d->flow, json_member(answer, "items"));
    if (!may_leave_behind(d, &err) || !finds_others(d, &err) || !spares_others(d, &err)) {
        call_refuse(d->call, &err);
        deploy_free(d);
    } else {
        work_start(s->with.loop, run_tests, tested, d);
    }
}

/* --- the script ------------------------------------------------------------------------------- */

/* Diagnostics of an unsound flow with the lines of its script. */
static void refuse_unsound(struct call *c, const struct deploy *d)
{
    struct err err = {0};
    const char *near = NULL;
    json_t *row;
    size_t i;
    json_array_foreach(d->diagnostics, i, row)
    {
        const char *path = json_text(row, "path");
        int line = path != NULL ? script_line(d->script, path) : 0;
        if (line > 0) {
            json_put_number(row, "line", line);
        }
        if (err.code == ERR_NONE && text_equal(json_text(row, "level"), "error")) {
            err_set(&err, ERR_SCRIPT, "%s:%d: %s", call_text(c, "file"), line,
                json_text(row, "message"));
            near = json_text(row, "near");
        }
    }
    if (near != NULL) {
        err_data(&err, "did_you_mean", json_string(near));
        err_hint(&err, _("Did you mean %s?"), near);
    } else {
        err_hint(&err, "%s", _("fengqiao flow check shows every problem with its line"));
    }
    err_data(&err, "diagnostics", json_incref(d->diagnostics));
    call_refuse(c, &err);
}

/* By itself, and what it hands over beside the workflows in force. */
static json_t *judge(const struct engine *e, const struct flow *flow)
{
    json_t *rows = flow_verify(flow, engine_terms(e)), *beside = engine_verify_links(e, flow), *row;
    size_t i;
    json_array_foreach(beside, i, row)
    {
        if (text_equal(json_text(row, "flow"), flow->id)) {
            json_array_append(rows, row);
        }
    }
    json_decref(beside);
    return rows;
}

/* The name of the file alone: what a client sends leads to no folder. */
static const char *file_alone(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash != NULL ? slash + 1 : file;
}

void flow_deploy_fresh(struct call *c)
{
    struct service *s = service_of(c);
    struct err err = {0};
    const char *source = call_text(c, "source"), *file = call_text(c, "file");
    struct deploy *d = mem_alloc(sizeof(*d));
    d->call = c;
    d->script = script_load(source, strlen(source), file, &script_limits_default, &d->flow, &err);
    if (d->script == NULL) {
        call_refuse(c, &err);
        deploy_free(d);
        return;
    }
    d->diagnostics = judge(s->with.engine, d->flow);
    if (flow_diagnostics_fail(d->diagnostics)) {
        refuse_unsound(c, d);
        deploy_free(d);
        return;
    }
    d->source = mem_strdup(source);
    d->workflows = mem_strdup(s->with.workflows);
    d->org = mem_strdup(s->with.org);
    d->path = mem_printf("%s/%s", s->with.workflows, file_alone(file));
    d->lang = lang_current();
    json_t *args = json_pack("{s:{s:b}, s:s, s:b, s:s, s:i}", "scope", "all", 1, "flow",
        d->flow->id, "open", 1, "sort", "opened", "limit", (int)LIVE_MAX);
    store_ask(s->with.store, ASK_CASES, args, live_came, d);
}
