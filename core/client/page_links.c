/* client/page_links.c — see page_links.h. */
#include "client/page_links.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/grid.h"
#include "client/number.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/view.h"

#include <string.h>

struct word_row {
    const char *word, *title; /* N_ */
};

static const struct word_row link_kinds[] = {
    {"from", N_("handed over from")},
    {"to", N_("handed over to")},
    {"same", N_("the same matter")},
    {"sub", N_("part of it")},
    {"whole", N_("the whole")},
    {0},
};

static const struct word_row link_states[] = {
    {"sent", N_("on its way")},
    {"received", N_("received")},
    {"returned", N_("given back")},
    {"handling", N_("being handled")},
    {"open", N_("not closed")},
    {"closed", N_("closed")},
    {0},
};

static const struct word_row task_states[] = {
    {"asked", N_("awaited")},
    {"answered", N_("answered")},
    {"returned", N_("given back")},
    {"cancelled", N_("taken back")},
    {0},
};

static const char *word_of(const struct word_row rows[], const char *word)
{
    for (; rows->word != NULL; rows++) {
        if (text_equal(rows->word, word)) {
            return _(rows->title);
        }
    }
    return word;
}

const char *page_link_kind(const char *kind)
{
    return word_of(link_kinds, kind);
}

char *page_size(int64_t bytes)
{
    return bytes < 1024          ? mem_printf("%lld B", (long long)bytes)
           : bytes < 1024 * 1024 ? mem_printf("%.1f KiB", (double)bytes / 1024)
                                 : mem_printf("%.1f MiB", (double)bytes / (1024 * 1024));
}

/* A member in words: by its own title, else by the table. */
static const char *state_of(const json_t *item, const char *key, const struct word_row rows[])
{
    const char *title = json_text(item, "state_title");
    title = title != NULL ? title : json_text(item, "status_title");
    return title != NULL ? title : word_of(rows, json_text(item, key));
}

/* A table below a headline. */
static struct grid *section(struct client *c, const char *title, const char *const columns[])
{
    fprintf(c->out, "\n%s%s%s\n", paint_on(PAINT_BOLD, c->color), title,
        paint_off(PAINT_BOLD, c->color));
    struct grid *grid = grid_new();
    for (size_t i = 0; columns[i] != NULL; i++) {
        grid_column(grid, _(columns[i]), i > 0);
    }
    return grid;
}

static void end_section(struct client *c, struct grid *grid)
{
    grid_drop_empty(grid);
    grid_print(grid, GRID_TABLE, c->width, c->color, c->out);
    grid_free(grid);
}

void page_print_links(struct client *c, const json_t *page)
{
    static const char *const columns[] = {
        N_("link"), N_("how"), N_("number"), N_("flow"), N_("body"), N_("how it stands"), NULL};
    const json_t *links = json_member(page, "links");
    if (json_array_size(links) == 0) {
        return;
    }
    struct grid *grid = section(c, _("Linked cases"), columns);
    for (size_t i = 0; i < json_array_size(links); i++) {
        const json_t *l = json_array_get(links, i);
        const char *outcome = json_text(l, "outcome");
        char *stands = mem_printf("%s%s%s%s", state_of(l, "status", link_states),
            outcome != NULL ? view_colon() : "", outcome != NULL ? outcome : "",
            json_flag(l, "sealed") ? _(" (sealed)") : "");
        grid_cell(grid, json_text(l, "id"), PAINT_PLAIN);
        grid_cell(grid, page_link_kind(json_text(l, "kind")), PAINT_PLAIN);
        grid_cell(grid, json_text(l, "number"), PAINT_PLAIN);
        grid_cell(grid, page_named(l, "flow_title"), PAINT_PLAIN);
        grid_cell(grid, page_named(l, "body_name"), PAINT_PLAIN);
        grid_cell(grid, stands, PAINT_PLAIN);
        mem_free(stands);
    }
    end_section(c, grid);
    const char *number = json_text(page, "number");
    view_next(c, _("Where the matter is now"), "case where %s", number != NULL ? number : "");
}

