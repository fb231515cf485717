/* The case record: what is written comes back, what is damaged is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/casefile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- random records, the same ones every run ----------------------------------------------------
 */

static uint64_t seed;

static uint64_t roll(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int64_t any_int64(void)
{
    static const int64_t edges[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(1) << 53, 1574041943000};
    return roll() % 3 == 0 ? edges[roll() % 7] : (int64_t)roll();
}

static int any_int(void)
{
    static const int edges[] = {0, 1, -1, INT32_MAX, INT32_MIN, 2026};
    return roll() % 3 == 0 ? edges[roll() % 6] : (int)(int32_t)roll();
}

static char *any_text(void)
{
    static const char *const texts[] = {"", "羊调26-0001", "a\"b\\c\n\t", "😀", "已受理", "null"};
    return mem_strdup(texts[roll() % 6]);
}

static char *maybe_text(void)
{
    return roll() % 3 == 0 ? NULL : any_text();
}

static json_t *any_object(void)
{
    json_t *o = json_object();
    for (uint64_t n = roll() % 4; n > 0; n--) {
        char key[24];
        snprintf(key, sizeof key, "键%u", (unsigned)(roll() % 100));
        json_object_set_new(o, key,
            roll() % 2 ? json_integer(any_int64()) : json_pack("[s,b,n]", "值", (int)(roll() & 1)));
    }
    return o;
}

static json_t *any_array(void)
{
    json_t *a = json_array();
    for (uint64_t n = roll() % 4; n > 0; n--) {
        json_array_append_new(a, any_object());
    }
    return a;
}

static struct date any_day(void)
{
    return (struct date){any_int()};
}

static struct span any_span(void)
{
    return (struct span){(int)(roll() % 10001), (enum span_unit)(roll() % 5)};
}

static void fill_clock(struct case_clock *k)
{
    k->name = any_text();
    k->title = maybe_text();
    k->state = (enum clock_state)(roll() % 5);
    k->term = maybe_text();
    k->law = maybe_text();
    k->term_version = any_int();
    k->start_ms = any_int64();
    k->span = any_span();
    k->kind = (enum due_kind)(roll() % 4);
    k->roll = (enum due_roll)(roll() % 3);
    k->litigation = roll() & 1;
    k->clear_days = roll() & 1;
    k->extension = any_span();
    k->extended = any_int();
    k->excluded_count = roll() % (DUE_EXCLUSIONS_MAX + 1);
    for (size_t i = 0; i < k->excluded_count; i++) {
        k->excluded[i] = (struct exclusion){any_day(), any_day()};
    }
    k->paused_from = any_day();
    k->due = (struct due){
        any_day(), any_day(), any_day(), any_int64(), roll() & 1, any_int(), any_int()};
    k->explain = maybe_text();
    k->calendar = roll() % 3 == 0 ? NULL : any_object();
    k->step_next = any_int();
    k->wake_ms = any_int64();
    k->was_late = roll() & 1;
    k->ended_ms = any_int64();
}

static struct casefile *any_case(void)
{
    struct casefile *c = casefile_new();
    c->id = any_int64();
    c->number = any_text();
    c->flow = any_text();
    c->flow_version = maybe_text();
    c->profile = maybe_text();
    c->state = any_text();
    c->host = any_text();
    c->assignee = maybe_text();
    c->supervisor = maybe_text();
    c->origin = maybe_text();
    c->place = maybe_text();
    c->category = maybe_text();
    c->source = maybe_text();
    c->outcome = maybe_text();
    c->level = any_int();
    c->version = any_int64();
    for (int i = 0; i < DIGEST_SIZE; i++) {
        c->head.bytes[i] = (uint8_t)roll();
    }
    c->received_ms = any_int64();
    c->opened_ms = any_int64();
    c->changed_ms = any_int64();
    c->closed_ms = any_int64();
    json_decref(c->fields);
    json_decref(c->parties);
    json_decref(c->participants);
    json_decref(c->marks);
    c->fields = any_object();
    c->parties = any_array();
    c->participants = any_array();
    c->marks = any_array();
    for (uint64_t n = roll() % 4; n > 0; n--) {
        fill_clock(casefile_add_clock(c));
    }
    return c;
}

/* --- comparing, member by member and apart from the code under test ------------------------------
 */

static void assert_same_text(const char *a, const char *b)
{
    assert_true(text_equal(a, b));
}

static void assert_same_json(json_t *a, json_t *b)
{
    assert_true((a == NULL) == (b == NULL));
    assert_true(a == NULL || json_equal(a, b));
}

static void assert_same_clock(const struct case_clock *a, const struct case_clock *b)
{
    assert_same_text(a->name, b->name);
    assert_same_text(a->title, b->title);
    assert_int_equal(a->state, b->state);
    assert_same_text(a->term, b->term);
    assert_same_text(a->law, b->law);
    assert_int_equal(a->term_version, b->term_version);
    assert_true(a->start_ms == b->start_ms);
    assert_int_equal(a->span.n, b->span.n);
    assert_int_equal(a->span.unit, b->span.unit);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->roll, b->roll);
    assert_int_equal(a->litigation, b->litigation);
    assert_int_equal(a->clear_days, b->clear_days);
    assert_int_equal(a->extension.n, b->extension.n);
    assert_int_equal(a->extension.unit, b->extension.unit);
    assert_int_equal(a->extended, b->extended);
    assert_int_equal(a->excluded_count, b->excluded_count);
    for (size_t i = 0; i < a->excluded_count; i++) {
        assert_int_equal(a->excluded[i].from.day, b->excluded[i].from.day);
        assert_int_equal(a->excluded[i].to.day, b->excluded[i].to.day);
    }
    assert_int_equal(a->paused_from.day, b->paused_from.day);
    assert_int_equal(a->due.raw.day, b->due.raw.day);
    assert_int_equal(a->due.legal.day, b->due.legal.day);
    assert_int_equal(a->due.internal.day, b->due.internal.day);
    assert_true(a->due.due_ms == b->due.due_ms);
    assert_int_equal(a->due.provisional, b->due.provisional);
    assert_int_equal(a->due.first_year, b->due.first_year);
    assert_int_equal(a->due.last_year, b->due.last_year);
    assert_same_text(a->explain, b->explain);
    assert_same_json(a->calendar, b->calendar);
    assert_int_equal(a->step_next, b->step_next);
    assert_true(a->wake_ms == b->wake_ms);
    assert_int_equal(a->was_late, b->was_late);
    assert_true(a->ended_ms == b->ended_ms);
}

