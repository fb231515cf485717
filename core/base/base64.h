/* base/base64.h — bytes as text (RFC 4648, with padding): the parts of files on the wire. */
#ifndef FQ_BASE_BASE64_H
#define FQ_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that len bytes take, without NUL. */
#define BASE64_LEN(len) (((len) + 2) / 3 * 4)

char *base64_encode(const void *data, size_t len); /* caller owns */
/* Strict: no blanks, right padding, no spare bits. NULL when it is none; caller owns; a NUL stands
 * behind the bytes. */
void *base64_decode(const char *text, size_t *len_out);

#endif
