/* store/sqlite/migrate.c — whose file is this, and which schema does it have?
 *
 * A file is ours by its application id, and its schema is known by user_version: step NNN of
 * schema/ leads to NNN. Steps run in one transaction each; nothing ever leads back. */
#include "store/sqlite/db.h"

#include "base/lang.h"
#include "base/log.h"

#include <string.h>

enum { APPLICATION_ID = 0x46514653 }; /* as in schema/001_start.sql */

struct identity {
    int64_t application, version, objects;
};

static bool read_identity(struct db *db, struct identity *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db->handle, sql_scripts[SCRIPT_IDENTIFY].text, -1, &st, NULL) !=
            SQLITE_OK ||
        sqlite3_step(st) != SQLITE_ROW) {
        db_failed(db, err);
        sqlite3_finalize(st);
        return false;
    }
    out->application = sqlite3_column_int64(st, 0);
    out->version = sqlite3_column_int64(st, 1);
    out->objects = sqlite3_column_int64(st, 2);
    sqlite3_finalize(st);
    return true;
}

bool db_identify(struct db *db, struct err *err)
{
    struct identity id;
    if (!read_identity(db, &id, err)) {
        if (sqlite3_errcode(db->handle) == SQLITE_NOTADB) {
            err_set(err, ERR_FILE, _("%s: this is not a database of Fengqiao"), db->path);
            return err_hint(err, "%s", _("give another data folder; the file was not touched"));
        }
        return false;
    }
    bool fresh = id.application == 0 && id.version == 0 && id.objects == 0;
    if (id.application != APPLICATION_ID && !fresh) {
        err_set(err, ERR_FILE, _("%s: this database belongs to another program"), db->path);
        return err_hint(err, "%s", _("give another data folder; the file was not touched"));
    }
    if (id.version > SCHEMA_VERSION) {
        err_set(err, ERR_FILE,
            _("%s: made by a newer version of Fengqiao (schema %lld, this program knows %d)"),
            db->path, (long long)id.version, SCHEMA_VERSION);
        return err_hint(err, "%s", _("install that version; going back is not possible"));
    }
    if (!db->writer && (fresh || (id.version < SCHEMA_VERSION && !db->looks))) {
        return err_set(err, ERR_FILE, _("%s: the schema is not up to date"), db->path);
    }
    return true;
}

static bool run_step(struct db *db, int step, struct err *err)
{
    if (!db_script(db, SCRIPT_BEGIN, err)) {
        return false;
    }
    if (!db_exec(db, &sql_schema[step], err) || !db_script(db, SCRIPT_COMMIT, err)) {
        db_rollback(db);
        return false;
    }
    log_event(LOG_INFO, "store", "migrated", "schema=%d step=%s", step + 1, sql_schema[step].name);
    return true;
}

bool db_migrate(struct db *db, struct err *err)
{
    struct identity id;
    if (!read_identity(db, &id, err)) {
        return false;
    }
    for (int step = (int)id.version; step < SCHEMA_VERSION; step++) {
        if (!run_step(db, step, err)) {
            return false;
        }
    }
    return true;
}

bool db_quick_check(struct db *db, struct err *err)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(db->handle, sql_scripts[SCRIPT_QUICK_CHECK].text, -1, &st, NULL) ==
                  SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW;
    if (!ok) {
        db_failed(db, err);
    } else if (strcmp((const char *)sqlite3_column_text(st, 0), "ok") != 0) {
        ok = err_set(err, ERR_INTERNAL, _("the data file is damaged: %s"),
            (const char *)sqlite3_column_text(st, 0));
    }
    sqlite3_finalize(st);
    return ok;
}

bool db_read_heads(struct db *db, struct err *err)
{
    sqlite3_stmt *st = db_statement(db, SQL_LAST_SEQ);
    if (db_step(db, st, err) != ROW_THERE) {
        return false;
    }
    db->last_seq = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    st = db_statement(db, SQL_AUDIT_HEAD);
    enum row row = db_step(db, st, err);
    if (row == ROW_THERE) {
        memcpy(db->audit_head.bytes, sqlite3_column_blob(st, 0), DIGEST_SIZE);
    }
    sqlite3_reset(st);
    return row != ROW_FAILED;
}
