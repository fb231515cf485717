/* engine/decide_document.c — an official document of a case gets its number (文书编号).
 *
 * Numbers run per series, body and year, by the same counters as case numbers: taken when the
 * decision is accepted, given back when it was not written, written in the transaction of the
 * event. What stands in the document is the plugin's matter; here it is known by a digest of its
 * content. The same document again has the number it had: the event then says that one more copy
 * was made. */
#include "engine/counter.h"
#include "engine/decide.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum {
    DOCUMENTS_MAX = 500, /* of one case: a volume of a hundred acts has fewer */
    SERIES_CHARS_MAX = 40,
    TITLE_CHARS_MAX = 100,
    TEMPLATE_CHARS_MAX = 64,
    CONTENT_CHARS_MAX = 64, /* a SHA-256 in hex */
};

static bool text_fits(
    const json_t *args, const char *field, size_t chars_max, bool required, struct err *err)
{
    const char *text = json_text(args, field);
    bool good = text == NULL ? !required : *text != '\0' && utf8_length(text) <= chars_max;
    for (const char *p = text; good && p != NULL && *p != '\0'; p++) {
        good = (unsigned char)*p >= 0x20;
    }
    if (good) {
        return true;
    }
    err_set(err, ERR_PARAMS, _("%s: a line of 1 to %zu characters is needed"), field, chars_max);
    return err_data(err, "field", json_string(field));
}

/* --- which body gives the number -------------------------------------------------------------- */

struct desk {
    const struct decision *d;
    const struct body *found;
    size_t rank; /* of found; smaller is nearer to the case */
};

/* 1 the host, then the bodies it passed through, the latest first, then where it began; 0: none. */
static size_t rank_of(const struct casefile *c, const char *body)
{
    size_t n = json_array_size(c->participants);
    if (text_equal(body, c->host)) {
        return 1;
    }
    for (size_t i = n; i-- > 0;) {
        if (text_equal(body, json_string_value(json_array_get(c->participants, i)))) {
            return 1 + n - i;
        }
    }
    return text_equal(body, c->origin) ? n + 2 : text_equal(body, c->supervisor) ? n + 3 : 0;
}

static void sits_there(const struct member *m, void *ctx)
{
    struct desk *desk = ctx;
    size_t rank = rank_of(desk->d->kase, m->body->id);
    if (rank > 0 && (desk->found == NULL || rank < desk->rank)) {
        desk->found = m->body;
        desk->rank = rank;
    }
}

/* The body of the case nearest to whoever asks: a former host still makes its transfer form. A
 * plugin says for whom it makes one. */
static const struct body *numbering_body(const struct decision *d, const json_t *args)
{
    struct desk desk = {.d = d};
    const char *named = json_text(args, "body");
    if (d->actor->kind == ACTOR_USER) {
        org_members_of(d->engine->org, d->actor->user, decision_desk_day(d), sits_there, &desk);
    } else if (named != NULL && rank_of(d->kase, named) > 0) {
        desk.found = org_body(d->engine->org, named);
    }
    return desk.found != NULL ? desk.found : org_body(d->engine->org, d->kase->host);
}

/* --- the number ------------------------------------------------------------------------------- */

/* "乌（{sign}）人调字" -> "乌（羊调）人调字〔2026〕"; a series without {sign} begins with it, for
 * numbers of two bodies must differ. Caller owns. */
static char *series_of(const char *series, const char *sign, int year)
{
    const char *mark = strstr(series, "{sign}");
    return mark == NULL ? mem_printf("%s%s〔%d〕", sign, series, year)
                        : mem_printf("%.*s%s%s〔%d〕", (int)(mark - series), series, sign,
                              mark + strlen("{sign}"), year);
}

