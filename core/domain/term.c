/* domain/term.c — see term.h. A row is read member by member, each with the message that names
 * it; rows of one id must not be in force on the same day. */
#include "domain/term.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    TERMS_MAX = 5000, /* a register is some hundred rows; more is a wrong file */
    REASONS_MAX = 32, /* grounds that stop one term */
    EXTENSIONS_MAX = 99,
};

struct terms {
    struct term *rows; /* owned; in the order of the data */
    size_t count;
};

static void close_row(struct term *t)
{
    for (size_t i = 0; t->excludable != NULL && t->excludable[i] != NULL; i++) {
        mem_free(t->excludable[i]);
    }
    mem_free(t->excludable);
    mem_free(t->id);
    mem_free(t->title);
    mem_free(t->start);
    mem_free(t->extension_by);
    mem_free(t->law);
}

void terms_free(struct terms *t)
{
    if (t == NULL) {
        return;
    }
    for (size_t i = 0; i < t->count; i++) {
        close_row(&t->rows[i]);
    }
    mem_free(t->rows);
    mem_free(t);
}

/* --- reading one row ------------------------------------------------------------------------ */

static const char *const members[] = {"id", "title", "span", "kind", "roll", "start", "extension",
    "extension_times", "extension_by", "excludable", "litigation", "clear_days", "law", "mark",
    "from", "to", "version"};
enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static bool known_members(const json_t *row, struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)row, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < MEMBER_COUNT; i++) {
            known = known || strcmp(key, members[i]) == 0;
        }
        if (!known) {
            err_set(err, ERR_FORM, _("unknown member “%.40s”"), key);
            const char *near = text_nearest(key, members, MEMBER_COUNT);
            return near == NULL ? false : err_hint(err, _("Did you mean “%s”?"), near);
        }
    }
    return true;
}

static bool read_text(
    const json_t *row, const char *key, bool required, char **out, struct err *err)
{
    const json_t *value = json_member(row, key);
    if (value == NULL && !required) {
        return true;
    }
    if (!json_is_string(value) || json_string_length(value) == 0) {
        return err_set(err, ERR_FORM, _("%s: text is needed"), key);
    }
    *out = mem_strdup(json_string_value(value));
    return true;
}

static bool read_flag(const json_t *row, const char *key, bool *out, struct err *err)
{
    const json_t *value = json_member(row, key);
    if (value != NULL && !json_is_boolean(value)) {
        return err_set(err, ERR_FORM, _("%s: true or false is needed"), key);
    }
    *out = json_is_true(value);
    return true;
}

static bool read_count(
    const json_t *row, const char *key, int otherwise, int max, int *out, struct err *err)
{
    const json_t *value = json_member(row, key);
    int64_t n = value == NULL ? otherwise : json_is_integer(value) ? json_integer_value(value) : -1;
    if (n < 0 || n > max) {
        return err_set(err, ERR_FORM, _("%s: a number from 0 to %d is needed"), key, max);
    }
    *out = (int)n;
    return true;
}

static bool read_span(
    const json_t *row, const char *key, bool required, struct span *out, struct err *err)
{
    char *text = NULL;
    if (!read_text(row, key, required, &text, err)) {
        return false;
    }
    bool ok = text == NULL || span_parse(text, out, err) || err_prefix(err, "%s: ", key);
    mem_free(text);
    return ok;
}

static bool read_day(
    const json_t *row, const char *key, int otherwise_year, struct date *out, struct err *err)
{
    char *text = NULL;
    if (!read_text(row, key, false, &text, err)) {
        return false;
    }
    bool ok = text != NULL               ? date_parse(text, out)
              : strcmp(key, "from") == 0 ? date_make(otherwise_year, 1, 1, out)
                                         : date_make(otherwise_year, 12, 31, out);
    if (!ok) {
        err_set(err, ERR_FORM, _("%s: there is no date “%.40s”"), key, text);
    }
    mem_free(text);
    return ok;
}

