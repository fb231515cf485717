/* What time does: warnings, lateness, escalation, pauses, extension, windows, calendars, restarts.
 */
#include "world.h"

#include <stdio.h>
#include <unistd.h>

/* An accepted case: 15 days from 2026-03-02, legal end 2026-03-17 (a Tuesday). */
static void accepted(struct world *w)
{
    world_ok(w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"demo\",\"fields\":{\"subject\":\"地界\"}}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
}

static bool marked(const struct casefile *c, const char *name)
{
    return json_array_has(c->marks, name);
}

static size_t count_ops(struct world *w, const char *op)
{
    json_t *rows = world_history(w, 1);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *data = json_object_get(json_array_get(rows, i), "data");
        json_t *changes = json_object_get(data, "changes");
        for (size_t k = 0; k < json_array_size(changes); k++) {
            const char *name = json_text(json_array_get(changes, k), "op");
            n += strcmp(name, op) == 0;
        }
    }
    json_decref(rows);
    return n;
}

static void a_warning_comes_three_working_days_before_the_end(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-12T08:59:59");
    struct casefile *c = world_case(w, "c1");
    assert_false(marked(c, "yellow"));
    casefile_free(c);
    world_go(w, "2026-03-12T09:00:00");
    c = world_case(w, "c1");
    assert_true(marked(c, "yellow"));
    assert_int_equal(CLOCK_RUNNING, c->clocks[0].state);
    casefile_free(c);
}

static void the_last_day_ends_at_midnight_and_then_the_case_escalates(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-17T23:59:59");
    struct casefile *c = world_case(w, "c1");
    assert_false(marked(c, "red"));
    assert_string_equal("village.tw", c->host);
    casefile_free(c);
    world_go(w, "2026-03-18T00:00:00");
    c = world_case(w, "c1");
    assert_true(marked(c, "red"));
    assert_int_equal(CLOCK_LATE, c->clocks[0].state);
    assert_string_equal("town.sfs", c->host);
    assert_int_equal(2, c->level);
    assert_true(json_array_has(c->participants, "village.tw"));
    casefile_free(c);
}

static void a_refusal_to_be_mediated_is_never_escalated(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"fields\":{\"subject\":\"地界\",\"refused\":true}}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
    world_go(w, "2026-03-20T10:00:00");
    struct casefile *c = world_case(w, "c1");
    assert_true(marked(c, "red"));
    assert_string_equal("village.tw", c->host);
    casefile_free(c);
    assert_int_equal(1, count_ops(w, "outcome.withheld"));
}

static void supervision_follows_after_fifteen_days_and_leaves_the_case_where_it_is(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-04-02T10:00:00");
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("district.xfj", c->supervisor);
    assert_string_equal("town.sfs", c->host);
    assert_int_equal(3, c->level);
    casefile_free(c);
}

static void an_answer_in_time_meets_the_clock_and_clears_the_colour(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-16T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(CLOCK_MET, c->clocks[0].state);
    assert_false(c->clocks[0].was_late);
    assert_int_equal(0, json_array_size(c->marks));
    casefile_free(c);
}

static void a_late_answer_is_remembered_as_late(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-25T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "t1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(CLOCK_MET, c->clocks[0].state);
    assert_true(c->clocks[0].was_late);
    casefile_free(c);
}

static void a_window_nobody_used_closes_the_case_and_is_not_late(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}");
    world_go(w, "2026-04-10T10:00:00");
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("closed", c->state);
    assert_string_equal("已办结", c->outcome);
    assert_int_equal(CLOCK_CANCELLED, c->clocks[1].state);
    assert_false(c->clocks[1].was_late);
    assert_int_equal(INT64_MAX, casefile_wake_ms(c));
    casefile_free(c);
}

