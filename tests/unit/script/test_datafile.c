#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "script/script.h"

#include <stdlib.h>
#include <string.h>

static json_t *parse(const char *source, struct err *err)
{
    return datafile_parse(source, strlen(source), "conf.lua", err);
}

static void assert_refused(const char *source, const char *words)
{
    struct err err = {0};
    json_t *value = parse(source, &err);
    if (value != NULL || strstr(err.message, words) == NULL) {
        fail_msg(
            "%s\n gave: %s (wanted: %s)", source, value != NULL ? "a value" : err.message, words);
    }
    assert_int_equal(ERR_CONFIG, err.code);
    err_clear(&err);
}

static void assert_value(const char *wanted, const char *source)
{
    struct err err = {0};
    json_t *value = parse(source, &err);
    if (value == NULL) {
        fail_msg("%s: %s", source, err.message);
    }
    char *text = json_canonical(value);
    assert_string_equal(wanted, text);
    free(text);
    json_decref(value);
}

static void plain_tables_become_json(void **state)
{
    (void)state;
    assert_value("{\"a\":1,\"b\":[true,\"文\",2.5]}", "return { a = 1, b = { true, '文', 2.5 } }");
    assert_value("[]", "-- 空\nreturn {}");
    assert_value("{\"受理\":{\"x\":-3}}", "local t = { x = -3 } return { ['受理'] = t }");
}

static void what_is_not_data_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("return {\n  a = 1,\n  b = function() end,\n}", "conf.lua:3: b: ");
    assert_refused("local t = {} t.t = t\nreturn t", "contains itself");
    assert_refused("return { 1, x = 2 }", "not both");
    assert_refused("return { 1, nil, 3 }", "hole");
    assert_refused("return { [0.5] = 1 }", "whole numbers");
    assert_refused("return { a = 0/0 }", "finite");
    assert_refused("return { a = '\\0' }", "UTF-8");
    assert_refused("return { a = '\\xFF' }", "UTF-8");
    assert_refused("local x = 1", "return");
    assert_refused("", "return");
}

static void a_data_file_has_no_library(void **state)
{
    (void)state;
    assert_refused("return { a = tostring(1) }", "conf.lua:1:");
    assert_refused("return { a = ('x'):rep(10) }", "conf.lua:1:");
    assert_refused("a = 1\nreturn {}", "conf.lua:1:");
    assert_refused("\n\nreturn { a = os.getenv('HOME') }", "conf.lua:3:");
    assert_refused("return setmetatable({}, {})", "conf.lua:1:");
}

static void endless_files_end_in_the_budget(void **state)
{
    (void)state;
    assert_refused("\nwhile true do end", "conf.lua:2:");
    assert_refused("local function f() return f() + 1 end return f()", "conf.lua:1:");
    assert_refused("local s = 'x' while true do s = s .. s end", "conf.lua:1:");
    assert_refused("local t = {}\nfor i = 1, 1e9 do t[i] = { i } end return t", "conf.lua:2:");
    assert_refused("::a:: goto a", "conf.lua:1:");
}

static void what_authors_meet_first_is_explained(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(parse("return {\n    受理 = 1 }", &err));
    assert_non_null(strstr(err.message, "conf.lua:2: "));
    assert_int_equal(5, json_number(err.data, "column", 0));
    assert_int_equal(2, json_number(err.data, "line", 0));
    assert_non_null(strstr(err.hint, "[\"受理\"]"));
    assert_non_null(strstr(json_text(err.data, "lua"), "unexpected symbol"));
    err_clear(&err);
    assert_null(parse("return { a = 1， b = 2 }", &err));
    assert_non_null(strstr(err.message, "“，”"));
    err_clear(&err);
    assert_null(parse("return {\n  a = 1\n  b = 2\n}", &err));
    assert_non_null(strstr(err.message, "conf.lua:3: "));
    assert_non_null(strstr(err.message, "line 1"));
    err_clear(&err);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(datafile_load("/nonexistent/a.lua", &err));
    assert_int_equal(ERR_FILE, err.code);
    assert_non_null(strstr(err.message, "/nonexistent/a.lua"));
    err_clear(&err);
}

static void large_and_deep_files_are_bounded(void **state)
{
    (void)state;
    size_t n = 30000;
    char *deep = mem_alloc(2 * n + 16);
    strcpy(deep, "return ");
    memset(deep + 7, '{', n);
    memset(deep + 7 + n, '}', n);
    assert_refused(deep, "conf.lua");
    mem_free(deep);
    struct err err = {0};
    char *big = mem_alloc((5 << 20) + 1);
    memset(big, ' ', 5 << 20);
    assert_null(datafile_parse(big, 5 << 20, "conf.lua", &err));
    err_clear(&err);
    mem_free(big);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_tables_become_json),
        cmocka_unit_test(what_is_not_data_is_refused_with_its_line),
        cmocka_unit_test(a_data_file_has_no_library),
        cmocka_unit_test(endless_files_end_in_the_budget),
        cmocka_unit_test(what_authors_meet_first_is_explained),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(large_and_deep_files_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
