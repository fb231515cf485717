/* client/outbox.h — changes that are on their way. Each is a file before it leaves: the very line
 * that is sent, with its idempotency key, so that sending it again is safe. Nothing leaves but by
 * an answer or the user's word, and even then it stays in sent/ for a while.
 *
 *   new/       not answered yet; sent again in order, oldest first
 *   sent/      answered, or given up by the user; kept 30 days, the answer as second line
 *   conflict/  refused after the fact; the answer as second line; the user redoes or discards it
 *   draft/     not to be sent before the user says so */
#ifndef FQ_CLIENT_OUTBOX_H
#define FQ_CLIENT_OUTBOX_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum outbox_folder { OUTBOX_NEW, OUTBOX_SENT, OUTBOX_CONFLICT, OUTBOX_DRAFT, OUTBOX_FOLDERS };
enum { OUTBOX_KEEP_DAYS = 30 };

struct outbox; /* opaque */

struct outbox *outbox_open(const char *folder, struct err *err);
void outbox_free(struct outbox *o); /* accepts NULL */
/* Durable in new/ when it returns true. key is a UUID, line has no line break. */
bool outbox_put(struct outbox *o, const char *key, const char *line, struct err *err);
/* The same in any folder: a draft, or what came by another way. */
bool outbox_keep(struct outbox *o, enum outbox_folder folder, const char *key, const char *line,
    struct err *err);
bool outbox_has(const struct outbox *o, enum outbox_folder folder, const char *key);
/* Moves from where it is to `to`, with the answer. Never loses the request: the new file is durable
 * before the old one goes. answer may be NULL. */
bool outbox_move(struct outbox *o, const char *key, enum outbox_folder from, enum outbox_folder to,
    const json_t *answer, struct err *err);
/* Removes the file; for a request that was answered on the spot. */
bool outbox_discard(struct outbox *o, const char *key, enum outbox_folder from, struct err *err);
/* [{"key","request":{…},"answer":{…}|absent,"line"}] in the order of their keys; a damaged file has
 * "damaged":true and no request. New reference. */
json_t *outbox_list(const struct outbox *o, enum outbox_folder folder);
size_t outbox_count(const struct outbox *o, enum outbox_folder folder);
/* Drops sent requests older than OUTBOX_KEEP_DAYS and temporary files of crashed runs. */
void outbox_tidy(struct outbox *o, int64_t now_ms);
const char *outbox_folder_name(enum outbox_folder folder);
const char *outbox_path(const struct outbox *o); /* of the whole outbox; borrowed */
bool outbox_is_key(const char *text);            /* a UUID in lower case: safe as a file name */

#endif
