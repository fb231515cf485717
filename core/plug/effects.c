/* plug/effects.c — see effects.h. Each taker has a cursor over effect ids: new rows are read from
 * there on; a retry that falls due, a start and a look set it back to the beginning. A flight is
 * an effect handed out, until its answer is on disk. */
#include "plug/effects.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "io/timer.h"

#include <assert.h>
#include <string.h>
#include <time.h>

enum { FREE_WAIT_MS = 5000 }; /* a stop is not held up longer by a disk that hangs */

enum flight_state {
    FLIGHT_HELD,     /* at its owner */
    FLIGHT_ANSWERED, /* answer not yet written */
    FLIGHT_WRITING,
    FLIGHT_REFUSED, /* the store cannot write now; written when the timer comes */
    FLIGHT_WRITTEN, /* kept while a question older than the write may still answer "pending" */
};

struct taker;

struct flight {
    int64_t id;
    struct taker *taker; /* borrowed */
    void *owner;
    int attempts;
    enum flight_state state;
    enum store_record record; /* of the answer */
    int64_t next_ms;
    char *why; /* owned */
};

struct taker {
    struct effects *effects;
    char *kind; /* owned */
    effect_take_fn take;
    void *owner; /* NULL: dropped; the row stays, a question may be under way */
    int64_t cursor;
    bool asking;
    bool again; /* asked for while asking */
    bool full;  /* stopped for want of room */
};

struct effects {
    struct store *store;
    const struct wallclock *clock;
    struct loop *loop;
    struct timer *timer; /* owned */
    struct taker **takers;
    size_t taker_count;
    struct flight *flights;
    size_t flight_count, flight_cap;
    int64_t retry_ms; /* the earliest retry known; INT64_MAX: none */
    json_t *untaken;  /* owned {kind: n} */
    int64_t untaken_cursor;
    bool untaken_asking, untaken_again, untaken_restart;
    size_t under_way; /* questions and writes whose callback is to come */
    bool closed;
    int64_t done, retried, failed;
};

struct written {
    struct effects *effects;
    int64_t id;
};

static void look_taker(struct taker *t);
static void look_untaken(struct effects *f);
static void flush(void *ctx);

int64_t effects_delay_ms(int attempts)
{
    int64_t delay = EFFECTS_DELAY_FIRST_MS;
    for (int i = 0; i < attempts && delay < EFFECTS_DELAY_LONGEST_MS; i++) {
        delay *= 2;
    }
    return delay < EFFECTS_DELAY_LONGEST_MS ? delay : EFFECTS_DELAY_LONGEST_MS;
}

/* --- flights ------------------------------------------------------------------------------- */

static struct flight *find_flight(const struct effects *f, int64_t id)
{
    for (size_t i = 0; i < f->flight_count; i++) {
        if (f->flights[i].id == id) {
            return &f->flights[i];
        }
    }
    return NULL;
}

static void add_flight(struct taker *t, int64_t id, int attempts)
{
    struct effects *f = t->effects;
    if (f->flight_count == f->flight_cap) {
        f->flight_cap = f->flight_cap == 0 ? 32 : f->flight_cap * 2;
        f->flights = mem_resize(f->flights, f->flight_cap * sizeof(*f->flights));
    }
    f->flights[f->flight_count++] =
        (struct flight){.id = id, .taker = t, .owner = t->owner, .attempts = attempts};
}

static void drop_flight(struct effects *f, struct flight *flight)
{
    mem_free(flight->why);
    *flight = f->flights[--f->flight_count];
}

/* A flight is over when its answer is on disk and no question that may have read the row before
 * that is under way. */
static void sweep(struct taker *t)
{
    struct effects *f = t->effects;
    for (size_t i = f->flight_count; i-- > 0 && !t->asking;) {
        if (f->flights[i].taker == t && f->flights[i].state == FLIGHT_WRITTEN) {
            drop_flight(f, &f->flights[i]);
        }
    }
}

size_t effects_held(const struct effects *f, const void *owner)
{
    size_t held = 0;
    for (size_t i = 0; i < f->flight_count; i++) {
        held += f->flights[i].owner == owner && f->flights[i].state == FLIGHT_HELD;
    }
    return held;
}

/* --- when to look --------------------------------------------------------------------------- */

static void schedule(struct effects *f)
{
    int64_t wait = EFFECTS_LOOK_MS;
    if (f->retry_ms != INT64_MAX) {
        int64_t until = f->retry_ms - wallclock_now_ms(f->clock);
        wait = until < 0 ? 0 : until < wait ? until : wait;
    }
    timer_once(f->timer, wait);
}

