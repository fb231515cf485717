/* client/cmd_case.c — reading cases: inbox, list, search, show, can, why, timeline, verify. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/number.h"
#include "client/page.h"
#include "client/page_links.h"
#include "client/remote.h"
#include "client/view.h"
#include "client/when.h"

#include <string.h>

enum { LIMIT_MAX = 500 };

static const struct view_column case_columns[] = {
    {N_("number"), "number", NULL, false},
    {N_("parties"), "parties", NULL, true},
    {N_("matter"), "title", NULL, true},
    {N_("flow"), "flow_title", "flow", true},
    {N_("state"), "state_title", "state", false},
    {N_("left"), "due", NULL, false},
    {N_("with"), "assignee_name", "host_name", true},
    {0},
};

/* Completion offers these numbers; "." stands for the first. */
static void remember_rows(struct client *c, const json_t *page)
{
    const json_t *items = json_member(page, "items");
    const char *numbers[50];
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(items) && n < 50; i++) {
        const char *number = json_text(json_array_get(items, i), "number");
        if (number != NULL) {
            numbers[n++] = number;
        }
    }
    if (n > 0) {
        seen_add(numbers, n);
    }
    if (n == 1) {
        mem_free(c->last_case);
        c->last_case = mem_strdup(numbers[0]);
    }
}

static void say_more(struct client *c, const json_t *page)
{
    const char *next = json_text(page, "next");
    if (next != NULL && c->output == OUTPUT_TABLE) {
        fflush(c->out);
        fprintf(c->talk, _("There is more: --after %s\n"), next);
    }
}

static bool page_options(const struct args *a, json_t *params, struct err *err)
{
    int64_t limit = 0;
    if (!args_number(a, "limit", 1, LIMIT_MAX, &limit, err)) {
        return false;
    }
    if (limit > 0) {
        json_put_number(params, "limit", limit);
    }
    json_put_text(params, "after", args_option(a, "after"));
    return true;
}

static size_t late_rows(const json_t *items)
{
    size_t late = 0;
    for (size_t i = 0; i < json_array_size(items); i++) {
        late += paint_of_due(json_member(json_array_get(items, i), "due")) == PAINT_RED;
    }
    return late;
}

/* A body that was only asked something reads what it must answer, and by when. */
static void show_tasks(json_t *items)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *row = json_array_get(items, i), *task = json_object_get(row, "task");
        const char *title = json_text(task, "title");
        if (title == NULL) {
            continue;
        }
        char *words = mem_printf(_("asked: %s"), title);
        json_put_text(row, "state_title", words);
        mem_free(words);
        json_t *due = json_object_get(task, "due");
        json_object_set(row, "due", due != NULL ? due : json_null());
    }
}

bool cmd_inbox(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    if (!page_options(a, params, err)) {
        json_decref(params);
        return false;
    }
    json_t *page = remote_read(c, "inbox.list", params, err);
    if (page == NULL) {
        return false;
    }
    remember_rows(c, page);
    if (c->output == OUTPUT_TABLE) {
        show_tasks(json_object_get(page, "items"));
    }
    view_list(c, page, case_columns);
    const json_t *items = json_member(page, "items");
    if (c->output == OUTPUT_TABLE && json_array_size(items) == 0) {
        fprintf(c->out, "%s", _("Nothing waits for you.\n"));
        view_next(c, _("All cases you may see"), "case list --open");
    } else if (c->output == OUTPUT_TABLE) {
        const char *first = json_text(json_array_get(items, 0), "number");
        fprintf(c->out, _("%zu cases wait for you, %zu of them late.\n"), json_array_size(items),
            late_rows(items));
        view_next(c, _("Look at one"), "case show %s", first != NULL ? first : "");
        say_more(c, page);
    }
    json_decref(page);
    return true;
}

/* Shows a page of cases; says so when it is empty. */
static bool show_page(struct client *c, const struct args *a, json_t *page)
{
    if (page == NULL) {
        return false;
    }
    remember_rows(c, page);
    view_list(c, page, case_columns);
    size_t n = json_array_size(json_member(page, "items"));
    if (c->output == OUTPUT_TABLE) {
        const json_t *total = json_member(page, "total");
        if (n == 0) {
            fprintf(c->out, "%s", _("No case found.\n"));
            view_next(c, _("All cases you may see"), "case list");
        } else if (total != NULL) {
            fprintf(c->out, _("%zu of %lld cases.\n"), n, (long long)json_integer_value(total));
        } else {
            fprintf(c->out, _("%zu cases.\n"), n);
        }
        say_more(c, page);
    }
    c->exit_code = n == 0 && args_flag(a, "exit-code") ? 1 : 0;
    json_decref(page);
    return true;
}

bool cmd_case_list(struct client *c, const struct args *a, struct err *err)
{
    static const char *const texts[] = {
        "flow", "state", "host", "place", "category", "assignee", "sort"};
    static const char *const flags[] = {"open", "late", "listed", "total"};
    json_t *params = json_object();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_put_text(params, texts[i], args_option(a, texts[i]));
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (args_flag(a, flags[i])) {
            json_object_set_new(params, flags[i], json_true());
        }
    }
    if (!page_options(a, params, err) || !when_put(c, a, "since", params, "since", err)) {
        json_decref(params);
        return false;
    }
    json_t *page = remote_read(c, "case.list", params, err);
    if (page == NULL && err->code == ERR_NOT_FOUND && err->hint[0] == '\0') {
        err_hint(err, "%s", _("The names: fengqiao flow list, fengqiao flow show FLOW"));
    }
    return show_page(c, a, page);
}

