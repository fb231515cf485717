#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "server/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/fengqiao-config-XXXXXX";
static char file[128];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(file, sizeof(file), "%s/fengqiao.conf.lua", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

static void write_file(const char *text)
{
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static struct config *load(const char *text, struct err *err)
{
    write_file(text);
    return config_load(file, NULL, err);
}

static void assert_refused(const char *text, const char *where, const char *what)
{
    struct err err = {0};
    assert_null(load(text, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    if (strstr(err.message, where) == NULL) {
        fail_msg("\"%s\" does not name %s", err.message, where);
    }
    if (strstr(err.message, what) == NULL && strstr(err.hint, what) == NULL) {
        fail_msg("\"%s\" (%s) does not name %s", err.message, err.hint, what);
    }
    err_clear(&err);
}

static void without_a_file_the_defaults_hold(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *c = config_load(NULL, NULL, &err);
    assert_non_null(c);
    assert_string_equal("127.0.0.1:7719", config_text(c, OPT_TCP));
    assert_int_equal(600000, config_number(c, OPT_IDLE));
    assert_int_equal(1 << 20, config_number(c, OPT_LINE_BYTES));
    assert_string_equal("default", config_origin(c, OPT_TCP));
    assert_false(config_flag(c, OPT_PLAINTEXT));
    config_free(c);
}

static void later_sources_win_and_are_remembered(void **state)
{
    (void)state;
    struct err err = {0};
    write_file(
        "return {\n  listen = { unix = \"s.sock\" },\n  readers = 3, cache_cases = 20,\n}\n");
    setenv("FENGQIAO_READERS", "4", 1);
    json_t *flags = json_pack("{s:s}", "cache_cases", "30");
    struct config *c = config_load(file, flags, &err);
    unsetenv("FENGQIAO_READERS");
    json_decref(flags);
    assert_non_null(c);
    assert_int_equal(4, config_number(c, OPT_READERS));
    assert_string_equal("FENGQIAO_READERS", config_origin(c, OPT_READERS));
    assert_int_equal(30, config_number(c, OPT_CACHE_CASES));
    assert_string_equal("--cache_cases", config_origin(c, OPT_CACHE_CASES));
    assert_non_null(strstr(config_origin(c, OPT_UNIX), ".lua:2"));
    char path[160];
    snprintf(path, sizeof(path), "%s/s.sock", folder);
    assert_string_equal(path, config_text(c, OPT_UNIX)); /* from the folder of its file */
    config_free(c);
}

static void mistakes_are_named_with_file_and_line(void **state)
{
    (void)state;
    assert_refused("return {\n\n  databse = \"x\" }\n", ".lua:3:", "database");
    assert_refused("return { -- readers = 9\n  readers = 0 }\n", ".lua:2:", "readers");
    assert_refused("return {\n  limits = {\n    idel = \"1s\" } }\n", ".lua:3:", "limits.idle");
    assert_refused("return {\n  limits = {\n    idle = \"5 weeks\" } }\n", ".lua:3:", "30s");
    assert_refused("return { clock = \"sundial\" }\n", ".lua:1:", "virtual");
    assert_refused("return { clock_start = \"2019-02-30\" }\n", ".lua:1:", "clock_start");
    assert_refused("return { allow_plaintext = \"yes\" }\n", ".lua:1:", "true");
    assert_refused("return { readers = { 1 } }\n", ".lua:1:", "readers");
    assert_refused("return { plugins = \"notify\" }\n", ".lua:1:", "plugins");
    assert_refused("return { 1, 2 }\n", ".lua", "table");
    assert_refused("return {\n  readers = = 3 }\n", ".lua:2:", "");
    assert_refused("return { readers = os.time() }\n", ".lua:1:", "");
}

static void a_missing_file_and_a_wrong_flag_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(config_load("no/such/file.lua", NULL, &err));
    err_clear(&err);
    json_t *flags = json_pack("{s:s}", "reader", "3");
    assert_null(config_load(NULL, flags, &err));
    assert_non_null(strstr(err.message, "--reader"));
    assert_string_equal("readers", json_text(err.data, "did_you_mean"));
    json_decref(flags);
    err_clear(&err);
}

static void units_are_read_exactly(void **state)
{
    (void)state;
    int64_t n;
    assert_true(duration_parse("250ms", &n));
    assert_int_equal(250, n);
    assert_true(duration_parse("30 d", &n));
    assert_int_equal(INT64_C(2592000000), n);
    assert_true(size_parse("64KiB", &n));
    assert_int_equal(65536, n);
    assert_true(size_parse("512", &n));
    assert_int_equal(512, n);
    assert_false(duration_parse("30", &n));
    assert_false(duration_parse("", &n));
    assert_false(duration_parse("-1s", &n));
    assert_false(duration_parse("99999999999s", &n));
    assert_false(size_parse("1MB", &n));
    assert_false(size_parse("1.5MiB", &n));
}

static void what_is_printed_reads_back_the_same(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *c =
        load("return { listen = { tcp = \"127.0.0.1:0\" }, plugins = { { path = \"p.so\", "
             "role = \"a\\\\b\\\"c\", options = { x = 1, y = { \"甲\", true } } } } }",
            &err);
    assert_non_null(c);
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    config_print(c, out);
    fclose(out);
    struct config *again = load(text, &err);
    if (again == NULL) {
        fail_msg("%s\n%s", err.message, text);
    }
    assert_true(json_equal(
        (json_t *)config_list(c, OPT_PLUGINS), (json_t *)config_list(again, OPT_PLUGINS)));
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (option_rows[i].type !=
            OPTION_PATH) { /* the empty path stays, others are settled already */
            assert_string_equal(config_text(c, (enum option)i), config_text(again, (enum option)i));
        }
    }
    free(text);
    config_free(c);
    config_free(again);
}

static void only_what_differs_and_needs_a_restart_is_listed(void **state)
{
    (void)state;
    struct err err = {0};
    struct config *was = load("return { readers = 3 }", &err);
    struct config *is = load("return { readers = 4, log = { level = \"debug\" } }", &err);
    json_t *names = config_unreloadable(was, is);
    assert_int_equal(1, json_array_size(names));
    assert_string_equal("readers", json_string_value(json_array_get(names, 0)));
    json_decref(names);
    config_free(was);
    config_free(is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_the_defaults_hold),
        cmocka_unit_test(later_sources_win_and_are_remembered),
        cmocka_unit_test(mistakes_are_named_with_file_and_line),
        cmocka_unit_test(a_missing_file_and_a_wrong_flag_are_refused),
        cmocka_unit_test(units_are_read_exactly),
        cmocka_unit_test(what_is_printed_reads_back_the_same),
        cmocka_unit_test(only_what_differs_and_needs_a_restart_is_listed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
