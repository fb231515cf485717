/* A call's checks in their order, its params, its answers: through dispatch_local(). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "unit/rpc/toy.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct wallclock clock;
    struct methods *methods;
    struct dispatch *dispatch;
    struct toy toy;
    struct buf said; /* of the last answer: "code field did_you_mean" or the result */
    int answers;
};

static void on_answer(const struct answer *a, void *ctx)
{
    struct fixture *f = ctx;
    f->answers++;
    buf_clear(&f->said);
    if (a->err != NULL) {
        const char *field = json_text(a->err->data, "field");
        const char *near = json_text(a->err->data, "did_you_mean");
        buf_addf(&f->said, "%d %s %s", err_info(a->err->code)->rpc_code,
            field != NULL ? field : "-", near != NULL ? near : "-");
    } else if (a->raw != NULL) {
        buf_addf(&f->said, "%s%s", a->raw, a->replayed ? " replayed" : "");
    } else {
        char *text = json_canonical(a->result);
        buf_adds(&f->said, text);
        free(text);
    }
}

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    struct err err = {0};
    lang_use(LANG_EN);
    wallclock_init_virtual(&f->clock, 0);
    f->methods = methods_open();
    assert_true(methods_add(f->methods, toy_rows, TOY_ROWS, &f->toy, &err));
    struct dispatch_options with = {.methods = f->methods, .clock = &f->clock, .lang = LANG_EN};
    f->dispatch = dispatch_open(&with);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    dispatch_free(f->dispatch);
    methods_free(f->methods);
    buf_close(&f->said);
    mem_free(f);
    return 0;
}

static const char *ask(struct fixture *f, const char *method, const char *params)
{
    struct actor actor = {.kind = ACTOR_PLUGIN, .user = "plugin:toy", .role = "mediator"};
    int before = f->answers;
    json_t *value = params != NULL ? json_parse_own(params) : NULL;
    assert_true(params == NULL || value != NULL);
    dispatch_local(f->dispatch, &actor, method, value, on_answer, f);
    assert_int_equal(before + 1, f->answers);
    return buf_text(&f->said);
}

static void unknown_methods_name_the_nearest_one(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("-32601 - toy.form", ask(f, "toy.from", NULL));
    assert_string_equal("-32601 - -", ask(f, "something.else.altogether", NULL));
}

static void unknown_params_name_the_nearest_one(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("-32602 txt text", ask(f, "toy.form", "{\"txt\":\"abc\"}"));
    assert_string_equal("-32602 colour red", ask(f, "toy.form", "{\"colour\":\"rad\"}"));
    assert_string_equal("-32602 nothing_like_it -", ask(f, "toy.form", "{\"nothing_like_it\":1}"));
}

static void missing_and_null_params_are_missing(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("-32602 text -", ask(f, "echo", NULL));
    assert_string_equal("-32602 text -", ask(f, "echo", "{\"text\":null}"));
    assert_string_equal("{\"_meta\":{\"deprecated\":true}}", ask(f, "toy.form", "{\"text\":null}"));
    assert_string_equal(
        "{\"_meta\":{\"deprecated\":true},\"user\":null}", ask(f, "toy.form", "{\"user\":null}"));
}

static const struct {
    bool good;
    const char *field, *value;
} values[] = {
    {true, "text", "\"ab\""},
    {true, "text", "\"枫桥枫桥\""},
    {false, "text", "\"a\""},
    {false, "text", "\"枫桥枫桥枫\""},
    {false, "text", "5"},
    {true, "name", "\"张三\""},
    {false, "name", "\"\""},
    {false, "name", "\"a\\nb\""},
    {true, "case", "\"羊调26-0001\""},
    {true, "case", "12"},
    {false, "case", "-1"},
    {false, "case", "1.5"},
    {false, "case", "[]"},
    {true, "id", "\"0012\""},
    {true, "id", "12"},
    {false, "id", "\"12a\""},
    {false, "id", "\"\""},
    {false, "id", "\"9999999999999999999\""},
    {false, "id", "-3"},
    {true, "count", "1"},
    {true, "count", "5"},
    {false, "count", "0"},
    {false, "count", "6"},
    {false, "count", "1.0"},
    {false, "count", "\"1\""},
    {true, "flag", "false"},
    {false, "flag", "0"},
    {true, "day", "\"2024-02-29\""},
    {false, "day", "\"2023-02-29\""},
    {false, "day", "\"2023-2-9\""},
    {false, "day", "20230209"},
    {true, "at", "\"2026-12-01T09:30:00+08:00\""},
    {false, "at", "\"2026-12-01T25:30:00+08:00\""},
    {true, "colour", "\"red\""},
    {false, "colour", "\"re\""},
    {false, "colour", "\"plain yellow\""},
    {false, "colour", "\"\""},
    {true, "fields", "{\"x\":[1]}"},
    {false, "fields", "[]"},
    {true, "list", "[1,2]"},
    {false, "list", "[1,2,3]"},
    {false, "list", "{}"},
    {true, "any", "[1,{}]"},
};

