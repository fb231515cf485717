/* client/cells.h — text measured in terminal cells: a Han character takes two. */
#ifndef FQ_CLIENT_CELLS_H
#define FQ_CLIENT_CELLS_H

#include <stddef.h>

int cells_width(const char *text); /* invalid bytes count one cell each */
/* At most `width` cells; what does not fit is cut by whole characters and ends in "…". Caller owns.
 */
char *cells_fit(const char *text, int width);
/* Bytes of the longest beginning that takes at most `width` cells. */
size_t cells_prefix(const char *text, int width);
/* Text of others on a terminal: line breaks and tabs become a space, other control characters
 * (escape sequences!) vanish, bytes that are not UTF-8 become "?". Caller owns. */
char *cells_clean(const char *text);
/* The same, but line breaks stay: for long texts. Caller owns. */
char *cells_clean_lines(const char *text);
/* Wraps clean text to `width` cells, each line after `indent` spaces; no line starts with a closing
 * punctuation mark. Ends without a line break. Caller owns. */
char *cells_wrap(const char *text, int width, int indent);

#endif
