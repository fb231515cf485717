#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "domain/span.h"

#include <string.h>

static int use_catalogue(void **state)
{
    (void)state;
    lang_init();
    return 0;
}

static void assert_span(int n, enum span_unit unit, const char *text)
{
    struct span span = {-1, UNIT_HOUR};
    struct err err = {0};
    if (!span_parse(text, &span, &err)) {
        fail_msg("%s: %s", text, err.message);
    }
    assert_int_equal(n, span.n);
    assert_int_equal(unit, span.unit);
}

static void long_and_short_units_are_read(void **state)
{
    (void)state;
    assert_span(15, UNIT_DAY, "15 days");
    assert_span(1, UNIT_DAY, "1 day");
    assert_span(3, UNIT_WORKDAY, "3 workdays");
    assert_span(1, UNIT_MONTH, "1 month");
    assert_span(2, UNIT_YEAR, "2 years");
    assert_span(24, UNIT_HOUR, "24 hours");
    assert_span(15, UNIT_DAY, "15 d");
    assert_span(5, UNIT_WORKDAY, "5wd");
    assert_span(6, UNIT_MONTH, "6 mon");
    assert_span(0, UNIT_DAY, "0 d");
    assert_span(10000, UNIT_YEAR, "10000 yr");
}

static void chinese_units_are_read(void **state)
{
    (void)state;
    assert_span(15, UNIT_DAY, "15日");
    assert_span(3, UNIT_WORKDAY, "3个工作日");
    assert_span(1, UNIT_MONTH, "1 个月");
    assert_span(24, UNIT_HOUR, "24小时");
    assert_span(2, UNIT_YEAR, "2年");
}

static void anything_else_is_refused_with_examples(void **state)
{
    static const char *const wrong[] = {"", " ", "days", "15", "-1 d", "+1 d", "1.5 d", "15 dayz",
        "10001 d", "99999999999999999999 d", "15 d ", "15 d 3 h", "d 15", "十五日", "\xff d"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct span span = {7, UNIT_YEAR};
        struct err err = {0};
        assert_false(span_parse(wrong[i], &span, &err));
        assert_int_equal(ERR_FORM, err.code);
        assert_true(err.hint[0] != '\0');
        assert_int_equal(7, span.n);
        err_clear(&err);
    }
}

static void very_long_text_is_refused(void **state)
{
    static char text[100000];
    (void)state;
    memset(text, '9', sizeof text - 1);
    struct span span;
    assert_false(span_parse(text, &span, NULL));
}

static void words_follow_the_language(void **state)
{
    (void)state;
    assert_string_equal("15日", span_words((struct span){15, UNIT_DAY}));
    assert_string_equal("3个工作日", span_words((struct span){3, UNIT_WORKDAY}));
    assert_string_equal("1个月", span_words((struct span){1, UNIT_MONTH}));
    lang_use(LANG_EN);
    assert_string_equal("1 month", span_words((struct span){1, UNIT_MONTH}));
    assert_string_equal("2 years", span_words((struct span){2, UNIT_YEAR}));
    assert_string_equal("0 hours", span_words((struct span){0, UNIT_HOUR}));
    assert_string_equal("3 working days", span_words((struct span){3, UNIT_WORKDAY}));
    lang_use(LANG_ZH);
}

static void unit_names_can_be_read_back(void **state)
{
    (void)state;
    for (int i = UNIT_HOUR; i <= UNIT_YEAR; i++) {
        enum span_unit unit;
        assert_true(span_unit_parse(span_unit_name((enum span_unit)i), &unit));
        assert_int_equal(i, unit);
    }
    enum span_unit unit;
    assert_false(span_unit_parse("w", &unit));
    assert_false(span_unit_parse(NULL, &unit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_and_short_units_are_read),
        cmocka_unit_test(chinese_units_are_read),
        cmocka_unit_test(anything_else_is_refused_with_examples),
        cmocka_unit_test(very_long_text_is_refused),
        cmocka_unit_test(words_follow_the_language),
        cmocka_unit_test(unit_names_can_be_read_back),
    };
    return cmocka_run_group_tests(tests, use_catalogue, NULL);
}
