/* Loading: everything that can be wrong with a plugin's file is said, and nothing stays loaded. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "plug/loader.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *built(const char *name)
{
    const char *build = getenv("FENGQIAO_BUILD");
    assert_non_null(build);
    return mem_printf("%s/tests/plugins/%s.so", build, name);
}

/* Refused, with `found` and `expected` in the message, and gone from memory. */
static void refused(const char *name, const char *found, const char *expected)
{
    char *path = built(name);
    struct module m;
    struct err err = {0};
    assert_false(module_load(&m, path, &err));
    assert_int_equal(ERR_PLUGIN, err.code);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, found));
    assert_non_null(strstr(err.message, expected));
    assert_null(m.handle);
    assert_null(dlopen(path, RTLD_NOW | RTLD_NOLOAD));
    err_clear(&err);
    mem_free(path);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    refused("there_is_no_such_file", "cannot be read",
        "there_is_no_such_file"); /* strerror is localised */
}

static void a_folder_is_no_plugin(void **state)
{
    (void)state;
    struct module m;
    struct err err = {0};
    assert_false(module_load(&m, "/tmp", &err));
    assert_non_null(strstr(err.message, "not a file"));
    err_clear(&err);
}

static void a_text_file_is_no_library(void **state)
{
    (void)state;
    char path[] = "/tmp/fq-plug-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(5, write(fd, "hello", 5));
    close(fd);
    struct module m;
    struct err err = {0};
    assert_false(module_load(&m, path, &err));
    assert_non_null(strstr(err.message, "cannot be loaded"));
    err_clear(&err);

    assert_int_equal(0, chmod(path, 0666));
    assert_false(module_load(&m, path, &err));
    assert_non_null(strstr(err.message, "everybody may write"));
    err_clear(&err);
    unlink(path);
}

static void a_library_without_the_symbol_is_refused(void **state)
{
    (void)state;
    refused("nosymbol", "does not export", "fq_plugin");
}

static void an_unresolved_function_is_found_at_once(void **state)
{
    (void)state;
    refused("unresolved", "cannot be loaded", "function_that_nobody_has");
}

static void another_abi_is_refused_with_both_numbers(void **state)
{
    (void)state;
    refused("abi", "ABI 99", "ABI 1");
}

static void a_short_description_is_refused_with_both_sizes(void **state)
{
    (void)state;
    refused("size", "24 bytes", "expected");
}

static void a_name_with_spaces_is_refused(void **state)
{
    (void)state;
    refused("name", "needs a name", "a-z");
}

static void an_unknown_need_is_named(void **state)
{
    (void)state;
    refused("need", "teleport", "does not offer");
}

static void a_need_without_its_hook_is_refused(void **state)
{
    (void)state;
    refused("hookless", "before_command", "veto");
}

static void a_hook_without_its_need_is_refused(void **state)
{
    (void)state;
    refused("unannounced", "before_command", "veto");
}

static void a_plugin_without_open_is_refused(void **state)
{
    (void)state;
    refused("noopen", "no open", "function");
}

static void loads(const char *name, const char *expected)
{
    char *path = built(name);
    struct module m;
    struct err err = {0};
    if (!module_load(&m, path, &err)) {
        fail_msg("%s", err.message);
    }
    assert_string_equal(expected, m.api.name);
    module_close(&m);
    assert_null(dlopen(path, RTLD_NOW | RTLD_NOLOAD));
    mem_free(path);
}

static void a_plugin_of_a_later_header_loads(void **state)
{
    (void)state;
    loads("newer", "wrong");
}

static void a_plugin_built_with_the_oldest_header_loads(void **state)
{
    (void)state;
    loads("oldest", "probe");
}

static void the_skeleton_loads_and_its_tables_can_be_read(void **state)
{
    (void)state;
    char *path = mem_printf("%s/plugins/skeleton.so", getenv("FENGQIAO_BUILD"));
    struct module m;
    struct err err = {0};
    assert_true(module_load(&m, path, &err));
    assert_int_equal(MODULE_VETO | MODULE_EFFECT | MODULE_METHOD, m.needs);
    assert_string_equal("forbidden", module_option(&m, 0)->name);
    assert_null(module_option(&m, 1));
    assert_string_equal("skeleton.status", module_method(&m, 0)->name);
    assert_null(module_method(&m, 1));
    assert_null(module_param(module_method(&m, 0), 0));
    module_close(&m);
    module_close(&m); /* twice is fine */
    mem_free(path);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(a_folder_is_no_plugin),
        cmocka_unit_test(a_text_file_is_no_library),
        cmocka_unit_test(a_library_without_the_symbol_is_refused),
        cmocka_unit_test(an_unresolved_function_is_found_at_once),
        cmocka_unit_test(another_abi_is_refused_with_both_numbers),
        cmocka_unit_test(a_short_description_is_refused_with_both_sizes),
        cmocka_unit_test(a_name_with_spaces_is_refused),
        cmocka_unit_test(an_unknown_need_is_named),
        cmocka_unit_test(a_need_without_its_hook_is_refused),
        cmocka_unit_test(a_hook_without_its_need_is_refused),
        cmocka_unit_test(a_plugin_without_open_is_refused),
        cmocka_unit_test(a_plugin_of_a_later_header_loads),
        cmocka_unit_test(a_plugin_built_with_the_oldest_header_loads),
        cmocka_unit_test(the_skeleton_loads_and_its_tables_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
