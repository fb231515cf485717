/* client/desk/casepage.c — one case: who and until when, a pane to read, the list of actions. */
#include "client/desk/screens.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/client.h"
#include "client/desk/acts.h"
#include "client/desk/attach.h"
#include "client/desk/panes.h"
#include "client/desk/papers.h"
#include "client/desk/spec.h"
#include "client/desk/summary.h"
#include "client/page.h"
#include "client/view.h"

#include <string.h>

enum { PANE_ROW = 5, PANE_ROWS_MIN = 4 };

struct casepage {
    struct screen screen;
    char *number; /* owned */
    enum pane pane;
    int top;       /* first line of the pane */
    int shown;     /* lines of the pane */
    int at, first; /* action under the cursor; first one shown */
    bool placed;   /* the cursor was put on the usual step */
    struct picker picker;
};

static struct reading page_of(struct casepage *s, struct desk *d)
{
    return reads_case(d->reads, "case.get", s->number);
}

static char *case_title(struct screen *screen, struct desk *d)
{
    struct casepage *s = (struct casepage *)screen;
    const json_t *page = page_of(s, d).result;
    const char *flow = json_text(page, "flow_title");
    return mem_printf("%s %s", s->number, flow != NULL ? flow : "");
}

static char *case_status(struct screen *screen, struct desk *d)
{
    struct casepage *s = (struct casepage *)screen;
    struct reading page = page_of(s, d);
    size_t waiting = d->outgo != NULL ? outgo_waiting_of(d->outgo, s->number) : 0;
    if (s->picker.typed > 0) {
        return mem_printf(_("No. %d … (one more digit, or Enter)"), s->picker.typed);
    }
    if (page.why != NULL) {
        return mem_printf("! %s", page.why->message);
    }
    if (waiting > 0) {
        return mem_printf(
            _("%zu of this case wait to be sent; what you see is as it was before."), waiting);
    }
    json_t *acts = acts_of(page.result);
    const json_t *act = json_array_get(acts, (size_t)s->at);
    const char *why = json_text(act, "why");
    char *words = why != NULL ? mem_printf("%s%s%s", _("Not now"), view_colon(), why) : NULL;
    json_decref(acts);
    return words;
}

static void draw_head(struct casepage *s, struct desk *d, struct board *b, const struct reading *r)
{
    const json_t *page = r->result;
    const json_t *due = json_member(page, "due");
    int room = b->cols - 4;
    (void)d;
    char *parties = summary_parties(page);
    board_put(b, 1, 2, room, *parties != '\0' ? parties : s->number, LOOK_BOLD);
    mem_free(parties);
    const char *host = page_named(page, "host");
    const char *person = page_named(page, "assignee");
    const char *place = page_named(page, "place");
    const char *state = json_text(page, "state_title");
    int col = board_putf(
        b, 2, 2, room, LOOK_BOLD, "%s%s%s", _("Now"), view_colon(), state != NULL ? state : "");
    board_putf(b, 2, col + 3, b->cols - 5 - col, LOOK_PLAIN, "%s%s%s%s%s", _("Handled by"),
        view_colon(), host != NULL ? host : "", person != NULL ? " " : "",
        person != NULL ? person : "");
    char *until = page_due_line(due);
    const char *clock = json_text(due, "title");
    col = 2;
    if (*until != '\0') {
        col = 3 + board_putf(b, 3, 2, room, summary_due_look(due), "%s%s%s%s%s", _("Due"),
                      view_colon(), clock != NULL ? clock : "", clock != NULL ? " " : "", until);
    }
    if (place != NULL) {
        board_putf(
            b, 3, col, b->cols - 2 - col, LOOK_PLAIN, "%s%s%s", _("Place"), view_colon(), place);
    }
    mem_free(until);
}

static char *tabs(const struct casepage *s, const char *where, const char *age)
{
    struct buf words = {0};
    for (int i = 0; i < PANE_COUNT; i++) {
        bool on = i == (int)s->pane;
        buf_addf(&words, "%s%s%s%s", i > 0 ? " " : "", on ? "[" : "", pane_title((enum pane)i),
            on ? "]" : "");
    }
    buf_addf(&words, "  Tab%s%s%s%s", *where != '\0' ? "  " : "", where, age != NULL ? "  " : "",
        age != NULL ? age : "");
    return buf_take(&words);
}

