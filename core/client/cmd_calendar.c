/* client/cmd_calendar.c — calendars, periods, and the register of legal time limits. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/fields.h"
#include "client/remote.h"
#include "client/twofold.h"
#include "client/view.h"
#include "client/when.h"

#include <stdlib.h>
#include <string.h>

/* "2026-03-02..2026-03-05", also with ～ or one day alone, into excluded[]. */
static bool add_exclusion(json_t *excluded, const char *text, struct err *err)
{
    struct date from;
    struct date to;
    char first[DATE_TEXT] = "";
    const char *gap = strstr(text, "..");
    strncat(first, text, DATE_TEXT - 1);
    const char *second = gap != NULL ? gap + 2 : first;
    if (!date_parse(first, &from) || !date_parse(second, &to) ||
        (gap == NULL && strlen(text) != 10)) {
        return err_set(
            err, ERR_PARAMS, _("--exclude wants FROM..TO, for example 2026-03-02..2026-03-05."));
    }
    json_array_append_new(excluded, json_pack("{s:s, s:s}", "from", first, "to", second));
    return true;
}

static bool due_options(const struct args *a, json_t *params, struct err *err)
{
    json_put_text(params, "kind", args_option(a, "kind"));
    json_put_text(params, "roll", args_option(a, "roll"));
    const char *extension = args_option(a, "extend");
    int n;
    const char *unit;
    if (extension != NULL && fields_span(extension, &n, &unit)) {
        char *span = mem_printf("%d %s", n, unit);
        json_put_text(params, "extension", span);
        mem_free(span);
    } else if (extension != NULL) {
        json_object_set_new(params, "extension", json_true());
    }
    if (args_flag(a, "litigation")) {
        json_object_set_new(params, "litigation", json_true());
    }
    if (args_flag(a, "clear-days")) {
        json_object_set_new(params, "clear_days", json_true());
    }
    json_t *excluded = json_array();
    bool ok = true;
    for (size_t i = 0; ok && i < a->option_count; i++) {
        if (strcmp(a->options[i].option->name, "exclude") == 0) {
            ok = add_exclusion(excluded, a->options[i].value, err);
        }
    }
    if (json_array_size(excluded) > 0) {
        json_object_set(params, "excluded", excluded);
    }
    json_decref(excluded);
    return ok;
}

static void print_due(struct client *c, const json_t *due)
{
    view_line(c, _("Legal end"), json_text(due, "legal"), PAINT_BOLD);
    char *at = view_time(json_text(due, "due_at"));
    view_line(c, _("Last moment"), at, PAINT_PLAIN);
    mem_free(at);
    view_line(c, _("Raw end"), json_text(due, "raw"), PAINT_PLAIN);
    view_line(c, _("Shown to the handler"), json_text(due, "internal"), PAINT_PLAIN);
    view_line(c, _("Why"), json_text(due, "explain"), PAINT_PLAIN);
    if (json_flag(due, "provisional")) {
        view_line(c, "!", _("The holidays of that year are not published yet; the date may move."),
            PAINT_YELLOW);
    }
    view_line(c, _("Law"), json_text(due, "law"), PAINT_DIM);
}

bool cmd_calendar_due(struct client *c, const struct args *a, struct err *err)
{
    char *start = when_of(c, args_word(a, 0), err);
    if (start == NULL) {
        return false;
    }
    json_t *params = json_pack("{s:s}", "start", start);
    mem_free(start);
    int n;
    const char *unit;
    if (fields_span(args_word(a, 1), &n, &unit)) {
        json_put_number(params, "n", n);
        json_put_text(params, "unit", unit);
    } else {
        json_put_text(params, "term", args_word(a, 1));
    }
    if (!due_options(a, params, err)) {
        json_decref(params);
        return false;
    }
    json_t *due = remote_call(c, "calendar.due", params, err);
    if (due == NULL) {
        if (err->code == ERR_NOT_FOUND) {
            err_hint(err, "%s",
                _("A length is 15d, 3wd or 1mon; the legal time limits: fengqiao term list"));
        }
        return false;
    }
    if (!view_raw(c, due)) {
        print_due(c, due);
    }
    json_decref(due);
    return true;
}

