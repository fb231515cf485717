/* What people's commands do: registration, actions, refusals, keys, versions. */
#include "world.h"

#include "base/text.h"
#include "engine/apply.h"

static const char open_args[] = "{\"flow\":\"demo\",\"fields\":{\"subject\":\"两户地界之争\"},"
                                "\"parties\":[{\"role\":\"applicant\",\"name\":\"演示当事人甲\"}]}";

static void a_matter_is_registered_at_the_clerks_own_body_with_a_number(void **state)
{
    struct world *w = *state;
    struct answer a = world_do(w, COMMAND_OPEN, NULL, "v1", open_args, NULL);
    assert_string_equal("", a.message);
    assert_string_equal("村调26-0001", json_text(a.result, "case"));
    assert_string_equal("c1", json_text(a.result, "id"));
    assert_string_equal("已登记", json_text(a.result, "state_title"));
    assert_int_equal(1, json_number(a.result, "version", 0));
    assert_string_equal("village.tw", json_text(json_object_get(a.result, "next"), "body"));
    answer_free(&a);
    a = world_do(w, COMMAND_OPEN, NULL, "v1", open_args, NULL);
    assert_string_equal("村调26-0002", json_text(a.result, "case"));
    answer_free(&a);
}

static void fields_missing_unknown_and_too_long_are_told_at_once(void **state)
{
    char args[1024] = "{\"flow\":\"demo\",\"fields\":{\"subjct\":\"x\",\"refused\":\"也许\"}}";
    struct answer a = world_do(*state, COMMAND_OPEN, NULL, "v1", args, NULL);
    assert_int_equal(ERR_FORM, a.code);
    json_t *fields = json_object_get(a.data, "fields");
    assert_int_equal(3, json_array_size(fields));
    assert_string_equal("subject", json_text(json_array_get(fields, 0), "name"));
    answer_free(&a);
}

static void an_unknown_flow_names_the_nearest(void **state)
{
    struct answer a = world_do(*state, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"demi\",\"fields\":{}}", NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    assert_string_equal("demo", json_text(a.data, "did_you_mean"));
    answer_free(&a);
}

static void a_date_that_does_not_exist_or_lies_ahead_is_refused(void **state)
{
    struct answer a = world_do(*state, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"received_at\":\"2026-02-30\",\"fields\":{\"subject\":\"x\"}}", NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    assert_string_equal("received_at", json_text(a.data, "field"));
    answer_free(&a);
    a = world_do(*state, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"received_at\":\"2026-03-03\",\"fields\":{\"subject\":\"x\"}}", NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    answer_free(&a);
}

static void an_outsider_may_not_register_and_is_told_who_could(void **state)
{
    struct answer a = world_do(*state, COMMAND_OPEN, NULL, "x1",
        "{\"flow\":\"demo\",\"place\":\"村\",\"fields\":{\"subject\":\"x\"}}", NULL);
    assert_int_equal(ERR_FORBIDDEN, a.code);
    assert_true(json_array_size(json_object_get(a.data, "who")) > 0);
    answer_free(&a);
}

static void an_action_moves_the_case_and_starts_its_clock(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"受理\"}", NULL);
    assert_string_equal("", a.message);
    assert_string_equal("accepted", json_text(a.result, "state"));
    assert_string_equal("2026-03-17", json_text(json_object_get(a.result, "due"), "legal"));
    assert_string_equal("受理：已登记 → 办理中", json_text(a.result, "changed"));
    answer_free(&a);
    struct casefile *c = world_case(w, "村调26-0001");
    assert_int_equal(1, c->clock_count);
    assert_int_equal(CLOCK_RUNNING, c->clocks[0].state);
    casefile_free(c);
}

static void an_action_out_of_state_tells_the_state_and_version(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"x\"}}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    assert_string_equal("registered", json_text(a.data, "current"));
    assert_int_equal(1, json_number(a.data, "current_version", 0));
    answer_free(&a);
}

static void an_action_on_a_closed_case_is_told_that_it_is_closed(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}");
    world_go(w, "2026-05-10T10:00:00");
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    assert_string_equal("案件 村调26-0001 已经办结", a.message);
    answer_free(&a);
}

static void a_stale_version_is_refused_with_the_present_one(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"第一次走访\"}");
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\",\"expect_version\":1}", NULL);
    assert_int_equal(ERR_VERSION, a.code);
    assert_int_equal(2, json_number(a.data, "current_version", 0));
    answer_free(&a);
}

