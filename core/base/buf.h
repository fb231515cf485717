/* base/buf.h — a growing byte string, always NUL-terminated. Zeroed is empty. */
#ifndef FQ_BASE_BUF_H
#define FQ_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data; /* owned; NULL while nothing was added */
    size_t len;
    size_t cap;
};

void buf_reserve(struct buf *b, size_t extra); /* room for extra bytes and the NUL */
void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list args);
void buf_cut(struct buf *b, size_t len);   /* drops the first len bytes */
void buf_clear(struct buf *b);             /* empty, keeps the memory */
char *buf_take(struct buf *b);             /* caller owns; "" when empty; b is empty after */
const char *buf_text(const struct buf *b); /* never NULL */
void buf_close(struct buf *b);             /* releases; may be used again */

#endif
