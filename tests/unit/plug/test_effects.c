/* The dispatcher over the real store and a virtual clock. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "io/loop.h"
#include "plug/effects.h"
#include "unit/store/helper.h"

enum { START_MS = 1001000, TAKEN_MAX = 2048 };

/* A taker that remembers, and answers as it is told. */
struct taker_double {
    struct effects *effects;
    int64_t ids[TAKEN_MAX];
    int attempts[TAKEN_MAX];
    size_t count;
    enum { KEEP, DONE, RETRY, RETRY_SOON, FAIL, NOT_TAKEN } mode;
    char last_data[128], last_number[64];
};

struct world {
    struct fixture store;
    struct wallclock clock;
    struct loop *loop;
    struct effects *effects;
    struct taker_double a, b;
    int64_t cases;
};

static bool take(const struct effect *e, void *owner)
{
    struct taker_double *t = owner;
    assert_true(t->count < TAKEN_MAX);
    t->ids[t->count] = e->id;
    t->attempts[t->count++] = e->attempts;
    char *data = json_canonical(e->data);
    snprintf(t->last_data, sizeof(t->last_data), "%s", data);
    free(data);
    snprintf(t->last_number, sizeof(t->last_number), "%s", e->number);
    switch (t->mode) {
    case KEEP:
        return true;
    case DONE:
        return effects_answer(t->effects, t, e->id, EFFECT_DONE, 0, NULL);
    case RETRY:
        return effects_answer(t->effects, t, e->id, EFFECT_RETRY, 0, "busy");
    case RETRY_SOON:
        return effects_answer(t->effects, t, e->id, EFFECT_RETRY, 1000, "busy");
    case FAIL:
        return effects_answer(t->effects, t, e->id, EFFECT_FAILED, 0, "no such address");
    case NOT_TAKEN:
        break;
    }
    return false;
}

static void settle(struct world *w)
{
    for (int turns = 0; turns < 3 || !effects_idle(w->effects); turns++) {
        assert_true(turns < 10000);
        store_poll(w->store.store);
        loop_turn(w->loop, false);
    }
}

static void open_effects(struct world *w)
{
    w->effects = effects_open(w->store.store, &w->clock, w->loop);
    w->a.effects = w->b.effects = w->effects;
}

static struct world *world_open(enum store_kind kind)
{
    struct world *w = mem_alloc(sizeof(*w));
    fixture_init(&w->store, kind);
    wallclock_init_virtual(&w->clock, START_MS);
    w->loop = loop_open();
    open_effects(w);
    return w;
}

static void world_close(struct world *w)
{
    effects_free(w->effects);
    loop_free(w->loop);
    fixture_close(&w->store);
    mem_free(w);
}

/* A new case whose first event asks for n effects of a kind. */
static void add(struct world *w, const char *kind, int n)
{
    struct store_unit *u = unit_case(++w->cases, 1, NULL, NULL);
    u->kase->effects = json_array();
    for (int i = 0; i < n; i++) {
        json_array_append_new(
            u->kase->effects, json_pack("{s:s, s:{s:i}}", "kind", kind, "data", "n", i));
    }
    struct outcome o = {0};
    u->done = outcome_cb;
    u->ctx = &o;
    store_append(w->store.store, &u, 1);
    while (o.calls == 0) { /* answers to effects may be delivered before */
        fixture_poll(&w->store, 1);
    }
    assert_int_equal(STORE_DURABLE, o.status);
}

