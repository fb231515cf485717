/* base/buf.c — see buf.h. */
#include "base/buf.h"

#include "base/memory.h"

#include <assert.h>
#include <stdio.h>

enum { BUF_FIRST = 64 }; /* most texts of the project are shorter than this */

void buf_grow(struct buf *b, size_t extra)
{
    size_t need = b->len + extra + 1;
    assert(need > b->len);
    size_t cap = b->cap < BUF_FIRST ? BUF_FIRST : b->cap;
    while (cap < need) {
        cap *= 2;
    }
    b->data = mem_resize(b->data, cap);
    b->cap = cap;
    b->data[b->len] = '\0';
}

void buf_vaddf(struct buf *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    assert(len >= 0);
    buf_reserve(b, (size_t)len);
    vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
    va_end(again);
    b->len += (size_t)len;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_vaddf(b, fmt, args);
    va_end(args);
}

void buf_cut(struct buf *b, size_t len)
{
    assert(len <= b->len);
    if (len > 0) {
        memmove(b->data, b->data + len, b->len - len + 1);
        b->len -= len;
    }
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->data != NULL) {
        b->data[0] = '\0';
    }
}

char *buf_take(struct buf *b)
{
    buf_reserve(b, 0);
    char *data = b->data;
    *b = (struct buf){0};
    return data;
}

const char *buf_text(const struct buf *b)
{
    return b->data == NULL ? "" : b->data;
}

void buf_close(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf){0};
}
