/* The store's contract, the same for memory, a file without threads and a file with threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper.h"

static int setup_memory(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_init(f, KIND_MEMORY);
    *state = f;
    return 0;
}

static int setup_file(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_init(f, KIND_FILE);
    *state = f;
    return 0;
}

static int setup_threads(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_init(f, KIND_THREADS);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    mem_free(*state);
    return 0;
}

static void a_fresh_store_has_nothing(void **state)
{
    struct fixture *f = *state;
    json_t *meta = ask(f, ASK_META, json_object());
    assert_int_equal(5, json_number(meta, "schema", -1));
    assert_int_equal(0, json_number(meta, "last_seq", -1));
    assert_int_equal(0, json_number(meta, "last_case", -1));
    assert_int_equal(0, json_object_size(json_object_get(meta, "counters")));
    json_decref(meta);
    json_t *answer = ask(f, ASK_CASE, json_pack("{s:i}", "id", 1));
    assert_true(json_is_null(answer));
    json_decref(answer);
    answer = store_ask_now(f->store, ASK_KEY, json_pack("{s:s}", "key", "k"), NULL);
    assert_true(json_is_null(answer));
    json_decref(answer);
}

static void an_opened_case_can_be_read_by_id_number_and_tail(void **state)
{
    struct fixture *f = *state;
    struct digest head;
    struct outcome o = append_one(f, unit_case(7, 1, &head, NULL));
    assert_int_equal(STORE_DURABLE, o.status);
    assert_int_equal(1, o.seq);
    static const char *const questions[] = {"{\"id\":7}", "{\"number\":\"羊调26-0007\"}",
        "{\"number\":\"羊调26-7\"}", "{\"suffix\":\"26-7\"}", "{\"suffix\":\"0007\"}",
        "{\"suffix\":\"7\"}", "{\"suffix\":\"调26-0007\"}"};
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        json_t *answer = ask(f, ASK_CASE, json_parse_own(questions[i]));
        assert_int_equal(7, json_number(answer, "id", -1));
        assert_int_equal(1, json_number(json_object_get(answer, "snapshot"), "version", -1));
        assert_string_equal("欠薪", json_text(json_object_get(answer, "fields"), "subject"));
        json_decref(answer);
    }
    static const char *const absent[] = {"{\"id\":8}", "{\"number\":\"羊调25-0007\"}",
        "{\"suffix\":\"25-7\"}", "{\"suffix\":\"-\"}", "{\"suffix\":\"\"}", "{\"suffix\":\"无\"}",
        "{\"suffix\":\"99999999999999999999999\"}", "{}"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        json_t *answer = ask(f, ASK_CASE, json_parse_own(absent[i]));
        assert_true(json_is_null(answer));
        json_decref(answer);
    }
    json_t *meta = ask(f, ASK_META, json_object());
    assert_int_equal(7, json_number(meta, "last_case", -1));
    assert_int_equal(7, json_number(json_object_get(meta, "counters"), "羊调/26", -1));
    json_decref(meta);
}

static void a_tail_of_several_numbers_names_them(void **state)
{
    struct fixture *f = *state;
    struct store_unit *a = unit_case(1, 1, NULL, NULL), *b = unit_case(2, 1, NULL, NULL);
    put_text(&b->kase->number, "滨调26-0001");
    append_one(f, a);
    append_one(f, b);
    json_t *answer = ask(f, ASK_CASE, json_pack("{s:s}", "suffix", "26-1"));
    assert_int_equal(2, json_array_size(json_object_get(answer, "several")));
    json_decref(answer);
    answer = ask(f, ASK_CASE, json_pack("{s:s}", "suffix", "羊调26-1"));
    assert_int_equal(1, json_number(answer, "id", -1));
    json_decref(answer);
}

static void versions_are_written_in_order_and_a_wrong_one_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    struct digest head;
    assert_int_equal(STORE_DURABLE, append_one(f, unit_case(1, 1, &head, NULL)).status);
    assert_int_equal(STORE_DURABLE, append_one(f, unit_case(1, 2, &head, NULL)).status);
    assert_int_equal(STORE_CONFLICT, append_one(f, unit_case(1, 2, NULL, NULL)).status);
    assert_int_equal(STORE_CONFLICT, append_one(f, unit_case(1, 4, NULL, NULL)).status);
    assert_int_equal(STORE_CONFLICT, append_one(f, unit_case(1, 1, NULL, NULL)).status);
    assert_int_equal(STORE_CONFLICT, append_one(f, unit_case(2, 2, NULL, NULL)).status);
    struct outcome o = append_one(f, unit_case(1, 3, &head, NULL));
    assert_int_equal(STORE_DURABLE, o.status);
    assert_int_equal(3, o.seq); /* units in conflict take no number */
    json_t *history = ask(f, ASK_HISTORY, json_pack("{s:i, s:i}", "case", 1, "limit", 10));
    assert_int_equal(3, json_array_size(history));
    json_decref(history);
}

