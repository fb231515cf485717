/* client/desk/outgo.c — see outgo.h. */
#include "client/desk/outgo.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "client/outbox_order.h"
#include "client/remote.h"

#include <stdlib.h>
#include <string.h>

enum { RETRY_S = 5 }; /* after "overloaded", "read only" and the like */

struct outgo {
    struct client *client; /* borrowed; has the outbox open */
    struct line *line;
    struct outgo_hooks hooks;
    char *sender;   /* owned */
    json_t *list;   /* owned; see outgo_list() */
    json_t *fresh;  /* owned: keys made while the line was up; their refusals are read at once */
    json_t *flying; /* owned: the request that is out, or NULL */
    int64_t pause_until_us;
    bool stopped; /* the login is not valid any more */
};

static void add_folder(struct outgo *o, enum outbox_folder folder)
{
    json_t *entries = outbox_list(o->client->outbox, folder);
    for (size_t i = 0; i < json_array_size(entries); i++) {
        json_t *entry = json_array_get(entries, i);
        json_put_text(entry, "folder", outbox_folder_name(folder));
        if (outbox_is_of(entry, o->sender)) {
            json_array_append(o->list, entry);
        }
    }
    json_decref(entries);
}

static void refresh(struct outgo *o)
{
    json_decref(o->list);
    o->list = json_array();
    add_folder(o, OUTBOX_NEW);
    add_folder(o, OUTBOX_CONFLICT);
}

struct outgo *outgo_open(
    struct client *client, struct line *line, struct outgo_hooks hooks, struct err *err)
{
    if (!remote_outbox(client, err)) {
        return NULL;
    }
    struct outgo *o = mem_alloc(sizeof *o);
    o->client = client;
    o->line = line;
    o->hooks = hooks;
    o->sender = remote_sender(client);
    o->fresh = json_array();
    refresh(o);
    return o;
}

void outgo_free(struct outgo *o)
{
    if (o != NULL) {
        json_decref(o->list);
        json_decref(o->fresh);
        json_decref(o->flying);
        mem_free(o->sender);
        mem_free(o);
    }
}

bool outgo_put(
    struct outgo *o, const char *method, json_t *params, char key_out[UUID_TEXT], struct err *err)
{
    random_uuid7(wallclock_now_ms(&o->client->clock), key_out);
    json_t *request = remote_change_request(o->client, key_out, method, params);
    char *line = json_compact(request);
    bool ok = outbox_put(o->client->outbox, key_out, line, err);
    if (ok && line_state(o->line) == LINE_UP) {
        json_array_add_once(o->fresh, key_out);
    }
    free(line);
    json_decref(request);
    o->pause_until_us = 0;
    refresh(o);
    return ok;
}

static const char *key_of(const json_t *request)
{
    return json_text(request, "id");
}

static bool is_fresh(const struct outgo *o, const char *key)
{
    return json_array_has(o->fresh, key);
}

static void file_answer(struct outgo *o, const json_t *result, const struct err *why)
{
    const char *key = key_of(o->flying);
    if (result != NULL) {
        outbox_move(o->client->outbox, key, OUTBOX_NEW, OUTBOX_SENT, result, NULL);
    } else if (err_info(why->code)->retryable) {
        o->pause_until_us = monotonic_us() + RETRY_S * INT64_C(1000000);
    } else {
        o->stopped = why->code == ERR_UNAUTHENTICATED;
        remote_settle_refused(o->client, key, o->stopped || !is_fresh(o, key), why);
    }
}

static void answered(void *ctx, const json_t *result, const struct err *why)
{
    struct outgo *o = ctx;
    file_answer(o, result, why);
    json_t *request = o->flying;
    o->flying = NULL;
    refresh(o);
    if (result != NULL || !err_info(why->code)->retryable) {
        o->hooks.settled(o->hooks.ctx, key_of(request), request, result, why);
    }
    json_decref(request);
}

/* The oldest whose turn it is: those of one case keep their order, and none goes before the user
 * has decided about an earlier one that was refused. */
static const json_t *next_to_go(struct outgo *o)
{
    const json_t *next = NULL;
    struct outbox_order *order =
        outbox_order_open(o->client->outbox, o->sender, wallclock_now_ms(&o->client->clock), false);
    for (size_t i = 0; i < json_array_size(o->list); i++) {
        const json_t *entry = json_array_get(o->list, i);
        bool waits = text_equal(json_text(entry, "folder"), outbox_folder_name(OUTBOX_NEW));
        bool go = waits && outbox_order_ask(order, entry) == TURN_GO;
        next = go && next == NULL ? entry : next;
    }
    outbox_order_free(order);
    return next;
}

void outgo_work(struct outgo *o, int64_t now_us)
{
    if (outgo_waiting(o) == 0 || o->flying != NULL || o->stopped || now_us < o->pause_until_us ||
        line_state(o->line) != LINE_UP) {
        return;
    }
    const json_t *entry = next_to_go(o);
    if (entry == NULL) {
        o->pause_until_us =
            now_us + RETRY_S * INT64_C(1000000); /* behind a conflict, or a busy hour */
        return;
    }
    const json_t *kept = json_member(entry, "request");
    json_t *request = remote_request(json_text(entry, "key"), json_text(kept, "method"),
        json_member(kept, "params"), NULL, remote_token(o->client));
    o->flying = request;
    if (!line_send(o->line, request, answered, o)) {
        json_decref(request);
        o->flying = NULL;
    }
}

void outgo_line_up(struct outgo *o)
{
    o->stopped = false;
    o->pause_until_us = 0;
    refresh(o);
}

void outgo_line_down(struct outgo *o)
{
    json_array_clear(o->fresh);
}

static size_t count(const struct outgo *o, enum outbox_folder folder, const char *number)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(o->list); i++) {
        const json_t *entry = json_array_get(o->list, i);
        const json_t *params = json_member(json_member(entry, "request"), "params");
        bool of_case = number == NULL || text_equal(json_text(params, "case"), number);
        n += of_case && text_equal(json_text(entry, "folder"), outbox_folder_name(folder));
    }
    return n;
}

size_t outgo_waiting(const struct outgo *o)
{
    return count(o, OUTBOX_NEW, NULL);
}

size_t outgo_conflicts(const struct outgo *o)
{
    return count(o, OUTBOX_CONFLICT, NULL);
}

size_t outgo_waiting_of(const struct outgo *o, const char *number)
{
    return count(o, OUTBOX_NEW, number);
}

const json_t *outgo_list(const struct outgo *o)
{
    return o->list;
}

bool outgo_discard(struct outgo *o, const json_t *entry, struct err *err)
{
    bool waits = text_equal(json_text(entry, "folder"), outbox_folder_name(OUTBOX_NEW));
    char *key = mem_strdup(json_text(entry, "key"));
    bool ok = outbox_discard(o->client->outbox, key, waits ? OUTBOX_NEW : OUTBOX_CONFLICT, err);
    mem_free(key);
    o->pause_until_us = 0;
    refresh(o);
    return ok;
}