bool cmd_case_search(struct client *c, const struct args *a, struct err *err)
{
    struct buf text = {0};
    for (size_t i = 0; i < a->count; i++) {
        buf_addf(&text, "%s%s", i > 0 ? " " : "", a->words[i]);
    }
    json_t *params = json_pack("{s:s}", "text", buf_text(&text));
    buf_close(&text);
    if (!page_options(a, params, err)) {
        json_decref(params);
        return false;
    }
    return show_page(c, a, remote_call(c, "case.search", params, err));
}

json_t *page_case_params(struct client *c, const struct args *a)
{
    const char *typed = args_word(a, 0);
    if (strcmp(typed, ".") == 0 && c->last_case != NULL) {
        typed = c->last_case;
    }
    char *number = number_canonical(typed);
    json_t *params = json_pack("{s:s}", "case", number);
    mem_free(number);
    return params;
}

static const struct view_column timeline_columns[] = {
    {N_("no."), "version", NULL, false},
    {N_("when"), "at", NULL, false},
    {N_("who"), "actor_name", "actor", true},
    {N_("step"), "title", "type", false},
    {N_("what"), "words", NULL, true},
    {0},
};

bool cmd_case_timeline(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    if (!page_options(a, params, err)) {
        json_decref(params);
        return false;
    }
    json_t *page = remote_read(c, "case.timeline", params, err);
    if (page == NULL) {
        return false;
    }
    const json_t *rows = json_member(page, "items");
    if (c->output != OUTPUT_TABLE) {
        view_list(c, page, timeline_columns);
    }
    if (c->output == OUTPUT_TABLE) {
        page_print_timeline(c, rows, page_case_params(c, a));
    }
    say_more(c, page);
    json_decref(page);
    return true;
}

bool cmd_case_show(struct client *c, const struct args *a, struct err *err)
{
    json_t *page = remote_read(c, "case.get", page_case_params(c, a), err);
    if (page == NULL) {
        return false;
    }
    client_remember_case(c, json_text(page, "number"));
    if (!view_raw(c, page)) {
        page_print(c, page);
    }
    json_decref(page);
    if (args_flag(a, "timeline") && c->output == OUTPUT_TABLE) {
        fputc('\n', c->out);
        return cmd_case_timeline(c, a, err);
    }
    return true;
}

/* Which actions there are, when none is named. */
static bool what_can(struct client *c, const struct args *a, struct err *err)
{
    json_t *page = remote_read(c, "case.get", page_case_params(c, a), err);
    if (page == NULL) {
        return false;
    }
    if (!view_raw(c, json_member(page, "actions"))) {
        const char *number = json_text(page, "number");
        page_print_actions(c, c->out, json_member(page, "actions"));
        page_print_asked(c, page);
        view_next(
            c, _("What one asks for"), "case can %s %s", number != NULL ? number : "", _("ACTION"));
    }
    json_decref(page);
    return true;
}

bool cmd_case_can(struct client *c, const struct args *a, struct err *err)
{
    if (args_word(a, 1) == NULL) {
        return what_can(c, a, err);
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "action", args_word(a, 1));
    json_t *answer = remote_read(c, "case.can", params, err);
    if (answer == NULL) {
        /* An unknown action: which ones there are says more than its name. */
        page_hint_actions(c, args_word(a, 0), args_word(a, 1), err);
        return false;
    }
    if (!view_raw(c, answer)) {
        page_print_can(c, args_word(a, 0), args_word(a, 1), answer);
    }
    json_decref(answer);
    return true;
}

static json_t *history_params(struct client *c, const struct args *a)
{
    json_t *params = page_case_params(c, a);
    json_put_number(params, "limit", LIMIT_MAX);
    return params;
}

bool cmd_case_why(struct client *c, const struct args *a, struct err *err)
{
    json_t *why = remote_read(c, "case.why", page_case_params(c, a), err);
    if (why == NULL) {
        return false;
    }
    if (!view_raw(c, why)) {
        json_t *history = remote_read(c, "case.timeline", history_params(c, a), NULL);
        json_t *page = remote_read(c, "case.get", page_case_params(c, a), NULL);
        page_print_why(c, why, page, json_member(history, "items"), args_flag(a, "all"));
        json_decref(page);
        json_decref(history);
    }
    json_decref(why);
    return true;
}

bool cmd_case_verify(struct client *c, const struct args *a, struct err *err)
{
    json_t *result = remote_call(c, "case.verify", page_case_params(c, a), err);
    if (result == NULL) {
        return false;
    }
    bool good =
        json_flag(result, "ok") || json_flag(result, "intact") || json_flag(result, "valid");
    if (!view_raw(c, result)) {
        int64_t events = json_number(result, "events", json_number(result, "version", 0));
        if (good) {
            fprintf(c->out, _("✓ The history is intact: %lld entries, each sealed by the next.\n"),
                (long long)events);
        } else {
            const char *problem = json_text(result, "problem");
            fprintf(c->out, _("! The history was changed afterwards. %s\n"),
                problem != NULL ? problem : "");
        }
    }
    c->exit_code = good ? 0 : 65;
    json_decref(result);
    return true;
}
