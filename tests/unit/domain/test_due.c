/* The worked examples of the domain specification, one test each, then the rules they leave out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "domain/due.h"
#include "unit/domain/notices.h"

#include <string.h>

static struct calendar *extended; /* all notices */
static struct calendar *first;    /* without the extension of January 2020 */

static int open_calendars(void **state)
{
    (void)state;
    lang_init();
    extended = calendar_of_notices();
    first = calendar_new();
    for (size_t i = 0; i < NOTICE_COUNT; i++) {
        if (notices[i].version == 1) {
            add_notice(first, notices[i].year, 1);
        }
    }
    return 0;
}

static int close_calendars(void **state)
{
    (void)state;
    calendar_free(extended);
    calendar_free(first);
    return 0;
}

/* --- the 41 examples ------------------------------------------------------------------------- */

struct example {
    const char *name, *start, *span, *raw, *legal;
    enum due_kind kind;
    const char *extension, *from, *to; /* excluded time */
    bool clear, first_notice;
    const char *internal, *next_act;
};

static const struct example examples[] = {
    {"example_01_bureau_receives_before_the_extended_spring_festival", "2020-01-10", "15 d",
        "2020-01-25", "2020-02-03", .internal = "2020-01-23"},
    {"example_02_end_moves_when_the_festival_is_extended", "2020-01-16", "15 d", "2020-01-31",
        "2020-02-03", .internal = "2020-01-23"},
    {"example_02_end_stands_under_the_first_notice", "2020-01-16", "15 d", "2020-01-31",
        "2020-01-31", .first_notice = true, .internal = "2020-01-31"},
    {"example_03_handling_60_days_on_an_ordinary_friday", "2020-06-22", "60 d", "2020-08-21",
        "2020-08-21", .internal = "2020-08-21"},
    {"example_04_handling_60_days_into_national_day", "2020-08-03", "60 d", "2020-10-02",
        "2020-10-09", .internal = "2020-09-30"},
    {"example_05_extension_runs_from_the_raw_end", "2020-08-03", "60 d", "2020-11-01", "2020-11-02",
        .extension = "30 d", .internal = "2020-10-30"},
    {"example_06_objection_5_working_days_over_make_up_weekend", "2022-09-29", "5 wd", "2022-10-11",
        "2022-10-11", .kind = DUE_MAX},
    {"example_07_fast_track_3_working_days_end_on_make_up_sunday", "2023-09-27", "3 wd",
        "2023-10-08", "2023-10-08", .kind = DUE_MAX},
    {"example_08_fast_track_10_working_days_over_spring_festival", "2025-01-22", "10 wd",
        "2025-02-11", "2025-02-11", .kind = DUE_MAX},
    {"example_09_review_request_rolls_onto_make_up_saturday", "2023-09-01", "30 d", "2023-10-01",
        "2023-10-07", .internal = "2023-09-28"},
    {"example_10_review_opinion_over_new_year_and_festival", "2024-12-31", "30 d", "2025-01-30",
        "2025-02-05", .internal = "2025-01-27"},
    {"example_11_hearing_days_are_left_out_of_the_final_review", "2022-05-23", "30 d", "2022-07-03",
        "2022-07-04", .from = "2022-06-10", .to = "2022-06-20", .internal = "2022-07-01"},
    {"example_11_without_hearing", "2022-05-23", "30 d", "2022-06-22", "2022-06-22",
        .kind = DUE_MAX},
    {"example_12_one_month_clamps_to_february_and_rolls", "2021-01-31", "1 mon", "2021-02-28",
        "2021-03-01", .internal = "2021-02-26"},
    {"example_13_one_month_ends_on_leap_day", "2024-01-31", "1 mon", "2024-02-29", "2024-02-29",
        .kind = DUE_MAX},
    {"example_14_leap_day_is_a_saturday", "2020-01-31", "1 mon", "2020-02-29", "2020-03-02",
        .kind = DUE_MAX},
    {"example_15_confirmation_over_nine_day_festival", "2026-01-16", "30 d", "2026-02-15",
        "2026-02-24", .internal = "2026-02-14"},
    {"example_16_confirmation_into_national_day", "2025-09-05", "30 d", "2025-10-05", "2025-10-09",
        .kind = DUE_MAX},
    {"example_17_court_3_days_over_labour_day", "2020-04-30", "3 d", "2020-05-03", "2020-05-06",
        .kind = DUE_MAX},
    {"example_18_ruling_rolls_onto_make_up_sunday", "2020-06-10", "15 d", "2020-06-25",
        "2020-06-28", .kind = DUE_MAX},
    {"example_19_delegated_mediation_over_new_year", "2021-12-03", "30 d", "2022-01-02",
        "2022-01-04", .kind = DUE_MAX},
    {"example_20_entrusted_mediation_7_days", "2023-01-18", "7 d", "2023-01-25", "2023-01-28",
        .kind = DUE_MAX},
    {"example_21_appraisal_left_out_then_labour_day", "2022-03-01", "30 d", "2022-04-30",
        "2022-05-05", .from = "2022-03-10", .to = "2022-04-08"},
    {"example_22_land_arbitration_5_working_days", "2020-09-25", "5 wd", "2020-10-09", "2020-10-09",
        .kind = DUE_MAX},
    {"example_23_land_award_60_days", "2020-03-02", "60 d", "2020-05-01", "2020-05-06",
        .kind = DUE_MAX},
    {"example_24_limitation_of_two_years_rolls_too", "2022-10-05", "2 yr", "2024-10-05",
        "2024-10-08", .kind = DUE_MAX},
    {"example_25_labour_mediation_15_days", "2020-01-17", "15 d", "2020-02-01", "2020-02-03",
        .kind = DUE_MAX},
    {"example_25_under_the_first_notice", "2020-01-17", "15 d", "2020-02-01", "2020-02-01",
        .first_notice = true},
    {"example_26_labour_award_45_days", "2024-12-16", "45 d", "2025-01-30", "2025-02-05",
        .kind = DUE_MAX},
    {"example_27_five_days_as_working_days", "2024-02-08", "5 wd", "2024-02-21", "2024-02-21",
        .kind = DUE_MAX},
    {"example_27_five_days_as_calendar_days", "2024-02-08", "5 d", "2024-02-13", "2024-02-18",
        .kind = DUE_MAX},
    {"example_28_suing_against_an_award", "2026-02-04", "15 d", "2026-02-19", "2026-02-24",
        .kind = DUE_MAX},
    {"example_29_reconsideration_request_60_days", "2023-08-01", "60 d", "2023-09-30", "2023-10-07",
        .kind = DUE_MAX},
    {"example_30_reconsideration_admission_5_working_days", "2026-02-12", "5 wd", "2026-02-26",
        "2026-02-26", .kind = DUE_MAX},
    {"example_31_correction_10_working_days", "2024-05-06", "10 wd", "2024-05-17", "2024-05-17",
        .kind = DUE_MAX},
    {"example_32_six_months_clamp_and_roll", "2020-08-31", "6 mon", "2021-02-28", "2021-03-01",
        .kind = DUE_MAX},
    {"example_33_second_police_mediation_7_working_days", "2024-04-30", "7 wd", "2024-05-13",
        "2024-05-13", .kind = DUE_MAX},
    {"example_34_pre_notice_at_least_10_working_days", "2021-09-13", "10 wd", "2021-09-27",
        "2021-09-27", .kind = DUE_MIN, .next_act = "2021-09-28"},
    {"example_35_plan_notice_at_least_30_days", "2020-12-25", "30 d", "2021-01-24", "2021-01-25",
        .kind = DUE_MIN, .next_act = "2021-01-26"},
    {"example_36_requisition_notice_15_working_days", "2022-01-24", "15 wd", "2022-02-17",
        "2022-02-17", .kind = DUE_MAX},
    {"example_37_labour_inspection_60_working_days", "2020-06-01", "60 wd", "2020-08-25",
        "2020-08-25", .kind = DUE_MAX},
    {"example_38_administrative_mediation_20_working_days", "2025-09-19", "20 wd", "2025-10-23",
        "2025-10-23", .kind = DUE_MAX},
    {"example_39_one_year_from_leap_day", "2024-02-29", "1 yr", "2025-02-28", "2025-02-28",
        .kind = DUE_MAX},
    {"example_40_hearing_notice_5_working_days_before", "2020-10-15", "5 wd", "2020-10-09",
        "2020-10-09", .kind = DUE_BACK},
    {"example_40_five_clear_working_days_before", "2020-10-15", "5 wd", "2020-10-08", "2020-09-30",
        .kind = DUE_BACK, .clear = true, .internal = "2020-09-30"},
    {"example_41_sixty_days_from_october_first", "2023-10-01", "60 d", "2023-11-30", "2023-11-30",
        .kind = DUE_MAX},
};
enum { EXAMPLE_COUNT = sizeof examples / sizeof examples[0] };

