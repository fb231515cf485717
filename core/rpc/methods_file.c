/* rpc/methods_file.c — attachments: contents come and go in pieces, by hash.
 *
 * Every touch of the disk runs on a worker (io/work) while the call waits. file.begin, put and seal
 * are the same thing however often they are done, so they need no key; what changes a case does.
 * Each sender's content is their own until it is attached: see store/files.h and rpc/claim.h. */
#include "rpc/service.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"
#include "io/work.h"
#include "rpc/case_rows.h"
#include "rpc/claim.h"
#include "store/files.h"

/* One visit to the disk. run() touches nothing but this. */
struct visit {
    struct call *call;
    struct files *files; /* borrowed: outlives every call */
    enum lang lang;
    char *hash;       /* owned; may be NULL */
    char *by;         /* owned: who sends; NULL: the caller may know the content anyway */
    const char *data; /* of the call's params */
    int64_t offset, size, have, limit;
    bool complete, ok;
    struct buf bytes;
    struct err err;
    void (*run)(struct visit *v);
    void (*then)(struct visit *v); /* on the loop, when ok; answers the call */
    json_t *item;                  /* owned: the attachment that is read */
};

static void visit_run(void *ctx)
{
    struct visit *v = ctx;
    lang_use(v->lang);
    v->run(v);
}

static void visit_free(struct visit *v)
{
    mem_free(v->hash);
    mem_free(v->by);
    buf_close(&v->bytes);
    json_decref(v->item);
    err_clear(&v->err);
    mem_free(v);
}

static void visit_done(void *ctx)
{
    struct visit *v = ctx;
    call_enter(v->call);
    if (v->ok) {
        v->then(v);
    } else {
        call_fail(v->call, &v->err);
    }
    visit_free(v);
}

static struct visit *visit_new(
    struct call *c, void (*run)(struct visit *v), void (*then)(struct visit *v))
{
    struct visit *v = mem_alloc(sizeof(*v));
    v->call = c;
    v->files = service_of(c)->files;
    v->lang = call_lang(c);
    v->run = run;
    v->then = then;
    return v;
}

/* A call without a person sent nothing. */
static char *sender(const struct call *c)
{
    const char *user = call_actor(c)->user;
    return mem_strdup(user != NULL ? user : "");
}

static void visit_start(struct visit *v)
{
    work_start(service_of(v->call)->with.loop, visit_run, visit_done, v);
}

/* --- sending ---------------------------------------------------------------------------------- */

static void begin_run(struct visit *v)
{
    v->ok = files_begin(v->files, v->by, v->hash, v->size, &v->have, &v->complete, &v->err);
}

static void begin_then(struct visit *v)
{
    call_reply(v->call, json_pack("{s:I, s:b, s:i}", "have", (json_int_t)v->have, "complete",
                            v->complete, "piece", (int)FILES_PIECE_MAX));
}

static void put_run(struct visit *v)
{
    size_t len = 0;
    void *bytes = base64_decode(v->data, &len);
    if (bytes == NULL) {
        err_set(&v->err, ERR_PARAMS, _("data is not base64"));
        err_data(&v->err, "field", json_string("data"));
        return;
    }
    v->ok = files_put(v->files, v->by, v->hash, v->offset, bytes, len, &v->have, &v->err);
    mem_free(bytes);
}

static void have_then(struct visit *v)
{
    call_reply(v->call, json_pack("{s:I}", "have", (json_int_t)v->have));
}

static void seal_run(struct visit *v)
{
    v->ok = files_seal(v->files, v->by, v->hash, &v->have, &v->err);
}

static void size_then(struct visit *v)
{
    call_reply(v->call, json_pack("{s:I}", "size", (json_int_t)v->have));
}

/* NULL: the caller may not, and has been told so. */
static struct visit *sending(
    struct call *c, void (*run)(struct visit *v), void (*then)(struct visit *v))
{
    if (!service_may(c, "case.note")) {
        return NULL;
    }
    struct visit *v = visit_new(c, run, then);
    v->hash = mem_strdup(call_text(c, "hash"));
    v->by = sender(c);
    return v;
}

