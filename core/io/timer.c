/* io/timer.c — see timer.h. */
#include "io/timer.h"

#include "base/memory.h"
#include "io/loop_private.h"

struct timer {
    uv_timer_t uv;
    timer_fn fn;
    void *ctx;
};

static void timer_cb(uv_timer_t *handle)
{
    struct timer *t = handle->data;
    t->fn(t->ctx);
}

static void closed_cb(uv_handle_t *handle)
{
    mem_free(handle->data);
}

struct timer *timer_open(struct loop *l, timer_fn fn, void *ctx)
{
    struct timer *t = mem_alloc(sizeof *t);
    uv_timer_init(&l->uv, &t->uv);
    t->uv.data = t;
    t->fn = fn;
    t->ctx = ctx;
    return t;
}

void timer_free(struct timer *t)
{
    if (t != NULL) {
        uv_close((uv_handle_t *)&t->uv, closed_cb);
    }
}

static uint64_t at_least_zero(int64_t ms)
{
    return ms > 0 ? (uint64_t)ms : 0;
}

void timer_once(struct timer *t, int64_t delay_ms)
{
    uv_timer_start(&t->uv, timer_cb, at_least_zero(delay_ms), 0);
}

void timer_every(struct timer *t, int64_t period_ms)
{
    uint64_t period = period_ms > 0 ? (uint64_t)period_ms : 1; /* 0 would mean once */
    uv_timer_start(&t->uv, timer_cb, period, period);
}

void timer_stop(struct timer *t)
{
    uv_timer_stop(&t->uv);
}

bool timer_running(const struct timer *t)
{
    return uv_is_active((const uv_handle_t *)&t->uv) != 0;
}
