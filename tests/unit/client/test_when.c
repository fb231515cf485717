/* Dates and times as people write them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "client/when.h"

static struct date today(void)
{
    struct date d;
    assert_true(date_make(2026, 7, 2, &d));
    return d;
}

static void reads(const char *wanted, const char *typed)
{
    struct err err = {0};
    char *got = when_read(typed, today(), &err);
    assert_non_null(got);
    assert_string_equal(wanted, got);
    mem_free(got);
    err_clear(&err);
}

static void refuses(const char *typed)
{
    struct err err = {0};
    assert_null(when_read(typed, today(), &err));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_true(err.hint[0] != '\0');
    err_clear(&err);
}

static void dates_are_read_as_people_write_them(void **state)
{
    (void)state;
    reads("2026-07-01", "2026-07-01");
    reads("2026-07-01", "2026-7-1");
    reads("2026-07-01", "２０２６－０７－０１");
    reads("2026-07-01", "2026/7/1");
    reads("2026-07-01", "2026.7.1");
    reads("2026-07-01", "2026年7月1日");
    reads("2026-07-01", "7月1日");
    reads("2026-07-01", " 昨天 ");
    reads("2026-06-30", "前天");
    reads("2026-07-02", "今天");
}

static void a_time_may_stand_behind(void **state)
{
    (void)state;
    reads("2026-07-01 09:30", "2026-07-01 09:30");
    reads("2026-07-01T09:30:00", "7月1日 9:30");
    reads("2026-07-01T09:00:00", "7月1日上午9点");
    reads("2026-07-01T15:30:00", "昨天下午3点半");
    reads("2026-07-01T15:05:00", "2026年7月1日15时05分");
    reads("2026-07-01T09:30:00", "２０２６／７／１　９：３０");
}

static void what_does_not_exist_is_refused_with_an_example(void **state)
{
    (void)state;
    const char *wrong[] = {"", "下周", "2026-02-30", "2月30日", "13月1日", "26-7-1", "7月",
        "7月1日 25:00", "2026-07-01x", "昨天x", "20260701", "9:30", "99999999999999-1-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        refuses(wrong[i]);
    }
}

static void only_what_leaves_out_the_year_needs_today(void **state)
{
    (void)state;
    assert_true(when_needs_today("昨天"));
    assert_true(when_needs_today("７月1日"));
    assert_false(when_needs_today("2026年7月1日"));
    assert_false(when_needs_today("2026-07-01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_as_people_write_them),
        cmocka_unit_test(a_time_may_stand_behind),
        cmocka_unit_test(what_does_not_exist_is_refused_with_an_example),
        cmocka_unit_test(only_what_leaves_out_the_year_needs_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