static bool read_id(const json_t *row, struct term *t, struct err *err)
{
    if (!read_text(row, "id", true, &t->id, err)) {
        return false;
    }
    if (strspn(t->id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._") != strlen(t->id)) {
        return err_set(
            err, ERR_FORM, _("id: only A–Z, 0–9, “.” and “_” may stand in “%.40s”"), t->id);
    }
    return true;
}

static bool read_rules(const json_t *row, struct term *t, struct err *err)
{
    const char *kind = json_text(row, "kind"), *roll = json_text(row, "roll");
    if (kind == NULL || !due_kind_parse(kind, &t->kind)) {
        return err_set(err, ERR_FORM, _("kind: one of max, min, back, target is needed"));
    }
    t->roll = t->kind == DUE_BACK ? ROLL_PREVIOUS : ROLL_NEXT;
    if (json_object_get(row, "roll") != NULL && !due_roll_parse(roll, &t->roll)) {
        return err_set(err, ERR_FORM, _("roll: one of next, prev, none is needed"));
    }
    const char *mark = json_text(row, "mark");
    if (mark == NULL || strlen(mark) != 1 || strchr("ABUD", mark[0]) == NULL) {
        return err_set(err, ERR_FORM, _("mark: one of A, B, U, D is needed"));
    }
    t->mark = mark[0];
    return true;
}

static bool read_reasons(const json_t *row, struct term *t, struct err *err)
{
    const json_t *list = json_member(row, "excludable");
    size_t n = json_array_size(list);
    bool empty_table = json_is_object(list) && json_object_size(list) == 0;
    if ((list != NULL && !json_is_array(list) && !empty_table) || n > REASONS_MAX) {
        return err_set(err, ERR_FORM, _("%s: a list of at most %d texts is needed"), "excludable",
            REASONS_MAX);
    }
    t->excludable = mem_array(n + 1, sizeof *t->excludable);
    for (size_t i = 0; i < n; i++) {
        t->excludable[i] = mem_strdup(json_string_value(json_array_get(list, i)));
        if (t->excludable[i] == NULL) {
            return err_set(err, ERR_FORM, _("%s: a list of at most %d texts is needed"),
                "excludable", REASONS_MAX);
        }
    }
    return true;
}

/* The question such a term asks must be one that due_compute answers. */
static bool check_row(const struct term *t, struct err *err)
{
    bool extends = t->extension.n > 0;
    if (extends &&
        (t->kind == DUE_BACK || (t->span.unit == UNIT_HOUR) != (t->extension.unit == UNIT_HOUR))) {
        return err_set(err, ERR_FORM, _("extension: this period cannot be extended so"));
    }
    if (!extends && t->extension_times > 1) {
        return err_set(err, ERR_FORM, _("extension_times: there is no extension"));
    }
    if (date_compare(t->to, t->from) < 0) {
        return err_set(err, ERR_FORM, _("to: lies before “from”"));
    }
    return true;
}

static bool read_row(const json_t *row, struct term *t, struct err *err)
{
    if (!json_is_object(row)) {
        return err_set(err, ERR_FORM, _("a row must be an object"));
    }
    return read_id(row, t, err) && known_members(row, err) &&
           read_text(row, "title", true, &t->title, err) &&
           read_span(row, "span", true, &t->span, err) && read_rules(row, t, err) &&
           read_text(row, "start", true, &t->start, err) &&
           read_span(row, "extension", false, &t->extension, err) &&
           read_count(row, "extension_times", t->extension.n > 0, EXTENSIONS_MAX,
               &t->extension_times, err) &&
           read_text(row, "extension_by", false, &t->extension_by, err) &&
           read_reasons(row, t, err) && read_flag(row, "litigation", &t->litigation, err) &&
           read_flag(row, "clear_days", &t->clear_days, err) &&
           read_text(row, "law", true, &t->law, err) &&
           read_day(row, "from", 1900, &t->from, err) && read_day(row, "to", 2199, &t->to, err) &&
           read_count(row, "version", 1, INT32_MAX, &t->version, err) && check_row(t, err);
}

/* --- the register --------------------------------------------------------------------------- */

static bool check_overlap(const struct terms *terms, const struct term *t, struct err *err)
{
    for (size_t i = 0; i < terms->count; i++) {
        const struct term *other = &terms->rows[i];
        if (other != t && strcmp(other->id, t->id) == 0 && date_compare(t->from, other->to) <= 0 &&
            date_compare(other->from, t->to) <= 0) {
            return err_set(err, ERR_FORM, _("is in force on days on which row %zu is too"), i + 1);
        }
    }
    return true;
}

struct terms *terms_load(const json_t *rows, struct err *err)
{
    if (!json_is_array(rows) || json_array_size(rows) > TERMS_MAX) {
        err_set(err, ERR_FORM, _("the term register must be a list of at most %d rows"), TERMS_MAX);
        return NULL;
    }
    struct terms *terms = mem_alloc(sizeof *terms);
    terms->rows = mem_array(json_array_size(rows) + 1, sizeof *terms->rows);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        struct term *t = &terms->rows[terms->count++];
        if (!read_row(row, t, err) || !check_overlap(terms, t, err)) {
            err_prefix(err, _("term row %zu (%.40s): "), i + 1, t->id != NULL ? t->id : "?");
            terms_free(terms);
            return NULL;
        }
    }
    return terms;
}

