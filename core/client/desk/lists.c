/* client/desk/lists.c — which list to see, and what to look for. */
#include "client/desk/screens.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/desk/edit.h"
#include "client/desk/spec.h"
#include "client/number.h"

#include <string.h>

/* --- other lists ----------------------------------------------------------------------- */

static const struct {
    const char *title; /* N_ */
    const char *flag;  /* of case.list; NULL: all */
    bool value, mine;
} lists[] = {
    {N_("My inbox"), NULL, false, false},
    {N_("Open cases"), "open", true, false},
    {N_("Late cases"), "late", true, false},
    {N_("Cases I handle"), "open", true, true},
    {N_("Closed cases"), "open", false, false},
    {N_("All cases I may see"), NULL, false, false},
};

static void list_chosen(struct desk *d, void *ctx, const json_t *item)
{
    size_t i = (size_t)json_number(item, "row", 0);
    (void)ctx;
    if (i == 0) {
        while (d->depth > 1) {
            desk_back(d);
        }
        return;
    }
    json_t *params = json_object();
    if (lists[i].flag != NULL) {
        json_object_set_new(params, lists[i].flag, json_boolean(lists[i].value));
    }
    if (lists[i].mine) {
        json_put_text(params, "assignee", desk_user(d));
    }
    desk_show(d, screen_list(d, _(lists[i].title), "case.list", params));
}

struct screen *screen_filter(struct desk *d)
{
    json_t *items = json_array();
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        json_array_append_new(
            items, json_pack("{s:s, s:i}", "title", _(lists[i].title), "row", (int)i));
    }
    return screen_pick(d, _("Which list?"), items, list_chosen, NULL);
}

/* --- searching ------------------------------------------------------------------------- */

struct search {
    struct screen screen;
    struct edit typed;
};

static char *search_title(struct screen *screen, struct desk *d)
{
    (void)screen;
    (void)d;
    return mem_strdup(_("Search"));
}

static void search_draw(struct screen *screen, struct desk *d, struct board *b)
{
    struct search *s = (struct search *)screen;
    (void)d;
    int col = board_putf(b, 2, 4, b->cols - 8, LOOK_BOLD, "%s ", _("Look for:"));
    edit_draw(&s->typed, b, 2, col, b->cols - 6 - col, 1, true);
    board_wrap(b, 4, 4, b->cols - 8, 6, 0,
        _("A name, words of the matter (two characters are enough), or a case number: its end is "
          "enough, for example 12 or 26-12. Enter searches."),
        LOOK_DIM);
}

static void search_now(struct search *s, struct desk *d)
{
    char *sought = number_sought(buf_text(&s->typed.text));
    if (*sought != '\0') {
        char *title = mem_printf(_("Search: %s"), buf_text(&s->typed.text));
        reads_forget(d->reads, "case.search");
        desk_back(d);
        desk_show(d, screen_list(d, title, "case.search", json_pack("{s:s}", "text", sought)));
        mem_free(title);
    }
    mem_free(sought);
}

static bool search_press(struct screen *screen, struct desk *d, struct press p)
{
    struct search *s = (struct search *)screen;
    if (p.code == PRESS_ENTER || p.code == PRESS_F2 || p.code == PRESS_F7) {
        search_now(s, d);
        return true;
    }
    return edit_press(&s->typed, p);
}

static void search_close(struct screen *screen)
{
    edit_close(&((struct search *)screen)->typed);
    mem_free(screen);
}

static const struct binding search_bindings[] = {
    {PRESS_ENTER, N_("Enter"), N_("search"), true},
    {PRESS_ESC, "Esc", N_("back"), true},
    {0},
};

static const struct screen_kind search_kind = {
    .bindings = search_bindings,
    .help = N_("Type and press Enter."),
    .types = true,
    .title = search_title,
    .draw = search_draw,
    .press = search_press,
    .close = search_close,
};

struct screen *screen_search(struct desk *d)
{
    struct search *s = mem_alloc(sizeof *s);
    (void)d;
    s->screen.kind = &search_kind;
    edit_init(&s->typed, NULL, 60, false);
    return &s->screen;
}
