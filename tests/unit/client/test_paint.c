/* How long is left: words, colours, and the mark that stands beside a colour. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client/paint.h"

static void check(const char *expected, enum paint paint, const char *json)
{
    json_t *due = json_loads(json, JSON_DECODE_ANY, NULL);
    char *words = paint_due_words(due);
    assert_string_equal(expected, words);
    assert_int_equal(paint, paint_of_due(due));
    mem_free(words);
    json_decref(due);
}

static void late_and_today_carry_a_mark_beside_their_colour(void **state)
{
    (void)state;
    check("还剩3个工作日", PAINT_PLAIN, "{\"words\":\"还剩3个工作日\",\"colour\":\"plain\"}");
    check("! 今日到期", PAINT_YELLOW, "{\"words\":\"今日到期\",\"colour\":\"yellow\"}");
    check("! 已超期2个工作日", PAINT_RED, "{\"words\":\"已超期2个工作日\",\"colour\":\"red\"}");
    check("暂停计时", PAINT_PLAIN, "{\"words\":\"暂停计时\"}");
}

static void words_are_made_of_the_working_days_when_there_are_none(void **state)
{
    (void)state;
    check("还剩3个工作日", PAINT_PLAIN, "{\"workdays\":3}");
    check("! 今日到期", PAINT_YELLOW, "{\"workdays\":0,\"colour\":\"yellow\"}");
    check("! 已超期2个工作日", PAINT_RED, "{\"workdays\":-2,\"colour\":\"red\"}");
}

static void no_due_date_is_no_words(void **state)
{
    (void)state;
    check("", PAINT_PLAIN, "null");
    check("", PAINT_PLAIN, "{}");
    char *words = paint_due_words(NULL);
    assert_string_equal("", words);
    mem_free(words);
}

static void colour_off_prints_no_sequences(void **state)
{
    (void)state;
    assert_string_equal("", paint_on(PAINT_RED, false));
    assert_string_equal("", paint_off(PAINT_RED, false));
    assert_string_equal("\x1b[1;31m", paint_on(PAINT_RED, true));
    assert_string_equal("", paint_off(PAINT_PLAIN, true));
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_and_today_carry_a_mark_beside_their_colour),
        cmocka_unit_test(words_are_made_of_the_working_days_when_there_are_none),
        cmocka_unit_test(no_due_date_is_no_words),
        cmocka_unit_test(colour_off_prints_no_sequences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
