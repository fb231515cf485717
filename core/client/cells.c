/* client/cells.c — see cells.h. Widths are glibc's wcwidth, right for Han, emoji and combining
 * marks. */
#include "client/cells.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

static int char_width(int32_t c)
{
    if (c < 0) {
        return 1;
    }
    int width = wcwidth((wchar_t)c);
    return width < 0 ? 0 : width;
}

int cells_width(const char *text)
{
    const char *end = text + strlen(text);
    int width = 0;
    while (text < end) {
        width += char_width(utf8_next(&text, end));
    }
    return width;
}

size_t cells_prefix(const char *text, int width)
{
    const char *p = text;
    const char *end = text + strlen(text);
    while (p < end) {
        const char *next = p;
        width -= char_width(utf8_next(&next, end));
        if (width < 0) {
            break;
        }
        p = next;
    }
    return (size_t)(p - text);
}

char *cells_fit(const char *text, int width)
{
    struct buf out = {0};
    if (cells_width(text) <= width) {
        buf_adds(&out, text);
    } else if (width > 0) {
        buf_add(&out, text, cells_prefix(text, width - 1));
        buf_adds(&out, "…");
    }
    return buf_take(&out);
}

static char *clean(const char *text, bool keep_lines)
{
    struct buf out = {0};
    const char *end = text + strlen(text);
    while (text < end) {
        const char *from = text;
        int32_t c = utf8_next(&text, end);
        if (c < 0) {
            buf_addc(&out, '?');
        } else if (c == '\n' && keep_lines) {
            buf_addc(&out, '\n');
        } else if (c == '\n' || c == '\t') {
            buf_addc(&out, ' ');
        } else if (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) &&
                   !(c >= 0x202A && c <= 0x202E)) {
            buf_add(&out, from, (size_t)(text - from));
        }
    }
    return buf_take(&out);
}

char *cells_clean(const char *text)
{
    return clean(text, false);
}

char *cells_clean_lines(const char *text)
{
    return clean(text, true);
}

static bool may_not_start_line(int32_t c)
{
    static const int32_t closing[] = {0x3001, 0x3002, 0xFF0C, 0xFF1B, 0xFF1A, 0xFF1F, 0xFF01,
        0xFF09, 0x300B, 0x300D, 0x3011, 0x201D, 0x2019, ',', '.', ')', ';', ':', '!', '?'};
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++) {
        if (closing[i] == c) {
            return true;
        }
    }
    return false;
}

static bool may_not_end_line(int32_t c)
{
    static const int32_t opening[] = {0xFF08, 0x300A, 0x300C, 0x3010, 0x201C, 0x2018, '('};
    for (size_t i = 0; i < sizeof opening / sizeof opening[0]; i++) {
        if (opening[i] == c) {
            return true;
        }
    }
    return false;
}

static size_t one_back(const char *line, size_t len)
{
    do {
        len--;
    } while (len > 0 && ((unsigned char)line[len] & 0xC0) == 0x80);
    return len;
}

/* Moves the break back over one character while the next line would start with closing punctuation
 * or this one end with an opening bracket. */
static size_t better_break(const char *line, size_t len)
{
    const char *end = line + strlen(line);
    for (int tries = 0; tries < 3 && line[len] != '\0' && len > 0; tries++) {
        size_t before = one_back(line, len);
        const char *last = line + before;
        const char *next = line + len;
        if (!may_not_start_line(utf8_next(&next, end)) &&
            !may_not_end_line(utf8_next(&last, end))) {
            return len;
        }
        len = before;
    }
    return len;
}

/* A Latin word is not cut when the line holds a space to break at. */
static size_t word_break(const char *line, size_t len)
{
    if ((unsigned char)line[len] >= 0x80 || line[len] == ' ' || line[len] == '\0') {
        return len;
    }
    size_t at = len;
    while (at > 0 && line[at - 1] != ' ' && (unsigned char)line[at - 1] < 0x80) {
        at--;
    }
    return at > len / 2 ? at : len;
}

static void wrap_line(struct buf *out, const char *line, size_t len, int width, int indent)
{
    struct buf one = {0};
    buf_add(&one, line, len);
    const char *rest = buf_text(&one);
    do {
        size_t part = cells_prefix(rest, width);
        if (rest[part] != '\0') {
            size_t better = better_break(rest, word_break(rest, part));
            part = better > 0 ? better : part;
        }
        if (part == 0 && *rest != '\0') {
            part = utf8_offset(rest, 1); /* narrower than one character: never loop */
        }
        size_t shown = part;
        while (rest[part] != '\0' && shown > 0 && rest[shown - 1] == ' ') {
            shown--;
        }
        buf_addf(out, "%*s%.*s", indent, "", (int)shown, rest);
        rest += part;
        while (*rest == ' ') {
            rest++;
        }
        if (*rest != '\0') {
            buf_addc(out, '\n');
        }
    } while (*rest != '\0');
    buf_close(&one);
}

char *cells_wrap(const char *text, int width, int indent)
{
    struct buf out = {0};
    char *cleaned = cells_clean_lines(text);
    const char *line = cleaned;
    for (;;) {
        size_t len = strcspn(line, "\n");
        wrap_line(&out, line, len, width - indent, indent);
        if (line[len] == '\0') {
            break;
        }
        buf_addc(&out, '\n');
        line += len + 1;
    }
    mem_free(cleaned);
    return buf_take(&out);
}
