/* domain/due_query.c — see due_query.h. Every member is read by one function that knows its
 * mistakes; the arithmetic is due_compute()'s. */
#include "domain/due_query.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { N_MAX = 10000 }; /* as span_parse */

struct question {
    struct due_ask ask;
    struct exclusion excluded[DUE_EXCLUSIONS_MAX];
    const struct term *term; /* borrowed from the register; NULL: n and unit were given */
};

/* Puts the name of the wrong member beside a set error. */
static bool blame(struct err *err, const char *field)
{
    if (err != NULL) {
        err->code = ERR_PARAMS;
    }
    return err_data(err, "field", json_string(field));
}

static bool known_members(
    const json_t *object, const char *const names[], size_t count, struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            known = known || strcmp(key, names[i]) == 0;
        }
        if (!known) {
            const char *near = text_nearest(key, names, count);
            err_set(err, ERR_PARAMS, _("unknown member “%.40s”"), key);
            if (near != NULL) {
                err_hint(err, _("Did you mean “%s”?"), near);
                err_data(err, "did_you_mean", json_string(near));
            }
            return blame(err, key);
        }
    }
    return true;
}

static bool read_start(const json_t *params, struct question *q, struct err *err)
{
    const char *text = json_text(params, "start");
    if (text == NULL) {
        err_set(err, ERR_PARAMS, _("start: the day the period starts from is needed"));
        err_hint(err, _("Write a day like “2020-01-10” or a moment like “2020-01-10T09:30”."));
        return blame(err, "start");
    }
    if (!instant_parse(text, &q->ask.start_ms)) {
        err_set(err, ERR_PARAMS, _("start: there is no day or moment “%.40s”"), text);
        err_hint(err, _("Write a day like “2020-01-10” or a moment like “2020-01-10T09:30”."));
        return blame(err, "start");
    }
    return true;
}

/* --- the period: a term of the register, or a number and a unit ----------------------------- */

static bool term_missing(const struct terms *terms, const char *id, struct date d, struct err *err)
{
    char day[DATE_TEXT], from[DATE_TEXT], to[DATE_TEXT];
    for (size_t i = 0; terms != NULL && i < terms_count(terms); i++) {
        const struct term *t = terms_at(terms, i);
        if (strcmp(t->id, id) == 0) {
            err_set(
                err, ERR_NOT_FOUND, _("term %s is not in force on %s"), id, date_format(d, day));
            err_hint(err, _("It is in force from %s to %s (%s)."), date_format(t->from, from),
                date_format(t->to, to), t->law);
            return err_data(err, "field", json_string("term"));
        }
    }
    const char *near = terms == NULL ? NULL : terms_nearest(terms, id);
    err_set(err, ERR_NOT_FOUND, _("there is no term “%.40s”"), id);
    if (near != NULL) {
        err_hint(err, _("Did you mean “%s”?"), near);
        err_data(err, "did_you_mean", json_string(near));
    } else {
        err_hint(err, _("The register lists all terms."));
    }
    return err_data(err, "field", json_string("term"));
}

static bool read_term(
    const struct terms *terms, const json_t *params, struct question *q, struct err *err)
{
    static const char *const others[] = {"n", "unit", "kind", "roll"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (json_member(params, others[i]) != NULL) {
            err_set(err, ERR_PARAMS, _("%s: the term says it already"), others[i]);
            err_hint(err, _("Give either a term, or n and unit."));
            return blame(err, others[i]);
        }
    }
    const char *id = json_text(params, "term");
    if (id == NULL) {
        err_set(err, ERR_PARAMS, _("%s: text is needed"), "term");
        return blame(err, "term");
    }
    struct date start = date_of_instant(q->ask.start_ms);
    q->term = terms == NULL ? NULL : terms_find(terms, id, start);
    if (q->term == NULL) {
        return term_missing(terms, id, start, err);
    }
    q->ask.span = q->term->span;
    q->ask.kind = q->term->kind;
    q->ask.roll = q->term->roll;
    q->ask.litigation = q->term->litigation;
    q->ask.clear_days = q->term->clear_days;
    q->ask.event = q->term->start;
    return true;
}

