/* The order in which the steps of a clock come up, and the window of due clocks. */
#include "world.h"

#include "engine/scheduler.h"
#include "engine/steps.h"

static struct date day(const char *text)
{
    struct date d;
    assert_true(date_parse(text, &d));
    return d;
}

static int64_t at(const char *text)
{
    int64_t ms;
    assert_true(instant_parse(text, &ms));
    return ms;
}

static struct flow_step steps[] = {
    {.when = STEP_LEFT, .span = {7, UNIT_DAY}},
    {.when = STEP_LEFT, .span = {3, UNIT_WORKDAY}},
    {.when = STEP_LATE},
    {.when = STEP_LATE, .span = {15, UNIT_DAY}},
};
static const struct flow_clock fc = {.steps = steps, .step_count = 4};

static void working_days_before_a_long_holiday_come_before_calendar_days(void **state)
{
    (void)state;
    struct calendar *c = calendar_new();
    json_t *year =
        world_year(2026, 1, "{\"from\":\"2026-02-15\",\"to\":\"2026-02-23\",\"name\":\"春节\"}");
    assert_true(calendar_add(c, year, NULL));
    struct due due = {.legal = day("2026-02-24"), .due_ms = date_end_ms(day("2026-02-24"))};
    struct step_at next = steps_first(&fc, c, &due, at("2026-02-01T09:00:00"));
    assert_int_equal(1, next.index);
    assert_int_equal(at("2026-02-11T09:00:00"), next.wake_ms);
    next = steps_after(&fc, c, &due, next.index);
    assert_int_equal(0, next.index);
    assert_int_equal(at("2026-02-17T09:00:00"), next.wake_ms);
    next = steps_after(&fc, c, &due, next.index);
    assert_int_equal(2, next.index);
    next = steps_after(&fc, c, &due, next.index);
    assert_int_equal(3, next.index);
    next = steps_after(&fc, c, &due, next.index);
    assert_int_equal(4, next.index);
    assert_int_equal(INT64_MAX, next.wake_ms);
    next = steps_first(&fc, c, &due, at("2026-05-01T09:00:00"));
    assert_int_equal(2, next.index); /* warnings that are over are left out, lateness never is */
    calendar_free(c);
    json_decref(year);
}

static void a_window_that_shrinks_during_a_refill_forgets_nothing(void **state)
{
    (void)state;
    struct scheduler *s = scheduler_open(4);
    scheduler_begin_refill(s);
    for (int i = 0; i < 6; i++) { /* became durable while the page was read */
        scheduler_push(s, 100 + i, 10 + i);
    }
    for (int i = 0; i < 4; i++) { /* the page: 20 21 22 23; the heap holds 8 */
        scheduler_push(s, i, 20 + i);
    }
    scheduler_end_refill(s, 23);
    int64_t id, wake, last = 0;
    while (scheduler_take(s, 1000, &id, &wake)) {
        last = wake;
    }
    assert_true(scheduler_wants_refill(s));
    assert_true(scheduler_end_ms(s) <= last + 1); /* everything behind `last` is read again */
    scheduler_free(s);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days_before_a_long_holiday_come_before_calendar_days),
        cmocka_unit_test(a_window_that_shrinks_during_a_refill_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
