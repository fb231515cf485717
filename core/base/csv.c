/* base/csv.c — see csv.h. One pass over the bytes; a row is turned into an object as it ends. */
#include "base/csv.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct reader {
    const char *p, *end, *name;
    size_t line;     /* of p, from 1 */
    size_t row_line; /* where the row being read began */
    json_t *titles;  /* owned array; NULL until the first row */
    json_t *cells;   /* owned array of the row being read */
    json_t *rows;    /* owned result */
    struct buf cell;
    struct err *err;
};

/* Completes an error just set with file, line and column (0: the whole line). Always false. */
static bool fail_at(struct reader *r, size_t line, size_t column)
{
    const char *title =
        column == 0 ? NULL : json_string_value(json_array_get(r->titles, column - 1));
    if (column == 0) {
        err_prefix(r->err, _("%s line %zu: "), r->name, line);
    } else if (title == NULL) {
        err_prefix(r->err, _("%s line %zu, column %zu: "), r->name, line, column);
    } else {
        err_prefix(r->err, _("%s line %zu, column %zu (%s): "), r->name, line, column, title);
    }
    err_data(r->err, "file", json_string(r->name));
    err_data(r->err, "line", json_integer((json_int_t)line));
    if (column > 0) {
        err_data(r->err, "column", json_integer((json_int_t)column));
    }
    return false;
}

static bool fail_cell(struct reader *r)
{
    return fail_at(r, r->line, json_array_size(r->cells) + 1);
}

/* --- cells ------------------------------------------------------------------------------------ */

static bool at_line_end(const struct reader *r)
{
    return r->p == r->end || *r->p == '\n' ||
           (*r->p == '\r' && r->p + 1 < r->end && r->p[1] == '\n');
}

static bool read_quoted(struct reader *r)
{
    size_t opened = r->line;
    for (r->p++; r->p < r->end; r->p++) {
        if (*r->p == '"') {
            if (r->p + 1 == r->end || r->p[1] != '"') {
                r->p++;
                if (!at_line_end(r) && *r->p != ',') {
                    err_set(r->err, ERR_FORM, _("text behind the closing quote"));
                    return fail_cell(r);
                }
                return true;
            }
            r->p++;
        }
        r->line += *r->p == '\n';
        buf_addc(&r->cell, *r->p);
        if (r->cell.len > CSV_CELL_MAX) {
            break;
        }
    }
    err_set(r->err, ERR_FORM,
        r->p == r->end ? _("a quote is opened and never closed")
                       : _("a cell is too long: is a quote never closed?"));
    return fail_at(r, opened, json_array_size(r->cells) + 1);
}

static bool read_plain(struct reader *r)
{
    const char *start = r->p;
    while (!at_line_end(r) && *r->p != ',') {
        if (*r->p == '"') {
            err_set(r->err, ERR_FORM, _("a quote inside a cell that does not begin with one"));
            return fail_cell(r);
        }
        r->p++;
    }
    buf_add(&r->cell, start, (size_t)(r->p - start));
    if (r->cell.len > CSV_CELL_MAX) {
        err_set(r->err, ERR_FORM, _("a cell is too long"));
        return fail_cell(r);
    }
    return true;
}

static bool read_cell(struct reader *r)
{
    buf_clear(&r->cell);
    if (!(r->p < r->end && *r->p == '"' ? read_quoted(r) : read_plain(r))) {
        return false;
    }
    if (json_array_size(r->cells) == CSV_COLUMNS_MAX) {
        err_set(r->err, ERR_FORM, _("more than %d columns"), CSV_COLUMNS_MAX);
        return fail_at(r, r->line, 0);
    }
    json_array_append_new(r->cells, json_stringn(buf_text(&r->cell), r->cell.len));
    return true;
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool end_titles(struct reader *r)
{
    for (size_t i = 0; i < json_array_size(r->cells); i++) {
        const char *title = json_string_value(json_array_get(r->cells, i));
        if (*title == '\0') {
            err_set(r->err, ERR_FORM, _("a title is empty"));
            return fail_at(r, r->row_line, i + 1);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(title, json_string_value(json_array_get(r->cells, j))) == 0) {
                err_set(r->err, ERR_FORM, _("the title \"%s\" stands twice"), title);
                return fail_at(r, r->row_line, i + 1);
            }
        }
    }
    r->titles = json_incref(r->cells);
    return true;
}