/* What a case the caller may read has already needs no sending. */
static void begin_claimed(struct call *c, bool holds)
{
    struct visit *v = visit_new(c, begin_run, begin_then);
    v->hash = mem_strdup(call_text(c, "hash"));
    v->by = holds ? NULL : sender(c);
    v->size = call_int(c, "size", 0);
    visit_start(v);
}

static void file_begin(struct call *c)
{
    if (service_may(c, "case.note")) {
        claim_ask(c, begin_claimed);
    }
}

static void file_put(struct call *c)
{
    struct visit *v = sending(c, put_run, have_then);
    if (v != NULL) {
        v->offset = call_int(c, "offset", 0);
        v->data = call_text(c, "data");
        visit_start(v);
    }
}

static void file_seal(struct call *c)
{
    struct visit *v = sending(c, seal_run, size_then);
    if (v != NULL) {
        visit_start(v);
    }
}

/* --- attaching -------------------------------------------------------------------------------- */

static void keep_run(struct visit *v)
{
    v->ok = files_keep(v->files, v->by, v->hash, &v->have, &v->err);
}

static void attach_then(struct visit *v)
{
    json_t *args = service_pick(v->call, "hash name media kind");
    json_put_number(args, "size", v->have);
    case_submit(v->call, COMMAND_ATTACH, args);
}

static void attach_claimed(struct call *c, bool holds)
{
    struct visit *v = visit_new(c, keep_run, attach_then);
    v->hash = mem_strdup(call_text(c, "hash"));
    v->by = holds ? NULL : sender(c);
    visit_start(v);
}

/* Who may not know of the case, or write in none, does not learn what contents there are. */
static void attach_it(struct call *c, const struct casefile *kase)
{
    (void)kase;
    if (service_may(c, "case.note")) {
        claim_ask(c, attach_claimed);
    }
}

static void case_attach(struct call *c)
{
    case_read(c, attach_it);
}

static void case_detach(struct call *c)
{
    case_submit(c, COMMAND_DETACH, service_pick(c, "file reason"));
}

/* --- fetching --------------------------------------------------------------------------------- */

static void get_run(struct visit *v)
{
    v->ok = files_read(v->files, v->hash, v->size, v->offset, (size_t)v->limit, &v->bytes, &v->err);
}

static void get_then(struct visit *v)
{
    char *text = base64_encode(buf_text(&v->bytes), v->bytes.len);
    int64_t next = v->offset + (int64_t)v->bytes.len;
    json_t *answer = json_pack("{s:s, s:I, s:O, s:O, s:O}", "data", text, "size",
        (json_int_t)v->size, "hash", json_object_get(v->item, "hash"), "name",
        json_object_get(v->item, "name"), "media", json_object_get(v->item, "media"));
    json_object_set_new(answer, "next", next < v->size ? json_integer(next) : json_null());
    call_reply(v->call, answer);
    mem_free(text);
}

static void get_it(struct call *c, const struct casefile *kase)
{
    bool shown = engine_shows_words(kase, call_actor(c));
    json_t *item = shown ? json_incref((json_t *)case_file(kase, call_text(c, "file"))) : NULL;
    if (item == NULL) {
        struct err err = {0};
        err_set(&err, ERR_NOT_FOUND, _("The case has no such attachment"));
        err_data(&err, "field", json_string("file"));
        call_refuse(c, &err);
        return;
    }
    struct visit *v = visit_new(c, get_run, get_then);
    v->item = item;
    v->hash = mem_strdup(json_text(item, "hash"));
    v->size = json_number(item, "size", 0);
    v->offset = call_int(c, "offset", 0);
    v->limit = call_int(c, "limit", FILES_PIECE_MAX);
    visit_start(v);
}

static void file_get(struct call *c)
{
    case_read(c, get_it);
}

/* --- the table -------------------------------------------------------------------------------- */

#define HASH_PARAM                                                                                 \
    {                                                                                              \
        .name = "hash", .type = PARAM_TEXT, .flags = PARAM_REQUIRED,                               \
        .doc = N_("SHA-256 of the whole content, in hex"), .min = 64, .max = 64                    \
    }
#define HASH_EXAMPLE "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OFFSET_MAX (INT64_C(1) << 40)
#define FILE_ERRORS ERRORS(ERR_FORBIDDEN, ERR_STATE, ERR_READ_ONLY)

