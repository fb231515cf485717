/* make.c — documents.list and documents.make.
 *
 * Making: read the case → is anything missing? → case.document (number, and the history says who) →
 * case.paper (the parties whole, where the document carries them) → fill → draw on a worker →
 * answer. A draft ends after the first step and is drawn from what the screen shows too. */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

enum { MISSING_SAID = 30 }; /* in one sentence; the list itself names all */

struct making {
    struct documents *documents;
    const struct template *t;
    int64_t call;
    char *number; /* owned: of the case as asked for */
    char *asked;  /* owned: template as asked for */
    bool draft, html, pdf;
    json_t *values;   /* owned */
    json_t *document; /* owned: as the case records it; NULL for a draft */
    /* for the worker */
    json_t *paper; /* owned */
    struct pdf file;
    char *answer; /* owned */
};

static void making_free(struct making *m)
{
    json_decref(m->values);
    json_decref(m->document);
    json_decref(m->paper);
    free(m->number);
    free(m->asked);
    free(m->answer);
    free(m->file.data);
    free(m);
}

static void fail(struct making *m, struct fq_text error)
{
    m->documents->host->call_fail(m->documents->host, m->call, error);
    making_free(m);
}

/* An error object of our own. */
static void refuse(struct making *m, const char *kind, const char *message, const char *hint)
{
    json_t *error =
        json_pack("{s:s, s:{s:s, s:s?}}", "message", message, "data", "kind", kind, "hint", hint);
    char *text = json_dumps(error, JSON_COMPACT);
    fail(m, text_of(text));
    free(text);
    json_decref(error);
}

/* --- drawing
 * -------------------------------------------------------------------------------------- */

static void write_answer(struct making *m)
{
    json_t *answer =
        json_pack("{s:s, s:s, s:b}", "template", m->t->id, "title", m->t->title, "draft", m->draft);
    if (m->document != NULL) {
        json_object_set(answer, "number", json_object_get(m->document, "number"));
        json_object_set(answer, "document", m->document);
    }
    if (m->html) {
        char *html = paper_html(m->paper, m->t->title);
        json_object_set_new(answer, "html", json_string(html));
        free(html);
    }
    if (m->pdf) {
        char *base64 = base64_of(m->file.data, m->file.len);
        json_object_set_new(answer, "pdf", json_string(base64));
        json_object_set_new(answer, "pages", json_integer(m->file.pages));
        free(base64);
    }
    m->answer = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
}

/* On a worker: the loop has others to serve. */
static void on_draw(void *ctx)
{
    struct making *m = ctx;
    if (m->pdf) {
        paper_pdf(m->paper, m->t->title, m->documents->fonts, &m->file);
    }
    if (!m->file.failed) {
        write_answer(m);
    }
}

static void on_drawn(void *ctx)
{
    struct making *m = ctx;
    const struct fq_host *host = m->documents->host;
    if (m->answer == NULL) {
        host->call_refuse(host, m->call, said(m->documents, N_("the document could not be drawn")));
    } else {
        host->call_reply(host, m->call, text_of(m->answer));
    }
    making_free(m);
}

static void draw(struct making *m)
{
    const struct fq_host *host = m->documents->host;
    m->paper = template_fill(m->t, m->values);
    if (host->work(host, on_draw, on_drawn, m) != FQ_OK) {
        host->call_refuse(host, m->call, said(m->documents, N_("the document could not be drawn")));
        making_free(m);
    }
}

/* --- number and parties
 * ---------------------------------------------------------------------------- */

/* Whose seal the paper carries: the body that gave the number, which may have passed the case on.
 */
static void put_maker(struct making *m, const char *name)
{
    const char *host = member_text(m->values, "host");
    char *maker = strdup(*name != '\0' ? name : host);
    json_object_set_new(m->values, "maker", json_string(maker));
    free(maker);
}

static void put_number(struct making *m)
{
    char day[40];
    const char *own = m->t->number == NULL ? "" : member_text(m->values, m->t->number);
    char *number = strdup(*own != '\0' ? own : member_text(m->document, "number"));
    json_object_set_new(m->values, "document_number", json_string(number));
    free(number);
    chinese_day_of(json_integer_value(json_object_get(m->document, "at_ms")), day);
    json_object_set_new(m->values, "date", json_string(day));
    put_maker(
        m, member_text(json_object_get(m->values, "body_names"), member_text(m->document, "body")));
}