static void draw_pane(struct casepage *s, struct desk *d, struct board *b, const struct reading *r)
{
    struct leaf f;
    leaf_init(&f, b->cols - 4);
    pane_fill(&f, s->pane, d, r->result);
    leaf_draw(&f, b, PANE_ROW, 2, s->shown, &s->top);
    char *where = leaf_where(&f, s->shown, s->top);
    char *age = r->copy_ms != 0 ? summary_age(r->copy_ms) : NULL;
    char *words = tabs(s, where, age);
    board_rule(b, PANE_ROW - 1, words, LOOK_BOLD);
    mem_free(words);
    mem_free(age);
    mem_free(where);
    leaf_close(&f);
}

static void draw_act(struct board *b, int row, const json_t *act, bool chosen)
{
    bool allowed = json_flag(act, "allowed");
    enum look look = chosen ? LOOK_CHOSEN : allowed ? LOOK_PLAIN : LOOK_DIM;
    int title_cells = b->cols >= 100 ? 32 : 22;
    if (chosen) {
        board_paint(b, row, 1, b->cols - 2, LOOK_CHOSEN);
    }
    board_put(b, row, 1, 1, chosen ? "▸" : " ", look);
    if (allowed) {
        board_putf(b, row, 2, 3, look, "%2lld", (long long)json_number(act, "no", 0));
    } else {
        board_put(b, row, 2, 3, " -", look);
    }
    board_put(b, row, 6, title_cells - 1, json_text(act, "title"), look);
    board_put(b, row, 6 + title_cells, b->cols - 8 - title_cells,
        json_text(act, allowed ? "words" : "why"), look);
}

static void draw_acts(
    struct casepage *s, struct board *b, const json_t *page, const json_t *acts, int from, int rows)
{
    int count = (int)json_array_size(acts);
    s->at = s->at >= count ? (count > 0 ? count - 1 : 0) : s->at;
    s->first = s->at < s->first ? s->at : s->at >= s->first + rows ? s->at - rows + 1 : s->first;
    const char *flow = json_text(page, "flow_title");
    char *head = mem_printf(_("What can be done (by the workflow %s)%s"), flow != NULL ? flow : "",
        count > rows ? " ↑↓" : "");
    board_rule(b, from - 1, head, LOOK_BOLD);
    mem_free(head);
    for (int i = 0; i < rows && s->first + i < count; i++) {
        draw_act(b, from + i, json_array_get(acts, (size_t)(s->first + i)), s->first + i == s->at);
    }
    if (count == 0 && page != NULL) {
        board_put(b, from, 6, b->cols - 8, _("Nothing is for you to do here now."), LOOK_DIM);
    }
}

static void case_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct casepage *s = (struct casepage *)screen;
    struct reading page = page_of(s, d);
    json_t *acts = acts_of(page.result);
    int room = b->rows - 3 - PANE_ROW - 1; /* for the pane and the actions */
    int count = (int)json_array_size(acts);
    if (!s->placed && page.result != NULL) {
        s->at = acts_usual(page.result, acts);
        s->placed = true;
    }
    int rows = count < 1 ? 1 : count;
    rows = rows > room - PANE_ROWS_MIN ? room - PANE_ROWS_MIN : rows;
    rows = rows > room * 3 / 5 ? room * 3 / 5 : rows;
    s->shown = room - rows;
    draw_head(s, d, b, &page);
    draw_pane(s, d, b, &page);
    draw_acts(s, b, page.result, acts, b->rows - 3 - rows, rows);
    json_decref(acts);
}

static bool press_function(struct casepage *s, struct desk *d, struct press p)
{
    const json_t *page = page_of(s, d).result;
    if (page == NULL && p.code != PRESS_F5) {
        return false;
    }
    switch (p.code) {
    case PRESS_F4:
        desk_show(d, screen_form(d, spec_note(page)));
        return true;
    case PRESS_F5:
        reads_stale(d->reads, s->number);
        return true;
    case PRESS_F7:
        desk_show(d, screen_search(d));
        return true;
    case PRESS_F8:
        acts_undo(d, page);
        return true;
    case PRESS_F3:
        attach_begin(d);
        return true;
    case PRESS_F6:
        papers_begin(d, s->number);
        return true;
    case PRESS_F9:
        acts_more(d, s->number);
        return true;
    default:
        return false;
    }
}

