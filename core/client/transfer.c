/* client/transfer.c — see transfer.h. */
#include "client/transfer.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/home.h"
#include "client/page_links.h"
#include "client/progress.h"
#include "client/remote.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TRIES_MAX = 4 }; /* in a row without a byte more */

json_t *transfer_begin(const char *hash, size_t len)
{
    return json_pack("{s:s, s:I}", "hash", hash, "size", (json_int_t)len);
}

json_t *transfer_part(const char *hash, size_t at, const void *data, size_t n)
{
    char *text = base64_encode(data, n);
    json_t *params =
        json_pack("{s:s, s:I, s:s}", "hash", hash, "offset", (json_int_t)at, "data", text);
    mem_free(text);
    return params;
}

/* The parts are no changes of a case: sent again as they are, and no outbox. */
static json_t *call(struct client *c, const char *method, json_t *params, struct err *err)
{
    char key[UUID_TEXT];
    random_uuid7(wallclock_now_ms(&c->clock), key);
    json_object_set_new(params, "_meta", json_pack("{s:s}", "key", key));
    return remote_call(c, method, params, err);
}

static json_t *begin(struct client *c, const char *hash, size_t len, struct err *err)
{
    return call(c, "file.begin", transfer_begin(hash, len), err);
}

/* The part from `at` on; how much the server has then, or -1. */
static int64_t put(
    struct client *c, const char *hash, const char *data, size_t len, size_t at, struct err *err)
{
    size_t n = len - at < TRANSFER_PART_BYTES ? len - at : TRANSFER_PART_BYTES;
    json_t *answer = call(c, "file.put", transfer_part(hash, at, data + at, n), err);
    int64_t have = answer != NULL ? json_number(answer, "have", (int64_t)(at + n)) : -1;
    json_decref(answer);
    return have;
}

/* How far the server is by its own word; `otherwise` when it does not say. */
static size_t ask_how_far(struct client *c, const char *hash, size_t len, size_t otherwise)
{
    json_t *answer = begin(c, hash, len, NULL);
    int64_t have = json_number(answer, "have", (int64_t)otherwise);
    json_decref(answer);
    return have >= 0 && have <= (int64_t)len ? (size_t)have : otherwise;
}

/* From what the server has to the end. The line may break on the way, and a part whose answer was
 * lost may have arrived: after each mishap the server is asked how far it is. */
static bool send_rest(struct client *c, const char *hash, const char *data, size_t len, size_t have,
    struct progress *bar, struct err *err)
{
    for (int tries = 0; have < len && tries < TRIES_MAX; tries++) {
        progress_at(bar, have);
        err_clear(err);
        int64_t now = put(c, hash, data, len, have, err);
        bool forward = now > (int64_t)have && now <= (int64_t)len;
        size_t then = forward ? (size_t)now : ask_how_far(c, hash, len, have);
        tries = then > have ? -1 : tries;
        if (then <= have && now < 0 && err->code != ERR_OFFLINE) {
            return false;
        }
        have = then;
    }
    progress_at(bar, have);
    if (have == len) {
        err_clear(err);
        return true;
    }
    return err->code != ERR_NONE ? false
                                 : err_set(err, ERR_PROTOCOL, "%s",
                                       _("The server does not take the file any further."));
}

bool transfer_send(struct client *c, const char *name, const void *data, size_t len,
    char hash_out[DIGEST_TEXT], struct err *err)
{
    struct digest digest = digest_of(data, len);
    const char *hash = digest_hex(&digest, hash_out);
    json_t *answer = begin(c, hash, len, err);
    if (answer == NULL) {
        return false;
    }
    bool complete = json_flag(answer, "complete");
    int64_t have = json_number(answer, "have", 0);
    json_decref(answer);
    if (complete) {
        return true;
    }
    if (have < 0 || have > (int64_t)len) {
        return err_set(
            err, ERR_PROTOCOL, "%s", _("The server does not take the file any further."));
    }
    struct progress bar;
    progress_begin(&bar, c->talk, name, len);
    bool ok = send_rest(c, hash, data, len, (size_t)have, &bar, err);
    progress_end(&bar);
    if (!ok) {
        return err_hint(err, "%s", _("Repeat the command: it goes on where it stopped."));
    }
    answer = call(c, "file.seal", json_pack("{s:s}", "hash", hash), err);
    json_decref(answer);
    return answer != NULL;
}

static FILE *open_part(const char *path, size_t *have_out, struct err *err)
{
    FILE *file = fopen(path, "abe");
    if (file == NULL) {
        err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    *have_out = (size_t)ftell(file);
    return file;
}

/* Appends what the case's file has from `at` on; false: err, or nothing came. */
static bool fetch_part(
    struct client *c, const char *number, const char *id, size_t *at, FILE *out, struct err *err)
{
    json_t *params = json_pack("{s:s, s:s, s:I, s:i}", "case", number, "file", id, "offset",
        (json_int_t)*at, "limit", TRANSFER_PART_BYTES);
    json_t *answer = remote_call(c, "file.get", params, err);
    const char *text = json_text(answer, "data");
    size_t len = 0;
    char *data = text != NULL ? base64_decode(text, &len) : NULL;
    bool ok = data != NULL && len > 0 && fwrite(data, 1, len, out) == len;
    if (!ok && err->code == ERR_NONE) {
        err_set(err, answer != NULL && data == NULL ? ERR_PROTOCOL : ERR_FILE, "%s",
            _("The file did not come whole."));
    }
    *at += ok ? len : 0;
    mem_free(data);
    json_decref(answer);
    return ok;
}

/* The parts together are what the case says they are; otherwise the next try begins anew. */
static bool is_whole(const char *part, const json_t *item, struct err *err)
{
    size_t len = 0;
    char *data = home_read(part, &len);
    struct digest digest = digest_of(data != NULL ? data : "", len);
    char hex[DIGEST_TEXT];
    mem_free(data);
    if (text_equal(json_text(item, "hash"), digest_hex(&digest, hex))) {
        return true;
    }
    unlink(part);
    return err_set(err, ERR_PARSE, "%s", _("What came is not what the case holds; try again."));
}

bool transfer_fetch(
    struct client *c, const char *number, const json_t *item, const char *path, struct err *err)
{
    size_t size = (size_t)json_number(item, "size", 0);
    char *part = mem_printf("%s.part", path);
    size_t have = 0;
    FILE *file = open_part(part, &have, err);
    bool ok = file != NULL;
    struct progress bar;
    progress_begin(&bar, c->talk, json_text(item, "name"), size);
    while (ok && have < size) {
        progress_at(&bar, have);
        ok = fetch_part(c, number, json_text(item, "id"), &have, file, err);
    }
    progress_end(&bar);
    ok = file != NULL && fclose(file) == 0 && ok;
    if (!ok) {
        err_hint(err, "%s", _("Repeat the command: it goes on where it stopped."));
    }
    ok = ok && is_whole(part, item, err);
    if (ok && rename(part, path) != 0) {
        ok = err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    mem_free(part);
    return ok;
}