static bool read_unit(const json_t *params, struct question *q, struct err *err)
{
    const json_t *n = json_member(params, "n");
    const char *unit = json_text(params, "unit");
    if (n == NULL && json_member(params, "unit") == NULL) {
        err_set(err, ERR_PARAMS, _("the period is missing"));
        err_hint(err, _("Give either a term, or n and unit."));
        return blame(err, "term");
    }
    if (!json_is_integer(n) || json_integer_value(n) < 0 || json_integer_value(n) > N_MAX) {
        err_set(err, ERR_PARAMS, _("%s: a number from 0 to %d is needed"), "n", N_MAX);
        return blame(err, "n");
    }
    if (unit == NULL || !span_unit_parse(unit, &q->ask.span.unit)) {
        err_set(err, ERR_PARAMS, _("unit: one of h, d, wd, mon, yr is needed"));
        err_hint(err, _("h hours, d calendar days, wd working days, mon months, yr years"));
        return blame(err, "unit");
    }
    q->ask.span.n = (int)json_integer_value(n);
    return true;
}

static bool read_kind_and_roll(const json_t *params, struct question *q, struct err *err)
{
    const json_t *kind = json_member(params, "kind"), *roll = json_member(params, "roll");
    if (kind != NULL && !due_kind_parse(json_string_value(kind), &q->ask.kind)) {
        err_set(err, ERR_PARAMS, _("kind: one of max, min, back, target is needed"));
        return blame(err, "kind");
    }
    q->ask.roll = q->ask.kind == DUE_BACK ? ROLL_PREVIOUS : ROLL_NEXT;
    if (roll != NULL && !due_roll_parse(json_string_value(roll), &q->ask.roll)) {
        err_set(err, ERR_PARAMS, _("roll: one of next, prev, none is needed"));
        return blame(err, "roll");
    }
    if (q->ask.kind == DUE_BACK && q->ask.roll == ROLL_NEXT) {
        err_set(err, ERR_PARAMS, _("roll: a period counted backward never moves to a later day"));
        return blame(err, "roll");
    }
    return true;
}

/* --- what changes the period ---------------------------------------------------------------- */

static bool read_flag(const json_t *params, const char *key, bool *out, struct err *err)
{
    const json_t *value = json_member(params, key);
    if (value != NULL && !json_is_boolean(value)) {
        err_set(err, ERR_PARAMS, _("%s: true or false is needed"), key);
        return blame(err, key);
    }
    *out = value != NULL ? json_is_true(value) : *out;
    return true;
}

/* The law's own limit: no extension where it gives none, never longer than it says (R18). */
static bool extension_allowed(struct question *q, struct err *err)
{
    const struct term *t = q->term;
    if (t == NULL) {
        return true;
    }
    if (t->extension.n == 0) {
        err_set(err, ERR_PARAMS, _("%s (%s) cannot be extended"), t->id, t->title);
        err_hint(err, "%s", t->law);
        return blame(err, "extension");
    }
    if (q->ask.extension.unit != t->extension.unit || q->ask.extension.n > t->extension.n) {
        err_set(err, ERR_PARAMS, _("%s (%s) can be extended by at most %s"), t->id, t->title,
            span_words(t->extension));
        err_hint(err, "%s", t->law);
        return blame(err, "extension");
    }
    return true;
}

static bool read_extension(const json_t *params, struct question *q, struct err *err)
{
    const json_t *value = json_member(params, "extension");
    if (value == NULL || json_is_false(value)) {
        return true;
    }
    if (json_is_true(value)) {
        if (q->term == NULL) {
            err_set(err, ERR_PARAMS, _("extension: without a term its length is needed"));
            err_hint(err, _("Write it like “30 d”."));
            return blame(err, "extension");
        }
        q->ask.extension = q->term->extension;
    } else if (!json_is_string(value)) {
        err_set(err, ERR_PARAMS, _("extension: a length like “30 d”, or true, is needed"));
        return blame(err, "extension");
    } else if (!span_parse(json_string_value(value), &q->ask.extension, err)) {
        return blame(err, "extension");
    }
    return extension_allowed(q, err);
}

static bool read_day(
    const json_t *row, const char *key, size_t index, struct date *out, struct err *err)
{
    const char *text = json_text(row, key);
    if (text == NULL || !date_parse(text, out)) {
        err_set(err, ERR_PARAMS, _("%s[%zu]%s: there is no date “%.40s”"), "excluded", index + 1,
            strcmp(key, "from") == 0 ? ".from" : ".to", text != NULL ? text : "");
        return blame(err, "excluded");
    }
    return true;
}

