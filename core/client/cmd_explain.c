/* client/cmd_explain.c — what a field of a workflow means, how it is written, and who asks for it.
 */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/view.h"

#include <string.h>

enum { NAMES_MAX = 256 };

struct search {
    const char *wanted;
    size_t found;
    char *names[NAMES_MAX]; /* owned: for the nearest one */
    size_t count;
};

static const char *type_words(const char *type)
{
    static const struct {
        const char *type, *words;
    } rows[] = {
        {"text", N_("text")},
        {"choice", N_("one of a list")},
        {"money", N_("yuan")},
        {"integer", N_("whole number")},
        {"date", N_("date")},
        {"bool", N_("yes/no")},
        {"body", N_("a body, by id or name")},
        {"place", N_("a place, by code or name")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(rows[i].type, type)) {
            return _(rows[i].words);
        }
    }
    return type;
}

/* The actions whose form has the field, and whether they need it. Caller owns. */
static char *asked_by(const json_t *actions, const char *name)
{
    struct buf out = {0};
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);
        const json_t *form = json_member(action, "form");
        for (size_t k = 0; k < json_array_size(form); k++) {
            const json_t *row = json_array_get(form, k);
            if (text_equal(json_text(row, "name"), name)) {
                buf_addf(&out, "%s%s%s", out.len > 0 ? view_comma() : "",
                    page_named(action, "title"), json_flag(row, "required") ? "*" : "");
            }
        }
    }
    return buf_take(&out);
}

static void print_field(struct client *c, const json_t *doc, const json_t *field)
{
    const char *name = json_text(field, "name");
    char *head = mem_printf("%s (%s)", page_named(field, "title"), name);
    view_head(c, head);
    mem_free(head);
    view_line(c, _("Flow"), json_text(doc, "title"), PAINT_PLAIN);
    view_line(c, _("Written as"), type_words(json_text(field, "type")), PAINT_PLAIN);
    struct buf choices = {0};
    const json_t *list = json_member(field, "choices");
    for (size_t i = 0; i < json_array_size(list); i++) {
        buf_addf(&choices, "%s%s", i > 0 ? view_comma() : "",
            json_string_value(json_array_get(list, i)));
    }
    view_line(c, _("One of"), buf_text(&choices), PAINT_PLAIN);
    buf_close(&choices);
    int64_t max = json_number(field, "max", 0);
    char *most = max > 0 ? mem_printf(_("%lld characters at most"), (long long)max) : NULL;
    view_line(c, _("Length"), most, PAINT_PLAIN);
    mem_free(most);
    view_line(c, _("At registration"),
        json_flag(field, "required") ? _("must be filled in") : _("may be left open"), PAINT_PLAIN);
    view_line(c, _("Seen by"),
        json_text(field, "secret") != NULL ? _("those who handle the case only") : NULL,
        PAINT_PLAIN);
    char *asked = asked_by(json_member(doc, "actions"), name);
    view_line(c, _("Asked for by"), asked, PAINT_PLAIN);
    mem_free(asked);
}

static void look_through(struct client *c, struct search *s, const char *flow)
{
    json_t *page = remote_read(c, "flow.get", json_pack("{s:s}", "flow", flow), NULL);
    const json_t *doc = json_member(page, "doc") != NULL ? json_member(page, "doc") : page;
    const json_t *fields = json_member(doc, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        const char *both[] = {json_text(field, "name"), json_text(field, "title")};
        bool meant = text_equal(both[0], s->wanted) || text_equal(both[1], s->wanted);
        for (size_t k = 0; k < 2 && s->count < NAMES_MAX; k++) {
            if (both[k] != NULL) {
                s->names[s->count++] = mem_strdup(both[k]);
            }
        }
        if (meant && c->output != OUTPUT_TABLE) {
            json_t *shown = json_copy((json_t *)field);
            json_put_text(shown, "flow", flow);
            view_raw(c, shown);
            json_decref(shown);
        } else if (meant) {
            fputs(s->found > 0 ? "\n" : "", c->out);
            print_field(c, doc, field);
        }
        s->found += meant;
    }
    json_decref(page);
}

bool cmd_explain(struct client *c, const struct args *a, struct err *err)
{
    struct search s = {.wanted = args_word(a, 0)};
    const char *flow = args_option(a, "flow");
    json_t *flows = flow == NULL ? remote_read(c, "flow.list", NULL, err) : json_object();
    if (flows == NULL) {
        return false;
    }
    if (flow != NULL) {
        look_through(c, &s, flow);
    }
    const json_t *items = json_member(flows, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *row = json_array_get(items, i);
        const char *id =
            json_text(row, "id") != NULL ? json_text(row, "id") : json_text(row, "flow");
        if (id != NULL) {
            look_through(c, &s, id);
        }
    }
    json_decref(flows);
    if (s.found == 0) {
        err_set(err, ERR_NOT_FOUND, _("No workflow has a field “%s”."), s.wanted);
        const char *nearest = text_nearest(s.wanted, (const char *const *)s.names, s.count);
        if (nearest != NULL) {
            err_hint(err, _("Did you mean: %s"), nearest);
        } else {
            err_hint(err, "%s", _("The names: fengqiao flow list, fengqiao flow show FLOW"));
        }
    }
    for (size_t i = 0; i < s.count; i++) {
        mem_free(s.names[i]);
    }
    return s.found > 0;
}
