/* JSON from outside: limits, bytes, duplicates; and the forms we write ourselves. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void refused(const char *text, size_t len)
{
    struct err err = {0};
    json_t *value = json_parse(text, len, &err);
    assert_null(value);
    assert_int_equal(ERR_PARSE, err.code);
    assert_true(err.message[0] != '\0');
    err_clear(&err);
}

static void every_kind_of_value_is_read(void **state)
{
    (void)state;
    static const char *const good[] = {"{}", "[]", "1", "-0", "1.5e3", "\"羊\"", "true", "null",
        " {\"a\" : [1, {\"b\":null}] } \n", "\"\\u7f8a\"", "9223372036854775807"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        json_t *value = json_parse(good[i], strlen(good[i]), NULL);
        assert_non_null(value);
        json_decref(value);
    }
}

static void malformed_text_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01",
        "+1", ".5", "1.", "nul", "\"\n\"", "\"\\x\"", "\"\\ud800\"", "[1] 2", "{}{}", "NaN",
        "1e400", "99999999999999999999", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}",
        "\xEF\xBB\xBF{}", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xFF\"", "\"\\u0000\"", "//x\n1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refused(bad[i], strlen(bad[i]));
    }
    refused("[1,\0002]", 6);
    refused("{\"a\":\"\0\"}", 9);
}

static json_t *nested(size_t depth, const char *open, const char *close)
{
    struct buf b = {0};
    for (size_t i = 0; i < depth; i++) {
        buf_adds(&b, open);
    }
    buf_adds(&b, "1");
    for (size_t i = 0; i < depth; i++) {
        buf_adds(&b, close);
    }
    json_t *value = json_parse(b.data, b.len, NULL);
    buf_close(&b);
    return value;
}

static void nesting_is_limited_just_so(void **state)
{
    (void)state;
    json_t *value = nested(JSON_DEPTH_MAX, "[", "]");
    assert_non_null(value);
    json_decref(value);
    assert_null(nested(JSON_DEPTH_MAX + 1, "[", "]"));
    value = nested(JSON_DEPTH_MAX, "{\"a\":", "}");
    assert_non_null(value);
    json_decref(value);
    assert_null(nested(JSON_DEPTH_MAX + 1, "{\"a\":", "}"));
    assert_null(nested(100000, "[", "]"));
}

static void brackets_inside_texts_do_not_count(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_adds(&b, "\"\\\"");
    for (int i = 0; i < 1000; i++) {
        buf_adds(&b, "[{\\\\");
    }
    buf_adds(&b, "\"");
    json_t *value = json_parse(b.data, b.len, NULL);
    assert_non_null(value);
    json_decref(value);
    buf_close(&b);
}

static void length_is_limited_just_so(void **state)
{
    (void)state;
    char *text = mem_alloc(JSON_BYTES_MAX + 2);
    memset(text, 'x', JSON_BYTES_MAX + 1);
    text[0] = text[JSON_BYTES_MAX - 1] = '"';
    json_t *value = json_parse(text, JSON_BYTES_MAX, NULL);
    assert_non_null(value);
    json_decref(value);
    text[JSON_BYTES_MAX - 1] = 'x';
    text[JSON_BYTES_MAX] = '"';
    refused(text, JSON_BYTES_MAX + 1);
    mem_free(text);
}

static void every_cut_of_a_message_is_refused(void **state)
{
    (void)state;
    const char *text = "{\"id\":1,\"text\":\"羊\\u8def\\\\\",\"list\":[true,null,-1.5e-3]}";
    for (size_t len = 0; len < strlen(text); len++) {
        refused(text, len);
    }
}

/* What stands at the place of the error is a petition's text, and may be cut within a character. */
static void a_parse_error_repeats_nothing_of_what_was_sent(void **state)
{
    (void)state;
    static const char *const bad[] = {"{\"text\": 张三甲乙丙}", "张三甲乙丙", "{\"a\":1}张三甲乙丙",
        "{\"张三甲乙丙\":1,\"张三甲乙丙\":2}", "[\"张三甲乙丙]", "{\"a\":\"张三甲乙丙\\x\"}",
        "{\"a\": 13900001234x}", "[\"a\" 13900001234]", "{\"张三甲乙丙\" \"near\"}",
        "[1e999999999, \"张三甲乙丙\"]", "[\"\\ud800张三甲乙丙\"]", "{\"a\":羊"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        assert_null(json_parse(bad[i], strlen(bad[i]), &err));
        assert_true(err.message[0] != '\0');
        assert_true(utf8_valid(err.message, strlen(err.message)));
        assert_null(strstr(err.message, "张"));
        assert_null(strstr(err.message, "羊"));
        assert_null(strstr(err.message, "1390000"));
        assert_null(strstr(err.message, " near "));
        err_clear(&err);
    }
}

/* Every cut of a message with characters of two, three and four bytes. */
static void an_error_within_a_character_gives_a_valid_message(void **state)
{
    (void)state;
    const char *text = "{\"姓名\":é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷é羊𠮷}";
    for (size_t len = 1; len <= strlen(text); len++) {
        struct err err = {0};
        assert_null(json_parse(text, len, &err));
        assert_int_equal(ERR_PARSE, err.code);
        assert_true(err.message[0] != '\0');
        assert_true(utf8_valid(err.message, strlen(err.message)));
        err_clear(&err);
    }
}

