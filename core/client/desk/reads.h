/* client/desk/reads.h — what the desk knows: the answers to its questions, kept and asked again
 * when they may have changed.
 *
 * A screen asks on every drawing; the first time the question goes out, later the last answer is
 * there at once. Off the line the last answer stays. */
#ifndef FQ_CLIENT_DESK_READS_H
#define FQ_CLIENT_DESK_READS_H

#include "base/err.h"
#include "client/desk/line.h"

struct client;
struct reads; /* opaque */

struct reading {
    const json_t *result;  /* NULL: none yet */
    const struct err *why; /* NULL, or why the last question was refused */
    bool waiting;          /* the answer is on its way */
    bool stale;            /* may have changed since */
    int64_t copy_ms;       /* not 0: the copy of an earlier run, as old as this */
};

/* line may be NULL (nothing is asked then), client too (nothing of earlier runs is read or kept).
 * `changed` is called when an answer came. All are borrowed. */
struct reads *reads_open(
    struct client *client, struct line *line, void (*changed)(void *ctx), void *ctx);
void reads_free(struct reads *r); /* accepts NULL; the line must be closed before */
/* params is borrowed and may be NULL. */
struct reading reads_get(struct reads *r, const char *method, const json_t *params);
/* The same for the methods about one case. */
struct reading reads_case(struct reads *r, const char *method, const char *number);
/* Puts an answer there, as if it had come. */
void reads_put(struct reads *r, const char *method, const json_t *params, const json_t *result);
/* Everything about the case (NULL: everything) is asked again when it is next looked at. Lists are
 * about every case. */
void reads_stale(struct reads *r, const char *number);
/* Forgets answers of methods that are searches, so that they do not pile up. */
void reads_forget(struct reads *r, const char *method);

#endif