static size_t in_store(struct world *w, const char *status)
{
    struct err err = {0};
    json_t *rows = store_ask_now(
        w->store.store, ASK_EFFECTS, json_pack("{s:s, s:i}", "status", status, "limit", 500), &err);
    size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static void later(struct world *w, int64_t ms)
{
    wallclock_set(&w->clock, wallclock_now_ms(&w->clock) + ms);
    effects_look(w->effects);
    settle(w);
}

static void done_effects_leave_the_pending_list(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = DONE;
    add(w, "notify", 3);
    assert_true(effects_add_taker(w->effects, "notify", take, &w->a));
    effects_look(w->effects);
    settle(w);
    assert_int_equal(3, w->a.count);
    assert_string_equal("{\"n\":2}", w->a.last_data);
    assert_string_equal("羊调26-0001", w->a.last_number);
    assert_int_equal(0, in_store(w, "pending"));
    later(w, 1000000);
    assert_int_equal(3, w->a.count);
    world_close(w);
}

static void new_effects_are_found_by_the_cheap_look(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = DONE;
    effects_add_taker(w->effects, "notify", take, &w->a);
    for (size_t i = 1; i <= 3; i++) {
        add(w, "notify", 1);
        effects_look_new(w->effects);
        settle(w);
        assert_int_equal(i, w->a.count);
    }
    world_close(w);
}

static void a_kind_has_one_taker(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    assert_true(effects_add_taker(w->effects, "notify", take, &w->a));
    assert_false(effects_add_taker(w->effects, "notify", take, &w->b));
    assert_ptr_equal(&w->a, effects_owner(w->effects, "notify"));
    assert_null(effects_owner(w->effects, "document"));
    world_close(w);
}

static void a_retry_comes_when_its_time_has_come_and_not_before(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = RETRY;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    effects_look(w->effects);
    settle(w);
    assert_int_equal(1, w->a.count);
    const int64_t delays[] = {5000, 10000, 20000, 40000};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(delays[i], effects_delay_ms((int)i));
        later(w, delays[i] - 1);
        assert_int_equal(i + 1, w->a.count);
        later(w, 1);
        assert_int_equal(i + 2, w->a.count);
        assert_int_equal(i + 1, w->a.attempts[i + 1]);
    }
    assert_int_equal(1, in_store(w, "pending"));
    world_close(w);
}

static void the_delay_grows_to_an_hour_and_no_further(void **state)
{
    (void)state;
    assert_int_equal(2560000, effects_delay_ms(9));
    assert_int_equal(3600000, effects_delay_ms(10));
    assert_int_equal(3600000, effects_delay_ms(EFFECTS_ATTEMPTS_MAX));
    int64_t all = 0;
    for (int i = 0; i < EFFECTS_ATTEMPTS_MAX - 1; i++) {
        all += effects_delay_ms(i);
    }
    assert_true(all > INT64_C(8) * 86400 * 1000);
}

static void a_plugins_own_delay_is_kept(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = RETRY_SOON;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    effects_look(w->effects);
    settle(w);
    later(w, 999);
    assert_int_equal(1, w->a.count);
    later(w, 1);
    assert_int_equal(2, w->a.count);
    world_close(w);
}

static void attempts_go_on_counting_after_a_restart(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_FILE);
    w->a.mode = RETRY;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    effects_look(w->effects);
    settle(w);
    effects_free(w->effects);
    store_close(w->store.store);
    fixture_open(&w->store);
    open_effects(w);
    effects_add_taker(w->effects, "notify", take, &w->a);
    later(w, 4999);
    assert_int_equal(1, w->a.count);
    later(w, 1);
    assert_int_equal(2, w->a.count);
    assert_int_equal(1, w->a.attempts[1]);
    world_close(w);
}

static void what_was_not_answered_comes_again_after_a_restart_with_the_same_id(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_FILE);
    w->a.mode = KEEP;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 2);
    effects_look(w->effects);
    settle(w);
    later(w, 100000000);
    assert_int_equal(2, w->a.count); /* held: not handed out twice */
    effects_free(w->effects);
    open_effects(w);
    effects_add_taker(w->effects, "notify", take, &w->a);
    effects_look(w->effects);
    settle(w);
    assert_int_equal(4, w->a.count);
    assert_int_equal(w->a.ids[0], w->a.ids[2]);
    assert_int_equal(0, w->a.attempts[2]);
    world_close(w);
}

