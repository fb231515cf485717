/* client/desk/rows.c — see rows.h. */
#include "client/desk/rows.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/cells.h"
#include "client/desk/summary.h"
#include "client/paint.h"

#include <string.h>

enum {
    FIRST_COL = 6,   /* behind the cursor's mark and the row's number */
    BOTH_CELLS = 16, /* from here on names and matter stand beside each other */
    NUMBER_MAX = 18, /* widest columns; numbers of the longest mark have 15 cells */
    STATE_MAX = 22,
    DUE_MAX = 21,  /* "! 已超期132个工作日" has 19 */
    DUE_WIDE = 30, /* with listed supervision, where there is room */
    WIDE = 110,    /* columns of a window that also shows who handles it */
};

enum column { NUMBER, MATTER, STATE, PERSON, DUE, COLUMNS };

struct columns {
    int width[COLUMNS]; /* with the gap behind it; 0: not shown */
};

struct texts {
    char *text[COLUMNS]; /* owned */
};

/* A date that is not certain yet has its reason in brackets; the row says "about". */
static char *due_words(const json_t *due)
{
    char *words = paint_due_words(due);
    char *bracket = strstr(words, "（");
    if (json_flag(due, "provisional") && bracket != NULL) {
        *bracket = '\0';
        char *about = mem_printf(_("about: %s"), words);
        mem_free(words);
        return about;
    }
    return words;
}

static const json_t *due_of(const json_t *row)
{
    const json_t *own = json_member(json_member(row, "task"), "due");
    return own != NULL ? own : json_member(row, "due");
}

static char *copy_of(const char *text)
{
    return mem_strdup(text != NULL ? text : "");
}

static char *state_words(const json_t *row)
{
    const json_t *task = json_member(row, "task");
    return task != NULL ? mem_printf(_("for you: %s"), json_text(task, "title"))
                        : copy_of(json_text(row, "state_title"));
}

static char *person_words(const json_t *row)
{
    const char *person = json_text(row, "assignee_name");
    return copy_of(person != NULL ? person : json_text(row, "host_name"));
}

/* Who it is about, then what: a long list of names is cut so that the matter stays on the row; in a
 * narrow window the matter alone says more than the beginnings of both. */
static char *matter_words(const json_t *row, int width)
{
    const char *parties = json_text(row, "parties");
    const char *title = json_text(row, "title");
    if (parties == NULL || title == NULL || width < BOTH_CELLS) {
        return copy_of(title != NULL ? title : parties);
    }
    int left = width - 1 - cells_width(title);
    char *names = cells_fit(parties, left > width / 2 ? left : width / 2);
    char *words = mem_printf("%s %s", names, title);
    mem_free(names);
    return words;
}

static void widen(int *width, char *text, int max)
{
    int cells = cells_width(text) + 2;
    cells = cells > max ? max : cells;
    *width = cells > *width ? cells : *width;
    mem_free(text);
}

/* The matter gets what the others leave. */
static struct columns columns_of(const struct board *b, const json_t *rows)
{
    struct columns c = {{0}};
    int due_max = b->cols >= WIDE ? DUE_WIDE : DUE_MAX;
    int state_max = b->cols < 80 ? 14 : STATE_MAX;
    widen(&c.width[NUMBER], copy_of(_("number")), NUMBER_MAX);
    widen(&c.width[STATE], copy_of(_("state")), state_max);
    widen(&c.width[DUE], copy_of(_("left")), due_max);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        widen(&c.width[NUMBER], copy_of(json_text(row, "number")), NUMBER_MAX);
        widen(&c.width[STATE], state_words(row), state_max);
        widen(&c.width[DUE], due_words(due_of(row)), due_max);
        if (b->cols >= WIDE) {
            widen(&c.width[PERSON], person_words(row), 24);
        }
    }
    c.width[MATTER] = b->cols - 2 - FIRST_COL - c.width[NUMBER] - c.width[STATE] - c.width[PERSON] -
                      c.width[DUE] + 2; /* nothing stands behind the last */
    return c;
}

static void put_texts(struct board *b, int row, const struct columns *c, const struct texts *t,
    enum look look, enum look due_look)
{
    int col = FIRST_COL;
    for (int i = 0; i < COLUMNS; i++) {
        if (c->width[i] > 2) {
            board_put(b, row, col, c->width[i] - 2, t->text[i], i == DUE ? due_look : look);
        }
        col += c->width[i];
    }
}

static void free_texts(struct texts *t)
{
    for (int i = 0; i < COLUMNS; i++) {
        mem_free(t->text[i]);
    }
}

static void draw_row(
    struct board *b, int row, const struct columns *c, const json_t *r, int no, bool chosen)
{
    const json_t *due = due_of(r);
    struct texts t = {{copy_of(json_text(r, "number")), matter_words(r, c->width[MATTER] - 2),
        state_words(r), person_words(r), due_words(due)}};
    enum look look = chosen ? LOOK_CHOSEN : LOOK_PLAIN;
    if (chosen) {
        board_paint(b, row, 1, b->cols - 2, LOOK_CHOSEN);
    }
    board_put(b, row, 1, 1, chosen ? "▸" : " ", look);
    board_putf(b, row, 2, 3, look, "%2d", no);
    put_texts(b, row, c, &t, look, chosen ? LOOK_CHOSEN : summary_due_look(due));
    free_texts(&t);
}

void rows_draw(struct board *b, int from, int shown, const json_t *rows, int top, int at)
{
    struct columns c = columns_of(b, rows);
    struct texts heads = {{copy_of(_("number")), copy_of(_("parties, matter")), copy_of(_("state")),
        copy_of(_("with")), copy_of(_("left"))}};
    put_texts(b, from, &c, &heads, LOOK_DIM, LOOK_DIM);
    free_texts(&heads);
    for (int i = 0; i < shown; i++) {
        const json_t *r = json_array_get(rows, (size_t)(top + i));
        if (r != NULL) {
            draw_row(b, from + 1 + i, &c, r, top + i + 1, top + i == at);
        }
    }
}
