/* client/page.c — see page.h. */
#include "client/page.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/clocks.h"
#include "client/grid.h"
#include "client/page_links.h"
#include "client/view.h"

#include <string.h>

const char *page_named(const json_t *object, const char *key)
{
    const json_t *value = json_member(object, key);
    if (json_is_string(value)) {
        return json_string_value(value);
    }
    static const char *const members[] = {"title", "name", "body_name", "id"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *text = json_text(value, members[i]);
        if (text != NULL) {
            return text;
        }
    }
    return NULL;
}

char *page_due_line(const json_t *due)
{
    char *words = paint_due_words(due);
    const char *legal = json_text(due, "legal");
    char *line;
    if (legal == NULL) {
        return words;
    }
    if (json_flag(due, "provisional")) {
        line = mem_printf(
            _("%s (until about %s; the holidays of that year are not published)"), words, legal);
    } else {
        line = mem_printf(_("%s (until %s)"), words, legal);
    }
    mem_free(words);
    return line;
}

static void print_fields(struct client *c, const json_t *fields)
{
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        char *value = view_scalar(json_object_get(f, "value"));
        view_line(c, page_named(f, "title") != NULL ? page_named(f, "title") : json_text(f, "name"),
            value, PAINT_PLAIN);
        mem_free(value);
    }
}

static void print_parties(struct client *c, const json_t *parties)
{
    struct buf line = {0};
    for (size_t i = 0; i < json_array_size(parties); i++) {
        const json_t *p = json_array_get(parties, i);
        const char *role =
            json_text(p, "role_title") != NULL ? json_text(p, "role_title") : json_text(p, "role");
        buf_addf(&line, "%s%s", i > 0 ? view_comma() : "",
            json_text(p, "name") != NULL ? json_text(p, "name") : "");
        if (role != NULL) {
            buf_addf(&line, lang_current() == LANG_ZH ? "（%s）" : " (%s)", role);
        }
    }
    view_line(c, _("Parties"), buf_text(&line), PAINT_PLAIN);
    buf_close(&line);
}

/* Those that run come first. */
static void print_clocks(struct client *c, const json_t *all)
{
    struct grid *grid = grid_new();
    json_t *clocks = clocks_folded(all);
    grid_column(grid, _("clock"), true);
    grid_column(grid, _("until"), false);
    grid_column(grid, _("how it stands"), false);
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *k = json_array_get(clocks, i);
        bool over = clock_is_over(k);
        char *left = over ? mem_strdup("") : paint_due_words(k);
        char *outcome = clock_outcome(k), *title = clock_title(k);
        bool both = *left != '\0' && *outcome != '\0';
        char *stands = mem_printf("%s%s%s", outcome, both ? "  " : "", left);
        grid_cell(grid, title, PAINT_PLAIN);
        grid_cell(grid, json_text(k, "legal"), PAINT_PLAIN);
        grid_cell(grid, stands, over ? PAINT_PLAIN : paint_of_due(k));
        mem_free(stands);
        mem_free(title);
        mem_free(outcome);
        mem_free(left);
    }
    grid_print(grid, GRID_TABLE, c->width, c->color, c->out);
    grid_free(grid);
    json_decref(clocks);
}

/* What stands behind a title: how its value is written. */
static void add_kind(struct buf *out, const json_t *field)
{
    enum { CHOICES_CELLS = 30 };
    const char *type = json_text(field, "type");
    const json_t *choices = json_member(field, "choices");
    struct buf list = {0};
    for (size_t i = 0; i < json_array_size(choices); i++) {
        buf_addf(&list, "%s%s", i > 0 ? "/" : "", json_string_value(json_array_get(choices, i)));
    }
    const char *kind = text_equal(type, "bool")      ? _("yes/no")
                       : text_equal(type, "date")    ? _("date")
                       : text_equal(type, "money")   ? _("yuan")
                       : text_equal(type, "integer") ? _("whole number")
                       : list.len > 0                ? buf_text(&list)
                                                     : "";
    if (*kind != '\0' && cells_width(kind) <= CHOICES_CELLS) {
        buf_addf(out, lang_current() == LANG_ZH ? "（%s）" : " (%s)", kind);
    }
    buf_close(&list);
}

/* What must be filled in; what may be stands on the page of the action alone. */
static void add_form(struct buf *out, const json_t *action)
{
    const json_t *form = json_member(action, "form");
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(form); i++) {
        const json_t *f = json_array_get(form, i);
        const char *title = json_is_string(f) ? json_string_value(f) : page_named(f, "title");
        title = title != NULL ? title : json_text(f, "name");
        if (json_flag(f, "required")) {
            buf_addf(
                out, "%s%s", n++ > 0 ? view_comma() : _("; fill in: "), title != NULL ? title : "");
            add_kind(out, f);
        }
    }
    if (json_flag(action, "reason")) {
        buf_adds(out, _("; with its reason"));
    }
}

