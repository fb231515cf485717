/* client/desk/panes.c — see panes.h. */
#include "client/desk/panes.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/summary.h"
#include "client/clocks.h"
#include "client/page.h"
#include "client/paint.h"
#include "client/view.h"

#include <string.h>

enum { HISTORY_MAX = 500 }; /* entries; the longest of three years of petitions has 60 */

const char *pane_title(enum pane pane)
{
    static const char *const titles[PANE_COUNT] = {
        [PANE_HISTORY] = N_("history"),
        [PANE_CONTENT] = N_("content"),
        [PANE_CLOCKS] = N_("deadlines"),
        [PANE_LINKS] = N_("links, tasks, files"),
    };
    return _(titles[pane]);
}

/* --- history, newest first ------------------------------------------------------------- */

static const char *field_title(const json_t *page, const char *name)
{
    const json_t *fields = json_member(page, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        if (text_equal(json_text(f, "name"), name)) {
            return page_named(f, "title");
        }
    }
    return NULL;
}

/* What was filled in, said with the titles the page has; a field the viewer may not see has none.
 */
static void add_filled(struct leaf *f, const json_t *page, const json_t *row)
{
    const json_t *changes = json_member(json_member(row, "data"), "changes");
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const char *name;
        json_t *value;
        if (!text_equal(json_text(change, "op"), "fields")) {
            continue;
        }
        json_object_foreach(json_member(change, "set"), name, value)
        {
            const char *title = field_title(page, name);
            char *text = json_is_boolean(value)
                             ? mem_strdup(json_is_true(value) ? _("yes") : _("no"))
                             : view_scalar(value);
            if (title != NULL && *text != '\0') {
                leaf_addf(f, LOOK_PLAIN, 8, "      %s%s%s", title, view_colon(), text);
            }
            mem_free(text);
        }
    }
}

/* What followed, in one paragraph: states, deadlines, levels. */
static char *followed(const json_t *row)
{
    const json_t *words = json_member(row, "words");
    struct buf text = {0};
    for (size_t i = 0; i < json_array_size(words); i++) {
        buf_addf(&text, "%s%s", i > 0 ? view_semicolon() : "",
            json_string_value(json_array_get(words, i)));
    }
    return buf_take(&text);
}

static char *said(const json_t *row)
{
    static const char *const members[] = {"text", "note", "reason"};
    const json_t *data = json_member(row, "data");
    struct buf text = {0};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *part = json_text(data, members[i]);
        if (part != NULL && *part != '\0') {
            buf_addf(&text, "%s%s", text.len > 0 ? view_semicolon() : view_colon(), part);
        }
    }
    return buf_take(&text);
}

/* What people did has a head of its own; what the system noted by the clock takes one line. */
static void add_event(struct leaf *f, const json_t *page, const json_t *row)
{
    char *at = view_time(json_text(row, "at"));
    const char *actor = json_text(row, "actor");
    const char *name = json_text(row, "actor_name");
    const char *title = json_text(row, "title");
    char *words = followed(row);
    if (actor == NULL || text_starts(actor, "system")) {
        leaf_addf(f, LOOK_DIM, 18, "%s  %s%s%s", at, title != NULL ? title : "",
            *words != '\0' ? view_colon() : "", words);
    } else {
        char *text = said(row);
        leaf_addf(f, LOOK_BOLD, 18, "%s  %s  %s%s", at, title != NULL ? title : "",
            name != NULL ? name : actor, text);
        add_filled(f, page, row);
        if (*words != '\0') {
            leaf_addf(f, LOOK_DIM, 6, "      %s", words);
        }
        mem_free(text);
    }
    mem_free(words);
    mem_free(at);
}

struct reading pane_history(struct desk *d, const char *number)
{
    json_t *params = json_pack("{s:s, s:i}", "case", number, "limit", HISTORY_MAX);
    struct reading history = reads_get(d->reads, "case.timeline", params);
    json_decref(params);
    return history;
}

