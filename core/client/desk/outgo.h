/* client/desk/outgo.h — what the user did, on its way: into the outbox first, then to the server in
 * order, one after the other. */
#ifndef FQ_CLIENT_DESK_OUTGO_H
#define FQ_CLIENT_DESK_OUTGO_H

#include "base/err.h"
#include "base/random.h"
#include "client/desk/line.h"

struct client;
struct outgo; /* opaque */

struct outgo_hooks {
    /* A change was answered: result, or NULL and why. All borrowed. */
    void (*settled)(void *ctx, const char *key, const json_t *request, const json_t *result,
        const struct err *why);
    void *ctx;
};

/* line may be NULL: nothing is sent. NULL when the outbox cannot be opened. */
struct outgo *outgo_open(
    struct client *client, struct line *line, struct outgo_hooks hooks, struct err *err);
void outgo_free(struct outgo *o); /* accepts NULL; the line must be closed before */
/* Durable when it returns true; then `settled` is called once for it, as soon as an answer comes in
 * this run. params is taken. */
bool outgo_put(
    struct outgo *o, const char *method, json_t *params, char key_out[UUID_TEXT], struct err *err);
/* Sends the next one when its turn has come. Call after every turn of the loop. */
void outgo_work(struct outgo *o, int64_t now_us);
void outgo_line_up(struct outgo *o);
void outgo_line_down(struct outgo *o);
size_t outgo_waiting(const struct outgo *o);
size_t outgo_conflicts(const struct outgo *o);
/* Changes of this case that were not answered yet. */
size_t outgo_waiting_of(const struct outgo *o, const char *number);
/* The waiting, then the refused ones: the outbox's entries with "folder"; borrowed until the next
 * change. Those of other users or servers are not in it. */
const json_t *outgo_list(const struct outgo *o);
/* Drops an entry for good. */
bool outgo_discard(struct outgo *o, const json_t *entry, struct err *err);

#endif
