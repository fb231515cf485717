/* domain/org_load.c — the four tables of the organisation, read and checked.
 *
 * The first thing that is wrong ends the loading with table, row and column as a spreadsheet
 * shows them: the row of titles is row 1. Nothing is guessed: an organisation that loads is one
 * in which every case finds its way up. */
#include "domain/org_private.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/docread.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MAX = 1000000,   /* per table; the whole region's mediators fit several times */
    CELL_CHARS_MAX = 200, /* names of organs are long, but not longer than a line */
    LEVEL_MAX = 7,
};

/* Where the reading is. */
struct cursor {
    const char *table;
    const json_t *rows;
    size_t index;
    struct err *err;
};

static const char *const place_columns[] = {"code", "name", "level", "parent", "from", "to"};
static const char *const body_columns[] = {
    "id", "name", "sign", "kind", "agency", "track", "place", "review", "hosts", "from", "to"};
static const char *const person_columns[] = {"id", "name", "demo"};
static const char *const member_columns[] = {"user", "body", "role", "from", "to"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Completes an error that was just set: says where, in words and in data. Always false. */
static bool fail_at(const struct cursor *at, const char *column)
{
    size_t row = at->index + 2;
    err_prefix(at->err, _("%s row %zu, column %s: "), at->table, row, column);
    if (at->err != NULL) {
        err_data(at->err, "file", json_string(at->table));
        err_data(at->err, "row", json_integer((json_int_t)row));
        err_data(at->err, "column", json_string(column));
    }
    return false;
}

static void hint_nearest(const struct cursor *at, const char *near)
{
    if (near != NULL && at->err != NULL) {
        err_hint(at->err, _("did you mean \"%s\"?"), near);
        err_data(at->err, "did_you_mean", json_string(near));
    }
}

static bool fail_unknown(
    const struct cursor *at, const char *column, const char *value, const struct org_index *x)
{
    err_set(at->err, ERR_FORM, _("\"%s\" does not exist"), value);
    hint_nearest(at, org_index_nearest(x, value));
    return fail_at(at, column);
}

/* --- cells ------------------------------------------------------------------------------------ */

static const char *cell(const struct cursor *at, const char *column)
{
    const char *text = json_text(json_array_get(at->rows, at->index), column);
    return text == NULL ? "" : text;
}

static bool is_id(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                strchr("._-", *p) != NULL)) {
            return false;
        }
    }
    return true;
}

static bool read_text(const struct cursor *at, const char *column, bool required, char **text_out)
{
    const char *text = cell(at, column);
    if (*text == '\0') {
        if (required) {
            err_set(at->err, ERR_FORM, _("must not be empty"));
            return fail_at(at, column);
        }
        return true;
    }
    if (utf8_length(text) > CELL_CHARS_MAX) {
        err_set(at->err, ERR_FORM, _("longer than %d characters"), CELL_CHARS_MAX);
        return fail_at(at, column);
    }
    *text_out = mem_strdup(text);
    return true;
}

static bool read_id(const struct cursor *at, const char *column, bool required, char **id_out)
{
    if (!is_id(cell(at, column))) {
        err_set(at->err, ERR_FORM,
            _("only letters a-z, digits and . _ - may stand here, not \"%s\""), cell(at, column));
        return fail_at(at, column);
    }
    return read_text(at, column, required, id_out);
}

static bool read_day(
    const struct cursor *at, const char *column, int otherwise_year, struct date *date_out)
{
    const char *text = cell(at, column);
    bool first = otherwise_year < 2000;
    if (*text == '\0') {
        return date_make(otherwise_year, first ? 1 : 12, first ? 1 : 31, date_out);
    }
    if (!date_parse(text, date_out)) {
        err_set(at->err, ERR_FORM, _("\"%s\" is not a day (YYYY-MM-DD)"), text);
        return fail_at(at, column);
    }
    return true;
}

