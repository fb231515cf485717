/* store/backup.c — making and checking a backup; see backup.h. */
#include "store/backup.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "store/backup_disk.h"
#include "store/files.h"
#include "store/files_disk.h"
#include "store/proof.h"
#include "store/sqlite/proof.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PREFIX "fengqiao-"
#define PART ".part"
#define DATABASE "fengqiao.db"
#define MANIFEST "manifest.json"

enum { FORMAT = 1, MANIFEST_MAX = 1 << 30 };

struct making {
    const struct backup *b;
    struct walk *walk;
    char *part, *whole, *database; /* owned: paths */
    json_t *files, *missing;       /* owned until in the manifest */
    int64_t began_us;
};

/* --- names ------------------------------------------------------------------------------------ */

/* "20261124-093000" of an instant; caller owns. */
static char *stamp(int64_t ms)
{
    char at[INSTANT_TEXT];
    instant_format(ms, at);
    return mem_printf("%.4s%.2s%.2s-%.2s%.2s%.2s", at, at + 5, at + 8, at + 11, at + 14, at + 17);
}

/* What interrupted runs left; the lock says that none is running. New reference. */
static json_t *remove_leftovers(const char *into)
{
    json_t *removed = json_array();
    DIR *dir = opendir(into);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (text_starts(e->d_name, PREFIX) && text_ends(e->d_name, PART)) {
            char *path = mem_printf("%s/%s", into, e->d_name);
            place_remove(path);
            log_event(LOG_WARNING, "store", "backup_leftover", "removed=%s", e->d_name);
            json_array_append_new(removed, json_string(e->d_name));
            mem_free(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return removed;
}

/* The copy may not take the room the database itself needs. */
static bool has_room(const struct backup *b, struct err *err)
{
    struct statvfs v;
    struct db *db = db_open_look(b->database, false, err);
    int64_t bytes = db != NULL ? db_bytes(db) : -1;
    db_close(db);
    if (bytes < 0) {
        return false;
    }
    if (statvfs(b->into, &v) != 0 ||
        bytes + FILES_ROOM_MIN <= (int64_t)v.f_bavail * (int64_t)v.f_frsize) {
        return true;
    }
    err_set(err, ERR_READ_ONLY, _("%s: not enough room for a backup of %lld MiB"), b->into,
        (long long)(bytes >> 20));
    return err_hint(err, "%s", _("remove old backups, or give a folder on another disk"));
}

/* --- contents --------------------------------------------------------------------------------- */

static void note_file(
    json_t *files, const char *name, int64_t size, const struct digest *d, const char *hex)
{
    char text[DIGEST_TEXT];
    json_array_append_new(
        files, json_pack("{s:s, s:I, s:s}", "path", name, "size", (json_int_t)size, "sha256",
                   d != NULL ? digest_hex(d, text) : hex));
}

/* One content: linked or copied, read back, compared with its name. One that is not there or not
 * whole is said in the manifest and keeps nothing else from being saved. */
static bool take_content(struct making *m, const char *hash, struct err *err)
{
    char *from = disk_sealed_path(m->b->files, hash), hex[DIGEST_TEXT];
    char *name = mem_printf("files/%.2s/%s", hash, hash);
    char *to = mem_printf("%s/%s", m->part, name);
    char *folder = mem_printf("%s/files/%.2s", m->part, hash);
    struct digest d;
    int64_t size;
    bool ok = true;
    if (!place_exists(from)) {
        json_array_append_new(m->missing, json_string(hash));
    } else if (!place_make(folder, err) || !place_copy(from, to, true, m->walk, err) ||
               !place_hash(to, &d, &size, m->walk, err)) {
        ok = false;
    } else if (strcmp(digest_hex(&d, hex), hash) != 0) {
        json_array_append_new(m->missing, json_string(hash));
        unlink(to);
    } else {
        note_file(m->files, name, size, NULL, hash);
        ok = walk_on(m->walk, 1, err) && place_sync(folder, err);
    }
    mem_free(folder);
    mem_free(to);
    mem_free(name);
    mem_free(from);
    return ok;
}

/* Up to a thousand behind *after, which goes on to the last of them; NULL: that was all. */
static bool take_page(struct making *m, struct db *db, char **after, struct err *err)
{
    json_t *page = db_contents(db, *after, err), *hash;
    bool ok = page != NULL;
    size_t i;
    mem_free(*after);
    *after = NULL;
    json_array_foreach(page, i, hash)
    {
        if (ok && (ok = take_content(m, json_string_value(hash), err))) {
            mem_free(*after);
            *after = mem_strdup(json_string_value(hash));
        }
    }
    json_decref(page);
    return ok;
}

static bool take_contents(struct making *m, struct err *err)
{
    char *folder = mem_printf("%s/files", m->part), *after = mem_strdup("");
    struct db *db = db_open_look(m->database, true, err);
    bool ok = db != NULL && place_make(folder, err);
    walk_begin(m->walk, WALK_FILES, 0);
    while (ok && after != NULL) {
        ok = take_page(m, db, &after, err);
    }
    mem_free(after);
    db_close(db);
    ok = ok && place_sync(folder, err);
    mem_free(folder);
    return ok;
}

/* --- the copy and its proof ------------------------------------------------------------------- */

/* The verdict over a database file that nobody writes; NULL with err when it is not as it was. */
static json_t *proven(const char *database, struct walk *walk, struct err *err)
{
    json_t *found = proof_verify(database, 0, NULL, walk, err);
    if (found != NULL && !json_flag(found, "ok")) {
        char *words = proof_words(json_array_get(json_member(found, "bad"), 0));
        err_set(err, ERR_INTERNAL, _("the history in the copy is bad: %s"), words);
        err_hint(err, "%s", _("keep the older backups; see fengqiaod --verify for all of it"));
        mem_free(words);
        json_decref(found);
        return NULL;
    }
    return found;
}

static json_t *manifest_of(struct making *m, json_t *found)
{
    static const char *const members[] = {
        "schema", "last_seq", "events", "cases", "audit", "history", "audit_head"};
    char at[INSTANT_TEXT];
    json_t *out = json_pack("{s:i, s:s, s:s, s:I}", "fengqiao_backup", (int)FORMAT, "version",
        m->b->version, "made", instant_format(m->b->now_ms, at), "duration_ms",
        (json_int_t)((monotonic_us() - m->began_us) / 1000));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_object_set(out, members[i], json_object_get(found, members[i]));
    }
    json_object_set(out, "files", m->files);
    json_object_set(out, "missing", m->missing);
    return out;
}

static json_t *fill_part(struct making *m, struct err *err)
{
    struct digest d;
    int64_t size;
    json_t *found = NULL, *manifest = NULL;
    char *path = mem_printf("%s/" MANIFEST, m->part);
    bool ok = place_make(m->part, err) && db_copy(m->b->database, m->database, m->walk, err) &&
              place_hash(m->database, &d, &size, m->walk, err) &&
              (found = proven(m->database, m->walk, err)) != NULL;
    if (ok) {
        note_file(m->files, DATABASE, size, &d, NULL);
        ok = take_contents(m, err);
    }
    if (ok) {
        manifest = manifest_of(m, found);
        char *text = json_dumps(manifest, JSON_INDENT(1));
        ok = place_write(path, text, err) && place_sync(m->part, err);
        free(text);
    }
    if (ok && rename(m->part, m->whole) != 0) {
        ok = place_failed(m->whole, errno, err);
    }
    ok = ok && place_sync(m->b->into, err);
    mem_free(path);
    json_decref(found);
    if (!ok) {
        json_decref(manifest);
        place_remove(m->part);
        return NULL;
    }
    return manifest;
}

static json_t *make(const struct backup *b, struct walk *walk, struct err *err)
{
    struct making m = {.b = b, .walk = walk, .began_us = monotonic_us()};
    char *at = stamp(b->now_ms);
    json_t *removed = remove_leftovers(b->into), *manifest = NULL;
    m.whole = mem_printf("%s/" PREFIX "%s", b->into, at);
    m.part = mem_printf("%s" PART, m.whole);
    m.database = mem_printf("%s/" DATABASE, m.part);
    m.files = json_array();
    m.missing = json_array();
    if (place_exists(m.whole)) {
        err_set(err, ERR_FILE, _("%s: is there already and was left as it is"), m.whole);
    } else if (has_room(b, err)) {
        manifest = fill_part(&m, err);
    }
    if (manifest != NULL) {
        json_put_text(manifest, "path", m.whole);
        json_object_set(manifest, "removed", removed);
    }
    json_decref(removed);
    json_decref(m.files);
    json_decref(m.missing);
    mem_free(m.database);
    mem_free(m.part);
    mem_free(m.whole);
    mem_free(at);
    return manifest;
}

json_t *backup_make(const struct backup *b, struct walk *walk, struct err *err)
{
    int lock = place_make(b->into, err) ? place_lock(b->into, err) : -1;
    json_t *manifest = lock >= 0 ? make(b, walk, err) : NULL;
    if (lock >= 0) {
        close(lock);
    }
    return manifest;
}

/* --- checking --------------------------------------------------------------------------------- */

static json_t *read_manifest(const char *folder, struct err *err)
{
    char *path = mem_printf("%s/" MANIFEST, folder);
    char *text = place_read(path, MANIFEST_MAX, err);
    json_t *manifest = text != NULL ? json_parse_own(text) : NULL;
    if (text != NULL && json_number(manifest, "fengqiao_backup", 0) != FORMAT) {
        err_set(err, ERR_FILE, _("%s: this is not the manifest of a backup"), path);
        json_decref(manifest);
        manifest = NULL;
    } else if (text == NULL) {
        err_hint(err, "%s", _("a backup without a manifest was never finished: take another one"));
    }
    mem_free(text);
    mem_free(path);
    return manifest;
}

/* Names come out of a file: nothing that leads elsewhere. */
static bool name_fits(const char *name)
{
    return name != NULL && name[0] != '/' && strstr(name, "..") == NULL;
}

static bool check_file(const char *folder, const json_t *entry, struct walk *walk, struct err *err)
{
    struct digest d;
    int64_t size;
    char hex[DIGEST_TEXT];
    const char *name = json_text(entry, "path");
    if (!name_fits(name)) {
        return err_set(err, ERR_FILE, _("the manifest names a file outside of the backup"));
    }
    char *path = mem_printf("%s/%s", folder, name);
    bool ok = place_hash(path, &d, &size, walk, err);
    if (ok && (size != json_number(entry, "size", -1) ||
                  !text_equal(digest_hex(&d, hex), json_text(entry, "sha256")))) {
        ok = err_set(err, ERR_FILE, _("%s: is not the file the manifest names"), path);
    }
    mem_free(path);
    return ok && walk_on(walk, 1, err);
}

static bool check_files(
    const char *folder, const json_t *manifest, struct walk *walk, struct err *err)
{
    size_t i;
    const json_t *entry, *files = json_member(manifest, "files");
    walk_begin(walk, WALK_FILES, (long long)json_array_size(files));
    bool database = false;
    json_array_foreach(files, i, entry)
    {
        database = database || text_equal(json_text(entry, "path"), DATABASE);
        if (!check_file(folder, entry, walk, err)) {
            return false;
        }
    }
    return database || err_set(err, ERR_FILE, _("the manifest names no database"));
}

static bool check_history(
    const char *folder, const json_t *manifest, struct walk *walk, struct err *err)
{
    char *database = mem_printf("%s/" DATABASE, folder);
    json_t *found = proven(database, walk, err);
    bool ok = found != NULL;
    if (ok && (!text_equal(json_text(found, "history"), json_text(manifest, "history")) ||
                  !text_equal(json_text(found, "audit_head"), json_text(manifest, "audit_head")))) {
        ok = err_set(err, ERR_FILE, _("%s: the history is not the one of the manifest"), database);
    }
    json_decref(found);
    mem_free(database);
    return ok;
}

json_t *backup_check(const char *folder, struct walk *walk, struct err *err)
{
    json_t *manifest = read_manifest(folder, err);
    if (manifest != NULL && (!check_files(folder, manifest, walk, err) ||
                                !check_history(folder, manifest, walk, err))) {
        json_decref(manifest);
        return NULL;
    }
    return manifest;
}