static void a_number_given_twice_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    append_one(f, unit_case(1, 1, NULL, NULL));
    struct store_unit *u = unit_case(2, 1, NULL, NULL);
    put_text(&u->kase->number, "羊调26-0001");
    assert_int_equal(STORE_CONFLICT, append_one(f, u).status);
}

static void with_key(
    struct store_unit *u, const char *key, const char *params, const char *response)
{
    u->key = mem_strdup(key);
    u->user = mem_strdup("u1");
    u->method = mem_strdup("case.act");
    u->params_hash = digest_of(params, strlen(params));
    u->response = mem_strdup(response);
    u->key_at_ms = 1000;
}

static void a_repeated_key_answers_what_was_answered(void **state)
{
    struct fixture *f = *state;
    struct digest head;
    struct store_unit *u = unit_case(1, 1, &head, NULL);
    with_key(u, "k1", "params", "{\"version\":1}");
    assert_int_equal(STORE_DURABLE, append_one(f, u).status);

    u = unit_case(2, 1, NULL, NULL);
    with_key(u, "k1", "params", "{\"other\":1}");
    struct outcome o = append_one(f, u);
    assert_int_equal(STORE_REPLAYED, o.status);
    assert_string_equal("{\"version\":1}", o.response);

    u = unit_case(2, 1, NULL, NULL);
    with_key(u, "k1", "other params", "{}");
    assert_int_equal(STORE_REUSED, append_one(f, u).status);

    u = unit_case(2, 1, NULL, NULL);
    with_key(u, "k1", "params", "{}");
    put_text(&u->user, "u2");
    assert_int_equal(STORE_REUSED, append_one(f, u).status);

    json_t *row = ask(f, ASK_KEY, json_pack("{s:s}", "key", "k1"));
    assert_string_equal("u1", json_text(row, "user"));
    assert_string_equal("case.act", json_text(row, "method"));
    assert_string_equal("{\"version\":1}", json_text(row, "response"));
    char hex[DIGEST_TEXT];
    struct digest hash = digest_of("params", 6);
    assert_string_equal(digest_hex(&hash, hex), json_text(row, "params_hash"));
    json_decref(row);
}

static void a_unit_left_out_takes_later_units_of_its_case_along(void **state)
{
    struct fixture *f = *state;
    struct digest one, two;
    struct store_unit *first = unit_case(1, 1, &one, NULL);
    with_key(first, "k1", "p", "done");
    append_one(f, first);

    struct outcome o[5] = {0};
    struct store_unit *replayed = unit_case(1, 2, &one, &o[0]);
    with_key(replayed, "k1", "p", "x");
    struct store_unit *batch[] = {replayed, unit_case(1, 2, &one, &o[1]),
        unit_case(2, 1, &two, &o[2]), unit_case(2, 5, NULL, &o[3]), unit_case(2, 2, &two, &o[4])};
    append(f, batch, 5);
    assert_int_equal(STORE_REPLAYED, o[0].status);
    assert_int_equal(STORE_CONFLICT, o[1].status);
    assert_int_equal(STORE_DURABLE, o[2].status);
    assert_int_equal(STORE_CONFLICT, o[3].status);
    assert_int_equal(STORE_CONFLICT, o[4].status);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(1, o[i].calls);
    }
    json_t *meta = ask(f, ASK_META, json_object());
    assert_int_equal(2, json_number(meta, "last_seq", -1));
    json_decref(meta);
}

static void the_same_key_twice_in_a_batch_is_written_once(void **state)
{
    struct fixture *f = *state;
    struct outcome o[2] = {0};
    struct store_unit *batch[] = {unit_case(1, 1, NULL, &o[0]), unit_case(2, 1, NULL, &o[1])};
    with_key(batch[0], "k", "p", "first");
    with_key(batch[1], "k", "p", "second");
    append(f, batch, 2);
    assert_int_equal(STORE_DURABLE, o[0].status);
    assert_int_equal(STORE_REPLAYED, o[1].status);
    assert_string_equal("first", o[1].response);
}

