/* author/source.c — see source.h. */
#include "author/source.h"

#include "base/lang.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    SOURCE_READ_MAX = 1 << 20, /* the sandbox refuses far less; this only bounds the reading */
    FIND_LINES = 8,            /* an action spans a few lines */
};

bool source_read(const char *path, struct buf *text_out, struct err *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return err_set(err, ERR_FILE, _("%s cannot be read: %s"), path, strerror(errno));
    }
    char part[8192];
    size_t got;
    while ((got = fread(part, 1, sizeof part, file)) > 0 && text_out->len < SOURCE_READ_MAX) {
        buf_add(text_out, part, got);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    return !failed || err_set(err, ERR_FILE, _("%s cannot be read: %s"), path, strerror(EIO));
}

const char *source_line(const char *source, size_t len, int line, size_t *line_len_out)
{
    const char *p = source, *end = source + len;
    for (int i = 1; i < line; i++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        if (next == NULL) {
            return NULL;
        }
        p = next + 1;
    }
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    *line_len_out = (size_t)((stop != NULL ? stop : end) - p);
    return p;
}

/* Is the hit a whole word, and not a part of a longer name? */
static bool is_whole(const char *text, const char *text_end, const char *at, size_t len)
{
    static const char inside[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    bool before = at > text && strchr(inside, at[-1]) != NULL;
    bool after = at + len < text_end && strchr(inside, at[len]) != NULL && at[len] != '\0';
    return !before && !after;
}

void source_find(const char *source, size_t len, const char *word, int *line, int *column)
{
    for (int l = *line; word[0] != '\0' && l < *line + FIND_LINES; l++) {
        size_t line_len;
        const char *text = source_line(source, len, l, &line_len);
        if (text == NULL) {
            return;
        }
        for (const char *p = text; p < text + line_len; p++) {
            const char *at = memmem(p, (size_t)(text + line_len - p), word, strlen(word));
            if (at == NULL) {
                break;
            }
            p = at;
            if (is_whole(text, text + line_len, at, strlen(word))) {
                *line = l;
                *column = 1;
                for (const char *q = text; q < at; q++) {
                    *column += ((unsigned char)*q & 0xC0) != 0x80;
                }
                return;
            }
        }
    }
}

/* Terminals show Han characters two cells wide. */
static int cells_of(const char *text, const char *end)
{
    int cells = 0;
    for (const char *p = text; p < end;) {
        int32_t c = utf8_next(&p, end);
        cells += text_is_han(c) || c >= 0x3000 ? 2 : 1;
    }
    return cells;
}

void source_show(struct buf *out, const char *text, int line, int column, int width)
{
    buf_addf(out, "%5d │ %s\n", line, text);
    if (column > 0) {
        const char *from = text + utf8_offset(text, (size_t)column - 1);
        const char *to = from + utf8_offset(from, (size_t)(width > 0 ? width : 1));
        buf_addf(out, "      │ %*s", cells_of(text, from), "");
        for (int cells = cells_of(from, to); cells > 1; cells--) {
            buf_addc(out, '^');
        }
        buf_adds(out, "^\n");
    }
}
