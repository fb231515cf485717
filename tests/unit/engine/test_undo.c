/* What a person did just now is taken back: the case is as before, the history tells both. */
#include "world.h"

#include "base/text.h"
#include "engine/apply.h"

static const char open_args[] = "{\"flow\":\"demo\",\"fields\":{\"subject\":\"两户地界之争\"},"
                                "\"parties\":[{\"role\":\"applicant\",\"name\":\"演示当事人甲\"}]}";
static const char accept_args[] = "{\"action\":\"accept\"}";
static const char answer_args[] = "{\"action\":\"answer\",\"form\":{\"finding\":\"已修复\"}}";

/* Everything of a case but what its last event is. */
static char *content(struct world *w)
{
    struct casefile *c = world_case(w, "c1");
    json_t *o = casefile_snapshot(c);
    json_object_set(o, "fields", c->fields);
    static const char *const own[] = {"version", "head", "changed_ms", "last_actor", "lasting"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        json_object_del(o, own[i]);
    }
    char *text = json_canonical(o);
    json_decref(o);
    casefile_free(c);
    return text;
}

static void refused(struct world *w, const char *user, enum err_code code, const char *part)
{
    struct answer a = world_do(w, COMMAND_UNDO, "1", user, "{}", NULL);
    assert_int_equal(code, a.code);
    if (strstr(a.message, part) == NULL) {
        fail_msg("%s: %s", part, a.message);
    }
    answer_free(&a);
}

static json_t *effects(struct world *w)
{
    return store_ask_now(w->store, ASK_EFFECTS, json_pack("{s:i}", "limit", 100), NULL);
}

static void delivered(struct world *w, int64_t id)
{
    struct store_unit *u = store_unit_new();
    u->record = RECORD_EFFECT_DONE;
    u->args = json_pack("{s:I,s:I}", "id", (json_int_t)id, "at_ms", (json_int_t)1);
    store_append(w->store, &u, 1);
    store_poll(w->store);
}

static void every_act_is_undone_and_the_case_is_as_before(void **state)
{
    struct world *w = *state;
    static const struct {
        enum command_kind kind;
        const char *args;
    } acts[] = {
        {COMMAND_NOTE, "{\"text\":\"已电话联系\"}"},
        {COMMAND_CLASSIFY, "{\"category\":\"邻里\",\"reason\":\"更正\"}"},
        {COMMAND_CLAIM, "{}"},
        {COMMAND_ACT, accept_args},
        {COMMAND_PAUSE, "{\"clock\":\"handle\",\"from\":\"2026-03-02\",\"to\":\"2026-03-02\","
                        "\"reason\":\"鉴定\"}"},
        {COMMAND_ACT, "{\"action\":\"extend\",\"reason\":\"情况复杂\"}"},
        {COMMAND_ACT, "{\"action\":\"appraise\"}"},
        {COMMAND_ACT, "{\"action\":\"resume\"}"},
        {COMMAND_ACT, answer_args},
    };
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        char *before = content(w);
        int64_t version = world_ok(w, acts[i].kind, "1", "v1", acts[i].args);
        assert_int_equal(version + 1, world_ok(w, COMMAND_UNDO, "1", "v1", "{\"reason\":\"误\"}"));
        char *after = content(w);
        assert_string_equal(before, after);
        world_ok(w, acts[i].kind, "1", "v1", acts[i].args); /* and again, for good */
        free(before);
        free(after);
    }
}

static void a_closed_case_is_open_again(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    char *before = content(w);
    world_ok(w, COMMAND_ACT, "1", "v1", answer_args);
    struct answer a = world_do(w, COMMAND_UNDO, "1", "v1", "{}", NULL);
    assert_string_equal("", a.message);
    assert_string_equal("accepted", json_text(a.result, "state"));
    assert_false(json_flag(a.result, "closed"));
    char *after = content(w);
    assert_string_equal(before, after);
    world_go(w, "2026-03-17T10:00:00"); /* its clock runs as if nothing had been */
    struct casefile *c = world_case(w, "c1");
    assert_true(json_array_has(c->marks, "yellow"));
    casefile_free(c);
    answer_free(&a);
    free(before);
    free(after);
}

