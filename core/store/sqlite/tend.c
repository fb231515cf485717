/* store/sqlite/tend.c — what the writer does between batches.
 *
 * A checkpoint inside a committing call makes somebody wait for it, and one big checkpoint stalls
 * everybody. So automatic checkpoints are off and the writer itself copies the log in steps, when
 * no batch is being waited for. A log that is copied whole starts again at its beginning with the
 * next commit and recycles its blocks. */
#include "store/sqlite/db.h"

#include "base/log.h"

enum {
    STEP_FRAMES = 1000, /* 4 MB: a copy of some 10 ms */
    LONG_FRAMES = 8000, /* 32 MB: worth being cut off when nothing else is to do */
};
#define KEY_KEPT_MS (INT64_C(92) * 24 * 3600 * 1000) /* promised: at least 90 days */

static void checkpoint(struct db *db, int mode)
{
    int frames = 0, copied = 0;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, &frames, &copied);
    if (code == SQLITE_OK || code == SQLITE_BUSY) {
        db->wal_copied = copied < 0 ? 0 : copied;
        return;
    }
    struct err err = {0};
    db_failed(db, &err);
    log_event(LOG_ERROR, "store", "checkpoint_failed", "code=%d", code);
    err_clear(&err);
}

static void expire_keys(struct db *db)
{
    sqlite3_stmt *st = db_statement(db, SQL_IDEMPOTENCY_EXPIRE);
    bind_number(st, 1, KEY_KEPT_MS);
    struct err err = {0};
    if (!db_run(db, st, &err)) {
        log_event(LOG_WARNING, "store", "expire_failed", "code=%d", err.code);
    }
    err_clear(&err);
}

void db_tend(struct db *db, bool idle)
{
    if (db->distrusted) {
        return; /* the next write opens the file anew first */
    }
    if (idle) {
        expire_keys(db);
    }
    int uncopied = db->wal_frames - db->wal_copied;
    if (idle && db->wal_frames > LONG_FRAMES) {
        checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE);
        db->wal_frames = db->wal_copied = 0;
    } else if (uncopied >= STEP_FRAMES || (idle && uncopied > 0)) {
        checkpoint(db, SQLITE_CHECKPOINT_PASSIVE);
    }
}