static void our_own_text_may_hold_anything_and_damage_gives_null(void **state)
{
    (void)state;
    json_t *value = json_parse_own("\"a\\u0000b\"");
    assert_int_equal(3, json_string_length(value));
    json_decref(value);
    assert_null(json_parse_own("{\"a\":"));
    assert_null(json_parse_own(""));
    assert_null(json_parse_own(NULL));
}

static void equal_values_have_equal_canonical_bytes(void **state)
{
    (void)state;
    json_t *a = json_parse_own("{ \"b\":[1,2], \"a\":{\"y\":1,\"x\":\"羊\"} }");
    json_t *b = json_parse_own("{\"a\":{\"x\":\"\\u7f8a\",\"y\":1},\"b\":[1,2]}");
    char *x = json_canonical(a), *y = json_canonical(b), *z = json_compact(a);
    assert_string_equal("{\"a\":{\"x\":\"羊\",\"y\":1},\"b\":[1,2]}", x);
    assert_string_equal(x, y);
    assert_string_equal("{\"b\":[1,2],\"a\":{\"y\":1,\"x\":\"羊\"}}", z);
    free(x);
    free(y);
    free(z);
    json_decref(a);
    json_decref(b);
}

/* What is in the history was hashed as jansson writes it. */
static void texts_are_written_as_jansson_writes_them(void **state)
{
    (void)state;
    static const char *const texts[] = {"0", "-1", "9223372036854775807", "-9223372036854775808",
        "1.5", "-0.1", "1e300", "1.0", "true", "false", "null", "\"\"", "{}", "[]", "[[],{}]",
        "\"\\u0000\\u0001\\u001f\\u007f\\b\\f\\n\\r\\t\\\"\\\\/\"", "\"羊\\u2028\\u2029𠮷\"",
        "{\"b\":1,\"a\":{\"aa\":[1,\"x\",null],\"a\":2,\"\":3},\"羊\":4,\"z\\n\":5}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *value = json_parse_own(texts[i]);
        assert_non_null(value);
        char *wanted = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        char *sorted = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
        char *compact = json_compact(value), *canonical = json_canonical(value);
        assert_string_equal(wanted, compact);
        assert_string_equal(sorted, canonical);
        free(wanted);
        free(sorted);
        free(compact);
        free(canonical);
        json_decref(value);
    }
    assert_null(json_compact(NULL));
    assert_null(json_canonical(NULL));
}

static void readers_give_the_default_for_absent_and_wrong_members(void **state)
{
    (void)state;
    json_t *o = json_parse_own("{\"t\":\"x\",\"n\":7,\"r\":7.5,\"f\":true,\"z\":null}");
    assert_string_equal("x", json_text(o, "t"));
    assert_null(json_text(o, "n"));
    assert_null(json_text(o, "absent"));
    assert_null(json_text(NULL, "t"));
    assert_int_equal(7, json_number(o, "n", 1));
    assert_int_equal(1, json_number(o, "r", 1));
    assert_int_equal(1, json_number(o, "t", 1));
    assert_int_equal(1, json_number(NULL, "n", 1));
    assert_true(json_flag(o, "f"));
    assert_false(json_flag(o, "n"));
    assert_false(json_flag(NULL, "f"));
    assert_null(json_member(o, "z"));
    assert_null(json_member(o, "absent"));
    assert_non_null(json_member(o, "t"));
    json_decref(o);
}

static void writers_leave_out_nothing_but_null(void **state)
{
    (void)state;
    json_t *o = json_object(), *a = json_array();
    json_put_text(o, "a", NULL);
    json_put_text(o, "b", "");
    json_put_number(o, "c", 0);
    char *text = json_compact(o);
    assert_string_equal("{\"b\":\"\",\"c\":0}", text);
    assert_true(json_array_add_once(a, "red"));
    assert_false(json_array_add_once(a, "red"));
    assert_true(json_array_has(a, "red"));
    assert_false(json_array_has(a, "yellow"));
    assert_false(json_array_has(NULL, "red"));
    assert_int_equal(1, json_array_size(a));
    free(text);
    json_decref(o);
    json_decref(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(malformed_text_is_refused),
        cmocka_unit_test(nesting_is_limited_just_so),
        cmocka_unit_test(brackets_inside_texts_do_not_count),
        cmocka_unit_test(length_is_limited_just_so),
        cmocka_unit_test(every_cut_of_a_message_is_refused),
        cmocka_unit_test(a_parse_error_repeats_nothing_of_what_was_sent),
        cmocka_unit_test(an_error_within_a_character_gives_a_valid_message),
        cmocka_unit_test(our_own_text_may_hold_anything_and_damage_gives_null),
        cmocka_unit_test(equal_values_have_equal_canonical_bytes),
        cmocka_unit_test(texts_are_written_as_jansson_writes_them),
        cmocka_unit_test(readers_give_the_default_for_absent_and_wrong_members),
        cmocka_unit_test(writers_leave_out_nothing_but_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
