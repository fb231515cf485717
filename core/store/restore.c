/* store/restore.c — the way back from a backup; see backup.h.
 *
 * The copy is whole and synced under DATABASE.restoring before anything of what is there is
 * touched; then that is renamed out of the way and the copy takes its place. Between the two
 * renames there is no database, and a daemon would begin an empty one: it refuses while
 * DATABASE.restoring is there. */
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/backup.h"
#include "store/backup_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static char *restoring(const char *database)
{
    return mem_printf("%s.restoring", database);
}

bool backup_half_restored(const char *database)
{
    char *path = restoring(database);
    bool there = place_exists(path);
    mem_free(path);
    return there;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? mem_strdup(".") : mem_strndup(path, (size_t)(slash - path) + 1);
}

/* Nobody may be at work with what is there. The fd keeps it so; -1 when nothing is there. */
static bool claim(const struct restore *r, int *fd_out, struct err *err)
{
    *fd_out = open(r->database, O_RDONLY | O_CLOEXEC);
    if (*fd_out < 0) {
        return errno == ENOENT || place_failed(r->database, errno, err);
    }
    if (flock(*fd_out, LOCK_EX | LOCK_NB) != 0) {
        return err_set(
            err, ERR_STATE, _("%s: a daemon is at work with it: stop it first"), r->database);
    }
    if (!r->aside) {
        err_set(err, ERR_FILE, _("%s: is there already and was left as it is"), r->database);
        return err_hint(err, "%s",
            _("with --aside what is there is kept under another name and the backup takes its "
              "place"));
    }
    return true;
}

/* --- contents --------------------------------------------------------------------------------- */

static bool same_content(const char *path, const json_t *entry)
{
    struct digest d;
    int64_t size;
    char hex[DIGEST_TEXT];
    return place_exists(path) && place_hash(path, &d, &size, NULL, NULL) &&
           text_equal(digest_hex(&d, hex), json_text(entry, "sha256"));
}

/* A content has its hash for a name: one that is there and fits stays, another one is replaced. */
static bool bring_content(
    const struct restore *r, const json_t *entry, struct walk *walk, struct err *err)
{
    const char *hash = json_text(entry, "sha256");
    char *from = mem_printf("%s/%s", r->folder, json_text(entry, "path"));
    char *folder = mem_printf("%s/%.2s", r->files, hash);
    char *to = mem_printf("%s/%s", folder, hash), *part = mem_printf("%s.restoring", to);
    bool ok = true;
    if (!same_content(to, entry)) {
        unlink(part);
        ok = place_make(r->files, err) && place_make(folder, err) &&
             place_copy(from, part, false, walk, err) &&
             (rename(part, to) == 0 || place_failed(to, errno, err)) && place_sync(folder, err) &&
             place_sync(r->files, err);
    }
    mem_free(part);
    mem_free(to);
    mem_free(folder);
    mem_free(from);
    return ok && walk_on(walk, 1, err);
}

static bool bring_contents(
    const struct restore *r, const json_t *manifest, struct walk *walk, struct err *err)
{
    size_t i;
    const json_t *entry, *files = json_member(manifest, "files");
    walk_begin(walk, WALK_FILES, (long long)json_array_size(files));
    json_array_foreach(files, i, entry)
    {
        if (text_starts(json_text(entry, "path"), "files/") &&
            !bring_content(r, entry, walk, err)) {
            return false;
        }
    }
    return true;
}

/* --- the database ----------------------------------------------------------------------------- */

/* Database and log go together: alone the log is nothing, and the database less than it was. */
static bool put_aside(const struct restore *r, json_t *manifest, struct err *err)
{
    static const char *const ends[] = {"-wal", "-shm", ""};
    char at[INSTANT_TEXT];
    instant_format(r->now_ms, at);
    char *aside =
        mem_printf("%s.before-%.10s-%.2s%.2s%.2s", r->database, at, at + 11, at + 14, at + 17);
    bool ok = !place_exists(aside) ||
              err_set(err, ERR_FILE, _("%s: is there already and was left as it is"), aside);
    for (size_t i = 0; ok && i < sizeof ends / sizeof ends[0]; i++) {
        char *from = mem_printf("%s%s", r->database, ends[i]);
        char *to = mem_printf("%s%s", aside, ends[i]);
        if (place_exists(from) && rename(from, to) == 0) {
            json_put_text(manifest, "aside", aside);
        } else if (place_exists(from)) {
            ok = place_failed(from, errno, err);
        }
        mem_free(to);
        mem_free(from);
    }
    mem_free(aside);
    return ok;
}

static bool bring_database(
    const struct restore *r, json_t *manifest, struct walk *walk, struct err *err)
{
    char *from = mem_printf("%s/fengqiao.db", r->folder), *part = restoring(r->database);
    char *folder = folder_of(r->database);
    unlink(part); /* of a restore that was cut short */
    bool ok = place_copy(from, part, false, walk, err) && place_sync(folder, err) &&
              put_aside(r, manifest, err) &&
              (rename(part, r->database) == 0 || place_failed(r->database, errno, err)) &&
              place_sync(folder, err);
    mem_free(folder);
    mem_free(part);
    mem_free(from);
    return ok;
}

json_t *backup_restore(const struct restore *r, struct walk *walk, struct err *err)
{
    int fd;
    json_t *manifest = NULL;
    bool ok = claim(r, &fd, err);
    if (ok) {
        manifest = backup_check(r->folder, walk, err);
        ok = manifest != NULL && bring_contents(r, manifest, walk, err) &&
             bring_database(r, manifest, walk, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (!ok) {
        json_decref(manifest);
        return NULL;
    }
    return manifest;
}
