/* client/desk/leaf.c — see leaf.h. */
#include "client/desk/leaf.h"

#include "base/buf.h"
#include "base/memory.h"
#include "client/cells.h"
#include "client/view.h"

#include <stdarg.h>
#include <string.h>

void leaf_init(struct leaf *f, int width)
{
    memset(f, 0, sizeof *f);
    f->width = width > 8 ? width : 8;
}

void leaf_close(struct leaf *f)
{
    for (int i = 0; i < f->count; i++) {
        mem_free(f->lines[i].text);
    }
    mem_free(f->lines);
    memset(f, 0, sizeof *f);
}

static void add_line(struct leaf *f, enum look look, char *text)
{
    if (f->count == f->cap) {
        f->cap = f->cap > 0 ? f->cap * 2 : 32;
        f->lines = mem_resize(f->lines, (size_t)f->cap * sizeof *f->lines);
    }
    f->lines[f->count++] = (struct leaf_line){text, look};
}

static void add_wrapped(struct leaf *f, enum look look, int indent, const char *text)
{
    char *wrapped = cells_wrap(text, f->width - indent, 0);
    for (char *line = wrapped; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        add_line(f, look, mem_printf("%*s%s", indent, "", line));
        line = end != NULL ? end + 1 : NULL;
    }
    mem_free(wrapped);
}

void leaf_add(struct leaf *f, enum look look, int indent, const char *text)
{
    char *clean = cells_clean_lines(text);
    char *wrapped = cells_wrap(clean, f->width, 0);
    size_t first = strcspn(wrapped, "\n");
    add_line(f, look, mem_strndup(wrapped, first));
    const char *rest = clean + first; /* the first line is how the text begins */
    rest += strspn(rest, " ");
    rest += *rest == '\n';
    if (wrapped[first] != '\0') {
        add_wrapped(f, look, indent, rest);
    }
    mem_free(wrapped);
    mem_free(clean);
}

void leaf_addf(struct leaf *f, enum look look, int indent, const char *fmt, ...)
{
    struct buf text = {0};
    va_list args;
    va_start(args, fmt);
    buf_vaddf(&text, fmt, args);
    va_end(args);
    leaf_add(f, look, indent, buf_text(&text));
    buf_close(&text);
}

void leaf_pair(struct leaf *f, const char *title, const char *value)
{
    if (value != NULL && *value != '\0') {
        leaf_addf(f, LOOK_PLAIN, 2, "%s%s%s", title, view_colon(), value);
    }
}

void leaf_draw(const struct leaf *f, struct board *b, int row, int col, int rows, int *top)
{
    int most = f->count > rows ? f->count - rows : 0;
    *top = *top > most ? most : *top < 0 ? 0 : *top;
    for (int i = 0; i < rows && *top + i < f->count; i++) {
        const struct leaf_line *line = &f->lines[*top + i];
        board_put(b, row + i, col, f->width, line->text, line->look);
    }
}

char *leaf_where(const struct leaf *f, int rows, int top)
{
    if (f->count <= rows) {
        return mem_strdup("");
    }
    int last = top + rows < f->count ? top + rows : f->count;
    return mem_printf("%d-%d/%d", top + 1, last, f->count);
}