static void appraisal_days_are_taken_out_both_ends_included(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-05T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"appraise\"}");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(CLOCK_PAUSED, c->clocks[0].state);
    casefile_free(c);
    world_go(w, "2026-03-30T10:00:00"); /* past the old end: a paused clock does not run late */
    c = world_case(w, "c1");
    assert_int_equal(CLOCK_PAUSED, c->clocks[0].state);
    casefile_free(c);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"resume\"}");
    c = world_case(w, "c1");
    char day[DATE_TEXT];
    assert_int_equal(CLOCK_RUNNING, c->clocks[0].state);
    assert_string_equal(
        "2026-04-13", date_format(c->clocks[0].due.legal, day)); /* 17 + 26 = 12th, a Sunday */
    casefile_free(c);
}

static void only_what_the_law_lists_may_be_taken_out(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-10T10:00:00");
    struct answer a = world_do(w, COMMAND_PAUSE, "1", "v1",
        "{\"clock\":\"handle\",\"from\":\"2026-03-04\",\"to\":\"2026-03-06\",\"reason\":"
        "\"人手不够\"}",
        NULL);
    assert_int_equal(ERR_GUARD, a.code);
    answer_free(&a);
    world_ok(w, COMMAND_PAUSE, "1", "v1",
        "{\"clock\":\"handle\",\"from\":\"2026-03-04\",\"to\":\"2026-03-06\",\"reason\":\"鉴定\"}");
    struct casefile *c = world_case(w, "c1");
    char day[DATE_TEXT];
    assert_string_equal("2026-03-20", date_format(c->clocks[0].due.legal, day));
    casefile_free(c);
}

static void an_extension_is_given_once_before_the_end_from_the_raw_end(void **state)
{
    struct world *w = *state;
    accepted(w);
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\"}", NULL);
    assert_int_equal(ERR_FORM, a.code); /* no reason */
    answer_free(&a);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"情况复杂\"}");
    struct casefile *c = world_case(w, "c1");
    char day[DATE_TEXT];
    assert_string_equal("2026-03-27", date_format(c->clocks[0].due.legal, day));
    casefile_free(c);
    a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"再延\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
}

static bool extension_is_offered(struct world *w)
{
    struct casefile *c = world_case(w, "c1");
    struct actor v1 = {ACTOR_USER, "v1", NULL, false};
    json_t *can = engine_can(w->engine, c, &v1, "extend", NULL);
    bool offered = json_flag(can, "allowed");
    json_decref(can);
    casefile_free(c);
    return offered;
}

static void an_extension_is_offered_only_while_there_is_something_to_extend(void **state)
{
    struct world *w = *state;
    accepted(w);
    assert_true(extension_is_offered(w));
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"情况复杂\"}");
    assert_false(extension_is_offered(w));
}