static void an_answer_given_just_before_the_stop_is_written(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_FILE);
    w->a.mode = KEEP;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    effects_look(w->effects);
    settle(w);
    assert_true(effects_answer(w->effects, &w->a, w->a.ids[0], EFFECT_DONE, 0, NULL));
    effects_free(w->effects);
    assert_int_equal(0, in_store(w, "pending"));
    open_effects(w);
    world_close(w);
}

static void failed_effects_are_listed_with_their_reason_and_can_be_sent_again(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = FAIL;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    effects_look(w->effects);
    settle(w);
    later(w, 100000000);
    assert_int_equal(1, w->a.count);
    json_t *rows =
        ask(&w->store, ASK_EFFECTS, json_pack("{s:s, s:i}", "status", "failed", "limit", 9));
    assert_int_equal(1, json_array_size(rows));
    assert_string_equal("no such address", json_text(json_array_get(rows, 0), "error"));
    json_decref(rows);
    append_record(&w->store, RECORD_EFFECT_AGAIN,
        json_pack("{s:I, s:I}", "id", (json_int_t)w->a.ids[0], "next_ms",
            (json_int_t)wallclock_now_ms(&w->clock)));
    w->a.mode = DONE;
    effects_look(w->effects);
    settle(w);
    assert_int_equal(2, w->a.count);
    assert_int_equal(0, in_store(w, "failed"));
    world_close(w);
}

static void too_many_attempts_end_in_the_failed_list(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = NOT_TAKEN;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    for (int i = 0; i < EFFECTS_ATTEMPTS_MAX; i++) {
        assert_int_equal(1, in_store(w, "pending"));
        later(w, EFFECTS_DELAY_LONGEST_MS);
    }
    assert_int_equal(EFFECTS_ATTEMPTS_MAX, w->a.count);
    assert_int_equal(0, in_store(w, "pending"));
    assert_int_equal(1, in_store(w, "failed"));
    world_close(w);
}

static void no_more_are_handed_out_than_promised_and_answers_make_room(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = KEEP;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 300);
    add(w, "notify", 300);
    effects_look(w->effects);
    settle(w);
    assert_int_equal(EFFECTS_HELD_MAX, w->a.count);
    assert_int_equal(EFFECTS_HELD_MAX, effects_held(w->effects, &w->a));
    assert_true(effects_answer(w->effects, &w->a, w->a.ids[7], EFFECT_DONE, 0, NULL));
    settle(w);
    assert_int_equal(EFFECTS_HELD_MAX + 1, w->a.count);
    w->a.mode = DONE;
    for (size_t i = 0; i < EFFECTS_HELD_MAX; i++) {
        effects_answer(w->effects, &w->a, w->a.ids[i], EFFECT_DONE, 0, NULL);
    }
    effects_answer(w->effects, &w->a, w->a.ids[EFFECTS_HELD_MAX], EFFECT_DONE, 0, NULL);
    settle(w);
    assert_int_equal(600, w->a.count); /* each exactly once */
    assert_int_equal(0, in_store(w, "pending"));
    world_close(w);
}

static void a_taker_that_holds_all_does_not_stop_the_others(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = KEEP;
    w->b.mode = DONE;
    effects_add_taker(w->effects, "notify", take, &w->a);
    effects_add_taker(w->effects, "document", take, &w->b);
    add(w, "notify", 400);
    add(w, "document", 100);
    effects_look(w->effects);
    settle(w);
    assert_int_equal(EFFECTS_HELD_MAX, w->a.count);
    assert_int_equal(100, w->b.count);
    world_close(w);
}