static void assert_day(const char *expected, struct date actual)
{
    char text[DATE_TEXT];
    assert_string_equal(expected, date_format(actual, text));
}

static struct span span_of(const char *text)
{
    struct span span;
    struct err err = {0};
    assert_true(span_parse(text, &span, &err));
    return span;
}

static struct due_ask ask_of(const char *start, const char *span)
{
    struct due_ask ask = {.start_ms = date_start_ms(day(start)) + 10 * MS_PER_HOUR};
    ask.span = span_of(span);
    return ask;
}

static struct due due_of(const struct calendar *c, const struct due_ask *ask)
{
    struct due due;
    struct err err = {0};
    if (!due_compute(c, ask, &due, &err)) {
        fail_msg("%s", err.message);
    }
    return due;
}

static void check_example(void **state)
{
    const struct example *e = *state;
    const struct calendar *c = e->first_notice ? first : extended;
    struct due_ask ask = ask_of(e->start, e->span);
    struct exclusion excluded;
    ask.kind = e->kind;
    ask.clear_days = e->clear;
    if (e->extension != NULL) {
        ask.extension = span_of(e->extension);
    }
    if (e->from != NULL) {
        excluded = (struct exclusion){day(e->from), day(e->to)};
        ask.excluded = &excluded;
        ask.excluded_count = 1;
    }
    struct due due = due_of(c, &ask);
    assert_day(e->raw, due.raw);
    assert_day(e->legal, due.legal);
    assert_true(date_end_ms(day(e->legal)) == due.due_ms);
    assert_false(due.provisional);
    if (e->internal != NULL) {
        assert_day(e->internal, due.internal);
    }
    if (e->next_act != NULL) {
        assert_day(e->next_act, due_next_act(&due));
    }
}

