/* store/sqlite/copy.c — one state of the database into a new file, while the writer goes on.
 *
 * SQLite's backup runs from a connection of its own that holds one read transaction: all steps see
 * that one state, so the copy never starts over however much is written meanwhile, and it ends
 * after as many steps as the file has pages. Nothing is checkpointed from here (see TRUST in the
 * README); the writer's log only grows by what is written until the copy is done. What was copied
 * is synced every few steps: a commit never waits behind gigabytes of somebody else's unwritten
 * pages. */
#include "store/sqlite/proof.h"

#include "base/lang.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    STEP_PAGES = 256, /* 1 MB */
    SYNC_STEPS = 16,  /* 16 MB: what a commit may find before it in the disk's queue */
};

static bool failed(sqlite3 *handle, struct err *err)
{
    int code = sqlite3_extended_errcode(handle);
    if ((code & 0xFF) == SQLITE_FULL) {
        return err_set(err, ERR_READ_ONLY, _("the disk of the copy is full"));
    }
    return err_set(
        err, ERR_FILE, _("the copy cannot be written: %s (%d)"), sqlite3_errmsg(handle), code);
}

static bool sync_copy(int fd, struct err *err)
{
    return fsync(fd) == 0 || err_set(err, errno == ENOSPC ? ERR_READ_ONLY : ERR_FILE,
                                 _("the copy cannot be written: %s (%d)"), strerror(errno), errno);
}

static bool copy_pages(sqlite3 *to, struct db *from, int fd, struct walk *walk, struct err *err)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from->handle, "main");
    if (b == NULL) {
        return failed(to, err);
    }
    int code = SQLITE_OK;
    bool ok = true;
    for (int step = 1; ok && code == SQLITE_OK; step++) {
        code = sqlite3_backup_step(b, STEP_PAGES);
        if (step == 1) {
            walk_begin(walk, WALK_COPY, sqlite3_backup_pagecount(b));
        }
        ok = walk_on(walk, STEP_PAGES, err) && (step % SYNC_STEPS != 0 || sync_copy(fd, err));
    }
    sqlite3_backup_finish(b);
    return ok && (code == SQLITE_DONE || failed(to, err));
}

/* The read begins with the first row that is read. */
static bool hold_state(struct db *from, struct err *err)
{
    if (!db_script(from, SCRIPT_BEGIN_READ, err)) {
        return false;
    }
    sqlite3_stmt *st = db_statement(from, SQL_PROOF_ENDS);
    return db_step(from, st, err) == ROW_THERE && sqlite3_reset(st) == SQLITE_OK;
}

static bool copy_into(const char *path, struct db *from, int fd, struct walk *walk, struct err *err)
{
    sqlite3 *to = NULL;
    bool ok = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
                  SQLITE_OK &&
              sqlite3_exec(to, sql_scripts[SCRIPT_OPEN_COPY].text, NULL, NULL, NULL) == SQLITE_OK;
    ok = ok ? copy_pages(to, from, fd, walk, err) : failed(to, err);
    sqlite3_close(to);
    return ok;
}

bool db_copy(const char *from_path, const char *to_path, struct walk *walk, struct err *err)
{
    struct db *from = db_open_look(from_path, false, err);
    if (from == NULL) {
        return false;
    }
    int fd = open(to_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 || err_set(err, ERR_FILE, "%s: %s", to_path, strerror(errno));
    ok = ok && hold_state(from, err) && copy_into(to_path, from, fd, walk, err);
    db_rollback(from);
    ok = ok && sync_copy(fd, err);
    if (fd >= 0) {
        close(fd);
    }
    db_close(from);
    return ok;
}
