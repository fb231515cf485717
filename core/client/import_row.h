/* client/import_row.h — one row of the input, and the requests it becomes. */
#ifndef FQ_CLIENT_IMPORT_ROW_H
#define FQ_CLIENT_IMPORT_ROW_H

#include "base/random.h"
#include "client/import_map.h"

#include <stddef.h>

enum import_state { ROW_READY, ROW_DONE, ROW_BAD };

struct import_row {
    size_t line;  /* in the file, from 1 */
    json_t *data; /* owned */
    char *id;     /* owned: value of the map's `row` column */
    int64_t received_ms;
    int64_t at_ms[IMPORT_STEPS_MAX]; /* INT64_MIN: the column is empty, the step did not happen */
    size_t next;                     /* 0: to be registered; i: steps[i - 1] is next */
    enum import_state state;
    char *number;            /* owned: case number once registered */
    char *body;              /* owned: body that must act next; may be NULL */
    json_t *actors;          /* owned: accounts to try for the step at hand; NULL: not looked up */
    size_t actor;            /* index of the one tried */
    bool all_actors;         /* the long list was made */
    struct import_row *link; /* of the queue it stands in */
};

/* Reads a line. NULL with the reason when it is no row (ERR_PARSE, ERR_FORM). */
struct import_row *import_row_read(
    const struct import_map *m, size_t line, const char *text, size_t len, struct err *err);
void import_row_free(struct import_row *r); /* accepts NULL */
/* When the next request happened: the receipt, or the step's time. */
int64_t import_row_time(const struct import_row *r);
/* Skips steps that did not happen; true while one is left. */
bool import_row_more(const struct import_map *m, struct import_row *r);
/* The idempotency key of the next request: the same for the same map, row and step, for ever. */
const char *import_row_key(
    const struct import_map *m, const struct import_row *r, char out[UUID_TEXT]);
const char *import_row_method(const struct import_row *r); /* case.open or case.act */
/* Params of the next request. place and body may be NULL; in a replay the server's own clock says
 * when an act happened. New reference. */
json_t *import_row_params(
    const struct import_map *m, const struct import_row *r, const char *place, const char *body);
/* The text that decides the place: the first token found, else the row's id. Caller owns. */
char *import_row_token(const struct import_map *m, const struct import_row *r);
/* A number below count that depends on text alone. */
size_t import_spread(const char *text, size_t count);

#endif
