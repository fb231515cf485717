/* store/files.c — see files.h.
 *
 * Happy path: begin → put, put, … → seal. Failure modes: the process dies anywhere (the part stays,
 * begin says how much is good to go on from); the disk is full (the piece is cut off again); power
 * is lost before the seal (the part may hold anything: the hash is checked at the seal, the part
 * thrown away); one sender writes the same part twice at once (the lock orders them; whoever comes
 * second finds the bytes there, or the part sealed: the name is looked at again under the lock);
 * two senders seal the same content (one rename, or the second part goes: what is there is whole).
 */
#include "store/files.h"

#include "base/digest.h"
#include "base/lang.h"
#include "base/memory.h"
#include "store/files_disk.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

struct files {
    char *folder; /* owned */
    int64_t size_max;
};

struct files *files_open(const char *folder, int64_t size_max)
{
    struct files *f = mem_alloc(sizeof *f);
    f->folder = mem_strdup(folder);
    f->size_max = size_max;
    return f;
}

void files_free(struct files *f)
{
    if (f != NULL) {
        mem_free(f->folder);
        mem_free(f);
    }
}

int64_t files_size_max(const struct files *f)
{
    return f->size_max;
}

bool files_hash_valid(const char *hash)
{
    return hash != NULL && strlen(hash) == DIGEST_TEXT - 1 &&
           strspn(hash, "0123456789abcdef") == DIGEST_TEXT - 1;
}

static bool hash_fits(const char *hash, struct err *err)
{
    if (files_hash_valid(hash)) {
        return true;
    }
    err_set(err, ERR_PARAMS, _("hash must be the SHA-256 of the content: 64 small hex digits"));
    return err_data(err, "field", json_string("hash"));
}

static bool size_fits(const struct files *f, int64_t size, struct err *err)
{
    if (size >= 0 && size <= f->size_max) {
        return true;
    }
    err_set(err, ERR_PARAMS, _("A file may have at most %lld bytes; this one has %lld"),
        (long long)f->size_max, (long long)size);
    err_data(err, "size_max", json_integer(f->size_max));
    return err_data(err, "field", json_string("size"));
}

/* The name of a sender's part and mark. It tells neither the sender nor the hash. */
static void key_of(const char *by, const char *hash, char key_out[DIGEST_TEXT])
{
    struct digest d =
        digest_of2(hash, DIGEST_TEXT, by == NULL ? "" : by, by == NULL ? 0 : strlen(by));
    digest_hex(&d, key_out);
}

static bool sent_by(const struct files *f, const char *by, const char *hash)
{
    char key[DIGEST_TEXT];
    key_of(by, hash, key);
    return by == NULL || disk_marked(f->folder, key);
}

/* Size of the content that `by` sealed; -1 when there is none. */
static int64_t sealed_size(const struct files *f, const char *by, const char *hash)
{
    if (!sent_by(f, by, hash)) {
        return -1;
    }
    char *path = disk_sealed_path(f->folder, hash);
    struct stat st;
    int64_t size = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
    mem_free(path);
    return size;
}

/* A content on its way, as its calls see it. */
struct part {
    const char *by, *hash; /* borrowed */
    char key[DIGEST_TEXT];
    int fd; /* -1: not open */
};

/* The part, locked. It may have been made anew just after a seal by another thread: then it is
 * removed again, and *sealed_out is the size of the whole content; else -1. */
static bool open_part(const struct files *f, struct part *p, int64_t *sealed_out, struct err *err)
{
    key_of(p->by, p->hash, p->key);
    p->fd = disk_open_part(f->folder, p->key, err);
    *sealed_out = p->fd < 0 ? -1 : sealed_size(f, p->by, p->hash);
    if (*sealed_out >= 0) {
        disk_remove_part(f->folder, p->key);
    }
    return p->fd >= 0;
}

static void close_part(struct part *p)
{
    if (p->fd >= 0) {
        close(p->fd);
    }
}

/* --- begin ------------------------------------------------------------------------------------ */

