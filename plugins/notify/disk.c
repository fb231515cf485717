/* disk.c — see disk.h. `run` functions work on the worker thread and touch their job and the disk's
 * paths only; the sets of keys belong to the loop thread. */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 2 * DISK_KEYS, PATH_BYTES = 1024, KEY_BYTES = 512 };
/* Of a file, read at the start: one job has no more lines than a parcel has notes, 200. */
enum { LINES_KEPT = 512 };

struct keys {
    char *slots[SLOTS]; /* owned; open addressing */
    size_t count;
};

struct job {
    struct job *next;
    struct disk *disk;
    char *lines, *keys; /* owned */
    char day[16];       /* "2026-11-24" */
    bool rotate;        /* the young journal becomes the old one first */
    char problem[160], journal_problem[160];
    disk_cb done;
    void *ctx;
};

struct disk {
    const struct fq_host *host;
    char *state_dir, *files_dir; /* owned */
    struct keys *young, *old;
    struct job *first, *last; /* first is under way */
};

/* --- keys ------------------------------------------------------------------------------------ */

static size_t slot_of(const struct keys *k, const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    }
    size_t i = (size_t)(hash % SLOTS);
    while (k->slots[i] != NULL && strcmp(k->slots[i], key) != 0) {
        i = (i + 1) % SLOTS;
    }
    return i;
}

static bool keys_have(const struct keys *k, const char *key)
{
    return k->slots[slot_of(k, key)] != NULL;
}

static void keys_add(struct keys *k, const char *key)
{
    size_t i = slot_of(k, key);
    if (k->slots[i] == NULL && k->count < DISK_KEYS) {
        k->slots[i] = strdup(key);
        k->count++;
    }
}

static void keys_free(const struct fq_host *host, struct keys *k)
{
    for (size_t i = 0; k != NULL && i < SLOTS; i++) {
        free(k->slots[i]);
    }
    host->free(host, k);
}

bool disk_knows(const struct disk *d, const char *key)
{
    return keys_have(d->young, key) || keys_have(d->old, key);
}

/* --- on the worker -----------------------------------------------------------------------------
 */

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        text += n < 0 ? 0 : n;
        len -= n < 0 ? 0 : (size_t)n;
    }
    return true;
}

/* Appends whole or not at all: half a line would spoil the next one. */
static bool append(const char *folder, const char *path, const char *text)
{
    bool is_new = access(path, F_OK) != 0;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int why = errno;
        if (fd >= 0) {
            close(fd);
        }
        errno = why;
        return false;
    }
    bool good =
        write_all(fd, text, strlen(text)) && fsync(fd) == 0 && (!is_new || sync_folder(folder));
    int why = errno;
    if (!good && ftruncate(fd, st.st_size) != 0) {
        why = errno;
    }
    close(fd);
    errno = why;
    return good;
}

static void on_run(void *ctx)
{
    struct job *j = ctx;
    const struct disk *d = j->disk;
    char path[PATH_BYTES], old[PATH_BYTES];
    if (j->lines != NULL) {
        snprintf(path, sizeof(path), "%s/notify-%s.jsonl", d->files_dir, j->day);
        if (!append(d->files_dir, path, j->lines)) {
            snprintf(j->problem, sizeof(j->problem), "errno=%d %s", errno, strerrorname_np(errno));
            return;
        }
    }
    snprintf(path, sizeof(path), "%s/notify.sent", d->state_dir);
    snprintf(old, sizeof(old), "%s/notify.sent.1", d->state_dir);
    if ((j->rotate && rename(path, old) != 0 && errno != ENOENT) ||
        !append(d->state_dir, path, j->keys)) {
        snprintf(j->journal_problem, sizeof(j->journal_problem), "errno=%d", errno);
    }
}

/* --- on the loop ---------------------------------------------------------------------------------
 */

static void start_first(struct disk *d);

static void remember(struct disk *d, const char *keys)
{
    while (*keys != '\0') {
        size_t len = strcspn(keys, "\n");
        char key[KEY_BYTES];
        snprintf(key, sizeof(key), "%.*s", (int)len, keys);
        keys_add(d->young, key);
        keys += len + (keys[len] == '\n');
    }
}

static void on_done(void *ctx)
{
    struct job *j = ctx;
    struct disk *d = j->disk;
    d->first = j->next;
    if (d->first == NULL) {
        d->last = NULL;
    }
    if (j->journal_problem[0] != '\0') {
        d->host->log(d->host, FQ_LOG_WARNING, "journal_unwritten", j->journal_problem);
    }
    if (j->problem[0] == '\0') {
        remember(d, j->keys);
    }
    j->done(j->problem[0] == '\0' ? NULL : j->problem, j->ctx);
    free(j->lines);
    free(j->keys);
    d->host->free(d->host, j);
    start_first(d);
}

