/* author/source.h — the text of a script: read whole, shown line by line. */
#ifndef FQ_AUTHOR_SOURCE_H
#define FQ_AUTHOR_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

bool source_read(const char *path, struct buf *text_out, struct err *err);
/* The line's bytes without its end; NULL when there is no such line (from 1). */
const char *source_line(const char *source, size_t len, int line, size_t *line_len_out);
/* Looks for the word from a line on, some lines far; moves line and column there when found. */
void source_find(const char *source, size_t len, const char *word, int *line, int *column);
/* Adds "   7 │ text" and a caret below the column (0: none), `width` characters wide. */
void source_show(struct buf *out, const char *text, int line, int column, int width);

#endif
