/* client/copies.h — what one user has seen of one server, to read again when the line is down.
 *
 * Never written to by the user: changes go to the outbox. Each entry is a file of its own, replaced
 * as a whole and sealed with a key that is made at login and stands beside the token: the files
 * alone (a backup, a stick, a disk thrown away after logout) say nothing, not even which cases. Who
 * can read the user's whole home reads the key too; for machines that people share there is
 * FENGQIAO_CACHE=off, or "cache": "off" in client.json.
 *
 * Losing it costs nothing, so no function here fails loudly. */
#ifndef FQ_CLIENT_COPIES_H
#define FQ_CLIENT_COPIES_H

#include "base/seal.h"

#include <jansson.h>

enum {
    COPIES_ENTRIES_MAX = 500,     /* a year's cases of one mediator */
    COPIES_BYTES_MAX = 32 << 20,  /* what a laptop does not notice */
    COPIES_ENTRY_BYTES = 4 << 20, /* a page of 500 rows is about 1 MiB */
    COPIES_DAYS = 30,             /* older copies mislead more than they help */
};

struct copies; /* opaque */

/* May this user keep copies here? By FENGQIAO_CACHE and the settings (client.json). */
bool copies_allowed(const json_t *settings);
/* The folder of this user at this server; caller owns. */
char *copies_folder(const char *server, const char *user);
/* NULL when the folder cannot be made. */
struct copies *copies_open(const char *folder, const struct seal_key *key);
void copies_free(struct copies *s); /* accepts NULL */

/* Keeps the answer to a question; the newest stays. The oldest others give way to the limits. */
void copies_put(struct copies *s, const char *method, const json_t *params, const json_t *answer,
    int64_t now_ms);
/* The answer to the same question, and when it was given. params' members without "_meta" count; a
 * "case" may be typed as its number, the tail of it, or its id. New reference; NULL: never seen, or
 * too long ago. *at_ms_out may be NULL. */
json_t *copies_get(const struct copies *s, const char *method, const json_t *params, int64_t now_ms,
    int64_t *at_ms_out);
/* Full number of the seen case that `typed` means; NULL when there is none, or more than one.
 * Caller owns. */
char *copies_number(const struct copies *s, const char *typed);
/* Every kept answer to that method: [{"at_ms","params","answer"}], newest first. New reference. */
json_t *copies_all(const struct copies *s, const char *method);
/* Removes the files and the folder (logout, or copies that are not allowed). */
void copies_remove(const char *folder);

#endif
