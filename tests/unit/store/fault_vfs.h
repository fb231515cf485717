/* tests/unit/store/fault_vfs.h — a disk that fails, holds still, or loses its power.
 *
 * Registered as SQLite's default VFS over the real one. Counts points (open, write, sync, truncate,
 * delete); at point number `at` it fails, once or from then on. It also remembers what of each file
 * was synced and what was only written: a power cut keeps the first and drops, keeps or tears the
 * second at 512 bytes. One hook is called before each sync of a log. */
#ifndef FQ_TEST_FAULT_VFS_H
#define FQ_TEST_FAULT_VFS_H

#include "base/memory.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512, DISK_FILES = 8 };

/* Written, not synced. */
struct pending {
    struct pending *next;
    size_t offset, len;
    unsigned char *data;
};

/* What a power cut leaves of a file, and what may or may not be left. */
struct disk_file {
    char *path;
    unsigned char *image;
    size_t len, cap;
    struct pending *first, **last;
};

static struct {
    sqlite3_vfs vfs, *real;
    long point, at; /* at 0: never */
    bool stays;     /* every point from `at` on fails */
    int write_code; /* of a failing write, else SQLITE_IOERR_WRITE */
    long fired;
    long syncs;    /* of logs */
    bool tracking; /* keep images */
    struct disk_file files[DISK_FILES];
    void (*before_sync)(void *ctx);
    void *ctx;
} disk;

struct fault_file {
    sqlite3_file base;
    bool is_log;
    struct disk_file *record;
    sqlite3_file *real;
};

static inline bool disk_fails(void)
{
    disk.point++;
    bool now = disk.at != 0 && (disk.point == disk.at || (disk.stays && disk.point > disk.at));
    disk.fired += now;
    return now;
}

static inline struct disk_file *disk_file_of(const char *path)
{
    if (!disk.tracking || path == NULL) {
        return NULL;
    }
    struct disk_file *empty = NULL;
    for (size_t i = 0; i < DISK_FILES; i++) {
        if (disk.files[i].path != NULL && strcmp(disk.files[i].path, path) == 0) {
            return &disk.files[i];
        }
        empty = empty == NULL && disk.files[i].path == NULL ? &disk.files[i] : empty;
    }
    empty->path = mem_strdup(path);
    empty->last = &empty->first;
    return empty;
}

static inline void disk_patch(struct disk_file *f, size_t offset, const void *data, size_t len)
{
    if (offset + len > f->len) {
        if (offset + len > f->cap) {
            f->cap = 2 * (offset + len);
            f->image = mem_resize(f->image, f->cap);
        }
        memset(f->image + f->len, 0, offset + len - f->len);
        f->len = offset + len;
    }
    memcpy(f->image + offset, data, len);
}

static inline void disk_drop_pending(struct disk_file *f)
{
    while (f->first != NULL) {
        struct pending *p = f->first;
        f->first = p->next;
        mem_free(p->data);
        mem_free(p);
    }
    f->last = &f->first;
}

static inline void disk_forget(struct disk_file *f)
{
    disk_drop_pending(f);
    mem_free(f->path);
    mem_free(f->image);
    *f = (struct disk_file){0};
}

static inline void disk_written(struct disk_file *f, size_t offset, const void *data, size_t len)
{
    if (f != NULL) {
        struct pending *p = mem_alloc(sizeof *p);
        *p = (struct pending){NULL, offset, len, mem_dup(data, len)};
        *f->last = p;
        f->last = &p->next;
    }
}

static inline void disk_synced(struct disk_file *f)
{
    if (f == NULL) {
        return;
    }
    for (struct pending *p = f->first; p != NULL; p = p->next) {
        disk_patch(f, p->offset, p->data, p->len);
    }
    disk_drop_pending(f);
}

static inline struct fault_file *fault_of(sqlite3_file *f)
{
    return (struct fault_file *)f;
}