/* --- what the examples leave out ------------------------------------------------------------- */

static void assert_legal(const char *expected, struct due_ask ask)
{
    assert_day(expected, due_of(extended, &ask).legal);
}

static void first_day_is_not_counted(void **state)
{
    (void)state;
    assert_legal("2020-06-23", ask_of("2020-06-22", "1 d"));
}

static void start_on_a_rest_day_counts_from_the_next_day(void **state)
{
    (void)state;
    assert_legal("2020-08-11", ask_of("2020-08-08", "3 d")); /* Saturday */
    assert_legal("2020-08-12", ask_of("2020-08-08", "3 wd"));
}

static void zero_days_end_on_the_start_day_or_the_working_day_after(void **state)
{
    (void)state;
    assert_legal("2020-06-22", ask_of("2020-06-22", "0 d"));
    assert_legal("2020-08-10", ask_of("2020-08-08", "0 d"));
    assert_legal("2020-08-10", ask_of("2020-08-08", "0 wd"));
    struct due_ask ask = ask_of("2020-08-08", "0 d");
    assert_day("2020-08-10", due_of(extended, &ask).internal); /* never before the matter began */
}

static void time_of_day_does_not_change_a_period_of_days(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-06-22", "15 d");
    ask.start_ms = date_start_ms(day("2020-06-22"));
    assert_legal("2020-07-07", ask);
    ask.start_ms = date_end_ms(day("2020-06-22"));
    assert_legal("2020-07-07", ask);
}