/* Empty: since ever, for ever. */
static bool read_days(const struct cursor *at, struct date *from_out, struct date *to_out)
{
    if (!read_day(at, "from", 1900, from_out) || !read_day(at, "to", 2199, to_out)) {
        return false;
    }
    if (date_compare(*from_out, *to_out) > 0) {
        err_set(at->err, ERR_FORM, _("ends before it begins"));
        return fail_at(at, "to");
    }
    return true;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* A column nearly called like one of ours is a slip that would lose its content silently; others
 * are the administrator's own notes. */
static bool check_columns(const struct cursor *at, const char *const columns[], size_t count)
{
    const json_t *row = json_array_get(at->rows, at->index);
    if (!json_is_object(row)) {
        err_set(at->err, ERR_FORM, _("not a row of named columns"));
        return fail_at(at, "*");
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)row, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++) {
            known = strcmp(key, columns[i]) == 0;
        }
        const char *near = known ? NULL : text_nearest(key, columns, count);
        if (near != NULL) {
            err_set(at->err, ERR_FORM, _("unknown column"));
            hint_nearest(at, near);
            return fail_at(at, key);
        }
        if (known && !json_is_string(value) && !json_is_null(value)) {
            err_set(at->err, ERR_FORM, _("must be text"));
            return fail_at(at, key);
        }
    }
    return true;
}

struct table {
    const char *name;
    const char *const *columns;
    size_t column_count, record_size;
    bool (*read)(struct org *o, const struct cursor *at, void *record);
};

static bool read_table(struct org *o, const json_t *doc, const struct table *t, void **records_out,
    size_t *count_out, struct err *err)
{
    const json_t *rows = json_object_get(doc, t->name);
    if (rows != NULL && !json_is_array(rows)) {
        return err_set(err, ERR_FORM, _("%s: not a table"), t->name);
    }
    if (json_array_size(rows) > ROWS_MAX) {
        return err_set(err, ERR_FORM, _("%s: more than %d rows"), t->name, ROWS_MAX);
    }
    struct cursor at = {.table = t->name, .rows = rows, .err = err};
    *records_out = mem_array(json_array_size(rows) + 1, t->record_size);
    *count_out = json_array_size(rows); /* zeroed records are free to release */
    for (; at.index < *count_out; at.index++) {
        void *record = (char *)*records_out + at.index * t->record_size;
        if (!check_columns(&at, t->columns, t->column_count) || !t->read(o, &at, record)) {
            return false;
        }
    }
    return true;
}

/* The records of x must differ in its key; base is where their array begins. */
static bool check_unique(const struct org_index *x, const char *table, const char *column,
    const void *base, size_t size, struct err *err)
{
    for (size_t i = 1; i < x->count; i++) {
        const char *key = x->key(x->items[i]);
        if (strcmp(key, x->key(x->items[i - 1])) == 0) {
            struct cursor at = {.table = table,
                .err = err,
                .index = (size_t)((const char *)x->items[i] - (const char *)base) / size};
            size_t first = (size_t)((const char *)x->items[i - 1] - (const char *)base) / size;
            err_set(err, ERR_FORM, _("\"%s\" stands in row %zu already"), key, first + 2);
            return fail_at(&at, column);
        }
    }
    return true;
}

static bool read_place(struct org *o, const struct cursor *at, void *record)
{
    (void)o; /* parents may stand below: they are linked when all are read */
    struct place *p = record;
    const char *level = cell(at, "level");
    if (!read_id(at, "code", true, &p->code) || !read_text(at, "name", true, &p->name) ||
        !read_days(at, &p->from, &p->to)) {
        return false;
    }
    if (level[0] < '0' || level[0] > '0' + LEVEL_MAX || level[1] != '\0') {
        err_set(
            at->err, ERR_FORM, _("a level is a digit from 0 to %d, not \"%s\""), LEVEL_MAX, level);
        return fail_at(at, "level");
    }
    p->level = level[0] - '0';
    return true;
}

static bool link_parent(struct org *o, const struct cursor *at, struct place *p)
{
    const char *parent = cell(at, "parent");
    if (*parent == '\0') {
        return true;
    }
    p->parent = org_place(o, parent);
    if (p->parent == NULL) {
        return fail_unknown(at, "parent", parent, &o->places_by_code);
    }
    return true;
}

