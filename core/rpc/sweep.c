/* rpc/sweep.c — see sweep.h. Three steps: a worker lists what is old, the store says what of it was
 * ever attached, a worker removes the rest unless it was touched since. */
#include "rpc/sweep.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/wallclock.h"
#include "io/loop.h"
#include "io/timer.h"
#include "io/work.h"
#include "store/files.h"
#include "store/store.h"

enum { PAGE = 500 }; /* hashes in one question */

struct sweep {
    struct loop *loop;
    struct store *store;
    struct files *files; /* owned */
    int64_t keep_ms, before_s;
    struct timer *timer; /* owned */
    json_t *old;         /* owned: hashes to look at, from `at` on */
    size_t at;
    json_t *orphans; /* owned */
    bool working, closed;
};

static void ask_page(struct sweep *s);

static void end(struct sweep *s)
{
    json_decref(s->old);
    json_decref(s->orphans);
    s->old = s->orphans = NULL;
    if (s->closed) {
        files_free(s->files);
        mem_free(s);
    } else {
        timer_once(s->timer, MS_PER_DAY);
    }
}

/* --- removing --------------------------------------------------------------------------------- */

static void remove_run(void *ctx)
{
    struct sweep *s = ctx;
    for (size_t i = 0; i < json_array_size(s->orphans); i++) {
        files_remove(s->files, json_string_value(json_array_get(s->orphans, i)), s->before_s);
    }
}

static void remove_done(void *ctx)
{
    struct sweep *s = ctx;
    s->working = false;
    log_event(LOG_INFO, "files", "swept", "removed=%zu", json_array_size(s->orphans));
    end(s);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void on_attached(json_t *answer, const struct err *err, void *ctx)
{
    struct sweep *s = ctx;
    json_t *attached = json_object();
    if (answer == NULL) {
        log_event(LOG_WARNING, "files", "sweep_failed", "error=\"%s\"", err->message);
        json_decref(attached);
        end(s);
        return;
    }
    for (size_t i = 0; i < json_array_size(answer); i++) {
        json_object_set_new(attached, json_text(json_array_get(answer, i), "hash"), json_true());
    }
    for (size_t n = 0; n < PAGE && s->at < json_array_size(s->old); n++) {
        json_t *hash = json_array_get(s->old, s->at++);
        if (json_object_get(attached, json_string_value(hash)) == NULL) {
            json_array_append(s->orphans, hash);
        }
    }
    json_decref(attached);
    ask_page(s);
}

static void ask_page(struct sweep *s)
{
    if (s->at < json_array_size(s->old)) {
        json_t *page = json_array();
        for (size_t i = s->at; i < s->at + PAGE && i < json_array_size(s->old); i++) {
            json_array_append(page, json_array_get(s->old, i));
        }
        store_ask(s->store, ASK_ATTACHED, json_pack("{s:o}", "hashes", page), on_attached, s);
        return;
    }
    s->working = true;
    work_start(s->loop, remove_run, remove_done, s);
}

/* --- listing ---------------------------------------------------------------------------------- */

static void list_run(void *ctx)
{
    struct sweep *s = ctx;
    s->old = files_old(s->files, s->before_s);
}

static void list_done(void *ctx)
{
    struct sweep *s = ctx;
    s->working = false;
    if (s->closed || json_array_size(s->old) == 0) {
        end(s);
    } else {
        ask_page(s);
    }
}

static void begin(void *ctx)
{
    struct sweep *s = ctx;
    /* Real time: files have no other, and a virtual clock that jumps must not make them old. */
    int64_t now_ms = wallclock_now_ms(&(struct wallclock){0});
    s->before_s = (now_ms - s->keep_ms) / MS_PER_SECOND;
    s->at = 0;
    s->orphans = json_array();
    s->working = true;
    work_start(s->loop, list_run, list_done, s);
}

struct sweep *sweep_open(
    struct loop *loop, struct store *store, struct files *files, int64_t keep_ms)
{
    struct sweep *s = mem_alloc(sizeof(*s));
    *s = (struct sweep){.loop = loop, .store = store, .files = files, .keep_ms = keep_ms};
    s->timer = timer_open(loop, begin, s);
    timer_once(s->timer, 0);
    return s;
}

void sweep_free(struct sweep *s)
{
    if (s == NULL) {
        return;
    }
    timer_free(s->timer);
    s->closed = true;
    if (!s->working) {
        end(s); /* a question to the store that is under way is not answered any more */
    }
}
