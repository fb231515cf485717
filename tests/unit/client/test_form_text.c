/* Forms as text: what people write in an editor is read as they meant it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "client/form_text.h"

#include <string.h>

static void check(const char *name, const char *value, const char *text)
{
    json_t *values = form_text_read(text, strlen(text), NULL);
    assert_non_null(values);
    const char *got = json_text(values, name);
    if (value == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(value, got);
    }
    json_decref(values);
}

static void check_refused(const char *words, const char *text, size_t len)
{
    struct err err = {0};
    assert_null(form_text_read(text, len, &err));
    assert_int_not_equal(ERR_NONE, err.code);
    assert_non_null(strstr(err.message, words));
    err_clear(&err);
}

static void names_and_values_are_read_with_either_colon(void **state)
{
    (void)state;
    check("履行方式", "一次性", "# 说明\n履行方式: 一次性\n");
    check("履行方式", "一次性", "\xEF\xBB\xBF履行方式 ： 一次性  \r\n");
    check("时间", "15:30", "时间：15:30");
    check("--reason", "双方已和解", "--reason: 双方已和解");
}

static void an_empty_value_is_none(void **state)
{
    (void)state;
    check("备注", NULL, "备注:\n理由: 有\n");
    check("备注", NULL, "");
    check("备注", NULL, "# 备注: 说明\n\n\n");
}

static void a_value_goes_on_in_indented_lines(void **state)
{
    (void)state;
    check("内容", "一、拆除。\n二、付款。\n\n三、完。",
        "内容: 一、拆除。\n  二、付款。\n\n\t三、完。\n\n别的: 1\n");
    check("内容", "第一行\n# 不是说明", "内容:\n  第一行\n  # 不是说明\n");
    check("内容", "甲", "内容:\n\xE3\x80\x80甲\n");
}

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    struct buf out = {0};
    form_text_explain(&out, "两行\n说明");
    form_text_add(&out, "内容", "一\n二\n\n三");
    form_text_add(&out, "空", NULL);
    form_text_add(&out, "末", "尾");
    check("内容", "一\n二\n\n三", buf_text(&out));
    check("空", NULL, buf_text(&out));
    check("末", "尾", buf_text(&out));
    buf_close(&out);
}

static void fields_are_explained_and_prefilled(void **state)
{
    (void)state;
    json_t *fields = json_pack("[{s:s,s:s,s:s,s:b,s:[s,s]},{s:s,s:s,s:s}]", "name", "way", "title",
        "履行方式", "type", "choice", "required", 1, "choices", "一次性", "分期", "name", "money",
        "title", "金额", "type", "money");
    json_t *values = json_pack("{s:s,s:s}", "way", "分期", "金额", "100");
    struct buf out = {0};
    form_text_fields(&out, fields, values);
    assert_non_null(strstr(buf_text(&out), "一次性/分期"));
    check("履行方式", "分期", buf_text(&out));
    check("金额", "100", buf_text(&out));
    buf_close(&out);
    json_decref(values);
    json_decref(fields);
}

static void a_json_object_is_a_form_too(void **state)
{
    (void)state;
    check("内容", "甲", "\n {\"内容\":\"甲\"}");
    check_refused("", "{\"a\":1", 6);
}

static void mistakes_are_told_with_their_line(void **state)
{
    (void)state;
    check_refused("2", "甲: 1\n没有冒号的一行\n", strlen("甲: 1\n没有冒号的一行\n"));
    check_refused("甲", "甲: 1\n甲: 2\n", strlen("甲: 1\n甲: 2\n"));
    check_refused("", "\xff\xfe", 2);
    check_refused("", "a: 1\0b", 6);
    check_refused("1", ": 1", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_read_with_either_colon),
        cmocka_unit_test(an_empty_value_is_none),
        cmocka_unit_test(a_value_goes_on_in_indented_lines),
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(fields_are_explained_and_prefilled),
        cmocka_unit_test(a_json_object_is_a_form_too),
        cmocka_unit_test(mistakes_are_told_with_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
