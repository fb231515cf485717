#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "unit/domain/notices.h"

#include <string.h>

static struct calendar *cal;

static int open_calendar(void **state)
{
    (void)state;
    lang_init();
    cal = calendar_of_notices();
    return 0;
}

static int close_calendar(void **state)
{
    (void)state;
    calendar_free(cal);
    return 0;
}

static void assert_day(const char *expected, struct date actual)
{
    char text[DATE_TEXT];
    assert_string_equal(expected, date_format(actual, text));
}

static void each_year_has_its_published_number_of_working_days(void **state)
{
    static const int expected[] = {250, 249, 250, 249, 249, 251, 248, 248};
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct date from, to;
        date_make(2019 + i - 1, 12, 31, &from);
        date_make(2019 + i, 12, 31, &to);
        assert_int_equal(expected[i], calendar_workdays_between(cal, from, to));
    }
}

static void counting_two_ways_gives_the_same(void **state)
{
    (void)state;
    struct date from = day("2018-11-01");
    int count = 0;
    for (struct date d = from; date_compare(d, day("2028-02-01")) < 0;) {
        d = date_add_days(d, 1);
        count += calendar_is_workday(cal, d);
        assert_int_equal(count, calendar_workdays_between(cal, from, d));
        assert_int_equal(-count, calendar_workdays_between(cal, d, from));
        if (calendar_is_workday(cal, d)) {
            assert_memory_equal(
                &d, &(struct date){calendar_add_workdays(cal, from, count).day}, sizeof d);
        }
    }
}

static void rest_days_have_a_name_and_working_days_none(void **state)
{
    (void)state;
    assert_string_equal("春节", calendar_rest_name(cal, day("2020-01-25")));
    assert_string_equal("周六", calendar_rest_name(cal, day("2020-08-22")));
    assert_string_equal("周日", calendar_rest_name(cal, day("2020-08-23")));
    assert_null(calendar_rest_name(cal, day("2020-08-24")));
    assert_null(calendar_rest_name(cal, day("2020-06-28"))); /* make-up Sunday */
    assert_true(calendar_is_holiday(cal, day("2020-01-25")));
    assert_false(calendar_is_holiday(cal, day("2020-08-22")));
    lang_use(LANG_EN);
    assert_string_equal("Saturday", calendar_rest_name(cal, day("2020-08-22")));
    lang_use(LANG_ZH);
}

static void make_up_weekend_days_are_working_days(void **state)
{
    (void)state;
    assert_true(calendar_is_workday(cal, day("2023-10-07")));
    assert_true(calendar_is_makeup(cal, day("2023-10-07")));
    assert_false(calendar_is_makeup(cal, day("2023-10-09")));
    assert_false(calendar_is_makeup(cal, day("2023-10-14")));
}

static void notice_reaches_into_the_december_before(void **state)
{
    (void)state;
    assert_false(calendar_is_workday(cal, day("2022-12-31")));
    assert_string_equal("元旦", calendar_rest_name(cal, day("2022-12-31")));
    assert_true(calendar_is_workday(cal, day("2018-12-29")));  /* Saturday */
    assert_false(calendar_is_workday(cal, day("2018-12-31"))); /* Monday */
}

static void later_year_overrules_the_december_of_the_one_before(void **state)
{
    (void)state;
    struct calendar *c = calendar_new();
    json_t *next = json_pack("{si si s[{ssssss}] s[]}", "year", 2027, "version", 1, "rest", "from",
        "2026-12-31", "to", "2027-01-02", "name", "元旦", "work");
    add_notice(c, 2026, 1);
    assert_true(calendar_is_workday(c, day("2026-12-31")));
    assert_true(calendar_add(c, next, NULL));
    assert_false(calendar_is_workday(c, day("2026-12-31")));
    json_decref(next);
    calendar_free(c);
}

static void rolling_skips_the_whole_block(void **state)
{
    (void)state;
    assert_day("2026-02-24", calendar_roll_next(cal, day("2026-02-15")));
    assert_day("2026-02-14", calendar_roll_previous(cal, day("2026-02-23")));
    assert_day("2026-02-24", calendar_roll_next(cal, day("2026-02-24")));
    assert_day("2026-02-24", calendar_roll_previous(cal, day("2026-02-24")));
}

static void zero_and_negative_working_days(void **state)
{
    (void)state;
    assert_day("2026-02-15", calendar_add_workdays(cal, day("2026-02-15"), 0));
    assert_day("2026-02-14", calendar_add_workdays(cal, day("2026-02-24"), -1));
    assert_day("2020-10-09", calendar_add_workdays(cal, day("2020-10-15"), -5));
}

static void year_without_notice_follows_the_weekdays(void **state)
{
    (void)state;
    assert_false(calendar_has_year(cal, 2027));
    assert_int_equal(0, calendar_version_of(cal, 2027));
    assert_null(calendar_year_doc(cal, 2027));
    assert_true(calendar_is_workday(cal, day("2027-10-01"))); /* a Friday */
    assert_false(calendar_is_workday(cal, day("2027-10-02")));
}

static void newer_version_replaces_and_older_is_refused(void **state)
{
    (void)state;
    struct calendar *c = calendar_new();
    struct err err = {0};
    add_notice(c, 2020, 1);
    assert_true(calendar_is_workday(c, day("2020-01-31")));
    assert_true(calendar_is_workday(c, day("2020-02-01")));
    add_notice(c, 2020, 2);
    assert_int_equal(2, calendar_version_of(c, 2020));
    assert_false(calendar_is_workday(c, day("2020-01-31")));
    assert_false(calendar_is_workday(c, day("2020-02-01")));
    for (size_t i = 1; i <= 2; i++) { /* the first notice, then the same one again */
        json_t *doc = notice_doc(&notices[i]);
        assert_false(calendar_add(c, doc, &err));
        assert_int_equal(ERR_STATE, err.code);
        json_decref(doc);
        err_clear(&err);
    }
    assert_int_equal(2, calendar_version_of(c, 2020));
    calendar_free(c);
}

