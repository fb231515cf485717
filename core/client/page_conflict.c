/* client/page_conflict.c — see page_conflict.h. */
#include "client/page_conflict.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/page.h"
#include "client/view.h"

#include <string.h>

enum { TITLE_CELLS = 12, GAP = 2, WIDTH_OTHERWISE = 80, SIDE_CELLS_MIN = 16 };

static void print_cell(struct client *c, const char *line, size_t len, int cells)
{
    char *text = mem_strndup(line, len);
    fputs(text, c->out);
    for (int n = cells_width(text); n < cells; n++) {
        fputc(' ', c->out);
    }
    mem_free(text);
}

void page_print_sides(struct client *c, const char *title, const char *left, const char *right)
{
    int width = c->width > 0 ? c->width : WIDTH_OTHERWISE;
    int side = (width - TITLE_CELLS - GAP) / 2;
    side = side > SIDE_CELLS_MIN ? side : SIDE_CELLS_MIN;
    char *name = cells_fit(title, TITLE_CELLS - 2);
    char *clean_left = cells_clean_lines(left != NULL ? left : "");
    char *clean_right = cells_clean_lines(right != NULL ? right : "");
    char *a = cells_wrap(clean_left, side, 0);
    char *b = cells_wrap(clean_right, side, 0);
    const char *p = a;
    const char *q = b;
    for (bool first = true; first || *p != '\0' || *q != '\0'; first = false) {
        size_t n = strcspn(p, "\n");
        size_t m = strcspn(q, "\n");
        print_cell(c, first ? name : "", first ? strlen(name) : 0, TITLE_CELLS);
        print_cell(c, p, n, m > 0 ? side + GAP : 0);
        fprintf(c->out, "%.*s\n", (int)m, q);
        p += n + (p[n] == '\n');
        q += m + (q[m] == '\n');
    }
    mem_free(a);
    mem_free(b);
    mem_free(clean_left);
    mem_free(clean_right);
    mem_free(name);
}

/* "v7 · 调解中"; caller owns. */
static char *stand(int64_t version, const char *state)
{
    if (version <= 0 && state == NULL) {
        return mem_strdup(_("not known"));
    }
    return mem_printf(
        "%s%sv%lld", state != NULL ? state : "", state != NULL ? " · " : "", (long long)version);
}

static json_t *value_now(const json_t *page, const char *name)
{
    const json_t *fields = json_member(page, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        if (text_equal(json_text(f, "name"), name) || text_equal(json_text(f, "title"), name)) {
            return json_member(f, "value");
        }
    }
    return NULL;
}

static void print_values(struct client *c, const json_t *params, const json_t *page)
{
    static const char *const members[] = {"form", "fields"};
    for (size_t i = 0; i < 2; i++) {
        const char *name;
        json_t *mine;
        json_object_foreach(json_member(params, members[i]), name, mine)
        {
            char *left = view_scalar(mine);
            char *right = view_scalar(value_now(page, name));
            page_print_sides(c, name, left, right);
            mem_free(left);
            mem_free(right);
        }
    }
    static const struct {
        const char *name, *title;
    } texts[] = {{"text", N_("Text")}, {"reason", N_("Reason")}, {"note", N_("Note")},
        {"user", N_("Person")}, {"category", N_("Category")}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (json_text(params, texts[i].name) != NULL) {
            page_print_sides(c, _(texts[i].title), json_text(params, texts[i].name), "");
        }
    }
}

static void print_possible(struct client *c, const json_t *page)
{
    struct buf names = {0};
    const json_t *actions = json_member(page, "actions");
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        if (json_flag(a, "allowed")) {
            buf_addf(&names, "%s%s", names.len > 0 ? view_comma() : "", page_named(a, "title"));
        }
    }
    if (page != NULL) {
        view_item(c, c->out, _("What can be done here:"),
            names.len > 0 ? buf_text(&names) : _("nothing by you"), PAINT_PLAIN);
    }
    buf_close(&names);
}

void page_print_conflict(
    struct client *c, const json_t *entry, const json_t *page, const json_t *last)
{
    const json_t *params = json_member(json_member(entry, "request"), "params");
    const json_t *seen = json_member(json_member(params, "_meta"), "seen");
    const char *action = json_text(params, "action");
    char *made = view_time(json_text(entry, "at"));
    char *mine = mem_printf(_("What you did (%s)"), made);
    page_print_sides(c, "", mine, _("What the server has now"));
    char *then = stand(json_number(seen, "version", json_number(params, "expect_version", 0)),
        json_text(seen, "state_title"));
    char *now = stand(json_number(page, "version", 0), json_text(page, "state_title"));
    page_print_sides(c, _("State"), then, now);
    char *at = view_time(json_text(last, "at"));
    const char *who = json_text(last, "actor_name");
    const char *step = json_text(last, "title");
    char *newest =
        last == NULL ? mem_strdup("")
                     : mem_printf("%s %s %s", step != NULL ? step : "", who != NULL ? who : "", at);
    page_print_sides(c, _("Step"), action != NULL ? action : json_text(entry, "method"), newest);
    print_values(c, params, page);
    const json_t *answer = json_member(entry, "answer");
    const char *message = json_text(answer, "message");
    if (message != NULL) {
        char *mark = mem_printf("%s%s", _("The server answered"), view_colon());
        view_item(c, c->out, mark, message, PAINT_YELLOW);
        mem_free(mark);
    }
    print_possible(c, page);
    mem_free(newest);
    mem_free(at);
    mem_free(now);
    mem_free(then);
    mem_free(mine);
    mem_free(made);
}
