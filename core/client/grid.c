/* client/grid.c — see grid.h. */
#include "client/grid.h"

#include "base/memory.h"
#include "client/cells.h"

#include <assert.h>
#include <string.h>

enum { GAP = 2, FLEXIBLE_MIN = 8, FIRM_MIN = 12 };

struct cell {
    char *text; /* owned, cleaned */
    enum paint paint;
};

struct grid {
    char *titles[GRID_COLUMNS_MAX]; /* owned */
    bool flexible[GRID_COLUMNS_MAX];
    size_t columns;
    struct cell *cells; /* owned, row after row */
    size_t count, cap;
};

struct grid *grid_new(void)
{
    return mem_alloc(sizeof(struct grid));
}

void grid_free(struct grid *g)
{
    if (g == NULL) {
        return;
    }
    for (size_t i = 0; i < g->columns; i++) {
        mem_free(g->titles[i]);
    }
    for (size_t i = 0; i < g->count; i++) {
        mem_free(g->cells[i].text);
    }
    mem_free(g->cells);
    mem_free(g);
}

void grid_column(struct grid *g, const char *title, bool flexible)
{
    assert(g->columns < GRID_COLUMNS_MAX && g->count == 0);
    g->titles[g->columns] = mem_strdup(title);
    g->flexible[g->columns++] = flexible;
}

void grid_cell(struct grid *g, const char *text, enum paint paint)
{
    if (g->count == g->cap) {
        g->cap = g->cap == 0 ? 64 : g->cap * 2;
        g->cells = mem_resize(g->cells, g->cap * sizeof *g->cells);
    }
    g->cells[g->count++] = (struct cell){cells_clean(text != NULL ? text : ""), paint};
}

size_t grid_rows(const struct grid *g)
{
    return g->columns == 0 ? 0 : g->count / g->columns;
}

static void measure(const struct grid *g, int widths[GRID_COLUMNS_MAX])
{
    for (size_t c = 0; c < g->columns; c++) {
        widths[c] = cells_width(g->titles[c]);
    }
    for (size_t i = 0; i < g->count; i++) {
        int width = cells_width(g->cells[i].text);
        if (width > widths[i % g->columns]) {
            widths[i % g->columns] = width;
        }
    }
}

static int total_width(const struct grid *g, const int widths[GRID_COLUMNS_MAX])
{
    int total = -GAP;
    for (size_t c = 0; c < g->columns; c++) {
        total += widths[c] + GAP;
    }
    return total;
}

static bool is_same(const struct grid *g, size_t column)
{
    for (size_t i = column; i < g->count; i += g->columns) {
        if (strcmp(g->cells[i].text, g->cells[column].text) != 0) {
            return false;
        }
    }
    return g->flexible[column] && grid_rows(g) > 1 && *g->cells[column].text != '\0';
}

static void take_column(struct grid *g, size_t column)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++) {
        if (i % g->columns == column) {
            mem_free(g->cells[i].text);
        } else {
            g->cells[kept++] = g->cells[i];
        }
    }
    g->count = kept;
    mem_free(g->titles[column]);
    for (size_t c = column; c + 1 < g->columns; c++) {
        g->titles[c] = g->titles[c + 1];
        g->flexible[c] = g->flexible[c + 1];
    }
    g->columns--;
}

void grid_drop_empty(struct grid *g)
{
    for (size_t column = g->columns; column > 0 && g->count > 0; column--) {
        bool empty = g->flexible[column - 1];
        for (size_t i = column - 1; i < g->count; i += g->columns) {
            empty = empty && *g->cells[i].text == '\0';
        }
        if (empty) {
            take_column(g, column - 1);
        }
    }
}

char *grid_take_same(struct grid *g, int width)
{
    int widths[GRID_COLUMNS_MAX];
    measure(g, widths);
    size_t column = 0;
    while (column < g->columns && !is_same(g, column)) {
        column++;
    }
    if (width <= 0 || total_width(g, widths) <= width || column == g->columns) {
        return NULL;
    }
    char *said = mem_printf("%s %s", g->titles[column], g->cells[column].text);
    take_column(g, column);
    return said;
}

