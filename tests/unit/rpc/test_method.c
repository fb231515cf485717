/* The registry, the completeness of its rows, and the OpenRPC document made from them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/rpc/toy.h"

#include <string.h>

static const struct method good = {"a.b", toy_ping, 0, TOY_SUMMARY,
    PARAMS(NEED("x", PARAM_INT, TOY_DOC)), PARAMS(NEED("y", PARAM_TEXT, "")), NO_ERRORS,
    "{\"x\":1}", "{\"y\":\"z\",\"more\":1}"};

static void expect_refused(struct method row, const char *word)
{
    struct err err = {0};
    assert_false(method_check(&row, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    assert_non_null(strstr(err.message, word));
    err_clear(&err);
}

static void a_row_that_lacks_anything_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_true(method_check(&good, &err));
    struct method row;
#define EXPECT_WITHOUT(word, ...)                                                                  \
    row = good;                                                                                    \
    __VA_ARGS__;                                                                                   \
    expect_refused(row, word)
    EXPECT_WITHOUT("name", row.name = "Case.Open");
    EXPECT_WITHOUT("name", row.name = "案件");
    EXPECT_WITHOUT("name", row.name = "");
    EXPECT_WITHOUT("summary", row.summary = NULL);
    EXPECT_WITHOUT("summary", row.summary = "");
    EXPECT_WITHOUT("summary", row.fn = NULL);
    EXPECT_WITHOUT("summary", row.params = NULL);
    EXPECT_WITHOUT("summary", row.result = NULL);
    EXPECT_WITHOUT("summary", row.errors = NULL);
    EXPECT_WITHOUT("example", row.example = NULL);
    EXPECT_WITHOUT("example", row.example_result = NULL);
    EXPECT_WITHOUT("example", row.example = "{}");
    EXPECT_WITHOUT("example", row.example = "{\"x\":\"no\"}");
    EXPECT_WITHOUT("example", row.example = "not json");
    EXPECT_WITHOUT("example result", row.example_result = "{}");
    EXPECT_WITHOUT("example result", row.example_result = "[]");
    EXPECT_WITHOUT("description", row.params = PARAMS(NEED("x", PARAM_INT, "")));
    EXPECT_WITHOUT("choices", row.params = PARAMS(NEED("x", PARAM_CHOICE, TOY_DOC)));
    EXPECT_WITHOUT("no type", row.params = PARAMS({.name = "x", .doc = TOY_DOC}));
}

static void tables_join_and_a_taken_name_adds_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct methods *m = methods_open();
    int ctx = 0;
    struct method twice[2] = {good, good};
    assert_null(methods_find(m, "ping"));
    assert_null(methods_nearest(m, "ping"));
    assert_false(methods_add(m, twice, 2, NULL, &err));
    assert_true(methods_add(m, toy_rows, TOY_ROWS, NULL, &err));
    twice[0].name = "z.new";
    twice[1].name = "ping";
    assert_false(methods_add(m, twice, 2, NULL, &err));
    assert_int_equal(TOY_ROWS, methods_count(m));
    assert_true(methods_add(m, &good, 1, &ctx, &err));
    assert_ptr_equal(&ctx, methods_find(m, "a.b")->ctx);
    assert_string_equal("a.b", methods_at(m, 0)->row->name);
    assert_null(methods_at(m, TOY_ROWS + 1));
    assert_string_equal("toy.hold", methods_nearest(m, "toy.hodl"));
    methods_remove(m, &good, 1);
    methods_remove(m, &good, 1);
    assert_null(methods_find(m, "a.b"));
    assert_non_null(methods_find(m, "ping"));
    methods_free(m);
    err_clear(&err);
}

static json_t *page_of(json_t *doc, const char *name)
{
    size_t i;
    json_t *page;
    json_array_foreach(json_object_get(doc, "methods"), i, page)
    {
        if (strcmp(json_text(page, "name"), name) == 0) {
            return page;
        }
    }
    return NULL;
}

static void discovery_describes_every_row(void **state)
{
    (void)state;
    struct err err = {0};
    struct methods *m = methods_open();
    assert_true(methods_add(m, toy_rows, TOY_ROWS, NULL, &err));
    lang_use(LANG_EN);
    json_t *doc = methods_discover(m);
    assert_string_equal("1.3.2", json_text(doc, "openrpc"));
    assert_int_equal(TOY_ROWS, json_array_size(json_object_get(doc, "methods")));
    json_t *put = page_of(doc, "toy.put");
    assert_string_equal("rpc.discover lists all methods", json_text(put, "summary"));
    assert_true(json_flag(put, "x-mutating"));
    assert_string_equal("by-name", json_text(put, "paramStructure"));
    assert_string_equal("either", json_text(page_of(doc, "echo"), "paramStructure"));
    json_t *name = json_array_get(json_object_get(put, "params"), 0);
    assert_string_equal("name", json_text(name, "name"));
    assert_true(json_flag(name, "required"));
    assert_true(json_flag(page_of(doc, "toy.form"), "deprecated"));
    json_t *colour = json_object_get(
        json_array_get(json_object_get(page_of(doc, "toy.form"), "params"), 8), "schema");
    assert_true(json_array_has(json_object_get(colour, "enum"), "yellow"));
    json_decref(doc);
    lang_use(LANG_ZH);
    doc = methods_discover(m);
    assert_string_equal("所有方法见 rpc.discover", json_text(page_of(doc, "ping"), "summary"));
    json_decref(doc);
    methods_free(m);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_lacks_anything_is_refused),
        cmocka_unit_test(tables_join_and_a_taken_name_adds_nothing),
        cmocka_unit_test(discovery_describes_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