static void an_extension_asked_after_the_end_comes_too_late(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-18T09:00:00");
    struct answer a =
        world_do(w, COMMAND_ACT, "1", "t1", "{\"action\":\"extend\",\"reason\":\"x\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
}

static void take_changed(const struct command_result *r, void *ctx)
{
    *(json_t **)ctx = json_incref(json_object_get(r->result, "changed"));
}

static void a_calendar_that_arrives_recomputes_and_lists_what_changed(void **state)
{
    struct world *w = *state;
    world_go(w, "2026-12-28T10:00:00");
    accepted(w);
    struct casefile *c = world_case(w, "c1");
    char day[DATE_TEXT];
    assert_true(c->clocks[0].due.provisional);
    assert_string_equal("2027-01-12", date_format(c->clocks[0].due.legal, day));
    casefile_free(c);
    json_t *year =
        world_year(2027, 1, "{\"from\":\"2027-01-12\",\"to\":\"2027-01-14\",\"name\":\"试\"}");
    assert_true(calendar_add(engine_calendar(w->engine), year, NULL));
    json_t *changed = NULL;
    engine_recompute(w->engine, 2027, take_changed, &changed);
    world_settle(w);
    assert_int_equal(1, json_array_size(changed));
    assert_string_equal("2027-01-15", json_text(json_array_get(changed, 0), "to"));
    c = world_case(w, "c1");
    assert_false(c->clocks[0].due.provisional);
    assert_string_equal("2027-01-15", date_format(c->clocks[0].due.legal, day));
    casefile_free(c);
    world_go(w, "2027-01-15T23:59:00");
    c = world_case(w, "c1");
    assert_int_equal(CLOCK_RUNNING, c->clocks[0].state);
    casefile_free(c);
    json_decref(changed);
    json_decref(year);
}

static void clocks_that_fell_due_while_the_daemon_was_down_fire_once_at_start(void **state)
{
    (void)state;
    char path[] = "/tmp/fengqiao-engine-XXXXXX";
    assert_true(mkstemp(path) >= 0);
    struct world w;
    unlink(path);
    world_open(&w, path, "2026-03-02T10:00:00");
    accepted(&w);
    world_close(&w);
    for (int i = 0; i < 3; i++) {
        world_open(&w, path, "2026-03-19T10:00:00");
        world_settle(&w);
        struct casefile *c = world_case(&w, "c1");
        assert_string_equal("town.sfs", c->host);
        assert_true(marked(c, "red"));
        casefile_free(c);
        assert_int_equal(1, count_ops(&w, "clock.late"));
        assert_int_equal(2, count_ops(&w, "clock.step"));
        world_close(&w);
    }
    unlink(path);
}

static void a_thousand_clocks_of_one_moment_each_fire_once(void **state)
{
    struct world *w = *state;
    enum { CASES = 1000 };
    for (int i = 0; i < CASES; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%d", i + 1);
        world_ok(w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"demo\",\"fields\":{\"subject\":\"x\"}}");
        world_ok(w, COMMAND_ACT, id, "v1", "{\"action\":\"accept\"}");
    }
    world_go(w, "2026-03-12T09:00:00");
    json_t *stat = engine_stat(w->engine);
    assert_int_equal(CASES, json_number(stat, "clocks_fired", 0));
    json_decref(stat);
    world_go(w, "2026-03-18T00:00:00");
    stat = engine_stat(w->engine);
    assert_int_equal(2 * CASES, json_number(stat, "clocks_fired", 0));
    json_decref(stat);
}

static void interrupt(struct world *w, const char *from, const char *to)
{
    char args[200];
    snprintf(args, sizeof args,
        "{\"clock\":\"handle\",\"from\":\"%s\",\"to\":\"%s\",\"reason\":\"鉴定\"}", from, to);
    world_ok(w, COMMAND_PAUSE, "1", "v1", args);
}

static void assert_legal(struct world *w, const char *day)
{
    char text[DATE_TEXT];
    struct casefile *c = world_case(w, "c1");
    assert_string_equal(day, date_format(c->clocks[0].due.legal, text));
    casefile_free(c);
}

static void two_pauses_on_one_day_take_it_out_once(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-05T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"appraise\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"resume\"}");
    assert_legal(w, "2026-03-18");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"appraise\"}");
    world_go(w, "2026-03-07T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"resume\"}");
    assert_legal(w, "2026-03-20");
}

static void an_earlier_interruption_may_be_entered_later_and_an_extension_after_it(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-12T10:00:00");
    interrupt(w, "2026-03-10", "2026-03-11");
    interrupt(w, "2026-03-04", "2026-03-05");
    assert_legal(w, "2026-03-23"); /* the 21st is a Saturday */
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"情况复杂\"}");
    assert_legal(w, "2026-03-31");
}

static void a_pause_that_could_not_be_taken_out_does_not_begin(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"情况复杂\"}");
    struct date day = {0};
    assert_true(date_parse("2026-03-03", &day));
    for (int i = 0; i < DUE_EXCLUSIONS_MAX; i++, day = date_add_days(day, 2)) {
        char at[INSTANT_TEXT], text[DATE_TEXT];
        world_go(w, instant_format(date_end_ms(day), at));
        interrupt(w, date_format(day, text), text);
    }
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"appraise\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}");
}

/* A second notice for 2026 with these rest days besides the New Year. */
static void second_notice(struct world *w, const char *rest)
{
    json_t *year = world_year(2026, 2, rest);
    assert_true(calendar_add(engine_calendar(w->engine), year, NULL));
    engine_recompute(w->engine, 2026, NULL, NULL);
    world_settle(w);
    json_decref(year);
}