const struct term *terms_find(const struct terms *t, const char *id, struct date d)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct term *row = &t->rows[i];
        if (text_equal(row->id, id) && date_compare(row->from, d) <= 0 &&
            date_compare(d, row->to) <= 0) {
            return row;
        }
    }
    return NULL;
}

const char *terms_nearest(const struct terms *t, const char *id)
{
    char *wanted = text_fold(id);
    char **folded = mem_array(t->count + 1, sizeof *folded);
    for (size_t i = 0; i < t->count; i++) {
        folded[i] = text_fold(t->rows[i].id);
    }
    const char *near = text_nearest(wanted, (const char *const *)folded, t->count);
    const char *found = NULL;
    for (size_t i = 0; i < t->count; i++) {
        if (found == NULL && (folded[i] == near || strcmp(folded[i], wanted) == 0)) {
            found = t->rows[i].id; /* the same but for case counts as near */
        }
    }
    for (size_t i = 0; i < t->count; i++) {
        mem_free(folded[i]);
    }
    mem_free(folded);
    mem_free(wanted);
    return found;
}

size_t terms_count(const struct terms *t)
{
    return t->count;
}

const struct term *terms_at(const struct terms *t, size_t index)
{
    return index < t->count ? &t->rows[index] : NULL;
}

static void put_span(json_t *object, const char *key, struct span span)
{
    json_object_set_new(object, key, json_sprintf("%d %s", span.n, span_unit_name(span.unit)));
}

json_t *term_json(const struct term *t)
{
    char day[DATE_TEXT];
    json_t *object = json_object();
    json_put_text(object, "id", t->id);
    json_put_text(object, "title", t->title);
    put_span(object, "span", t->span);
    json_put_text(object, "words", span_words(t->span));
    json_put_text(object, "kind", due_kind_name(t->kind));
    json_put_text(object, "roll", due_roll_name(t->roll));
    json_put_text(object, "start", t->start);
    if (t->extension.n > 0) {
        put_span(object, "extension", t->extension);
        json_put_number(object, "extension_times", t->extension_times);
    }
    json_put_text(object, "extension_by", t->extension_by);
    json_t *reasons = json_array();
    for (size_t i = 0; t->excludable[i] != NULL; i++) {
        json_array_append_new(reasons, json_string(t->excludable[i]));
    }
    json_object_set_new(object, "excludable", reasons);
    json_object_set_new(object, "litigation", json_boolean(t->litigation));
    json_object_set_new(object, "clear_days", json_boolean(t->clear_days));
    json_put_text(object, "law", t->law);
    json_object_set_new(object, "mark", json_sprintf("%c", t->mark));
    json_put_text(object, "from", date_format(t->from, day));
    json_put_text(object, "to", date_format(t->to, day));
    json_put_number(object, "version", t->version);
    return object;
}