static void print_joint(struct client *c, const json_t *joint)
{
    const char *rule = json_text(joint, "rule_words");
    struct buf line = {0};
    buf_adds(&line, rule != NULL ? rule : "");
    const json_t *missing = json_member(joint, "missing");
    for (size_t i = 0; i < json_array_size(missing); i++) {
        const json_t *m = json_array_get(missing, i);
        const char *name = json_is_string(m) ? json_string_value(m) : page_named(m, "body_name");
        buf_addf(&line, "%s%s", i == 0 ? _("; still missing: ") : view_comma(),
            name != NULL ? name : "");
    }
    if (json_flag(joint, "done")) {
        buf_adds(&line, _("; complete"));
    }
    view_line(c, _("Joint handling"), buf_text(&line), PAINT_PLAIN);
    buf_close(&line);
}

bool page_print_adhoc(struct client *c, const json_t *page)
{
    const json_t *adhoc = json_member(page, "adhoc");
    struct buf line = {0};
    for (size_t i = 0; i < json_array_size(adhoc); i++) {
        const json_t *t = json_array_get(adhoc, i);
        const char *limit = json_text(t, "limit");
        if (json_is_false(json_object_get(t, "allowed"))) {
            continue;
        }
        buf_addf(&line, "%s%s", line.len > 0 ? view_comma() : "", page_named(t, "title"));
        if (limit != NULL) {
            buf_addf(&line, lang_current() == LANG_ZH ? "（%s）" : " (%s)", limit);
        }
    }
    if (line.len > 0) {
        const char *number = json_text(page, "number");
        view_line(c, _("May be asked"), buf_text(&line), PAINT_PLAIN);
        view_next(c, _("Ask"), "case ask %s %s …", number != NULL ? number : "",
            page_named(json_array_get(adhoc, 0), "title"));
    }
    bool any = line.len > 0;
    buf_close(&line);
    return any;
}

/* What a task needs from this user, as the next command. */
static void print_task_next(struct client *c, const char *number, const json_t *task)
{
    const json_t *may = json_member(task, "may");
    if (json_array_has(may, "answer")) {
        view_next(c, _("Answer it"), "case answer %s %s …", number != NULL ? number : "",
            json_text(task, "id"));
    }
}

void page_print_asked(struct client *c, const json_t *page)
{
    const json_t *tasks = json_member(page, "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        print_task_next(c, json_text(page, "number"), json_array_get(tasks, i));
    }
}

void page_print_tasks(struct client *c, const json_t *page)
{
    static const char *const columns[] = {
        N_("task"), N_("what"), N_("body"), N_("until"), N_("how it stands"), NULL};
    const json_t *tasks = json_member(page, "tasks");
    const json_t *joint = json_member(page, "joint");
    if (json_array_size(tasks) > 0) {
        struct grid *grid = section(c, _("What was asked of others"), columns);
        for (size_t i = 0; i < json_array_size(tasks); i++) {
            const json_t *t = json_array_get(tasks, i);
            bool open = text_equal(json_text(t, "state"), "asked");
            const json_t *due = open ? json_member(t, "due") : NULL;
            char *left = due != NULL ? paint_due_words(due) : mem_strdup(json_text(t, "legal"));
            const char *opinion = json_text(t, "opinion");
            char *stands = mem_printf("%s%s%s", state_of(t, "state", task_states),
                opinion != NULL ? view_colon() : "", opinion != NULL ? opinion : "");
            grid_cell(grid, json_text(t, "id"), PAINT_PLAIN);
            grid_cell(grid, page_named(t, "title"), PAINT_PLAIN);
            grid_cell(grid, page_named(t, "body_name"), PAINT_PLAIN);
            grid_cell(grid, open ? left : "", due != NULL ? paint_of_due(due) : PAINT_PLAIN);
            grid_cell(grid, stands, PAINT_PLAIN);
            mem_free(stands);
            mem_free(left);
        }
        end_section(c, grid);
        page_print_asked(c, page);
    }
    if (json_is_object(joint)) {
        print_joint(c, joint);
    }
    page_print_adhoc(c, page);
}

