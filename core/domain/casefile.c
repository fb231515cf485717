/* domain/casefile.c — see casefile.h.
 *
 * The members of a case and of a clock are listed once, in tables of offsets. Freeing, copying,
 * writing and reading a snapshot all walk these tables, so that a new member cannot be kept by
 * one of them and lost by another. Days are written as day counts: a snapshot is for machines,
 * and a count has no range outside of which it would not come back. */
#include "domain/casefile.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

enum { CLOCKS_MAX = 1000 }; /* of one case; a snapshot with more is damaged */

enum member_type { MEMBER_TEXT, MEMBER_INT64, MEMBER_INT, MEMBER_BOOL, MEMBER_DAY, MEMBER_JSON };

struct member_row {
    const char *name;
    enum member_type type;
    size_t offset;
    bool required;       /* a case without it cannot have been written */
    json_type json_kind; /* MEMBER_JSON */
};

/* clang-format off */
#define ROW(record, type, member, required) {#member, type, offsetof(record, member), required, 0}
#define ROW_JSON(record, kind, member, required) \
    {#member, MEMBER_JSON, offsetof(record, member), required, kind}
/* clang-format on */
#define CASE(type, member, required) ROW(struct casefile, type, member, required)
#define CLOCK(type, member, required) ROW(struct case_clock, type, member, required)
#define DUE(type, member, required) ROW(struct due, type, member, required)

static const struct member_row case_rows[] = {
    CASE(MEMBER_INT64, id, true),
    CASE(MEMBER_TEXT, number, true),
    CASE(MEMBER_TEXT, flow, true),
    CASE(MEMBER_TEXT, flow_version, false),
    CASE(MEMBER_TEXT, profile, false),
    CASE(MEMBER_TEXT, state, true),
    CASE(MEMBER_TEXT, host, true),
    CASE(MEMBER_TEXT, assignee, false),
    CASE(MEMBER_TEXT, supervisor, false),
    CASE(MEMBER_TEXT, origin, false),
    CASE(MEMBER_TEXT, place, false),
    CASE(MEMBER_TEXT, category, false),
    CASE(MEMBER_TEXT, source, false),
    CASE(MEMBER_TEXT, outcome, false),
    CASE(MEMBER_INT, level, true),
    CASE(MEMBER_INT64, version, true),
    CASE(MEMBER_INT64, received_ms, true),
    CASE(MEMBER_INT64, opened_ms, true),
    CASE(MEMBER_INT64, changed_ms, true),
    CASE(MEMBER_INT64, closed_ms, true),
    CASE(MEMBER_INT64, acted_ms, false),
    CASE(MEMBER_INT64, root, false),
    CASE(MEMBER_BOOL, sealed, false),
    CASE(MEMBER_TEXT, sealed_from, false),
    CASE(MEMBER_TEXT, last_actor, false),
    CASE(MEMBER_TEXT, lasting, false),
    ROW_JSON(struct casefile, JSON_ARRAY, parties, true),
    ROW_JSON(struct casefile, JSON_ARRAY, participants, true),
    ROW_JSON(struct casefile, JSON_ARRAY, marks, true),
    ROW_JSON(struct casefile, JSON_ARRAY, links, false),
    ROW_JSON(struct casefile, JSON_ARRAY, tasks, false),
    ROW_JSON(struct casefile, JSON_ARRAY, files, false),
    ROW_JSON(struct casefile, JSON_ARRAY, documents, false),
    ROW_JSON(struct casefile, JSON_ARRAY, recused, false),
};

static const struct member_row clock_rows[] = {
    CLOCK(MEMBER_TEXT, name, true),
    CLOCK(MEMBER_TEXT, title, false),
    CLOCK(MEMBER_TEXT, term, false),
    CLOCK(MEMBER_TEXT, law, false),
    CLOCK(MEMBER_TEXT, explain, false),
    CLOCK(MEMBER_INT, term_version, false),
    CLOCK(MEMBER_INT64, start_ms, false),
    CLOCK(MEMBER_BOOL, litigation, false),
    CLOCK(MEMBER_BOOL, clear_days, false),
    CLOCK(MEMBER_BOOL, right, false),
    CLOCK(MEMBER_INT, extended, false),
    CLOCK(MEMBER_DAY, paused_from, false),
    CLOCK(MEMBER_INT, step_next, false),
    CLOCK(MEMBER_INT64, wake_ms, true),
    CLOCK(MEMBER_BOOL, was_late, false),
    CLOCK(MEMBER_INT64, ended_ms, false),
    ROW_JSON(struct case_clock, JSON_OBJECT, calendar, false),
};

static const struct member_row due_rows[] = {
    DUE(MEMBER_DAY, raw, true),
    DUE(MEMBER_DAY, legal, true),
    DUE(MEMBER_DAY, internal, true),
    DUE(MEMBER_INT64, due_ms, true),
    DUE(MEMBER_BOOL, provisional, false),
    DUE(MEMBER_INT, first_year, true),
    DUE(MEMBER_INT, last_year, true),
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* --- the tables at work ----------------------------------------------------------------------- */

static void *at(const void *record, const struct member_row *row)
{
    return (char *)(uintptr_t)record + row->offset;
}

static void rows_free(void *record, const struct member_row rows[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].type == MEMBER_TEXT) {
            mem_free(*(char **)at(record, &rows[i]));
        } else if (rows[i].type == MEMBER_JSON) {
            json_decref(*(json_t **)at(record, &rows[i]));
        }
    }
}

