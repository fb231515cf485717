/* client/cmd_report.c — report overview, and lists of reference data: org, effects. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/remote.h"
#include "client/view.h"
#include "client/when.h"

#include <stdlib.h>
#include <string.h>

/* "87.5%" of a share; caller owns. */
static char *percent(const json_t *row, const char *key)
{
    const json_t *share = json_member(row, key);
    return json_is_number(share) ? mem_printf("%.1f%%", 100 * json_number_value(share))
                                 : mem_strdup("-");
}

/* Where to look first stands first: most late, then most late once, then most of all. */
static bool stands_before(const json_t *a, const json_t *b, const char *const keys[])
{
    for (; *keys != NULL; keys++) {
        int64_t difference = json_number(a, *keys, 0) - json_number(b, *keys, 0);
        if (difference != 0) {
            return difference > 0;
        }
    }
    return false;
}

/* Stable; the rows of a report are few. */
static void sort_rows(json_t *rows, const char *const keys[])
{
    for (size_t i = 1; i < json_array_size(rows); i++) {
        json_t *row = json_incref(json_array_get(rows, i));
        size_t at = i;
        while (at > 0 && stands_before(row, json_array_get(rows, at - 1), keys)) {
            at--;
        }
        json_array_remove(rows, i);
        json_array_insert_new(rows, at, row);
    }
}

static void print_clocks(struct client *c, const json_t *clocks)
{
    static const struct view_column columns[] = {
        {N_("clock"), "title", "clock", true},
        {N_("started"), "started", NULL, false},
        {N_("kept"), "met", NULL, false},
        {N_("kept late"), "met_late", NULL, false},
        {N_("late now"), "late_open", NULL, false},
        {N_("running"), "open", NULL, false},
        {N_("on time"), "share", NULL, false},
        {0},
    };
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        json_t *row = json_array_get(clocks, i);
        char *share = percent(row, "on_time_share");
        json_put_text(row, "share", share);
        mem_free(share);
    }
    sort_rows((json_t *)clocks, (const char *const[]){"late_open", "met_late", "started", NULL});
    view_list(c, clocks, columns);
}

static void print_groups(struct client *c, const char *title, json_t *groups, bool by_late)
{
    static const struct view_column columns[] = {
        {N_("name"), "name", "key", true},
        {N_("cases"), "cases", NULL, false},
        {N_("not closed"), "open", NULL, false},
        {N_("answered"), "answered", NULL, false},
        {N_("median days"), "median_days", NULL, false},
        {N_("overdue"), "late", NULL, false},
        {N_("on time"), "share", NULL, false},
        {0},
    };
    for (size_t i = 0; i < json_array_size(groups); i++) {
        json_t *row = json_array_get(groups, i);
        const json_t *clocks = json_member(row, "clocks");
        int64_t late = 0;
        int64_t ended = 0;
        double kept = 0;
        for (size_t k = 0; k < json_array_size(clocks); k++) {
            const json_t *clock = json_array_get(clocks, k);
            late += json_number(clock, "met_late", 0) + json_number(clock, "late_open", 0);
            ended += json_number(clock, "ended", 0);
            kept += json_number_value(json_object_get(clock, "on_time_share")) *
                    (double)json_number(clock, "ended", 0);
        }
        if (text_equal(json_text(row, "name"), "")) {
            json_put_text(row, "name", _("not classified"));
        }
        json_put_number(row, "late", late);
        if (ended > 0) {
            char *share = mem_printf("%.1f%%", 100 * kept / (double)ended);
            json_put_text(row, "share", share);
            mem_free(share);
        }
    }
    if (by_late) {
        sort_rows(groups, (const char *const[]){"late", "open", "cases", NULL});
    }
    if (json_array_size(groups) > 0) {
        fputc('\n', c->out);
        view_head(c, title);
        view_list(c, groups, columns);
    }
}

