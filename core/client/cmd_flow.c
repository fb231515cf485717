/* client/cmd_flow.c — workflow scripts: what is in force, checking, testing, deploying. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/remote.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>

bool cmd_flow_list(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    json_t *flows = remote_read(c, "flow.list", NULL, err);
    if (flows == NULL) {
        return false;
    }
    const json_t *rows = json_member(flows, "items");
    for (size_t i = 0; c->output == OUTPUT_TABLE && i < json_array_size(rows); i++) {
        const char *version = json_text(json_array_get(rows, i), "version");
        char shown[13] = ""; /* enough to tell versions apart by eye */
        strncat(shown, version != NULL ? version : "", 12);
        json_put_text(json_array_get(rows, i), "version", shown);
    }
    static const struct view_column columns[] = {
        {N_("flow"), "id", "flow", false},
        {N_("title"), "title", NULL, true},
        {N_("track"), "track", NULL, false},
        {N_("version"), "version", NULL, false},
        {0},
    };
    view_list(c, flows, columns);
    json_decref(flows);
    return true;
}

/* "纠纷类型（婚姻家庭/邻里/…），必填" of a field; only the title of anything else. Caller owns. */
static char *part_line(const json_t *row)
{
    static const struct {
        const char *type, *words;
    } types[] = {
        {"money", N_("yuan")},
        {"integer", N_("whole number")},
        {"date", N_("date")},
        {"flag", N_("yes/no")},
        {"bool", N_("yes/no")},
    };
    struct buf out = {0};
    buf_adds(&out, json_text(row, "title") != NULL ? json_text(row, "title") : "");
    struct buf kind = {0};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (text_equal(json_text(row, "type"), types[i].type)) {
            buf_adds(&kind, _(types[i].words));
        }
    }
    const json_t *choices = json_member(row, "choices");
    for (size_t i = 0; i < json_array_size(choices); i++) {
        buf_addf(&kind, "%s%s", i > 0 ? "/" : "", json_string_value(json_array_get(choices, i)));
    }
    if (kind.len > 0) {
        buf_addf(&out, lang_current() == LANG_ZH ? "（%s）" : " (%s)", buf_text(&kind));
    }
    if (json_flag(row, "required")) {
        buf_adds(&out, _("; required"));
    }
    buf_close(&kind);
    return buf_take(&out);
}

/* A part of the flow's document: an array of objects with name and title, or an object of them. */
static void print_part(struct client *c, const char *title, const json_t *part)
{
    if (json_array_size(part) == 0 && json_object_size(part) == 0) {
        return;
    }
    fprintf(c->out, "\n%s\n", title);
    c->title_cells = 0;
    for (size_t i = 0; i < json_array_size(part); i++) {
        view_titles(c, json_text(json_array_get(part, i), "name"));
    }
    for (size_t i = 0; i < json_array_size(part); i++) {
        const json_t *row = json_array_get(part, i);
        char *text = part_line(row);
        view_line(
            c, json_text(row, "name") != NULL ? json_text(row, "name") : "", text, PAINT_PLAIN);
        mem_free(text);
    }
    const char *key;
    json_t *row;
    json_object_foreach((json_t *)part, key, row)
    {
        view_line(c, key, json_text(row, "title"), PAINT_PLAIN);
    }
}

bool cmd_flow_show(struct client *c, const struct args *a, struct err *err)
{
    json_t *flow = remote_read(c, "flow.get", json_pack("{s:s}", "flow", args_word(a, 0)), err);
    if (flow == NULL) {
        return false;
    }
    if (!view_raw(c, flow)) {
        const json_t *doc = json_member(flow, "doc") != NULL ? json_member(flow, "doc") : flow;
        char *head = mem_printf("%s  %s", json_text(doc, "id") != NULL ? json_text(doc, "id") : "",
            json_text(doc, "title") != NULL ? json_text(doc, "title") : "");
        view_head(c, head);
        mem_free(head);
        view_line(c, _("Version"), json_text(flow, "version"), PAINT_DIM);
        print_part(c, _("Fields"), json_member(doc, "fields"));
        print_part(c, _("States"), json_member(doc, "states"));
        print_part(c, _("Actions"), json_member(doc, "actions"));
        print_part(c, _("Clocks"), json_member(doc, "clocks"));
    }
    json_decref(flow);
    return true;
}

bool cmd_flow_deploy(struct client *c, const struct args *a, struct err *err)
{
    const char *file = args_word(a, 0);
    char *source = home_read(file, NULL);
    if (source == NULL) {
        return err_set(err, ERR_FILE, _("%s cannot be read."), file);
    }
    const char *slash = strrchr(file, '/');
    json_t *params =
        json_pack("{s:s, s:s}", "source", source, "file", slash != NULL ? slash + 1 : file);
    mem_free(source);
    if (params == NULL) {
        return err_set(err, ERR_PARSE, _("%s is no UTF-8 text."), file);
    }
    json_put_text(params, "note", args_option(a, "note"));
    if (args_flag(a, "force")) {
        json_object_set_new(params, "force", json_true());
    }
    if (c->dry_run) {
        json_decref(params);
        return cmd_flow_check(c, a, err); /* what the server would refuse it for */
    }
    json_t *result = remote_change(c, "flow.deploy", params, err);
    if (result == NULL) {
        return false;
    }
    if (!view_raw(c, result)) {
        const char *version = json_text(result, "version");
        fprintf(c->out, _("✓ In force: %s, version %.12s\n"),
            json_text(result, "flow") != NULL ? json_text(result, "flow") : file,
            version != NULL ? version : "");
        if (text_equal(version, json_text(result, "was"))) {
            fprintf(c->out, "  %s\n", _("It is the version that was in force: nothing changes."));
        }
        fprintf(c->out, "  %s\n",
            _("New cases take it; cases opened before stay on the version they began with."));
        const json_t *tests = json_member(result, "tests"), *live = json_member(result, "live");
        fprintf(c->out,
            _("  Scenarios passed: %lld. Open cases that stay under their version: %lld.\n"),
            (long long)json_number(tests, "passed", 0), (long long)json_number(live, "stay", 0));
        view_next(c, _("Look at it"), "flow show %s",
            json_text(result, "flow") != NULL ? json_text(result, "flow") : "");
    }
    json_decref(result);
    return true;
}
