/* client/desk/pager.c — a text to read: help, reasons, answers that are words. */
#include "client/desk/screens.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/desk/leaf.h"

#include <string.h>

struct pager {
    struct screen screen;
    char *title, *text; /* owned; text NULL: it is asked for */
    const char *method; /* constant */
    json_t *params;     /* owned */
    char *(*words)(const json_t *result);
    int top, rows;
};

static char *pager_title(struct screen *screen, struct desk *d)
{
    (void)d;
    return mem_strdup(((struct pager *)screen)->title);
}

static char *text_of(struct pager *s, struct desk *d)
{
    if (s->method == NULL) {
        return mem_strdup(s->text);
    }
    struct reading r = reads_get(d->reads, s->method, s->params);
    return r.why != NULL ? mem_printf("%s\n%s", r.why->message, r.why->hint)
           : r.result != NULL
               ? s->words(r.result)
               : mem_strdup(desk_online(d) ? _("Reading …")
                                           : _("Not read yet; it comes when the line is back."));
}

static void pager_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct pager *s = (struct pager *)screen;
    struct leaf f;
    leaf_init(&f, b->cols - 6);
    char *text = text_of(s, d);
    for (char *line = text; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        leaf_add(&f, LOOK_PLAIN, 2, line);
        line = end != NULL ? end + 1 : NULL;
    }
    s->rows = b->rows - 3 - 2;
    leaf_draw(&f, b, 2, 3, s->rows, &s->top);
    leaf_close(&f);
    mem_free(text);
}

static bool pager_press(struct screen *screen, struct desk *d, struct press p)
{
    struct pager *s = (struct pager *)screen;
    switch (p.code) {
    case PRESS_UP:
        s->top--;
        return true;
    case PRESS_DOWN:
        s->top++;
        return true;
    case PRESS_PAGE_UP:
        s->top -= s->rows;
        return true;
    case PRESS_PAGE_DOWN:
        s->top += s->rows;
        return true;
    case PRESS_ENTER:
    case PRESS_F1:
        desk_back(d);
        return true;
    default:
        return p.code == PRESS_TEXT;
    }
}

static void pager_close(struct screen *screen)
{
    struct pager *s = (struct pager *)screen;
    mem_free(s->title);
    mem_free(s->text);
    json_decref(s->params);
    mem_free(s);
}

static const struct binding pager_bindings[] = {
    {PRESS_PAGE_DOWN, "PgUp PgDn", N_("turn the page"), false},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind pager_kind = {
    .bindings = pager_bindings,
    .types = true,
    .title = pager_title,
    .draw = pager_draw,
    .press = pager_press,
    .close = pager_close,
};

static struct pager *open_pager(const char *title)
{
    struct pager *s = mem_alloc(sizeof *s);
    s->screen.kind = &pager_kind;
    s->title = mem_strdup(title);
    return s;
}

struct screen *screen_pager(struct desk *d, const char *title, const char *text)
{
    struct pager *s = open_pager(title != NULL ? title : "");
    (void)d;
    s->text = mem_strdup(text != NULL ? text : "");
    return &s->screen;
}

struct screen *screen_answer(struct desk *d, const char *title, const char *method, json_t *params,
    char *(*words)(const json_t *result))
{
    struct pager *s = open_pager(title);
    (void)d;
    s->method = method;
    s->params = params;
    s->words = words;
    return &s->screen;
}

struct screen *screen_help(struct desk *d, struct screen *of)
{
    struct buf text = {0};
    buf_addf(&text, "%s\n\n", of->kind->help != NULL ? _(of->kind->help) : "");
    for (const struct binding *row = of->kind->bindings; row->name != NULL; row++) {
        buf_addf(&text, "%s  %s\n", _(row->name), _(row->title));
    }
    buf_addf(&text, "\n%s",
        _("Everywhere: digits choose, 0 opens the menu with everything, F1 or ? helps, Esc goes "
          "back, "
          "F10 leaves. Full-width digits and signs of an input method do as well. ○ offline means: "
          "read "
          "what is there and go on working; what you do waits in the outbox (F8 in the list) and "
          "is "
          "sent by itself, once."));
    struct screen *s = screen_pager(d, _("Help"), buf_text(&text));
    buf_close(&text);
    return s;
}
