/* base/buf.h — a growing byte string, always NUL-terminated. Zeroed is empty. */
#ifndef FQ_BASE_BUF_H
#define FQ_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

struct buf {
    char *data; /* owned; NULL while nothing was added */
    size_t len;
    size_t cap;
};

void buf_grow(struct buf *b, size_t extra); /* where there is no room left */
/* Room for extra bytes and the NUL. These few are inline: JSON is written in very small pieces. */
static inline void buf_reserve(struct buf *b, size_t extra)
{
    if (extra >= b->cap - b->len) {
        buf_grow(b, extra);
    }
}
static inline void buf_add(struct buf *b, const void *data, size_t len)
{
    buf_reserve(b, len);
    if (len > 0) {
        memcpy(b->data + b->len, data, len);
    }
    b->len += len;
    b->data[b->len] = '\0';
}
static inline void buf_addc(struct buf *b, char c)
{
    buf_reserve(b, 1);
    b->data[b->len++] = c;
    b->data[b->len] = '\0';
}
static inline void buf_adds(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list args);
void buf_cut(struct buf *b, size_t len);   /* drops the first len bytes */
void buf_clear(struct buf *b);             /* empty, keeps the memory */
char *buf_take(struct buf *b);             /* caller owns; "" when empty; b is empty after */
const char *buf_text(const struct buf *b); /* never NULL */
void buf_close(struct buf *b);             /* releases; may be used again */

#endif
