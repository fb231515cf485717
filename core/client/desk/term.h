/* client/desk/term.h — the terminal: ncurses, and nothing of the desk's. */
#ifndef FQ_CLIENT_DESK_TERM_H
#define FQ_CLIENT_DESK_TERM_H

#include "base/err.h"
#include "client/desk/board.h"
#include "client/desk/press.h"

/* Takes the terminal over. *wide_out: ambiguous characters are two cells wide here. */
bool term_open(bool color, bool *wide_out, struct err *err);
void term_close(void); /* gives it back as it was */
void term_size(int *rows_out, int *cols_out);
void term_draw(const struct board *b);
bool term_read(struct press *out); /* false: no key waits */

#endif
