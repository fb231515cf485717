/* store/files_disk.h — the folder of contents as files.c uses it: paths, locks, syncs. */
#ifndef FQ_STORE_FILES_DISK_H
#define FQ_STORE_FILES_DISK_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

char *disk_sealed_path(const char *folder, const char *hash); /* caller owns */
/* Words for errno; false. Full disks are ERR_READ_ONLY. */
bool disk_failed(int why, struct err *err);
bool disk_has_room(const char *folder, int64_t size, struct err *err);
/* The part of that name (64 hex digits), made when needed, locked by this fd alone and still under
 * its name. -1 with err. */
int disk_open_part(const char *folder, const char *part, struct err *err);
void disk_remove_part(const char *folder, const char *part);
/* Syncs the part, gives it its name for good and syncs the folders. The fd holds its lock. */
bool disk_seal(const char *folder, const char *part, const char *hash, int fd, struct err *err);
/* A mark of that name (64 hex digits) beside the contents: on the disk for good, made young again.
 */
bool disk_mark(const char *folder, const char *mark, struct err *err);
bool disk_marked(const char *folder, const char *mark);
/* An existing file, locked (alone or with others) and still under its name; -1 when there is none.
 */
int disk_open_locked(const char *path, bool alone);
int64_t disk_size(int fd);
void disk_touch(int fd);
int64_t disk_touched_s(int fd);
/* len bytes at offset, or up to size; false when the file is not there or not of that size. */
bool disk_read(const char *path, int64_t size, int64_t offset, size_t len, struct buf *out);
json_t *disk_old(const char *folder, int64_t before_s); /* see files_old */

#endif