static void on_paper(struct fq_text result, struct fq_text error, void *ctx)
{
    struct making *m = ctx;
    if (error.data != NULL) {
        fail(m, error);
        return;
    }
    json_t *answer = json_loadb(result.data, result.len, 0, NULL);
    values_put_parties(m->values, json_object_get(answer, "parties"));
    json_decref(answer);
    draw(m);
}

static void on_numbered(struct fq_text result, struct fq_text error, void *ctx)
{
    struct making *m = ctx;
    if (error.data != NULL) {
        fail(m, error);
        return;
    }
    json_t *answer = json_loadb(result.data, result.len, 0, NULL);
    m->document = json_incref(json_object_get(answer, "document"));
    json_decref(answer);
    put_number(m);
    if (!m->t->whole) {
        draw(m);
        return;
    }
    json_t *params =
        json_pack("{s:s, s:s}", "case", m->number, "document", member_text(m->document, "id"));
    if (ask(m->documents, m->call, "case.paper", params, on_paper, m) != FQ_OK) {
        refuse(
            m, "overloaded", said(m->documents, N_("too many documents at once; try again")), NULL);
    }
}

json_t *document_params(
    const struct template *t, const json_t *values, const char *number, const char *key)
{
    char digest[65];
    json_t *paper = template_fill(t, values); /* without number and date */
    char *text = json_dumps(paper, JSON_COMPACT);
    sha256_hex(text, digest);
    free(text);
    json_decref(paper);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}}", "case", number, "template", t->id,
        "title", t->title, "series", t->series, "content", digest, "_meta", "key", key);
}

/* --- what is missing
 * -------------------------------------------------------------------------------- */

static char *missing_words(const json_t *missing)
{
    char *text = NULL;
    size_t size = 0, i;
    FILE *out = open_memstream(&text, &size);
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)missing, i, row)
    {
        if (i == MISSING_SAID) {
            fputs("；……", out);
            break;
        }
        const char *where = member_text(row, "where");
        fprintf(out, "%s%s", i > 0 ? "；" : "", member_text(row, "title"));
        if (*where != '\0') {
            fprintf(out, "（%s）", where);
        }
    }
    fclose(out);
    return text;
}

char *missing_error(
    const struct documents *d, const char *lang, const struct template *t, const json_t *missing)
{
    char *words = missing_words(missing), *message = NULL;
    if (asprintf(&message,
            d->host->text(d->host, lang, N_("\"%s\" cannot be made yet; missing: %s")), t->title,
            words) < 0) {
        abort();
    }
    json_t *error = json_pack("{s:s, s:{s:s, s:s, s:O}}", "message", message, "data", "kind",
        "form_invalid", "hint",
        d->host->text(d->host, lang, N_("Or print a draft and fill in the blanks by hand")),
        "fields", missing);
    char *text = json_dumps(error, JSON_COMPACT);
    json_decref(error);
    free(message);
    free(words);
    return text;
}

/* --- the request
 * ------------------------------------------------------------------------------------ */

/* The template for this case: the one asked for, or the one that stands in for it. */
static const struct template *choose(struct making *m)
{
    struct documents *d = m->documents;
    const char *flow = member_text(m->values, "flow");
    const struct template *t = templates_find(d->templates, m->asked);
    t = t != NULL ? t : templates_like(d->templates, m->asked, flow);
    if (t != NULL && !condition_holds(m->values, NULL, t->when) && t->instead != NULL) {
        t = templates_find(d->templates, t->instead);
    }
    return t != NULL && template_is_for(t, flow) ? t : NULL;
}

static void on_read(json_t *page, json_t *values, struct fq_text error, void *ctx)
{
    struct making *m = ctx;
    char key[48];
    (void)page;
    if (error.data != NULL) {
        fail(m, error);
        return;
    }
    m->values = values;
    m->t = choose(m);
    if (m->t == NULL) {
        refuse(m, "not_found", said(m->documents, N_("This case has no such document")),
            said(m->documents, N_("documents.list tells which there are")));
        return;
    }
    if (m->draft) {
        put_maker(m, "");
        draw(m);
        return;
    }
    json_t *missing = template_missing(m->t, m->values);
    if (json_array_size(missing) > 0) {
        char *text = missing_error(m->documents, NULL, m->t, missing);
        fail(m, text_of(text));
        free(text);
    } else {
        random_key(key);
        json_t *params = document_params(m->t, m->values, m->number, key);
        if (ask(m->documents, m->call, "case.document", params, on_numbered, m) != FQ_OK) {
            refuse(m, "overloaded", said(m->documents, N_("too many documents at once; try again")),
                NULL);
        }
    }
    json_decref(missing);
}

