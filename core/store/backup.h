/* store/backup.h — a copy of everything, proven, and the way back.
 *
 * A backup is a folder fengqiao-YYYYMMDD-HHMMSS: fengqiao.db (one state of the database),
 * files/ (the contents of attachments that state names), manifest.json. It is made under the name
 * with ".part" and renamed last, when everything is synced and the copy was verified: pages, every
 * chain, the audit, every content's hash. So a folder with the whole name is a verified copy, and a
 * ".part" is what an interrupted run left; the next run removes it. Nothing is ever written over.
 */
#ifndef FQ_STORE_BACKUP_H
#define FQ_STORE_BACKUP_H

#include "base/err.h"
#include "store/walk.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct backup {
    const char *database, *files; /* files: the folder of contents; need not exist */
    const char *into;             /* folder of backups; made when it is not there */
    const char *version;          /* of the program, for the manifest */
    int64_t now_ms;
};

/* Makes one, beside a daemon at work. The manifest with "path" (the folder) and "removed"
 * (leftovers of earlier runs); new reference. NULL with err: nothing is there that looks like a
 * backup. */
json_t *backup_make(const struct backup *b, struct walk *walk, struct err *err);

/* Is the folder a whole backup: manifest, every hash, pages, chains? Its manifest; new reference.
 */
json_t *backup_check(const char *folder, struct walk *walk, struct err *err);

struct restore {
    const char *folder, *database, *files;
    bool aside; /* a database that is there is kept as NAME.before-…; else it is refused */
    int64_t now_ms;
};
/* Checks the backup, then brings it back; the manifest with "aside" when something was kept. Cut
 * short it leaves DATABASE.restoring, which the daemon refuses to start beside; doing it again is
 * fine. */
json_t *backup_restore(const struct restore *r, struct walk *walk, struct err *err);
/* Did a restore of that database end half-way? */
bool backup_half_restored(const char *database);

#endif
