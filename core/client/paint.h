/* client/paint.h — colour on a terminal. A colour never says anything alone: a "!" stands beside
 * it. */
#ifndef FQ_CLIENT_PAINT_H
#define FQ_CLIENT_PAINT_H

#include <jansson.h>
#include <stdbool.h>

enum paint { PAINT_PLAIN, PAINT_BOLD, PAINT_DIM, PAINT_GREEN, PAINT_YELLOW, PAINT_RED };

/* Escape sequences, "" when colour is off or paint is plain. Borrowed. */
const char *paint_on(enum paint paint, bool color);
const char *paint_off(enum paint paint, bool color);
enum paint paint_of_due(const json_t *due); /* by due.colour: plain, yellow, red */

/* Where colour belongs: a terminal that is not TERM=dumb, and no NO_COLOR. */
bool paint_wanted(int fd);

/* How long is left, with its mark: "! 已超期2个工作日", "! 今日到期", "还剩3个工作日", "暂停计时".
 * The server's own words are taken; from a row without words they are made of its `workdays`. ""
 * when due is NULL or null. Caller owns. */
char *paint_due_words(const json_t *due);

#endif