/* "元旦 2027-01-01…2027-01-03、…" of a year's notice, for who must compare it with the paper. */
static void say_days(struct client *c, const json_t *doc)
{
    const json_t *rest = json_member(doc, "rest"), *work = json_member(doc, "work");
    struct buf off = {0}, on = {0};
    for (size_t i = 0; i < json_array_size(rest); i++) {
        const json_t *row = json_array_get(rest, i);
        buf_addf(&off, "%s%s %s…%s", i > 0 ? view_comma() : "", json_text(row, "name"),
            json_text(row, "from"), json_text(row, "to"));
    }
    for (size_t i = 0; i < json_array_size(work); i++) {
        buf_addf(
            &on, "%s%s", i > 0 ? view_comma() : "", json_string_value(json_array_get(work, i)));
    }
    view_line(c, _("published by"), json_text(doc, "paper"), PAINT_PLAIN);
    view_line(c, _("holiday"), buf_text(&off), PAINT_PLAIN);
    view_line(c, _("Make-up working days"), buf_text(&on), PAINT_PLAIN);
    buf_close(&off);
    buf_close(&on);
}

/* Calendars that a second administrator must confirm. */
static void say_waiting(struct client *c, const json_t *waiting)
{
    for (size_t i = 0; c->output == OUTPUT_TABLE && i < json_array_size(waiting); i++) {
        const json_t *row = json_array_get(waiting, i), *doc = json_member(row, "doc");
        fprintf(c->out, _("Waits for a second administrator: %lld version %lld, by %s\n"),
            (long long)json_number(doc, "year", 0), (long long)json_number(doc, "version", 0),
            json_text(row, "by"));
        say_days(c, doc);
        view_next(c, _("Then"), "calendar load %s", json_text(row, "confirm"));
    }
}

bool cmd_calendar_list(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    json_t *years = remote_call(c, "calendar.list", NULL, err);
    if (years == NULL) {
        return false;
    }
    static const struct view_column columns[] = {
        {N_("year"), "year", NULL, false},
        {N_("version"), "version", NULL, false},
        {N_("published by"), "paper", NULL, true},
        {0},
    };
    view_list(c, years, columns);
    say_waiting(c, json_member(years, "waiting"));
    json_decref(years);
    return true;
}

bool cmd_calendar_show(struct client *c, const struct args *a, struct err *err)
{
    char *end;
    long year = strtol(args_word(a, 0), &end, 10);
    if (*end != '\0' || year < 1900 || year > 2199) {
        return err_set(err, ERR_PARAMS, _("“%s” is no year."), args_word(a, 0));
    }
    json_t *result =
        remote_call(c, "calendar.show", json_pack("{s:I}", "year", (json_int_t)year), err);
    if (result == NULL) {
        return false;
    }
    if (c->output == OUTPUT_JSON) {
        view_json(c, result);
    } else {
        const json_t *doc =
            json_member(result, "doc") != NULL ? json_member(result, "doc") : result;
        static const struct view_column columns[] = {
            {N_("holiday"), "name", NULL, false},
            {N_("from"), "from", NULL, false},
            {N_("to"), "to", NULL, false},
            {0},
        };
        view_list(c, json_member(doc, "rest"), columns);
        if (c->output == OUTPUT_TABLE) {
            const json_t *work = json_member(doc, "work");
            for (size_t i = 0; i < json_array_size(work); i++) {
                fprintf(c->out, "%s%s%s", i == 0 ? _("Make-up working days") : "",
                    i == 0 ? view_colon() : view_comma(),
                    json_string_value(json_array_get(work, i)));
            }
            fputc('\n', c->out);
        }
    }
    json_decref(result);
    return true;
}

bool cmd_calendar_load(struct client *c, const struct args *a, struct err *err)
{
    static const struct twofold kind = {
        .method = "calendar.load",
        .command = "calendar load",
        .stays = N_("What is loaded stays; a correction is a file with the next version number"),
    };
    return twofold_load(c, &kind, args_word(a, 0), err);
}
