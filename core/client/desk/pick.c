/* client/desk/pick.c — one of many: a numbered list that narrows while one types; menus and yes/no
 * are such lists too. */
#include "client/desk/screens.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/acts.h"
#include "client/desk/edit.h"

#include <string.h>

struct pick {
    struct screen screen;
    char *title;   /* owned */
    json_t *items; /* owned */
    json_t *shown; /* owned: those that fit what was typed */
    struct edit typed;
    struct picker picker;
    int at, top, rows;
    chosen_cb chosen;
    void *ctx; /* borrowed */
    /* Where the items come from a question: */
    const char *method; /* constant; NULL: they do not */
    json_t *params;     /* owned */
    json_t *result;     /* owned: the answer the items are made of */
    items_of_cb items_of;
    const char *none; /* constant: said when there are no items */
};

static bool fits(const json_t *item, const char *typed)
{
    static const char *const members[] = {"title", "note", "id"};
    bool found = *typed == '\0';
    for (size_t i = 0; !found && i < sizeof members / sizeof members[0]; i++) {
        const char *text = json_text(item, members[i]);
        char *folded = text != NULL ? text_fold(text) : NULL;
        found = folded != NULL && strstr(folded, typed) != NULL;
        mem_free(folded);
    }
    return found;
}

static void narrow(struct pick *s)
{
    char *typed = text_fold(buf_text(&s->typed.text));
    json_decref(s->shown);
    s->shown = json_array();
    for (size_t i = 0; i < json_array_size(s->items); i++) {
        json_t *item = json_array_get(s->items, i);
        if (fits(item, typed)) {
            json_array_append(s->shown, item);
        }
    }
    s->at = s->top = 0;
    mem_free(typed);
}

/* Takes up the answer, and a newer one. */
static void refill(struct pick *s, struct desk *d)
{
    if (s->method == NULL) {
        return;
    }
    struct reading r = reads_get(d->reads, s->method, s->params);
    if (r.result != NULL && r.result != s->result) {
        json_decref(s->result);
        json_decref(s->items);
        s->result = json_incref((json_t *)r.result);
        s->items = s->items_of(r.result);
        int at = s->at;
        narrow(s);
        s->at = at < (int)json_array_size(s->shown) ? at : 0;
    }
}

/* Why there is nothing to choose from. */
static const char *nothing_words(const struct pick *s, struct desk *d)
{
    if (s->method == NULL || json_array_size(s->items) > 0) {
        return _("Nothing fits; take some of it back.");
    }
    struct reading r = reads_get(d->reads, s->method, s->params);
    return r.why != NULL && r.why->code == ERR_METHOD
               ? _("This server makes no documents: the plugin is not there.")
           : r.why != NULL    ? r.why->message
           : r.result != NULL ? s->none
           : desk_online(d)   ? _("Reading …")
                              : _("The list can only be read with a line.");
}

static char *pick_title(struct screen *screen, struct desk *d)
{
    (void)d;
    return mem_strdup(((struct pick *)screen)->title);
}

static char *pick_status(struct screen *screen, struct desk *d)
{
    struct pick *s = (struct pick *)screen;
    (void)d;
    if (s->picker.typed > 0) {
        return mem_printf(_("No. %d … (one more digit, or Enter)"), s->picker.typed);
    }
    return mem_strdup(_("A number chooses; words narrow the list"));
}

static void pick_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct pick *s = (struct pick *)screen;
    refill(s, d);
    int count = (int)json_array_size(s->shown);
    int col = board_putf(b, 1, 2, b->cols - 4, LOOK_DIM, "%s ", _("Narrow:"));
    edit_draw(&s->typed, b, 1, col, b->cols - 4 - col, 1, true);
    s->rows = b->rows - 3 - 3;
    s->top = s->at < s->top ? s->at : s->at >= s->top + s->rows ? s->at - s->rows + 1 : s->top;
    for (int i = 0; i < s->rows && s->top + i < count; i++) {
        const json_t *item = json_array_get(s->shown, (size_t)(s->top + i));
        bool on = s->top + i == s->at;
        enum look look = on ? LOOK_CHOSEN : LOOK_PLAIN;
        if (on) {
            board_paint(b, 3 + i, 1, b->cols - 2, LOOK_CHOSEN);
        }
        board_putf(b, 3 + i, 1, 6, look, "%s%3d", on ? "▸" : " ", s->top + i + 1);
        int end = board_put(b, 3 + i, 7, b->cols - 9, json_text(item, "title"), look);
        end = end < 30 ? 30 : end + 2;
        board_put(b, 3 + i, end, b->cols - 2 - end, json_text(item, "note"), on ? look : LOOK_DIM);
    }
    if (count == 0) {
        board_put(b, 3, 7, b->cols - 9, nothing_words(s, d), LOOK_DIM);
    }
}

static void choose(struct pick *s, struct desk *d, int i)
{
    json_t *item = json_array_get(s->shown, (size_t)i);
    chosen_cb chosen = s->chosen;
    void *ctx = s->ctx;
    if (item != NULL) {
        desk_back(d); /* freed behind this key press; the item is still there */
        chosen(d, ctx, item);
    }
}