static void print_documents(struct client *c, const json_t *documents)
{
    static const char *const columns[] = {
        N_("document"), N_("title"), N_("document number"), N_("when"), N_("who"), NULL};
    struct grid *grid = section(c, _("Documents"), columns);
    for (size_t i = 0; i < json_array_size(documents); i++) {
        const json_t *d = json_array_get(documents, i);
        char *at = view_time(json_text(d, "at"));
        const char *by = json_text(d, "by_name");
        grid_cell(grid, json_text(d, "id"), PAINT_PLAIN);
        grid_cell(grid, page_named(d, "title"), PAINT_PLAIN);
        grid_cell(grid, json_text(d, "number"), PAINT_PLAIN);
        grid_cell(grid, at, PAINT_PLAIN);
        grid_cell(grid, by != NULL ? by : json_text(d, "by"), PAINT_PLAIN);
        mem_free(at);
    }
    end_section(c, grid);
}

static void print_recused(struct client *c, const json_t *recused)
{
    struct buf line = {0};
    for (size_t i = 0; i < json_array_size(recused); i++) {
        const json_t *r = json_array_get(recused, i);
        static const char *const names[] = {"user_name", "name", "user", "id"};
        const char *name = NULL;
        for (size_t k = 0; name == NULL && k < sizeof names / sizeof names[0]; k++) {
            name = json_text(r, names[k]);
        }
        const char *reason = json_text(r, "reason");
        buf_addf(&line, "%s%s", i > 0 ? view_comma() : "", name != NULL ? name : "");
        if (reason != NULL) {
            buf_addf(&line, lang_current() == LANG_ZH ? "（%s）" : " (%s)", reason);
        }
    }
    if (line.len > 0) {
        fputc('\n', c->out);
        view_line(c, _("Recused"), buf_text(&line), PAINT_PLAIN);
    }
    buf_close(&line);
}

void page_print_files(struct client *c, const json_t *page)
{
    static const char *const columns[] = {
        N_("file no."), N_("name"), N_("kind"), N_("size"), N_("when"), NULL};
    const json_t *files = json_member(page, "files");
    const char *number = json_text(page, "number");
    if (json_array_size(files) > 0) {
        struct grid *grid = section(c, _("Files"), columns);
        for (size_t i = 0; i < json_array_size(files); i++) {
            const json_t *f = json_array_get(files, i);
            char *size = page_size(json_number(f, "size", 0));
            char *at = view_time(json_text(f, "at"));
            grid_cell(grid, json_text(f, "id"), PAINT_PLAIN);
            grid_cell(grid, json_text(f, "name"), PAINT_PLAIN);
            grid_cell(grid, json_text(f, "kind"), PAINT_PLAIN);
            grid_cell(grid, size, PAINT_PLAIN);
            grid_cell(grid, at, PAINT_PLAIN);
            mem_free(at);
            mem_free(size);
        }
        end_section(c, grid);
        view_next(c, _("Fetch one"), "case get %s %s", number != NULL ? number : "",
            json_text(json_array_get(files, 0), "id"));
    }
    if (json_array_size(json_member(page, "documents")) > 0) {
        print_documents(c, json_member(page, "documents"));
    }
    print_recused(c, json_member(page, "recused"));
}

json_t *page_item(struct client *c, const char *number, const char *list, const char *typed)
{
    json_t *page = remote_read(c, "case.get", json_pack("{s:s}", "case", number), NULL);
    const json_t *items = json_member(page, list);
    char *canonical = number_canonical(typed);
    static const char *const members[] = {"id", "number", "title", "name", "body_name"};
    json_t *found = NULL;
    for (size_t k = 0; found == NULL && k < sizeof members / sizeof members[0]; k++) {
        size_t fitting = 0;
        for (size_t i = 0; i < json_array_size(items); i++) {
            json_t *item = json_array_get(items, i);
            const char *text = json_text(item, members[k]);
            if (text_equal(text, typed) || text_equal(text, canonical)) {
                found = item;
                fitting++;
            }
        }
        found = fitting == 1 ? found : NULL;
    }
    json_incref(found);
    mem_free(canonical);
    json_decref(page);
    return found;
}

char *page_find_item(struct client *c, const char *number, const char *list, const char *typed)
{
    json_t *item = page_item(c, number, list, typed);
    const char *id = json_text(item, "id");
    char *found = mem_strdup(id != NULL ? id : typed);
    json_decref(item);
    return found;
}
