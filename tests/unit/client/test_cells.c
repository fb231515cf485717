/* Widths, cutting and wrapping of text in terminal cells. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client/cells.h"

#include <string.h>

static void han_takes_two_cells_combining_none(void **state)
{
    (void)state;
    assert_int_equal(4, cells_width("枫桥"));
    assert_int_equal(5, cells_width("枫a桥"));
    assert_int_equal(2, cells_width("𠮷"));
    assert_int_equal(2, cells_width("😀"));
    assert_int_equal(1, cells_width("e\u0301"));
    assert_int_equal(0, cells_width(""));
    assert_int_equal(2, cells_width("\xff\xfe"));
}

static void check_fit(const char *expected, const char *text, int width)
{
    char *fitted = cells_fit(text, width);
    assert_string_equal(expected, fitted);
    assert_true(cells_width(fitted) <= width);
    mem_free(fitted);
}

static void cutting_keeps_whole_characters(void **state)
{
    (void)state;
    check_fit("征地补偿", "征地补偿", 8);
    check_fit("征地补…", "征地补偿款", 8);
    check_fit("征地补…", "征地补偿款", 7);
    check_fit("征地…", "征地补偿款", 6);
    check_fit("…", "征地", 1);
    check_fit("", "征地", 0);
}

static void text_of_others_cannot_drive_the_terminal(void **state)
{
    (void)state;
    char *clean = cells_clean("红\x1b[31m字\n下一行\t完\x07\u202e反");
    assert_string_equal("红[31m字 下一行 完反", clean);
    mem_free(clean);
    clean = cells_clean("坏\xff字");
    assert_string_equal("坏?字", clean);
    mem_free(clean);
    clean = cells_clean_lines("一\r\n二");
    assert_string_equal("一\n二", clean);
    mem_free(clean);
}

static void no_line_starts_with_closing_punctuation(void **state)
{
    (void)state;
    char *wrapped = cells_wrap("村口路灯坏，请修。", 10, 0);
    assert_string_equal("村口路灯\n坏，请修。", wrapped);
    mem_free(wrapped);
    wrapped = cells_wrap("村口路灯", 6, 2);
    assert_string_equal("  村口\n  路灯", wrapped);
    mem_free(wrapped);
}

static void no_line_ends_with_an_opening_bracket(void **state)
{
    (void)state;
    char *wrapped = cells_wrap("延长日数（整数）", 10, 0);
    assert_string_equal("延长日数\n（整数）", wrapped);
    mem_free(wrapped);
}

static void words_break_at_spaces(void **state)
{
    (void)state;
    char *wrapped = cells_wrap("send it again safely", 12, 0);
    assert_string_equal("send it\nagain safely", wrapped);
    mem_free(wrapped);
}

static void absurd_widths_end(void **state)
{
    (void)state;
    char *wrapped = cells_wrap("枫桥", 1, 0);
    assert_string_equal("枫\n桥", wrapped);
    mem_free(wrapped);
    wrapped = cells_wrap("", 0, 0);
    assert_string_equal("", wrapped);
    mem_free(wrapped);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(han_takes_two_cells_combining_none),
        cmocka_unit_test(cutting_keeps_whole_characters),
        cmocka_unit_test(text_of_others_cannot_drive_the_terminal),
        cmocka_unit_test(no_line_starts_with_closing_punctuation),
        cmocka_unit_test(no_line_ends_with_an_opening_bracket),
        cmocka_unit_test(words_break_at_spaces),
        cmocka_unit_test(absurd_widths_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