static void values_are_checked_by_the_type_of_their_row(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char *params = mem_printf("{\"%s\":%s}", values[i].field, values[i].value);
        char *refused = mem_printf("-32602 %s -", values[i].field);
        const char *said = ask(f, "toy.form", params);
        if (values[i].good) {
            assert_int_equal('{', said[0]);
        } else {
            assert_int_equal(0, strncmp(refused, said, strlen(refused) - 1));
        }
        mem_free(params);
        mem_free(refused);
    }
}

static void on_fields(const struct answer *a, void *ctx)
{
    assert_int_equal(ERR_PARAMS, a->err->code);
    json_t *fields = json_object_get(a->err->data, "fields");
    *(size_t *)ctx = json_array_size(fields);
    assert_string_equal("colur", json_text(json_array_get(fields, 0), "name"));
    assert_string_equal("colour", json_text(json_array_get(fields, 0), "did_you_mean"));
}

static void all_problems_are_told_at_once(void **state)
{
    struct fixture *f = *state;
    struct actor actor = {.kind = ACTOR_SYSTEM, .user = "system"};
    size_t problems = 0;
    dispatch_local(f->dispatch, &actor, "toy.form",
        json_parse_own("{\"colur\":\"red\",\"count\":9,\"day\":\"never\",\"flag\":true}"),
        on_fields, &problems);
    assert_int_equal(3, problems);
}

static void meta_members_have_types_and_unknown_ones_are_ignored(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("-32602 _meta -", ask(f, "ping", "{\"_meta\":7}"));
    assert_string_equal("-32602 _meta.token -", ask(f, "ping", "{\"_meta\":{\"token\":7}}"));
    assert_string_equal(
        "-32602 _meta.trace -", ask(f, "ping", "{\"_meta\":{\"trace\":\"a\\nb\"}}"));
    assert_string_equal("-32602 _meta.lang -", ask(f, "ping", "{\"_meta\":{\"lang\":[]}}"));
    assert_string_equal(
        "-32602 _meta.deadline_ms -", ask(f, "ping", "{\"_meta\":{\"deadline_ms\":-1}}"));
    assert_string_equal(
        "{}", ask(f, "ping", "{\"_meta\":{\"deadline_ms\":60000,\"lang\":\"xx\",\"more\":[]}}"));
    assert_string_equal("{}", ask(f, "ping", "{\"_meta\":null}"));
    assert_string_equal("{\"lang\":\"zh\",\"local\":false,\"user\":\"plugin:toy\"}",
        ask(f, "toy.who", "{\"_meta\":{\"lang\":\"zh_CN.UTF-8\"}}"));
}

static void on_trace(const struct answer *a, void *ctx)
{
    memcpy(ctx, a->trace, strlen(a->trace) + 1);
}

static void a_trace_is_the_clients_or_made_here(void **state)
{
    struct fixture *f = *state;
    struct actor actor = {.kind = ACTOR_SYSTEM, .user = "system"};
    char first[128], second[128];
    dispatch_local(f->dispatch, &actor, "ping", json_parse_own("{\"_meta\":{\"trace\":\"t-77\"}}"),
        on_trace, first);
    assert_string_equal("t-77", first);
    dispatch_local(f->dispatch, &actor, "ping", NULL, on_trace, first);
    dispatch_local(f->dispatch, &actor, "ping", NULL, on_trace, second);
    assert_string_not_equal(first, second);
}

