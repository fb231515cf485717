/* client/desk/list.c — the inbox, and any other list of cases: rows above, the chosen one below. */
#include "client/desk/screens.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/panes.h"
#include "client/desk/rows.h"
#include "client/desk/sieve.h"
#include "client/desk/spec.h"
#include "client/desk/summary.h"
#include "client/page.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MAX = 200,   /* of one list; more is found by searching */
    AHEAD_MAX = 50,   /* pages fetched before anybody asks, to be read when the line is down */
    SUMMARY_ROWS = 6, /* of the chosen case */
    HEAD_ROW = 2,
};

struct list {
    struct screen screen;
    char *title;        /* owned; NULL: the inbox */
    const char *method; /* constant */
    json_t *params;     /* owned */
    json_t *sieve;      /* owned: only rows that fit (sieve.h); NULL: all */
    json_t *sifted;     /* owned: those of the answer `sifted_of`, which is kept for comparing */
    json_t *sifted_of;
    char *chosen;       /* owned: the number the cursor is on; it follows the case … */
    int64_t seen;       /* … unless it was worked on since it had this version; 0: never opened */
    int at, top, shown; /* row of the cursor, first row on the screen, rows on it */
    struct picker picker;
};

static const json_t *rows_of(struct list *l, struct desk *d, struct reading *reading_out)
{
    *reading_out = reads_get(d->reads, l->method, l->params);
    const json_t *items = json_member(reading_out->result, "items");
    if (l->sieve == NULL || items == NULL) {
        return items;
    }
    if (l->sifted_of != reading_out->result) {
        json_decref(l->sifted);
        json_decref(l->sifted_of);
        l->sifted_of = json_incref((json_t *)reading_out->result);
        l->sifted = sieve_rows(l->sieve, items);
    }
    return l->sifted;
}

static const json_t *row_at(struct list *l, struct desk *d)
{
    struct reading reading;
    return json_array_get(rows_of(l, d, &reading), (size_t)l->at);
}

/* The list may have changed since: the cursor stays on its case. Where the user has worked on the
 * case it stays at its place instead, where the next one is, for what is done goes far down. */
static void find_cursor(struct list *l, const json_t *rows)
{
    int count = (int)json_array_size(rows);
    for (int i = 0; l->chosen != NULL && i < count; i++) {
        const json_t *row = json_array_get(rows, (size_t)i);
        if (text_equal(json_text(row, "number"), l->chosen)) {
            bool worked = l->seen != 0 && json_number(row, "version", l->seen) != l->seen;
            l->at = worked ? l->at : i;
            break;
        }
    }
    l->at = l->at >= count ? count - 1 : l->at;
    l->at = l->at < 0 ? 0 : l->at;
}

static void move_to(struct list *l, struct desk *d, int at)
{
    struct reading reading;
    const json_t *rows = rows_of(l, d, &reading);
    int count = (int)json_array_size(rows);
    l->at = at >= count ? count - 1 : at;
    l->at = l->at < 0 ? 0 : l->at;
    mem_free(l->chosen);
    l->chosen = mem_strdup(json_text(json_array_get(rows, (size_t)l->at), "number"));
    l->seen = 0;
}

/* Another screenful, the cursor at the same height of it. */
static void turn_page(struct list *l, struct desk *d, int step)
{
    l->top += step * l->shown;
    move_to(l, d, l->at + step * l->shown);
}

static char *list_title(struct screen *s, struct desk *d)
{
    const struct list *l = (struct list *)s;
    (void)d;
    return mem_printf("%s · %s", _("Fengqiao"), l->title != NULL ? l->title : _("My inbox"));
}

static char *list_status(struct screen *s, struct desk *d)
{
    struct list *l = (struct list *)s;
    struct reading reading;
    rows_of(l, d, &reading);
    if (l->picker.typed > 0) {
        return mem_printf(_("No. %d … (one more digit, or Enter)"), l->picker.typed);
    }
    if (reading.why != NULL) {
        return mem_printf("! %s", reading.why->message);
    }
    return NULL;
}

static void draw_counts(struct list *l, struct board *b, const json_t *rows, const json_t *next)
{
    size_t late = 0;
    size_t today = 0;
    size_t soon = 0;
    size_t count = json_array_size(rows);
    for (size_t i = 0; i < count; i++) {
        const json_t *due = json_member(json_array_get(rows, i), "due");
        int64_t days = json_number(due, "days", 99);
        bool is_late = text_equal(json_text(due, "colour"), "red") && days < 0;
        late += is_late;
        today += !is_late && days == 0;
        soon += days > 0 && days <= 7;
    }
    int room = b->cols - 4;
    int col = board_putf(b, 1, 2, room, late > 0 ? LOOK_LATE : LOOK_PLAIN, "%s%s %zu",
        late > 0 ? "! " : "", _("late"), late);
    col = board_putf(
        b, 1, col + 3, room, today > 0 ? LOOK_SOON : LOOK_PLAIN, "%s %zu", _("due today"), today);
    col = board_putf(b, 1, col + 3, room, LOOK_PLAIN, "%s %zu", _("within 7 days"), soon);
    col = board_putf(b, 1, col + 3, room, LOOK_PLAIN,
        json_is_string(next) ? _("the first %zu") : _("%zu in all"), count);
    if ((int)count > l->shown) {
        col = board_putf(
            b, 1, col, room, LOOK_PLAIN, _(", here %d to %d"), l->top + 1, l->top + l->shown);
    }
    if (l->title == NULL && getenv("TERM") != NULL && strcmp(getenv("TERM"), "linux") == 0) {
        board_put(b, 1, col + 3, b->cols - 5 - col,
            "This console shows no Chinese; use a terminal window or ssh.", LOOK_SOON);
    }
}

