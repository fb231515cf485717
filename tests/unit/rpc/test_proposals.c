/* What waits for a second administrator. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/proposals.h"

#include <string.h>

static json_t *year(int n)
{
    return json_pack("{s:i, s:[]}", "year", n, "rest");
}

static void the_first_who_asks_stays_who_asked(void **state)
{
    (void)state;
    struct proposals *p = proposals_open();
    json_t *doc = year(2027);
    char name[PROPOSAL_TEXT];
    const char *by = NULL;
    proposals_add(p, "calendar", doc, "one", 1);
    proposals_add(p, "calendar", doc, "two", 2);
    assert_non_null(proposals_find(p, "calendar", proposal_name(doc, name), &by));
    assert_string_equal("one", by);
    json_t *list = proposals_list(p, "calendar");
    assert_int_equal(1, json_array_size(list));
    json_decref(list);
    json_decref(doc);
    proposals_free(p);
}

static void what_differs_waits_apart_and_kinds_do_not_mix(void **state)
{
    (void)state;
    struct proposals *p = proposals_open();
    json_t *a = year(2027), *b = year(2028);
    char of_a[PROPOSAL_TEXT], of_b[PROPOSAL_TEXT];
    proposal_name(a, of_a);
    proposal_name(b, of_b);
    assert_string_not_equal(of_a, of_b);
    proposals_add(p, "calendar", a, "one", 1);
    assert_null(proposals_find(p, "calendar", of_b, NULL));
    assert_null(proposals_find(p, "terms", of_a, NULL));
    proposals_drop(p, "calendar", of_a);
    assert_null(proposals_find(p, "calendar", of_a, NULL));
    proposals_drop(p, "calendar", of_a); /* twice is fine */
    json_decref(a);
    json_decref(b);
    proposals_free(p);
    proposals_free(NULL);
}

static void the_oldest_falls_out(void **state)
{
    (void)state;
    struct proposals *p = proposals_open();
    char name[PROPOSAL_TEXT];
    for (int i = 0; i <= PROPOSALS_MAX; i++) {
        json_t *doc = year(2000 + i);
        proposals_add(p, "calendar", doc, "one", i);
        json_decref(doc);
    }
    json_t *first = year(2000), *last = year(2000 + PROPOSALS_MAX);
    assert_null(proposals_find(p, "calendar", proposal_name(first, name), NULL));
    assert_non_null(proposals_find(p, "calendar", proposal_name(last, name), NULL));
    json_decref(first);
    json_decref(last);
    proposals_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_who_asks_stays_who_asked),
        cmocka_unit_test(what_differs_waits_apart_and_kinds_do_not_mix),
        cmocka_unit_test(the_oldest_falls_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