static void on_timer(void *ctx)
{
    struct effects *f = ctx;
    if (f->retry_ms <= wallclock_now_ms(f->clock)) {
        f->retry_ms = INT64_MAX;
    }
    for (size_t i = 0; i < f->flight_count; i++) {
        if (f->flights[i].state == FLIGHT_REFUSED) {
            f->flights[i].state = FLIGHT_ANSWERED;
        }
    }
    flush(f);
    effects_look(f);
    schedule(f);
}

void effects_look(struct effects *f)
{
    for (size_t i = 0; i < f->taker_count; i++) {
        f->takers[i]->cursor = 0;
    }
    effects_look_new(f);
}

void effects_look_new(struct effects *f)
{
    for (size_t i = 0; i < f->taker_count; i++) {
        look_taker(f->takers[i]);
    }
    look_untaken(f);
}

/* --- handing out ---------------------------------------------------------------------------- */

static void hand_out(struct taker *t, const json_t *row)
{
    struct effects *f = t->effects;
    struct effect e = {
        .id = json_number(row, "id", 0),
        .at_ms = json_number(row, "at_ms", 0),
        .attempts = (int)json_number(row, "attempts", 0),
        .kind = t->kind,
        .number = json_text(row, "number"),
        .data = json_member(row, "data"),
    };
    void *owner = t->owner;
    add_flight(t, e.id, e.attempts);
    if (!t->take(&e, owner)) {
        effects_answer(f, owner, e.id, EFFECT_RETRY, 0, "not taken");
    }
}

/* True when the page was read to its end. */
static bool take_rows(struct taker *t, const json_t *rows)
{
    struct effects *f = t->effects;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        int64_t id = json_number(row, "id", 0);
        const char *kind = json_text(row, "kind");
        if (t->owner == NULL) {
            return false;
        }
        if (text_equal(kind, t->kind) && find_flight(f, id) == NULL) {
            if (effects_held(f, t->owner) >= EFFECTS_HELD_MAX) {
                t->full = true;
                return false;
            }
            hand_out(t, row);
        }
        t->cursor = id;
    }
    return true;
}

static void free_if_last(struct effects *f);

static void on_rows(json_t *answer, const struct err *err, void *ctx)
{
    struct taker *t = ctx;
    struct effects *f = t->effects;
    f->under_way--;
    t->asking = false;
    if (f->closed) {
        free_if_last(f);
        return;
    }
    if (answer == NULL) {
        log_event(LOG_WARNING, "effects", "unread", "kind=%s error=%s", t->kind,
            err == NULL ? "" : err->message);
        sweep(t);
        return; /* the timer looks again */
    }
    bool more = take_rows(t, answer) && json_array_size(answer) >= EFFECTS_PAGE;
    sweep(t);
    if (more || t->again) {
        look_taker(t);
    }
}

static json_t *pending_args(int64_t after, const char *kind, int64_t due_ms)
{
    json_t *args = json_pack("{s:s, s:i, s:I}", "status", "pending", "limit", (int)EFFECTS_PAGE,
        "after", (json_int_t)after);
    if (kind != NULL) {
        json_object_set_new(args, "kind", json_string(kind));
        json_object_set_new(args, "due_ms", json_integer(due_ms));
    }
    return args;
}

static void look_taker(struct taker *t)
{
    struct effects *f = t->effects;
    if (t->owner == NULL || f->closed) {
        return;
    }
    if (t->asking) {
        t->again = true;
        return;
    }
    t->full = effects_held(f, t->owner) >= EFFECTS_HELD_MAX;
    if (t->full) {
        return; /* an answer makes room and looks again */
    }
    t->asking = true;
    t->again = false;
    f->under_way++;
    store_ask(f->store, ASK_EFFECTS, pending_args(t->cursor, t->kind, wallclock_now_ms(f->clock)),
        on_rows, t);
}

/* --- kinds nobody takes ----------------------------------------------------------------------- */

static void on_untaken(json_t *answer, const struct err *err, void *ctx)
{
    (void)err;
    struct effects *f = ctx;
    f->under_way--;
    f->untaken_asking = false;
    if (f->closed) {
        free_if_last(f);
        return;
    }
    if (f->untaken_restart) {
        f->untaken_restart = false;
        look_untaken(f);
        return;
    }
    size_t i;
    json_t *row;
    json_array_foreach(answer, i, row)
    {
        const char *kind = json_text(row, "kind");
        if (kind != NULL && strcmp(kind, LETTER_KIND) != 0 && effects_owner(f, kind) == NULL) {
            json_put_number(f->untaken, kind, json_number(f->untaken, kind, 0) + 1);
        }
        f->untaken_cursor = json_number(row, "id", f->untaken_cursor);
    }
    if (json_array_size(answer) >= EFFECTS_PAGE || f->untaken_again) {
        look_untaken(f);
    }
}