static bool pick_press(struct screen *screen, struct desk *d, struct press p)
{
    struct pick *s = (struct pick *)screen;
    int count = (int)json_array_size(s->shown);
    int number = picker_press(&s->picker, p, count);
    if (number >= 0) {
        if (number > 0) {
            choose(s, d, number - 1);
        }
        return true;
    }
    switch (p.code) {
    case PRESS_UP:
        s->at -= s->at > 0;
        return true;
    case PRESS_DOWN:
    case PRESS_TAB:
        s->at += s->at < count - 1;
        return true;
    case PRESS_PAGE_UP:
        s->at = s->at > s->rows ? s->at - s->rows : 0;
        return true;
    case PRESS_PAGE_DOWN:
        s->at = s->at + s->rows < count ? s->at + s->rows : count > 0 ? count - 1 : 0;
        return true;
    case PRESS_ENTER:
    case PRESS_F2:
        choose(s, d, s->at);
        return true;
    case PRESS_TEXT:
    case PRESS_ERASE:
        if (press_digit(p) < 0) {
            edit_press(&s->typed, p);
            narrow(s);
        }
        return true;
    default:
        return false;
    }
}

static void pick_close(struct screen *screen)
{
    struct pick *s = (struct pick *)screen;
    mem_free(s->title);
    json_decref(s->items);
    json_decref(s->shown);
    json_decref(s->params);
    json_decref(s->result);
    edit_close(&s->typed);
    mem_free(s);
}

static const struct binding pick_bindings[] = {
    {PRESS_ENTER, N_("Enter"), N_("choose"), true},
    {PRESS_UP, "↑↓", N_("move"), false},
    {PRESS_F1, "F1", N_("help"), false},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind pick_kind = {
    .bindings = pick_bindings,
    .help =
        N_("Press the number of a line, or stand on it with the arrows and press Enter. In a long "
           "list type a part of the name: what does not fit goes away. Esc chooses nothing."),
    .types = true,
    .title = pick_title,
    .status = pick_status,
    .draw = pick_draw,
    .press = pick_press,
    .close = pick_close,
};

struct screen *screen_pick(
    struct desk *d, const char *title, json_t *items, chosen_cb chosen, void *ctx)
{
    struct pick *s = mem_alloc(sizeof *s);
    (void)d;
    s->screen.kind = &pick_kind;
    s->title = mem_strdup(title);
    s->items = items;
    s->chosen = chosen;
    s->ctx = ctx;
    edit_init(&s->typed, NULL, 40, false);
    narrow(s);
    return &s->screen;
}

struct screen *screen_pick_answer(struct desk *d, const char *title, const char *method,
    json_t *params, items_of_cb items_of, const char *none, chosen_cb chosen)
{
    struct pick *s = (struct pick *)screen_pick(d, title, json_array(), chosen, NULL);
    reads_forget(d->reads, method); /* asked anew, not shown as it was */
    s->method = method;
    s->params = params;
    s->items_of = items_of;
    s->none = none;
    return &s->screen;
}

/* --- menus ----------------------------------------------------------------------------- */

static void menu_chosen(struct desk *d, void *ctx, const json_t *item)
{
    (void)ctx;
    if (json_object_get(item, "row") != NULL) {
        acts_offer(d, item);
        return;
    }
    desk_press_again(d, (struct press){.code = (enum press_code)json_number(item, "key", 0)});
}

struct screen *screen_menu(struct desk *d, struct screen *of)
{
    json_t *items = json_array();
    for (const struct binding *row = of->kind->bindings; row->name != NULL; row++) {
        bool useless = of->kind->useless != NULL && of->kind->useless(of, d, row->key);
        if (row->key != PRESS_TEXT && !useless) {
            json_array_append_new(items, json_pack("{s:s, s:s, s:i}", "title", _(row->title),
                                             "note", _(row->name), "key", (int)row->key));
        }
    }
    char *number = screen_case_number(of);
    if (number != NULL) {
        json_t *offers = acts_offers(d);
        json_array_extend(items, offers);
        json_decref(offers);
    }
    mem_free(number);
    return screen_pick(d, _("Menu"), items, menu_chosen, NULL);
}

/* --- yes or no ------------------------------------------------------------------------- */

struct confirm {
    void (*yes)(struct desk *d, void *ctx);
    void *ctx;
};

static void confirmed(struct desk *d, void *ctx, const json_t *item)
{
    struct confirm *c = ctx;
    if (json_number(item, "row", 0) == 1) {
        c->yes(d, c->ctx);
    }
}

struct screen *screen_confirm(
    struct desk *d, const char *question, void (*yes)(struct desk *d, void *ctx), void *ctx)
{
    static struct confirm asked; /* one question at a time is on the screen */
    asked = (struct confirm){yes, ctx};
    json_t *items = json_pack("[{s:s, s:i}, {s:s, s:i}]", "title", _("Yes, do it"), "row", 1,
        "title", _("No, leave it as it is"), "row", 0);
    return screen_pick(d, question, items, confirmed, &asked);
}
