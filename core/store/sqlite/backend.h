/* store/sqlite/backend.h — one SQLite connection as store.c sees it: a writer or a reader.
 *
 * A connection is used by one thread at a time. Only the writer changes the file, and only the
 * writer checkpoints: SQLite up to 3.51.2 may damage a database when one connection checkpoints
 * while another one writes. */
#ifndef FQ_STORE_BACKEND_H
#define FQ_STORE_BACKEND_H

#include "store/store.h"

struct db; /* opaque */

/* Creates the file (mode 0600), brings an older schema up to date. Refuses a foreign file, a newer
 * schema and a file that another store has open. ":memory:" lives as long as the connection. */
struct db *db_open_writer(const char *path, struct err *err);
struct db *db_open_reader(const char *path, struct err *err);
void db_close(struct db *db); /* accepts NULL */

/* What became of one unit. */
struct written {
    enum store_status status;
    int64_t seq;
    char *response; /* owned by the caller; STORE_REPLAYED only */
};
/* All units in one transaction, as store_append() promises. False: nothing was written. After an
 * I/O error the next call opens the file anew and checks it before it writes. */
bool db_write(
    struct db *db, struct store_unit *units[], size_t count, struct written out[], struct err *err);
bool db_probe(struct db *db, struct err *err); /* a small write and a sync */

/* Reads at most events_max more events into the report tables. more_out: some are left. */
bool db_fold(struct db *db, size_t events_max, bool *more_out, struct err *err);
bool db_forget_report(struct db *db, struct err *err); /* the next folds start at event 1 */

/* Between batches: checkpoints when the log has grown by a step. Idle: also shortens the log and
 * drops idempotency keys that are past their time. Never an error: it is tried again. */
void db_tend(struct db *db, bool idle);

/* New reference, or NULL with err. args is borrowed. */
json_t *db_ask(struct db *db, enum store_question q, const json_t *args, struct err *err);

#endif