static void mutating_methods_need_a_key(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("-32602 _meta.key -", ask(f, "toy.put", "{\"name\":\"a\"}"));
    assert_string_equal(
        "-32602 _meta.key -", ask(f, "toy.put", "{\"name\":\"a\",\"_meta\":{\"key\":\"\"}}"));
    char key[131];
    memset(key, 'k', 129);
    key[129] = '\0';
    char *params = mem_printf("{\"name\":\"a\",\"_meta\":{\"key\":\"%s\"}}", key);
    assert_string_equal("-32602 _meta.key -", ask(f, "toy.put", params));
    mem_free(params);
    assert_int_equal(0, f->toy.puts);
    assert_string_equal("{\"puts\":1,\"user\":\"plugin:toy\"}",
        ask(f, "toy.put", "{\"name\":\"a\",\"_meta\":{\"key\":\"again\"}}"));
    assert_string_equal("{\"stored\": 1.50} replayed",
        ask(f, "toy.put", "{\"name\":\"a\",\"_meta\":{\"key\":\"again\"}}"));
}

static void equal_params_hash_alike_and_secrets_stay_out(void **state)
{
    struct fixture *f = *state;
    static const char *const same[] = {
        "{\"name\":\"a\",\"case\":12,\"_meta\":{\"key\":\"k\",\"trace\":\"x\"}}",
        "{\"case\":\"12\",\"name\":\"a\",\"secret\":\"s\",\"_meta\":{\"key\":\"k\"}}",
        "{\"secret\":null,\"name\":\"a\",\"_meta\":{\"key\":\"other\"},\"case\":12}",
    };
    char first[DIGEST_TEXT] = "";
    for (size_t i = 0; i < 3; i++) {
        ask(f, "toy.put", same[i]);
        if (i == 0) {
            memcpy(first, f->toy.last_hash, sizeof first);
        }
        assert_string_equal(first, f->toy.last_hash);
    }
    ask(f, "toy.put", "{\"name\":\"b\",\"case\":12,\"_meta\":{\"key\":\"k\"}}");
    assert_string_not_equal(first, f->toy.last_hash);
}

static void a_stopping_daemon_changes_nothing_more_and_still_answers(void **state)
{
    struct fixture *f = *state;
    dispatch_shut(f->dispatch);
    assert_string_equal(
        "1032 - -", ask(f, "toy.put", "{\"name\":\"a\",\"_meta\":{\"key\":\"k\"}}"));
    assert_string_equal("{}", ask(f, "ping", NULL));
    assert_int_equal(0, f->toy.puts);
}

static void what_needs_a_connection_or_the_machine_is_refused_from_elsewhere(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("1002 - -", ask(f, "toy.subscribe", NULL));
    assert_string_equal("1002 - -", ask(f, "toy.local", NULL));
}

static void positional_params_serve_methods_of_one_parameter(void **state)
{
    struct fixture *f = *state;
    assert_string_equal("{\"text\":\"a\"}", ask(f, "echo", "[\"a\"]"));
    assert_string_equal("-32602 text -", ask(f, "echo", "[]"));
    assert_string_equal("-32602 - -", ask(f, "echo", "[\"a\",\"b\"]"));
    assert_string_equal("-32602 - -", ask(f, "toy.form", "[\"a\"]"));
    assert_string_equal("{}", ask(f, "ping", "[]"));
    assert_string_equal("-32602 - -", ask(f, "ping", "[null]"));
}

static void counters_tell_calls_errors_and_open_ones(void **state)
{
    struct fixture *f = *state;
    struct actor actor = {.kind = ACTOR_SYSTEM, .user = "system"};
    ask(f, "ping", NULL);
    ask(f, "toy.fail", NULL);
    dispatch_local(
        f->dispatch, &actor, "toy.hold", json_parse_own("{\"tag\":\"h\"}"), on_answer, f);
    json_t *stat = dispatch_stat(f->dispatch);
    char *text = json_canonical(stat);
    assert_string_equal("{\"calls\":3,\"errors\":1,\"open\":1}", text);
    free(text);
    json_decref(stat);
    toy_answer(&f->toy, 0);
    assert_string_equal("{\"tag\":\"h\"}", buf_text(&f->said));
}

int main(void)
{
    lang_init();
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(unknown_methods_name_the_nearest_one),
        T(unknown_params_name_the_nearest_one),
        T(missing_and_null_params_are_missing),
        T(values_are_checked_by_the_type_of_their_row),
        T(all_problems_are_told_at_once),
        T(meta_members_have_types_and_unknown_ones_are_ignored),
        T(a_trace_is_the_clients_or_made_here),
        T(mutating_methods_need_a_key),
        T(equal_params_hash_alike_and_secrets_stay_out),
        T(a_stopping_daemon_changes_nothing_more_and_still_answers),
        T(what_needs_a_connection_or_the_machine_is_refused_from_elsewhere),
        T(positional_params_serve_methods_of_one_parameter),
        T(counters_tell_calls_errors_and_open_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
