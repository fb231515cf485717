/* client/request_form.c — see request_form.h. */
#include "client/request_form.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/editor.h"
#include "client/form_text.h"
#include "client/home.h"
#include "client/remote.h"
#include "client/view.h"
#include "client/when.h"

#include <string.h>

/* The member that holds the fields; NULL: the method has none. */
static const char *fields_member(const char *method)
{
    return text_equal(method, "case.open")  ? "fields"
           : text_equal(method, "case.act") ? "form"
                                            : NULL;
}

static const json_t *action_of(const json_t *page, const char *name)
{
    const json_t *actions = json_member(page, "actions");
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        if (text_equal(json_text(a, "name"), name) || text_equal(json_text(a, "title"), name)) {
            return a;
        }
    }
    return NULL;
}

json_t *request_asks(struct client *c, const char *method, const json_t *params)
{
    json_t *asks = json_object();
    json_t *page = NULL;
    if (text_equal(method, "case.act")) {
        json_t *asked = json_pack("{s:s}", "case", json_text(params, "case"));
        page = remote_read(c, "case.get", asked, NULL);
        const json_t *action = action_of(page, json_text(params, "action"));
        json_object_set(asks, "fields", json_member(action, "form"));
        json_put_text(asks, "title", json_text(action, "title"));
        if (json_flag(action, "reason")) {
            json_object_set_new(asks, "reason", json_true());
        }
    } else if (text_equal(method, "case.open")) {
        page =
            remote_read(c, "flow.get", json_pack("{s:s}", "flow", json_text(params, "flow")), NULL);
        const json_t *doc = json_member(page, "doc") != NULL ? json_member(page, "doc") : page;
        json_object_set(asks, "fields", json_member(doc, "fields"));
        json_put_text(asks, "title", json_text(doc, "title"));
    }
    json_decref(page);
    return asks;
}

/* Texts beside the fields that a person may write: those asked for, and those there already. */
static void add_texts(struct buf *out, const char *method, const json_t *params, const json_t *asks)
{
    static const struct {
        const char *name, *title;
        bool always; /* for acts and openings, even when nothing is there yet */
    } rows[] = {
        {"reason", N_("reason"), false},
        {"text", N_("text"), false},
        {"note", N_("a note for the history"), true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *value = json_text(params, rows[i].name);
        bool asked = json_flag(asks, rows[i].name);
        if (value == NULL && !asked && !(rows[i].always && fields_member(method) != NULL)) {
            continue;
        }
        char *name = mem_printf("--%s", rows[i].name);
        form_text_explain(out, _(rows[i].title));
        form_text_add(out, name, value);
        mem_free(name);
    }
}

static char *form_of(struct client *c, const char *method, const json_t *params)
{
    struct buf out = {0};
    json_t *asks = request_asks(c, method, params);
    const char *title = json_text(asks, "title");
    const char *number = json_text(params, "case");
    char *head = mem_printf("%s%s%s", number != NULL ? number : "", number != NULL ? " " : "",
        title != NULL ? title : method);
    form_text_explain(&out, head);
    form_text_explain(
        &out, _("Save and leave the editor to send it; leave without a change to give up.\n"
                "A value of several lines goes on in lines that begin with two spaces."));
    buf_addc(&out, '\n');
    const char *member = fields_member(method);
    const json_t *values = member != NULL ? json_member(params, member) : NULL;
    const json_t *fields = json_member(asks, "fields");
    form_text_fields(&out, fields, values);
    add_texts(&out, method, params, asks);
    mem_free(head);
    json_decref(asks);
    return buf_take(&out);
}

/* One value of the form to its place. */
static bool put_value(struct client *c, json_t *params, json_t *fields, const char *name,
    json_t *value, struct err *err)
{
    if (!text_starts(name, "--")) {
        if (fields == NULL) {
            return err_set(err, ERR_PARAMS, _("There is no field “%s” here."), name);
        }
        json_object_set(fields, name, value);
        return true;
    }
    name += 2;
    if (strcmp(name, "occurred") == 0 && json_is_string(value)) {
        char *at = when_of(c, json_string_value(value), err);
        json_put_text(params, "occurred_at", at);
        bool ok = at != NULL;
        mem_free(at);
        return ok;
    }
    json_object_set(params, name, value);
    return true;
}

/* A JSON form may also be the parameters themselves: {"form":{…},"reason":…}. */
static bool merge(struct client *c, const char *method, json_t *params, const json_t *values,
    bool overwrite, struct err *err)
{
    const char *member = fields_member(method);
    json_t *fields = member != NULL ? json_member(params, member) : NULL;
    const char *name;
    json_t *value;
    bool ok = true;
    json_object_foreach((json_t *)values, name, value)
    {
        bool whole = member != NULL && strcmp(name, member) == 0 && json_is_object(value);
        if (whole) {
            ok = ok && (overwrite ? json_object_update(fields, value)
                                  : json_object_update_missing(fields, value)) == 0;
            continue;
        }
        bool there = json_object_get(text_starts(name, "--") ? params : fields,
                         text_starts(name, "--") ? name + 2 : name) != NULL;
        ok = ok && ((there && !overwrite) || put_value(c, params, fields, name, value, err));
    }
    return ok;
}

bool request_edit(
    struct client *c, const char *method, json_t *params, char **path_out, struct err *err)
{
    char *text = form_of(c, method, params);
    char *written = editor_run(text, path_out, err);
    mem_free(text);
    json_t *values = written != NULL ? form_text_read(written, strlen(written), err) : NULL;
    mem_free(written);
    if (values == NULL) {
        return false;
    }
    /* What was emptied in the form is gone; what the form does not show stays. */
    const char *member = fields_member(method);
    if (member != NULL) {
        json_object_clear(json_member(params, member));
    }
    static const char *const texts[] = {"reason", "note", "text"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_object_del(params, texts[i]);
    }
    bool ok = merge(c, method, params, values, true, err);
    json_decref(values);
    return ok;
}

bool request_read(
    struct client *c, const char *method, json_t *params, const char *file, struct err *err)
{
    size_t len = 0;
    char *text = home_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, &len);
    if (text == NULL) {
        return err_set(err, ERR_FILE, _("%s cannot be read."), file);
    }
    json_t *values = form_text_read(text, len, err);
    mem_free(text);
    bool ok = values != NULL && merge(c, method, params, values, false, err);
    json_decref(values);
    return ok || err_prefix(err, "%s%s", file, view_colon());
}