static void fill_history(struct leaf *f, struct desk *d, const json_t *page)
{
    struct reading history = pane_history(d, json_text(page, "number"));
    const json_t *rows = json_member(history.result, "items");
    for (size_t i = json_array_size(rows); i > 0; i--) {
        add_event(f, page, json_array_get(rows, i - 1));
    }
    if (history.result == NULL) {
        leaf_add(f, LOOK_DIM, 0,
            desk_online(d) ? _("Reading …") : _("Not read yet; it comes when the line is back."));
    }
}

/* --- content --------------------------------------------------------------------------- */

static void fill_content(struct leaf *f, const json_t *page)
{
    const json_t *parties = json_member(page, "parties");
    for (size_t i = 0; i < json_array_size(parties); i++) {
        const json_t *p = json_array_get(parties, i);
        const char *role =
            json_text(p, "role_title") != NULL ? json_text(p, "role_title") : json_text(p, "role");
        static const char *const more[] = {"phone", "id_number", "address"};
        struct buf line = {0};
        buf_adds(&line, json_text(p, "name") != NULL ? json_text(p, "name") : "");
        for (size_t k = 0; k < sizeof more / sizeof more[0]; k++) {
            if (json_text(p, more[k]) != NULL) {
                buf_addf(&line, "  %s", json_text(p, more[k]));
            }
        }
        leaf_pair(f, role != NULL ? role : _("party"), buf_text(&line));
        buf_close(&line);
    }
    const json_t *fields = json_member(page, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        const json_t *raw = json_object_get(field, "value");
        char *value = json_is_boolean(raw) ? mem_strdup(json_is_true(raw) ? _("yes") : _("no"))
                                           : view_scalar(raw);
        leaf_pair(f, page_named(field, "title"), value);
        mem_free(value);
    }
    char *received = view_time(json_text(page, "received_at"));
    leaf_pair(f, _("Received"), received);
    mem_free(received);
    leaf_pair(f, _("Source"), json_text(page, "source"));
    leaf_pair(f, _("Category"), json_text(page, "category"));
    leaf_pair(f, _("Watched by"), page_named(page, "supervisor"));
    leaf_pair(f, _("Outcome"), json_text(page, "outcome"));
}

/* --- deadlines ------------------------------------------------------------------------- */

static void fill_clocks(struct leaf *f, const json_t *page)
{
    json_t *clocks = clocks_folded(json_member(page, "clocks"));
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *k = json_array_get(clocks, i);
        bool over = clock_is_over(k);
        char *title = clock_title(k);
        char *words = over ? clock_outcome(k) : page_due_line(k);
        leaf_addf(
            f, over ? LOOK_DIM : summary_due_look(k), 4, "%s%s%s", title, view_colon(), words);
        mem_free(words);
        mem_free(title);
        if (!over && json_text(k, "explain") != NULL) {
            leaf_addf(f, LOOK_DIM, 4, "    %s", json_text(k, "explain"));
        }
        if (!over && json_text(k, "law") != NULL) {
            leaf_addf(f, LOOK_DIM, 4, "    %s", json_text(k, "law"));
        }
    }
    if (json_array_size(clocks) == 0) {
        leaf_add(f, LOOK_DIM, 0, _("No deadline runs."));
    }
    json_decref(clocks);
}

/* --- links, tasks, files, documents ---------------------------------------------------- */

static const char *link_words(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } rows[] = {{"from", N_("came from")}, {"to", N_("handed over to")},
        {"same", N_("one matter with")}, {"sub", N_("part of it")}, {"whole", N_("is part of")}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(rows[i].kind, kind)) {
            return _(rows[i].words);
        }
    }
    return kind != NULL ? kind : "";
}

static void add_links(struct leaf *f, const json_t *page)
{
    const json_t *links = json_member(page, "links");
    for (size_t i = 0; i < json_array_size(links); i++) {
        const json_t *l = json_array_get(links, i);
        const char *number = json_text(l, "number");
        const char *status = json_text(l, "status_title") != NULL ? json_text(l, "status_title")
                                                                  : json_text(l, "status");
        leaf_addf(f, LOOK_PLAIN, 4, "%s%s%s %s %s  %s",
            json_text(l, "kind_title") != NULL ? json_text(l, "kind_title")
                                               : link_words(json_text(l, "kind")),
            view_colon(), number != NULL ? number : _("(on its way)"),
            json_text(l, "flow_title") != NULL ? json_text(l, "flow_title") : "",
            json_text(l, "body_name") != NULL ? json_text(l, "body_name") : "",
            status != NULL ? status : "");
    }
}

