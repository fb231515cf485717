/* reading.c — see reading.h. */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

enum {
    HISTORY_PAGE = 500,
    HISTORY_MAX = 5000, /* events; the newest of a longer case are not read */
};

struct reading {
    struct documents *documents;
    int64_t call;
    char *number; /* owned */
    json_t *page; /* owned */
    json_t *rows; /* owned */
    reading_cb cb;
    void *ctx;
};

int ask(
    struct documents *d, int64_t call, const char *method, json_t *params, fq_rpc_cb cb, void *ctx)
{
    char *text = json_dumps(params, JSON_COMPACT);
    int result = call == 0 ? d->host->rpc_call(d->host, method, text_of(text), cb, ctx)
                           : d->host->rpc_call_as(d->host, call, method, text_of(text), cb, ctx);
    free(text);
    json_decref(params);
    return result;
}

static void finish(struct reading *r, struct fq_text error)
{
    json_t *values = error.data == NULL ? values_of(r->page, r->rows) : NULL;
    r->cb(r->page, values, error, r->ctx);
    json_decref(r->page);
    json_decref(r->rows);
    free(r->number);
    free(r);
}

static const char not_asked[] =
    "{\"code\":1030,\"message\":\"documents: not now\",\"data\":{\"kind\":\"overloaded\"}}";

static void ask_history(struct reading *r, const char *after);

static void on_history(struct fq_text result, struct fq_text error, void *ctx)
{
    struct reading *r = ctx;
    if (error.data != NULL) {
        finish(r, error);
        return;
    }
    json_t *answer = json_loadb(result.data, result.len, 0, NULL);
    json_array_extend(r->rows, json_object_get(answer, "items"));
    const char *next = json_string_value(json_object_get(answer, "next"));
    if (next != NULL && json_array_size(r->rows) < HISTORY_MAX) {
        ask_history(r, next);
    } else {
        finish(r, (struct fq_text){0});
    }
    json_decref(answer);
}

static void ask_history(struct reading *r, const char *after)
{
    json_t *params = json_pack("{s:s, s:i}", "case", r->number, "limit", HISTORY_PAGE);
    if (after != NULL) {
        json_object_set_new(params, "after", json_string(after));
    }
    if (ask(r->documents, r->call, "case.timeline", params, on_history, r) != FQ_OK) {
        finish(r, text_of(not_asked));
    }
}

static void on_page(struct fq_text result, struct fq_text error, void *ctx)
{
    struct reading *r = ctx;
    if (error.data != NULL) {
        finish(r, error);
        return;
    }
    r->page = json_loadb(result.data, result.len, 0, NULL);
    ask_history(r, NULL);
}

int reading_begin(struct documents *d, int64_t call, const char *number, reading_cb cb, void *ctx)
{
    struct reading *r = calloc(1, sizeof *r);
    *r = (struct reading){.documents = d,
        .call = call,
        .number = strdup(number),
        .rows = json_array(),
        .cb = cb,
        .ctx = ctx};
    if (ask(d, call, "case.get", json_pack("{s:s}", "case", number), on_page, r) == FQ_OK) {
        return FQ_OK;
    }
    json_decref(r->rows);
    free(r->number);
    free(r);
    return FQ_ERROR;
}