static void draw_rows(struct list *l, struct board *b, const json_t *rows)
{
    int count = (int)json_array_size(rows);
    int last = count > l->shown ? count - l->shown : 0; /* the last page is full too */
    l->top = l->top > last ? last : l->top < 0 ? 0 : l->top;
    l->top = l->at < l->top ? l->at : l->at >= l->top + l->shown ? l->at - l->shown + 1 : l->top;
    board_rule(b, HEAD_ROW, NULL, LOOK_FRAME);
    rows_draw(b, HEAD_ROW + 1, l->shown, rows, l->top, l->at);
}

static void draw_empty(
    const struct list *l, struct desk *d, struct board *b, const struct reading *r)
{
    const char *words = r->result != NULL && l->title == NULL ? _("Nothing waits for you.")
                        : r->result != NULL                   ? _("No case found.")
                        : r->waiting || desk_online(d) || d->line == NULL
                            ? _("Reading …")
                            : _("Not read yet; it comes when the line is back.");
    board_put(b, HEAD_ROW + 3, 6, b->cols - 8, words, LOOK_DIM);
    if (r->result != NULL) {
        board_put(b, HEAD_ROW + 5, 6, b->cols - 8,
            _("F3 registers a new case, F7 searches, F9 shows other lists."), LOOK_DIM);
    }
}

static void list_draw(struct screen *s, struct desk *d, struct board *b)
{
    struct list *l = (struct list *)s;
    struct reading reading;
    const json_t *rows = rows_of(l, d, &reading);
    find_cursor(l, rows);
    l->shown = b->rows - 3 - SUMMARY_ROWS - 1 - (HEAD_ROW + 2);
    draw_rows(l, b, rows);
    draw_counts(l, b, rows, json_object_get(reading.result, "next"));
    if (json_array_size(rows) == 0) {
        draw_empty(l, d, b, &reading);
    }
    const json_t *row = json_array_get(rows, (size_t)l->at);
    int from = b->rows - 3 - SUMMARY_ROWS;
    char *age = reading.copy_ms != 0 ? summary_age(reading.copy_ms) : NULL;
    char *head = row != NULL ? mem_printf("%s %s%s%s", json_text(row, "number"), _("in short"),
                                   age != NULL ? "  " : "", age != NULL ? age : "")
                             : mem_strdup(age != NULL ? age : "");
    board_rule(b, from - 1, head, LOOK_BOLD);
    if (row != NULL) {
        summary_draw(d, b, from, SUMMARY_ROWS, row);
    }
    mem_free(head);
    mem_free(age);
}

static void open_chosen(struct list *l, struct desk *d)
{
    const json_t *row = row_at(l, d);
    const char *number = json_text(row, "number");
    if (number != NULL) {
        move_to(l, d, l->at);
        l->seen = json_number(row, "version", 0);
        desk_show(d, screen_case(d, number));
    }
}

static void note_on_chosen(struct list *l, struct desk *d)
{
    const char *number = json_text(row_at(l, d), "number");
    struct reading page =
        number != NULL ? reads_case(d->reads, "case.get", number) : (struct reading){0};
    if (page.result != NULL) {
        desk_show(d, screen_form(d, spec_note(page.result)));
    } else if (number != NULL) {
        desk_say(d, LOOK_SOON, "%s", _("The case is still being read; try again in a moment."));
    }
}

/* The same list, of which only some rows are shown; Esc leads back to all. */
static void sieve_chosen(struct desk *d, void *ctx, const json_t *item)
{
    struct list *of = ctx;
    char *title = mem_printf(
        "%s · %s", of->title != NULL ? of->title : _("My inbox"), json_text(item, "title"));
    struct list *l = (struct list *)screen_list(d, title, of->method, json_copy(of->params));
    l->sieve = of->sieve != NULL ? json_copy(of->sieve) : json_array();
    json_array_append(l->sieve, (json_t *)item);
    desk_show(d, &l->screen);
    mem_free(title);
}

static void show_sieve(struct list *l, struct desk *d)
{
    struct reading reading;
    json_t *offers = sieve_offers(rows_of(l, d, &reading));
    if (json_array_size(offers) > 0) {
        desk_show(d, screen_pick(d, _("Show only which?"), offers, sieve_chosen, l));
    } else {
        desk_say(d, LOOK_SOON, "%s", _("There is nothing to tell these cases apart by."));
        json_decref(offers);
    }
}