/* What the document says when the plugin names no content: everything the case says. */
static char *content_of(const struct casefile *c, const json_t *args)
{
    if (json_text(args, "content") != NULL) {
        return mem_strdup(json_text(args, "content"));
    }
    json_t *said = json_pack("{s:O, s:O, s:s?, s:s?, s:s?}", "fields", c->fields, "parties",
        c->parties, "state", c->state, "host", c->host, "outcome", c->outcome);
    char *text = json_canonical(said);
    struct digest digest = digest_of(text, strlen(text));
    char hex[DIGEST_TEXT];
    digest_hex(&digest, hex);
    json_decref(said);
    free(text);
    return mem_strdup(hex);
}

/* The latest document of that template, if it said the same. Borrowed. */
static const json_t *same_document(
    const struct casefile *c, const char *template, const char *content)
{
    for (size_t i = json_array_size(c->documents); i-- > 0;) {
        const json_t *item = json_array_get(c->documents, i);
        if (text_equal(json_text(item, "template"), template)) {
            return text_equal(json_text(item, "content"), content) ? item : NULL;
        }
    }
    return NULL;
}

static json_t *first_copy(struct decision *d, const json_t *args, const char *content)
{
    const struct body *body = numbering_body(d, args);
    const char *sign = body == NULL ? d->kase->host : body->sign;
    int year = date_year(decision_desk_day(d));
    char *series = series_of(json_text(args, "series"), sign, year);
    int64_t serial = counter_named(d->engine, series)->last + 1;
    char *number = mem_printf("%s第%04lld号", series, (long long)serial);
    char *id = mem_printf("d%zu", json_array_size(d->kase->documents) + 1);
    json_t *item = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s?, s:s, s:i, s:[]}", "id", id,
        "template", json_text(args, "template"), "title", json_text(args, "title"), "number",
        number, "at_ms", (json_int_t)d->now_ms, "by", d->actor->user, "body",
        body == NULL ? NULL : body->id, "content", content, "copies", 0, "printed_by");
    json_object_set_new(
        d->event, "numbered", json_pack("{s:s, s:I}", "series", series, "serial", serial));
    mem_free(series);
    mem_free(number);
    mem_free(id);
    return item;
}

/* One more copy, and who has it: what it shows of a person was shown to them. A plugin that
 * prepares a document shows it to nobody. */
static json_t *one_more_copy(const struct decision *d, const json_t *item)
{
    json_t *next = json_copy((json_t *)(uintptr_t)item);
    if (d->actor->kind == ACTOR_PLUGIN) {
        return next;
    }
    json_t *people = json_copy(json_object_get(item, "printed_by"));
    if (!json_array_has(people, d->actor->user)) {
        json_array_append_new(people, json_string(d->actor->user));
    }
    json_object_set_new(next, "printed_by", people);
    json_put_number(next, "copies", json_number(item, "copies", 0) + 1);
    return next;
}

bool decide_document(struct decision *d, const struct command *c, struct err *err)
{
    if (!text_fits(c->args, "template", TEMPLATE_CHARS_MAX, true, err) ||
        !text_fits(c->args, "title", TITLE_CHARS_MAX, true, err) ||
        !text_fits(c->args, "series", SERIES_CHARS_MAX, true, err) ||
        !text_fits(c->args, "content", CONTENT_CHARS_MAX, false, err)) {
        return false;
    }
    char *content = content_of(d->kase, c->args);
    const json_t *before = same_document(d->kase, json_text(c->args, "template"), content);
    bool room = before != NULL || json_array_size(d->kase->documents) < DOCUMENTS_MAX;
    if (room) {
        json_t *item = before != NULL ? json_incref((json_t *)(uintptr_t)before)
                                      : first_copy(d, c->args, content);
        json_put_text(d->event, "document", json_text(item, "id"));
        decision_put(d, "documents", one_more_copy(d, item));
        json_decref(item);
    } else {
        err_set(err, ERR_LIMIT, _("The case has %d documents already"), DOCUMENTS_MAX);
    }
    mem_free(content);
    return room;
}
