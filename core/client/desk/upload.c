/* client/desk/upload.c — see upload.h. */
#include "client/desk/upload.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "client/client.h"
#include "client/desk/desk.h"
#include "client/media.h"
#include "client/page_links.h"
#include "client/remote.h"
#include "client/transfer.h"
#include "client/view.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HASH_PART_BYTES = 1 << 20, /* hashed in one turn: a few milliseconds */
    TRIES_MAX = 4,             /* parts in a row that brought nothing */
    PAUSE_S = 2,               /* after "busy" */
};

enum step { STEP_HASH, STEP_BEGIN, STEP_PUT, STEP_SEAL, STEP_ATTACH, STEP_OVER };

struct upload {
    char *number, *path; /* owned */
    const char *name;    /* the last part of path */
    int fd;
    size_t size, at;              /* at: hashed, then: what the server has */
    struct digest_stream *stream; /* while hashing */
    char hash[DIGEST_TEXT];
    enum step step;
    int tries;
    bool asked; /* an answer is on its way */
    int64_t pause_until_us;
    struct desk *desk; /* borrowed */
};

struct upload *upload_open(const char *number, const char *path, struct err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold us up */
    bool ok = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    if (!ok || about.st_size == 0) {
        err_set(err, ERR_FILE, ok ? _("%s is empty.") : _("%s cannot be read."), path);
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    struct upload *u = mem_alloc(sizeof *u);
    u->number = mem_strdup(number);
    u->path = mem_strdup(path);
    const char *slash = strrchr(u->path, '/');
    u->name = slash != NULL ? slash + 1 : u->path;
    u->fd = fd;
    u->size = (size_t)about.st_size;
    u->stream = digest_begin();
    return u;
}

void upload_free(struct upload *u)
{
    if (u == NULL) {
        return;
    }
    if (u->stream != NULL) {
        digest_end(u->stream);
    }
    close(u->fd);
    mem_free(u->number);
    mem_free(u->path);
    mem_free(u);
}

bool upload_over(const struct upload *u)
{
    return u->step == STEP_OVER && !u->asked;
}

static void give_up(struct upload *u, const char *why)
{
    u->step = STEP_OVER;
    desk_say(u->desk, LOOK_LATE, "! %s%s%s", u->name, view_colon(), why);
}

/* The part of the file from `at` on; false: the file is not what it was. */
static bool read_part(struct upload *u, char *part, size_t *n_inout)
{
    size_t left = u->size - u->at;
    *n_inout = left < *n_inout ? left : *n_inout;
    ssize_t n = pread(u->fd, part, *n_inout, (off_t)u->at);
    if (n != (ssize_t)*n_inout) {
        give_up(u, _("the file changed while it was read; choose it again."));
        return false;
    }
    return true;
}

static void hash_some(struct upload *u)
{
    size_t n = HASH_PART_BYTES;
    char *part = mem_alloc(n);
    if (read_part(u, part, &n)) {
        digest_add(u->stream, part, n);
        u->at += n;
    }
    mem_free(part);
    if (u->at == u->size && u->step == STEP_HASH) {
        struct digest digest = digest_end(u->stream);
        u->stream = NULL;
        digest_hex(&digest, u->hash);
        u->at = 0;
        u->step = STEP_BEGIN;
    }
}

/* --- answers --------------------------------------------------------------------------- */

static void take_begin(struct upload *u, const json_t *result)
{
    int64_t have = json_number(result, "have", 0);
    bool known = have >= 0 && have <= (int64_t)u->size;
    u->at = known ? (size_t)have : 0;
    u->step = json_flag(result, "complete") ? STEP_ATTACH : u->at == u->size ? STEP_SEAL : STEP_PUT;
}

static void take_put(struct upload *u, const json_t *result)
{
    int64_t have = json_number(result, "have", -1);
    if (have > (int64_t)u->at && have <= (int64_t)u->size) {
        u->at = (size_t)have;
        u->tries = 0;
        u->step = u->at == u->size ? STEP_SEAL : STEP_PUT;
    } else if (++u->tries < TRIES_MAX) {
        u->step = STEP_BEGIN; /* the server says how far it is */
    } else {
        give_up(u, _("The server does not take the file any further."));
    }
}

static void take_answer(void *ctx, const json_t *result, const struct err *why)
{
    struct upload *u = ctx;
    u->asked = false;
    if (why != NULL && (why->code == ERR_OFFLINE || err_info(why->code)->retryable)) {
        u->step = STEP_BEGIN;
        u->pause_until_us =
            why->code == ERR_OFFLINE ? 0 : monotonic_us() + PAUSE_S * INT64_C(1000000);
    } else if (why != NULL) {
        give_up(u, why->message);
    } else if (u->step == STEP_BEGIN) {
        take_begin(u, result);
    } else if (u->step == STEP_PUT) {
        take_put(u, result);
    } else {
        u->step = STEP_ATTACH;
    }
}

/* --- questions ------------------------------------------------------------------------- */

static void ask(struct upload *u, const char *method, json_t *params)
{
    char key[UUID_TEXT];
    struct client *c = u->desk->client;
    random_uuid7(wallclock_now_ms(&c->clock), key);
    json_t *request = remote_request(key, method, params, key, remote_token(c));
    u->asked = line_send(u->desk->line, request, take_answer, u);
    json_decref(request);
    json_decref(params);
}

static void put_some(struct upload *u)
{
    size_t n = TRANSFER_PART_BYTES;
    char *part = mem_alloc(n);
    if (read_part(u, part, &n)) {
        ask(u, "file.put", transfer_part(u->hash, u->at, part, n));
    }
    mem_free(part);
}

static void attach(struct upload *u)
{
    char key[UUID_TEXT];
    struct err err = {0};
    json_t *params = json_pack("{s:s, s:s, s:s, s:s}", "case", u->number, "hash", u->hash, "name",
        u->name, "media", media_of_name(u->name));
    u->step = STEP_OVER;
    if (params == NULL) { /* a name that is no UTF-8 */
        give_up(u, _("The name of the file is not readable; give it another name."));
    } else if (!outgo_put(u->desk->outgo, "case.attach", params, key, &err)) {
        give_up(u, err.message);
    }
    err_clear(&err);
}

bool upload_work(struct upload *u, struct desk *d)
{
    u->desk = d;
    if (u->step == STEP_HASH) {
        hash_some(u);
        return true;
    }
    if (u->step == STEP_ATTACH) {
        attach(u);
        return true;
    }
    if (u->asked || u->step == STEP_OVER || !desk_online(d) || d->now_us < u->pause_until_us) {
        return false;
    }
    switch (u->step) {
    case STEP_BEGIN:
        ask(u, "file.begin", transfer_begin(u->hash, u->size));
        break;
    case STEP_PUT:
        put_some(u);
        break;
    default:
        ask(u, "file.seal", json_pack("{s:s}", "hash", u->hash));
    }
    return false;
}

char *upload_words(const struct upload *u, const struct desk *d)
{
    char *at = page_size((int64_t)u->at);
    char *size = page_size((int64_t)u->size);
    int percent = (int)(u->at * 100 / u->size);
    char *words =
        u->step == STEP_HASH ? mem_printf(_("Reading %s: %d%%"), u->name, percent)
        : desk_online(d)
            ? mem_printf(_("Sending %s: %s of %s (%d%%)"), u->name, at, size, percent)
            : mem_printf(_("%s: %s of %s sent; goes on when the line is back"), u->name, at, size);
    mem_free(at);
    mem_free(size);
    return words;
}