static void assert_same_case(const struct casefile *a, const struct casefile *b)
{
    assert_true(a->id == b->id);
    assert_same_text(a->number, b->number);
    assert_same_text(a->flow, b->flow);
    assert_same_text(a->flow_version, b->flow_version);
    assert_same_text(a->profile, b->profile);
    assert_same_text(a->state, b->state);
    assert_same_text(a->host, b->host);
    assert_same_text(a->assignee, b->assignee);
    assert_same_text(a->supervisor, b->supervisor);
    assert_same_text(a->origin, b->origin);
    assert_same_text(a->place, b->place);
    assert_same_text(a->category, b->category);
    assert_same_text(a->source, b->source);
    assert_same_text(a->outcome, b->outcome);
    assert_int_equal(a->level, b->level);
    assert_true(a->version == b->version);
    assert_memory_equal(&a->head, &b->head, sizeof a->head);
    assert_true(a->received_ms == b->received_ms);
    assert_true(a->opened_ms == b->opened_ms);
    assert_true(a->changed_ms == b->changed_ms);
    assert_true(a->closed_ms == b->closed_ms);
    assert_same_json(a->fields, b->fields);
    assert_same_json(a->parties, b->parties);
    assert_same_json(a->participants, b->participants);
    assert_same_json(a->marks, b->marks);
    assert_int_equal(a->clock_count, b->clock_count);
    for (size_t i = 0; i < a->clock_count; i++) {
        assert_same_clock(&a->clocks[i], &b->clocks[i]);
    }
}