bool files_begin(struct files *f, const char *by, const char *hash, int64_t size, int64_t *have_out,
    bool *complete_out, struct err *err)
{
    if (!hash_fits(hash, err) || !size_fits(f, size, err)) {
        return false;
    }
    int64_t sealed = sealed_size(f, by, hash);
    if (sealed >= 0 && sealed != size) {
        err_set(err, ERR_PARAMS, _("The content of that hash has %lld bytes, not %lld"),
            (long long)sealed, (long long)size);
        return err_data(err, "field", json_string("size"));
    }
    *complete_out = sealed >= 0 && files_keep(f, by, hash, have_out, NULL);
    if (*complete_out) {
        return true;
    }
    if (!disk_has_room(f->folder, size, err)) {
        return false;
    }
    struct part p = {.by = by, .hash = hash};
    if (!open_part(f, &p, &sealed, err)) {
        return false;
    }
    *complete_out = sealed >= 0;
    *have_out = *complete_out ? sealed : disk_size(p.fd);
    if (*have_out > size) { /* another content: the hash would not fit */
        *have_out = ftruncate(p.fd, 0) == 0 ? 0 : *have_out;
    }
    close_part(&p);
    return true;
}

/* --- put -------------------------------------------------------------------------------------- */

static bool gap(int64_t have, int64_t offset, struct err *err)
{
    err_set(err, ERR_STATE, _("%lld bytes are there; the next piece begins at %lld, not at %lld"),
        (long long)have, (long long)have, (long long)offset);
    err_hint(err, _("Ask file.begin how much is there and go on from it"));
    return err_data(err, "have", json_integer(have));
}

/* Appends; on failure the part is as long as before. */
static bool append(int fd, int64_t have, const char *data, size_t len, struct err *err)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = pwrite(fd, data + done, len - done, have + (int64_t)done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            int why = n < 0 ? errno : ENOSPC;
            int cut = ftruncate(fd, have);
            (void)cut; /* the seal checks the content anyway */
            return disk_failed(why, err);
        }
        done += (size_t)n;
    }
    return true;
}

/* A failed first piece leaves no empty file behind. */
static void drop_empty_part(const struct files *f, const struct part *p)
{
    if (disk_size(p->fd) == 0) {
        disk_remove_part(f->folder, p->key);
    }
}

static bool put_locked(struct files *f, const struct part *p, int64_t offset, const char *data,
    size_t len, int64_t *have_out, struct err *err)
{
    int64_t have = disk_size(p->fd), end = offset + (int64_t)len;
    *have_out = have;
    if (offset > have) {
        return gap(have, offset, err);
    }
    if (end <= have) {
        return true; /* came before */
    }
    size_t known = (size_t)(have - offset);
    if (!append(p->fd, have, data + known, len - known, err)) {
        drop_empty_part(f, p);
        return false;
    }
    *have_out = end;
    return true;
}

bool files_put(struct files *f, const char *by, const char *hash, int64_t offset, const void *data,
    size_t len, int64_t *have_out, struct err *err)
{
    if (!hash_fits(hash, err) || !size_fits(f, offset, err) ||
        !size_fits(f, offset + (int64_t)len, err)) {
        return false;
    }
    if (len > FILES_PIECE_MAX) {
        err_set(err, ERR_PARAMS, _("A piece has at most %d bytes"), FILES_PIECE_MAX);
        return err_data(err, "field", json_string("data"));
    }
    *have_out = sealed_size(f, by, hash);
    if (*have_out >= 0) {
        return true; /* it was sealed meanwhile */
    }
    if (!disk_has_room(f->folder, (int64_t)len, err)) {
        return false;
    }
    struct part p = {.by = by, .hash = hash};
    bool ok = open_part(f, &p, have_out, err) &&
              (*have_out >= 0 || put_locked(f, &p, offset, data, len, have_out, err));
    close_part(&p);
    return ok;
}

/* --- seal ------------------------------------------------------------------------------------- */

