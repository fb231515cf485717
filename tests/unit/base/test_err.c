/* The error value: replaced, prefixed, cut at whole characters, mapped to wire and exit codes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/err.h"
#include "base/json.h"
#include "base/text.h"

#include <string.h>

static void setting_returns_false_and_keeps_code_and_message(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(err_set(&err, ERR_NOT_FOUND, "no case %d", 12));
    assert_int_equal(ERR_NOT_FOUND, err.code);
    assert_string_equal("no case 12", err.message);
    assert_string_equal("", err.hint);
    assert_null(err.data);
    err_clear(&err);
    assert_int_equal(ERR_NONE, err.code);
    assert_string_equal("", err.message);
}

static void a_second_error_replaces_all_of_the_first(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, ERR_FORM, "first");
    err_hint(&err, "hint");
    err_data(&err, "field", json_string("x"));
    err_set(&err, ERR_STATE, "second");
    assert_string_equal("second", err.message);
    assert_string_equal("", err.hint);
    assert_null(err.data);
    err_clear(&err);
}

static void nobody_listening_is_fine(void **state)
{
    (void)state;
    assert_false(err_set(NULL, ERR_FORM, "x"));
    assert_false(err_hint(NULL, "x"));
    assert_false(err_prefix(NULL, "x"));
    assert_false(err_data(NULL, "k", json_string("freed here")));
    err_clear(NULL);
}

static void prefixes_stand_before_the_message_and_keep_the_rest(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, ERR_SCRIPT, "unknown state %s", "x");
    err_hint(&err, "y");
    err_data(&err, "line", json_integer(12));
    err_prefix(&err, "%s:%d: ", "petition.lua", 12);
    err_prefix(&err, "100%% ");
    assert_string_equal("100% petition.lua:12: unknown state x", err.message);
    assert_string_equal("y", err.hint);
    assert_int_equal(12, json_number(err.data, "line", 0));
    assert_int_equal(ERR_SCRIPT, err.code);
    err_clear(&err);
}

static void data_members_collect_and_replace(void **state)
{
    (void)state;
    struct err err = {0};
    err_set(&err, ERR_FORM, "x");
    assert_false(err_data(&err, "a", json_integer(1)));
    err_data(&err, "b", json_integer(2));
    err_data(&err, "a", json_integer(3));
    assert_int_equal(2, json_object_size(err.data));
    assert_int_equal(3, json_number(err.data, "a", 0));
    err_clear(&err);
}

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char text[4001];
    for (int pad = 0; pad < 4; pad++) {
        memset(text, 'x', sizeof text);
        for (int i = pad; i + 3 < 4000; i += 3) {
            memcpy(text + i, "羊", 3);
        }
        text[4000] = '\0';
        struct err err = {0};
        err_set(&err, ERR_FORM, "%s", text);
        err_hint(&err, "%s", text);
        assert_true(utf8_valid(err.message, strlen(err.message)));
        assert_true(utf8_valid(err.hint, strlen(err.hint)));
        assert_true(strlen(err.message) > sizeof err.message - 5);
        err_prefix(&err, "%s", text);
        err_prefix(&err, "%s", "行：");
        assert_true(utf8_valid(err.message, strlen(err.message)));
        err_clear(&err);
    }
    struct err err = {0};
    memset(text, 'a', 1023);
    text[1023] = '\0';
    err_set(&err, ERR_FORM, "%s", text);
    assert_int_equal(1023, strlen(err.message));
    err_clear(&err);
}

static void every_code_has_a_kind_and_the_kinds_differ(void **state)
{
    (void)state;
    for (int code = 1; code < ERR_COUNT; code++) {
        const struct err_info *info = err_info((enum err_code)code);
        assert_int_equal(code, err_code_of_kind(info->kind));
        assert_true(info->exit_code >= 64 && info->exit_code <= 78);
        assert_true(info->rpc_code != 0);
    }
    assert_int_equal(ERR_INTERNAL, err_code_of_kind("no such kind"));
    assert_int_equal(ERR_INTERNAL, err_code_of_kind(NULL));
    assert_ptr_equal(err_info(ERR_INTERNAL), err_info((enum err_code)999));
    assert_int_equal(1002, err_info(ERR_FORBIDDEN)->rpc_code);
    assert_int_equal(77, err_info(ERR_FORBIDDEN)->exit_code);
    assert_true(err_info(ERR_OVERLOADED)->retryable);
    assert_false(err_info(ERR_STATE)->retryable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_returns_false_and_keeps_code_and_message),
        cmocka_unit_test(a_second_error_replaces_all_of_the_first),
        cmocka_unit_test(nobody_listening_is_fine),
        cmocka_unit_test(prefixes_stand_before_the_message_and_keep_the_rest),
        cmocka_unit_test(data_members_collect_and_replace),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(every_code_has_a_kind_and_the_kinds_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