static void excluded_time_touching_the_last_day_moves_it(void **state)
{
    (void)state;
    struct exclusion x = {day("2022-06-22"), day("2022-06-22")}; /* the raw end itself */
    struct due_ask ask = ask_of("2022-05-23", "30 d");
    ask.excluded = &x;
    ask.excluded_count = 1;
    assert_legal("2022-06-23", ask);
    x = (struct exclusion){day("2022-06-23"), day("2022-06-30")}; /* begins after the end */
    assert_legal("2022-06-22", ask);
}

static void excluded_time_before_the_start_has_no_effect(void **state)
{
    (void)state;
    struct exclusion x = {day("2022-05-01"), day("2022-05-23")};
    struct due_ask ask = ask_of("2022-05-23", "30 d");
    ask.excluded = &x;
    ask.excluded_count = 1;
    assert_legal("2022-06-22", ask);
    x.to = day("2022-05-25"); /* two days of it lie in the period */
    assert_legal("2022-06-24", ask);
}

static void second_exclusion_counts_when_the_first_brings_the_end_to_it(void **state)
{
    (void)state;
    struct exclusion x[] = {
        {day("2022-06-10"), day("2022-06-12")}, {day("2022-06-24"), day("2022-06-25")}};
    struct due_ask ask = ask_of("2022-05-23", "30 d");
    ask.excluded = x;
    ask.excluded_count = 2;
    struct due due = due_of(extended, &ask);
    assert_day("2022-06-27", due.raw); /* 22 + 3 + 2 */
}

static void excluded_time_takes_working_days_from_a_working_day_period(void **state)
{
    (void)state;
    struct exclusion x = {day("2022-06-10"), day("2022-06-13")}; /* Friday to Monday */
    struct due_ask ask = ask_of("2022-06-06", "5 wd");
    ask.excluded = &x;
    ask.excluded_count = 1;
    assert_legal("2022-06-15", ask); /* 7 8 9 14 15 */
}

static void paused_over_holiday_resumes_with_remaining_days(void **state)
{
    (void)state;
    struct exclusion x = {day("2020-09-28"), day("2020-10-12")};
    struct due_ask ask = ask_of("2020-09-21", "5 wd");
    ask.excluded = &x;
    ask.excluded_count = 1;
    assert_legal("2020-09-27", ask); /* 22 23 24 25 and the make-up 27: over before the pause */
    ask.span = span_of("6 wd");
    assert_legal("2020-10-13", ask);
}

static void exclusion_in_the_extended_part_moves_the_end(void **state)
{
    (void)state;
    struct exclusion x = {day("2020-10-12"), day("2020-10-14")};
    struct due_ask ask = ask_of("2020-08-03", "60 d");
    ask.extension = span_of("30 d");
    ask.excluded = &x;
    ask.excluded_count = 1;
    struct due due = due_of(extended, &ask);
    assert_day("2020-11-04", due.raw);
}

static void month_extended_by_days_runs_in_both_units(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2021-03-10", "1 mon");
    ask.extension = span_of("15 d");
    assert_legal("2021-04-25", ask); /* Sunday, but a make-up working day */
}

