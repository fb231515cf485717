/* name=value words and lengths of time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "client/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct err err;

static void values_keep_everything_behind_the_first_equal_sign(void **state)
{
    (void)state;
    const char *words[] = {"内容=a=b", "期限＝12-15", "mail=@@x", "空="};
    json_t *o = fields_of(words, 4, &err);
    assert_non_null(o);
    assert_string_equal("a=b", json_text(o, "内容"));
    assert_string_equal("12-15", json_text(o, "期限"));
    assert_string_equal("@x", json_text(o, "mail"));
    assert_string_equal("", json_text(o, "空"));
    json_decref(o);
}

static void a_file_gives_its_text_without_the_last_line_end(void **state)
{
    (void)state;
    char path[] = "/tmp/fengqiao-test-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(14, write(fd, "一、\n二、\n", 14));
    close(fd);
    char word[64];
    snprintf(word, sizeof word, "内容=@%s", path);
    const char *words[] = {word};
    json_t *o = fields_of(words, 1, &err);
    assert_string_equal("一、\n二、", json_text(o, "内容"));
    json_decref(o);
    unlink(path);
    assert_null(fields_of(words, 1, &err));
    assert_int_equal(ERR_FILE, err.code);
}

static void what_is_no_field_is_refused(void **state)
{
    (void)state;
    const char *const lines[] = {"内容", "=x", "a=\xff"};
    for (size_t i = 0; i < 3; i++) {
        assert_null(fields_of(&lines[i], 1, &err));
        assert_int_equal(ERR_PARAMS, err.code);
    }
    const char *twice[] = {"a=1", "a=2"};
    assert_null(fields_of(twice, 2, &err));
}

static void lengths_are_read_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int n;
        const char *unit;
    } rows[] = {{"15d", 15, "d"}, {"3 workdays", 3, "wd"}, {"3个工作日", 3, "wd"},
        {"1月", 1, "mon"}, {"２年", 2, "yr"}, {"24小时", 24, "h"}, {"0d", 0, "d"}};
    int n;
    const char *unit;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(fields_span(rows[i].text, &n, &unit));
        assert_int_equal(rows[i].n, n);
        assert_string_equal(rows[i].unit, unit);
    }
    assert_false(fields_span("XF.HANDLE", &n, &unit));
    assert_false(fields_span("-1d", &n, &unit));
    assert_false(fields_span("99999999999d", &n, &unit));
    assert_false(fields_span("", &n, &unit));
    int64_t ms;
    assert_true(fields_duration("90 days", &ms, &err));
    assert_int_equal(90 * MS_PER_DAY, ms);
    assert_false(fields_duration("1mon", &ms, &err));
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_keep_everything_behind_the_first_equal_sign),
        cmocka_unit_test(a_file_gives_its_text_without_the_last_line_end),
        cmocka_unit_test(what_is_no_field_is_refused),
        cmocka_unit_test(lengths_are_read_in_both_languages),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    err_clear(&err);
    return failed;
}