static void print_report(struct client *c, const json_t *report)
{
    const json_t *cases = json_member(report, "cases");
    char *days = view_scalar(json_object_get(cases, "median_days"));
    fprintf(c->out,
        _("%lld cases: %lld not closed, %lld closed, %lld answered; median %s days.\n\n"),
        (long long)json_number(cases, "total", 0), (long long)json_number(cases, "open", 0),
        (long long)json_number(cases, "closed", 0), (long long)json_number(cases, "answered", 0),
        *days != '\0' ? days : "-");
    mem_free(days);
    print_clocks(c, json_member(report, "clocks"));
    print_groups(c, _("By year of receipt"), json_member(report, "by_year"), false);
    print_groups(c, _("By category"), json_member(report, "by_category"), true);
    print_groups(c, _("By body"), json_member(report, "by_body"), true);
}

bool cmd_report_overview(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    if (!when_put(c, a, "from", params, "from", err) || !when_put(c, a, "to", params, "to", err)) {
        json_decref(params);
        return false;
    }
    json_t *report = remote_call(c, "report.overview", params, err);
    if (report == NULL) {
        return false;
    }
    if (!view_raw(c, report)) {
        print_report(c, report);
    }
    json_decref(report);
    return true;
}

/* Calls a listing method and shows its page. Takes params. */
static bool show_list(struct client *c, const char *method, json_t *params, const char *member,
    const struct view_column columns[], struct err *err)
{
    json_t *result = remote_call(c, method, params, err);
    if (result == NULL) {
        return false;
    }
    const json_t *rows = json_member(result, member);
    if (c->output == OUTPUT_JSON) {
        view_json(c, result);
    } else {
        view_list(c, rows != NULL ? rows : result, columns);
        const json_t *all = rows != NULL            ? rows
                            : json_is_array(result) ? result
                                                    : json_member(result, "items");
        if (c->output == OUTPUT_TABLE && json_array_size(all) == 0) {
            fprintf(c->out, "%s", _("Nothing found.\n"));
        }
    }
    json_decref(result);
    return true;
}

bool cmd_org_places(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    json_put_text(params, "under", args_word(a, 0));
    static const struct view_column columns[] = {
        {N_("code"), "code", NULL, false},
        {N_("name"), "name", NULL, true},
        {N_("level"), "level", NULL, false},
        {N_("above"), "parent", NULL, false},
        {0},
    };
    return show_list(c, "org.places", params, "places", columns, err);
}

bool cmd_org_bodies(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    json_put_text(params, "place", args_word(a, 0));
    json_put_text(params, "kind", args_option(a, "kind"));
    json_put_text(params, "agency", args_option(a, "agency"));
    static const struct view_column columns[] = {
        {N_("body"), "id", NULL, false},
        {N_("name"), "name", NULL, true},
        {N_("kind"), "kind", NULL, false},
        {N_("agency"), "agency", NULL, false},
        {N_("place"), "place", NULL, false},
        {0},
    };
    return show_list(c, "org.bodies", params, "bodies", columns, err);
}

bool cmd_org_members(struct client *c, const struct args *a, struct err *err)
{
    static const struct view_column columns[] = {
        {N_("user"), "user", NULL, false},
        {N_("name"), "name", NULL, false},
        {N_("role"), "role_title", "role", false},
        {0},
    };
    return show_list(
        c, "org.members", json_pack("{s:s}", "body", args_word(a, 0)), "members", columns, err);
}

bool cmd_effects_list(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    json_put_text(params, "status", args_option(a, "status"));
    static const struct view_column columns[] = {
        {N_("id"), "id", NULL, false},
        {N_("kind"), "kind", NULL, false},
        {N_("number"), "number", "case", false},
        {N_("status"), "status", NULL, false},
        {N_("tries"), "attempts", "tries", false},
        {N_("problem"), "error", "problem", true},
        {0},
    };
    return show_list(c, "effects.list", params, "effects", columns, err);
}

bool cmd_effects_retry(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_pack("{s:s}", "id", args_word(a, 0));
    if (c->dry_run) {
        view_json(c, params);
        json_decref(params);
        return true;
    }
    json_t *result = remote_change(c, "effects.retry", params, err);
    if (result == NULL) {
        return false;
    }
    if (!view_raw(c, result)) {
        fprintf(c->out, _("✓ %s is tried again.\n"), args_word(a, 0));
    }
    json_decref(result);
    return true;
}