static void due_cases_come_earliest_first(void **state)
{
    struct fixture *f = *state;
    static const int64_t wakes[] = {500, INT64_MAX, 100, 300};
    struct digest head[4];
    for (int i = 0; i < 4; i++) {
        struct store_unit *u = unit_case(i + 1, 1, &head[i], NULL);
        u->kase->wake_ms = wakes[i];
        u->kase->due_ms = wakes[i] == INT64_MAX ? 0 : wakes[i];
        append_one(f, u);
    }
    json_t *due = ask(f, ASK_DUE, json_pack("{s:i, s:i}", "until_ms", 400, "limit", 10));
    assert_int_equal(2, json_array_size(due));
    assert_int_equal(3, json_number(json_array_get(due, 0), "case", -1));
    assert_int_equal(100, json_number(json_array_get(due, 0), "wake_ms", -1));
    assert_int_equal(4, json_number(json_array_get(due, 1), "case", -1));
    json_decref(due);
    append_one(f, unit_case(3, 2, &head[2], NULL)); /* its clock ended */
    due = ask(f, ASK_DUE, json_pack("{s:I, s:i}", "until_ms", (json_int_t)INT64_MAX, "limit", 1));
    assert_int_equal(1, json_array_size(due));
    assert_int_equal(4, json_number(json_array_get(due, 0), "case", -1));
    json_decref(due);
    json_t *open = ask(f, ASK_OPEN_CLOCKS, json_pack("{s:i, s:i}", "after_case", 1, "limit", 9));
    assert_int_equal(1, json_array_size(open));
    assert_int_equal(4, json_integer_value(json_array_get(open, 0)));
    json_decref(open);
}

static void events_of_all_cases_follow_their_numbers(void **state)
{
    struct fixture *f = *state;
    struct digest a, b;
    append_one(f, unit_case(1, 1, &a, NULL));
    append_one(f, unit_case(2, 1, &b, NULL));
    append_one(f, unit_case(1, 2, &a, NULL));
    json_t *events = ask(f, ASK_EVENTS, json_pack("{s:i, s:i}", "since", 1, "limit", 10));
    assert_int_equal(2, json_array_size(events));
    const json_t *last = json_array_get(events, 1);
    assert_int_equal(3, json_number(last, "seq", -1));
    assert_int_equal(1, json_number(last, "case", -1));
    assert_string_equal("羊调26-0001", json_text(last, "number"));
    assert_string_equal("petition", json_text(last, "flow"));
    assert_string_equal("v1.tw", json_text(last, "host"));
    assert_non_null(json_text(json_object_get(last, "data"), "note"));
    json_decref(events);
}

static void records_are_kept_and_found(void **state)
{
    struct fixture *f = *state;
    append_record(f, RECORD_USER, json_pack("{s:s, s:s}", "id", "u1", "password", "$y$1"));
    append_record(f, RECORD_USER, json_pack("{s:s, s:b}", "id", "u1", "disabled", 1));
    append_record(f, RECORD_USER, json_pack("{s:s}", "id", "u2"));
    json_t *a = ask(f, ASK_USER, json_pack("{s:s}", "id", "u1"));
    assert_string_equal("$y$1", json_text(a, "password"));
    assert_true(json_flag(a, "disabled"));
    json_decref(a);
    a = ask(f, ASK_USERS, json_object());
    assert_int_equal(2, json_array_size(a));
    assert_true(json_flag(json_array_get(a, 0), "has_password"));
    assert_false(json_flag(json_array_get(a, 1), "has_password"));
    json_decref(a);

    append_record(f, RECORD_TOKEN,
        json_pack("{s:s, s:s, s:s, s:i, s:i}", "hash", "h1", "user", "u1", "device", "笔记本",
            "created_ms", 1, "expires_ms", 9));
    append_record(f, RECORD_TOKEN_USED, json_pack("{s:s, s:i}", "hash", "h1", "used_ms", 5));
    a = ask(f, ASK_TOKEN, json_pack("{s:s}", "hash", "h1"));
    assert_string_equal("u1", json_text(a, "user"));
    assert_int_equal(5, json_number(a, "used_ms", -1));
    assert_false(json_flag(a, "revoked"));
    json_decref(a);
    append_record(f, RECORD_TOKEN_REVOKED, json_pack("{s:s}", "user", "u1"));
    a = ask(f, ASK_TOKENS, json_pack("{s:s}", "user", "u1"));
    assert_true(json_flag(json_array_get(a, 0), "revoked"));
    json_decref(a);

    append_record(f, RECORD_ORG,
        json_pack("{s:{s:i}, s:i, s:s}", "doc", "a", 1, "loaded_ms", 1, "hash", "x"));
    append_record(f, RECORD_ORG,
        json_pack("{s:{s:i}, s:i, s:s}", "doc", "a", 2, "loaded_ms", 2, "hash", "y"));
    a = ask(f, ASK_ORG, json_object());
    assert_int_equal(2, json_number(json_object_get(a, "doc"), "a", -1));
    assert_string_equal("y", json_text(a, "hash"));
    json_decref(a);
    a = ask(f, ASK_TERMS, json_object());
    assert_true(json_is_null(a));
    json_decref(a);
}