/* The widest column that may give way; the number of columns when none may. */
static size_t widest_of(
    const struct grid *g, const int widths[GRID_COLUMNS_MAX], bool flexible, int least)
{
    size_t widest = g->columns;
    for (size_t c = flexible ? 0 : 1; c < g->columns; c++) { /* the number stays whole */
        if (g->flexible[c] == flexible && widths[c] > least &&
            (widest == g->columns || widths[c] > widths[widest])) {
            widest = c;
        }
    }
    return widest;
}

/* Takes cells from the widest flexible column until the row fits; then from the widest firm one, so
 * that no row is wider than the screen. */
static void shrink(const struct grid *g, int widths[GRID_COLUMNS_MAX], int width)
{
    for (int total = total_width(g, widths); total > width; total--) {
        size_t widest = widest_of(g, widths, true, FLEXIBLE_MIN);
        widest = widest < g->columns ? widest : widest_of(g, widths, false, FIRM_MIN);
        if (widest == g->columns) {
            return;
        }
        widths[widest]--;
    }
}

/* Columns of a row up to its last cell with text: no blanks stand behind it. */
static size_t used_columns(const struct grid *g, size_t row)
{
    size_t n = g->columns;
    while (n > 1 && *g->cells[row * g->columns + n - 1].text == '\0') {
        n--;
    }
    return n;
}

static void print_cell(
    const char *text, int width, bool last, enum paint paint, bool color, FILE *out)
{
    char *fitted = cells_fit(text, width);
    fprintf(out, "%s%s%s", paint_on(paint, color), fitted, paint_off(paint, color));
    if (!last) {
        fprintf(out, "%*s", width - cells_width(fitted) + GAP, "");
    }
    mem_free(fitted);
}

static void print_table(const struct grid *g, int width, bool color, FILE *out)
{
    int widths[GRID_COLUMNS_MAX];
    measure(g, widths);
    if (width > 0) {
        shrink(g, widths, width);
    }
    for (size_t c = 0; c < g->columns; c++) {
        print_cell(g->titles[c], widths[c], c + 1 == g->columns, PAINT_BOLD, color, out);
    }
    fputc('\n', out);
    for (size_t row = 0; row < grid_rows(g); row++) {
        size_t used = used_columns(g, row);
        for (size_t c = 0; c < used; c++) {
            const struct cell *cell = &g->cells[row * g->columns + c];
            print_cell(cell->text, widths[c], c + 1 == used, cell->paint, color, out);
        }
        fputc('\n', out);
    }
}

static void print_csv_cell(const char *text, FILE *out)
{
    /* A cell that starts like a formula would be run by a spreadsheet. */
    const char *guard = strchr("=+-@", *text) != NULL && *text != '\0' ? "'" : "";
    if (*guard == '\0' && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fprintf(out, "\"%s", guard);
    for (; *text != '\0'; text++) {
        fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, out);
    }
    fputc('"', out);
}

static void print_separated(const struct grid *g, bool csv, FILE *out)
{
    if (csv) {
        fputs("\xEF\xBB\xBF", out);
        for (size_t c = 0; c < g->columns; c++) {
            print_csv_cell(g->titles[c], out);
            fputs(c + 1 == g->columns ? "\r\n" : ",", out);
        }
    }
    for (size_t i = 0; i < g->count; i++) {
        bool last = (i + 1) % g->columns == 0;
        if (csv) {
            print_csv_cell(g->cells[i].text, out);
            fputs(last ? "\r\n" : ",", out);
        } else {
            fprintf(out, "%s%c", g->cells[i].text, last ? '\n' : '\t');
        }
    }
}

void grid_print(const struct grid *g, enum grid_mode mode, int width, bool color, FILE *out)
{
    if (mode == GRID_TABLE) {
        print_table(g, width, color, out);
    } else {
        print_separated(g, mode == GRID_CSV, out);
    }
}