static void a_repeated_key_is_answered_byte_for_byte_and_does_nothing(void **state)
{
    struct world *w = *state;
    struct answer first = world_do(w, COMMAND_OPEN, NULL, "v1", open_args, "key-1");
    char *text = json_compact(first.result);
    for (int i = 0; i < 5; i++) {
        struct answer again = world_do(w, COMMAND_OPEN, NULL, "v1", open_args, "key-1");
        assert_string_equal("", again.message);
        assert_string_equal(text, again.stored);
        answer_free(&again);
    }
    struct answer other = world_do(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"fields\":{\"subject\":\"别的事\"}}", "key-1");
    assert_int_equal(ERR_KEY_REUSED, other.code);
    struct answer next = world_do(w, COMMAND_OPEN, NULL, "v1", open_args, "key-2");
    assert_string_equal("村调26-0002", json_text(next.result, "case"));
    free(text);
    answer_free(&first);
    answer_free(&other);
    answer_free(&next);
}

static void a_repeated_act_is_answered_as_before_although_the_case_moved_on(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer first = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}", "key-a");
    char *text = json_compact(first.result);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"已修复\"}}");
    struct answer again = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}", "key-a");
    assert_string_equal(text, again.stored);
    free(text);
    answer_free(&first);
    answer_free(&again);
}

static void the_same_key_twice_in_one_turn_happens_once(void **state)
{
    struct world *w = *state;
    struct answer a[2] = {{0}, {0}};
    json_t *args = json_lit(open_args);
    struct command c = {.kind = COMMAND_OPEN, .actor = {ACTOR_USER, "v1", NULL, false}, .args = args,
        .key = "twin", .method = "test"};
    engine_submit(w->engine, &c, answer_take, &a[0]);
    engine_submit(w->engine, &c, answer_take, &a[1]);
    world_settle(w);
    assert_string_equal("村调26-0001", json_text(a[0].result, "case"));
    assert_non_null(a[1].stored);
    json_t *meta = store_ask_now(w->store, ASK_META, json_object(), NULL);
    assert_int_equal(1, json_number(meta, "last_case", 0));
    json_decref(meta);
    json_decref(args);
    answer_free(&a[0]);
    answer_free(&a[1]);
}

static void commands_of_one_turn_on_one_case_follow_each_other(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer a[3] = {{0}, {0}, {0}};
    const char *args[] = {"{\"action\":\"accept\"}", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}",
        "{\"action\":\"accept\"}"};
    for (int i = 0; i < 3; i++) {
        json_t *doc = json_lit(args[i]);
        struct command c = {.kind = COMMAND_ACT, .case_id = 1, .actor = {ACTOR_USER, "v1", NULL, false},
            .args = doc};
        engine_submit(w->engine, &c, answer_take, &a[i]);
        json_decref(doc);
    }
    world_settle(w);
    assert_int_equal(2, json_number(a[0].result, "version", 0));
    assert_int_equal(3, json_number(a[1].result, "version", 0));
    assert_int_equal(ERR_STATE, a[2].code);
    for (int i = 0; i < 3; i++) {
        answer_free(&a[i]);
    }
}

static void a_dry_run_says_what_would_happen_and_writes_nothing(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer a = {0};
    json_t *args = json_lit("{\"action\":\"accept\"}");
    struct command c = {.kind = COMMAND_ACT, .case_id = 1, .actor = {ACTOR_USER, "v1", NULL, false},
        .args = args, .dry_run = true};
    engine_submit(w->engine, &c, answer_take, &a);
    world_settle(w);
    assert_string_equal("accepted", json_text(a.result, "state"));
    assert_true(json_flag(a.result, "dry_run"));
    struct casefile *k = world_case(w, "c1");
    assert_string_equal("registered", k->state);
    casefile_free(k);
    json_decref(args);
    answer_free(&a);
}