/* --- cases ------------------------------------------------------------------------------------ */

static void every_member_of_random_records_comes_back_through_text(void **state)
{
    (void)state;
    seed = 20261124;
    for (int i = 0; i < 1000; i++) {
        struct casefile *c = any_case();
        json_t *snapshot = casefile_snapshot(c);
        assert_null(json_object_get(snapshot, "fields"));
        char *text = json_compact(snapshot), *fields_text = json_compact(c->fields);
        json_t *read = json_parse_own(text), *fields = json_parse_own(fields_text);
        struct casefile *back = casefile_restore(read, fields, NULL);
        assert_non_null(back);
        assert_same_case(c, back);
        casefile_free(back);
        json_decref(read);
        json_decref(fields);
        json_decref(snapshot);
        free(text);
        free(fields_text);
        casefile_free(c);
    }
}

/* Values are shared and therefore replaced, as engine/apply.c does. */
static void replace_array(json_t **array, const char *more)
{
    json_t *next = json_copy(*array);
    json_array_append_new(next, json_string(more));
    json_decref(*array);
    *array = next;
}

static void a_copy_is_equal_and_goes_its_own_way(void **state)
{
    (void)state;
    seed = 7;
    for (int i = 0; i < 1000; i++) {
        struct casefile *c = any_case(), *copy = casefile_copy(c);
        assert_same_case(c, copy);
        assert_ptr_equal(c->fields, copy->fields);
        replace_array(&copy->marks, "red");
        casefile_add_clock(copy)->name = mem_strdup("another");
        assert_false(json_array_has(c->marks, "red"));
        casefile_free(c);
        assert_true(json_array_has(copy->marks, "red"));
        casefile_free(copy);
    }
}

static void a_snapshot_stays_as_it_was_when_the_case_goes_on(void **state)
{
    (void)state;
    seed = 3;
    struct casefile *c = any_case();
    json_t *snapshot = casefile_snapshot(c);
    json_t *before = json_deep_copy(snapshot);
    replace_array(&c->marks, "yellow");
    replace_array(&c->participants, "a.b");
    assert_true(json_equal(before, snapshot));
    json_decref(before);
    json_decref(snapshot);
    casefile_free(c);
}

static void restored_without_fields_has_an_empty_object(void **state)
{
    (void)state;
    seed = 5;
    struct casefile *c = any_case();
    json_t *snapshot = casefile_snapshot(c);
    struct casefile *back = casefile_restore(snapshot, NULL, NULL);
    assert_true(json_is_object(back->fields));
    assert_int_equal(0, json_object_size(back->fields));
    casefile_free(back);
    json_decref(snapshot);
    casefile_free(c);
}

/* Puts each of some wrong values in the place of every member, and leaves it out. */
static void damage(json_t *object, json_t *snapshot, int *refused)
{
    const char *key;
    void *next;
    json_t *value, *keys = json_array();
    json_object_foreach_safe(object, next, key, value)
    {
        json_array_append_new(keys, json_string(key));
    }
    json_t *const wrong[] = {json_integer(-9999999999999), json_string("nonsense"), json_array(),
        json_object(), json_real(1.5), json_null()};
    for (size_t i = 0; i < json_array_size(keys); i++) {
        key = json_string_value(json_array_get(keys, i));
        json_t *old = json_incref(json_object_get(object, key));
        for (size_t w = 0; w <= 6; w++) {
            if (w == 6) {
                json_object_del(object, key);
            } else {
                json_object_set(object, key, wrong[w]);
            }
            struct err err = {0};
            struct casefile *c = casefile_restore(snapshot, NULL, &err);
            if (c == NULL) {
                assert_int_equal(ERR_INTERNAL, err.code);
                assert_true(err.message[0] != '\0');
                (*refused)++;
            }
            casefile_free(c);
            err_clear(&err);
        }
        json_object_set_new(object, key, old);
    }
    for (size_t w = 0; w < 6; w++) {
        json_decref(wrong[w]);
    }
    json_decref(keys);
}

