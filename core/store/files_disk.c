/* store/files_disk.c — see files_disk.h. */
#include "store/files_disk.h"

#include "base/lang.h"
#include "base/memory.h"
#include "store/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PARTS "parts"
#define SENT "sent"

char *disk_sealed_path(const char *folder, const char *hash)
{
    return mem_printf("%s/%.2s/%s", folder, hash, hash);
}

static char *part_path(const char *folder, const char *part)
{
    return mem_printf("%s/" PARTS "/%s", folder, part);
}

static char *mark_path(const char *folder, const char *mark)
{
    return mem_printf("%s/" SENT "/%s", folder, mark);
}

bool disk_failed(int why, struct err *err)
{
    if (why == ENOSPC || why == EDQUOT || why == EFBIG) {
        err_set(err, ERR_READ_ONLY, _("The disk of the server is full; the file was not saved"));
        return err_hint(err, _("Send it again later; what was sent before is kept"));
    }
    return err_set(err, ERR_INTERNAL, _("The folder of files: %s"), strerror(why));
}

/* --- folders ---------------------------------------------------------------------------------- */

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

/* Makes folder/name when it is not there; a new entry is synced. */
static bool make_folder(const char *folder, const char *name, struct err *err)
{
    char *path = name == NULL ? mem_strdup(folder) : mem_printf("%s/%s", folder, name);
    bool made = mkdir(path, 0700) == 0;
    bool ok = made || errno == EEXIST || disk_failed(errno, err);
    if (made && name != NULL && !sync_folder(folder)) {
        ok = disk_failed(errno, err);
    }
    mem_free(path);
    return ok;
}

bool disk_has_room(const char *folder, int64_t size, struct err *err)
{
    struct statvfs v;
    if (!make_folder(folder, NULL, err)) {
        return false;
    }
    if (statvfs(folder, &v) != 0) {
        return true; /* writing will tell */
    }
    int64_t room = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
    return size <= room - FILES_ROOM_MIN || disk_failed(ENOSPC, err);
}

/* --- locks ------------------------------------------------------------------------------------ */

/* Is the file behind fd still the one of that name? It may have been sealed or swept while its lock
 * was waited for. */
static bool same_file(int fd, const char *path)
{
    struct stat a, b;
    return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static int open_locked(const char *path, int flags, int lock)
{
    for (;;) {
        int fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0) {
            return -1;
        }
        while (flock(fd, lock) != 0 && errno == EINTR) {
        }
        if (same_file(fd, path)) {
            return fd;
        }
        close(fd);
    }
}

int disk_open_locked(const char *path, bool alone)
{
    return open_locked(path, O_RDWR, alone ? LOCK_EX : LOCK_SH);
}

int disk_open_part(const char *folder, const char *part, struct err *err)
{
    if (!make_folder(folder, NULL, err) || !make_folder(folder, PARTS, err)) {
        return -1;
    }
    char *path = part_path(folder, part);
    int fd = open_locked(path, O_RDWR | O_CREAT, LOCK_EX);
    if (fd < 0) {
        disk_failed(errno, err);
    }
    mem_free(path);
    return fd;
}

void disk_remove_part(const char *folder, const char *part)
{
    char *path = part_path(folder, part);
    unlink(path);
    mem_free(path);
}

/* --- sealing ---------------------------------------------------------------------------------- */

bool disk_seal(const char *folder, const char *part, const char *hash, int fd, struct err *err)
{
    char name[3] = {hash[0], hash[1], '\0'};
    char *from = part_path(folder, part), *to = disk_sealed_path(folder, hash);
    char *home = mem_printf("%s/%s", folder, name), *parts = mem_printf("%s/" PARTS, folder);
    bool ok = (fsync(fd) == 0 || disk_failed(errno, err)) && make_folder(folder, name, err);
    if (ok) {
        ok = rename(from, to) == 0 && sync_folder(home) && sync_folder(parts);
        ok = ok || disk_failed(errno, err);
    }
    mem_free(from);
    mem_free(to);
    mem_free(home);
    mem_free(parts);
    return ok;
}

bool disk_mark(const char *folder, const char *mark, struct err *err)
{
    if (!make_folder(folder, NULL, err) || !make_folder(folder, SENT, err)) {
        return false;
    }
    char *path = mark_path(folder, mark), *home = mem_printf("%s/" SENT, folder);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && futimens(fd, NULL) == 0 && fsync(fd) == 0 && sync_folder(home);
    ok = ok || disk_failed(errno, err);
    if (fd >= 0) {
        close(fd);
    }
    mem_free(path);
    mem_free(home);
    return ok;
}

bool disk_marked(const char *folder, const char *mark)
{
    char *path = mark_path(folder, mark);
    bool there = access(path, F_OK) == 0;
    mem_free(path);
    return there;
}

/* --- looking ---------------------------------------------------------------------------------- */

int64_t disk_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? (int64_t)st.st_size : 0;
}

void disk_touch(int fd)
{
    int failed = futimens(fd, NULL);
    (void)failed; /* at worst it is swept a little early */
}

int64_t disk_touched_s(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? (int64_t)st.st_mtime : INT64_MAX;
}

static bool read_at(int fd, int64_t offset, size_t len, struct buf *out)
{
    buf_reserve(out, len);
    for (size_t done = 0; done < len;) {
        ssize_t n = pread(fd, out->data + out->len, len - done, offset + (int64_t)done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        out->len += (size_t)n;
        done += (size_t)n;
    }
    if (len > 0) {
        out->data[out->len] = '\0';
    }
    return true;
}

bool disk_read(const char *path, int64_t size, int64_t offset, size_t len, struct buf *out)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    int64_t left = size - offset;
    size_t wanted = left <= 0 ? 0 : (uint64_t)left < len ? (size_t)left : len;
    bool ok = disk_size(fd) == size && read_at(fd, offset, wanted, out);
    close(fd);
    return ok;
}

/* --- sweeping --------------------------------------------------------------------------------- */

static bool older(int folder_fd, const char *name, int64_t before_s)
{
    struct stat st;
    return fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           (int64_t)st.st_mtime < before_s;
}

/* Names of old files in one folder go to list; without a list they are removed. */
static void old_in(const char *folder, const char *name, int64_t before_s, json_t *list)
{
    char *path = mem_printf("%s/%s", folder, name);
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (!files_hash_valid(e->d_name) || !older(dirfd(dir), e->d_name, before_s)) {
            continue;
        }
        if (list != NULL) {
            json_array_append_new(list, json_string(e->d_name));
        } else {
            unlinkat(dirfd(dir), e->d_name, 0);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    mem_free(path);
}

json_t *disk_old(const char *folder, int64_t before_s)
{
    static const char digits[] = "0123456789abcdef";
    json_t *list = json_array();
    old_in(folder, PARTS, before_s, NULL);
    old_in(folder, SENT, before_s, NULL);
    for (int i = 0; i < 256; i++) {
        char name[3] = {digits[i >> 4], digits[i & 15], '\0'};
        old_in(folder, name, before_s, list);
    }
    return list;
}
