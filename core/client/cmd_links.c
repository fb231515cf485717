/* client/cmd_links.c — one matter in several cases: lineage, where it is now, what looks the same,
 * linking and unlinking. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/change.h"
#include "client/number.h"
#include "client/page.h"
#include "client/page_links.h"
#include "client/remote.h"
#include "client/view.h"

#include <string.h>

static const struct view_column lineage_columns[] = {
    {N_("number"), "number", "id", false},
    {N_("how it came"), "kind", NULL, false},
    {N_("flow"), "flow_title", "flow", true},
    {N_("state"), "state_title", NULL, true},
    {N_("with"), "host_name", "host", true},
    {N_("since"), "opened_at", NULL, false},
    {N_("closed"), "outcome", "closed_at", true},
    {0},
};

/* The rows as a person reads them: kinds in words, days instead of instants, what may not be read
 * said so. Changes the rows. */
static void in_words(json_t *items)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *row = json_array_get(items, i);
        static const char *const times[] = {"opened_at", "closed_at"};
        for (size_t k = 0; k < 2; k++) {
            const char *at = json_text(row, times[k]);
            char *day = at != NULL ? mem_strndup(at, strlen("2026-11-24")) : NULL;
            json_put_text(row, times[k], day);
            mem_free(day);
        }
        const char *kind = json_text(row, "kind");
        json_put_text(row, "kind", kind != NULL ? page_link_kind(kind) : NULL);
        if (json_flag(row, "here")) {
            json_put_text(row, "kind", _("this case"));
        }
        if (json_text(row, "state_title") == NULL) { /* a sealed one says nothing */
            json_put_text(row, "state_title", _("not open to you"));
        }
    }
}

static void print_where(struct client *c, const json_t *lineage)
{
    const json_t *where = json_member(lineage, "where");
    const json_t *items = json_member(lineage, "items");
    for (size_t i = 0; i < json_array_size(where); i++) {
        const char *number = json_string_value(json_array_get(where, i));
        const json_t *found = NULL;
        for (size_t k = 0; k < json_array_size(items); k++) {
            const json_t *row = json_array_get(items, k);
            found = text_equal(json_text(row, "number"), number) ? row : found;
        }
        const char *host = page_named(found, "host_name");
        const char *state = page_named(found, "state_title");
        char *line = mem_printf("%s  %s  %s", number != NULL ? number : "",
            host != NULL ? host : "", state != NULL ? state : "");
        view_line(c, i == 0 ? _("Now with") : "", line, PAINT_BOLD);
        mem_free(line);
    }
    if (json_array_size(where) == 0) {
        fprintf(c->out, "%s", _("The matter is settled: no case of it is open.\n"));
    }
}

static json_t *read_lineage(struct client *c, const struct args *a, struct err *err)
{
    return remote_read(c, "case.lineage", page_case_params(c, a), err);
}

bool cmd_case_lineage(struct client *c, const struct args *a, struct err *err)
{
    json_t *lineage = read_lineage(c, a, err);
    if (lineage == NULL) {
        return false;
    }
    if (c->output == OUTPUT_TABLE) {
        in_words(json_member(lineage, "items"));
    }
    view_list(c, lineage, lineage_columns);
    if (c->output == OUTPUT_TABLE) {
        print_where(c, lineage);
        view_next(c, _("Look at one"), "case show %s", args_word(a, 0));
    }
    json_decref(lineage);
    return true;
}

bool cmd_case_where(struct client *c, const struct args *a, struct err *err)
{
    json_t *lineage = read_lineage(c, a, err);
    if (lineage == NULL) {
        return false;
    }
    if (!view_raw(c, lineage)) {
        print_where(c, lineage);
        view_next(c, _("The whole way"), "case lineage %s", args_word(a, 0));
    }
    json_decref(lineage);
    return true;
}

bool cmd_case_matches(struct client *c, const struct args *a, struct err *err)
{
    static const struct view_column columns[] = {
        {N_("number"), "number", NULL, false},
        {N_("matter"), "title", NULL, true},
        {N_("state"), "state_title", "state", false},
        {N_("with"), "host_name", NULL, true},
        {N_("alike"), "score", NULL, false},
        {N_("because"), "why", NULL, true},
        {N_("linked"), "linked", NULL, false},
        {0},
    };
    json_t *page = remote_read(c, "case.matches", page_case_params(c, a), err);
    if (page == NULL) {
        return false;
    }
    const json_t *items = json_member(page, "items");
    view_list(c, page, columns);
    if (c->output == OUTPUT_TABLE && json_array_size(items) == 0) {
        fprintf(c->out, "%s", _("No other case looks like the same matter.\n"));
    } else if (c->output == OUTPUT_TABLE) {
        const char *first = json_text(json_array_get(items, 0), "number");
        fprintf(c->out, "%s", _("These are proposals; whether it is one matter you decide.\n"));
        view_next(c, _("The same matter"), "case link %s %s --reason …", args_word(a, 0),
            first != NULL ? first : "");
    }
    json_decref(page);
    return true;
}

bool cmd_case_link(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    char *other = number_canonical(args_word(a, 1));
    json_put_text(params, "other", other);
    mem_free(other);
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.link", params, err);
}

/* A link is named by its id or by the other case's number. */
bool cmd_case_unlink(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    char *id = page_find_item(c, json_text(params, "case"), "links", args_word(a, 1));
    json_put_text(params, "link", id);
    mem_free(id);
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.unlink", params, err);
}
