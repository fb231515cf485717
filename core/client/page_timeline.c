/* client/page_timeline.c — the history of a case as people read it. */
#include "client/page.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/remote.h"
#include "client/view.h"

enum { INDENT = 5 };

static const char *title_of(const json_t *fields, const char *name)
{
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        if (text_equal(json_text(f, "name"), name)) {
            return page_named(f, "title");
        }
    }
    return name;
}

static void print_said(struct client *c, const char *label, const char *text)
{
    if (text != NULL && *text != '\0') {
        char *line = mem_printf("%s%s%s", label, view_colon(), text);
        view_text(c, line, INDENT);
        mem_free(line);
    }
}

/* What the form of a step held. The fields of the opening stand on the case's page. */
static void print_form(struct client *c, const json_t *row, const json_t *fields)
{
    const json_t *changes = json_member(json_member(row, "data"), "changes");
    for (size_t i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        if (!text_equal(json_text(change, "op"), "fields")) {
            continue;
        }
        const char *name;
        json_t *value;
        json_object_foreach(json_member(change, "set"), name, value)
        {
            char *text = view_scalar(value);
            print_said(c, title_of(fields, name), text);
            mem_free(text);
        }
    }
}

static void print_words(struct client *c, const json_t *words)
{
    struct buf line = {0};
    buf_adds(&line, json_is_string(words) ? json_string_value(words) : "");
    for (size_t i = 0; i < json_array_size(words); i++) {
        buf_addf(&line, "%s%s", i > 0 ? view_semicolon() : "",
            json_string_value(json_array_get(words, i)));
    }
    if (line.len > 0) {
        view_text(c, buf_text(&line), INDENT);
    }
    buf_close(&line);
}

/* One entry: its head line, and below it what was said and what followed. */
static void print_entry(struct client *c, const json_t *row, const json_t *fields)
{
    const json_t *data = json_member(row, "data");
    char *at = view_time(json_text(row, "at"));
    const char *who = json_text(row, "actor_name");
    const char *title = json_text(row, "title");
    who = who != NULL ? who : json_text(row, "actor");
    title = title != NULL ? title : json_text(row, "type");
    fprintf(c->out, "%3lld  %s  %s%s%s%s%s\n", (long long)json_number(row, "version", 0), at,
        paint_on(PAINT_BOLD, c->color), title != NULL ? title : "", paint_off(PAINT_BOLD, c->color),
        who != NULL ? "  " : "", who != NULL ? who : "");
    mem_free(at);
    const char *type = json_text(row, "type");
    if (!text_equal(type, "opened")) {
        print_form(c, row, fields);
    }
    const char *reason = json_text(row, "reason");
    const char *note = json_text(row, "note");
    print_said(c, _("Reason"), reason != NULL ? reason : json_text(data, "reason"));
    note = note != NULL ? note : json_text(data, "note");
    if (text_equal(type, "noted") && note != NULL) {
        view_text(c, note, INDENT);
    } else {
        print_said(c, _("Note"), note);
    }
    print_words(c, json_member(row, "words"));
}

void page_print_timeline(struct client *c, const json_t *rows, json_t *case_params)
{
    json_t *page = remote_read(c, "case.get", case_params, NULL);
    const json_t *fields = json_member(page, "fields");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        print_entry(c, json_array_get(rows, i), fields);
    }
    json_decref(page);
}