static int compare_exclusions(const void *a, const void *b)
{
    return date_compare(((const struct exclusion *)a)->from, ((const struct exclusion *)b)->from);
}

static bool exclusion_allowed(const struct question *q, struct err *err)
{
    const struct term *t = q->term;
    if (t != NULL && t->excludable[0] == NULL) {
        err_set(err, ERR_PARAMS, _("the law lets nothing be left out of %s (%s)"), t->id, t->title);
        err_hint(err, "%s", t->law);
        return blame(err, "excluded");
    }
    return true;
}

static bool read_excluded(const json_t *params, struct question *q, struct err *err)
{
    static const char *const names[] = {"from", "to"};
    const json_t *list = json_member(params, "excluded");
    size_t count = json_array_size(list), i;
    json_t *row;
    if (list == NULL || (json_is_array(list) && count == 0)) {
        return true;
    }
    if (!json_is_array(list) || count > DUE_EXCLUSIONS_MAX) {
        err_set(err, ERR_PARAMS, _("excluded: a list of at most %d times {from, to} is needed"),
            DUE_EXCLUSIONS_MAX);
        return blame(err, "excluded");
    }
    if (!exclusion_allowed(q, err)) {
        return false;
    }
    json_array_foreach(list, i, row)
    {
        if (!json_is_object(row)) {
            err_set(err, ERR_PARAMS, _("excluded: a list of at most %d times {from, to} is needed"),
                DUE_EXCLUSIONS_MAX);
            return blame(err, "excluded");
        }
        if (!known_members(row, names, 2, err) ||
            !read_day(row, "from", i, &q->excluded[i].from, err) ||
            !read_day(row, "to", i, &q->excluded[i].to, err)) {
            return blame(err, "excluded");
        }
    }
    qsort(q->excluded, count, sizeof q->excluded[0], compare_exclusions);
    q->ask.excluded = q->excluded;
    q->ask.excluded_count = count;
    return true;
}

/* --- question and answer -------------------------------------------------------------------- */

static bool read_question(
    const struct terms *terms, const json_t *params, struct question *q, struct err *err)
{
    static const char *const names[] = {"start", "term", "n", "unit", "kind", "roll", "excluded",
        "extension", "litigation", "clear_days"};
    if (!json_is_object(params)) {
        return err_set(err, ERR_PARAMS, _("the question must be an object"));
    }
    if (!known_members(params, names, sizeof names / sizeof names[0], err) ||
        !read_start(params, q, err)) {
        return false;
    }
    bool by_term = json_member(params, "term") != NULL;
    if (by_term ? !read_term(terms, params, q, err)
                : !read_unit(params, q, err) || !read_kind_and_roll(params, q, err)) {
        return false;
    }
    return read_flag(params, "litigation", &q->ask.litigation, err) &&
           read_flag(params, "clear_days", &q->ask.clear_days, err) &&
           read_extension(params, q, err) && read_excluded(params, q, err);
}

static void put_span(json_t *object, const char *key, struct span span)
{
    json_object_set_new(object, key, json_sprintf("%d %s", span.n, span_unit_name(span.unit)));
}

static json_t *answer(const struct calendar *c, const struct question *q, const struct due *due)
{
    char day[DATE_TEXT];
    json_t *object = due_json(c, &q->ask, due);
    json_put_text(object, "start", date_format(date_of_instant(q->ask.start_ms), day));
    put_span(object, "span", q->ask.span);
    json_put_text(object, "words", span_words(q->ask.span));
    json_put_text(object, "kind", due_kind_name(q->ask.kind));
    json_put_text(object, "roll", due_roll_name(q->ask.roll));
    if (q->ask.extension.n > 0) {
        put_span(object, "extension", q->ask.extension);
    }
    if (q->term != NULL) {
        json_object_set_new(object, "term", term_json(q->term));
    }
    return object;
}

json_t *due_query(
    const struct calendar *c, const struct terms *terms, const json_t *params, struct err *err)
{
    struct question q = {0};
    struct due due;
    if (!read_question(terms, params, &q, err)) {
        return NULL;
    }
    if (!due_compute(c, &q.ask, &due, err)) {
        blame(err, q.ask.excluded_count > 0 ? "excluded"
                   : q.ask.extension.n > 0  ? "extension"
                                            : "n");
        return NULL;
    }
    return answer(c, &q, &due);
}
