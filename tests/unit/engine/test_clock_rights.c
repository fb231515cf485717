/* Clocks that are not for every case (`when`), and rights of the parties (`right`), which lapse
 * instead of being late and are shown on the closed case. */
#include "world.h"

#include "script/script.h"

static const char source[] =
    "return workflow \"dispute\" { title = \"纠纷\", track = \"people\",\n"
    "  roles = { worker = at \"host\" { \"mediator\", title = \"承办人\" } },\n"
    "  fields = { kind = choice { \"劳动\", \"其他\", title = \"类型\" },\n"
    "    known_on = date { title = \"知道之日\" } },\n"
    "  states = { open = { title = \"办理中\", initial = true, work = \"worker\" },\n"
    "    failed = { title = \"不成\", final = true } },\n"
    "  actions = { fail = on \"open -> failed\" { title = \"终止\", by = \"worker\" } },\n"
    "  clocks = {\n"
    "    work = clock { title = \"办理\", limit = \"90 days\", from = \"open\", to = \"failed\",\n"
    "      late = { notify \"acting\" } },\n"
    "    bar = clock { title = \"仲裁时效\", limit = \"60 days\", kind = \"max\", right = true,\n"
    "      start_field = \"known_on\", when = \"labour\", from = \"open|failed\" } },\n"
    "  guards = { labour = function(case)\n"
    "    return case.fields.kind == \"劳动\" and case.fields.known_on ~= nil, \"不是劳动争议\" end } }\n";

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct err err = {0};
    world_open(w, NULL, "2026-03-02T10:00:00");
    json_t *doc = json_lit(world_org), *body;
    size_t i;
    json_array_foreach(json_object_get(doc, "bodies"), i, body)
    {
        json_object_set_new(body, "hosts", json_string("demo dispute"));
    }
    engine_set_org(w->engine, org_load(doc, &err));
    json_decref(doc);
    struct flow *flow = NULL;
    struct script *script = script_load(source, strlen(source), "dispute.lua", NULL, &flow, &err);
    assert_string_equal("", err.message);
    json_t *findings = flow_verify(flow, NULL);
    assert_false(flow_diagnostics_fail(findings));
    assert_int_equal(0, json_array_size(findings));
    json_decref(findings);
    engine_add_flow(w->engine, flow, script);
    *state = w;
    return 0;
}

static void open_case(struct world *w, const char *fields)
{
    char *args = mem_printf("{\"flow\":\"dispute\",\"fields\":%s}", fields);
    world_ok(w, COMMAND_OPEN, NULL, "v1", args);
    mem_free(args);
}

static void a_clock_begins_only_where_its_guard_agrees(void **state)
{
    struct world *w = *state;
    open_case(w, "{\"kind\":\"其他\",\"known_on\":\"2026-02-20\"}");
    open_case(w, "{\"kind\":\"劳动\",\"known_on\":\"2026-02-20\"}");
    struct casefile *other = world_case(w, "c1"), *labour = world_case(w, "c2");
    assert_null(casefile_clock(other, "bar"));
    char day[DATE_TEXT];
    assert_string_equal("2026-04-21", date_format(casefile_clock(labour, "bar")->due.legal, day));
    casefile_free(other);
    casefile_free(labour);
}

static void a_right_presses_nobody_though_it_ends_sooner(void **state)
{
    struct world *w = *state;
    open_case(w, "{\"kind\":\"劳动\",\"known_on\":\"2026-02-20\"}");
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("work", casefile_pressing_clock(c)->name);
    casefile_free(c);
}

static void it_runs_on_after_the_case_is_closed_and_lapses_without_being_late(void **state)
{
    struct world *w = *state;
    open_case(w, "{\"kind\":\"劳动\",\"known_on\":\"2026-02-20\"}");
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"fail\"}");
    struct casefile *c = world_case(w, "c1");
    assert_true(c->closed_ms > 0);
    assert_true(clock_is_open(casefile_clock(c, "bar")));
    assert_false(clock_is_open(casefile_clock(c, "work")));
    casefile_free(c);
    world_go(w, "2026-04-21T23:00:00");
    c = world_case(w, "c1");
    assert_true(clock_is_open(casefile_clock(c, "bar")));
    casefile_free(c);
    world_go(w, "2026-04-22T09:00:00");
    c = world_case(w, "c1");
    const struct case_clock *bar = casefile_clock(c, "bar");
    assert_int_equal(CLOCK_CANCELLED, bar->state);
    assert_false(bar->was_late);
    assert_int_equal(INT64_MAX, casefile_wake_ms(c));
    casefile_free(c);
}

static void without_the_day_it_begins_on_there_is_no_such_clock(void **state)
{
    struct world *w = *state;
    open_case(w, "{\"kind\":\"劳动\"}"); /* the day is not known yet */
    struct casefile *c = world_case(w, "c1");
    assert_null(casefile_clock(c, "bar"));
    casefile_free(c);
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"fail\"}");
    c = world_case(w, "c1");
    assert_null(casefile_clock(c, "bar"));
    casefile_free(c);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_clock_begins_only_where_its_guard_agrees),
        T(a_right_presses_nobody_though_it_ends_sooner),
        T(it_runs_on_after_the_case_is_closed_and_lapses_without_being_late),
        T(without_the_day_it_begins_on_there_is_no_such_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