static void hours_run_from_the_moment_and_do_not_roll(void **state)
{
    (void)state;
    struct due_ask ask = {.span = {24, UNIT_HOUR}};
    assert_true(instant_parse("2020-01-24T10:20", &ask.start_ms));
    struct due due = due_of(extended, &ask);
    assert_day("2020-01-25", due.legal);
    assert_true(ask.start_ms + 24 * MS_PER_HOUR == due.due_ms);
}

static void hours_in_litigation_run_from_the_next_full_hour(void **state)
{
    (void)state;
    struct due_ask ask = {.span = {2, UNIT_HOUR}, .litigation = true};
    int64_t expected;
    assert_true(instant_parse("2020-01-10T10:20", &ask.start_ms));
    assert_true(instant_parse("2020-01-10T13:00", &expected));
    assert_true(expected == due_of(extended, &ask).due_ms);
    assert_true(instant_parse("2020-01-10T10:00", &ask.start_ms));
    assert_true(expected == due_of(extended, &ask).due_ms);
}

static void backward_period_rolls_to_the_earlier_working_day(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-10-15", "7 d");
    ask.kind = DUE_BACK;
    assert_legal("2020-09-30", ask); /* 10-08 is a holiday */
    ask.roll = ROLL_NONE;
    assert_legal("2020-10-08", ask);
}

static void pay_day_on_a_rest_day_is_earlier(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-04-30", "5 d");
    ask.roll = ROLL_PREVIOUS;
    assert_legal("2020-04-30", ask);
}

static void year_without_notice_is_provisional(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2026-12-20", "15 d");
    struct due due = due_of(extended, &ask);
    assert_true(due.provisional);
    assert_day("2027-01-04", due.legal); /* a Monday by the weekend rule */
    assert_int_equal(2027, due.last_year);
    ask = ask_of("2026-11-02", "15 d");
    assert_false(due_of(extended, &ask).provisional);
}

static void only_days_that_are_asked_about_make_a_result_provisional(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2017-10-10", "2 yr"); /* begins in a year without notice */
    assert_false(due_of(extended, &ask).provisional);
    ask = ask_of("2018-12-20", "20 wd");
    assert_true(due_of(extended, &ask).provisional);
}

static void result_at_the_end_of_december_names_the_next_year_too(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2026-12-10", "20 d"); /* 12-30 */
    struct due due = due_of(extended, &ask);
    assert_false(due.provisional);
    json_t *years = due_calendar(extended, &due);
    assert_int_equal(1, json_integer_value(json_object_get(years, "2026")));
    assert_int_equal(0, json_integer_value(json_object_get(years, "2027")));
    json_decref(years);
}

static void two_clocks_of_one_start_do_not_disturb_each_other(void **state)
{
    (void)state;
    struct due_ask notice = ask_of("2020-01-10", "15 d"), handle = ask_of("2020-01-10", "60 d");
    struct due before = due_of(extended, &notice);
    due_of(extended, &handle);
    struct due after = due_of(extended, &notice);
    assert_memory_equal(&before.legal, &after.legal, sizeof before.legal);
}

static void remaining_days_are_negative_when_late(void **state)
{
    (void)state;
    struct remaining r = due_remaining(extended, day("2020-02-03"), day("2020-01-22"));
    assert_int_equal(12, r.days);
    assert_int_equal(2, r.workdays); /* 01-23 and 02-03 */
    r = due_remaining(extended, day("2020-01-23"), day("2020-02-04"));
    assert_int_equal(-12, r.days);
    assert_int_equal(-2, r.workdays);
    r = due_remaining(extended, day("2020-02-03"), day("2020-02-03"));
    assert_int_equal(0, r.workdays);
}

static void refused(struct due_ask ask)
{
    struct due due = {.first_year = -1};
    struct err err = {0};
    assert_false(due_compute(extended, &ask, &due, &err));
    assert_int_equal(ERR_FORM, err.code);
    assert_true(err.message[0] != '\0');
    assert_int_equal(-1, due.first_year); /* nothing was written */
    err_clear(&err);
}

