/* The virtual clock stands still, and is the only one that can be set. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/wallclock.h"

static void a_virtual_clock_stands_until_it_is_set(void **state)
{
    (void)state;
    struct wallclock w;
    wallclock_init_virtual(&w, 1000);
    assert_true(w.is_virtual);
    assert_true(wallclock_now_ms(&w) == 1000);
    assert_true(wallclock_now_ms(&w) == 1000);
    wallclock_set(&w, INT64_MAX);
    assert_true(wallclock_now_ms(&w) == INT64_MAX);
    wallclock_set(&w, -5);
    assert_true(wallclock_now_ms(&w) == -5);
}

static void a_real_clock_is_not_virtual_and_durations_never_shrink(void **state)
{
    (void)state;
    struct wallclock w;
    wallclock_init_real(&w);
    assert_false(w.is_virtual);
    int64_t before = monotonic_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = monotonic_us();
        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_virtual_clock_stands_until_it_is_set),
        cmocka_unit_test(a_real_clock_is_not_virtual_and_durations_never_shrink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