static void a_calendar_does_not_make_a_late_clock_late_again(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-19T10:00:00");
    second_notice(w, "{\"from\":\"2026-03-17\",\"to\":\"2026-03-17\",\"name\":\"试\"}");
    assert_legal(w, "2026-03-18");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(CLOCK_LATE, c->clocks[0].state);
    assert_true(marked(c, "red"));
    assert_string_equal("town.sfs", c->host);
    casefile_free(c);
    assert_int_equal(1, count_ops(w, "clock.late"));
    assert_int_equal(2, count_ops(w, "clock.step"));
    world_go(w, "2026-04-02T10:00:00"); /* 15 days after the new end */
    assert_int_equal(3, count_ops(w, "clock.step"));
}

static void a_calendar_that_gives_more_days_takes_lateness_back(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-19T10:00:00");
    second_notice(w, "{\"from\":\"2026-03-17\",\"to\":\"2026-03-27\",\"name\":\"试\"}");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(CLOCK_RUNNING, c->clocks[0].state);
    assert_false(c->clocks[0].was_late);
    assert_false(marked(c, "red"));
    casefile_free(c);
    world_go(w, "2026-03-31T00:00:00");
    assert_int_equal(2, count_ops(w, "clock.late"));
}

static void a_calendar_that_changes_no_date_leaves_the_colour(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-12T09:00:00");
    second_notice(w, "{\"from\":\"2026-10-01\",\"to\":\"2026-10-07\",\"name\":\"试\"}");
    struct casefile *c = world_case(w, "c1");
    assert_true(marked(c, "yellow"));
    casefile_free(c);
    assert_int_equal(1, count_ops(w, "clock.step"));
}

static void more_time_takes_the_warning_colour_away(void **state)
{
    struct world *w = *state;
    accepted(w);
    world_go(w, "2026-03-12T09:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"情况复杂\"}");
    struct casefile *c = world_case(w, "c1");
    assert_false(marked(c, "yellow"));
    casefile_free(c);
}

static void a_case_whose_flow_is_not_loaded_waits_without_spinning(void **state)
{
    struct world *w = *state;
    accepted(w);
    engine_free(w->engine);
    w->engine = engine_open(&(struct engine_options){.store = w->store, .clock = &w->clock}, NULL);
    int64_t later;
    assert_true(instant_parse("2026-03-20T10:00:00", &later));
    wallclock_set(&w->clock, later);
    world_settle(w);
    assert_true(engine_next_ms(w->engine) > later);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
        T(a_warning_comes_three_working_days_before_the_end),
        T(the_last_day_ends_at_midnight_and_then_the_case_escalates),
        T(a_refusal_to_be_mediated_is_never_escalated),
        T(supervision_follows_after_fifteen_days_and_leaves_the_case_where_it_is),
        T(an_answer_in_time_meets_the_clock_and_clears_the_colour),
        T(a_late_answer_is_remembered_as_late),
        T(a_window_nobody_used_closes_the_case_and_is_not_late),
        T(appraisal_days_are_taken_out_both_ends_included),
        T(only_what_the_law_lists_may_be_taken_out),
        T(an_extension_is_given_once_before_the_end_from_the_raw_end),
        T(an_extension_is_offered_only_while_there_is_something_to_extend),
        T(an_extension_asked_after_the_end_comes_too_late),
        T(a_calendar_that_arrives_recomputes_and_lists_what_changed),
        cmocka_unit_test(clocks_that_fell_due_while_the_daemon_was_down_fire_once_at_start),
        T(a_thousand_clocks_of_one_moment_each_fire_once),
        T(two_pauses_on_one_day_take_it_out_once),
        T(an_earlier_interruption_may_be_entered_later_and_an_extension_after_it),
        T(a_pause_that_could_not_be_taken_out_does_not_begin),
        T(a_calendar_does_not_make_a_late_clock_late_again),
        T(a_calendar_that_gives_more_days_takes_lateness_back),
        T(a_calendar_that_changes_no_date_leaves_the_colour),
        T(more_time_takes_the_warning_colour_away),
        T(a_case_whose_flow_is_not_loaded_waits_without_spinning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
