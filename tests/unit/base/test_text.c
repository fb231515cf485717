/* UTF-8: all code points, all kinds of broken bytes, folding, nearest names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

static bool is_surrogate(int32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

static void every_code_point_survives_writing_and_reading(void **state)
{
    (void)state;
    for (int32_t c = 1; c <= 0x10FFFF; c++) {
        char bytes[4];
        size_t len = utf8_put(c, bytes);
        const char *p = bytes;
        int32_t back = utf8_next(&p, bytes + len);
        if (is_surrogate(c)) {
            assert_int_equal(-1, back);
        } else if (back != c || p != bytes + len) {
            fail_msg("U+%04X", (unsigned)c);
        }
    }
}

/* Whether a sequence of up to three bytes is valid, from the table of RFC 3629 (section 4). */
static bool valid_by_table(const unsigned char *s, size_t n)
{
    if (n == 1) {
        return s[0] < 0x80;
    }
    if (n == 2) {
        return s[0] >= 0xC2 && s[0] <= 0xDF && s[1] >= 0x80 && s[1] <= 0xBF;
    }
    bool second = s[0] == 0xE0   ? s[1] >= 0xA0 && s[1] <= 0xBF
                  : s[0] == 0xED ? s[1] >= 0x80 && s[1] <= 0x9F
                                 : s[1] >= 0x80 && s[1] <= 0xBF;
    return s[0] >= 0xE0 && s[0] <= 0xEF && second && s[2] >= 0x80 && s[2] <= 0xBF;
}

/* All byte strings up to three bytes long, split in every way the table allows. */
static bool valid_text_by_table(const unsigned char *s, size_t n)
{
    if (n == 0) {
        return true;
    }
    for (size_t first = 1; first <= n; first++) {
        if (valid_by_table(s, first) && valid_text_by_table(s + first, n - first)) {
            return true;
        }
    }
    return false;
}

static void every_string_of_up_to_three_bytes_is_judged_as_the_rfc_does(void **state)
{
    (void)state;
    for (unsigned a = 1; a < 256; a++) {
        unsigned char s[3] = {(unsigned char)a, 0, 0};
        assert_int_equal(valid_text_by_table(s, 1), utf8_valid((const char *)s, 1));
        for (unsigned b = 1; b < 256; b++) {
            s[1] = (unsigned char)b;
            assert_int_equal(valid_text_by_table(s, 2), utf8_valid((const char *)s, 2));
            for (unsigned c = 1; c < 256; c += a < 0xC0 ? 16 : 1) {
                s[2] = (unsigned char)c;
                if (valid_text_by_table(s, 3) != utf8_valid((const char *)s, 3)) {
                    fail_msg("%02X %02X %02X", a, b, c);
                }
            }
        }
    }
}

static void four_byte_forms_outside_unicode_are_refused(void **state)
{
    (void)state;
    assert_true(utf8_valid("\xF0\x90\x80\x80", 4));  /* U+10000 */
    assert_true(utf8_valid("\xF4\x8F\xBF\xBF", 4));  /* U+10FFFF */
    assert_false(utf8_valid("\xF0\x8F\xBF\xBF", 4)); /* overlong */
    assert_false(utf8_valid("\xF4\x90\x80\x80", 4)); /* above U+10FFFF */
    assert_false(utf8_valid("\xF5\x80\x80\x80", 4));
    assert_false(utf8_valid("\xF8\x88\x80\x80\x80", 5));
    assert_false(utf8_valid("\xFF", 1));
}

static void a_cut_sequence_gives_one_error_per_byte_and_goes_on(void **state)
{
    (void)state;
    const char *text = "\xE7\xBE"
                       "a",
               *p = text, *end = text + 3;
    assert_int_equal(-1, utf8_next(&p, end));
    assert_int_equal(-1, utf8_next(&p, end));
    assert_int_equal('a', utf8_next(&p, end));
    assert_ptr_equal(end, p);
    p = "\xE7";
    end = p + 1;
    assert_int_equal(-1, utf8_next(&p, end));
    assert_ptr_equal(end, p);
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("a\0b", 3));
}