static const struct method rows[] = {
    {"file.begin", file_begin, 0, N_("Says how much of a content the server has already."),
        PARAMS(HASH_PARAM, {.name = "size",
                               .type = PARAM_INT,
                               .flags = PARAM_REQUIRED,
                               .doc = N_("bytes of the whole content"),
                               .min = 0,
                               .max = OFFSET_MAX}),
        PARAMS(NEED("have", PARAM_INT, N_("bytes that are there; go on from here")),
            NEED("complete", PARAM_BOOL, N_("all of it is there and sealed")),
            NEED("piece", PARAM_INT, N_("bytes of the largest piece"))),
        FILE_ERRORS, "{\"hash\":\"" HASH_EXAMPLE "\",\"size\":0}",
        "{\"have\":0,\"complete\":false,\"piece\":196608}"},
    {"file.put", file_put, 0, N_("Sends a piece of a content."),
        PARAMS(HASH_PARAM,
            {.name = "offset",
                .type = PARAM_INT,
                .flags = PARAM_REQUIRED,
                .doc = N_("where the piece begins"),
                .min = 0,
                .max = OFFSET_MAX},
            {.name = "data",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED,
                .doc = N_("base64 of at most 192 KiB"),
                .max = BASE64_LEN(FILES_PIECE_MAX)}),
        PARAMS(NEED("have", PARAM_INT, N_("bytes that are there; go on from here"))), FILE_ERRORS,
        "{\"hash\":\"" HASH_EXAMPLE "\",\"offset\":0,\"data\":\"\"}", "{\"have\":0}"},
    {"file.seal", file_seal, 0,
        N_("Checks a content against its hash and keeps it; answered when it is on the disk."),
        PARAMS(HASH_PARAM), PARAMS(NEED("size", PARAM_INT, N_("bytes of the whole content"))),
        FILE_ERRORS, "{\"hash\":\"" HASH_EXAMPLE "\"}", "{\"size\":0}"},
    {"file.get", file_get, 0, N_("A piece of an attachment of a case."),
        PARAMS(CASE_PARAM, NEED("file", PARAM_NAME, N_("id of the attachment")),
            MAY("offset", PARAM_INT, N_("where the piece begins"), .min = 0, .max = OFFSET_MAX),
            MAY("limit", PARAM_INT, N_("bytes of the piece"), .min = 1, .max = FILES_PIECE_MAX)),
        PARAMS(NEED("data", PARAM_TEXT, N_("base64 of the piece")),
            NEED("size", PARAM_INT, N_("bytes of the whole content")),
            NEED("hash", PARAM_TEXT, N_("SHA-256 of the whole content, in hex")),
            NEED("name", PARAM_TEXT, N_("name of the file")),
            NEED("media", PARAM_TEXT, N_("media type")),
            MAY("next", PARAM_INT, N_("offset of the next piece; null behind the last"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\",\"file\":\"f3\"}",
        "{\"data\":\"\",\"size\":0,\"hash\":\"" HASH_EXAMPLE
        "\",\"name\":\"照片.jpg\",\"media\":\"image/jpeg\",\"next\":null}"},
    {"case.attach", case_attach, METHOD_MUTATING,
        N_("Attaches a content that was sent and sealed to a case."),
        PARAMS(CASE_PARAM, HASH_PARAM,
            {.name = "name",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED,
                .doc = N_("name of the file; folders in it are left out"),
                .min = 1,
                .max = 500},
            MAY("media", PARAM_TEXT, N_("media type; else by the ending of the name"), .max = 100),
            MAY("kind", PARAM_TEXT, N_("what it is: evidence, photograph …"), .max = 40)),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"hash\":\"" HASH_EXAMPLE "\",\"name\":\"照片.jpg\",\"kind\":\"证据\"}",
        COMMAND_EXAMPLE},
    {"case.detach", case_detach, METHOD_MUTATING, N_("Takes an attachment off a case."),
        PARAMS(CASE_PARAM, NEED("file", PARAM_NAME, N_("id of the attachment")),
            REASON_PARAM(N_("why; kept in the history"))),
        COMMAND_RESULT, COMMAND_ERRORS, "{\"case\":\"26-1\",\"file\":\"f3\",\"reason\":\"传错了\"}",
        COMMAND_EXAMPLE},
};

const struct method_table file_table = METHOD_TABLE(rows);