/* Rows nobody takes do not change, so each is counted once, as the cursor passes. */
static void look_untaken(struct effects *f)
{
    if (f->untaken_asking) {
        f->untaken_again = true;
        return;
    }
    f->untaken_asking = true;
    f->untaken_again = false;
    f->under_way++;
    store_ask(f->store, ASK_EFFECTS, pending_args(f->untaken_cursor, NULL, 0), on_untaken, f);
}

/* --- answers ------------------------------------------------------------------------------- */

static void look_for_room(struct effects *f, const void *owner)
{
    for (size_t i = 0; i < f->taker_count; i++) {
        if (f->takers[i]->full && f->takers[i]->owner == owner) {
            look_taker(f->takers[i]);
        }
    }
}

static void count_answer(struct effects *f, const struct flight *flight)
{
    switch (flight->record) {
    case RECORD_EFFECT_DONE:
        f->done++;
        break;
    case RECORD_EFFECT_RETRY:
        f->retried++;
        if (flight->next_ms < f->retry_ms) {
            f->retry_ms = flight->next_ms;
            schedule(f);
        }
        break;
    default:
        f->failed++;
        log_event(LOG_WARNING, "effects", "failed", "effect=%lld", (long long)flight->id);
        break;
    }
}

static void on_written(const struct store_result *result, void *ctx)
{
    struct written *w = ctx;
    struct effects *f = w->effects;
    struct flight *flight = find_flight(f, w->id);
    mem_free(w);
    f->under_way--;
    if (f->closed) {
        free_if_last(f);
        return;
    }
    assert(flight != NULL && flight->state == FLIGHT_WRITING);
    if (result->status != STORE_DURABLE) {
        /* The answer is kept: handing the effect out again would do it twice. */
        flight->state = FLIGHT_REFUSED;
        return;
    }
    count_answer(f, flight);
    flight->state = FLIGHT_WRITTEN;
    sweep(flight->taker);
}

static struct store_unit *answer_unit(struct effects *f, const struct flight *flight)
{
    struct store_unit *u = store_unit_new();
    u->record = flight->record;
    u->args = json_pack("{s:I}", "id", (json_int_t)flight->id);
    if (flight->record == RECORD_EFFECT_RETRY) {
        json_put_number(u->args, "next_ms", flight->next_ms);
    } else {
        json_put_number(u->args, "at_ms", wallclock_now_ms(f->clock));
    }
    if (flight->record != RECORD_EFFECT_DONE) {
        json_put_text(u->args, "error", flight->why == NULL ? "" : flight->why);
    }
    struct written *w = mem_alloc(sizeof(*w));
    *w = (struct written){.effects = f, .id = flight->id};
    u->done = on_written;
    u->ctx = w;
    return u;
}

/* End of a turn: all answers given meanwhile go into one transaction. */
static void flush(void *ctx)
{
    struct effects *f = ctx;
    size_t count = 0;
    struct store_unit **units = NULL;
    for (size_t i = 0; i < f->flight_count; i++) {
        if (f->flights[i].state == FLIGHT_ANSWERED) {
            if (units == NULL) {
                units = mem_array(f->flight_count, sizeof(struct store_unit *));
            }
            units[count++] = answer_unit(f, &f->flights[i]);
            f->flights[i].state = FLIGHT_WRITING;
        }
    }
    if (count > 0) {
        f->under_way += count;
        store_append(f->store, units, count);
    }
    mem_free(units);
}

/* At most EFFECTS_WHY_MAX bytes, not cut inside a character, valid UTF-8 whatever the owner said.
 */
static char *short_text(const char *why)
{
    const char *at = why, *end = why + strnlen(why, EFFECTS_WHY_MAX), *good = why;
    while (at < end && utf8_next(&at, end) >= 0) {
        good = at;
    }
    return mem_strndup(why, (size_t)(good - why));
}