/* The hash of what is on the disk, not of what passed by. */
static bool hash_of(int fd, char hex[DIGEST_TEXT], struct err *err)
{
    struct digest_stream *s = digest_begin();
    char *block = mem_alloc(BLOCK);
    int64_t at = 0;
    ssize_t n;
    while ((n = pread(fd, block, BLOCK, at)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0) {
            digest_add(s, block, (size_t)n);
            at += n;
        }
    }
    int why = errno;
    struct digest d = digest_end(s);
    mem_free(block);
    digest_hex(&d, hex);
    return n == 0 || disk_failed(why, err);
}

/* The mark comes first: whoever finds the part gone finds the mark. Somebody else's content of the
 * same hash is as good as this one. */
static bool keep_part(struct files *f, const struct part *p, int64_t *size_out, struct err *err)
{
    if (!disk_mark(f->folder, p->key, err)) {
        return false;
    }
    if (files_keep(f, NULL, p->hash, size_out, NULL)) {
        disk_remove_part(f->folder, p->key);
        return true;
    }
    *size_out = disk_size(p->fd);
    return disk_seal(f->folder, p->key, p->hash, p->fd, err);
}

static bool seal_part(struct files *f, const struct part *p, int64_t *size_out, struct err *err)
{
    char hex[DIGEST_TEXT];
    if (!hash_of(p->fd, hex, err)) {
        return false;
    }
    if (strcmp(hex, p->hash) != 0) {
        disk_remove_part(f->folder, p->key);
        err_set(err, ERR_STATE,
            _("The content that came does not have this hash; it was thrown "
              "away"));
        err_hint(err, _("Send it again from the beginning"));
        err_data(err, "have", json_integer(0));
        return false;
    }
    return keep_part(f, p, size_out, err);
}

bool files_seal(
    struct files *f, const char *by, const char *hash, int64_t *size_out, struct err *err)
{
    if (!hash_fits(hash, err)) {
        return false;
    }
    if (files_keep(f, by, hash, size_out, NULL)) {
        return true;
    }
    struct part p = {.by = by, .hash = hash};
    bool ok =
        open_part(f, &p, size_out, err) && (*size_out >= 0 || seal_part(f, &p, size_out, err));
    close_part(&p);
    return ok;
}

/* --- whole contents --------------------------------------------------------------------------- */

bool files_keep(
    struct files *f, const char *by, const char *hash, int64_t *size_out, struct err *err)
{
    if (!hash_fits(hash, err)) {
        return false;
    }
    char *path = disk_sealed_path(f->folder, hash);
    int fd = sent_by(f, by, hash) ? disk_open_locked(path, false) : -1;
    mem_free(path);
    if (fd < 0) {
        err_set(err, ERR_STATE, _("There is no content of that hash; send it first"));
        return err_data(err, "field", json_string("hash"));
    }
    disk_touch(fd);
    *size_out = disk_size(fd);
    close(fd);
    return true;
}

bool files_read(struct files *f, const char *hash, int64_t size, int64_t offset, size_t len,
    struct buf *out, struct err *err)
{
    if (!hash_fits(hash, err)) {
        return false;
    }
    char *path = disk_sealed_path(f->folder, hash);
    bool ok = disk_read(path, size, offset, len, out);
    mem_free(path);
    if (!ok) {
        err_set(err, ERR_INTERNAL,
            _("The content of this attachment is missing or damaged on the "
              "server"));
        err_hint(err, _("The administrator can bring it back from the backup: file %.16s…"), hash);
    }
    return ok;
}

json_t *files_old(struct files *f, int64_t before_s)
{
    return disk_old(f->folder, before_s);
}

void files_remove(struct files *f, const char *hash, int64_t before_s)
{
    char *path = disk_sealed_path(f->folder, hash);
    int fd = disk_open_locked(path, true);
    if (fd >= 0) {
        if (disk_touched_s(fd) < before_s) {
            unlink(path);
        }
        close(fd);
    }
    mem_free(path);
}