static void kinds_nobody_takes_stay_and_are_counted(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = DONE;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "document", 100);
    add(w, "notify", 1);
    for (int i = 0; i < 3; i++) {
        effects_look(w->effects);
        settle(w);
    }
    json_t *status = effects_status(w->effects);
    assert_int_equal(100, json_number(json_member(status, "untaken"), "document", 0));
    assert_int_equal(1, json_object_size(json_member(status, "untaken")));
    assert_int_equal(1, json_number(status, "done", 0));
    json_decref(status);
    assert_int_equal(100, in_store(w, "pending"));
    w->b.mode = DONE;
    effects_add_taker(w->effects, "document", take, &w->b);
    effects_look(w->effects);
    settle(w);
    assert_int_equal(100, w->b.count);
    world_close(w);
}

static void a_dropped_owner_leaves_its_effects_pending(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = KEEP;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 5);
    effects_look(w->effects);
    settle(w);
    effects_drop_owner(w->effects, &w->a);
    settle(w);
    assert_false(effects_answer(w->effects, &w->a, w->a.ids[0], EFFECT_DONE, 0, NULL));
    assert_int_equal(5, in_store(w, "pending"));
    json_t *status = effects_status(w->effects);
    assert_int_equal(5, json_number(json_member(status, "untaken"), "notify", 0));
    json_decref(status);
    world_close(w);
}

static void only_the_holder_answers_and_only_once(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_MEMORY);
    w->a.mode = KEEP;
    effects_add_taker(w->effects, "notify", take, &w->a);
    add(w, "notify", 1);
    effects_look(w->effects);
    settle(w);
    int64_t id = w->a.ids[0];
    assert_false(effects_answer(w->effects, &w->b, id, EFFECT_DONE, 0, NULL));
    assert_false(effects_answer(w->effects, &w->a, id + 1, EFFECT_DONE, 0, NULL));
    assert_true(effects_answer(w->effects, &w->a, id, EFFECT_FAILED, 0, "\xff bad \xe4"));
    assert_false(effects_answer(w->effects, &w->a, id, EFFECT_DONE, 0, NULL));
    settle(w);
    assert_int_equal(1, in_store(w, "failed"));
    world_close(w);
}

static void with_store_threads_each_effect_goes_out_once(void **state)
{
    (void)state;
    struct world *w = world_open(KIND_THREADS);
    w->a.mode = DONE;
    effects_add_taker(w->effects, "notify", take, &w->a);
    for (size_t i = 0; i < 20; i++) {
        add(w, "notify", 20);
        effects_look(w->effects); /* from the beginning, while answers are being written */
        loop_turn(w->loop, false);
    }
    settle(w);
    effects_look(w->effects);
    settle(w);
    assert_int_equal(400, w->a.count);
    assert_int_equal(0, in_store(w, "pending"));
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(done_effects_leave_the_pending_list),
        cmocka_unit_test(new_effects_are_found_by_the_cheap_look),
        cmocka_unit_test(a_kind_has_one_taker),
        cmocka_unit_test(a_retry_comes_when_its_time_has_come_and_not_before),
        cmocka_unit_test(the_delay_grows_to_an_hour_and_no_further),
        cmocka_unit_test(a_plugins_own_delay_is_kept),
        cmocka_unit_test(attempts_go_on_counting_after_a_restart),
        cmocka_unit_test(what_was_not_answered_comes_again_after_a_restart_with_the_same_id),
        cmocka_unit_test(an_answer_given_just_before_the_stop_is_written),
        cmocka_unit_test(failed_effects_are_listed_with_their_reason_and_can_be_sent_again),
        cmocka_unit_test(too_many_attempts_end_in_the_failed_list),
        cmocka_unit_test(no_more_are_handed_out_than_promised_and_answers_make_room),
        cmocka_unit_test(a_taker_that_holds_all_does_not_stop_the_others),
        cmocka_unit_test(kinds_nobody_takes_stay_and_are_counted),
        cmocka_unit_test(a_dropped_owner_leaves_its_effects_pending),
        cmocka_unit_test(only_the_holder_answers_and_only_once),
        cmocka_unit_test(with_store_threads_each_effect_goes_out_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
