/* client/desk/edit.c — see edit.h. Lines break by cells and at line breaks, and nowhere else: what
 * is typed must stay where it was typed while more is added. */
#include "client/desk/edit.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>
#include <wchar.h>

void edit_init(struct edit *e, const char *text, size_t max_chars, bool many)
{
    memset(e, 0, sizeof *e);
    e->max_chars = max_chars;
    e->many = many;
    e->width = 60;
    edit_set(e, text);
}

void edit_close(struct edit *e)
{
    buf_close(&e->text);
}

void edit_set(struct edit *e, const char *text)
{
    buf_clear(&e->text);
    buf_adds(&e->text, text != NULL ? text : "");
    e->at = e->text.len;
    e->top = 0;
}

static int width_of(const struct edit *e, int32_t c)
{
    int width = c < 0 || e->hidden ? 1 : wcwidth((wchar_t)c);
    return width < 0 ? 0 : width;
}

/* Where a line begins and the next one does. */
struct line_span {
    size_t from, to; /* to: behind the last byte shown */
    size_t next;
};

static bool next_line(const struct edit *e, int width, size_t from, struct line_span *out)
{
    const char *text = buf_text(&e->text);
    const char *end = text + e->text.len;
    const char *p = text + from;
    int used = 0;
    *out = (struct line_span){from, e->text.len, e->text.len + 1};
    while (p < end) {
        const char *here = p;
        int32_t c = utf8_next(&p, end);
        if (c == '\n') {
            out->to = (size_t)(here - text);
            out->next = out->to + 1;
            return true;
        }
        used += width_of(e, c);
        if (used > width) {
            out->to = out->next = (size_t)(here - text);
            return true;
        }
    }
    return false;
}

/* The line the cursor is in; its number. */
static int line_at(const struct edit *e, int width, size_t at, struct line_span *out)
{
    size_t from = 0;
    for (int n = 0;; n++) {
        bool more = next_line(e, width, from, out);
        if (at < out->next || !more) {
            return n;
        }
        from = out->next;
    }
}

int edit_lines(const struct edit *e, int width)
{
    struct line_span span;
    size_t from = 0;
    int n = 1;
    while (next_line(e, width, from, &span)) {
        from = span.next;
        n++;
    }
    return n;
}

static int cells_between(const struct edit *e, size_t from, size_t to)
{
    const char *p = buf_text(&e->text) + from;
    const char *end = buf_text(&e->text) + to;
    int cells = 0;
    while (p < end) {
        cells += width_of(e, utf8_next(&p, end));
    }
    return cells;
}

static size_t before(const struct edit *e, size_t at)
{
    const char *text = buf_text(&e->text);
    do {
        at--;
    } while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

static size_t behind(const struct edit *e, size_t at)
{
    const char *p = buf_text(&e->text) + at;
    utf8_next(&p, buf_text(&e->text) + e->text.len);
    return (size_t)(p - buf_text(&e->text));
}

static void cut(struct edit *e, size_t from, size_t to)
{
    if (to > from) {
        memmove(e->text.data + from, e->text.data + to, e->text.len - to + 1);
        e->text.len -= to - from;
    }
    e->at = from;
}

static void insert(struct edit *e, int32_t c)
{
    char bytes[4];
    size_t len = utf8_put(c, bytes);
    if (e->max_chars > 0 && utf8_length(buf_text(&e->text)) >= e->max_chars) {
        return;
    }
    buf_add(&e->text, bytes, len);
    memmove(e->text.data + e->at + len, e->text.data + e->at, e->text.len - e->at - len);
    memcpy(e->text.data + e->at, bytes, len);
    e->at += len;
}

/* The place `cells` into a line, for going up and down. */
static size_t place_in(const struct edit *e, const struct line_span *span, int cells)
{
    size_t at = span->from;
    while (at < span->to && cells_between(e, span->from, behind(e, at)) <= cells) {
        at = behind(e, at);
    }
    return at;
}

static bool go_line(struct edit *e, int step)
{
    struct line_span here;
    struct line_span there = {0};
    int n = line_at(e, e->width, e->at, &here) + step;
    if (n < 0 || n >= edit_lines(e, e->width)) {
        return false;
    }
    size_t from = 0;
    for (int i = 0; i <= n; i++) {
        next_line(e, e->width, from, &there);
        from = there.next;
    }
    e->at = place_in(e, &there, cells_between(e, here.from, e->at));
    return true;
}

bool edit_press(struct edit *e, struct press p)
{
    struct line_span here;
    switch (p.code) {
    case PRESS_TEXT:
        insert(e, p.ch);
        return true;
    case PRESS_ENTER:
        if (e->many) {
            insert(e, '\n');
        }
        return e->many;
    case PRESS_LEFT:
        e->at = e->at > 0 ? before(e, e->at) : 0;
        return true;
    case PRESS_RIGHT:
        e->at = e->at < e->text.len ? behind(e, e->at) : e->at;
        return true;
    case PRESS_UP:
        return go_line(e, -1);
    case PRESS_DOWN:
        return go_line(e, 1);
    case PRESS_HOME:
        line_at(e, e->width, e->at, &here);
        e->at = here.from;
        return true;
    case PRESS_END:
        line_at(e, e->width, e->at, &here);
        e->at = here.to;
        return true;
    case PRESS_ERASE:
        if (e->at > 0) {
            cut(e, before(e, e->at), e->at);
        }
        return true;
    case PRESS_DELETE:
        if (e->at < e->text.len) {
            cut(e, e->at, behind(e, e->at));
        }
        return true;
    default:
        return false;
    }
}

static void draw_line(
    struct edit *e, struct board *b, int row, int col, int width, const struct line_span *span)
{
    char *part = mem_strndup(buf_text(&e->text) + span->from, span->to - span->from);
    if (e->hidden) {
        size_t chars = utf8_length(part);
        memset(part, '*', chars);
        part[chars] = '\0';
    }
    board_put(b, row, col, width, part, LOOK_PLAIN);
    mem_free(part);
}

void edit_draw(struct edit *e, struct board *b, int row, int col, int width, int rows, bool focus)
{
    struct line_span span;
    e->width = width > 2 ? width : 2;
    int at_line = line_at(e, e->width, e->at, &span);
    if (focus && b->cursor_row < 0) {
        e->top = at_line < e->top           ? at_line
                 : at_line >= e->top + rows ? at_line - rows + 1
                                            : e->top;
        b->cursor_row = row + at_line - e->top;
        b->cursor_col = col + cells_between(e, span.from, e->at);
        b->cursor_col -= b->cursor_col >= col + width ? 1 : 0;
    }
    e->top = focus ? e->top : 0;
    size_t from = 0;
    bool more = true;
    for (int n = 0; more && n < e->top + rows; n++) {
        more = next_line(e, e->width, from, &span);
        if (n >= e->top) {
            draw_line(e, b, row + n - e->top, col, width, &span);
        }
        from = span.next;
    }
}
