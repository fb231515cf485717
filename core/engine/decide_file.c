/* engine/decide_file.c — attachments of a case: a name for a content that is known by its hash. The
 * content itself is in the store's folder of files; whoever submits has made sure that it is there.
 * Taking an attachment away does not take away the content: the history names it. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/files.h"

#include <string.h>
#include <strings.h>

enum {
    FILES_MAX = 200, /* of one case: a thick volume */
    NAME_CHARS_MAX = 120,
    KIND_CHARS_MAX = 40,
};

/* --- names and media -------------------------------------------------------------------------- */

static const struct {
    const char *ending, *media;
} known[] = {
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"bmp", "image/bmp"},
    {"webp", "image/webp"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"pdf", "application/pdf"},
    {"ofd", "application/ofd"},
    {"html", "text/html"},
    {"txt", "text/plain"},
    {"csv", "text/csv"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"wps", "application/vnd.ms-works"},
    {"zip", "application/zip"},
    {"mp3", "audio/mpeg"},
    {"m4a", "audio/mp4"},
    {"amr", "audio/amr"},
    {"wav", "audio/wav"},
    {"mp4", "video/mp4"},
    {"mov", "video/quicktime"},
};

/* The one that was said, if it is known; else by the ending of the name. */
static const char *media_of(const char *name, const char *said)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; said != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (text_equal(known[i].media, said)) {
            return known[i].media;
        }
    }
    for (size_t i = 0; dot != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (strcasecmp(known[i].ending, dot + 1) == 0) {
            return known[i].media;
        }
    }
    return "application/octet-stream";
}

/* Turns of the writing direction can make "gpj.exe" read as "exe.jpg". */
static bool turns_direction(const char *p)
{
    static const char *const marks[] = {"\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA",
        "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
        "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strncmp(p, marks[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

char *file_name_clean(const char *name)
{
    struct buf b = {0};
    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\') {
            buf_clear(&b); /* only what is behind the folders */
        } else if (turns_direction(p)) {
            p += 2;
        } else if ((unsigned char)*p < 0x20 || *p == 0x7F || strchr("<>:\"|?*", *p) != NULL) {
            buf_addc(&b, '_');
        } else {
            buf_addc(&b, *p);
        }
    }
    const char *text = buf_text(&b);
    text += strspn(text, " .");
    size_t chars = utf8_length(text);
    size_t from = chars > NAME_CHARS_MAX ? utf8_offset(text, chars - NAME_CHARS_MAX) : 0;
    char *clean = mem_strdup(text + from); /* the ending stays */
    for (size_t n = strlen(clean); n > 0 && (clean[n - 1] == ' ' || clean[n - 1] == '.'); n--) {
        clean[n - 1] = '\0';
    }
    buf_close(&b);
    return clean;
}

/* --- attach ----------------------------------------------------------------------------------- */

const json_t *case_file(const struct casefile *c, const char *id)
{
    for (size_t i = 0; id != NULL && i < json_array_size(c->files); i++) {
        const json_t *item = json_array_get(c->files, i);
        if (text_equal(json_text(item, "id"), id)) {
            return item;
        }
    }
    return NULL;
}

static bool not_there_yet(const struct decision *d, const char *hash, struct err *err)
{
    for (size_t i = 0; i < json_array_size(d->kase->files); i++) {
        const json_t *item = json_array_get(d->kase->files, i);
        if (text_equal(json_text(item, "hash"), hash)) {
            err_set(err, ERR_STATE, _("The same content is attached already, as %s"),
                json_text(item, "name"));
            return err_data(err, "file", json_string(json_text(item, "id")));
        }
    }
    return json_array_size(d->kase->files) < FILES_MAX ||
           err_set(err, ERR_STATE, _("A case has at most %d attachments"), FILES_MAX);
}

static bool file_kind_fits(const char *kind, struct err *err)
{
    bool fits = kind == NULL || (*kind != '\0' && utf8_length(kind) <= KIND_CHARS_MAX);
    for (const char *p = kind; fits && p != NULL && *p != '\0'; p++) {
        fits = (unsigned char)*p >= 0x20;
    }
    if (!fits) {
        err_set(err, ERR_FORM, _("kind is a short word, of at most %d characters"), KIND_CHARS_MAX);
        return err_data(err, "field", json_string("kind"));
    }
    return true;
}

/* An id no attachment of this case ever had: by the number of the event. */
static char *next_id(const struct casefile *c)
{
    char *id = NULL;
    int64_t n = c->version;
    do {
        mem_free(id);
        id = mem_printf("f%lld", (long long)++n);
    } while (case_file(c, id) != NULL);
    return id;
}

bool decide_attach(struct decision *d, const struct command *c, struct err *err)
{
    const char *hash = json_text(c->args, "hash"), *given = json_text(c->args, "name");
    const char *kind = json_text(c->args, "kind");
    if (!files_hash_valid(hash)) {
        err_set(err, ERR_PARAMS, _("hash must be the SHA-256 of the content: 64 small hex digits"));
        return err_data(err, "field", json_string("hash"));
    }
    if (!not_there_yet(d, hash, err) || !file_kind_fits(kind, err)) {
        return false;
    }
    char *name = file_name_clean(given != NULL ? given : ""), *id = next_id(d->kase);
    bool ok = decide_text(name, "name", err);
    if (ok) {
        decision_put(d, "files",
            json_pack("{s:s,s:s,s:s,s:I,s:s,s:s*,s:I,s:s}", "id", id, "hash", hash, "name", name,
                "size", (json_int_t)json_number(c->args, "size", 0), "media",
                media_of(name, json_text(c->args, "media")), "kind", kind, "at_ms",
                (json_int_t)d->now_ms, "by", d->actor->user));
    }
    mem_free(name);
    mem_free(id);
    return ok;
}

bool decide_detach(struct decision *d, const struct command *c, struct err *err)
{
    const char *id = json_text(c->args, "file"), *reason = json_text(c->args, "reason");
    const json_t *item = case_file(d->kase, id);
    if (item == NULL) {
        err_set(err, ERR_PARAMS, _("The case has no attachment \"%s\""), id != NULL ? id : "");
        return err_data(err, "field", json_string("file"));
    }
    if (!text_equal(json_text(item, "by"), d->actor->user) && !works_at_host(d, d->actor->user)) {
        return err_set(err, ERR_FORBIDDEN,
            _("Only who attached it, or the body that has the case, can take it away"));
    }
    if (!decide_text(reason, "reason", err)) {
        return false;
    }
    json_put_text(d->event, "file", id);
    json_put_text(d->event, "kind", json_text(item, "kind"));
    json_put_text(d->event, "reason", reason);
    decision_drop(d, "files", id);
    return true;
}
