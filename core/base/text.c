/* base/text.c — see text.h. */
#include "base/text.h"

#include "base/buf.h"
#include "base/memory.h"

#include <string.h>

enum { NEAREST_CHARS_MAX = 64 }; /* longer names are not typing errors of one another */

int32_t utf8_next(const char **p, const char *end)
{
    static const int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)*p;
    size_t left = (size_t)(end - *p);
    unsigned char c = s[0];
    size_t len = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (len == 1) {
        *p += 1;
        return c;
    }
    int32_t point = len == 0 ? 0 : c & (0xFF >> (len + 1));
    bool ok = len != 0 && len <= left;
    for (size_t i = 1; ok && i < len; i++) {
        ok = (s[i] & 0xC0) == 0x80;
        point = (point << 6) | (s[i] & 0x3F);
    }
    if (!ok || point < smallest[len] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        *p += 1;
        return -1;
    }
    *p += len;
    return point;
}

size_t utf8_put(int32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)((0xF00 >> len & 0xFF) | c);
    return len;
}

bool utf8_valid(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        if (utf8_next(&text, end) < 0) {
            return false;
        }
    }
    return true;
}

size_t utf8_length(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

size_t utf8_offset(const char *text, size_t chars)
{
    size_t i = 0;
    while (text[i] != '\0') {
        if (((unsigned char)text[i] & 0xC0) != 0x80 && chars-- == 0) {
            break;
        }
        i++;
    }
    return i;
}

static int32_t fold_point(int32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) {
        c -= 0xFEE0; /* full-width ASCII */
    } else if (c == 0x3000) {
        c = ' ';
    }
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

char *text_fold(const char *text)
{
    struct buf b = {0};
    const char *end = text + strlen(text);
    while (text < end) {
        int32_t c = utf8_next(&text, end);
        if (c >= 0 && !(b.len == 0 && (fold_point(c) == ' ' || c == '\t'))) {
            char bytes[4];
            buf_add(&b, bytes, utf8_put(fold_point(c), bytes));
        }
    }
    while (b.len > 0 && (b.data[b.len - 1] == ' ' || b.data[b.len - 1] == '\t')) {
        b.data[--b.len] = '\0';
    }
    return buf_take(&b);
}

bool text_is_han(int32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

/* Decodes at most max code points; text longer than that gives max + 1. */
static size_t decode(const char *text, int32_t out[], size_t max)
{
    const char *end = text + strlen(text);
    size_t n = 0;
    while (text < end) {
        int32_t c = utf8_next(&text, end);
        if (n == max) {
            return max + 1;
        }
        out[n++] = fold_point(c);
    }
    return n;
}

size_t text_distance(const char *a, const char *b)
{
    int32_t x[NEAREST_CHARS_MAX], y[NEAREST_CHARS_MAX];
    size_t n = decode(a, x, NEAREST_CHARS_MAX), m = decode(b, y, NEAREST_CHARS_MAX);
    if (n > NEAREST_CHARS_MAX || m > NEAREST_CHARS_MAX) {
        return strcmp(a, b) == 0 ? 0 : (n > m ? n : m);
    }
    /* The row being made, the one above it and the one above that: two neighbours typed the wrong
     * way round ("titel") are one slip, not two. */
    size_t rows[3][NEAREST_CHARS_MAX + 1];
    for (size_t j = 0; j <= m; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = above[j - 1] + (x[i - 1] != y[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            bool swapped = i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1];
            row[j] = swapped && second[j - 2] + 1 < best ? second[j - 2] + 1 : best;
        }
    }
    return rows[n % 3][m];
}

/* A part of a name, as people shorten it: the shortest name that holds it. */
static const char *shortest_with(const char *part, const char *const names[], size_t count)
{
    const char *found = NULL;
    for (size_t i = 0; i < count && utf8_length(part) >= 2; i++) {
        if (strstr(names[i], part) != NULL && (found == NULL || strlen(names[i]) < strlen(found))) {
            found = names[i];
        }
    }
    return found;
}

const char *text_nearest(const char *wanted, const char *const names[], size_t count)
{
    size_t allowed = utf8_length(wanted) / 3;
    size_t best = (allowed < 1 ? 1 : allowed) + 1;
    const char *found = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t d = text_distance(wanted, names[i]);
        /* Every character replaced is another word, not a slip. */
        if (d < best && d < utf8_length(wanted)) {
            best = d;
            found = names[i];
        }
    }
    return found != NULL ? found : shortest_with(wanted, names, count);
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}
