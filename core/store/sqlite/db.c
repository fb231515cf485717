/* store/sqlite/db.c — opening a connection, and the few calls everything else is made of.
 *
 * Invariant: a writer that saw an I/O error, a failed sync or damage writes nothing more until the
 * file was opened anew and checked (db_reopen). After a failed fsync the kernel calls the pages
 * clean though they are not on the disk, so neither they nor the connection's cache are believed.
 */
#include "store/sqlite/db.h"

#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { BUSY_MS = 5000 }; /* a reader that recovers the log holds it for moments only */

static int on_commit(void *ctx, sqlite3 *handle, const char *schema, int frames)
{
    (void)handle;
    (void)schema;
    struct db *db = ctx;
    if (frames < db->wal_frames) {
        db->wal_copied = 0; /* the log started again at its beginning */
    }
    db->wal_frames = frames;
    return SQLITE_OK;
}

static bool is_memory(const char *path)
{
    return strcmp(path, ":memory:") == 0;
}

static bool prepare_all(struct db *db, struct err *err)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        if (sqlite3_prepare_v3(db->handle, sql_statements[i].text, -1, SQLITE_PREPARE_PERSISTENT,
                &db->statements[i], NULL) != SQLITE_OK) {
            db_failed(db, err);
            return err_prefix(err, "%s: ", sql_statements[i].name);
        }
    }
    return true;
}

bool db_connect(struct db *db, struct err *err)
{
    int flags = db->writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(db->path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return db_failed(db, err);
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!db_identify(db, err) ||
        !db_script(db, db->writer ? SCRIPT_OPEN_WRITER : SCRIPT_OPEN_READER, err)) {
        return false;
    }
    if (db->writer) {
        sqlite3_wal_hook(db->handle, on_commit, db);
        if (!db_migrate(db, err)) {
            return false;
        }
    }
    return prepare_all(db, err);
}

void db_disconnect(struct db *db)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        sqlite3_finalize(db->statements[i]);
        db->statements[i] = NULL;
    }
    int code = sqlite3_close(db->handle);
    assert(code == SQLITE_OK); /* else a statement was prepared and forgotten */
    db->handle = NULL;
}

/* Two daemons over one file would both checkpoint. flock() does not meet SQLite's own fcntl()
 * locks, but closing any descriptor of the file drops those: this one is closed last. */
static bool lock_file(struct db *db, struct err *err)
{
    db->lock_fd = open(db->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->lock_fd < 0) {
        return err_set(err, ERR_FILE, _("%s: cannot be opened: %s"), db->path, strerror(errno));
    }
    if (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        err_set(err, ERR_FILE, _("%s: another process is working with this data file"), db->path);
        return err_hint(
            err, "%s", _("stop the other daemon first; each needs its own data folder"));
    }
    return true;
}

static struct db *open_as(const char *path, bool writer, struct err *err)
{
    struct db *db = mem_alloc(sizeof *db);
    db->path = mem_strdup(path);
    db->writer = writer;
    db->lock_fd = -1;
    if ((writer && !is_memory(path) && !lock_file(db, err)) || !db_connect(db, err) ||
        (writer && !db_read_heads(db, err))) {
        db_close(db);
        return NULL;
    }
    return db;
}

struct db *db_open_writer(const char *path, struct err *err)
{
    return open_as(path, true, err);
}

struct db *db_open_reader(const char *path, struct err *err)
{
    return open_as(path, false, err);
}

void db_close(struct db *db)
{
    if (db == NULL) {
        return;
    }
    db_disconnect(db);
    if (db->lock_fd >= 0) {
        close(db->lock_fd);
    }
    mem_free(db->path);
    mem_free(db);
}

