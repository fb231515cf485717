/* author/scenario.c — author_test: every scenario of a script, and what none of them visited. */
#include "author/author.h"

#include "author/play.h"
#include "author/source.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"
#include "script/script.h"

#include <string.h>

struct testing {
    const char *path;
    struct buf source; /* owned */
    const struct world *world;
    struct siblings *siblings; /* owned */
    json_t *states, *actions;  /* visited by any scenario; owned */
};

static struct script *load(struct testing *t, struct flow **flow, struct err *err)
{
    return script_load(buf_text(&t->source), t->source.len, t->path, NULL, flow, err);
}

static void remember(json_t *all, const json_t *more)
{
    size_t i;
    json_t *name;
    json_array_foreach((json_t *)more, i, name)
    {
        json_array_add_once(all, json_string_value(name));
    }
}

/* Each scenario gets a script of its own: engine and scenario share nothing with the next one. */
static json_t *run_scenario(struct testing *t, const json_t *scenario)
{
    json_t *row = json_pack("{s:O, s:O, s:b}", "name", json_object_get(scenario, "name"), "line",
        json_object_get(scenario, "line"), "ok", 1);
    struct err err = {0};
    struct flow *flow = NULL;
    struct script *script = load(t, &flow, &err);
    struct play *play =
        script != NULL ? play_open(t->world, t->siblings, flow, script, &err) : NULL;
    const json_t *steps = json_object_get(scenario, "steps");
    bool ok = play != NULL;
    int line = (int)json_number(scenario, "line", 0);
    for (size_t i = 0; ok && i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        line = (int)json_number(step, "line", 0);
        ok = play_step(play, step, &err);
    }
    if (!ok) {
        json_object_set_new(row, "ok", json_false());
        json_put_text(row, "problem", err.message);
        json_put_text(row, "hint", err.hint[0] != '\0' ? err.hint : NULL);
        json_put_number(row, "at_line", line);
    }
    if (play != NULL) {
        json_put_number(row, "days", play_days(play));
        json_object_set(row, "path", (json_t *)play_states(play));
        remember(t->states, play_states(play));
        remember(t->actions, play_actions(play));
    }
    play_free(play);
    err_clear(&err);
    return row;
}

static json_t *unvisited(const struct testing *t, const struct flow *flow)
{
    json_t *states = json_array(), *actions = json_array();
    for (size_t i = 0; i < flow->state_count; i++) {
        if (!json_array_has(t->states, flow->states[i].name)) {
            json_array_append_new(states, json_string(flow->states[i].name));
        }
    }
    for (size_t i = 0; i < flow->action_count; i++) {
        if (!json_array_has(t->actions, flow->actions[i].name)) {
            json_array_append_new(actions, json_string(flow->actions[i].name));
        }
    }
    return json_pack("{s:o, s:o}", "states", states, "actions", actions);
}

static bool refuse_unsound(const struct testing *t, const struct flow *flow, struct err *err)
{
    json_t *findings = flow_verify(flow, world_terms(t->world));
    json_t *beside = siblings_verify(t->siblings, flow);
    json_array_extend(findings, beside);
    json_decref(beside);
    bool bad = flow_diagnostics_fail(findings);
    json_decref(findings);
    if (bad) {
        err_set(err, ERR_SCRIPT, _("%s: the workflow is not sound"), t->path);
        err_hint(err, "%s", _("fengqiao flow check shows every problem with its line"));
    }
    return !bad;
}

static json_t *run_all(struct testing *t, const struct flow *flow, const struct script *script)
{
    json_t *rows = json_array();
    int passed = 0;
    const json_t *tests = script_tests(script);
    for (size_t i = 0; i < json_array_size(tests); i++) {
        json_t *row = run_scenario(t, json_array_get(tests, i));
        passed += json_flag(row, "ok");
        json_array_append_new(rows, row);
    }
    int failed = (int)json_array_size(rows) - passed;
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:o, s:o}", "result", failed == 0 ? "OK" : "FAIL",
        "file", t->path, "flow", flow->id, "passed", passed, "failed", failed, "scenarios", rows,
        "unvisited", unvisited(t, flow));
}

static json_t *test(struct testing *t, struct err *err)
{
    json_t *report = NULL;
    struct flow *flow = NULL;
    struct script *script = load(t, &flow, err);
    if (script != NULL && refuse_unsound(t, flow, err)) {
        report = run_all(t, flow, script);
    }
    flow_free(flow);
    script_free(script);
    return report;
}

json_t *author_test_source(
    const char *source, size_t len, const char *path, const struct world *world, struct err *err)
{
    struct testing t = {.path = path,
        .world = world,
        .siblings = siblings_load(path),
        .states = json_array(),
        .actions = json_array()};
    buf_add(&t.source, source, len);
    json_t *report = test(&t, err);
    buf_close(&t.source);
    siblings_free(t.siblings);
    json_decref(t.states);
    json_decref(t.actions);
    return report;
}

json_t *author_test(const char *path, const struct world *world, struct err *err)
{
    struct buf source = {0};
    json_t *report = source_read(path, &source, err)
                         ? author_test_source(buf_text(&source), source.len, path, world, err)
                         : NULL;
    buf_close(&source);
    return report;
}

/* --- as text
 * ------------------------------------------------------------------------------------------ */

static void add_names(struct buf *out, const json_t *names, const char *between)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        buf_addf(out, "%s%s", i > 0 ? between : "", json_string_value(json_array_get(names, i)));
    }
}

static void show_scenario(struct buf *out, const char *file, const json_t *row)
{
    bool ok = json_flag(row, "ok");
    buf_addf(out, _("%s %s (%d virtual days)\n"), ok ? "✓" : "✗", json_text(row, "name"),
        (int)json_number(row, "days", 0));
    if (ok) {
        return;
    }
    buf_addf(out, "    %s:%d  %s\n", file, (int)json_number(row, "at_line", 0),
        json_text(row, "problem"));
    if (json_text(row, "hint") != NULL) {
        buf_addf(out, "    %s\n", json_text(row, "hint"));
    }
    buf_addf(out, "    %s", _("on its way: "));
    add_names(out, json_object_get(row, "path"), " → ");
    buf_addc(out, '\n');
}

char *author_test_text(const json_t *report)
{
    struct buf out = {0};
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(report, "scenarios"), i, row)
    {
        show_scenario(&out, json_text(report, "file"), row);
    }
    const json_t *left = json_object_get(report, "unvisited");
    if (json_array_size(json_object_get(left, "actions")) > 0) {
        buf_adds(&out, _("actions no scenario does: "));
        add_names(&out, json_object_get(left, "actions"), "、");
        buf_addc(&out, '\n');
    }
    if (json_array_size(json_object_get(left, "states")) > 0) {
        buf_adds(&out, _("states no scenario reaches: "));
        add_names(&out, json_object_get(left, "states"), "、");
        buf_addc(&out, '\n');
    }
    buf_addf(&out, _("passed %d, failed %d\n"), (int)json_number(report, "passed", 0),
        (int)json_number(report, "failed", 0));
    return buf_take(&out);
}
