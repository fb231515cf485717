#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/slowdown.h"

#include <stdio.h>

static void the_first_five_failures_cost_nothing(void **state)
{
    (void)state;
    struct slowdown *s = slowdown_new(64);
    for (int i = 0; i < SLOWDOWN_FREE_TRIES; i++) {
        assert_int_equal(0, slowdown_wait_ms(s, "demo01", "10.0.0.1", 1000 + i));
        slowdown_failed(s, "demo01", "10.0.0.1", 1000 + i);
    }
    assert_int_equal(1000, slowdown_wait_ms(s, "demo01", "10.0.0.1", 2000));
    slowdown_free(s);
}

static void the_wait_doubles_and_ends_at_thirty_seconds(void **state)
{
    (void)state;
    struct slowdown *s = slowdown_new(64);
    for (int i = 0; i < SLOWDOWN_FREE_TRIES + 1; i++) {
        slowdown_failed(s, "demo01", "10.0.0.1", 1);
    }
    assert_int_equal(2000, slowdown_wait_ms(s, "demo01", "10.0.0.1", 1));
    for (int i = 0; i < 5000; i++) {
        slowdown_failed(s, "demo01", "10.0.0.1", 1);
    }
    assert_int_equal(SLOWDOWN_MAX_MS, slowdown_wait_ms(s, "demo01", "10.0.0.1", 1));
    slowdown_free(s);
}

static void a_stranger_elsewhere_does_not_slow_the_officer(void **state)
{
    (void)state;
    struct slowdown *s = slowdown_new(64);
    for (int i = 0; i < 100; i++) {
        slowdown_failed(s, "demo01", "10.9.9.9", 1);
    }
    assert_int_equal(0, slowdown_wait_ms(s, "demo01", "10.0.0.1", 1));
    assert_int_equal(0, slowdown_wait_ms(s, "demo02", "10.9.9.9", 1));
    /* Account and address do not run into each other. */
    assert_int_equal(0, slowdown_wait_ms(s, "demo011", "0.9.9.9", 1));
    slowdown_free(s);
}

static void success_and_a_quiet_hour_forget(void **state)
{
    (void)state;
    struct slowdown *s = slowdown_new(64);
    for (int i = 0; i < 10; i++) {
        slowdown_failed(s, "a", "x", 1);
        slowdown_failed(s, "b", "x", 1);
    }
    slowdown_passed(s, "a", "x");
    assert_int_equal(0, slowdown_wait_ms(s, "a", "x", 2));
    assert_int_equal(0, slowdown_wait_ms(s, "b", "x", 2 + SLOWDOWN_FORGET_MS));
    slowdown_free(s);
}

static void a_flood_of_names_stays_within_its_table(void **state)
{
    (void)state;
    struct slowdown *s = slowdown_new(16);
    char name[32];
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof(name), "name%d", i);
        slowdown_failed(s, name, "x", i);
    }
    int waiting = 0;
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof(name), "name%d", i);
        for (int k = 0; k < SLOWDOWN_FREE_TRIES; k++) {
            waiting += slowdown_wait_ms(s, name, "x", 20000) > 0;
        }
    }
    assert_int_equal(0, waiting);
    slowdown_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_five_failures_cost_nothing),
        cmocka_unit_test(the_wait_doubles_and_ends_at_thirty_seconds),
        cmocka_unit_test(a_stranger_elsewhere_does_not_slow_the_officer),
        cmocka_unit_test(success_and_a_quiet_hour_forget),
        cmocka_unit_test(a_flood_of_names_stays_within_its_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