bool effects_answer(struct effects *f, void *owner, int64_t id, enum effect_answer answer,
    int64_t delay_ms, const char *why)
{
    struct flight *flight = find_flight(f, id);
    if (flight == NULL || flight->owner != owner || flight->state != FLIGHT_HELD) {
        return false;
    }
    if (answer == EFFECT_RETRY && flight->attempts + 1 >= EFFECTS_ATTEMPTS_MAX) {
        answer = EFFECT_FAILED;
    }
    static const enum store_record records[] = {[EFFECT_DONE] = RECORD_EFFECT_DONE,
        [EFFECT_RETRY] = RECORD_EFFECT_RETRY,
        [EFFECT_FAILED] = RECORD_EFFECT_FAILED};
    flight->record = records[answer];
    flight->state = FLIGHT_ANSWERED;
    int64_t delay = delay_ms > 0 ? delay_ms : effects_delay_ms(flight->attempts);
    flight->next_ms = wallclock_now_ms(f->clock) + delay;
    if (why != NULL) {
        flight->why = short_text(why);
    }
    look_for_room(f, owner);
    return true;
}

/* --- takers, life ----------------------------------------------------------------------------- */

void *effects_owner(const struct effects *f, const char *kind)
{
    for (size_t i = 0; i < f->taker_count; i++) {
        if (f->takers[i]->owner != NULL && strcmp(f->takers[i]->kind, kind) == 0) {
            return f->takers[i]->owner;
        }
    }
    return NULL;
}

bool effects_add_taker(struct effects *f, const char *kind, effect_take_fn take, void *owner)
{
    assert(owner != NULL);
    if (effects_owner(f, kind) != NULL || strcmp(kind, LETTER_KIND) == 0) {
        return false; /* letters between cases are the engine's own */
    }
    struct taker *t = mem_alloc(sizeof(*t));
    *t = (struct taker){.effects = f, .kind = mem_strdup(kind), .take = take, .owner = owner};
    f->takers = mem_resize(f->takers, (f->taker_count + 1) * sizeof(struct taker *));
    f->takers[f->taker_count++] = t;
    return true;
}

void effects_drop_owner(struct effects *f, void *owner)
{
    for (size_t i = 0; i < f->taker_count; i++) {
        if (f->takers[i]->owner == owner) {
            f->takers[i]->owner = NULL;
        }
    }
    for (size_t i = f->flight_count; i-- > 0;) {
        struct flight *flight = &f->flights[i];
        if (flight->owner == owner && flight->state == FLIGHT_HELD) {
            drop_flight(f, flight);
        }
    }
    /* Its kinds have become kinds nobody takes: count from the beginning. */
    json_object_clear(f->untaken);
    f->untaken_cursor = 0;
    f->untaken_restart = f->untaken_asking;
    look_untaken(f);
}

bool effects_idle(const struct effects *f)
{
    for (size_t i = 0; i < f->flight_count; i++) {
        if (f->flights[i].state == FLIGHT_ANSWERED) {
            return false;
        }
    }
    return f->under_way == 0;
}

json_t *effects_status(const struct effects *f)
{
    size_t held = 0;
    for (size_t i = 0; i < f->flight_count; i++) {
        held += f->flights[i].state == FLIGHT_HELD;
    }
    return json_pack("{s:I, s:I, s:I, s:I, s:O}", "held", (json_int_t)held, "done",
        (json_int_t)f->done, "retried", (json_int_t)f->retried, "failed", (json_int_t)f->failed,
        "untaken", f->untaken);
}

struct effects *effects_open(struct store *store, const struct wallclock *clock, struct loop *loop)
{
    struct effects *f = mem_alloc(sizeof(*f));
    f->store = store;
    f->clock = clock;
    f->loop = loop;
    f->retry_ms = INT64_MAX;
    f->untaken = json_object();
    f->timer = timer_open(loop, on_timer, f);
    loop_on_turn(loop, TURN_FLUSH, flush, f);
    schedule(f);
    return f;
}

static void free_if_last(struct effects *f)
{
    if (!f->closed || f->under_way > 0) {
        return;
    }
    for (size_t i = 0; i < f->taker_count; i++) {
        mem_free(f->takers[i]->kind);
        mem_free(f->takers[i]);
    }
    while (f->flight_count > 0) {
        drop_flight(f, f->flights);
    }
    mem_free(f->takers);
    mem_free(f->flights);
    json_decref(f->untaken);
    mem_free(f);
}

void effects_free(struct effects *f)
{
    if (f == NULL) {
        return;
    }
    flush(f);
    for (int ms = 0; f->under_way > 0 && ms < FREE_WAIT_MS; ms++) {
        if (store_poll(f->store) == 0 && f->under_way > 0) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    loop_off_turn(f->loop, TURN_FLUSH, flush, f);
    timer_free(f->timer);
    f->closed = true;
    free_if_last(f); /* or the last callback does */
}