static bool end_row(struct reader *r)
{
    size_t count = json_array_size(r->cells);
    if (count == 1 && *json_string_value(json_array_get(r->cells, 0)) == '\0') {
        return true; /* a blank line */
    }
    if (r->titles == NULL) {
        return end_titles(r);
    }
    if (count != json_array_size(r->titles)) {
        err_set(r->err, ERR_FORM, _("%zu cells, but there are %zu titles"), count,
            json_array_size(r->titles));
        return fail_at(r, r->row_line, 0);
    }
    if (json_array_size(r->rows) == CSV_ROWS_MAX) {
        err_set(r->err, ERR_FORM, _("more than %d rows"), CSV_ROWS_MAX);
        return fail_at(r, r->row_line, 0);
    }
    json_t *row = json_object();
    for (size_t i = 0; i < count; i++) {
        json_object_set(
            row, json_string_value(json_array_get(r->titles, i)), json_array_get(r->cells, i));
    }
    json_array_append_new(r->rows, row);
    return true;
}

static bool read_row(struct reader *r)
{
    json_decref(r->cells);
    r->cells = json_array();
    r->row_line = r->line;
    if (!read_cell(r)) {
        return false;
    }
    while (r->p < r->end && *r->p == ',') {
        r->p++;
        if (!read_cell(r)) {
            return false;
        }
    }
    if (r->p < r->end) {
        r->p += *r->p == '\r' ? 2 : 1;
        r->line++;
    }
    return end_row(r);
}

/* Text of the wrong encoding (GBK, as old spreadsheets save) is told by its line. */
static bool check_bytes(struct reader *r)
{
    size_t line = 1;
    for (const char *p = r->p; p < r->end;) {
        int32_t c = utf8_next(&p, r->end);
        if (c <= 0) {
            err_set(r->err, ERR_FORM, c == 0 ? _("contains a NUL byte") : _("not valid UTF-8"));
            err_hint(r->err, _("save the table as UTF-8"));
            return fail_at(r, line, 0);
        }
        line += c == '\n';
    }
    return true;
}

json_t *csv_parse(const char *text, size_t len, const char *name, struct err *err)
{
    struct reader r = {.p = text, .end = text + len, .name = name, .line = 1, .err = err};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        r.p += 3;
    }
    r.rows = json_array();
    bool ok = check_bytes(&r);
    while (ok && r.p < r.end) {
        ok = read_row(&r);
    }
    if (ok && r.titles == NULL) {
        err_set(err, ERR_FORM, _("there is no row of titles"));
        ok = fail_at(&r, 1, 0);
    }
    if (!ok) {
        json_decref(r.rows);
        r.rows = NULL;
    }
    json_decref(r.titles);
    json_decref(r.cells);
    buf_close(&r.cell);
    return r.rows;
}

json_t *csv_load(const char *path, struct err *err)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        err_set(err, ERR_FILE, _("cannot open %s: %s"), path, strerror(errno));
        return NULL;
    }
    struct buf b = {0};
    char chunk[65536];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buf_add(&b, chunk, n);
    }
    json_t *rows = NULL;
    if (ferror(file)) {
        err_set(err, ERR_FILE, _("cannot read %s: %s"), path, strerror(errno));
    } else {
        rows = csv_parse(buf_text(&b), b.len, path, err);
    }
    fclose(file);
    buf_close(&b);
    return rows;
}
