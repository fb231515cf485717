/* base/csv.h — tables of text (RFC 4180): UTF-8 with or without byte order mark, CRLF or LF, a row
 * of titles first, quotes doubled inside quotes. */
#ifndef FQ_BASE_CSV_H
#define FQ_BASE_CSV_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

enum {
    CSV_COLUMNS_MAX = 256,
    CSV_ROWS_MAX = 2000000, /* a region's people; a table beyond it belongs into the importer */
    CSV_CELL_MAX = 1 << 20, /* bytes; an unclosed quote must not swallow a whole file quietly */
};

/* Array with one object of texts per row, members in the order of the titles; empty cells are "".
 * Lines without any text are left out. Refused with file, line and column: bytes that are not
 * UTF-8, NUL, a quote in the wrong place or never closed, a row with too many or too few cells,
 * empty or repeated titles. `name` is what messages call the file. New reference, or NULL and
 * ERR_FORM. */
json_t *csv_parse(const char *text, size_t len, const char *name, struct err *err);
/* The same from a file; ERR_FILE when it cannot be read. */
json_t *csv_load(const char *path, struct err *err);

#endif