static void a_deployed_flow_becomes_the_current_one(void **state)
{
    struct fixture *f = *state;
    static const char *const versions[] = {"v1", "v2", "v1"};
    for (int i = 0; i < 3; i++) {
        append_record(f, RECORD_FLOW,
            json_pack("{s:s, s:s, s:s, s:s, s:i}", "id", "petition", "version", versions[i],
                "source", "return {}", "file", "petition.lua", "deployed_ms", i));
    }
    json_t *flows = ask(f, ASK_FLOWS, json_object());
    assert_int_equal(2, json_array_size(flows));
    assert_string_equal("v2", json_text(json_array_get(flows, 0), "version"));
    assert_false(json_flag(json_array_get(flows, 0), "current"));
    assert_true(json_flag(json_array_get(flows, 1), "current"));
    json_decref(flows);
}

static void the_newest_calendar_of_a_year_counts(void **state)
{
    struct fixture *f = *state;
    for (int version = 1; version <= 2; version++) {
        append_record(f, RECORD_CALENDAR,
            json_pack("{s:i, s:i, s:{s:i}, s:i}", "year", 2020, "version", version, "doc", "v",
                version, "loaded_ms", 1));
    }
    json_t *calendars = ask(f, ASK_CALENDARS, json_object());
    assert_int_equal(1, json_array_size(calendars));
    const json_t *doc = json_object_get(json_array_get(calendars, 0), "doc");
    assert_int_equal(2, json_number(doc, "v", -1));
    json_decref(calendars);
}

static void an_effect_is_retried_given_up_and_asked_for_again(void **state)
{
    struct fixture *f = *state;
    struct store_unit *u = unit_case(1, 1, NULL, NULL);
    u->kase->effects = json_pack("[{s:s, s:{s:s}}, {s:s, s:{}}]", "kind", "notify", "data", "to",
        "clerk", "kind", "document", "data");
    append_one(f, u);
    json_t *e = ask(f, ASK_EFFECTS, json_pack("{s:s, s:i}", "status", "pending", "limit", 10));
    assert_int_equal(2, json_array_size(e));
    assert_string_equal("notify", json_text(json_array_get(e, 0), "kind"));
    assert_string_equal("clerk", json_text(json_object_get(json_array_get(e, 0), "data"), "to"));
    json_decref(e);
    append_record(f, RECORD_EFFECT_DONE, json_pack("{s:i, s:i}", "id", 1, "at_ms", 5));
    append_record(f, RECORD_EFFECT_RETRY,
        json_pack("{s:i, s:i, s:s}", "id", 2, "next_ms", 1000000000, "error", "no paper"));
    e = ask(f, ASK_EFFECTS, json_pack("{s:s, s:i}", "status", "pending", "due_ms", 999999999));
    assert_int_equal(0, json_array_size(e));
    json_decref(e);
    append_record(f, RECORD_EFFECT_FAILED,
        json_pack("{s:i, s:i, s:s}", "id", 2, "at_ms", 9, "error", "gone"));
    e = ask(f, ASK_EFFECTS, json_pack("{s:s}", "status", "failed"));
    assert_int_equal(2, json_number(json_array_get(e, 0), "attempts", -1));
    assert_string_equal("gone", json_text(json_array_get(e, 0), "error"));
    json_decref(e);
    append_record(f, RECORD_EFFECT_AGAIN, json_pack("{s:i, s:i}", "id", 2, "next_ms", 10));
    e = ask(f, ASK_EFFECTS, json_object());
    assert_string_equal("done", json_text(json_array_get(e, 0), "status"));
    assert_string_equal("pending", json_text(json_array_get(e, 1), "status"));
    json_decref(e);
    json_t *stat = ask(f, ASK_STAT, json_object());
    assert_int_equal(1, json_number(stat, "effects_pending", -1));
    assert_int_equal(1, json_number(stat, "cases", -1));
    assert_int_equal(1, json_number(stat, "open_cases", -1));
    assert_int_equal(5, json_number(stat, "commits", -1));
    assert_int_equal(5, json_number(stat, "commit_units", -1));
    json_decref(stat);
}

