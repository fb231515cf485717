/* effect.c — a step of a flow asks for a document: it gets its number at once, or the case a note
 * of what is missing. The paper itself is drawn when somebody prints it, under their own name.
 *
 * The effect may come again after a crash; number and note have keys made of its id, so nothing
 * happens twice. Only what another try may help is tried again. */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

struct preparing {
    struct documents *documents;
    const struct template *t;
    int64_t id;
    char *number, *body; /* owned: case, and the body whose step it was */
};

static void preparing_free(struct preparing *p)
{
    free(p->number);
    free(p->body);
    free(p);
}

static bool may_help(const json_t *error)
{
    static const char *const kinds[] = {"overloaded", "read_only", "shutting_down", NULL};
    const char *kind = member_text(json_object_get(error, "data"), "kind");
    for (size_t i = 0; kinds[i] != NULL; i++) {
        if (strcmp(kinds[i], kind) == 0) {
            return true;
        }
    }
    return false;
}

/* Refused: again when that may help, else a person should look. Why is told without names. */
static void end(struct preparing *p, struct fq_text error)
{
    const struct fq_host *host = p->documents->host;
    if (error.data == NULL) {
        host->effect_done(host, p->id);
    } else {
        json_t *object = json_loadb(error.data, error.len, 0, NULL);
        const char *kind = member_text(json_object_get(object, "data"), "kind");
        if (may_help(object)) {
            host->effect_retry(host, p->id, 0, kind);
        } else {
            host->effect_failed(host, p->id, kind);
        }
        json_decref(object);
    }
    preparing_free(p);
}

static void on_done(struct fq_text result, struct fq_text error, void *ctx)
{
    (void)result;
    end(ctx, error);
}

static void tell_missing(struct preparing *p, const json_t *missing, const char *key)
{
    char *error = missing_error(p->documents, "zh", p->t, missing);
    json_t *object = json_loads(error, 0, NULL);
    json_t *params = json_pack("{s:s, s:s, s:{s:s, s:s}}", "case", p->number, "text",
        member_text(object, "message"), "_meta", "key", key, "lang", "zh");
    if (ask(p->documents, 0, "case.note", params, on_done, p) != FQ_OK) {
        p->documents->host->effect_retry(p->documents->host, p->id, 0, "busy");
        preparing_free(p);
    }
    json_decref(object);
    free(error);
}

static void on_read(json_t *page, json_t *values, struct fq_text error, void *ctx)
{
    struct preparing *p = ctx;
    char key[48];
    (void)page;
    if (error.data != NULL) {
        end(p, error);
        return;
    }
    if (!template_is_for(p->t, member_text(values, "flow"))) {
        p->t = NULL; /* the name means another paper there */
    } else if (!condition_holds(values, NULL, p->t->when) && p->t->instead != NULL) {
        p->t = templates_find(p->documents->templates, p->t->instead);
    }
    json_t *missing = p->t == NULL ? NULL : template_missing(p->t, values);
    snprintf(key, sizeof key, "documents:effect:%lld", (long long)p->id);
    if (p->t == NULL) {
        end(p, (struct fq_text){0});
    } else if (json_array_size(missing) > 0) {
        tell_missing(p, missing, key);
    } else {
        json_t *params = document_params(p->t, values, p->number, key);
        if (p->body != NULL) {
            json_object_set_new(params, "body", json_string(p->body));
        }
        if (ask(p->documents, 0, "case.document", params, on_done, p) != FQ_OK) {
            p->documents->host->effect_retry(p->documents->host, p->id, 0, "busy");
            preparing_free(p);
        }
    }
    json_decref(missing);
    json_decref(values);
}

int documents_effect(void *self, const struct fq_effect *effect)
{
    struct documents *d = self;
    json_t *data = json_loadb(effect->data.data, effect->data.len, 0, NULL);
    const struct template *t = templates_find(d->templates, member_text(data, "template"));
    int result = FQ_OK;
    if (t == NULL) { /* of a set that has no templates yet (petitions): made by hand, as before */
        d->host->log(d->host, FQ_LOG_DEBUG, "no_template", member_text(data, "template"));
        result = d->host->effect_done(d->host, effect->id);
    } else if (!d->prepares) {
        result = d->host->effect_done(d->host, effect->id); /* ready for whoever prints it */
    } else {
        struct preparing *p = calloc(1, sizeof *p);
        const char *body = member_text(data, "body");
        *p = (struct preparing){.documents = d,
            .t = t,
            .id = effect->id,
            .number = strndup(effect->number.data, effect->number.len),
            .body = *body == '\0' ? NULL : strdup(body)};
        result = reading_begin(d, 0, p->number, on_read, p);
        if (result != FQ_OK) {
            preparing_free(p);
        }
    }
    json_decref(data);
    return result;
}