static void characters_are_counted_and_found(void **state)
{
    (void)state;
    assert_int_equal(0, utf8_length(""));
    assert_int_equal(4, utf8_length("羊a路😀"));
    assert_int_equal(0, utf8_offset("羊路", 0));
    assert_int_equal(3, utf8_offset("羊路", 1));
    assert_int_equal(6, utf8_offset("羊路", 2));
    assert_int_equal(6, utf8_offset("羊路", 99));
    assert_int_equal(0, utf8_offset("", 3));
}

static void folds_to(const char *expected, const char *text)
{
    char *folded = text_fold(text);
    assert_string_equal(expected, folded);
    char *again = text_fold(folded);
    assert_string_equal(folded, again);
    mem_free(again);
    mem_free(folded);
}

static void folding_meets_what_an_input_method_types(void **state)
{
    (void)state;
    folds_to("", "");
    folds_to("", " \t　");
    folds_to("abc", "  ＡＢＣ　");
    folds_to("羊调26-0001", "羊调２６－０００１");
    folds_to("a b", "\tA B ");
    folds_to("羊路井", "羊\xFF路井"); /* broken bytes are dropped */
    folds_to("~!", "～！");
}

static void han_characters_are_told_from_others(void **state)
{
    (void)state;
    assert_true(text_is_han(0x7F8A)); /* 羊 */
    assert_true(text_is_han(0x20000));
    assert_false(text_is_han('a'));
    assert_false(text_is_han(0xFF0C)); /* ， */
    assert_false(text_is_han(-1));
}

static void distance_counts_characters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(0, text_distance("", ""));
    assert_int_equal(3, text_distance("", "abc"));
    assert_int_equal(1, text_distance("羊路井", "羊路"));
    assert_int_equal(1, text_distance("羊路井", "杨路井"));
    assert_int_equal(3, text_distance("kitten", "sitting"));
    assert_int_equal(0, text_distance("ABC", "ａｂｃ"));
    char longer[400];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(0, text_distance(longer, longer));
    assert_true(text_distance(longer, "x") > 64);
}

static void the_nearest_name_is_near_or_none(void **state)
{
    (void)state;
    static const char *const names[] = {"accept", "refuse", "羊路井村", "万亩滩村", "go"};
    assert_string_equal("accept", text_nearest("acept", names, 5));
    assert_string_equal("accept", text_nearest("ACCEPTT", names, 5));
    assert_string_equal("羊路井村", text_nearest("杨路井村", names, 5));
    assert_null(text_nearest("mediate", names, 5));
    assert_null(text_nearest("x", names, 5));
    assert_string_equal("refuse", text_nearest("fus", names, 5));
    assert_string_equal("万亩滩村", text_nearest("万亩", names, 5));
    assert_null(text_nearest("村", names, 5)); /* one character says too little */
    assert_null(text_nearest("", names, 5));
    assert_null(text_nearest("accept", names, 0));
}

static void small_comparisons(void **state)
{
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_false(text_equal("", NULL));
    assert_true(text_equal("a", "a"));
    assert_true(text_starts("abc", "ab"));
    assert_true(text_starts("abc", ""));
    assert_false(text_starts("ab", "abc"));
    assert_true(text_ends("abc", "bc"));
    assert_true(text_ends("abc", ""));
    assert_false(text_ends("bc", "abc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_survives_writing_and_reading),
        cmocka_unit_test(every_string_of_up_to_three_bytes_is_judged_as_the_rfc_does),
        cmocka_unit_test(four_byte_forms_outside_unicode_are_refused),
        cmocka_unit_test(a_cut_sequence_gives_one_error_per_byte_and_goes_on),
        cmocka_unit_test(characters_are_counted_and_found),
        cmocka_unit_test(folding_meets_what_an_input_method_types),
        cmocka_unit_test(han_characters_are_told_from_others),
        cmocka_unit_test(distance_counts_characters_not_bytes),
        cmocka_unit_test(the_nearest_name_is_near_or_none),
        cmocka_unit_test(small_comparisons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
