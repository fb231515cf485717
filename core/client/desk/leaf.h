/* client/desk/leaf.h — a text made of lines with looks, wrapped once and shown through a window. */
#ifndef FQ_CLIENT_DESK_LEAF_H
#define FQ_CLIENT_DESK_LEAF_H

#include "client/desk/board.h"

#include <stddef.h>

struct leaf {
    struct leaf_line {
        char *text; /* owned */
        enum look look;
    } * lines; /* owned */
    int count, cap;
    int width; /* cells */
};

void leaf_init(struct leaf *f, int width);
void leaf_close(struct leaf *f);
/* Wraps text; lines behind the first are indented by `indent` cells. */
void leaf_add(struct leaf *f, enum look look, int indent, const char *text);
void leaf_addf(struct leaf *f, enum look look, int indent, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* "title：value"; nothing when value is NULL or empty. */
void leaf_pair(struct leaf *f, const char *title, const char *value);
/* Shows `rows` lines from *top on, which is kept within the text. */
void leaf_draw(const struct leaf *f, struct board *b, int row, int col, int rows, int *top);
/* "3–9/24" when not everything fits; "" else. Caller owns. */
char *leaf_where(const struct leaf *f, int rows, int top);

#endif
