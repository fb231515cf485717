/* Lists of things that belong to a case: put in place, over the one with its id, and dropped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "engine/apply.h"

static void apply_text(struct casefile *c, const char *text)
{
    json_t *change = json_loads(text, 0, NULL);
    assert_non_null(change);
    apply_change(c, change);
    json_decref(change);
}

static void an_item_is_put_last_and_over_the_one_with_its_id(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    apply_text(
        c, "{\"op\":\"put\",\"list\":\"links\",\"item\":{\"id\":\"l1\",\"status\":\"sent\"}}");
    apply_text(
        c, "{\"op\":\"put\",\"list\":\"links\",\"item\":{\"id\":\"l2\",\"status\":\"sent\"}}");
    apply_text(
        c, "{\"op\":\"put\",\"list\":\"links\",\"item\":{\"id\":\"l1\",\"status\":\"closed\"}}");
    assert_int_equal(2, json_array_size(c->links));
    assert_string_equal("closed", json_text(json_array_get(c->links, 0), "status"));
    assert_string_equal("l2", json_text(json_array_get(c->links, 1), "id"));
    casefile_free(c);
}

static void a_dropped_item_is_gone_and_an_unknown_one_changes_nothing(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    apply_text(c, "{\"op\":\"put\",\"list\":\"files\",\"item\":{\"id\":\"f1\"}}");
    apply_text(c, "{\"op\":\"drop\",\"list\":\"files\",\"id\":\"f9\"}");
    apply_text(c, "{\"op\":\"put\",\"list\":\"nonsense\",\"item\":{\"id\":\"f1\"}}");
    apply_text(c, "{\"op\":\"put\",\"list\":\"files\",\"item\":{}}");
    assert_int_equal(1, json_array_size(c->files));
    apply_text(c, "{\"op\":\"drop\",\"list\":\"files\",\"id\":\"f1\"}");
    assert_int_equal(0, json_array_size(c->files));
    casefile_free(c);
}

static void an_earlier_state_of_the_case_keeps_its_list(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    apply_text(c, "{\"op\":\"put\",\"list\":\"tasks\",\"item\":{\"id\":\"t1\"}}");
    struct casefile *before = casefile_copy(c);
    apply_text(c, "{\"op\":\"drop\",\"list\":\"tasks\",\"id\":\"t1\"}");
    assert_int_equal(1, json_array_size(before->tasks));
    assert_int_equal(0, json_array_size(c->tasks));
    casefile_free(before);
    casefile_free(c);
}

static void lists_and_root_come_back_from_a_snapshot(void **state)
{
    (void)state;
    struct casefile *c = casefile_new(), *again;
    apply_text(
        c, "{\"op\":\"open\",\"id\":7,\"number\":\"羊调26-0001\",\"flow\":\"f\",\"host\":\"b\"}");
    apply_text(c, "{\"op\":\"state\",\"to\":\"open\"}");
    apply_text(c, "{\"op\":\"root\",\"to\":3}");
    apply_text(
        c, "{\"op\":\"put\",\"list\":\"recused\",\"item\":{\"id\":\"u1\",\"reason\":\"近亲属\"}}");
    json_t *snapshot = casefile_snapshot(c);
    assert_null(json_object_get(snapshot, "links")); /* an empty list takes no room */
    struct err err = {0};
    again = casefile_restore(snapshot, c->fields, &err);
    assert_non_null(again);
    assert_int_equal(3, again->root);
    assert_int_equal(0, json_array_size(again->links));
    assert_true(json_equal(c->recused, again->recused));
    json_decref(snapshot);
    casefile_free(again);
    casefile_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_put_last_and_over_the_one_with_its_id),
        cmocka_unit_test(a_dropped_item_is_gone_and_an_unknown_one_changes_nothing),
        cmocka_unit_test(an_earlier_state_of_the_case_keeps_its_list),
        cmocka_unit_test(lists_and_root_come_back_from_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
