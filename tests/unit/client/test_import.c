/* Imports: the mapping file, rows, their keys and params, the journal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/import_journal.h"

#include <stdlib.h>
#include <string.h>

static const char map_text[] =
    "{\"id\":\"t\",\"flow\":\"petition\",\"row\":\"id\",\"received\":\"in\","
    "\"fields\":{\"subject\":\"s\",\"text\":\"t\"},\"parties\":[{\"role\":\"信访人\",\"name\":"
    "\"who\"}],"
    "\"place\":{\"tokens\":\"[A-Z][0-9]*(县|区)\",\"columns\":[\"s\",\"t\"],\"under\":\"150300\","
    "\"level\":2},\"steps\":[{\"action\":\"accept\",\"at\":\"in\"},"
    "{\"action\":\"conclude\",\"at\":\"out\",\"form\":{\"opinion\":\"reply\"},\"set\":{\"result\":"
    "\"x\"}}],"
    "\"replay\":true,\"finish\":\"90 days\"}";

static struct import_map map;
static struct err err;

static bool read_map(const char *text)
{
    err_clear(&err);
    import_map_close(&map);
    json_t *doc = json_loads(text, 0, NULL);
    assert_non_null(doc);
    return import_map_read(&map, doc, "map", &err);
}

static int setup(void **state)
{
    (void)state;
    return read_map(map_text) ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    import_map_close(&map);
    err_clear(&err);
    return 0;
}

static struct import_row *read_row(const char *text)
{
    err_clear(&err);
    return import_row_read(&map, 7, text, strlen(text), &err);
}

static void a_map_says_what_goes_where(void **state)
{
    (void)state;
    assert_int_equal(2, map.step_count);
    assert_true(map.replay);
    assert_int_equal(90 * MS_PER_DAY, map.finish_ms);
    assert_string_equal("conclude", map.steps[1].action);
}

static void wrong_maps_are_refused_with_the_member(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } rows[] = {
        {"{\"id\":\"t\"}", "flow"},
        {"{\"id\":\"t\",\"flow\":\"p\",\"row\":\"id\",\"received\":\"in\",\"fields\":{},\"setps\":["
         "]}",
            "setps"},
        {"{\"id\":\"t\",\"flow\":1,\"row\":\"id\",\"received\":\"in\",\"fields\":{}}", "flow"},
        {"{\"id\":\"t\",\"flow\":\"p\",\"row\":\"id\",\"received\":\"in\",\"fields\":{},"
         "\"steps\":[{\"action\":\"a\"}]}",
            "at"},
        {"{\"id\":\"t\",\"flow\":\"p\",\"row\":\"id\",\"received\":\"in\",\"fields\":{},"
         "\"place\":{\"tokens\":\"(\",\"under\":\"1\",\"level\":2}}",
            "tokens"},
        {"{\"id\":\"t\",\"flow\":\"p\",\"row\":\"id\",\"received\":\"in\",\"fields\":{},"
         "\"finish\":\"soon\"}",
            "finish"},
        {"{\"id\":\"t\",\"flow\":\"p\",\"row\":\"id\",\"received\":\"in\",\"fields\":{},"
         "\"open\":{\"role\":\"clerk\"}}",
            "open.kind"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(read_map(rows[i].text));
        assert_non_null(strstr(err.message, rows[i].word));
    }
    assert_true(read_map(map_text));
}

static void a_row_becomes_a_registration_and_its_steps(void **state)
{
    (void)state;
    struct import_row *r =
        read_row("{\"id\":165105,\"who\":\"A1\",\"s\":\"路灯\",\"t\":\"坏了\","
                 "\"in\":\"2012-02-23T13:45:43\",\"out\":\"2012-02-27T16:24:32\","
                 "\"reply\":\"已修\"}");
    assert_non_null(r);
    assert_string_equal("165105", r->id);
    assert_string_equal("case.open", import_row_method(r));
    json_t *params = import_row_params(&map, r, "150303104", NULL);
    assert_string_equal("petition", json_text(params, "flow"));
    assert_string_equal("150303104", json_text(params, "place"));
    assert_string_equal("2012-02-23T13:45:43+08:00", json_text(params, "received_at"));
    assert_string_equal("路灯", json_text(json_member(params, "fields"), "subject"));
    assert_string_equal("A1", json_text(json_array_get(json_member(params, "parties"), 0), "name"));
    json_decref(params);
    r->number = mem_strdup("羊信12-0001");
    r->next = 2;
    assert_true(import_row_more(&map, r));
    assert_string_equal("case.act", import_row_method(r));
    params = import_row_params(&map, r, NULL, NULL);
    assert_string_equal("conclude", json_text(params, "action"));
    assert_string_equal("已修", json_text(json_member(params, "form"), "opinion"));
    assert_string_equal("x", json_text(json_member(params, "form"), "result"));
    assert_null(json_text(params, "occurred_at"));
    json_decref(params);
    import_row_free(r);
}

static void bad_rows_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "{",
        "[]",
        "7",
        "{\"in\":\"2012-02-23\"}",
        "{\"id\":1}",
        "{\"id\":1,\"in\":\"2012-02-30\"}",
        "{\"id\":1,\"in\":\"2012-02-23\",\"out\":\"2011-01-01\"}",
        "{\"id\":1,\"in\":\"2012-02-23\",\"out\":\"soon\"}",
        "{\"id\":1,\"id\":2,\"in\":\"2012-02-23\"}",
        "{\"id\":\"\",\"in\":\"2012-02-23\"}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_null(read_row(rows[i]));
        assert_string_not_equal("", err.message);
    }
}

static void a_step_that_did_not_happen_is_left_out(void **state)
{
    (void)state;
    struct import_row *r = read_row("{\"id\":1,\"in\":\"2012-02-23\",\"out\":null}");
    assert_non_null(r);
    r->next = 1;
    assert_true(import_row_more(&map, r));
    assert_int_equal(1, r->next);
    r->next = 2;
    assert_false(import_row_more(&map, r));
    import_row_free(r);
}

static void keys_are_the_same_for_ever_and_differ_by_step(void **state)
{
    (void)state;
    struct import_row *r = read_row("{\"id\":1,\"in\":\"2012-02-23\"}");
    char first[UUID_TEXT];
    char again[UUID_TEXT];
    char other[UUID_TEXT];
    import_row_key(&map, r, first);
    import_row_key(&map, r, again);
    r->next = 1;
    import_row_key(&map, r, other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_int_equal(36, strlen(first));
    assert_int_equal('8', first[14]);
    assert_non_null(strchr("89ab", first[19]));
    assert_string_equal("f34e44e8-eb0c-83f7-b7f1-35be5e0a4ae6", first);
    import_row_free(r);
}

static void places_are_spread_by_the_token_in_the_text(void **state)
{
    (void)state;
    struct import_row *r =
        read_row("{\"id\":1,\"in\":\"2012-02-23\",\"s\":\"反映A7县路灯\",\"t\":\"B区\"}");
    char *token = import_row_token(&map, r);
    assert_string_equal("A7县", token);
    mem_free(token);
    import_row_free(r);
    r = read_row("{\"id\":99,\"in\":\"2012-02-23\",\"s\":\"路灯\",\"t\":\"L10县\"}");
    token = import_row_token(&map, r);
    assert_string_equal("L10县", token);
    mem_free(token);
    import_row_free(r);
    r = read_row("{\"id\":99,\"in\":\"2012-02-23\",\"s\":\"路灯\"}");
    token = import_row_token(&map, r);
    assert_string_equal("99", token);
    mem_free(token);
    import_row_free(r);
    assert_int_equal(import_spread("A7县", 20), import_spread("A7县", 20));
    assert_true(import_spread("A7县", 20) < 20);
    assert_int_equal(0, import_spread("A7县", 0));
}

static void the_journal_moves_a_row_behind_what_is_done(void **state)
{
    (void)state;
    char path[] = "/tmp/fengqiao-test-XXXXXX";
    int fd = mkstemp(path);
    FILE *journal = fdopen(fd, "a");
    struct import_row *r = read_row("{\"id\":1,\"in\":\"2012-02-23\",\"out\":\"2012-02-24\"}");
    r->number = mem_strdup("羊信12-0001");
    r->body = mem_strdup("hainan.xfj");
    import_journal_done(journal, r);
    r->next = 1;
    import_journal_done(journal, r);
    fputs("[\"2\", 1, \"cut", journal);
    import_journal_close(journal);
    import_row_free(r);
    json_t *done = import_journal_load(path);
    r = read_row("{\"id\":1,\"in\":\"2012-02-23\",\"out\":\"2012-02-24\"}");
    assert_int_equal(2, import_journal_apply(done, &map, r));
    assert_int_equal(2, r->next);
    assert_string_equal("羊信12-0001", r->number);
    assert_string_equal("hainan.xfj", r->body);
    assert_int_equal(ROW_READY, r->state);
    import_row_free(r);
    r = read_row("{\"id\":2,\"in\":\"2012-02-23\"}");
    assert_int_equal(0, import_journal_apply(done, &map, r));
    import_row_free(r);
    json_decref(done);
    remove(path);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_says_what_goes_where),
        cmocka_unit_test(wrong_maps_are_refused_with_the_member),
        cmocka_unit_test(a_row_becomes_a_registration_and_its_steps),
        cmocka_unit_test(bad_rows_are_refused_with_the_reason),
        cmocka_unit_test(a_step_that_did_not_happen_is_left_out),
        cmocka_unit_test(keys_are_the_same_for_ever_and_differ_by_step),
        cmocka_unit_test(places_are_spread_by_the_token_in_the_text),
        cmocka_unit_test(the_journal_moves_a_row_behind_what_is_done),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