/* After a struct assignment: gives the copy its own texts and its share of the values. */
static void rows_own(void *record, const struct member_row rows[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].type == MEMBER_TEXT) {
            char **text = at(record, &rows[i]);
            *text = mem_strdup(*text);
        } else if (rows[i].type == MEMBER_JSON) {
            json_incref(*(json_t **)at(record, &rows[i]));
        }
    }
}

/* "name": with the comma before it, unless it is the first of its object. */
static void write_name(struct buf *out, const char *name)
{
    if (out->data[out->len - 1] != '{') {
        buf_addc(out, ',');
    }
    buf_addc(out, '"');
    buf_adds(out, name);
    buf_add(out, "\":", 2);
}

static void write_text(struct buf *out, const char *name, const char *text)
{
    if (text != NULL) {
        write_name(out, name);
        json_write_text(out, text, strlen(text));
    }
}

/* 0 is left out where it is not required: the row stays narrow. */
static void write_number(struct buf *out, const struct member_row *row, int64_t number)
{
    if (number != 0 || row->required) {
        write_name(out, row->name);
        json_write_number(out, number);
    }
}

static void member_write(struct buf *out, const struct member_row *row, const void *member)
{
    switch (row->type) {
    case MEMBER_TEXT:
        write_text(out, row->name, *(char *const *)member);
        break;
    case MEMBER_INT64:
        write_number(out, row, *(const int64_t *)member);
        break;
    case MEMBER_INT:
        write_number(out, row, *(const int *)member);
        break;
    case MEMBER_DAY:
        write_number(out, row, ((const struct date *)member)->day);
        break;
    case MEMBER_BOOL:
        if (*(const bool *)member) {
            write_name(out, row->name);
            buf_adds(out, "true");
        }
        break;
    case MEMBER_JSON: /* an empty list is left out where it is not required */
        if (*(json_t *const *)member != NULL &&
            (row->required || row->json_kind != JSON_ARRAY ||
                json_array_size(*(json_t *const *)member) > 0)) {
            write_name(out, row->name);
            json_write(out, *(json_t *const *)member, JSON_AS_SET);
        }
        break;
    }
}

/* The opening brace and the members; the caller adds more and closes. */
static void rows_write(
    struct buf *out, const void *record, const struct member_row rows[], size_t count)
{
    buf_addc(out, '{');
    for (size_t i = 0; i < count; i++) {
        member_write(out, &rows[i], at(record, &rows[i]));
    }
}

static bool member_read(void *member, const struct member_row *row, const json_t *value)
{
    json_int_t n = json_integer_value(value);
    switch (row->type) {
    case MEMBER_TEXT:
        *(char **)member = mem_strdup(json_string_value(value));
        return json_is_string(value);
    case MEMBER_INT64:
        *(int64_t *)member = n;
        return json_is_integer(value);
    case MEMBER_INT:
        *(int *)member = n >= INT32_MIN && n <= INT32_MAX ? (int)n : 0;
        return json_is_integer(value) && n >= INT32_MIN && n <= INT32_MAX;
    case MEMBER_BOOL:
        *(bool *)member = json_is_true(value);
        return json_is_boolean(value);
    case MEMBER_DAY:
        ((struct date *)member)->day = n >= INT32_MIN && n <= INT32_MAX ? (int32_t)n : 0;
        return json_is_integer(value) && n >= INT32_MIN && n <= INT32_MAX;
    case MEMBER_JSON:
        if (value == NULL || json_typeof(value) != row->json_kind) {
            return false;
        }
        json_decref(*(json_t **)member);
        *(json_t **)member = json_incref((json_t *)(uintptr_t)value);
        return true;
    }
    return false;
}

