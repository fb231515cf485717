/* client/grid.h — a list as people and programs read it: an aligned table, tab-separated, or CSV.
 *
 * Tables have no borders: line-drawing characters are two cells wide in some Chinese terminals. */
#ifndef FQ_CLIENT_GRID_H
#define FQ_CLIENT_GRID_H

#include "client/paint.h"

#include <stdio.h>

enum grid_mode { GRID_TABLE, GRID_PLAIN, GRID_CSV };
enum { GRID_COLUMNS_MAX = 12 };

struct grid; /* opaque */

struct grid *grid_new(void);
void grid_free(struct grid *g); /* accepts NULL */
/* A flexible column gives way when the table is wider than the terminal. title is copied. */
void grid_column(struct grid *g, const char *title, bool flexible);
/* Cells in the order of the columns; NULL is an empty cell. Texts are cleaned for the terminal. */
void grid_cell(struct grid *g, const char *text, enum paint paint);
size_t grid_rows(const struct grid *g);
/* The cells of a flexible column are all the same text and the table is wider than `width`: takes
 * the column out and returns "title text"; NULL when there is none. Caller owns. */
char *grid_take_same(struct grid *g, int width);
/* Takes out the flexible columns that have nothing to say in any row. */
void grid_drop_empty(struct grid *g);
/* width 0: as wide as it gets. CSV starts with a byte order mark: spreadsheets ask for it. */
void grid_print(const struct grid *g, enum grid_mode mode, int width, bool color, FILE *out);

#endif