static bool press_function(struct list *l, struct desk *d, enum press_code code)
{
    switch (code) {
    case PRESS_F2:
    case PRESS_ENTER:
        open_chosen(l, d);
        return true;
    case PRESS_F3:
        screen_new_case(d);
        return true;
    case PRESS_F4:
        note_on_chosen(l, d);
        return true;
    case PRESS_F5:
        reads_stale(d->reads, NULL);
        if (d->line != NULL) {
            line_try_now(d->line);
        }
        return true;
    case PRESS_F6:
        show_sieve(l, d);
        return true;
    case PRESS_F7:
        desk_show(d, screen_search(d));
        return true;
    case PRESS_F8:
        desk_show(d, screen_outbox(d));
        return true;
    case PRESS_F9:
        desk_show(d, screen_filter(d));
        return true;
    default:
        return false;
    }
}

static bool list_press(struct screen *s, struct desk *d, struct press p)
{
    struct list *l = (struct list *)s;
    struct reading reading;
    int count = (int)json_array_size(rows_of(l, d, &reading));
    int number = picker_press(&l->picker, p, count);
    if (number >= 0) {
        if (number > 0) {
            move_to(l, d, number - 1);
            open_chosen(l, d);
        }
        return true;
    }
    switch (p.code) {
    case PRESS_UP:
        move_to(l, d, l->at - 1);
        return true;
    case PRESS_DOWN:
        move_to(l, d, l->at + 1);
        return true;
    case PRESS_PAGE_UP:
        turn_page(l, d, -1);
        return true;
    case PRESS_PAGE_DOWN:
        turn_page(l, d, 1);
        return true;
    case PRESS_HOME:
        move_to(l, d, 0);
        return true;
    case PRESS_END:
        move_to(l, d, count - 1);
        return true;
    default:
        return press_function(l, d, p.code);
    }
}

/* What the user will probably open is fetched before, one answer at a time: it is there at once,
 * and when the line is down. */
static void list_tick(struct screen *s, struct desk *d)
{
    struct list *l = (struct list *)s;
    struct reading reading;
    const json_t *rows = rows_of(l, d, &reading);
    size_t count = json_array_size(rows) < AHEAD_MAX ? json_array_size(rows) : AHEAD_MAX;
    bool waits = !desk_online(d) || reading.result == NULL;
    for (size_t i = 0; !waits && i < 2 * count; i++) {
        const char *number = json_text(json_array_get(rows, i % count), "number");
        waits = number != NULL && (i < count ? reads_case(d->reads, "case.get", number).waiting
                                             : pane_history(d, number).waiting);
    }
    if (!waits) {
        spec_prepare(d);
    }
}

static void list_close(struct screen *s)
{
    struct list *l = (struct list *)s;
    mem_free(l->title);
    mem_free(l->chosen);
    json_decref(l->sieve);
    json_decref(l->sifted);
    json_decref(l->sifted_of);
    json_decref(l->params);
    mem_free(l);
}

static const struct binding list_bindings[] = {
    {PRESS_ENTER, N_("Enter"), N_("open"), false},
    {PRESS_F3, "F3", N_("new case"), false},
    {PRESS_F4, "F4", N_("note"), false},
    {PRESS_F6, "F6", N_("show only …"), false},
    {PRESS_F7, "F7", N_("search"), false},
    {PRESS_F8, "F8", N_("outbox"), false},
    {PRESS_F9, "F9", N_("other lists"), false},
    {PRESS_F5, "F5", N_("read again"), false},
    {PRESS_F1, "F1", N_("help"), false},
    {PRESS_TEXT, "0", N_("menu"), true},
    {PRESS_F10, "F10", N_("leave"), true},
    {0},
};

static const struct screen_kind list_kind = {
    .bindings = list_bindings,
    .help =
        N_("The list shows the most urgent case first. A digit opens the case with that number; "
           "arrows move, PgUp and PgDn turn pages, Enter opens. F6 shows only those that are late, "
           "in one "
           "state, with one person. Below stands the chosen case in "
           "short: what it is about, whose turn it is, until when. A “!” beside the time left "
           "means late or nearly so."),
    .title = list_title,
    .status = list_status,
    .draw = list_draw,
    .press = list_press,
    .tick = list_tick,
    .close = list_close,
};

static struct screen *open_list(const char *title, const char *method, json_t *params)
{
    struct list *l = mem_alloc(sizeof *l);
    l->screen.kind = &list_kind;
    l->title = mem_strdup(title);
    l->method = method;
    l->params = params != NULL ? params : json_object();
    json_put_number(l->params, "limit", ROWS_MAX);
    return &l->screen;
}

struct screen *screen_inbox(struct desk *d)
{
    (void)d;
    return open_list(NULL, "inbox.list", NULL);
}

struct screen *screen_list(struct desk *d, const char *title, const char *method, json_t *params)
{
    (void)d;
    return open_list(title, method, params);
}