static void senseless_questions_are_refused(void **state)
{
    (void)state;
    struct exclusion reversed = {day("2022-06-20"), day("2022-06-10")};
    struct exclusion overlap[] = {
        {day("2022-06-10"), day("2022-06-20")}, {day("2022-06-20"), day("2022-06-25")}};
    struct due_ask ask = ask_of("2022-05-23", "30 d");
    ask.span.n = -1;
    refused(ask);
    ask.span.n = 10001;
    refused(ask);
    ask = ask_of("2022-05-23", "30 d");
    ask.excluded = &reversed;
    ask.excluded_count = 1;
    refused(ask);
    ask.excluded = overlap;
    ask.excluded_count = 2;
    refused(ask);
    ask.excluded_count = DUE_EXCLUSIONS_MAX + 1;
    refused(ask);
    ask = ask_of("2022-05-23", "30 d");
    ask.extension = (struct span){2, UNIT_HOUR};
    refused(ask);
    ask.kind = DUE_BACK;
    ask.extension = (struct span){2, UNIT_DAY};
    refused(ask);
    refused(ask_of("2022-05-23", "10000 yr"));
    ask = ask_of("2022-05-23", "30 d");
    ask.start_ms = INT64_MAX;
    refused(ask);
    ask.start_ms = INT64_MIN;
    refused(ask);
}

/* --- the sentences --------------------------------------------------------------------------- */

static void says(
    enum lang lang, const char *expected, const struct calendar *c, const struct due_ask *ask)
{
    struct due due = due_of(c, ask);
    lang_use(lang);
    char *explain = due_explain(c, ask, &due);
    lang_use(LANG_ZH);
    assert_string_equal(expected, explain);
    mem_free(explain);
}

static void rolling_is_told_with_its_holiday(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-01-10", "15 d");
    says(LANG_ZH, "15日，自2020-01-10次日01-11起算，末日01-25为春节假期，顺延至02-03", extended,
        &ask);
    ask.event = "收件";
    says(LANG_ZH, "15日，自收件次日2020-01-11起算，末日01-25为春节假期，顺延至02-03", extended,
        &ask);
    says(LANG_EN,
        "15 days, counted from the day after 收件, 2020-01-11, the last day 01-25 falls on the "
        "holiday 春节, moved on to 02-03",
        extended, &ask);
}

static void ordinary_last_day_and_make_up_day_are_told(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-06-22", "60 d");
    says(LANG_ZH, "60日，自2020-06-22次日06-23起算，末日为08-21", extended, &ask);
    ask = ask_of("2023-09-01", "30 d");
    says(LANG_ZH,
        "30日，自2023-09-01次日09-02起算，末日10-01为中秋节、国庆节假期，顺延至10-07（调休上班）",
        extended, &ask);
    ask = ask_of("2021-01-31", "1 mon");
    says(LANG_ZH,
        "1个月，自2021-01-31次日02-01起算，当月无对应日，以月末日计，末日02-28为周日，顺延至03-01",
        extended, &ask);
}

static void extension_and_excluded_time_are_told(void **state)
{
    (void)state;
    struct exclusion x = {day("2022-06-10"), day("2022-06-20")};
    struct due_ask ask = ask_of("2020-08-03", "60 d");
    ask.extension = span_of("30 d");
    says(LANG_ZH, "60日加延期30日，自2020-08-03次日08-04起算，末日11-01为周日，顺延至11-02",
        extended, &ask);
    ask = ask_of("2022-05-23", "30 d");
    ask.event = "收到复核申请";
    ask.excluded = &x;
    ask.excluded_count = 1;
    says(LANG_ZH,
        "30日，自收到复核申请次日2022-05-24起算，06-10至06-20不计入（扣除11日），末日07-03为周日，"
        "顺延至07-04",
        extended, &ask);
}