/* The codes from the root down. Needs all parents linked. */
static bool make_path(struct org *o, const struct cursor *at, struct place *p)
{
    const struct place *chain[ORG_DEPTH_MAX];
    size_t depth = 0;
    for (const struct place *up = p; up != NULL; up = up->parent) {
        if (depth == ORG_DEPTH_MAX) {
            err_set(at->err, ERR_FORM, _("its parents form a circle or more than %d levels"),
                ORG_DEPTH_MAX);
            return fail_at(at, "parent");
        }
        chain[depth++] = up;
    }
    if (p->parent != NULL && p->parent->level <= p->level) {
        err_set(at->err, ERR_FORM, _("its parent %s is not of a higher level"), p->parent->code);
        return fail_at(at, "parent");
    }
    size_t len = 1;
    for (size_t i = 0; i < depth; i++) {
        len += strlen(chain[i]->code) + 1;
    }
    char *end = p->path = mem_alloc(len + 1);
    *end++ = '/';
    while (depth > 0) {
        end = stpcpy(end, chain[--depth]->code);
        *end++ = '/';
    }
    (void)o;
    return true;
}

static bool each_place(struct org *o, const json_t *doc, struct err *err,
    bool (*fn)(struct org *, const struct cursor *, struct place *))
{
    struct cursor at = {.table = "places", .rows = json_object_get(doc, "places"), .err = err};
    for (; at.index < o->place_count; at.index++) {
        if (!fn(o, &at, &o->places[at.index])) {
            return false;
        }
    }
    return true;
}

static bool load_places(struct org *o, const json_t *doc, struct err *err)
{
    static const struct table table = {
        "places", place_columns, COUNT(place_columns), sizeof(struct place), read_place};
    if (!read_table(o, doc, &table, (void **)&o->places, &o->place_count, err)) {
        return false;
    }
    org_index_build(
        &o->places_by_code, o->places, o->place_count, sizeof *o->places, org_place_code);
    org_index_build(
        &o->places_by_name, o->places, o->place_count, sizeof *o->places, org_place_name);
    return check_unique(&o->places_by_code, "places", "code", o->places, sizeof *o->places, err) &&
           each_place(o, doc, err, link_parent) && each_place(o, doc, err, make_path);
}

/* "a b  c" as a list; empty words do not count. */
static bool read_hosts(const struct cursor *at, char ***hosts_out)
{
    const char *text = cell(at, "hosts");
    char **list = mem_array(strlen(text) / 2 + 2, sizeof *list);
    size_t count = 0;
    *hosts_out = list;
    while (*(text += strspn(text, " ")) != '\0') {
        size_t len = strcspn(text, " ");
        list[count] = mem_strndup(text, len);
        text += len;
        if (!is_id(list[count++])) {
            err_set(
                at->err, ERR_FORM, _("\"%s\" cannot be the name of a workflow"), list[count - 1]);
            return fail_at(at, "hosts");
        }
    }
    return true;
}

/* A sign is the head of case numbers: 羊调26-0001 must come apart again in one way only. */
static bool read_sign(const struct cursor *at, struct body *b)
{
    if (!read_text(at, "sign", false, &b->sign)) {
        return false;
    }
    if (b->sign == NULL) {
        b->sign = mem_strdup(b->id);
        return true;
    }
    char last = b->sign[strlen(b->sign) - 1];
    if (strpbrk(b->sign, " -/") != NULL || (last >= '0' && last <= '9')) {
        err_set(at->err, ERR_FORM,
            _("\"%s\" cannot be a sign: no space, - or / in it, no digit at its end"), b->sign);
        return fail_at(at, "sign");
    }
    return true;
}

static bool read_body(struct org *o, const struct cursor *at, void *record)
{
    struct body *b = record;
    if (!read_id(at, "id", true, &b->id) || !read_text(at, "name", true, &b->name) ||
        !read_sign(at, b) || !read_id(at, "kind", true, &b->kind) ||
        !read_id(at, "agency", false, &b->agency) || !read_id(at, "track", false, &b->track) ||
        !read_hosts(at, &b->hosts) || !read_days(at, &b->from, &b->to)) {
        return false;
    }
    b->place = org_place(o, cell(at, "place"));
    return b->place != NULL || fail_unknown(at, "place", cell(at, "place"), &o->places_by_code);
}