static void turn_pane(struct casepage *s, int step)
{
    s->pane = (enum pane)(((int)s->pane + PANE_COUNT + step) % PANE_COUNT);
    s->top = 0;
}

static bool press_move(struct casepage *s, struct press p, int count)
{
    switch (p.code) {
    case PRESS_UP:
        s->at -= s->at > 0;
        return true;
    case PRESS_DOWN:
        s->at += s->at < count - 1;
        return true;
    case PRESS_PAGE_UP:
        s->top -= s->shown;
        return true;
    case PRESS_PAGE_DOWN:
        s->top += s->shown;
        return true;
    case PRESS_HOME:
        s->top = 0;
        return true;
    case PRESS_END:
        s->top = 1 << 20;
        return true;
    case PRESS_TAB:
    case PRESS_RIGHT:
        turn_pane(s, 1);
        return true;
    case PRESS_BACK_TAB:
    case PRESS_LEFT:
        turn_pane(s, -1);
        return true;
    default:
        return false;
    }
}

static bool case_press(struct screen *screen, struct desk *d, struct press p)
{
    struct casepage *s = (struct casepage *)screen;
    const json_t *page = page_of(s, d).result;
    json_t *acts = acts_of(page);
    int number = picker_press(&s->picker, p, acts_allowed(acts));
    bool taken = number >= 0 || press_move(s, p, (int)json_array_size(acts));
    if (number > 0) {
        s->at = number - 1;
    }
    if (number > 0 || (number < 0 && (p.code == PRESS_ENTER || p.code == PRESS_F2))) {
        acts_begin(d, page, json_array_get(acts, (size_t)s->at));
        taken = true;
    }
    json_decref(acts);
    return taken || press_function(s, d, p);
}

static bool case_useless(struct screen *screen, struct desk *d, enum press_code key)
{
    struct casepage *s = (struct casepage *)screen;
    return key == PRESS_F8 && json_member(page_of(s, d).result, "undo") == NULL;
}

static void case_close(struct screen *screen)
{
    struct casepage *s = (struct casepage *)screen;
    mem_free(s->number);
    mem_free(s);
}

static const struct binding case_bindings[] = {
    {PRESS_F2, "F2", N_("do it"), false},
    {PRESS_F3, "F3", N_("attach a file"), false},
    {PRESS_F4, "F4", N_("note"), false},
    {PRESS_F6, "F6", N_("papers"), false},
    {PRESS_F8, "F8", N_("take back"), false},
    {PRESS_F9, "F9", N_("more"), false},
    {PRESS_TAB, "Tab", N_("next pane"), false},
    {PRESS_F7, "F7", N_("search"), false},
    {PRESS_F5, "F5", N_("read again"), false},
    {PRESS_F1, "F1", N_("help"), true},
    {PRESS_TEXT, "0", N_("menu"), true},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind case_kind = {
    .bindings = case_bindings,
    .help = N_(
        "Above: the history with the newest first; Tab turns to content, deadlines, and links, "
        "tasks, files; PgUp and PgDn read on. Below: what the workflow lets you do now. A digit "
        "begins that action, or choose with the arrows and press Enter. A grey line with “-” "
        "cannot be done now; stand on it and the reason is shown. F3 attaches a file, F6 makes a "
        "paper and prints it. F9 has everything else: tasks, assigning, linking, supervision, "
        "recusal, hidden numbers, why these dates; 0 lists all of it."),
    .title = case_title,
    .status = case_status,
    .draw = case_draw,
    .press = case_press,
    .useless = case_useless,
    .close = case_close,
};

struct screen *screen_case(struct desk *d, const char *number)
{
    struct casepage *s = mem_alloc(sizeof *s);
    s->screen.kind = &case_kind;
    s->number = mem_strdup(number);
    reads_stale(d->reads, number); /* what is shown at once is asked for again */
    if (d->client != NULL) {
        client_remember_case(d->client, number);
    }
    return &s->screen;
}

char *screen_case_number(const struct screen *screen)
{
    return screen->kind == &case_kind ? mem_strdup(((const struct casepage *)screen)->number)
                                      : NULL;
}
