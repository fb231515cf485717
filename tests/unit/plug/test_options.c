/* Options of a plugin: nested or dotted, checked against the table, defaults filled in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "plug/options.h"

#include <string.h>

static const struct fq_option table[] = {
    {.name = "smtp.url", .kind = FQ_OPTION_TEXT},
    {.name = "smtp.book", .kind = FQ_OPTION_MAP},
    {.name = "digest.every", .kind = FQ_OPTION_SPAN, .otherwise = "10m", .min = 0, .max = 86400000},
    {.name = "digest.max", .kind = FQ_OPTION_NUMBER, .otherwise = "50", .min = 1, .max = 200},
    {.name = "strict", .kind = FQ_OPTION_FLAG, .otherwise = "true"},
    {0},
};
static const struct fq_option needed[] = {
    {.name = "folder", .kind = FQ_OPTION_TEXT, .required = 1, .help = "where it writes"}, {0}};

static struct module with(const struct fq_option *options)
{
    return (struct module){
        .api = {.name = "notify", .options = options, .option_size = sizeof(struct fq_option)}};
}

static json_t *check(const struct fq_option *options, const char *given, struct err *err)
{
    struct module m = with(options);
    json_t *json = given == NULL ? NULL : json_parse_own(given);
    json_t *values = options_check(&m, json, err);
    json_decref(json);
    return values;
}

static void good(const char *given, const char *expected)
{
    struct err err = {0};
    json_t *values = check(table, given, &err);
    if (values == NULL) {
        fail_msg("%s", err.message);
    }
    char *text = json_canonical(values);
    assert_string_equal(expected, text);
    free(text);
    json_decref(values);
}

static void bad(const char *given, const char *said)
{
    struct err err = {0};
    assert_null(check(table, given, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    if (strstr(err.message, said) == NULL && strstr(err.hint, said) == NULL) {
        fail_msg("\"%s\" is not in \"%s\" (%s)", said, err.message, err.hint);
    }
    err_clear(&err);
}

#define DEFAULTS "\"digest.every\":600000,\"digest.max\":50"

static void nothing_given_gives_the_defaults(void **state)
{
    (void)state;
    good(NULL, "{" DEFAULTS ",\"strict\":1}");
    good("{}", "{" DEFAULTS ",\"strict\":1}");
    good("[]", "{" DEFAULTS ",\"strict\":1}");
}

static void nested_tables_and_dotted_names_mean_the_same(void **state)
{
    (void)state;
    const char *expected = "{" DEFAULTS ",\"smtp.url\":\"smtp://a\",\"strict\":0}";
    good("{\"smtp\":{\"url\":\"smtp://a\"},\"strict\":false}", expected);
    good("{\"smtp.url\":\"smtp://a\",\"strict\":false}", expected);
}

static void a_map_becomes_json_text(void **state)
{
    (void)state;
    good("{\"smtp\":{\"book\":{\"demo01\":\"a@b.test\"}}}",
        "{" DEFAULTS ",\"smtp.book\":\"{\\\"demo01\\\":\\\"a@b.test\\\"}\",\"strict\":1}");
    bad("{\"smtp.book\":{\"demo01\":5}}", "a table of texts");
}

static void an_unknown_option_gets_the_nearest_name(void **state)
{
    (void)state;
    bad("{\"smtp\":{\"ulr\":\"x\"}}", "smtp.url");
    bad("{\"digest\":{\"ever\":\"1s\"}}", "digest.every");
    bad("{\"nothing\":{\"like\":{\"it\":1}}}", "nothing.like.it");
}

static void wrong_kinds_say_what_is_right(void **state)
{
    (void)state;
    bad("{\"smtp.url\":5}", "text in quotes");
    bad("{\"digest.max\":\"5\"}", "whole number");
    bad("{\"digest.max\":1.5}", "whole number");
    bad("{\"strict\":1}", "true or false");
    bad("{\"digest.every\":30}", "30s");
    bad("{\"digest.every\":\"30 s\"}", "30s");
    bad("{\"digest.every\":\"9999999999d\"}", "30s");
    bad("{\"digest.every\":\"\"}", "30s");
    bad("[1]", "must be a table");
    bad("\"text\"", "must be a table");
}

static void limits_hold_just_below_and_just_above(void **state)
{
    (void)state;
    good("{\"digest.max\":200,\"digest.every\":\"1d\"}",
        "{\"digest.every\":86400000,\"digest.max\":200,\"strict\":1}");
    bad("{\"digest.max\":201}", "outside 1 to 200");
    bad("{\"digest.max\":0}", "outside 1 to 200");
    bad("{\"digest.every\":\"25h\"}", "90000000 ms");
}

static void a_missing_required_option_is_explained(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(check(needed, "{}", &err));
    assert_non_null(strstr(err.message, "folder"));
    assert_string_equal("where it writes", err.hint);
    err_clear(&err);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_given_gives_the_defaults),
        cmocka_unit_test(nested_tables_and_dotted_names_mean_the_same),
        cmocka_unit_test(a_map_becomes_json_text),
        cmocka_unit_test(an_unknown_option_gets_the_nearest_name),
        cmocka_unit_test(wrong_kinds_say_what_is_right),
        cmocka_unit_test(limits_hold_just_below_and_just_above),
        cmocka_unit_test(a_missing_required_option_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
