/* script/outline.h — on which line each key of a script's tables stands.
 *
 * Lua forgets both the place and the order of the keys of a table. A small reader of the source
 * finds them again: it understands strings, comments, brackets and blocks, nothing else. What it
 * cannot see (tables built by code) falls back to the nearest known part of the path. */
#ifndef FQ_SCRIPT_OUTLINE_H
#define FQ_SCRIPT_OUTLINE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct outline; /* opaque */

struct outline_place {
    int line, column; /* from 1; column counts characters */
    int order;        /* in the source */
};

/* Refuses what makes the parser of Lua slow (ERR_SCRIPT, data.line): goto, labels, breaks by the
 * thousand, nesting over 100. A source that is not Lua gives some outline; Lua will say so. */
struct outline *outline_read(const char *source, size_t len, struct err *err);
void outline_free(struct outline *o); /* accepts NULL */
/* "actions.accept.by[2]"; false when the whole path is unknown: then the nearest known part
 * before it is given, or line 0. */
bool outline_find(const struct outline *o, const char *path, struct outline_place *place_out);

#endif
