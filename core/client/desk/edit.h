/* client/desk/edit.h — text being typed: one line, or several that wrap. */
#ifndef FQ_CLIENT_DESK_EDIT_H
#define FQ_CLIENT_DESK_EDIT_H

#include "base/buf.h"
#include "client/desk/board.h"
#include "client/desk/press.h"

struct edit {
    struct buf text;  /* owned */
    size_t at;        /* the cursor: bytes before it */
    size_t max_chars; /* 0: no limit */
    bool many;        /* Enter makes a new line */
    bool hidden;      /* shown as stars */
    int top;          /* first line shown */
    int width;        /* cells of a line when drawn last */
};

void edit_init(struct edit *e, const char *text, size_t max_chars, bool many);
void edit_close(struct edit *e);
void edit_set(struct edit *e, const char *text);
/* false: the key is not for the text (Tab, F keys; Up on the first line, Down on the last; Enter
 * where there is one line). */
bool edit_press(struct edit *e, struct press p);
/* Lines the text takes at this width; at least 1. */
int edit_lines(const struct edit *e, int width);
/* Draws `rows` lines and, with focus, puts the cursor there. */
void edit_draw(struct edit *e, struct board *b, int row, int col, int width, int rows, bool focus);

#endif