/* What may be chosen, one below the other, where it does not fit behind the title. */
static void print_choices(struct client *c, const json_t *field)
{
    const json_t *choices = json_member(field, "choices");
    struct buf kind = {0};
    add_kind(&kind, field);
    for (size_t i = 0; kind.len == 0 && i < json_array_size(choices); i++) {
        view_item(
            c, c->out, "        - ", json_string_value(json_array_get(choices, i)), PAINT_DIM);
    }
    buf_close(&kind);
}

/* All that is asked, one on a line: what must be filled in first. */
static void print_form(struct client *c, const json_t *action)
{
    const json_t *form = json_member(action, "form");
    size_t count = json_array_size(form), n = 0;
    if (json_flag(action, "reason")) {
        view_item(c, c->out, "  * ", _("reason=…"), PAINT_PLAIN);
        n++;
    }
    for (size_t i = 0; i < 2 * count; i++) {
        const json_t *f = json_array_get(form, i % count);
        const char *title = json_is_string(f) ? json_string_value(f) : page_named(f, "title");
        bool required = json_flag(f, "required");
        if (required != (i < count)) {
            continue;
        }
        struct buf line = {0};
        buf_addf(&line, "%s=…", title != NULL ? title : json_text(f, "name"));
        add_kind(&line, f);
        view_item(c, c->out, required ? "  * " : "    ", buf_text(&line),
            required ? PAINT_PLAIN : PAINT_DIM);
        buf_close(&line);
        print_choices(c, f);
        n++;
    }
    if (n > 0) {
        fprintf(c->out, "  %s\n", _("* must be filled in"));
    }
}

static bool is_allowed(const json_t *action)
{
    const json_t *allowed = json_object_get(action, "allowed");
    return allowed == NULL || json_is_true(allowed);
}

/* Steps of other states are not worth a line; a step that could be taken now, but not by this
 * person or not yet, is shown with its reason. */
static bool is_worth_showing(const json_t *action)
{
    const json_t *now = json_object_get(action, "now");
    return is_allowed(action) || now == NULL || json_is_true(now);
}

/* What a step is refused for: it is for others to take. NULL: for something else. */
static const char *others_of(const json_t *action)
{
    return !is_allowed(action) && is_worth_showing(action) &&
                   text_equal(json_text(action, "kind"), "forbidden")
               ? json_text(action, "hint")
               : NULL;
}

/* The steps from `first` on that the same others take, in one line; false when it is that one
 * alone. Steps that were told before tell nothing: true. */
static bool print_of_others(struct client *c, FILE *out, const json_t *actions, size_t first)
{
    const char *who = others_of(json_array_get(actions, first));
    struct buf line = {0};
    size_t n = 0;
    bool told = false;
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);
        if (who != NULL && text_equal(others_of(action), who)) {
            told = told || i < first;
            buf_addf(&line, "%s%s", n++ > 0 ? view_comma() : _("for others to do: "),
                page_named(action, "title"));
        }
    }
    if (n > 1 && !told) {
        buf_addf(&line, "%s%s", view_semicolon(), who);
        view_item(c, out, "  -  ", buf_text(&line), PAINT_DIM);
    }
    buf_close(&line);
    return n > 1;
}

static void print_action(struct client *c, FILE *out, const json_t *action, int number)
{
    const char *title = page_named(action, "title");
    bool allowed = number > 0;
    struct buf line = {0};
    buf_adds(&line, title != NULL ? title : "");
    if (lang_current() != LANG_ZH) { /* titles are Chinese: the name is what can be typed */
        buf_addf(&line, " (%s)", json_text(action, "name"));
    }
    if (allowed) {
        const char *to = json_text(action, "to_title");
        if (to != NULL) {
            buf_addf(&line, " → %s", to);
        }
        add_form(&line, action);
    } else {
        const char *why = json_text(action, "why");
        const char *hint = json_text(action, "hint");
        bool more = hint != NULL && *hint != '\0';
        buf_addf(&line, "%s%s%s%s", why != NULL ? view_colon() : "", why != NULL ? why : "",
            more ? view_semicolon() : "", more ? hint : "");
    }
    char *mark = allowed ? mem_printf("%3d  ", number) : mem_strdup("  -  ");
    view_item(c, out, mark, buf_text(&line), allowed ? PAINT_PLAIN : PAINT_DIM);
    mem_free(mark);
    buf_close(&line);
}

