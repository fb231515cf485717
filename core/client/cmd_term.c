/* client/cmd_term.c — the register of legal time limits: what is in force, and how it changes. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "client/fields.h"
#include "client/remote.h"
#include "client/twofold.h"
#include "client/view.h"
#include "client/when.h"

#include <string.h>

/* "15 d" becomes "15日" for people. */
static void put_length_words(const json_t *terms)
{
    static const struct {
        const char *unit, *words;
    } units[] = {
        {"h", N_("%d hours")},
        {"d", N_("%d days")},
        {"wd", N_("%d workdays")},
        {"mon", N_("%d months")},
        {"yr", N_("%d years")},
    };
    for (size_t i = 0; i < json_array_size(terms); i++) {
        json_t *term = json_array_get(terms, i);
        int n;
        const char *unit;
        if (json_text(term, "span") == NULL || !fields_span(json_text(term, "span"), &n, &unit)) {
            continue;
        }
        for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
            if (strcmp(units[k].unit, unit) == 0) {
                char *words = mem_printf(_(units[k].words), n);
                json_put_text(term, "length", words);
                mem_free(words);
            }
        }
    }
}

/* "  原：20日（自结案） 依据" of one row of the register. */
static void say_row(struct client *c, const char *mark, const json_t *row)
{
    const char *extension = json_text(row, "extension");
    struct buf line = {0};
    buf_addf(&line, "%s%s%s%s", json_text(row, "words"), view_comma(), json_text(row, "title"),
        view_comma());
    buf_addf(&line, _("from %s; %s; in force %s to %s"), json_text(row, "start"),
        json_text(row, "law"), json_text(row, "from"),
        json_text(row, "to") != NULL ? json_text(row, "to") : "…");
    if (extension != NULL) {
        buf_addf(&line, _("; may be extended by %s"), extension);
    }
    view_item(c, c->out, mark, buf_text(&line), PAINT_PLAIN);
    buf_close(&line);
}

/* Every row that changes, as it was and as it would be. */
static void say_differences(struct client *c, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        static const struct {
            const char *member, *mark;
        } sides[] = {{"before", N_("  before: ")}, {"after", N_("  after: ")}};
        fprintf(c->out, "%s  %s\n", json_text(one, "id"), json_text(one, "title"));
        for (size_t k = 0; k < 2; k++) {
            const json_t *rows = json_member(one, sides[k].member);
            for (size_t n = 0; n < json_array_size(rows); n++) {
                say_row(c, _(sides[k].mark), json_array_get(rows, n));
            }
            if (json_array_size(rows) == 0) {
                view_item(c, c->out, _(sides[k].mark), _("none"), PAINT_PLAIN);
            }
        }
    }
}

/* Registers that a second administrator must confirm. */
static void say_waiting(struct client *c, const json_t *waiting)
{
    for (size_t i = 0; c->output == OUTPUT_TABLE && i < json_array_size(waiting); i++) {
        const json_t *row = json_array_get(waiting, i);
        fprintf(c->out, _("Waits for a second administrator: a register of terms, by %s\n"),
            json_text(row, "by"));
        say_differences(c, json_member(row, "differences"));
        view_next(c, _("Then"), "term load %s", json_text(row, "confirm"));
    }
}

bool cmd_term_list(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = json_object();
    if (!when_put(c, a, "date", params, "date", err)) {
        json_decref(params);
        return false;
    }
    json_t *terms = remote_call(c, "term.list", params, err);
    if (terms == NULL) {
        return false;
    }
    if (c->output == OUTPUT_TABLE) {
        put_length_words(json_member(terms, "items"));
    }
    static const struct view_column columns[] = {
        {N_("term"), "id", NULL, false},
        {N_("title"), "title", NULL, true},
        {N_("length"), "length", "span", false},
        {N_("begins with"), "start", NULL, true},
        {N_("law"), "law", NULL, true},
        {0},
    };
    view_list(c, terms, columns);
    say_waiting(c, json_member(terms, "waiting"));
    json_decref(terms);
    return true;
}

static void say_terms(struct client *c, const json_t *ids)
{
    fprintf(c->out, "%s%s", _("Terms that change"), view_colon());
    for (size_t i = 0; i < json_array_size(ids); i++) {
        fprintf(
            c->out, "%s%s", i > 0 ? view_comma() : "", json_string_value(json_array_get(ids, i)));
    }
    fputc('\n', c->out);
}

static void say_first(struct client *c, const json_t *result)
{
    if (json_flag(result, "waiting")) {
        say_differences(c, json_member(result, "differences"));
    } else {
        say_terms(c, json_member(result, "terms"));
    }
}

bool cmd_term_load(struct client *c, const struct args *a, struct err *err)
{
    static const struct twofold kind = {
        .method = "terms.load", .command = "term load", .first = say_first};
    return twofold_load(c, &kind, args_word(a, 0), err);
}