static bool link_reviews(struct org *o, const json_t *doc, struct err *err)
{
    struct cursor at = {.table = "bodies", .rows = json_object_get(doc, "bodies"), .err = err};
    for (; at.index < o->body_count; at.index++) {
        const char *review = cell(&at, "review");
        if (*review != '\0') {
            o->bodies[at.index].review = org_body(o, review);
            if (o->bodies[at.index].review == NULL) {
                return fail_unknown(&at, "review", review, &o->bodies_by_id);
            }
        }
    }
    for (at.index = 0; at.index < o->body_count; at.index++) {
        size_t steps = 0;
        for (const struct body *b = &o->bodies[at.index]; b != NULL; b = b->review) {
            if (steps++ == ORG_DEPTH_MAX) {
                err_set(err, ERR_FORM, _("the review organs form a circle or more than %d steps"),
                    ORG_DEPTH_MAX);
                return fail_at(&at, "review");
            }
        }
    }
    return true;
}

static bool load_bodies(struct org *o, const json_t *doc, struct err *err)
{
    static const struct table table = {
        "bodies", body_columns, COUNT(body_columns), sizeof(struct body), read_body};
    if (!read_table(o, doc, &table, (void **)&o->bodies, &o->body_count, err)) {
        return false;
    }
    size_t n = o->body_count, size = sizeof *o->bodies;
    org_index_build(&o->bodies_by_id, o->bodies, n, size, org_body_id);
    org_index_build(&o->bodies_by_name, o->bodies, n, size, org_body_name);
    org_index_build(&o->bodies_by_sign, o->bodies, n, size, org_body_sign);
    org_index_build(&o->bodies_by_place, o->bodies, n, size, org_body_place);
    return check_unique(&o->bodies_by_id, "bodies", "id", o->bodies, size, err) &&
           check_unique(&o->bodies_by_sign, "bodies", "sign", o->bodies, size, err) &&
           link_reviews(o, doc, err);
}

static bool read_person(struct org *o, const struct cursor *at, void *record)
{
    (void)o;
    struct person *p = record;
    const char *demo = cell(at, "demo");
    if (!text_equal(demo, "") && !text_equal(demo, "0") && !text_equal(demo, "1")) {
        err_set(at->err, ERR_FORM, _("only 1, 0 or nothing may stand here"));
        return fail_at(at, "demo");
    }
    p->demo = *demo == '1';
    return read_id(at, "id", true, &p->id) && read_text(at, "name", true, &p->name);
}

static bool load_persons(struct org *o, const json_t *doc, struct err *err)
{
    static const struct table table = {
        "persons", person_columns, COUNT(person_columns), sizeof(struct person), read_person};
    if (!read_table(o, doc, &table, (void **)&o->persons, &o->person_count, err)) {
        return false;
    }
    org_index_build(
        &o->persons_by_id, o->persons, o->person_count, sizeof *o->persons, org_person_id);
    return check_unique(&o->persons_by_id, "persons", "id", o->persons, sizeof *o->persons, err);
}

static bool read_member(struct org *o, const struct cursor *at, void *record)
{
    struct member *m = record;
    if (!read_id(at, "user", true, &m->user) || !read_id(at, "role", true, &m->role) ||
        !read_days(at, &m->from, &m->to)) {
        return false;
    }
    if (org_person(o, m->user) == NULL) {
        return fail_unknown(at, "user", m->user, &o->persons_by_id);
    }
    m->body = org_body(o, cell(at, "body"));
    return m->body != NULL || fail_unknown(at, "body", cell(at, "body"), &o->bodies_by_id);
}

static bool load_members(struct org *o, const json_t *doc, struct err *err)
{
    static const struct table table = {
        "members", member_columns, COUNT(member_columns), sizeof(struct member), read_member};
    if (!read_table(o, doc, &table, (void **)&o->members, &o->member_count, err)) {
        return false;
    }
    size_t n = o->member_count, size = sizeof *o->members;
    org_index_build(&o->members_by_user, o->members, n, size, org_member_user);
    org_index_build(&o->members_by_body, o->members, n, size, org_member_body);
    return true;
}

struct org *org_load(const json_t *doc, struct err *err)
{
    struct org *o = mem_alloc(sizeof *o);
    o->doc = json_incref((json_t *)(uintptr_t)doc);
    if (!json_is_object(doc)) {
        err_set(
            err, ERR_FORM, _("an organisation has the tables places, bodies, persons, members"));
    } else if (load_places(o, doc, err) && load_bodies(o, doc, err) && load_persons(o, doc, err) &&
               load_members(o, doc, err)) {
        return o;
    }
    org_free(o);
    return NULL;
}