static void only_who_did_it_can_undo_it_while_nobody_acted_after(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    refused(w, "v2", ERR_STATE, "演示调解员01");
    refused(w, "x1", ERR_NOT_FOUND, "");
    world_ok(w, COMMAND_NOTE, "1", "v2", "{\"text\":\"已知悉\"}");
    refused(w, "v1", ERR_STATE, "演示调解员02");
    world_ok(w, COMMAND_UNDO, "1", "v2", "{}");
    refused(w, "v1", ERR_STATE, "演示调解员02"); /* the undo came after */
}

static void a_clock_that_fired_stands_between(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    world_go(w, "2026-03-11T23:55:00");
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"催办\"}");
    struct casefile *c = world_case(w, "c1");
    int64_t wake_ms = casefile_wake_ms(c);
    casefile_free(c);
    wallclock_set(&w->clock, wake_ms - MS_PER_MINUTE);
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"再催\"}");
    wallclock_set(&w->clock, wake_ms);
    world_settle(w);
    refused(w, "v1", ERR_STATE, _("the clock"));
}

static void the_window_ends_to_the_millisecond(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    int64_t done_ms = wallclock_now_ms(&w->clock);
    wallclock_set(&w->clock, done_ms + 10 * MS_PER_MINUTE + 1);
    refused(w, "v1", ERR_STATE, "10");
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"x\"}");
    wallclock_set(&w->clock, wallclock_now_ms(&w->clock) + 10 * MS_PER_MINUTE);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
}

static void with_window(struct world *w, const char *undo)
{
    struct err err = {0};
    json_t *doc = json_lit(world_flow);
    json_put_text(doc, "undo", undo);
    struct flow *flow = flow_compile(doc, &err);
    assert_string_equal("", err.message);
    engine_add_flow(w->engine, flow, NULL);
    json_decref(doc);
}

static void the_workflow_says_how_long(void **state)
{
    struct world *w = *state;
    with_window(w, "1 hour");
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"x\"}");
    wallclock_set(&w->clock, wallclock_now_ms(&w->clock) + MS_PER_HOUR);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    with_window(w, "never");
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_NOTE, "2", "v1", "{\"text\":\"x\"}");
    struct answer a = world_do(w, COMMAND_UNDO, "2", "v1", "{}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
}

static void a_window_that_cannot_be_read_names_the_member(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "10", "minutes", "10 days", "0 minutes", "-1 minutes",
        "25 hours", "1441 minutes", "9e9"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms;
        assert_false(flow_undo_parse(bad[i], &ms));
        struct err err = {0};
        json_t *doc = json_lit(world_flow);
        json_put_text(doc, "undo", bad[i]);
        assert_null(flow_compile(doc, &err));
        assert_string_equal("undo", json_text(err.data, "path"));
        err_clear(&err);
        json_decref(doc);
    }
}

static void registrations_and_undos_stay(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    refused(w, "v1", ERR_STATE,
        _("A registration cannot be undone; close the case with the reason"
          " instead"));
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    refused(w, "v1", ERR_STATE, _("An undo is not undone; do it again instead"));
}

/* Status of each effect after the first `from`, "notify withdrawn, …". */
static char *statuses(struct world *w, size_t from)
{
    json_t *rows = effects(w);
    struct buf b = {0};
    for (size_t i = from; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        buf_addf(
            &b, "%s%s %s", b.len > 0 ? ", " : "", json_text(row, "kind"), json_text(row, "status"));
    }
    json_decref(rows);
    return buf_take(&b);
}

static size_t effect_count(struct world *w)
{
    json_t *rows = effects(w);
    size_t n = json_array_size(rows);
    json_decref(rows);
    return n;
}

static void what_was_not_delivered_is_withdrawn(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    size_t before = effect_count(w);
    world_ok(w, COMMAND_ACT, "1", "v1", answer_args);
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args); /* another case's effects stand behind */
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    char *got = statuses(w, before);
    assert_string_equal("document withdrawn, notify withdrawn, notify pending", got);
    mem_free(got);
    json_t *pending = store_ask_now(
        w->store, ASK_EFFECTS, json_pack("{s:s,s:i}", "status", "pending", "limit", 100), NULL);
    assert_int_equal(before + 1, json_array_size(pending));
    json_decref(pending);
}