static void audit_lines_are_written(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        struct outcome o = append_record(f, RECORD_AUDIT,
            json_pack("{s:i, s:s, s:s, s:s, s:{}}", "at_ms", i, "actor", "u1", "act", "login",
                "subject", "u1", "data"));
        assert_int_equal(STORE_DURABLE, o.status);
        assert_int_equal(0, o.seq);
    }
}

static void a_record_that_lacks_a_member_fails_its_batch(void **state)
{
    struct fixture *f = *state;
    struct outcome o[2] = {0};
    struct store_unit *bad = store_unit_new();
    bad->record = RECORD_TOKEN;
    bad->args = json_object();
    bad->done = outcome_cb;
    bad->ctx = &o[1];
    struct store_unit *batch[] = {unit_case(1, 1, NULL, &o[0]), bad};
    append(f, batch, 2);
    assert_int_equal(STORE_FAILED, o[0].status);
    assert_int_equal(STORE_FAILED, o[1].status);
    assert_int_equal(ERR_INTERNAL, o[1].code);
    json_t *meta = ask(f, ASK_META, json_object());
    assert_int_equal(0, json_number(meta, "last_seq", -1));
    json_decref(meta);
    assert_int_equal(1, append_one(f, unit_case(1, 1, NULL, NULL)).seq);
}

static void an_empty_batch_is_done_at_once(void **state)
{
    struct fixture *f = *state;
    struct store_unit *none[1] = {NULL};
    append(f, none, 0);
    assert_int_equal(0, store_backlog(f->store));
}

static void a_probe_of_a_working_disk_succeeds(void **state)
{
    struct fixture *f = *state;
    struct outcome o = {0};
    store_probe(f->store, outcome_cb, &o);
    fixture_poll(f, 1);
    assert_int_equal(1, o.calls);
    assert_int_equal(STORE_DURABLE, o.status);
}

static void what_was_written_is_there_after_opening_again(void **state)
{
    struct fixture *f = *state;
    if (f->kind == KIND_MEMORY) {
        return;
    }
    struct digest head;
    append_one(f, unit_case(1, 1, &head, NULL));
    store_close(f->store);
    fixture_open(f);
    struct outcome o = append_one(f, unit_case(1, 2, &head, NULL));
    assert_int_equal(STORE_DURABLE, o.status);
    assert_int_equal(2, o.seq);
    json_t *verdict = ask(f, ASK_VERIFY, json_pack("{s:i}", "case", 1));
    assert_true(json_flag(verdict, "ok"));
    assert_int_equal(2, json_number(verdict, "events", -1));
    json_decref(verdict);
}

#define EACH_KIND(test)                                                                            \
    {#test " (memory)", test, setup_memory, teardown, NULL},                                       \
        {#test " (file)", test, setup_file, teardown, NULL},                                       \
    {                                                                                              \
#test " (threads)", test, setup_threads, teardown, NULL                                    \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_KIND(a_fresh_store_has_nothing),
        EACH_KIND(an_opened_case_can_be_read_by_id_number_and_tail),
        EACH_KIND(a_tail_of_several_numbers_names_them),
        EACH_KIND(versions_are_written_in_order_and_a_wrong_one_is_a_conflict),
        EACH_KIND(a_number_given_twice_is_a_conflict),
        EACH_KIND(a_repeated_key_answers_what_was_answered),
        EACH_KIND(a_unit_left_out_takes_later_units_of_its_case_along),
        EACH_KIND(the_same_key_twice_in_a_batch_is_written_once),
        EACH_KIND(due_cases_come_earliest_first),
        EACH_KIND(events_of_all_cases_follow_their_numbers),
        EACH_KIND(records_are_kept_and_found),
        EACH_KIND(a_deployed_flow_becomes_the_current_one),
        EACH_KIND(the_newest_calendar_of_a_year_counts),
        EACH_KIND(an_effect_is_retried_given_up_and_asked_for_again),
        EACH_KIND(audit_lines_are_written),
        EACH_KIND(a_record_that_lacks_a_member_fails_its_batch),
        EACH_KIND(an_empty_batch_is_done_at_once),
        EACH_KIND(a_probe_of_a_working_disk_succeeds),
        EACH_KIND(what_was_written_is_there_after_opening_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
