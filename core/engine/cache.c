/* engine/cache.c — see cache.h. */
#include "engine/cache.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CASE_ID_DIGITS_MAX = 18 };

int64_t case_id_parse(const char *text)
{
    if (text[0] != 'c' || strlen(text) < 2 || strlen(text) > CASE_ID_DIGITS_MAX + 1 ||
        strspn(text + 1, "0123456789") != strlen(text + 1)) {
        return 0;
    }
    return strtoll(text + 1, NULL, 10);
}

char *case_id_text(int64_t id)
{
    return mem_printf("c%lld", (long long)id);
}

/* --- order of use --------------------------------------------------------------------------- */

static void unlink_slot(struct engine *e, struct slot *s)
{
    *(s->newer != NULL ? &s->newer->older : &e->newest) = s->older;
    *(s->older != NULL ? &s->older->newer : &e->oldest) = s->newer;
    s->newer = s->older = NULL;
}

static void link_newest(struct engine *e, struct slot *s)
{
    s->older = e->newest;
    if (e->newest != NULL) {
        e->newest->newer = s;
    }
    e->newest = s;
    if (e->oldest == NULL) {
        e->oldest = s;
    }
}

static struct slot *slot_new(struct engine *e, int64_t case_id)
{
    struct slot *s = mem_alloc(sizeof *s);
    s->case_id = case_id;
    s->waiters_end = &s->waiters;
    HASH_ADD(hh, e->slots, case_id, sizeof s->case_id, s);
    link_newest(e, s);
    return s;
}

static void slot_free(struct engine *e, struct slot *s)
{
    assert(s->waiters == NULL);
    HASH_DEL(e->slots, s);
    unlink_slot(e, s);
    casefile_free(s->kase);
    mem_free(s);
}

static void wait_for(struct slot *s, slot_cb done, void *ctx)
{
    struct waiter *w = mem_alloc(sizeof *w);
    w->done = done;
    w->ctx = ctx;
    *s->waiters_end = w;
    s->waiters_end = &w->next;
}

/* Everyone who waited goes on, in the order of arrival. */
static void wake_waiters(struct engine *e, struct slot *s, const struct err *err)
{
    struct waiter *list = s->waiters;
    s->waiters = NULL;
    s->waiters_end = &s->waiters;
    while (list != NULL) {
        struct waiter *w = list;
        list = w->next;
        w->done(e, err == NULL ? s : NULL, err, w->ctx);
        mem_free(w);
    }
}

/* --- loading -------------------------------------------------------------------------------- */

struct load {
    struct load *next, **link; /* in engine.loads: those of a closing engine hear no answer */
    struct engine *engine;
    int64_t case_id; /* 0: asked by number */
    uint64_t generation;
    char *number;
    bool by_tail; /* the number itself was not found; this is the second question */
    slot_cb done;
    void *ctx;
};

static struct load *load_new(struct engine *e)
{
    struct load *load = mem_alloc(sizeof *load);
    load->engine = e;
    load->next = e->loads;
    load->link = &e->loads;
    if (load->next != NULL) {
        load->next->link = &load->next;
    }
    e->loads = load;
    return load;
}

static void load_free(struct load *load)
{
    *load->link = load->next;
    if (load->next != NULL) {
        load->next->link = load->link;
    }
    mem_free(load->number);
    mem_free(load);
}

/* Perhaps by another daemon: the next case registered here must have another id. */
static void id_is_taken(struct engine *e, int64_t case_id)
{
    e->last_case = case_id > e->last_case ? case_id : e->last_case;
}

static struct casefile *restore(json_t *answer, struct err *err)
{
    return casefile_restore(
        json_object_get(answer, "snapshot"), json_object_get(answer, "fields"), err);
}

/* Loading failed for good: the waiters hear why, the slot goes. */
static void load_failed(struct engine *e, struct slot *s, const struct err *err)
{
    s->loading = false;
    wake_waiters(e, s, err);
    if (s->waiters == NULL && s->kase == NULL && !s->loading && s->in_flight == 0) {
        slot_free(e, s);
    }
}

static void load_slot(struct engine *e, struct slot *s);

static void on_case_by_id(json_t *answer, const struct err *failure, void *ctx)
{
    struct load *load = ctx;
    struct engine *e = load->engine;
    e->loading--;
    struct slot *s = NULL;
    HASH_FIND(hh, e->slots, &load->case_id, sizeof load->case_id, s);
    assert(s != NULL && s->loading);
    struct err err = {0};
    if (s->kase != NULL) {
        s->loading = false; /* it was registered while it was being asked for */
        wake_waiters(e, s, NULL);
    } else if (s->generation != load->generation) {
        load_slot(e, s); /* dropped while it was being read: read again */
    } else if (answer == NULL) {
        load_failed(e, s, failure);
    } else if (json_is_null(answer)) {
        err_set(&err, ERR_NOT_FOUND, _("There is no such case"));
        load_failed(e, s, &err);
    } else if ((s->kase = restore(answer, &err)) == NULL) {
        load_failed(e, s, &err);
    } else {
        id_is_taken(e, s->case_id);
        s->loading = false;
        wake_waiters(e, s, NULL);
    }
    err_clear(&err);
    load_free(load);
}

