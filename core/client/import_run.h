/* client/import_run.h — an import under way: rows become requests, answers move the rows on.
 *
 * Plain imports keep a window of requests in flight on one connection; the server answers in order,
 * so a queue tells whose answer comes. A replay goes strictly by time with one request at a time,
 * and moves the server's virtual clock before each. */
#ifndef FQ_CLIENT_IMPORT_RUN_H
#define FQ_CLIENT_IMPORT_RUN_H

#include "client/import_org.h"

enum { IMPORT_WINDOW = 32 }; /* one group commit; the server takes 1000 per connection */

struct import_tally {
    size_t rows, bad;       /* read; refused or unreadable */
    size_t opened, stepped; /* requests that did something */
    size_t replayed;        /* were done in an earlier run */
    size_t skipped;         /* by the journal, with --resume */
};

struct import_run {
    struct client *c;           /* borrowed; asks by the side of the pipeline */
    const struct import_map *m; /* borrowed */
    struct import_org *org;     /* owned */
    struct link *pipe;          /* owned */
    struct import_row *first_flying,
        *last_flying; /* owned: rows whose answers are to come, in order */
    size_t flying;
    struct import_row *ready; /* owned: rows whose next request may go out */
    int64_t clock_ms;         /* of the server, in a replay */
    FILE *journal;            /* owned; NULL: none */
    struct import_tally tally;
    /* Called for each bad row: number and reason. */
    void (*on_bad)(size_t line, const struct err *why, void *ctx);
    /* Called after each answer. */
    void (*on_progress)(const struct import_tally *tally, void *ctx);
    void *ctx;
};

bool import_run_open(
    struct import_run *run, struct client *c, const struct import_map *m, struct err *err);
void import_run_close(struct import_run *run);

/* Plain import: takes the row; sends and receives as the window allows. False: the run cannot go on
 * (connection, login); every answered step is safe and a new run goes on from there. */
bool import_run_add(struct import_run *run, struct import_row *row, struct err *err);
bool import_run_drain(struct import_run *run, struct err *err); /* waits for all answers */
/* Replay: takes the rows (array and all) and plays their steps in the order of time. */
bool import_run_replay(
    struct import_run *run, struct import_row **rows, size_t count, struct err *err);
/* A row that could not even be read. */
void import_run_bad(struct import_run *run, size_t line, const struct err *why);

#endif
