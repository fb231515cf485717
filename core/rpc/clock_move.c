/* rpc/clock_move.c — see clock_move.h. */
#include "rpc/clock_move.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "io/timer.h"
#include "rpc/service.h"

/* A moment may need several rounds (the engine fires a bounded number of clocks per call), but one
 * that never empties is a fault to be told, not a loop to stay in. */
enum { ROUNDS_MAX = 100000 };

struct clock_move {
    struct call *call;
    struct timer *again; /* owned: makes a next turn come although no socket speaks */
    int64_t to_ms;
    int64_t stops; /* moments at which something was due */
    int rounds;    /* at the present moment */
};

static void nothing(void *ctx)
{
    (void)ctx;
}

void clock_move_free(struct clock_move *m)
{
    if (m != NULL) {
        timer_free(m->again);
        mem_free(m);
    }
}

void clock_move_start(struct service *s, struct call *c, int64_t to_ms)
{
    struct err err = {0};
    if (!s->with.clock->is_virtual) {
        err_set(&err, ERR_STATE, _("the clock is the real one and cannot be moved"));
        err_hint(&err, "%s", _("a trial daemon is started with clock = \"virtual\""));
    } else if (s->clock_move != NULL) {
        err_set(&err, ERR_OVERLOADED, _("the clock is being moved already"));
    } else if (to_ms < service_now_ms(s)) {
        char at[INSTANT_TEXT];
        err_set(&err, ERR_PARAMS, _("the clock cannot go back; it is %s"),
            instant_format(service_now_ms(s), at));
    } else if (engine_read_only(s->with.engine)) {
        err_set(&err, ERR_READ_ONLY, _("the daemon cannot write at present; nothing was changed"));
    }
    if (err.code != ERR_NONE) {
        call_refuse(c, &err);
        return;
    }
    struct clock_move *m = mem_alloc(sizeof(*m));
    m->call = c;
    m->to_ms = to_ms;
    m->again = timer_open(s->with.loop, nothing, m);
    s->clock_move = m;
    timer_once(m->again, 0);
}

static void finish(struct service *s, const struct err *err)
{
    struct clock_move *m = s->clock_move;
    char at[INSTANT_TEXT];
    s->clock_move = NULL;
    service_effects_changed(s);
    call_enter(m->call);
    if (err != NULL) {
        call_fail(m->call, err);
    } else {
        call_reply(
            m->call, json_pack("{s:s, s:b, s:I}", "now", instant_format(service_now_ms(s), at),
                         "virtual", 1, "stops", (json_int_t)m->stops));
    }
    clock_move_free(m);
}

void clock_move_stop(struct service *s)
{
    if (s->clock_move != NULL) {
        struct err err = {0};
        err_set(&err, ERR_SHUTDOWN, _("the daemon is stopping"));
        finish(s, &err);
        err_clear(&err);
    }
}

void clock_move_turn(struct service *s)
{
    struct clock_move *m = s->clock_move;
    if (m == NULL) {
        return;
    }
    struct engine *e = s->with.engine;
    if (engine_read_only(e)) {
        struct err err = {0};
        err_set(&err, ERR_READ_ONLY, _("the daemon became read-only while the clock moved"));
        finish(s, &err);
        err_clear(&err);
        return;
    }
    if (!engine_idle(e)) {
        timer_once(m->again, 1);
        return;
    }
    int64_t now = service_now_ms(s), next = engine_next_ms(e);
    if (next > m->to_ms && now == m->to_ms) {
        finish(s, NULL);
        return;
    }
    if (next <= m->to_ms && next > now) {
        m->stops++;
    }
    int64_t stop = next > m->to_ms ? m->to_ms : next;
    if (stop > now) {
        wallclock_set(s->with.clock, stop);
        m->rounds = 0;
    } else if (++m->rounds > ROUNDS_MAX) {
        struct err err = {0};
        err_set(&err, ERR_INTERNAL, _("a clock that fell due does not fire; the log says why"));
        finish(s, &err);
        err_clear(&err);
        return;
    }
    engine_run_due(e);
    engine_flush(e);
    timer_once(m->again, 0);
}
