/* base/wallclock.c — see wallclock.h. */
#include "base/wallclock.h"

#include <assert.h>
#include <time.h>

void wallclock_init_real(struct wallclock *w)
{
    *w = (struct wallclock){0};
}

void wallclock_init_virtual(struct wallclock *w, int64_t now_ms)
{
    *w = (struct wallclock){.is_virtual = true, .virtual_ms = now_ms};
}

int64_t wallclock_now_ms(const struct wallclock *w)
{
    if (w->is_virtual) {
        return w->virtual_ms;
    }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void wallclock_set(struct wallclock *w, int64_t now_ms)
{
    assert(w->is_virtual);
    w->virtual_ms = now_ms;
}

int64_t monotonic_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