static void add_task(struct leaf *f, const json_t *t)
{
    const char *state =
        json_text(t, "state_title") != NULL ? json_text(t, "state_title") : json_text(t, "state");
    const char *legal = json_text(t, "legal");
    const char *opinion = json_text(t, "opinion");
    const char *answer = json_text(t, "answer");
    bool open = text_equal(json_text(t, "state"), "asked");
    leaf_addf(f,
        json_flag(t, "late") && open ? LOOK_LATE
        : open                       ? LOOK_BOLD
                                     : LOOK_PLAIN,
        4, "%s%s %s%s%s%s  %s", json_flag(t, "late") && open ? "! " : "", page_named(t, "title"),
        json_text(t, "body_name") != NULL ? json_text(t, "body_name") : "",
        json_flag(t, "lead") ? _(" (lead)") : "", legal != NULL ? _("  until ") : "",
        legal != NULL ? legal : "", state != NULL ? state : "");
    if (json_text(t, "text") != NULL) {
        leaf_addf(f, LOOK_PLAIN, 4, "    %s%s%s", _("Asked"), view_colon(), json_text(t, "text"));
    }
    if (answer != NULL || opinion != NULL) {
        leaf_addf(f, LOOK_PLAIN, 4, "    %s%s%s%s%s", _("Answer"), view_colon(),
            opinion != NULL ? opinion : "", opinion != NULL && answer != NULL ? view_comma() : "",
            answer != NULL ? answer : "");
    }
    if (json_text(t, "reason") != NULL) {
        leaf_addf(f, LOOK_DIM, 4, "    %s%s%s", _("Reason"), view_colon(), json_text(t, "reason"));
    }
}

static void fill_links(struct leaf *f, const json_t *page)
{
    const json_t *tasks = json_member(page, "tasks");
    const json_t *files = json_member(page, "files");
    const json_t *documents = json_member(page, "documents");
    const json_t *missing = json_member(json_member(page, "joint"), "missing");
    struct buf names = {0};
    for (size_t i = 0; i < json_array_size(missing); i++) {
        const json_t *one = json_array_get(missing, i);
        const char *name =
            json_is_string(one) ? json_string_value(one) : json_text(one, "body_name");
        buf_addf(&names, "%s%s", i > 0 ? view_comma() : "", name != NULL ? name : "");
    }
    leaf_pair(f, _("Not answered yet"), buf_text(&names));
    buf_close(&names);
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        add_task(f, json_array_get(tasks, i));
    }
    add_links(f, page);
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);
        char *at = view_time(json_text(file, "at"));
        leaf_addf(f, LOOK_PLAIN, 4, "%s%s%s  %lld KB  %s", _("file"), view_colon(),
            json_text(file, "name") != NULL ? json_text(file, "name") : "",
            (long long)(json_number(file, "size", 0) + 1023) / 1024, at);
        mem_free(at);
    }
    for (size_t i = 0; i < json_array_size(documents); i++) {
        const json_t *doc = json_array_get(documents, i);
        leaf_addf(f, LOOK_PLAIN, 4, "%s%s%s  %s", _("document"), view_colon(),
            page_named(doc, "title"),
            json_text(doc, "number") != NULL ? json_text(doc, "number") : "");
    }
    if (f->count == 0) {
        leaf_add(f, LOOK_DIM, 0, _("No linked case, no task, no file."));
    }
}

void pane_fill(struct leaf *f, enum pane pane, struct desk *d, const json_t *page)
{
    if (page == NULL) {
        leaf_add(f, LOOK_DIM, 0,
            desk_online(d) || d->line == NULL ? _("Reading …")
                                              : _("Not read yet; it comes when the line is back."));
        return;
    }
    switch (pane) {
    case PANE_HISTORY:
        fill_history(f, d, page);
        break;
    case PANE_CONTENT:
        fill_content(f, page);
        break;
    case PANE_CLOCKS:
        fill_clocks(f, page);
        break;
    default:
        fill_links(f, page);
    }
}
