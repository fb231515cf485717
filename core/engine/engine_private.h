/* engine/engine_private.h — what the files of this room share; nobody else includes it. */
#ifndef FQ_ENGINE_PRIVATE_H
#define FQ_ENGINE_PRIVATE_H

#include "base/lang.h"
#include "engine/engine.h"

#include <uthash.h>

enum {
    CACHE_CASES_DEFAULT = 10000, /* ~4 KiB each: 40 MiB for the desks of a city */
    DUE_WINDOW_DEFAULT = 4096,   /* a midnight herd refills in pages; 16 bytes per entry */
    DUE_PER_TURN_MAX = 64,       /* clocks leave most of a batch to people */
    DUE_IN_FLIGHT_MAX = 128,     /* what a person's act may find before it on the way to the disk */
    UNITS_IN_FLIGHT_MAX = 20000, /* beyond that a new command is told to come back */
    CONFLICT_RETRIES_MAX = 5,    /* another writer won five times in a row: tell the user */
    HOOKS_MAX = 32,              /* plugins and subscriptions, few and fixed at start */
    NOTE_CHARS_MAX = 2000,
    PARTIES_MAX = 200,
};

/* One version of a flow with its script. */
struct flow_entry {
    struct flow *flow;     /* owned */
    struct script *script; /* owned */
    bool current;
    json_t *possible; /* owned: {state profile: actions}, as they were asked for (page_result) */
};

struct slot;
typedef void (*slot_cb)(struct engine *e, struct slot *slot, const struct err *err, void *ctx);

/* A command on its way: copied out of the caller's memory, alive until its callback. */
struct pending {
    struct command command; /* strings below are owned copies */
    char *number, *user, *role, *key, *method;
    json_t *args; /* owned reference */
    command_cb done;
    void *ctx;
    int conflicts;
    enum lang lang; /* of whoever asked: words are made when the case is there */
    struct engine *engine;
    struct pending *next;  /* among the finished */
    struct pending *twins; /* same key, arrived while this one was in flight */
    /* the outcome */
    json_t *result; /* owned */
    char *stored;   /* owned */
    char *text;     /* owned: result as it was written for the key; may be NULL */
    struct err err;
    /* while in the store */
    int64_t case_id;
    json_t *event; /* owned: what listeners will be told, without seq */
    int64_t version, wake_ms;
    bool has_effects, has_letters;
    int clocks_fired;
    int64_t behind_ms; /* of the latest of these clocks */
    /* COMMAND_UNDO, see undo.h */
    json_t *replay; /* owned; {events, effects} up to replay_version */
    int64_t replay_version;
    slot_cb replay_next;
    UT_hash_handle hh; /* by key, while in flight */
    struct pending **alive,
        *alive_next; /* in the engine's list of all: who points here, and next */
};

/* A case in memory. */
struct slot {
    int64_t case_id;
    struct casefile *kase; /* owned; NULL while loading */
    bool loading;
    bool due_asked;         /* a COMMAND_DUE is on its way */
    int in_flight;          /* units of this case not yet durable */
    uint64_t generation;    /* counts drops: completions of an older one do not touch it */
    struct waiter *waiters; /* for loading, first in first out */
    struct waiter **waiters_end;
    struct waiter
        *readers; /* want it once nothing of it is in flight: the undurable is not shown */
    struct slot *newer, *older; /* use order */
    UT_hash_handle hh;
};

/* Someone waiting for a case to be in memory. */
struct waiter {
    slot_cb done;
    void *ctx;
    struct waiter *next;
};

/* Letters between cases on their way (courier.h). */
struct courier {
    bool wanted; /* there may be new ones behind the cursor */
    bool asking;
    int64_t cursor;         /* id of the last one that was seen */
    struct flight *flights; /* those being delivered; owned */
};

struct counter;   /* counter.h */
struct scheduler; /* scheduler.h */

struct engine {
    struct store *store;     /* borrowed */
    struct wallclock *clock; /* borrowed */
    struct org *org;
    struct access *access;
    struct terms *terms;
    struct taxonomy *taxonomy;
    struct calendar *calendar;
    struct flow_entry *flows;
    size_t flow_count;
    uint64_t stamps; /* last one given to a working copy */

    struct slot *slots; /* hash by case_id */
    struct slot *newest, *oldest;
    size_t cache_max;
    struct counter *counters;
    int64_t last_case;

    struct pending *alive;                    /* every command on its way; owned */
    struct pending *by_key;                   /* hash of keyed commands in flight */
    struct pending *finished, **finished_end; /* outcomes to deliver at the end of the turn */
    size_t undelivered;
    struct store_unit **batch; /* open batch, in order of decision */
    size_t batch_count, batch_cap;
    size_t in_flight;   /* units handed to the store */
    size_t loading;     /* questions asked and not yet answered */
    struct load *loads; /* by the cache, among them */

    struct courier courier;
    struct scheduler *due;
    bool refilling;
    int64_t refill_after_ms; /* the store could not be asked: not again before */
    size_t due_in_flight;    /* COMMAND_DUEs not yet answered */
    bool read_only, probing;
    struct err read_only_why;

    struct {
        engine_veto_fn fn;
        void *ctx;
    } vetoes[HOOKS_MAX];
    size_t veto_count;
    struct {
        engine_listener_fn fn;
        void *ctx;
    } listeners[HOOKS_MAX];
    size_t listener_count;
    struct {
        engine_effects_fn fn;
        void *ctx;
    } effect_fns[HOOKS_MAX];
    size_t effect_fn_count;

    struct {
        int64_t accepted, refused, replayed, conflicts, failed, clocks_fired, script_errors;
        int64_t lateness_max_ms; /* of a clock step behind its time */
    } stats;
};

int64_t engine_now_ms(const struct engine *e);
const struct flow_entry *engine_entry(const struct engine *e, const char *version);
const struct flow_entry *engine_entry_current(const struct engine *e, const char *id);

#endif