bool db_reopen(struct db *db, struct err *err)
{
    if (!db->distrusted) {
        return true;
    }
    if (is_memory(db->path)) {
        return err_set(
            err, ERR_READ_ONLY, _("the store in memory failed and cannot be opened anew"));
    }
    /* The new connection opens before the old one closes: as long as one is open nobody recovers
     * the log from its bytes, which may hold the very commit that was refused. */
    struct db fresh = {.path = db->path, .writer = true, .lock_fd = db->lock_fd};
    bool ok = db_connect(&fresh, err) && db_quick_check(&fresh, err) && db_read_heads(&fresh, err);
    if (!ok) {
        db_disconnect(&fresh);
        return false;
    }
    db_disconnect(db);
    *db = fresh;
    sqlite3_wal_hook(db->handle, on_commit, db);
    db->distrusted = false;
    log_event(LOG_WARNING, "store", "reopened", "last_seq=%lld", (long long)db->last_seq);
    /* A small commit overwrites what the failed one left behind the log's end. */
    return db_probe(db, err);
}

/* Which error of the project, and what a person should know. */
static const struct failure {
    int code; /* SQLite's primary code */
    enum err_code kind;
    bool distrust;
    const char *words;
} failures[] = {
    {SQLITE_FULL, ERR_READ_ONLY, false, N_("the disk is full: nothing was written")},
    {SQLITE_IOERR, ERR_READ_ONLY, true, N_("the disk reports an input/output error")},
    {SQLITE_CANTOPEN, ERR_READ_ONLY, true, N_("the data file cannot be opened")},
    {SQLITE_READONLY, ERR_READ_ONLY, false, N_("the data file is write-protected")},
    {SQLITE_BUSY, ERR_OVERLOADED, false, N_("the data file is in use")},
    {SQLITE_CORRUPT, ERR_INTERNAL, true, N_("the data file is damaged")},
    {SQLITE_NOTADB, ERR_INTERNAL, true, N_("the data file is not a database")},
};

bool db_failed(struct db *db, struct err *err)
{
    int code = sqlite3_extended_errcode(db->handle);
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        const struct failure *f = &failures[i];
        if (f->code == (code & 0xFF)) {
            db->distrusted = db->distrusted || f->distrust;
            return err_set(
                err, f->kind, "%s (%s, %d)", _(f->words), sqlite3_errmsg(db->handle), code);
        }
    }
    return err_set(err, ERR_INTERNAL, _("store: %s (%d)"), sqlite3_errmsg(db->handle), code);
}

bool db_exec(struct db *db, const struct sql_text *text, struct err *err)
{
    if (sqlite3_exec(db->handle, text->text, NULL, NULL, NULL) != SQLITE_OK) {
        db_failed(db, err);
        return err_prefix(err, "%s: ", text->name);
    }
    return true;
}

bool db_script(struct db *db, enum sql_script script, struct err *err)
{
    return db_exec(db, &sql_scripts[script], err);
}

void db_rollback(struct db *db)
{
    if (!sqlite3_get_autocommit(db->handle)) { /* some errors have rolled back already */
        db_script(db, SCRIPT_ROLLBACK, NULL);
    }
}

sqlite3_stmt *db_statement(struct db *db, enum sql_statement which)
{
    sqlite3_stmt *st = db->statements[which];
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return st;
}

enum row db_step(struct db *db, sqlite3_stmt *st, struct err *err)
{
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW) {
        return ROW_THERE;
    }
    if (code != SQLITE_DONE) {
        db_failed(db, err);
    }
    sqlite3_reset(st); /* an open read would keep the log from starting again */
    return code == SQLITE_DONE ? ROW_NONE : ROW_FAILED;
}

bool db_run(struct db *db, sqlite3_stmt *st, struct err *err)
{
    enum row row;
    do {
        row = db_step(db, st, err);
    } while (row == ROW_THERE);
    return row == ROW_NONE;
}

void bind_text(sqlite3_stmt *st, int at, const char *text)
{
    sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
}

void bind_number(sqlite3_stmt *st, int at, int64_t number)
{
    sqlite3_bind_int64(st, at, number);
}

void bind_digest(sqlite3_stmt *st, int at, const struct digest *d)
{
    sqlite3_bind_blob(st, at, d->bytes, DIGEST_SIZE, SQLITE_STATIC);
}