int documents_make(void *self, const struct fq_call *call)
{
    struct documents *d = self;
    json_t *params = json_loadb(call->params.data, call->params.len, 0, NULL);
    const char *format = member_text(params, "format");
    struct making *m = calloc(1, sizeof *m);
    *m = (struct making){.documents = d,
        .call = call->id,
        .number = strdup(member_text(params, "case")),
        .asked = strdup(member_text(params, "template")),
        .draft = json_is_true(json_object_get(params, "draft")),
        .html = *format == '\0' || strcmp(format, "html") == 0 || strcmp(format, "both") == 0,
        .pdf = strcmp(format, "pdf") == 0 || strcmp(format, "both") == 0};
    json_decref(params);
    if (!m->html && !m->pdf) {
        refuse(m, "invalid_params", said(d, N_("format: html, pdf or both")), NULL);
    } else if (reading_begin(d, m->call, m->number, on_read, m) != FQ_OK) {
        refuse(m, "overloaded", said(d, N_("too many documents at once; try again")), NULL);
    }
    return FQ_OK;
}

/* --- list
 * ------------------------------------------------------------------------------------------ */

struct listing {
    struct documents *documents;
    int64_t call;
};

/* The latest of that template. */
static json_t *made_of(const json_t *page, const char *template)
{
    const json_t *documents = json_object_get(page, "documents");
    for (size_t i = json_array_size(documents); i-- > 0;) {
        const json_t *item = json_array_get(documents, i);
        if (strcmp(member_text(item, "template"), template) == 0) {
            return json_pack("{s:O, s:O?, s:O?, s:O?}", "number", json_object_get(item, "number"),
                "at", json_object_get(item, "at"), "copies", json_object_get(item, "copies"),
                "by_name", json_object_get(item, "by_name"));
        }
    }
    return NULL;
}

static json_t *list_items(const struct documents *d, const json_t *page, const json_t *values)
{
    json_t *items = json_array();
    for (size_t i = 0; i < templates_count(d->templates); i++) {
        const struct template *t = templates_at(d->templates, i);
        json_t *made = made_of(page, t->id);
        bool fits =
            template_is_for(t, member_text(page, "flow")) && condition_holds(values, NULL, t->when);
        if (fits || made != NULL) {
            json_t *missing = template_missing(t, values);
            json_t *item = json_pack("{s:s, s:s, s:b, s:b, s:o}", "template", t->id, "title",
                t->title, "must", t->need != NULL && strcmp(t->need, "must") == 0, "ready",
                json_array_size(missing) == 0, "missing", missing);
            if (made != NULL) {
                json_object_set(item, "made", made);
            }
            json_array_append_new(items, item);
        }
        json_decref(made);
    }
    return items;
}

static void on_list_read(json_t *page, json_t *values, struct fq_text error, void *ctx)
{
    struct listing l = *(struct listing *)ctx;
    const struct fq_host *host = l.documents->host;
    free(ctx);
    if (error.data != NULL) {
        host->call_fail(host, l.call, error);
        return;
    }
    json_t *answer = json_pack("{s:s, s:o}", "case", member_text(page, "number"), "items",
        list_items(l.documents, page, values));
    char *text = json_dumps(answer, JSON_COMPACT);
    host->call_reply(host, l.call, text_of(text));
    free(text);
    json_decref(answer);
    json_decref(values);
}

int documents_list(void *self, const struct fq_call *call)
{
    struct documents *d = self;
    json_t *params = json_loadb(call->params.data, call->params.len, 0, NULL);
    struct listing *l = calloc(1, sizeof *l);
    *l = (struct listing){d, call->id};
    int result = reading_begin(d, call->id, member_text(params, "case"), on_list_read, l);
    if (result != FQ_OK) {
        free(l);
    }
    json_decref(params);
    return result;
}
