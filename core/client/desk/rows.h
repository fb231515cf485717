/* client/desk/rows.h — cases as rows of a list. Columns are as wide as what stands in any row of
 * the list, so that what tells cases apart is never cut for the sake of an empty column, and
 * nothing moves while one turns pages. */
#ifndef FQ_CLIENT_DESK_ROWS_H
#define FQ_CLIENT_DESK_ROWS_H

#include "client/desk/board.h"

#include <jansson.h>

/* The heads in row `from`, and `shown` rows below it, the first of which is number `top` (from 0);
 * the cursor stands on `at`. */
void rows_draw(struct board *b, int from, int shown, const json_t *rows, int top, int at);

#endif