static inline sqlite3_file *real_of(sqlite3_file *f)
{
    return fault_of(f)->real;
}

static int fault_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int fault_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

static int fault_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (disk_fails()) {
        return disk.write_code == 0 ? SQLITE_IOERR_WRITE : disk.write_code;
    }
    disk_written(fault_of(f)->record, (size_t)at, from, (size_t)n);
    return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return disk_fails() ? SQLITE_IOERR_TRUNCATE : real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int fault_sync(sqlite3_file *f, int flags)
{
    if (fault_of(f)->is_log) {
        if (disk.before_sync != NULL) {
            disk.before_sync(disk.ctx);
        }
        disk.syncs++;
    }
    if (disk_fails()) {
        return SQLITE_IOERR_FSYNC;
    }
    (void)flags; /* the real disk is spared the work: nothing here depends on it */
    disk_synced(fault_of(f)->record);
    return SQLITE_OK;
}

static int fault_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), out);
}

static int fault_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int fault_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int fault_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int fault_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int fault_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int fault_traits(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int fault_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int fault_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void fault_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int fault_shm_unmap(sqlite3_file *f, int remove_file)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), remove_file);
}

static const sqlite3_io_methods fault_methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_reserved,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector,
    .xDeviceCharacteristics = fault_traits,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
    (void)vfs;
    struct fault_file *file = fault_of(f);
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    if (name != NULL && disk_fails()) {
        return SQLITE_CANTOPEN;
    }
    int code = disk.real->xOpen(disk.real, name, file->real, flags, out);
    if (code == SQLITE_OK) {
        file->base.pMethods = &fault_methods;
        file->is_log = (flags & SQLITE_OPEN_WAL) != 0;
        file->record = disk_file_of(name);
    }
    return code;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    if (disk_fails()) {
        return SQLITE_IOERR_DELETE;
    }
    for (size_t i = 0; i < DISK_FILES; i++) {
        if (disk.files[i].path != NULL && strcmp(disk.files[i].path, name) == 0) {
            disk_forget(&disk.files[i]);
        }
    }
    return disk.real->xDelete(disk.real, name, sync_folder);
}

/* Call once before any store is opened. */
static inline void disk_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.pNext = NULL;
    disk.vfs.zName = "fault";
    disk.vfs.szOsFile = (int)sizeof(struct fault_file) + disk.real->szOsFile;
    disk.vfs.xOpen = fault_open;
    disk.vfs.xDelete = fault_delete;
    sqlite3_vfs_register(&disk.vfs, 1);
}

/* Fails at the n-th point from now. */
static inline void disk_fail_at(long n, bool stays, int write_code)
{
    disk.point = 0;
    disk.at = n;
    disk.stays = stays;
    disk.write_code = write_code;
    disk.fired = 0;
}

static inline void disk_heal(void)
{
    disk.at = 0;
}

static inline uint32_t disk_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* After everything is closed: the files become what a power cut left of them. Each sector written
 * but not synced is there or not, by the seed; 0 keeps none. */
static inline void disk_power_cut(uint32_t seed)
{
    for (size_t i = 0; i < DISK_FILES; i++) {
        struct disk_file *f = &disk.files[i];
        if (f->path == NULL) {
            continue;
        }
        for (struct pending *p = f->first; p != NULL && seed != 0; p = p->next) {
            for (size_t at = 0; at < p->len; at += SECTOR) {
                if (disk_random(&seed) % 2 == 0) {
                    size_t len = p->len - at < SECTOR ? p->len - at : SECTOR;
                    disk_patch(f, p->offset + at, p->data + at, len);
                }
            }
        }
        FILE *out = fopen(f->path, "wb");
        if (f->len > 0) {
            fwrite(f->image, 1, f->len, out);
        }
        fclose(out);
        disk_forget(f);
    }
}

static inline void disk_forget_all(void)
{
    for (size_t i = 0; i < DISK_FILES; i++) {
        disk_forget(&disk.files[i]);
    }
}

#endif
