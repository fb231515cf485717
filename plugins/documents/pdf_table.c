/* pdf_table.c — tables and rows of signatures. A row that is higher than the sheet goes on on the
 * next one, line by line; the head of a list is drawn again there. */
#include "sheet.h"

#include <string.h>

enum {
    COLUMNS_MAX = 12,
    LINES_KEPT = 8, /* a row of more lines may go on on the next sheet */
};

#define CELL_PAD 5.0     /* beside and above the text */
#define ROW_LEAST 26.0   /* room to write by hand */
#define LINE_SPACING 1.5 /* of 12-point text */

static const struct style cell_style = {.size = 12, .spacing = LINE_SPACING};
static const struct style label_style = {
    .size = 12, .align = PANGO_ALIGN_CENTER, .spacing = LINE_SPACING};

struct column {
    double x, width;
    PangoLayout *layout;
    PangoLayoutIter *iter;
    int left; /* lines not drawn yet */
};

struct row {
    struct column columns[COLUMNS_MAX];
    size_t count;
    bool ruled;
};

static double width_of(const json_t *block, size_t i, size_t columns)
{
    const json_t *widths = json_object_get(block, "widths");
    double sum = 0;
    for (size_t k = 0; k < columns; k++) {
        sum += (double)json_integer_value(json_array_get(widths, k));
    }
    double own = (double)json_integer_value(json_array_get(widths, i));
    if (sum <= 0 || own <= 0) { /* labels of a form are narrow */
        static const double two[] = {0.22, 0.78}, four[] = {0.16, 0.34, 0.16, 0.34};
        bool form = strcmp(member_text(block, "kind"), "table") == 0;
        double share = form && columns == 2   ? two[i]
                       : form && columns == 4 ? four[i]
                                              : 1.0 / (double)columns;
        return SHEET_TEXT * share;
    }
    return SHEET_TEXT * own / sum;
}

static size_t columns_of(const json_t *block)
{
    size_t columns = json_array_size(json_object_get(block, "widths")), i;
    json_t *row;
    json_array_foreach(json_object_get(block, "rows"), i, row)
    {
        columns = json_array_size(row) > columns ? json_array_size(row) : columns;
    }
    return columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
}

static void row_open(
    const struct sheet *s, struct row *r, const json_t *block, const json_t *cells, size_t columns)
{
    bool ruled = strcmp(member_text(block, "kind"), "table") == 0;
    double x = SHEET_LEFT;
    size_t at = 0;
    *r = (struct row){.ruled = ruled};
    size_t given = json_array_size(cells) > columns ? columns : json_array_size(cells);
    for (size_t i = 0; i < given; i++) {
        struct column *c = &r->columns[r->count++];
        const json_t *cell = json_array_get(cells, i);
        bool label = json_is_true(json_object_get(cell, "label"));
        c->x = x;
        size_t span = (size_t)json_integer_value(json_object_get(cell, "span"));
        size_t to = i + 1 == given ? columns : at + span; /* the last one takes the rest */
        while (at < to && at < columns) {
            c->width += width_of(block, at++, columns);
        }
        x += c->width;
        double pad = ruled ? CELL_PAD : 0;
        c->layout = sheet_layout(s, member_text(cell, "text"),
            label && ruled ? &label_style : &cell_style, c->width - 2 * pad);
        c->iter = pango_layout_get_iter(c->layout);
        c->left = pango_layout_get_line_count(c->layout);
    }
}

static void row_close(struct row *r)
{
    for (size_t i = 0; i < r->count; i++) {
        pango_layout_iter_free(r->columns[i].iter);
        g_object_unref(r->columns[i].layout);
    }
}

static double line_height(void)
{
    return cell_style.size * LINE_SPACING;
}

static int lines_left(const struct row *r)
{
    int most = 0;
    for (size_t i = 0; i < r->count; i++) {
        most = r->columns[i].left > most ? r->columns[i].left : most;
    }
    return most;
}

static double height_for(int lines)
{
    double height = lines * line_height() + 2 * CELL_PAD;
    return height < ROW_LEAST ? ROW_LEAST : height;
}

static void draw_lines(struct sheet *s, struct column *c, double y, int lines, double pad)
{
    for (int n = 0; n < lines && c->left > 0; n++) {
        PangoRectangle box;
        pango_layout_iter_get_line_extents(c->iter, NULL, &box);
        double ascent = (pango_layout_iter_get_baseline(c->iter) - box.y) / (double)PANGO_SCALE;
        double natural = box.height / (double)PANGO_SCALE;
        cairo_move_to(s->cr, c->x + pad + box.x / (double)PANGO_SCALE,
            y + (line_height() - natural) / 2 + ascent);
        pango_cairo_show_layout_line(s->cr, pango_layout_iter_get_line_readonly(c->iter));
        y += line_height();
        c->left--;
        pango_layout_iter_next_line(c->iter);
    }
}