static void document_is_kept_apart_from_the_caller(void **state)
{
    (void)state;
    struct calendar *c = calendar_new();
    json_t *doc = notice_doc(&notices[0]);
    assert_true(calendar_add(c, doc, NULL));
    json_object_clear(doc);
    json_decref(doc);
    assert_int_equal(2019, json_integer_value(json_object_get(calendar_year_doc(c, 2019), "year")));
    assert_string_equal("春节", calendar_rest_name(c, day("2019-02-04")));
    calendar_free(c);
}

static void years_are_listed_with_their_versions(void **state)
{
    (void)state;
    json_t *years = calendar_years(cal);
    assert_int_equal(8, json_object_size(years));
    assert_int_equal(2, json_integer_value(json_object_get(years, "2020")));
    json_decref(years);
}

struct wrong_doc {
    const char *text, *member; /* named in the message */
};

static void malformed_documents_name_the_member_and_change_nothing(void **state)
{
    static const struct wrong_doc docs[] = {
        {"[]", ""},
        {"{}", "year"},
        {"{\"year\":\"2027\",\"version\":1,\"rest\":[],\"work\":[]}", "year"},
        {"{\"year\":99999,\"version\":1,\"rest\":[],\"work\":[]}", "year"},
        {"{\"year\":2027,\"rest\":[],\"work\":[]}", "version"},
        {"{\"year\":2027,\"version\":0,\"rest\":[],\"work\":[]}", "version"},
        {"{\"year\":2027,\"version\":1,\"work\":[]}", "rest"},
        {"{\"year\":2027,\"version\":1,\"rest\":[],\"work\":{\"a\":1}}", "work"},
        {"{\"year\":2027,\"version\":1,\"rest\":[],\"work\":[],\"paper\":7}", "paper"},
        {"{\"year\":2027,\"version\":1,\"rests\":[],\"work\":[]}", "rests"},
        {"{\"year\":2027,\"version\":1,\"rest\":[7],\"work\":[]}", "rest[1]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[{\"from\":\"2027-02-30\",\"to\":\"2027-03-01\","
         "\"name\":\"x\"}],\"work\":[]}",
            "rest[1].from"},
        {"{\"year\":2027,\"version\":1,\"rest\":[{\"from\":\"2027-02-03\",\"to\":\"2027-02-01\","
         "\"name\":\"x\"}],\"work\":[]}",
            "rest[1]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[{\"from\":\"2027-02-03\",\"to\":\"2027-12-01\","
         "\"name\":\"x\"}],\"work\":[]}",
            "rest[1]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[{\"from\":\"2027-02-03\",\"to\":\"2027-02-04\"}],"
         "\"work\":[]}",
            "rest[1]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[{\"from\":\"2026-11-30\",\"to\":\"2026-12-01\","
         "\"name\":\"x\"}],\"work\":[]}",
            "rest[1].from"},
        {"{\"year\":2027,\"version\":1,\"rest\":[],\"work\":[\"2027-01-04\"]}", "work[1]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[],\"work\":[\"2027-01-02\",\"2027-01-02\"]}",
            "work[2]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[{\"from\":\"2027-01-01\",\"to\":\"2027-01-03\","
         "\"name\":\"元旦\"}],\"work\":[\"2027-01-03\"]}",
            "work[1]"},
        {"{\"year\":2027,\"version\":1,\"rest\":[],\"work\":[null]}", "work[1]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++) {
        struct err err = {0};
        json_t *doc = json_loads(docs[i].text, 0, NULL);
        assert_non_null(doc);
        assert_false(calendar_add(cal, doc, &err));
        assert_int_equal(ERR_FORM, err.code);
        if (strstr(err.message, docs[i].member) == NULL) {
            fail_msg("“%s” does not name %s", err.message, docs[i].member);
        }
        assert_false(calendar_has_year(cal, 2027));
        err_clear(&err);
        json_decref(doc);
    }
}

static void huge_list_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *work = json_array();
    for (int i = 0; i < 100000; i++) {
        json_array_append_new(work, json_string("2027-01-02"));
    }
    json_t *doc = json_pack("{si si s[] so}", "year", 2027, "version", 1, "rest", "work", work);
    assert_false(calendar_add(cal, doc, &err));
    assert_int_equal(ERR_FORM, err.code);
    json_decref(doc);
    err_clear(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_year_has_its_published_number_of_working_days),
        cmocka_unit_test(counting_two_ways_gives_the_same),
        cmocka_unit_test(rest_days_have_a_name_and_working_days_none),
        cmocka_unit_test(make_up_weekend_days_are_working_days),
        cmocka_unit_test(notice_reaches_into_the_december_before),
        cmocka_unit_test(later_year_overrules_the_december_of_the_one_before),
        cmocka_unit_test(rolling_skips_the_whole_block),
        cmocka_unit_test(zero_and_negative_working_days),
        cmocka_unit_test(year_without_notice_follows_the_weekdays),
        cmocka_unit_test(newer_version_replaces_and_older_is_refused),
        cmocka_unit_test(document_is_kept_apart_from_the_caller),
        cmocka_unit_test(years_are_listed_with_their_versions),
        cmocka_unit_test(malformed_documents_name_the_member_and_change_nothing),
        cmocka_unit_test(huge_list_is_refused),
    };
    return cmocka_run_group_tests(tests, open_calendar, close_calendar);
}
