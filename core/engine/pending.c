/* engine/pending.c — see pending.h. */
#include "engine/pending.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct pending *pending_new(struct engine *e, const struct command *c, command_cb done, void *ctx)
{
    struct pending *p = mem_alloc(sizeof *p);
    p->engine = e;
    p->lang = lang_current();
    p->command = *c;
    p->done = done;
    p->ctx = ctx;
    p->case_id = c->case_id;
    p->command.number = p->number = mem_strdup(c->number);
    p->command.actor.user = p->user = mem_strdup(c->actor.user);
    p->command.actor.role = p->role = mem_strdup(c->actor.role);
    p->command.key = p->key = mem_strdup(c->key);
    p->command.method = p->method = mem_strdup(c->method);
    p->command.args = p->args = c->args == NULL ? json_object() : json_incref((json_t *)c->args);
    p->alive = &e->alive;
    p->alive_next = e->alive;
    if (e->alive != NULL) {
        e->alive->alive = &p->alive_next;
    }
    e->alive = p;
    e->undelivered++;
    return p;
}

void pending_free(struct pending *p)
{
    *p->alive = p->alive_next;
    if (p->alive_next != NULL) {
        p->alive_next->alive = p->alive;
    }
    mem_free(p->number);
    mem_free(p->user);
    mem_free(p->role);
    mem_free(p->key);
    mem_free(p->method);
    mem_free(p->stored);
    mem_free(p->text);
    json_decref(p->args);
    json_decref(p->result);
    json_decref(p->event);
    json_decref(p->replay);
    err_clear(&p->err);
    mem_free(p);
}

void pending_finish(struct pending *p)
{
    p->next = NULL;
    *p->engine->finished_end = p;
    p->engine->finished_end = &p->next;
}

/* A copy of an error that shares its data. */
static void err_copy(struct err *to, const struct err *from)
{
    *to = *from;
    json_incref(to->data);
}

void pending_fail(struct pending *p, const struct err *err)
{
    err_clear(&p->err);
    err_copy(&p->err, err);
    pending_finish(p);
}

bool pending_joins(struct pending *p)
{
    if (p->key == NULL || p->command.dry_run) {
        return false;
    }
    struct pending *first = NULL;
    HASH_FIND_STR(p->engine->by_key, p->key, first);
    if (first == NULL) {
        HASH_ADD_KEYPTR(hh, p->engine->by_key, p->key, strlen(p->key), p);
        return false;
    }
    if (first == p) {
        return false; /* decided again after a conflict */
    }
    bool same = memcmp(&first->command.params_hash, &p->command.params_hash, DIGEST_SIZE) == 0 &&
                text_equal(first->user, p->user) && text_equal(first->method, p->method);
    if (same) {
        p->twins = first->twins;
        first->twins = p;
    } else {
        struct err err = {0};
        err_set(&err, ERR_KEY_REUSED, _("This key is being used for something else right now"));
        pending_fail(p, &err);
    }
    return true;
}

static void leave_key(struct pending *p)
{
    struct pending *holder = NULL;
    if (p->key != NULL) {
        HASH_FIND_STR(p->engine->by_key, p->key, holder);
    }
    if (holder == p) {
        HASH_DEL(p->engine->by_key, p);
    }
}

static void call_back(const struct pending *outcome, struct pending *to, bool twin)
{
    struct command_result r = {
        .result = outcome->result,
        .text = outcome->text,
        .stored = outcome->stored,
        .err = outcome->err.code == ERR_NONE ? NULL : &outcome->err,
    };
    if (twin && r.err == NULL && r.stored == NULL) {
        r.stored = outcome->text;
    }
    to->engine->undelivered--;
    if (to->done != NULL) {
        to->done(&r, to->ctx);
    }
}

void pending_abandon(struct engine *e)
{
    HASH_CLEAR(hh, e->by_key);
    while (e->alive != NULL) {
        pending_free(e->alive);
    }
    e->finished = NULL;
}

void pending_deliver(struct engine *e)
{
    while (e->finished != NULL) {
        struct pending *p = e->finished;
        e->finished = p->next;
        if (e->finished == NULL) {
            e->finished_end = &e->finished;
        }
        leave_key(p);
        call_back(p, p, false);
        while (p->twins != NULL) {
            struct pending *twin = p->twins;
            p->twins = twin->twins;
            call_back(p, twin, true);
            pending_free(twin);
        }
        pending_free(p);
    }
}