void page_print_actions(struct client *c, FILE *out, const json_t *actions)
{
    int n = 0;
    size_t count = json_array_size(actions);
    for (size_t i = 0; i < 2 * count; i++) { /* what can be done first, then what cannot */
        const json_t *action = json_array_get(actions, i % count);
        bool allowed = is_allowed(action);
        if (!is_worth_showing(action) || allowed != (i < count)) {
            continue;
        }
        if (allowed || !print_of_others(c, out, actions, i % count)) {
            print_action(c, out, action, allowed ? ++n : 0);
        }
    }
}

void page_print(struct client *c, const json_t *page)
{
    const char *number = json_text(page, "number");
    char *head = mem_printf("%s  %s · %s", number != NULL ? number : "",
        json_text(page, "flow_title") != NULL ? json_text(page, "flow_title") : "",
        json_text(page, "state_title") != NULL ? json_text(page, "state_title") : "");
    view_head(c, head);
    mem_free(head);
    const json_t *fields = json_member(page, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        view_titles(c, page_named(json_array_get(fields, i), "title"));
    }
    const json_t *due = json_member(page, "due");
    char *left = due != NULL ? page_due_line(due) : mem_strdup("");
    view_line(c, _("Due"), left, paint_of_due(due));
    mem_free(left);
    view_line(c, _("With"), page_named(page, "host"), PAINT_PLAIN);
    view_line(c, _("Person"), page_named(page, "assignee"), PAINT_PLAIN);
    view_line(c, _("Watched by"), page_named(page, "supervisor"), PAINT_PLAIN);
    view_line(c, _("Place"), page_named(page, "place"), PAINT_PLAIN);
    view_line(c, _("Category"), json_text(page, "category"), PAINT_PLAIN);
    view_line(c, _("Source"), json_text(page, "source"), PAINT_PLAIN);
    char *received = view_time(json_text(page, "received_at"));
    view_line(c, _("Received"), received, PAINT_PLAIN);
    mem_free(received);
    char *closed = view_time(json_text(page, "closed_at"));
    view_line(c, _("Closed"), closed, PAINT_PLAIN);
    mem_free(closed);
    print_parties(c, json_member(page, "parties"));
    print_fields(c, fields);
    view_line(c, _("Outcome"), json_text(page, "outcome"), PAINT_PLAIN);
    if (json_array_size(json_member(page, "clocks")) > 0) {
        fputc('\n', c->out);
        print_clocks(c, json_member(page, "clocks"));
    }
    page_print_links(c, page);
    page_print_tasks(c, page);
    page_print_files(c, page);
    const json_t *actions = json_member(page, "actions");
    if (json_array_size(actions) > 0) {
        fprintf(c->out, "\n%s\n", _("What can be done"));
        page_print_actions(c, c->out, actions);
    }
    page_next_undo(c, page);
    view_next(c, _("Why these dates"), "case why %s", number != NULL ? number : "");
}

void page_print_can(struct client *c, const char *number, const char *action, const json_t *answer)
{
    if (is_allowed(answer)) {
        fprintf(c->out, "%s\n", _("Yes."));
        print_form(c, answer);
        view_next(c, _("Do it"), "case act %s %s", number, action);
        return;
    }
    fprintf(c->out, "%s\n", _("No."));
    const char *reason = json_text(answer, "reason") != NULL ? json_text(answer, "reason")
                                                             : json_text(answer, "why");
    view_line(c, _("Reason"), reason, PAINT_PLAIN);
    view_line(c, _("Rule"), json_text(answer, "rule"), PAINT_PLAIN);
    const json_t *who = json_member(answer, "who");
    struct buf names = {0};
    for (size_t i = 0; i < json_array_size(who); i++) {
        const json_t *w = json_array_get(who, i);
        const char *name = json_is_string(w) ? json_string_value(w) : page_named(w, "title");
        const char *body = json_text(w, "body_name");
        buf_addf(&names, "%s%s%s%s", i > 0 ? view_comma() : "", body != NULL ? body : "",
            body != NULL ? " " : "",
            name != NULL                         ? name
            : json_text(w, "role_title") != NULL ? json_text(w, "role_title")
                                                 : "");
    }
    view_line(c, _("Who could"), json_is_string(who) ? json_string_value(who) : buf_text(&names),
        PAINT_PLAIN);
    const char *hint = json_text(answer, "hint");
    view_line(c, _("When"), names.len == 0 ? hint : NULL, PAINT_PLAIN);
    buf_close(&names);
    view_next(c, _("What can be done"), "case show %s", number);
}
