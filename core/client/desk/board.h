/* client/desk/board.h — a screen as a grid of cells. Screens draw here; a terminal or a test reads
 * it.
 *
 * In a terminal where ambiguous characters are two cells wide nothing ambiguous may be written: the
 * rows behind it would shift. `narrow` puts an ASCII sign in its place. */
#ifndef FQ_CLIENT_DESK_BOARD_H
#define FQ_CLIENT_DESK_BOARD_H

#include <stdbool.h>
#include <stdint.h>

enum look {
    LOOK_PLAIN,
    LOOK_BOLD,
    LOOK_DIM,
    LOOK_FRAME,
    LOOK_GOOD,
    LOOK_SOON,
    LOOK_LATE,
    LOOK_CHOSEN, /* the row the cursor is on */
    LOOK_KEY,
    LOOK_COUNT
};

enum { SPOT_BYTES = 20 }; /* one character and the combining marks on it */

struct spot {
    char text[SPOT_BYTES]; /* "" behind a wide character */
    uint8_t width;
    uint8_t look;
};

struct board {
    int rows, cols;
    bool narrow;                /* ASCII for everything of ambiguous width */
    struct spot *spots;         /* owned; rows * cols */
    int cursor_row, cursor_col; /* -1: no cursor */
};

void board_init(struct board *b);
void board_close(struct board *b);
void board_resize(struct board *b, int rows, int cols);
void board_clear(struct board *b);
/* At most `width` cells of text from (row, col); what is longer is cut and ends in "…". Outside of
 * the board nothing is written. Returns the column behind what was written. */
int board_put(struct board *b, int row, int col, int width, const char *text, enum look look);
int board_putf(struct board *b, int row, int col, int width, enum look look, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* Gives `width` cells another look, blanks included. */
void board_paint(struct board *b, int row, int col, int width, enum look look);
/* A frame round the whole board; `title` stands in its upper edge, `right` at the end of it. */
void board_frame(struct board *b, const char *title, const char *right, enum look right_look);
/* A line across the frame with words in it (NULL: none). */
void board_rule(struct board *b, int row, const char *words, enum look look);
/* Wraps text into at most `rows` lines of `width` cells, from line `skip` on. Returns the number of
 * lines the whole text takes. rows 0 only counts. */
int board_wrap(struct board *b, int row, int col, int width, int rows, int skip, const char *text,
    enum look look);
/* The rows as text, blanks at their ends cut, each ended by a line break. Caller owns. */
char *board_text(const struct board *b);

#endif