static void damaged_snapshots_are_refused_and_never_crash(void **state)
{
    (void)state;
    seed = 11;
    struct casefile *c = any_case();
    while (c->clock_count < 2) {
        fill_clock(casefile_add_clock(c));
    }
    json_t *snapshot = casefile_snapshot(c);
    int refused = 0;
    damage(snapshot, snapshot, &refused);
    json_t *clock = json_array_get(json_object_get(snapshot, "clocks"), 1);
    damage(clock, snapshot, &refused);
    damage(json_object_get(clock, "due"), snapshot, &refused);
    damage(json_object_get(clock, "span"), snapshot, &refused);
    assert_true(refused > 200);
    json_decref(snapshot);
    casefile_free(c);
}

static void values_that_are_no_snapshot_at_all_are_refused(void **state)
{
    (void)state;
    json_t *const values[] = {
        NULL, json_null(), json_array(), json_object(), json_string("x"), json_integer(1)};
    for (size_t i = 0; i < 6; i++) {
        struct err err = {0};
        assert_null(casefile_restore(values[i], NULL, &err));
        assert_int_equal(ERR_INTERNAL, err.code);
        err_clear(&err);
        json_decref(values[i]);
    }
}

static void too_many_exclusions_are_damage_not_an_overflow(void **state)
{
    (void)state;
    seed = 13;
    struct casefile *c = any_case();
    fill_clock(casefile_add_clock(c));
    json_t *snapshot = casefile_snapshot(c);
    json_t *excluded = json_object_get(
        json_array_get(json_object_get(snapshot, "clocks"), c->clock_count - 1), "excluded");
    while (json_array_size(excluded) <= DUE_EXCLUSIONS_MAX) {
        json_array_append_new(excluded, json_pack("[i,i]", 1, 2));
    }
    struct err err = {0};
    assert_null(casefile_restore(snapshot, NULL, &err));
    assert_non_null(strstr(err.message, "excluded"));
    err_clear(&err);
    json_decref(snapshot);
    casefile_free(c);
}

static struct case_clock *clock_named(struct casefile *c, const char *name, enum clock_state state,
    enum due_kind kind, int64_t due_ms, int64_t wake_ms)
{
    struct case_clock *k = casefile_add_clock(c);
    k->name = mem_strdup(name);
    k->state = state;
    k->kind = kind;
    k->due.due_ms = due_ms;
    k->wake_ms = wake_ms;
    return k;
}

static void the_pressing_clock_is_the_earliest_running_legal_limit(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    assert_null(casefile_pressing_clock(c));
    clock_named(c, "wait", CLOCK_RUNNING, DUE_MIN, 1, INT64_MAX);
    assert_null(casefile_pressing_clock(c));
    clock_named(c, "target", CLOCK_RUNNING, DUE_TARGET, 10, INT64_MAX);
    assert_string_equal("target", casefile_pressing_clock(c)->name);
    clock_named(c, "met", CLOCK_MET, DUE_MAX, 5, INT64_MAX);
    clock_named(c, "far", CLOCK_RUNNING, DUE_MAX, 900, INT64_MAX);
    assert_string_equal("far", casefile_pressing_clock(c)->name);
    clock_named(c, "still", CLOCK_PAUSED, DUE_MAX, 500, INT64_MAX);
    assert_string_equal("far", casefile_pressing_clock(c)->name);
    clock_named(c, "near", CLOCK_LATE, DUE_MAX, 800, INT64_MAX);
    clock_named(c, "target2", CLOCK_LATE, DUE_TARGET, 2, INT64_MAX);
    assert_string_equal("near", casefile_pressing_clock(c)->name);
    clock_named(c, "back", CLOCK_LATE, DUE_BACK, 700, INT64_MAX);
    assert_string_equal("back", casefile_pressing_clock(c)->name);
    casefile_free(c);
}

