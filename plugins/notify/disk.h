/* disk.h — the journal of what was sent and the files of the file channel, written off the loop.
 *
 * Jobs run one after the other on a worker. The journal has two generations, each of DISK_KEYS
 * keys: when the young one is full it becomes the old one, and the old one goes. So file and memory
 * stay bounded, and the last DISK_KEYS keys at least are always known. */
#ifndef NOTIFY_DISK_H
#define NOTIFY_DISK_H

#include "fengqiao/host.h"

#include <stdbool.h>

enum {
    /* What can come again are effects handed out but not yet answered on disk: at most 256, to a
     * few recipients each. 16384 is that many times over and still a small file. */
    DISK_KEYS = 16384,
};

struct disk; /* opaque */

/* NULL with a sentence in error. files_dir NULL: no file channel. Reads the journal. */
struct disk *disk_open(const struct fq_host *host, const char *state_dir, const char *files_dir,
    char *error, size_t size);
void disk_free(struct disk *d); /* accepts NULL; no job may be under way */
bool disk_knows(const struct disk *d, const char *key);

/* problem NULL: everything is on disk. Otherwise nothing of `lines` is. */
typedef void (*disk_cb)(const char *problem, void *ctx);
/* Appends lines (NULL: none) to the day's file, then keys ("a\nb\n") to the journal. Takes both. A
 * journal that cannot be written is logged and is no problem: it only guards against repeats. */
void disk_write(struct disk *d, char *lines, char *keys, disk_cb done, void *ctx);

#endif
