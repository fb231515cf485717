/* client/desk/form_draw.c — how a form looks: titles, values, what is wrong, the button. */
#include "client/desk/form.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/cells.h"

#include <string.h>

enum { OPEN_ROWS = 5, TITLE_MIN = 10, TITLE_MAX = 30 };

static int title_width(const struct form *s)
{
    int width = TITLE_MIN;
    for (int i = 0; i < s->count; i++) {
        int cells = cells_width(field_title(&s->fields[i]));
        width = cells > width ? cells : width;
    }
    return width > TITLE_MAX ? TITLE_MAX : width;
}

static int value_rows(const struct form *s, int i, int width)
{
    const struct field *f = &s->fields[i];
    if (!f->edit.many) {
        return 1;
    }
    int lines = edit_lines(&f->edit, width);
    int most = i == s->at ? OPEN_ROWS : 2;
    int least = i == s->at ? 3 : 1;
    return lines > most ? most : lines < least ? least : lines;
}

static void draw_choices(const struct field *f, struct board *b, int row, int col, bool focus)
{
    for (size_t i = 0; i < json_array_size(f->choices); i++) {
        bool on = (int)i == f->chosen;
        col = board_putf(b, row, col, b->cols - 2 - col, on ? LOOK_BOLD : LOOK_PLAIN, "%s%zu%s",
            on ? "(" : " ", i + 1, on ? ")" : " ");
        col = board_put(b, row, col, b->cols - 2 - col,
            json_string_value(json_array_get(f->choices, i)),
            on ? (focus ? LOOK_CHOSEN : LOOK_BOLD) : LOOK_PLAIN);
        col += 2;
    }
    if (focus && f->chosen < 0) {
        board_put(b, row, col, b->cols - 2 - col, _("press the number"), LOOK_DIM);
    }
}

static void draw_value(
    struct form *s, int i, struct board *b, int row, int col, int width, int rows)
{
    struct field *f = &s->fields[i];
    bool focus = i == s->at;
    if (field_is_inline(f)) {
        draw_choices(f, b, row, col, focus);
    } else if (f->type == FIELD_CHOICE || f->type == FIELD_LOOKUP) {
        const char *words = f->type == FIELD_LOOKUP
                                ? f->name
                                : json_string_value(json_array_get(f->choices, (size_t)f->chosen));
        words = f->chosen < 0 && f->type == FIELD_CHOICE ? NULL : words;
        int end = board_put(b, row, col, width, words != NULL ? words : "", LOOK_BOLD);
        board_put(b, row, end + (words != NULL ? 2 : 0), width, _("(Enter shows the list)"),
            focus ? LOOK_CHOSEN : LOOK_DIM);
    } else {
        for (int r = 0; r < rows; r++) {
            board_put(b, row + r, col - 1, 1, focus ? "[" : " ", LOOK_KEY);
            board_put(b, row + r, col + width, 1, focus ? "]" : " ", LOOK_KEY);
        }
        edit_draw(&f->edit, b, row, col, width, rows, focus);
        if (field_is_empty(f) && !focus) {
            board_put(b, row, col, width, "____", LOOK_DIM);
        }
    }
}

/* One field at `row` of the text of all fields; rows before `top` and behind the board are not
 * shown. Returns the rows it took. */
static int draw_field(struct form *s, int i, struct desk *d, struct board *b, int row, int titles)
{
    struct field *f = &s->fields[i];
    int col = 2 + titles + 4;
    int width = b->cols - 3 - col;
    int rows = value_rows(s, i, width);
    char *problem = field_problem(f, form_today(d));
    bool ripe = i == s->at ? !field_is_empty(f) : f->seen; /* not before one could fill it in */
    bool tell = problem != NULL && (s->tried || f->refused != NULL || ripe);
    char *note = problem == NULL ? field_note(f, d, form_today(d)) : NULL;
    board_put(b, row, 2, titles, field_title(f), i == s->at ? LOOK_BOLD : LOOK_PLAIN);
    if (field_required(f)) {
        board_put(b, row, 2 + titles + 1, 1, "*", LOOK_LATE);
    }
    draw_value(s, i, b, row, col, width, rows);
    if (tell) {
        board_putf(b, row + rows, col, width, LOOK_LATE, "✗ %s", problem);
    } else if (note != NULL) {
        board_put(b, row + rows, col, width, note, LOOK_GOOD);
    }
    rows += tell || note != NULL;
    mem_free(note);
    mem_free(problem);
    return rows;
}

/* Draws all fields on a board of their own, high enough; then shows the part with the cursor. */
void form_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct form *s = (struct form *)screen;
    struct board all;
    int titles = title_width(s);
    int from = 1;
    const char *note = s->problem != NULL ? s->problem : json_text(s->spec, "note");
    if (note != NULL) {
        from +=
            board_wrap(b, 1, 2, b->cols - 4, 4, 0, note, s->problem != NULL ? LOOK_LATE : LOOK_DIM);
        from = from > 5 ? 5 : from;
    }
    board_init(&all);
    all.narrow = b->narrow;
    board_resize(&all, s->count * (OPEN_ROWS + 3) + 4, b->cols);
    int row = 0;
    int focus_from = 0;
    int focus_to = 1;
    for (int i = 0; i < s->count; i++) {
        int rows = draw_field(s, i, d, &all, row, titles);
        focus_from = i == s->at ? row : focus_from;
        focus_to = i == s->at ? row + rows : focus_to;
        row += rows;
    }
    if (s->count == 0) {
        board_put(&all, row++, 2, b->cols - 4, _("Nothing is to be filled in."), LOOK_PLAIN);
    }
    row++;
    if (s->at == s->count) {
        focus_from = row;
        focus_to = row + 1;
    }
    board_putf(&all, row, 2 + titles + 4, b->cols - 8 - titles,
        s->at == s->count ? LOOK_CHOSEN : LOOK_KEY, " %s ",
        s->key[0] != '\0' ? _("being sent …") : _("Send it (Enter or F2)"));
    int shown = b->rows - 3 - from;
    s->top = focus_from < s->top         ? focus_from
             : focus_to > s->top + shown ? focus_to - shown
                                         : s->top;
    for (int r = 0; r < shown && s->top + r < all.rows; r++) {
        memcpy(&b->spots[(from + r) * b->cols + 1], &all.spots[(s->top + r) * b->cols + 1],
            sizeof(struct spot) * (size_t)(b->cols - 2));
    }
    if (all.cursor_row >= 0) {
        b->cursor_row = all.cursor_row - s->top + from;
        b->cursor_col = all.cursor_col;
    }
    board_close(&all);
}
