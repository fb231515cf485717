/* store/backup_disk.c — see backup_disk.h. */
#include "store/backup_disk.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 16, SYNC_BYTES = 16 << 20 /* see sqlite/copy.c */ };

bool place_failed(const char *path, int why, struct err *err)
{
    bool full = why == ENOSPC || why == EDQUOT;
    return err_set(err, full ? ERR_READ_ONLY : ERR_FILE, "%s: %s", path, strerror(why));
}

bool place_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

bool place_make(const char *path, struct err *err)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || place_failed(path, errno, err);
}

bool place_sync(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) {
        place_failed(path, errno, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        data += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

bool place_write(const char *path, const char *text, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, text, strlen(text)) && fsync(fd) == 0;
    if (!ok) {
        place_failed(path, errno, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

/* take() gets each piece; false ends with errno set, or with err. */
typedef bool (*piece_fn)(void *ctx, const char *data, size_t len);

static bool read_pieces(
    const char *path, piece_fn take, void *ctx, struct walk *walk, struct err *err)
{
    char *piece = mem_alloc(PIECE);
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t n = -1;
    bool ok = fd >= 0, on = true;
    while (ok && on && (n = read(fd, piece, PIECE)) != 0) {
        ok = n > 0 ? take(ctx, piece, (size_t)n) : errno == EINTR;
        on = walk_on(walk, 0, err);
    }
    if (!ok) {
        place_failed(path, errno, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    mem_free(piece);
    return ok && on;
}

struct text {
    struct buf buf;
    size_t limit;
};

static bool take_text(void *ctx, const char *data, size_t len)
{
    struct text *t = ctx;
    buf_add(&t->buf, data, len);
    errno = EFBIG;
    return t->buf.len <= t->limit;
}

char *place_read(const char *path, size_t limit, struct err *err)
{
    struct text t = {.limit = limit};
    if (!read_pieces(path, take_text, &t, NULL, err)) {
        buf_close(&t.buf);
        return NULL;
    }
    return buf_take(&t.buf);
}

struct hashing {
    struct digest_stream *stream;
    int64_t size;
};

static bool take_hash(void *ctx, const char *data, size_t len)
{
    struct hashing *h = ctx;
    digest_add(h->stream, data, len);
    h->size += (int64_t)len;
    return true;
}

bool place_hash(
    const char *path, struct digest *out, int64_t *size_out, struct walk *walk, struct err *err)
{
    struct hashing h = {.stream = digest_begin()};
    bool ok = read_pieces(path, take_hash, &h, walk, err);
    *out = digest_end(h.stream);
    *size_out = h.size;
    return ok;
}

struct copying {
    int fd;
    size_t unsynced;
};

static bool take_copy(void *ctx, const char *data, size_t len)
{
    struct copying *c = ctx;
    c->unsynced += len;
    bool sync = c->unsynced >= SYNC_BYTES;
    c->unsynced = sync ? 0 : c->unsynced;
    return write_all(c->fd, data, len) && (!sync || fsync(c->fd) == 0);
}

bool place_copy(const char *from, const char *to, bool link_it, struct walk *walk, struct err *err)
{
    if (link_it && link(from, to) == 0) {
        return true; /* what it names was synced when it was sealed */
    }
    struct copying c = {.fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (c.fd < 0) {
        return place_failed(to, errno, err);
    }
    bool ok = read_pieces(from, take_copy, &c, walk, err);
    if (ok && fsync(c.fd) != 0) {
        ok = place_failed(to, errno, err);
    }
    close(c.fd);
    return ok;
}

void place_remove(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            char *inner = mem_printf("%s/%s", path, e->d_name);
            if (unlink(inner) != 0) {
                place_remove(inner);
            }
            mem_free(inner);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    remove(path);
}

int place_lock(const char *folder, struct err *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return fd;
    }
    if (fd >= 0 && errno == EWOULDBLOCK) {
        err_set(err, ERR_STATE, _("%s: another backup is being written there"), folder);
    } else {
        place_failed(folder, errno, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}
