/* bench/lanes.c — see lanes.h. With a rate the time of a request begins when it was due, not when a
 * lane was free for it: a daemon that stalls must not look better for being asked less. */
#include "bench/lanes.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/wallclock.h"
#include "bench/peer.h"
#include "io/loop.h"
#include "io/timer.h"

#include <stdio.h>
#include <stdlib.h>

static const int64_t WARM_US = 500 * 1000, PREPARE_US = 120 * 1000000LL;

struct lanes;

struct lane { /* one request on its way at most */
    struct lanes *all;
    struct peer *peer;
    struct item *item;
    int64_t due_us;
    bool busy;
};

struct lanes {
    const struct lanes_plan *plan;
    struct work *work;
    struct lane *lane;
    size_t count, out, turn;
    int64_t from_us, to_us, next_due_us;
    struct lanes_result took;
    size_t took_cap;
    struct buf params;
};

static void keep(struct lanes *all, int64_t took_us)
{
    if (all->took.count == all->took_cap) {
        all->took_cap = all->took_cap == 0 ? 1 << 16 : 2 * all->took_cap;
        all->took.us = mem_resize(all->took.us, all->took_cap * sizeof *all->took.us);
    }
    all->took.us[all->took.count++] = (uint32_t)took_us;
}

static void send_next(struct lane *lane, int64_t due_us);

static void answered(struct peer *p, const struct reply *r, void *ctx)
{
    struct lane *lane = ctx;
    struct lanes *all = lane->all;
    int64_t now_us = monotonic_us();
    (void)p;
    if (!r->ok) {
        fprintf(stderr, "load: refused: %.*s\n", (int)r->len, r->line);
        exit(1);
    }
    if (now_us >= all->from_us && now_us < all->to_us) {
        keep(all, now_us - lane->due_us);
    }
    work_done(all->work, lane->item, r->line, r->len);
    lane->busy = false;
    all->out--;
    if (all->plan->rate == 0) {
        send_next(lane, now_us);
    }
}

static void send_next(struct lane *lane, int64_t due_us)
{
    struct lanes *all = lane->all;
    char key[UUID_TEXT];
    buf_clear(&all->params);
    const char *method =
        monotonic_us() < all->to_us ? work_next(all->work, &all->params, &lane->item) : NULL;
    if (method == NULL) {
        return;
    }
    bool empty = all->params.len == 1; /* only the opening brace */
    buf_addf(&all->params, "%s\"_meta\":{\"token\":\"%s\"", empty ? "" : ",", all->plan->token);
    if (work_changes(all->work->kind)) {
        struct wallclock clock;
        wallclock_init_real(&clock);
        buf_addf(&all->params, ",\"key\":\"%s\"", random_uuid7(wallclock_now_ms(&clock), key));
    }
    buf_adds(&all->params, "}}");
    lane->busy = true;
    lane->due_us = due_us;
    all->out++;
    peer_send(lane->peer, method, buf_text(&all->params), answered, lane);
}

/* At a rate: whatever has become due goes to lanes that are free, in turn. */
static void on_tick(void *ctx)
{
    struct lanes *all = ctx;
    int64_t now_us = monotonic_us(), step_us = 1000000 / all->plan->rate;
    for (size_t tries = 0; all->next_due_us <= now_us && tries < all->count; tries++) {
        struct lane *lane = &all->lane[all->turn];
        all->turn = (all->turn + 1) % all->count;
        if (!lane->busy) {
            send_next(lane, all->next_due_us);
            all->next_due_us += step_us;
        }
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void begin(struct lanes *all)
{
    const struct lanes_plan *plan = all->plan;
    for (size_t i = 0; i < all->count; i++) {
        struct peer *p =
            i % plan->depth == 0 ? peer_open_tcp(plan->loop, plan->port) : all->lane[i - 1].peer;
        all->lane[i] = (struct lane){.all = all, .peer = p};
    }
    int64_t now_us = monotonic_us();
    all->from_us = now_us + (all->work->preparing ? 0 : WARM_US);
    all->to_us =
        all->work->preparing ? now_us + PREPARE_US : all->from_us + plan->seconds * 1000000;
    all->next_due_us = now_us;
    for (size_t i = 0; i < all->count && plan->rate == 0; i++) {
        send_next(&all->lane[i], now_us);
    }
}

struct lanes_result lanes_run(const struct lanes_plan *plan, struct work *w)
{
    struct lanes all = {.plan = plan, .work = w, .count = plan->connections * plan->depth};
    struct timer *tick = timer_open(plan->loop, on_tick, &all);
    all.lane = mem_array(all.count, sizeof *all.lane);
    begin(&all);
    if (plan->rate > 0) {
        timer_every(tick, 1);
    }
    while (all.out > 0 || (plan->rate > 0 && monotonic_us() < all.to_us)) {
        loop_turn(plan->loop, true);
    }
    timer_free(tick);
    for (size_t i = 0; i < all.count; i += plan->depth) {
        peer_close(all.lane[i].peer);
    }
    mem_free(all.lane);
    buf_close(&all.params);
    qsort(all.took.us, all.took.count, sizeof *all.took.us, by_size);
    return all.took;
}

int64_t lanes_share_us(const struct lanes_result *r, double share)
{
    return r->count == 0 ? 0 : r->us[(size_t)((double)(r->count - 1) * share)];
}

void lanes_close(struct lanes_result *r)
{
    mem_free(r->us);
}