static void working_days_name_holidays_and_make_up_days(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2022-09-29", "5 wd");
    says(LANG_ZH,
        "5个工作日，自2022-09-29次日09-30起算，国庆节假期10-01至10-07不计，10-08、10-"
        "09调休上班计入，"
        "末日为10-11",
        extended, &ask);
    says(LANG_EN,
        "5 working days, counted from the day after 2022-09-29, 09-30, 国庆节 10-01 to 10-07 not "
        "counted, 10-08 and 10-09 counted as make-up working days, the last day is 10-11",
        extended, &ask);
}

static void backward_and_minimum_are_told(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-10-15", "5 wd");
    ask.kind = DUE_BACK;
    ask.clear_days = true;
    ask.event = "开庭日";
    says(LANG_ZH,
        "开庭日2020-10-15前5个工作日（净日，首尾均不计），国庆节、中秋节假期10-08不计，10-"
        "10调休上班计入，"
        "末日10-08为国庆节、中秋节假期，提前至09-30，最迟09-30办理",
        extended, &ask);
    ask = ask_of("2020-12-25", "30 d");
    ask.kind = DUE_MIN;
    says(LANG_ZH,
        "不少于30日，自2020-12-25次日12-26起算，末日2021-01-24为周日，顺延至01-25，"
        "期满次日01-26起方可进行下一步",
        extended, &ask);
    ask = ask_of("2020-06-22", "3 d");
    ask.kind = DUE_TARGET;
    says(LANG_ZH,
        "3日（工作目标，非法定期限），自2020-06-22次日06-23起算，末日06-25为端午节假期，"
        "顺延至06-28（调休上班）",
        extended, &ask);
}

static void hours_are_told_by_the_clock(void **state)
{
    (void)state;
    struct due_ask ask = {.span = {24, UNIT_HOUR}, .event = "收件"};
    assert_true(instant_parse("2020-01-10T10:20", &ask.start_ms));
    says(LANG_ZH, "24小时，自收件（2020-01-10 10:20）起算，至2020-01-11 10:20届满", extended, &ask);
    ask.litigation = true;
    says(LANG_ZH, "24小时，自次时2020-01-10 11:00起算，至2020-01-11 11:00届满", extended, &ask);
    says(LANG_EN,
        "24 hours, counted from the next full hour, 2020-01-10 11:00, until 2020-01-11 "
        "11:00",
        extended, &ask);
}

static void estimate_is_told(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2026-12-20", "15 d");
    says(LANG_ZH,
        "15日，自2026-12-20次日12-21起算，末日为2027-01-04，2027年放假安排未发布，暂按周末规则估算",
        extended, &ask);
    ask = ask_of("2026-12-20", "280 wd");
    struct due due = due_of(extended, &ask);
    char *explain = due_explain(extended, &ask, &due);
    assert_non_null(strstr(explain, "2027、2028年放假安排未发布，暂按周末规则估算"));
    mem_free(explain);
}

static void zero_days_are_told_as_the_same_day(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-06-22", "0 d");
    says(LANG_ZH, "0日，2020-06-22当日，末日为06-22", extended, &ask);
}

static void json_holds_days_versions_and_sentence(void **state)
{
    (void)state;
    struct due_ask ask = ask_of("2020-12-25", "30 d");
    ask.kind = DUE_MIN;
    struct due due = due_of(extended, &ask);
    json_t *object = due_json(extended, &ask, &due);
    assert_string_equal("2021-01-24", json_string_value(json_object_get(object, "raw")));
    assert_string_equal("2021-01-25", json_string_value(json_object_get(object, "legal")));
    assert_string_equal("2021-01-26", json_string_value(json_object_get(object, "next_act")));
    assert_string_equal(
        "2021-01-25T23:59:59+08:00", json_string_value(json_object_get(object, "due_at")));
    assert_true(json_is_false(json_object_get(object, "provisional")));
    json_t *years = json_object_get(object, "calendar");
    assert_int_equal(1, json_object_size(years));
    assert_int_equal(1, json_integer_value(json_object_get(years, "2021")));
    json_decref(object);
}