static void who_was_told_is_told_of_the_undo(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    size_t before = effect_count(w);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    delivered(w, (int64_t)before + 1);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    char *got = statuses(w, before);
    assert_string_equal("notify done, notify pending", got);
    mem_free(got);
    json_t *rows = effects(w);
    const json_t *told = json_object_get(json_array_get(rows, before), "data");
    const json_t *again = json_object_get(json_array_get(rows, before + 1), "data");
    assert_string_equal("undone", json_text(again, "event"));
    assert_true(json_equal(json_object_get(told, "to"), json_object_get(again, "to")));
    json_decref(rows);
}

static void what_has_left_cannot_be_called_back(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    size_t before = effect_count(w);
    world_ok(w, COMMAND_ACT, "1", "v1", answer_args);
    delivered(w, (int64_t)before + 1); /* the document */
    refused(w, "v1", ERR_STATE, "document");
    char *got = statuses(w, before);
    assert_string_equal("document done, notify pending", got);
    mem_free(got);
}

/* The plugin says "delivered" between the decision and its transaction. */
static void a_delivery_that_is_faster_wins(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    size_t before = effect_count(w);
    world_ok(w, COMMAND_ACT, "1", "v1", answer_args);
    struct answer a = {0};
    json_t *args = json_object();
    struct command c = {.kind = COMMAND_UNDO,
        .number = "1",
        .actor = {ACTOR_USER, "v1", NULL, false},
        .args = args};
    engine_submit(w->engine, &c, answer_take, &a);
    store_poll(w->store); /* the case's number, then its history: decided */
    store_poll(w->store);
    delivered(w, (int64_t)before + 1);
    world_settle(w);
    assert_true(a.came);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    json_decref(args);
    struct casefile *k = world_case(w, "c1");
    assert_string_equal("done", k->state);
    casefile_free(k);
}

static void an_act_that_is_not_on_the_disk_yet_is_waited_for(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    char *before = content(w);
    struct answer acted = {0}, undone = {0};
    json_t *accept = json_lit(accept_args), *none = json_object();
    struct command act = {.kind = COMMAND_ACT,
        .case_id = 1,
        .actor = {ACTOR_USER, "v1", NULL, false},
        .args = accept};
    struct command undo = act;
    undo.kind = COMMAND_UNDO;
    undo.args = none;
    engine_submit(w->engine, &act, answer_take, &acted);
    engine_submit(w->engine, &undo, answer_take, &undone);
    world_settle(w);
    assert_true(acted.came && undone.came);
    assert_string_equal("", undone.message);
    char *after = content(w);
    assert_string_equal(before, after);
    free(before);
    free(after);
    answer_free(&acted);
    answer_free(&undone);
    json_decref(accept);
    json_decref(none);
}

static void a_repeated_undo_is_answered_as_the_first_time(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    struct answer a = world_do(w, COMMAND_UNDO, "1", "v1", "{}", "k1");
    assert_string_equal("", a.message);
    answer_free(&a);
    a = world_do(w, COMMAND_UNDO, "1", "v1", "{}", "k1");
    assert_string_equal("", a.message);
    assert_non_null(a.stored);
    answer_free(&a);
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(3, c->version);
    casefile_free(c);
}

static void an_undo_names_the_version_it_means(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"一\"}");
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"二\"}");
    struct answer a = world_do(w, COMMAND_UNDO, "1", "v1", "{\"expect_version\":2}", NULL);
    assert_int_equal(ERR_VERSION, a.code);
    answer_free(&a);
}

static void take_page(const struct casefile *c, const struct err *err, void *ctx)
{
    struct world *w = *(struct world **)ctx;
    assert_null(err);
    struct actor v1 = {ACTOR_USER, "v1", NULL, false};
    *(json_t **)ctx = engine_case_page(w->engine, c, &v1);
}

static json_t *page(struct world *w)
{
    void *ctx = w;
    struct actor v1 = {ACTOR_USER, "v1", NULL, false};
    engine_read(w->engine, "c1", &v1, "case.read", take_page, &ctx);
    world_settle(w);
    return ctx;
}