static void load_slot(struct engine *e, struct slot *s)
{
    struct load *load = load_new(e);
    load->case_id = s->case_id;
    load->generation = s->generation;
    s->loading = true;
    e->loading++;
    store_ask(
        e->store, ASK_CASE, json_pack("{s:I}", "id", (json_int_t)s->case_id), on_case_by_id, load);
}

void cache_get(struct engine *e, int64_t case_id, slot_cb done, void *ctx)
{
    struct slot *s = cache_peek(e, case_id);
    if (s != NULL && s->kase != NULL) {
        unlink_slot(e, s);
        link_newest(e, s);
        done(e, s, NULL, ctx);
        return;
    }
    if (s == NULL) {
        s = slot_new(e, case_id);
    }
    wait_for(s, done, ctx);
    if (!s->loading) {
        load_slot(e, s);
    }
}

static void several_found(json_t *numbers, struct err *err, const char *typed)
{
    const char *first = json_string_value(json_array_get(numbers, 0));
    const char *second = json_string_value(json_array_get(numbers, 1));
    err_set(err, ERR_PARAMS, _("\"%s\" fits %zu cases"), typed, json_array_size(numbers));
    err_hint(err, _("Type more of the number: %s, %s …"), first != NULL ? first : "",
        second != NULL ? second : "");
    err_data(err, "several", json_incref(numbers));
}

static void ask_number(struct load *load);

static void on_case_by_number(json_t *answer, const struct err *failure, void *ctx)
{
    struct load *load = ctx;
    struct engine *e = load->engine;
    struct err err = {0};
    e->loading--;
    if (answer == NULL) {
        load->done(e, NULL, failure, load->ctx);
    } else if (json_is_null(answer) && !load->by_tail) {
        load->by_tail = true;
        ask_number(load);
        return;
    } else if (json_is_null(answer)) {
        /* The same words as for a case the asker may not know of. */
        err_set(&err, ERR_NOT_FOUND, _("There is no such case"));
        load->done(e, NULL, &err, load->ctx);
    } else if (json_object_get(answer, "several") != NULL) {
        several_found(json_object_get(answer, "several"), &err, load->number);
        load->done(e, NULL, &err, load->ctx);
    } else {
        /* Memory may be ahead of what was just read: the slot decides. */
        int64_t id = json_number(answer, "id", 0);
        struct slot *s = cache_peek(e, id);
        struct casefile *c = s == NULL ? restore(answer, &err) : NULL;
        if (s != NULL || c != NULL) {
            if (s == NULL) {
                s = cache_add(e, c);
            }
            cache_get(e, id, load->done, load->ctx);
        } else {
            load->done(e, NULL, &err, load->ctx);
        }
    }
    err_clear(&err);
    load_free(load);
}

static void ask_number(struct load *load)
{
    struct engine *e = load->engine;
    json_t *args = json_object();
    json_put_text(args, load->by_tail ? "suffix" : "number", load->number);
    e->loading++;
    store_ask(e->store, ASK_CASE, args, on_case_by_number, load);
}

void cache_find(struct engine *e, const char *number, slot_cb done, void *ctx)
{
    int64_t id = case_id_parse(number);
    if (id > 0) {
        cache_get(e, id, done, ctx);
        return;
    }
    struct load *load = load_new(e);
    load->number = mem_strdup(number);
    load->done = done;
    load->ctx = ctx;
    ask_number(load);
}

struct slot *cache_peek(struct engine *e, int64_t case_id)
{
    struct slot *s = NULL;
    HASH_FIND(hh, e->slots, &case_id, sizeof case_id, s);
    return s;
}

struct slot *cache_add(struct engine *e, struct casefile *c)
{
    struct slot *s = cache_peek(e, c->id);
    if (s == NULL) {
        s = slot_new(e, c->id);
    }
    assert(s->kase == NULL); /* left by a case that was not written, or asked for too early */
    s->kase = c;
    id_is_taken(e, c->id);
    return s;
}

void slot_replace(struct slot *s, struct casefile *next)
{
    casefile_free(s->kase);
    s->kase = next;
}

void cache_drop(struct engine *e, int64_t case_id)
{
    struct slot *s = cache_peek(e, case_id);
    if (s == NULL) {
        return;
    }
    s->generation++;
    s->due_asked = false;
    casefile_free(s->kase);
    s->kase = NULL;
    if (s->waiters != NULL && !s->loading) {
        load_slot(e, s);
    }
}

void cache_trim(struct engine *e)
{
    struct slot *s = e->oldest;
    while (s != NULL && HASH_COUNT(e->slots) > e->cache_max) {
        struct slot *newer = s->newer;
        if (s->in_flight == 0 && !s->loading && s->waiters == NULL && s->readers == NULL &&
            !s->due_asked) {
            slot_free(e, s);
        }
        s = newer;
    }
}

static void forget(struct waiter **list)
{
    while (*list != NULL) {
        struct waiter *w = *list;
        *list = w->next;
        mem_free(w);
    }
}

void cache_free(struct engine *e)
{
    struct slot *s, *next;
    HASH_ITER(hh, e->slots, s, next)
    {
        forget(&s->waiters);
        forget(&s->readers);
        slot_free(e, s);
    }
    while (e->loads != NULL) {
        load_free(e->loads);
    }
}
