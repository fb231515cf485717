/* store/backup_disk.h — files and folders as a backup needs them: copied, linked, hashed, synced.
 */
#ifndef FQ_STORE_BACKUP_DISK_H
#define FQ_STORE_BACKUP_DISK_H

#include "base/digest.h"
#include "base/err.h"
#include "store/walk.h"

#include <stdbool.h>
#include <stdint.h>

/* Words for errno about a path; false. A full disk is ERR_READ_ONLY. */
bool place_failed(const char *path, int why, struct err *err);
bool place_exists(const char *path);
bool place_make(const char *path, struct err *err); /* a folder for the owner only; there: fine */
bool place_sync(const char *path, struct err *err); /* a folder's entries */
/* A new file with these bytes, synced. */
bool place_write(const char *path, const char *text, struct err *err);
/* The whole text; NULL with err. limit in bytes; caller owns. */
char *place_read(const char *path, size_t limit, struct err *err);
bool place_hash(
    const char *path, struct digest *out, int64_t *size_out, struct walk *walk, struct err *err);
/* A new file, synced. `link`: the same file under a second name where that is possible. */
bool place_copy(const char *from, const char *to, bool link, struct walk *walk, struct err *err);
void place_remove(const char *path); /* with all that is in it; best effort */
/* A lock on the folder for as long as the fd is open; -1 with err. */
int place_lock(const char *folder, struct err *err);

#endif