static void an_assigned_case_is_the_assignees(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_CLAIM, "1", "v2", "{}");
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}", NULL);
    assert_int_equal(ERR_FORBIDDEN, a.code);
    answer_free(&a);
    a = world_do(w, COMMAND_ASSIGN, "1", "v2", "{\"user\":\"t1\"}", NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    answer_free(&a);
    world_ok(w, COMMAND_ASSIGN, "1", "v2", "{\"user\":\"v1\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
}

static void a_case_that_is_not_yours_does_not_exist_for_you(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer a = world_do(w, COMMAND_NOTE, "1", "x1", "{\"text\":\"x\"}", NULL);
    assert_int_equal(ERR_NOT_FOUND, a.code);
    answer_free(&a);
    a = world_do(w, COMMAND_NOTE, "c99", "v1", "{\"text\":\"x\"}", NULL);
    assert_int_equal(ERR_NOT_FOUND, a.code);
    answer_free(&a);
}

static void replaying_the_events_gives_the_same_case(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
    world_go(w, "2026-03-10T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"appraise\"}");
    world_go(w, "2026-03-13T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"resume\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"extend\",\"reason\":\"情况复杂\"}");
    world_go(w, "2026-05-20T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "t1", "{\"action\":\"answer\",\"form\":{\"finding\":\"已修复\"}}");
    world_go(w, "2026-07-20T10:00:00");
    struct casefile *live = world_case(w, "c1"), *again = casefile_new();
    json_t *rows = world_history(w, 1);
    struct digest head = {{0}};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        json_t *data = json_incref(json_object_get(row, "data"));
        if (json_is_string(data)) {
            json_t *parsed = json_parse_own(json_string_value(data));
            json_decref(data);
            data = parsed;
        }
        char *text = json_canonical(data), hex[DIGEST_TEXT];
        head = event_hash(&head, text);
        assert_string_equal(json_text(row, "hash"), digest_hex(&head, hex));
        apply_event(again, data, json_number(row, "version", 0), head);
        json_decref(data);
        free(text);
    }
    json_t *a = casefile_snapshot(live), *b = casefile_snapshot(again);
    char *x = json_canonical(a), *y = json_canonical(b);
    assert_string_equal(x, y);
    assert_true(json_equal(live->fields, again->fields));
    assert_string_equal("closed", live->state);
    free(x);
    free(y);
    json_decref(a);
    json_decref(b);
    json_decref(rows);
    casefile_free(live);
    casefile_free(again);
}

static void an_act_cannot_have_happened_before_the_one_it_follows(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_go(w, "2026-03-10T10:00:00");
    world_ok(w, COMMAND_ACT, "1", "v1",
        "{\"action\":\"accept\",\"occurred_at\":\"2026-03-09T10:00:00\"}");
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1",
        "{\"action\":\"appraise\",\"occurred_at\":\"2026-03-08T10:00:00\"}", NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    assert_string_equal("occurred_at", json_text(a.data, "field"));
    answer_free(&a);
    world_ok(w, COMMAND_ACT, "1", "v1",
        "{\"action\":\"appraise\",\"occurred_at\":\"2026-03-09T11:00:00\"}");
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
        T(a_matter_is_registered_at_the_clerks_own_body_with_a_number),
        T(fields_missing_unknown_and_too_long_are_told_at_once),
        T(an_unknown_flow_names_the_nearest),
        T(an_act_cannot_have_happened_before_the_one_it_follows),
        T(a_date_that_does_not_exist_or_lies_ahead_is_refused),
        T(an_outsider_may_not_register_and_is_told_who_could),
        T(an_action_moves_the_case_and_starts_its_clock),
        T(an_action_out_of_state_tells_the_state_and_version),
        T(an_action_on_a_closed_case_is_told_that_it_is_closed),
        T(a_stale_version_is_refused_with_the_present_one),
        T(a_repeated_key_is_answered_byte_for_byte_and_does_nothing),
        T(a_repeated_act_is_answered_as_before_although_the_case_moved_on),
        T(the_same_key_twice_in_one_turn_happens_once),
        T(commands_of_one_turn_on_one_case_follow_each_other),
        T(a_dry_run_says_what_would_happen_and_writes_nothing),
        T(an_assigned_case_is_the_assignees),
        T(a_case_that_is_not_yours_does_not_exist_for_you),
        T(replaying_the_events_gives_the_same_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