/* The name of the first member that is missing or of the wrong kind; NULL when all is well. */
static const char *rows_read(
    void *record, const struct member_row rows[], size_t count, const json_t *object)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, rows[i].name);
        if (value == NULL ? rows[i].required
                          : !member_read(at(record, &rows[i]), &rows[i], value)) {
            return rows[i].name;
        }
    }
    return NULL;
}

/* --- making and releasing --------------------------------------------------------------------- */

struct casefile *casefile_new(void)
{
    struct casefile *c = mem_alloc(sizeof *c);
    c->fields = json_object();
    c->parties = json_array();
    c->participants = json_array();
    c->marks = json_array();
    c->links = json_array();
    c->tasks = json_array();
    c->files = json_array();
    c->documents = json_array();
    c->recused = json_array();
    return c;
}

void casefile_free(struct casefile *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < c->clock_count; i++) {
        rows_free(&c->clocks[i], clock_rows, COUNT(clock_rows));
    }
    mem_free(c->clocks);
    rows_free(c, case_rows, COUNT(case_rows));
    json_decref(c->fields);
    mem_free(c);
}

struct casefile *casefile_copy(const struct casefile *c)
{
    struct casefile *copy = mem_dup(c, sizeof *c);
    rows_own(copy, case_rows, COUNT(case_rows));
    json_incref(copy->fields);
    copy->clocks = NULL;
    if (c->clock_count > 0) {
        copy->clocks = mem_dup(c->clocks, c->clock_count * sizeof *c->clocks);
    }
    for (size_t i = 0; i < c->clock_count; i++) {
        rows_own(&copy->clocks[i], clock_rows, COUNT(clock_rows));
    }
    return copy;
}

struct case_clock *casefile_add_clock(struct casefile *c)
{
    c->clocks = mem_resize(c->clocks, (c->clock_count + 1) * sizeof *c->clocks);
    struct case_clock *k = &c->clocks[c->clock_count++];
    memset(k, 0, sizeof *k);
    k->wake_ms = INT64_MAX;
    return k;
}

/* --- snapshot --------------------------------------------------------------------------------- */

static void span_write(struct buf *out, const char *name, struct span s)
{
    write_name(out, name);
    buf_adds(out, "{\"n\":");
    json_write_number(out, s.n);
    write_text(out, "unit", span_unit_name(s.unit));
    buf_addc(out, '}');
}

static void excluded_write(struct buf *out, const struct case_clock *k)
{
    write_name(out, "excluded");
    buf_addc(out, '[');
    for (size_t i = 0; i < k->excluded_count; i++) {
        buf_addf(out, "%s[%d,%d]", i > 0 ? "," : "", (int)k->excluded[i].from.day,
            (int)k->excluded[i].to.day);
    }
    buf_addc(out, ']');
}

static void clock_write(struct buf *out, const struct case_clock *k)
{
    rows_write(out, k, clock_rows, COUNT(clock_rows));
    write_text(out, "state", clock_state_name(k->state));
    write_text(out, "kind", due_kind_name(k->kind));
    write_text(out, "roll", due_roll_name(k->roll));
    span_write(out, "span", k->span);
    if (k->extension.n != 0 || k->extension.unit != UNIT_HOUR) {
        span_write(out, "extension", k->extension);
    }
    write_name(out, "due");
    rows_write(out, &k->due, due_rows, COUNT(due_rows));
    buf_addc(out, '}');
    excluded_write(out, k);
    buf_addc(out, '}');
}

void casefile_write(const struct casefile *c, struct buf *out)
{
    char hex[DIGEST_TEXT];
    rows_write(out, c, case_rows, COUNT(case_rows));
    write_text(out, "head", digest_hex(&c->head, hex));
    write_name(out, "clocks");
    buf_addc(out, '[');
    for (size_t i = 0; i < c->clock_count; i++) {
        if (i > 0) {
            buf_addc(out, ',');
        }
        clock_write(out, &c->clocks[i]);
    }
    buf_adds(out, "]}");
}

