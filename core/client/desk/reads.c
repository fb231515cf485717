/* client/desk/reads.c — see reads.h. */
#include "client/desk/reads.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/copies.h"
#include "client/remote.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    char *key;      /* owned: method and canonical params */
    char *method;   /* owned */
    char *number;   /* owned; of the case it is about, or NULL */
    json_t *params; /* owned; NULL: none */
    json_t *result;
    int64_t copy_ms;
    struct err why;
    bool refused, waiting, stale;
    struct reads *reads; /* borrowed */
    struct entry *next;
};

struct reads {
    struct client *client;
    struct line *line;
    struct entry *entries;
    void (*changed)(void *ctx);
    void *ctx;
};

struct reads *reads_open(
    struct client *client, struct line *line, void (*changed)(void *ctx), void *ctx)
{
    struct reads *r = mem_alloc(sizeof *r);
    r->client = client;
    r->line = line;
    r->changed = changed;
    r->ctx = ctx;
    return r;
}

static void entry_free(struct entry *e)
{
    json_decref(e->result);
    json_decref(e->params);
    err_clear(&e->why);
    mem_free(e->key);
    mem_free(e->method);
    mem_free(e->number);
    mem_free(e);
}

void reads_free(struct reads *r)
{
    if (r == NULL) {
        return;
    }
    while (r->entries != NULL) {
        struct entry *e = r->entries;
        r->entries = e->next;
        entry_free(e);
    }
    mem_free(r);
}

/* Pages that are worth reading without a line. */
static bool keeps(const char *method)
{
    static const char *const kept[] = {
        "inbox.list", "case.get", "case.timeline", "case.list", "auth.whoami"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (strcmp(kept[i], method) == 0) {
            return true;
        }
    }
    return false;
}

static struct entry *find(struct reads *r, const char *method, const json_t *params)
{
    char *text = params != NULL ? json_canonical(params) : NULL;
    char *key = mem_printf("%s %s", method, text != NULL ? text : "");
    free(text);
    for (struct entry *e = r->entries; e != NULL; e = e->next) {
        if (strcmp(e->key, key) == 0) {
            mem_free(key);
            return e;
        }
    }
    struct entry *e = mem_alloc(sizeof *e);
    e->key = key;
    e->method = mem_strdup(method);
    e->number = mem_strdup(json_text(params, "case"));
    e->params = json_copy((json_t *)params);
    if (keeps(method) && r->client != NULL) {
        e->result = remote_copy(r->client, method, params, &e->copy_ms);
    }
    e->stale = true;
    e->reads = r;
    e->next = r->entries;
    r->entries = e;
    return e;
}

static void keep(const struct entry *e)
{
    struct client *c = e->reads->client;
    struct copies *copies = keeps(e->method) && c != NULL ? remote_copies(c) : NULL;
    if (copies != NULL) {
        copies_put(copies, e->method, e->params, e->result, wallclock_now_ms(&c->clock));
    }
}

static void answered(void *ctx, const json_t *result, const struct err *why)
{
    struct entry *e = ctx;
    e->waiting = false;
    if (why != NULL && why->code == ERR_OFFLINE) {
        e->stale = true; /* is asked again when the line is back */
    } else {
        e->refused = why != NULL;
        err_clear(&e->why);
        if (why != NULL) {
            err_set(&e->why, why->code, "%s", why->message);
            err_hint(&e->why, "%s", why->hint);
        }
        if (result != NULL) {
            json_decref(e->result);
            e->result = json_incref((json_t *)result);
            e->copy_ms = 0;
            keep(e);
        }
    }
    e->reads->changed(e->reads->ctx);
}

static void ask(struct reads *r, struct entry *e)
{
    char id[UUID_TEXT];
    random_uuid7(wallclock_now_ms(&r->client->clock), id);
    json_t *request = remote_request(id, e->method, e->params, NULL, remote_token(r->client));
    if (line_send(r->line, request, answered, e)) {
        e->waiting = true;
        e->stale = false;
    }
    json_decref(request);
}

struct reading reads_get(struct reads *r, const char *method, const json_t *params)
{
    struct entry *e = find(r, method, params);
    if (e->stale && !e->waiting && r->line != NULL) {
        ask(r, e);
    }
    return (struct reading){
        e->result, e->refused ? &e->why : NULL, e->waiting, e->stale, e->copy_ms};
}

struct reading reads_case(struct reads *r, const char *method, const char *number)
{
    json_t *params = json_pack("{s:s}", "case", number);
    struct reading reading = reads_get(r, method, params);
    json_decref(params);
    return reading;
}

void reads_put(struct reads *r, const char *method, const json_t *params, const json_t *result)
{
    struct entry *e = find(r, method, params);
    json_decref(e->result);
    e->result = json_incref((json_t *)result);
    e->copy_ms = 0;
    e->stale = false;
}

/* Answers that do not change while somebody works. */
static bool lasts(const char *method)
{
    static const char *const lasting[] = {
        "calendar.due", "org.bodies", "org.places", "org.members", "flow.get", "flow.list"};
    for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; i++) {
        if (strcmp(lasting[i], method) == 0) {
            return true;
        }
    }
    return false;
}

void reads_stale(struct reads *r, const char *number)
{
    for (struct entry *e = r->entries; e != NULL; e = e->next) {
        bool concerned = number == NULL || e->number == NULL || text_equal(e->number, number);
        if (concerned && !(lasts(e->method) && e->result != NULL)) {
            e->stale = true;
        }
    }
}

void reads_forget(struct reads *r, const char *method)
{
    for (struct entry **at = &r->entries; *at != NULL;) {
        struct entry *e = *at;
        if (strcmp(e->method, method) == 0 && !e->waiting) {
            *at = e->next;
            entry_free(e);
        } else {
            at = &e->next;
        }
    }
}
