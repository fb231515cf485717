/* store/sqlite/look.c — a connection that only looks: at a backup, at the file of a stopped daemon,
 * at a file of an older schema, or beside a daemon at work.
 *
 * A still file is opened as one that nobody changes: without locks, without -wal and -shm beside
 * it, so that looking at a backup on a medium for reading only leaves no trace. */
#include "store/sqlite/proof.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"

#include <string.h>

enum { BUSY_MS = 5000, CONTENTS_PAGE = 1000, PROGRESS_STEPS = 100000 /* of SQLite's machine */ };

/* What every schema from the first on can answer. */
static const enum sql_statement looked[] = {SQL_PROOF_ENDS, SQL_PROOF_EVENTS, SQL_PROOF_CASE,
    SQL_PROOF_NUMBER, SQL_PROOF_AUDIT, SQL_PROOF_BYTES, SQL_VERIFY_EVENTS, SQL_VERIFY_CASE};

static char *still_uri(const char *path)
{
    struct buf b = {0};
    buf_adds(&b, "file:");
    for (const char *p = path; *p != '\0'; p++) {
        if (strchr("%?#", *p) != NULL) {
            buf_addf(&b, "%%%02X", (unsigned)(unsigned char)*p);
        } else {
            buf_addc(&b, *p);
        }
    }
    buf_adds(&b, "?immutable=1");
    return buf_take(&b);
}

static bool look(struct db *db, const char *name, int flags, struct err *err)
{
    if (sqlite3_open_v2(name, &db->handle, flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
            NULL) != SQLITE_OK) {
        return db_failed(db, err);
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!db_identify(db, err) || !db_script(db, SCRIPT_OPEN_STILL, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof looked / sizeof looked[0]; i++) {
        if (sqlite3_prepare_v3(db->handle, sql_statements[looked[i]].text, -1,
                SQLITE_PREPARE_PERSISTENT, &db->statements[looked[i]], NULL) != SQLITE_OK) {
            return db_failed(db, err);
        }
    }
    return true;
}

struct db *db_open_look(const char *path, bool still, struct err *err)
{
    struct db *db = mem_alloc(sizeof *db);
    char *uri = still ? still_uri(path) : NULL;
    db->path = mem_strdup(path);
    db->looks = true;
    db->lock_fd = -1;
    bool ok = look(db, still ? uri : path, still ? SQLITE_OPEN_URI : 0, err);
    mem_free(uri);
    if (!ok) {
        err_prefix(err, "%s: ", path);
        db_close(db);
        return NULL;
    }
    return db;
}

static int stopped(void *ctx)
{
    struct walk *walk = ctx;
    return atomic_load(&walk->stop);
}

bool db_sound(struct db *db, struct walk *walk, struct err *err)
{
    if (walk != NULL) {
        sqlite3_progress_handler(db->handle, PROGRESS_STEPS, stopped, walk);
    }
    bool ok = db_quick_check(db, err);
    sqlite3_progress_handler(db->handle, 0, NULL, NULL);
    return walk_on(walk, 0, err) && ok;
}

int64_t db_bytes(struct db *db)
{
    sqlite3_stmt *st = db_statement(db, SQL_PROOF_BYTES);
    int64_t bytes = db_step(db, st, NULL) == ROW_THERE ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_reset(st);
    return bytes;
}

/* Prepared here: table and statement came with schema 3. */
json_t *db_contents(struct db *db, const char *after, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db->handle, sql_statements[SQL_CONTENTS].text, -1, &st, NULL) !=
        SQLITE_OK) {
        db_failed(db, err);
        return NULL;
    }
    json_t *list = json_array();
    bind_text(st, 1, after);
    bind_number(st, 2, CONTENTS_PAGE);
    int code;
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        json_array_append_new(list, json_string((const char *)sqlite3_column_text(st, 0)));
    }
    if (code != SQLITE_DONE) {
        db_failed(db, err);
        json_decref(list);
        list = NULL;
    }
    sqlite3_finalize(st);
    return list;
}
