/* engine/read.c — reading a case under a right. What is not durable yet is not shown: a reader of a
 * case with units in flight waits for them. */
#include "engine/read.h"

#include "engine/cache.h"

#include "base/memory.h"

struct reading {
    struct actor actor;
    char *user, *role, *right;
    enum lang lang;
    case_cb done;
    void *ctx;
};

void read_later(struct slot *slot, slot_cb done, void *ctx)
{
    struct waiter *w = mem_alloc(sizeof *w);
    w->done = done;
    w->ctx = ctx;
    struct waiter **end = &slot->readers;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = w;
}

void read_wake(struct engine *e, struct slot *slot)
{
    struct waiter *list = slot->readers;
    slot->readers = NULL;
    while (list != NULL) {
        struct waiter *w = list;
        list = w->next;
        cache_get(e, slot->case_id, w->done, w->ctx);
        mem_free(w);
    }
}

static void on_read(struct engine *e, struct slot *slot, const struct err *failure, void *ctx)
{
    struct reading *r = ctx;
    struct err err = {0};
    lang_use(r->lang);
    if (slot != NULL && slot->in_flight > 0) {
        read_later(slot, on_read, r);
        return;
    }
    struct date today = date_of_instant(engine_now_ms(e));
    if (slot == NULL) {
        r->done(NULL, failure, r->ctx);
    } else if (!access_case(e->access, e->org, &r->actor, r->right, slot->kase, today, &err)) {
        r->done(NULL, &err, r->ctx);
    } else {
        r->done(slot->kase, NULL, r->ctx);
    }
    err_clear(&err);
    mem_free(r->user);
    mem_free(r->role);
    mem_free(r->right);
    mem_free(r);
}

void engine_read(struct engine *e, const char *number_or_id, const struct actor *actor,
    const char *right, case_cb done, void *ctx)
{
    struct reading *r = mem_alloc(sizeof *r);
    r->actor = *actor;
    r->actor.user = r->user = mem_strdup(actor->user);
    r->actor.role = r->role = mem_strdup(actor->role);
    r->right = mem_strdup(right);
    r->lang = lang_current();
    r->done = done;
    r->ctx = ctx;
    cache_find(e, number_or_id, on_read, r);
}
