/* Dates and instants: every day of three centuries, and every way to write a moment. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/civil.h"

#include <stdio.h>
#include <string.h>

static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static int length_of(int year, int month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return lengths[month - 1] + (month == 2 && leap);
}

/* Walks day by day with its own month lengths; day 0 of the walk is 1900-01-01, a Monday. */
static void every_day_from_1900_to_2199_splits_makes_writes_and_reads_back(void **state)
{
    (void)state;
    int expected = -25567, weekday = 1;
    for (int year = 1900; year <= 2199; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= length_of(year, month); day++) {
                struct date d, read;
                int y, m, dd;
                char text[DATE_TEXT], by_hand[32];
                assert_true(date_make(year, month, day, &d));
                assert_int_equal(expected, d.day);
                date_split(d, &y, &m, &dd);
                assert_true(y == year && m == month && dd == day);
                assert_int_equal(year, date_year(d));
                assert_int_equal(weekday, date_weekday(d));
                snprintf(by_hand, sizeof by_hand, "%d-%02d-%02d", year, month, day);
                assert_string_equal(by_hand, date_format(d, text));
                assert_true(date_parse(text, &read) && read.day == d.day);
                assert_int_equal(d.day, date_of_instant(date_start_ms(d)).day);
                assert_int_equal(d.day, date_of_instant(date_end_ms(d)).day);
                assert_int_equal(d.day + 1, date_of_instant(date_end_ms(d) + 1).day);
                expected++;
                weekday = weekday % 7 + 1;
            }
        }
    }
    assert_int_equal(84006, expected); /* 2200-01-01 */
}

static void days_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    static const int bad[][3] = {{2026, 2, 29}, {2100, 2, 29}, {1900, 2, 29}, {2026, 4, 31},
        {2026, 0, 1}, {2026, 13, 1}, {2026, 1, 0}, {2026, 1, 32}, {1899, 12, 31}, {2200, 1, 1},
        {-1, 1, 1}, {2026, -1, 1}, {2026, 1, -1}};
    struct date d;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(date_make(bad[i][0], bad[i][1], bad[i][2], &d));
    }
    assert_true(date_make(2000, 2, 29, &d));
    assert_true(date_make(2024, 2, 29, &d));
}

static void only_exact_dates_are_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "2026", "2026-1-1", "2026-01-1", "2026-01-011",
        "2026-01-01 ", " 2026-01-01", "2026/01/01", "20260101", "2026-02-30", "+026-01-01",
        "２０２６-01-01", "2026-01-", "2026-01-0x", "1899-12-31", "2200-01-01"};
    struct date d;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(date_parse(bad[i], &d));
    }
}

static const char *plus_months(const char *text, int months)
{
    static char out[DATE_TEXT];
    struct date d;
    assert_true(date_parse(text, &d));
    return date_format(date_add_months(d, months), out);
}

static void a_month_on_is_the_same_number_or_the_last_day(void **state)
{
    (void)state;
    assert_string_equal("2020-02-29", plus_months("2020-01-31", 1));
    assert_string_equal("2021-02-28", plus_months("2021-01-31", 1));
    assert_string_equal("2020-03-31", plus_months("2020-01-31", 2));
    assert_string_equal("2021-01-31", plus_months("2020-12-31", 1));
    assert_string_equal("2021-02-28", plus_months("2020-02-29", 12));
    assert_string_equal("2024-02-29", plus_months("2020-02-29", 48));
    assert_string_equal("2019-12-15", plus_months("2020-01-15", -1));
    assert_string_equal("2019-02-28", plus_months("2020-03-31", -13));
    assert_string_equal("2020-05-05", plus_months("2020-05-05", 0));
}

static void dates_compare_and_step(void **state)
{
    (void)state;
    struct date a, b;
    date_parse("2020-02-28", &a);
    date_parse("2020-03-01", &b);
    assert_true(date_compare(a, b) < 0);
    assert_true(date_compare(b, a) > 0);
    assert_int_equal(0, date_compare(a, a));
    assert_int_equal(b.day, date_add_days(a, 2).day);
    assert_int_equal(a.day, date_add_days(b, -2).day);
}

static void a_day_begins_and_ends_in_shanghai(void **state)
{
    (void)state;
    struct date epoch = {0};
    assert_true(date_start_ms(epoch) == -INT64_C(28800000));
    assert_true(date_end_ms(epoch) == INT64_C(57599999));
    assert_int_equal(0, date_of_instant(0).day);
    assert_int_equal(-1, date_of_instant(-INT64_C(28800001)).day);
    assert_int_equal(0, date_of_instant(-INT64_C(28800000)).day);
}

static void an_instant_is_read_in_every_way_it_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"2012-02-23", INT64_C(1329926400000)},
        {"2012-02-23 13:45", INT64_C(1329975900000)},
        {"2012-02-23T13:45", INT64_C(1329975900000)},
        {"2012-02-23T13:45:43", INT64_C(1329975943000)},
        {"2012-02-23T13:45:43.1", INT64_C(1329975943100)},
        {"2012-02-23T13:45:43.123456", INT64_C(1329975943123)},
        {"2012-02-23T05:45:43Z", INT64_C(1329975943000)},
        {"2012-02-23T13:45:43+08:00", INT64_C(1329975943000)},
        {"2012-02-23T05:45:43.5Z", INT64_C(1329975943500)},
        {"2012-02-22T21:45:43-08:00", INT64_C(1329975943000)},
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t ms = 12345;
        assert_true(instant_parse(good[i].text, &ms));
        assert_true(ms == good[i].ms);
    }
}

static void malformed_instants_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "13:45", "2012-02-30", "2012-02-23T", "2012-02-23T24:00",
        "2012-02-23T13:60", "2012-02-23T13:45:60", "2012-02-23T13:45:43.", "2012-02-23T1:45",
        "2012-02-23T13:45:43+8:00", "2012-02-23T13:45:43+0800", "2012-02-23T13:45:43+15:00",
        "2012-02-23T13:45:43Zx", "2012-02-23x13:45", "2012-02-23T13:45:43 ", "2012-02-23Z",
        "2012-02-23T13:45:43.Z", "2012-02-23T-1:45"};
    int64_t ms;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(instant_parse(bad[i], &ms));
    }
}

static void an_instant_written_is_read_back_to_the_second(void **state)
{
    (void)state;
    char text[INSTANT_TEXT];
    assert_string_equal("1970-01-01T08:00:00+08:00", instant_format(0, text));
    assert_string_equal("1970-01-01T07:59:59+08:00", instant_format(-1, text));
    assert_string_equal("2026-11-24T23:59:59+08:00", instant_format(INT64_C(1795535999999), text));
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        /* 1900..2199 in whole seconds */
        int64_t ms = ((int64_t)(seed >> 31) % INT64_C(9400000000) - INT64_C(2200000000)) * 1000;
        int64_t back;
        assert_true(instant_parse(instant_format(ms, text), &back));
        assert_true(ms == back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_from_1900_to_2199_splits_makes_writes_and_reads_back),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(only_exact_dates_are_read),
        cmocka_unit_test(a_month_on_is_the_same_number_or_the_last_day),
        cmocka_unit_test(dates_compare_and_step),
        cmocka_unit_test(a_day_begins_and_ends_in_shanghai),
        cmocka_unit_test(an_instant_is_read_in_every_way_it_is_written),
        cmocka_unit_test(malformed_instants_are_refused),
        cmocka_unit_test(an_instant_written_is_read_back_to_the_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