static void start_first(struct disk *d)
{
    struct job *j = d->first;
    if (j == NULL) {
        return;
    }
    if (d->young->count >= DISK_KEYS) {
        keys_free(d->host, d->old);
        d->old = d->young;
        d->young = d->host->alloc(d->host, sizeof(struct keys));
        j->rotate = true;
    }
    if (d->host->work(d->host, on_run, on_done, j) != FQ_OK) {
        snprintf(j->problem, sizeof(j->problem), "no worker");
        on_done(j);
    }
}

static void day_of(int64_t now_ms, char out[16])
{
    time_t local = (time_t)(now_ms / 1000) + 8 * 3600; /* Asia/Shanghai has no summer time */
    struct tm tm;
    gmtime_r(&local, &tm);
    strftime(out, 16, "%Y-%m-%d", &tm);
}

void disk_write(struct disk *d, char *lines, char *keys, disk_cb done, void *ctx)
{
    struct job *j = d->host->alloc(d->host, sizeof(*j));
    j->disk = d;
    j->lines = lines;
    j->keys = keys;
    j->done = done;
    j->ctx = ctx;
    day_of(d->host->now_ms(d->host), j->day);
    if (d->last != NULL) {
        d->last->next = j;
        d->last = j;
        return;
    }
    d->first = d->last = j;
    start_first(d);
}

/* --- life ------------------------------------------------------------------------------------ */

/* A last line without end was being written when the power failed: it is cut off, so that the next
 * key does not join it. */
static void load(const char *folder, const char *name, struct keys *keys)
{
    char path[PATH_BYTES], line[KEY_BYTES];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "r+e");
    if (file == NULL) {
        return;
    }
    off_t whole = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        size_t len = strcspn(line, "\n");
        if (line[len] == '\n') {
            line[len] = '\0';
            keys_add(keys, line);
            whole = ftello(file);
        }
    }
    /* Where that fails one key is lost and its notice may come twice. */
    bool cut = ftruncate(fileno(file), whole) == 0;
    (void)cut;
    fclose(file);
}

/* The newest file of the file channel; its name is in `name`. */
static bool newest_file(const char *folder, char name[NAME_MAX + 1])
{
    DIR *dir = opendir(folder);
    name[0] = '\0';
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (strncmp(e->d_name, "notify-", 7) == 0 && strcmp(e->d_name, name) > 0) {
            strcpy(name, e->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return name[0] != '\0';
}

/* The daemon may have been killed when lines were on disk and their keys were not: only those of
 * the last job, so the end of the newest file tells them all. Half a line is cut off. */
static void load_lines(const char *folder, struct keys *keys)
{
    char name[NAME_MAX + 1], path[PATH_BYTES + NAME_MAX + 2];
    if (!newest_file(folder, name)) {
        return;
    }
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "r+e");
    if (file == NULL) {
        return;
    }
    long long last[LINES_KEPT] = {0};
    size_t count = 0, size = 0;
    char *line = NULL;
    off_t whole = 0;
    for (ssize_t len; (len = getline(&line, &size, file)) > 0 && line[len - 1] == '\n';) {
        whole = ftello(file);
        if (sscanf(line, "{\"effect\":\"%lld\"", &last[count % LINES_KEPT]) == 1) {
            count++;
        }
    }
    for (size_t i = count > LINES_KEPT ? count - LINES_KEPT : 0; i < count; i++) {
        char key[64];
        snprintf(key, sizeof(key), "%lld file", last[i % LINES_KEPT]);
        keys_add(keys, key);
    }
    bool cut = ftruncate(fileno(file), whole) == 0;
    (void)cut; /* otherwise the next line joins the half one */
    free(line);
    fclose(file);
}

static bool check_folder(const char *path, char *error, size_t size)
{
    struct stat st;
    if (strlen(path) > PATH_BYTES - 64) {
        errno = ENAMETOOLONG;
    } else if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
    } else if (access(path, W_OK | X_OK) == 0) {
        return true;
    }
    snprintf(error, size, "%s: %s", path, strerror(errno));
    return false;
}

struct disk *disk_open(const struct fq_host *host, const char *state_dir, const char *files_dir,
    char *error, size_t size)
{
    if (state_dir == NULL || !check_folder(state_dir, error, size) ||
        (files_dir != NULL && !check_folder(files_dir, error, size))) {
        return NULL;
    }
    struct disk *d = host->alloc(host, sizeof(*d));
    d->host = host;
    d->state_dir = strdup(state_dir);
    d->files_dir = files_dir == NULL ? NULL : strdup(files_dir);
    d->young = host->alloc(host, sizeof(struct keys));
    d->old = host->alloc(host, sizeof(struct keys));
    load(state_dir, "notify.sent", d->young);
    load(state_dir, "notify.sent.1", d->old);
    if (files_dir != NULL) {
        load_lines(files_dir, d->young);
    }
    return d;
}

void disk_free(struct disk *d)
{
    if (d == NULL) {
        return;
    }
    keys_free(d->host, d->young);
    keys_free(d->host, d->old);
    free(d->state_dir);
    free(d->files_dir);
    d->host->free(d->host, d);
}
