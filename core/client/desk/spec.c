/* client/desk/spec.c — see spec.h. */
#include "client/desk/spec.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/screens.h"
#include "client/page.h"

#include <string.h>

json_t *spec_case(const json_t *page, const char *title, const char *method)
{
    const char *number = json_text(page, "number");
    json_t *spec = json_pack("{s:o, s:s, s:s?, s:{s:s?}, s:[]}", "title",
        json_sprintf("%s %s", number != NULL ? number : "", title), "method", method, "case",
        number, "params", "case", number, "fields");
    json_put_text(spec, "act", title);
    return spec;
}

json_t *spec_field(json_t *spec, const char *name, const char *title, const char *type,
    bool required, json_t *choices)
{
    json_t *field = json_pack("{s:s, s:s, s:s, s:b, s:b}", "name", name, "title", title, "type",
        type, "required", required, "top", 1);
    if (choices != NULL) {
        json_object_set_new(field, "choices", choices);
    }
    json_array_append_new(json_member(spec, "fields"), field);
    return field;
}

json_t *spec_act(const json_t *page, const json_t *action)
{
    const char *title = page_named(action, "title");
    json_t *spec = spec_case(page, title != NULL ? title : json_text(action, "name"), "case.act");
    json_t *params = json_member(spec, "params");
    json_put_text(params, "action", json_text(action, "name"));
    json_put_number(params, "expect_version", json_number(page, "version", 0));
    json_put_text(spec, "into", "form");
    json_put_text(spec, "to", json_text(action, "to_title"));
    const json_t *form = json_member(action, "form");
    for (size_t i = 0; i < json_array_size(form); i++) {
        json_array_append_new(json_member(spec, "fields"), json_deep_copy(json_array_get(form, i)));
    }
    if (json_flag(action, "reason")) {
        spec_field(spec, "reason", _("Reason"), "text", true, NULL);
    }
    return spec;
}

json_t *spec_note(const json_t *page)
{
    json_t *spec = spec_case(page, _("Note"), "case.note");
    json_t *field = spec_field(spec, "text", _("Note"), "text", true, NULL);
    json_put_number(field, "max_chars", 2000);
    return spec;
}

json_t *spec_task(const json_t *page, const json_t *task, const char *may)
{
    const char *title = page_named(task, "title");
    bool answer = text_equal(may, "answer");
    char *head = mem_printf(answer                      ? _("answer: %s")
                            : text_equal(may, "return") ? _("return: %s")
                                                        : _("cancel: %s"),
        title != NULL ? title : "");
    char *method = mem_printf("case.task.%s", may);
    json_t *spec = spec_case(page, head, method);
    json_put_text(json_member(spec, "params"), "id", json_text(task, "id"));
    json_put_text(spec, "note", json_text(task, "text"));
    if (answer && text_equal(json_text(task, "kind"), "joint")) {
        spec_field(spec, "opinion", _("Opinion"), "choice", false,
            json_pack("[s, s]", _("agreed"), _("not agreed")));
    }
    if (answer) {
        spec_field(spec, "text", _("Answer"), "text", true, NULL);
    } else {
        spec_field(spec, "reason", _("Reason"), "text", true, NULL);
    }
    mem_free(method);
    mem_free(head);
    return spec;
}

/* --- a new case ------------------------------------------------------------------------ */

/* flow.get calls it flag, the pages call it bool. */
static const char *page_type(const char *type)
{
    return text_equal(type, "flag") ? "bool" : type != NULL ? type : "text";
}

static void add_party(json_t *spec, const char *name, const char *role)
{
    json_t *field = spec_field(spec, name, role, "text", false, NULL);
    json_put_number(field, "max_chars", 100);
    json_put_text(field, "party", role);
}

/* Those that must be filled in come first: there are many others. */
static void add_opening(json_t *spec, const json_t *flow, bool required)
{
    const json_t *fields = json_member(json_member(flow, "doc"), "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        if (json_is_false(json_object_get(f, "open")) || json_flag(f, "required") != required) {
            continue; /* not open: filled in by a later step */
        }
        json_t *copy = json_deep_copy(f);
        json_put_text(copy, "type", page_type(json_text(f, "type")));
        json_put_number(copy, "max_chars", json_number(f, "max", 2000));
        json_array_append_new(json_member(spec, "fields"), copy);
    }
}

json_t *spec_open(const json_t *flow)
{
    const char *title = json_text(flow, "title");
    json_t *spec = json_pack("{s:o, s:s, s:{s:s?}, s:s, s:[]}", "title",
        json_sprintf("%s · %s", _("New case"), title != NULL ? title : ""), "method", "case.open",
        "params", "flow", json_text(flow, "id"), "into", "fields", "fields");
    json_put_text(spec, "act", title);
    add_party(spec, "applicant", _("Applicant"));
    add_party(spec, "respondent", _("Respondent"));
    spec_field(spec, "place", _("Place"), "place", false, NULL);
    add_opening(spec, flow, true);
    add_opening(spec, flow, false);
    json_t *field = spec_field(spec, "source", _("Source"), "text", false, NULL);
    json_put_number(field, "max_chars", 100);
    return spec;
}

static void flow_chosen(struct desk *d, void *ctx, const json_t *item)
{
    (void)ctx;
    json_t *params = json_pack("{s:s}", "flow", json_text(item, "id"));
    struct reading flow = reads_get(d->reads, "flow.get", params);
    json_decref(params);
    if (flow.result != NULL) {
        desk_show(d, screen_form(d, spec_open(flow.result)));
    } else {
        desk_say(d, LOOK_SOON, "%s",
            desk_online(d) ? _("The form is being read; choose again in a moment.")
                           : _("The form of a new case can only be read with a line."));
    }
}

void spec_prepare(struct desk *d)
{
    const json_t *flows = json_member(reads_get(d->reads, "flow.list", NULL).result, "items");
    for (size_t i = 0; i < json_array_size(flows); i++) {
        json_t *params = json_pack("{s:s}", "flow", json_text(json_array_get(flows, i), "id"));
        reads_get(d->reads, "flow.get", params);
        json_decref(params);
    }
    reads_get(d->reads, "org.places", NULL);
    reads_get(d->reads, "server.clock", NULL);
}

void screen_new_case(struct desk *d)
{
    spec_prepare(d);
    const json_t *items = json_member(reads_get(d->reads, "flow.list", NULL).result, "items");
    if (json_array_size(items) == 0) {
        desk_say(d, LOOK_SOON, "%s",
            desk_online(d) ? _("The workflows are being read; try again in a moment.")
                           : _("The form of a new case can only be read with a line."));
        return;
    }
    desk_show(d, screen_pick(d, _("What kind of case?"), json_deep_copy(items), flow_chosen, NULL));
}
