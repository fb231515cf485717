/* Turns, timers, wake-ups, workers, watched descriptors and signals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "io/loop.h"
#include "io/signal.h"
#include "io/timer.h"
#include "io/wake.h"
#include "io/watch.h"
#include "io/work.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct loop *loop;
    struct buf trace;
    struct timer *timer;
    struct wake *wake;
    int calls;
};

static void due(void *ctx)
{
    buf_adds(&((struct fixture *)ctx)->trace, "due ");
}

static void flush(void *ctx)
{
    buf_adds(&((struct fixture *)ctx)->trace, "flush ");
}

static void release(void *ctx)
{
    buf_adds(&((struct fixture *)ctx)->trace, "release ");
}

static void send_out(void *ctx)
{
    struct fixture *f = ctx;
    buf_adds(&f->trace, "send ");
    loop_stop(f->loop);
}

static void release_once(void *ctx)
{
    struct fixture *f = ctx;
    buf_adds(&f->trace, "once ");
    loop_off_turn(f->loop, TURN_RELEASE, release_once, f);
}

static void nothing(void *ctx)
{
    (void)ctx;
}

static void a_turn_ends_in_the_written_order(void **state)
{
    (void)state;
    struct fixture f = {.loop = loop_open()};
    loop_on_turn(f.loop, TURN_SEND, send_out, &f);
    loop_on_turn(f.loop, TURN_RELEASE, release_once, &f);
    loop_on_turn(f.loop, TURN_RELEASE, release, &f);
    loop_on_turn(f.loop, TURN_DUE, due, &f);
    loop_on_turn(f.loop, TURN_FLUSH, flush, &f);
    struct timer *t = timer_open(f.loop, nothing, NULL);
    timer_once(t, 0);
    loop_run(f.loop);
    assert_string_equal("due flush once release send ", buf_text(&f.trace));
    buf_clear(&f.trace);
    timer_once(t, 0);
    loop_run(f.loop);
    assert_string_equal("due flush release send ", buf_text(&f.trace));
    timer_free(t);
    loop_free(f.loop);
    buf_close(&f.trace);
}

static void on_tick(void *ctx)
{
    struct fixture *f = ctx;
    if (++f->calls == 3) {
        timer_stop(f->timer);
    }
}

static void a_repeating_timer_runs_until_it_is_stopped(void **state)
{
    (void)state;
    struct fixture f = {.loop = loop_open()};
    f.timer = timer_open(f.loop, on_tick, &f);
    assert_false(timer_running(f.timer));
    timer_every(f.timer, 1);
    loop_run(f.loop); /* nothing else is alive: it returns by itself */
    assert_int_equal(3, f.calls);
    assert_false(timer_running(f.timer));
    timer_free(f.timer);
    timer_free(NULL);
    loop_free(f.loop);
}

static void on_wake(void *ctx)
{
    struct fixture *f = ctx;
    f->calls++;
    loop_stop(f->loop);
}

static void *wake_from_outside(void *ctx)
{
    for (int i = 0; i < 100; i++) {
        io_wake(((struct fixture *)ctx)->wake);
    }
    return NULL;
}

static void another_thread_wakes_the_loop(void **state)
{
    (void)state;
    struct fixture f = {.loop = loop_open()};
    f.wake = wake_open(f.loop, on_wake, &f);
    pthread_t thread;
    assert_int_equal(0, pthread_create(&thread, NULL, wake_from_outside, &f));
    loop_run(f.loop);
    pthread_join(thread, NULL);
    assert_in_range(f.calls, 1, 100);
    wake_free(f.wake);
    loop_free(f.loop);
}

static void run_elsewhere(void *ctx)
{
    struct fixture *f = ctx;
    f->calls = 40;
}

static void done_here(void *ctx)
{
    struct fixture *f = ctx;
    f->calls += 2;
}

static void slow_work_is_done_elsewhere_and_finished_here(void **state)
{
    (void)state;
    struct fixture f = {.loop = loop_open()};
    work_start(f.loop, run_elsewhere, done_here, &f);
    assert_true(f.calls == 0 || f.calls == 40); /* done never before the return */
    loop_run(f.loop);
    assert_int_equal(42, f.calls);
    loop_free(f.loop);
}

static void on_event(int fd, unsigned events, void *ctx)
{
    struct fixture *f = ctx;
    char c;
    if ((events & WATCH_READ) != 0) {
        assert_int_equal(1, read(fd, &c, 1));
        f->calls++;
    }
    loop_stop(f->loop);
}

static void a_foreign_descriptor_is_watched(void **state)
{
    (void)state;
    struct fixture f = {.loop = loop_open()};
    int ends[2];
    assert_int_equal(0, pipe(ends));
    struct watch *w = watch_open(f.loop, ends[0], on_event, &f);
    assert_non_null(w);
    watch_set(w, WATCH_READ);
    assert_int_equal(1, write(ends[1], "x", 1));
    loop_run(f.loop);
    assert_int_equal(1, f.calls);
    watch_set(w, 0);
    assert_int_equal(1, write(ends[1], "y", 1));
    loop_turn(f.loop, false);
    assert_int_equal(1, f.calls);
    watch_free(w);
    close(ends[0]);
    close(ends[1]);
    loop_free(f.loop);
}

static void a_plain_file_cannot_be_watched(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    char path[] = "/tmp/fengqiao-io-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_null(watch_open(l, fd, on_event, NULL));
    close(fd);
    unlink(path);
    loop_free(l);
}

static void on_signal(int signum, void *ctx)
{
    struct fixture *f = ctx;
    f->calls = signum;
    loop_stop(f->loop);
}

static void a_signal_is_an_event(void **state)
{
    (void)state;
    struct fixture f = {.loop = loop_open()};
    struct timer *alive = timer_open(f.loop, nothing, NULL);
    timer_once(alive, 60000);
    struct signal_watch *s = signal_open(f.loop, SIGUSR1, on_signal, &f);
    raise(SIGUSR1);
    loop_run(f.loop);
    assert_int_equal(SIGUSR1, f.calls);
    signal_free(s);
    timer_free(alive);
    loop_free(f.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_ends_in_the_written_order),
        cmocka_unit_test(a_repeating_timer_runs_until_it_is_stopped),
        cmocka_unit_test(another_thread_wakes_the_loop),
        cmocka_unit_test(slow_work_is_done_elsewhere_and_finished_here),
        cmocka_unit_test(a_foreign_descriptor_is_watched),
        cmocka_unit_test(a_plain_file_cannot_be_watched),
        cmocka_unit_test(a_signal_is_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