json_t *casefile_snapshot(const struct casefile *c)
{
    struct buf out = {0};
    casefile_write(c, &out);
    json_t *snapshot = json_parse_own(out.data);
    assert(snapshot != NULL); /* texts of a case are valid UTF-8 */
    buf_close(&out);
    return snapshot;
}

static bool span_read(const json_t *object, struct span *span_out)
{
    const char *unit = json_text(object, "unit");
    span_out->n = (int)json_number(object, "n", -1);
    return span_out->n >= 0 && json_number(object, "n", -1) <= INT32_MAX && unit != NULL &&
           span_unit_parse(unit, &span_out->unit);
}

static bool clock_state_parse(const char *name, enum clock_state *state_out)
{
    for (int s = CLOCK_RUNNING; s <= CLOCK_CANCELLED; s++) {
        if (strcmp(name, clock_state_name((enum clock_state)s)) == 0) {
            *state_out = (enum clock_state)s;
            return true;
        }
    }
    return false;
}

static bool excluded_read(struct case_clock *k, const json_t *array)
{
    if (!json_is_array(array) || json_array_size(array) > DUE_EXCLUSIONS_MAX) {
        return false;
    }
    for (; k->excluded_count < json_array_size(array); k->excluded_count++) {
        struct exclusion *x = &k->excluded[k->excluded_count];
        if (json_unpack(
                json_array_get(array, k->excluded_count), "[i,i]", &x->from.day, &x->to.day) != 0) {
            return false;
        }
    }
    return true;
}

static const char *clock_read(struct case_clock *k, const json_t *object)
{
    const char *bad = rows_read(k, clock_rows, COUNT(clock_rows), object);
    if (bad != NULL) {
        return bad;
    }
    const char *state = json_text(object, "state"), *kind = json_text(object, "kind"),
               *roll = json_text(object, "roll");
    if (state == NULL || !clock_state_parse(state, &k->state)) {
        return "state";
    }
    if (kind == NULL || !due_kind_parse(kind, &k->kind)) {
        return "kind";
    }
    if (roll == NULL || !due_roll_parse(roll, &k->roll)) {
        return "roll";
    }
    if (!span_read(json_object_get(object, "span"), &k->span)) {
        return "span";
    }
    const json_t *extension = json_object_get(object, "extension");
    if (extension != NULL && !span_read(extension, &k->extension)) {
        return "extension";
    }
    if (!excluded_read(k, json_object_get(object, "excluded"))) {
        return "excluded";
    }
    return rows_read(&k->due, due_rows, COUNT(due_rows), json_object_get(object, "due"));
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool digest_read(const char *hex, struct digest *digest_out)
{
    if (hex == NULL || strlen(hex) != DIGEST_TEXT - 1) {
        return false;
    }
    for (int i = 0; i < DIGEST_SIZE; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        digest_out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static const char *case_read(struct casefile *c, const json_t *snapshot)
{
    const char *bad = rows_read(c, case_rows, COUNT(case_rows), snapshot);
    if (bad != NULL) {
        return bad;
    }
    if (!digest_read(json_text(snapshot, "head"), &c->head)) {
        return "head";
    }
    const json_t *clocks = json_object_get(snapshot, "clocks");
    if (!json_is_array(clocks) || json_array_size(clocks) > CLOCKS_MAX) {
        return "clocks";
    }
    for (size_t i = 0; i < json_array_size(clocks) && bad == NULL; i++) {
        bad = clock_read(casefile_add_clock(c), json_array_get(clocks, i));
    }
    return bad;
}

struct casefile *casefile_restore(const json_t *snapshot, const json_t *fields, struct err *err)
{
    struct casefile *c = casefile_new();
    const char *bad = case_read(c, snapshot);
    if (bad == NULL && fields != NULL && !json_is_object(fields)) {
        bad = "fields";
    }
    if (bad != NULL) {
        err_set(err, ERR_INTERNAL, _("case snapshot is damaged at \"%s\""), bad);
        casefile_free(c);
        return NULL;
    }
    if (fields != NULL) {
        json_decref(c->fields);
        c->fields = json_incref((json_t *)(uintptr_t)fields);
    }
    return c;
}