static void the_page_says_how_long_it_can_be_undone(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    json_t *p = page(w);
    assert_null(json_object_get(p, "undo"));
    json_decref(p);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    wallclock_set(&w->clock, wallclock_now_ms(&w->clock) + MS_PER_MINUTE);
    p = page(w);
    const json_t *undo = json_object_get(p, "undo");
    assert_int_equal(540, json_number(undo, "seconds_left", 0));
    assert_string_equal("2026-03-02T10:10:00+08:00", json_text(undo, "until"));
    json_decref(p);
    world_ok(w, COMMAND_NOTE, "1", "v2", "{\"text\":\"x\"}");
    p = page(w);
    assert_null(json_object_get(p, "undo"));
    json_decref(p);
}

static void the_history_tells_both_and_shows_nothing_it_did_not_show(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"fields\":{\"subject\":\"两户地界之争\"},\"parties\":[{\"role\":"
        "\"applicant\",\"name\":\"演示当事人甲\",\"phone\":\"13900001234\"}]}");
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{\"reason\":\"点错了\"}");
    json_t *rows = world_history(w, 1);
    assert_int_equal(3, json_array_size(rows));
    json_t *shown = engine_event_page(w->engine, json_array_get(rows, 2), false);
    char *text = json_compact(shown);
    assert_string_equal("undone", json_text(shown, "type"));
    assert_string_equal("点错了", json_text(shown, "reason"));
    assert_non_null(strstr(text, "受理"));
    assert_null(strstr(text, "13900001234"));
    assert_null(strstr(text, "snapshot"));
    free(text);
    json_decref(shown);
    json_decref(rows);
}

static void history_with_undos_explains_the_case(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    world_ok(w, COMMAND_ACT, "1", "v1", answer_args);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"x\"}");
    struct casefile *live = world_case(w, "c1"), *again = casefile_new();
    json_t *rows = world_history(w, 1);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *data = json_object_get(json_array_get(rows, i), "data");
        char *text = json_canonical(data);
        apply_event(again, data, (int64_t)i + 1, event_hash(&again->head, text));
        free(text);
    }
    json_t *a = casefile_snapshot(live), *b = casefile_snapshot(again);
    assert_true(json_equal(a, b));
    assert_true(json_equal(live->fields, again->fields));
    json_decref(a);
    json_decref(b);
    json_decref(rows);
    casefile_free(live);
    casefile_free(again);
}

/* What a report counts is what is, not what was for a minute. */
static void reports_forget_what_was_undone(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "1", "v1", accept_args);
    world_ok(w, COMMAND_ACT, "1", "v1", answer_args);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    store_ask(w->store, ASK_REPORT, json_pack("{s:{s:b}}", "scope", "all", 1), NULL, NULL);
    store_poll(w->store);
    json_t *r =
        store_ask_now(w->store, ASK_REPORT, json_pack("{s:{s:b}}", "scope", "all", 1), NULL);
    assert_int_equal(4, json_number(r, "through_seq", 0));
    json_t *clocks = json_object_get(r, "clocks");
    assert_int_equal(1, json_array_size(clocks));
    const json_t *handle = json_array_get(clocks, 0);
    assert_string_equal("handle", json_text(handle, "clock"));
    assert_int_equal(1, json_number(handle, "started", 0));
    assert_int_equal(1, json_number(handle, "open", 0));
    assert_int_equal(0, json_number(handle, "met", 0));
    json_decref(r);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
        T(every_act_is_undone_and_the_case_is_as_before),
        T(a_closed_case_is_open_again),
        T(only_who_did_it_can_undo_it_while_nobody_acted_after),
        T(a_clock_that_fired_stands_between),
        T(the_window_ends_to_the_millisecond),
        T(the_workflow_says_how_long),
        T(a_window_that_cannot_be_read_names_the_member),
        T(registrations_and_undos_stay),
        T(what_was_not_delivered_is_withdrawn),
        T(who_was_told_is_told_of_the_undo),
        T(what_has_left_cannot_be_called_back),
        T(a_delivery_that_is_faster_wins),
        T(an_act_that_is_not_on_the_disk_yet_is_waited_for),
        T(a_repeated_undo_is_answered_as_the_first_time),
        T(an_undo_names_the_version_it_means),
        T(the_page_says_how_long_it_can_be_undone),
        T(the_history_tells_both_and_shows_nothing_it_did_not_show),
        T(history_with_undos_explains_the_case),
        T(reports_forget_what_was_undone),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