static void the_earliest_wake_of_the_open_clocks_counts(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    assert_true(casefile_wake_ms(c) == INT64_MAX);
    clock_named(c, "a", CLOCK_RUNNING, DUE_MAX, 0, 500);
    clock_named(c, "b", CLOCK_CANCELLED, DUE_MAX, 0, 100);
    clock_named(c, "c", CLOCK_LATE, DUE_MAX, 0, 400);
    assert_true(casefile_wake_ms(c) == 400);
    casefile_free(c);
}

static void the_latest_clock_of_a_name_is_found(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    assert_null(casefile_clock(c, "a"));
    clock_named(c, "a", CLOCK_MET, DUE_MAX, 1, 0);
    clock_named(c, "b", CLOCK_RUNNING, DUE_MAX, 2, 0);
    clock_named(c, "a", CLOCK_RUNNING, DUE_MAX, 3, 0);
    assert_true(casefile_clock(c, "a")->due.due_ms == 3);
    assert_true(casefile_clock(c, "b")->due.due_ms == 2);
    assert_null(casefile_clock(c, ""));
    casefile_free(c);
}

static void a_clock_is_shown_with_days_and_explanation(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    struct case_clock *k = clock_named(c, "handle", CLOCK_PAUSED, DUE_MAX, 0, 0);
    k->span = (struct span){60, UNIT_DAY};
    date_parse("2020-02-03", &k->due.legal);
    k->due.due_ms = date_end_ms(k->due.legal);
    date_parse("2020-01-20", &k->paused_from);
    k->explain = mem_strdup("60日");
    k->excluded_count = 1;
    date_parse("2020-01-05", &k->excluded[0].from);
    date_parse("2020-01-06", &k->excluded[0].to);
    json_t *shown = clock_json(k);
    assert_string_equal("handle", json_text(shown, "name"));
    assert_string_equal("paused", json_text(shown, "state"));
    assert_string_equal("2020-02-03", json_text(shown, "legal"));
    assert_string_equal("2020-02-03T23:59:59+08:00", json_text(shown, "due_at"));
    assert_string_equal("2020-01-20", json_text(shown, "paused_from"));
    assert_string_equal("60日", json_text(shown, "explain"));
    assert_string_equal(
        "2020-01-06", json_text(json_array_get(json_object_get(shown, "excluded"), 0), "to"));
    assert_null(json_object_get(shown, "ended"));
    json_decref(shown);
    casefile_free(c);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    casefile_free(NULL);
    struct casefile *empty = casefile_new(), *copy = casefile_copy(empty);
    assert_same_case(empty, copy);
    casefile_free(copy);
    casefile_free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_of_random_records_comes_back_through_text),
        cmocka_unit_test(a_copy_is_equal_and_goes_its_own_way),
        cmocka_unit_test(a_snapshot_stays_as_it_was_when_the_case_goes_on),
        cmocka_unit_test(restored_without_fields_has_an_empty_object),
        cmocka_unit_test(damaged_snapshots_are_refused_and_never_crash),
        cmocka_unit_test(values_that_are_no_snapshot_at_all_are_refused),
        cmocka_unit_test(too_many_exclusions_are_damage_not_an_overflow),
        cmocka_unit_test(the_pressing_clock_is_the_earliest_running_legal_limit),
        cmocka_unit_test(the_earliest_wake_of_the_open_clocks_counts),
        cmocka_unit_test(the_latest_clock_of_a_name_is_found),
        cmocka_unit_test(a_clock_is_shown_with_days_and_explanation),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
