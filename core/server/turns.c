/* server/turns.c — what happens at the end of each turn of the loop, in the order that makes
 * "durable before acknowledged" true: due clocks join the batch, the batch goes to the store, what
 * the store has finished is delivered, and only then the sessions send. */
#include "server/server_private.h"

#include "base/log.h"
#include "io/loop.h"
#include "io/timer.h"
#include "io/wake.h"
#include "server/notify.h"

enum {
    SECOND_MS = 1000,
    LETTERS_LOOK_MS = 10 * 1000,
    /* A long sleep of the timer is cut, so that a wall clock set by hand is noticed. */
    DUE_SLEEP_MAX_MS = 60 * 1000,
};

static void nothing(void *ctx)
{
    (void)ctx; /* the turn itself is what was wanted */
}

static void run_due(void *ctx)
{
    struct server *s = ctx;
    if (s->reload.asked && !s->stopping) {
        s->reload.asked = false;
        server_reload(s);
    }
    if (s->engine != NULL && engine_next_ms(s->engine) <= wallclock_now_ms(&s->clock)) {
        engine_run_due(s->engine);
    }
}

static void flush(void *ctx)
{
    struct server *s = ctx;
    if (s->engine != NULL) {
        engine_flush(s->engine);
    }
}

/* Sets the timer to the next due moment; a virtual clock is moved by server.clock instead. */
static void arm(struct server *s)
{
    int64_t now = wallclock_now_ms(&s->clock), next = engine_next_ms(s->engine);
    if (next <= now) {
        timer_once(s->due, 0);
        s->due_at_ms = next;
    } else if (!s->clock.is_virtual && (next != s->due_at_ms || !timer_running(s->due))) {
        int64_t wait = next == INT64_MAX ? DUE_SLEEP_MAX_MS : next - now;
        timer_once(s->due, wait < DUE_SLEEP_MAX_MS ? wait : DUE_SLEEP_MAX_MS);
        s->due_at_ms = next;
    }
}

static void release(void *ctx)
{
    struct server *s = ctx;
    if (s->store == NULL || s->engine == NULL) {
        return;
    }
    store_poll(s->store);
    if (s->service != NULL) {
        service_turn(s->service);
    }
    /* Cases that were just loaded have been decided on; their batch must not wait for a next turn.
     */
    engine_flush(s->engine);
    arm(s);
    stop_turn(s);
}

static void each_second(void *ctx)
{
    struct server *s = ctx;
    if (engine_read_only(s->engine)) {
        engine_try_recover(s->engine);
    }
    int64_t now = loop_now_ms(s->loop);
    if (now - s->letters_looked_ms >= LETTERS_LOOK_MS) {
        engine_look_letters(s->engine); /* of another daemon that died */
        s->letters_looked_ms = now;
    }
    if (s->watchdog_ms > 0 && now - s->watchdog_sent_ms >= s->watchdog_ms) {
        notify_send("WATCHDOG=1");
        s->watchdog_sent_ms = now;
    }
}

void turns_open(struct server *s)
{
    loop_on_turn(s->loop, TURN_DUE, run_due, s);
    loop_on_turn(s->loop, TURN_FLUSH, flush, s);
    loop_on_turn(s->loop, TURN_RELEASE, release, s);
    s->due = timer_open(s->loop, nothing, s);
    s->second = timer_open(s->loop, each_second, s);
    s->watchdog_ms = notify_watchdog_ms();
    timer_every(
        s->second, s->watchdog_ms > 0 && s->watchdog_ms < SECOND_MS ? s->watchdog_ms : SECOND_MS);
}

void turns_close(struct server *s)
{
    loop_off_turn(s->loop, TURN_DUE, run_due, s);
    loop_off_turn(s->loop, TURN_FLUSH, flush, s);
    loop_off_turn(s->loop, TURN_RELEASE, release, s);
    timer_free(s->due);
    timer_free(s->second);
    s->due = s->second = NULL;
}

void turns_wait_store(struct server *s)
{
    while (store_backlog(s->store) > 0) {
        loop_turn(s->loop, true);
    }
}