static void names_of_kind_and_roll_can_be_read_back(void **state)
{
    (void)state;
    for (int i = DUE_MAX; i <= DUE_TARGET; i++) {
        enum due_kind kind;
        assert_true(due_kind_parse(due_kind_name((enum due_kind)i), &kind));
        assert_int_equal(i, kind);
    }
    for (int i = ROLL_NEXT; i <= ROLL_NONE; i++) {
        enum due_roll roll;
        assert_true(due_roll_parse(due_roll_name((enum due_roll)i), &roll));
        assert_int_equal(i, roll);
    }
    enum due_kind kind;
    enum due_roll roll;
    assert_false(due_kind_parse("maximum", &kind));
    assert_false(due_kind_parse(NULL, &kind));
    assert_false(due_roll_parse("", &roll));
}

int main(void)
{
    const struct CMUnitTest rules[] = {
        cmocka_unit_test(first_day_is_not_counted),
        cmocka_unit_test(start_on_a_rest_day_counts_from_the_next_day),
        cmocka_unit_test(zero_days_end_on_the_start_day_or_the_working_day_after),
        cmocka_unit_test(time_of_day_does_not_change_a_period_of_days),
        cmocka_unit_test(excluded_time_touching_the_last_day_moves_it),
        cmocka_unit_test(excluded_time_before_the_start_has_no_effect),
        cmocka_unit_test(second_exclusion_counts_when_the_first_brings_the_end_to_it),
        cmocka_unit_test(excluded_time_takes_working_days_from_a_working_day_period),
        cmocka_unit_test(paused_over_holiday_resumes_with_remaining_days),
        cmocka_unit_test(exclusion_in_the_extended_part_moves_the_end),
        cmocka_unit_test(month_extended_by_days_runs_in_both_units),
        cmocka_unit_test(hours_run_from_the_moment_and_do_not_roll),
        cmocka_unit_test(hours_in_litigation_run_from_the_next_full_hour),
        cmocka_unit_test(backward_period_rolls_to_the_earlier_working_day),
        cmocka_unit_test(pay_day_on_a_rest_day_is_earlier),
        cmocka_unit_test(year_without_notice_is_provisional),
        cmocka_unit_test(only_days_that_are_asked_about_make_a_result_provisional),
        cmocka_unit_test(result_at_the_end_of_december_names_the_next_year_too),
        cmocka_unit_test(two_clocks_of_one_start_do_not_disturb_each_other),
        cmocka_unit_test(remaining_days_are_negative_when_late),
        cmocka_unit_test(senseless_questions_are_refused),
        cmocka_unit_test(rolling_is_told_with_its_holiday),
        cmocka_unit_test(ordinary_last_day_and_make_up_day_are_told),
        cmocka_unit_test(extension_and_excluded_time_are_told),
        cmocka_unit_test(working_days_name_holidays_and_make_up_days),
        cmocka_unit_test(backward_and_minimum_are_told),
        cmocka_unit_test(hours_are_told_by_the_clock),
        cmocka_unit_test(estimate_is_told),
        cmocka_unit_test(zero_days_are_told_as_the_same_day),
        cmocka_unit_test(json_holds_days_versions_and_sentence),
        cmocka_unit_test(names_of_kind_and_roll_can_be_read_back),
    };
    struct CMUnitTest worked[EXAMPLE_COUNT];
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        worked[i] = (struct CMUnitTest){
            examples[i].name, check_example, NULL, NULL, (void *)(uintptr_t)&examples[i]};
    }
    int failed = _cmocka_run_group_tests(
        "worked examples", worked, EXAMPLE_COUNT, open_calendars, close_calendars);
    return failed + cmocka_run_group_tests(rules, open_calendars, close_calendars);
}
