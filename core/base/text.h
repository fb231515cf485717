/* base/text.h — UTF-8 text: validity, counting, folding for search, nearest name. */
#ifndef FQ_BASE_TEXT_H
#define FQ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at *p (< end) and moves *p behind it. Returns -1 and moves
 * one byte on when the bytes are not valid UTF-8 (overlong, surrogate, cut). */
int32_t utf8_next(const char **p, const char *end);
size_t utf8_put(int32_t code_point, char out[4]); /* bytes written */
bool utf8_valid(const char *text, size_t len);
size_t utf8_length(const char *text);               /* code points; text must be valid */
size_t utf8_offset(const char *text, size_t chars); /* byte offset of the chars-th, or the end */

/* Key for comparing what people type: full-width forms become half-width, ASCII
 * becomes lower case, white space is trimmed at both ends. Caller owns. */
char *text_fold(const char *text);
/* Is it one Han character (or another that a bigram may be made of)? */
bool text_is_han(int32_t code_point);

size_t text_distance(const char *a, const char *b); /* edits by code points */
/* The name closest to `wanted` within a third of its length (at least 1 edit), or NULL. */
const char *text_nearest(const char *wanted, const char *const names[], size_t count);

bool text_equal(const char *a, const char *b); /* NULL equals NULL only */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

#endif
