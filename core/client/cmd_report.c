/* client/cmd_report.c — report overview, and lists of reference data: org, effects. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/remote.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>

/* The report's parts are arrays of flat rows; which columns they have is the server's to say. */
static void print_rows(struct client *c, const char *title, const json_t *rows)
{
    const json_t *first = json_array_get(rows, 0);
    if (!json_is_object(first)) {
        return;
    }
    struct grid *grid = grid_new();
    const char *keys[GRID_COLUMNS_MAX];
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)first, key, value)
    {
        if (n < GRID_COLUMNS_MAX && !json_is_object(value) && !json_is_array(value)) {
            grid_column(grid, key, n == 0);
            keys[n++] = key;
        }
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        for (size_t k = 0; k < n; k++) {
            char *text = view_scalar(json_object_get(json_array_get(rows, i), keys[k]));
            grid_cell(grid, text, PAINT_PLAIN);
            mem_free(text);
        }
    }
    fprintf(c->out, "\n%s\n", title);
    grid_print(grid, GRID_TABLE, c->width, c->color, c->out);
    grid_free(grid);
}

static void print_report(struct client *c, const json_t *report)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)report, key, value)
    {
        if (json_is_object(value)) {
            const char *inner;
            json_t *figure;
            view_head(c, key);
            json_object_foreach(value, inner, figure)
            {
                char *text = json_is_object(figure) || json_is_array(figure) ? json_compact(figure)
                                                                             : view_scalar(figure);
                view_line(c, inner, text, PAINT_PLAIN);
                free(text);
            }
        } else if (!json_is_array(value) && strcmp(key, "_meta") != 0) {
            char *text = view_scalar(value);
            view_line(c, key, text, PAINT_PLAIN);
            mem_free(text);
        }
    }
    json_object_foreach((json_t *)report, key, value)
    {
        if (json_is_array(value)) {
            print_rows(c, key, value);
        }
    }
}

bool cmd_report_overview(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    json_put_text(params, "from", args_option(a, "from"));
    json_put_text(params, "to", args_option(a, "to"));
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