/* So many lines of every cell, in the middle of a box of that height. */
static void draw_slice(struct sheet *s, struct row *r, int lines, double height)
{
    double pad = r->ruled ? CELL_PAD : 0;
    for (size_t i = 0; i < r->count; i++) {
        struct column *c = &r->columns[i];
        int shown = c->left < lines ? c->left : lines;
        double free = height - 2 * CELL_PAD - shown * line_height();
        draw_lines(s, c, s->y + CELL_PAD + (free > 0 ? free / 2 : 0), lines, pad);
        if (r->ruled) {
            cairo_set_line_width(s->cr, 0.7);
            cairo_rectangle(s->cr, c->x, s->y, c->width, height);
            cairo_stroke(s->cr);
        }
    }
    s->y += height;
}

static void row_draw(
    struct sheet *s, struct row *r, void (*again)(struct sheet *, void *), void *ctx)
{
    bool higher = lines_left(r) > LINES_KEPT;
    do {
        int lines = lines_left(r);
        double height = height_for(lines);
        int fit = (int)((sheet_room(s) - 2 * CELL_PAD) / line_height());
        if (height > sheet_room(s) && (!higher || fit < 3)) {
            if (s->y > SHEET_TOP) {
                sheet_next(s);
                again(s, ctx);
                continue;
            }
        }
        if (height > sheet_room(s)) {
            lines = fit < 1 ? 1 : fit;
            height = height_for(lines);
        }
        draw_slice(s, r, lines, height);
    } while (lines_left(r) > 0);
}

struct head {
    const json_t *block; /* NULL: none */
    size_t columns;
};

static void draw_head(struct sheet *s, void *ctx)
{
    struct head *h = ctx;
    if (h->block == NULL) {
        return;
    }
    struct row r;
    row_open(s, &r, h->block, json_array_get(json_object_get(h->block, "rows"), 0), h->columns);
    draw_slice(s, &r, lines_left(&r), height_for(lines_left(&r)));
    row_close(&r);
}

double table_height(const struct sheet *s, const json_t *block, size_t rows)
{
    const json_t *cells = json_object_get(block, "rows");
    double height = 0;
    for (size_t i = 0; i < rows && i < json_array_size(cells); i++) {
        struct row r;
        row_open(s, &r, block, json_array_get(cells, i), columns_of(block));
        height += height_for(lines_left(&r));
        row_close(&r);
    }
    return height;
}

double table_start_height(const struct sheet *s, const json_t *block)
{
    return 6 + table_height(s, block, json_is_true(json_object_get(block, "head")) ? 2 : 1);
}

void sheet_table(struct sheet *s, const json_t *block)
{
    bool head = json_is_true(json_object_get(block, "head"));
    struct head h = {head ? block : NULL, columns_of(block)};
    size_t i;
    json_t *cells;
    double start = table_start_height(s, block);
    if (head && start < SHEET_BODY * 0.7) {
        sheet_need(s, start); /* a head does not stand alone at the foot */
    }
    s->y += 6;
    json_array_foreach(json_object_get(block, "rows"), i, cells)
    {
        struct row r;
        row_open(s, &r, block, cells, h.columns);
        bool last = i + 1 == json_array_size(json_object_get(block, "rows"));
        double height = height_for(lines_left(&r)) + 6 + (last ? s->reserve : 0);
        if (height > sheet_room(s) && height < SHEET_BODY * 0.7 && s->y > SHEET_TOP && last) {
            sheet_next(s);
            draw_head(s, &h);
        }
        if (r.count > 0) {
            row_draw(s, &r, draw_head, &h);
        }
        row_close(&r);
    }
    s->y += 6;
}

void sheet_signs(struct sheet *s, const json_t *block)
{
    struct head none = {NULL, columns_of(block)};
    size_t i;
    json_t *cells;
    sheet_need(s, 60);
    s->y += 10;
    json_array_foreach(json_object_get(block, "rows"), i, cells)
    {
        struct row r;
        row_open(s, &r, block, cells, none.columns);
        if (r.count > 0) {
            row_draw(s, &r, draw_head, &none);
        }
        row_close(&r);
    }
}
