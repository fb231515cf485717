/* client/page_change.c — what a change did, and what else could be done instead. */
#include "client/page.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/number.h"
#include "client/remote.h"
#include "client/view.h"

#include <string.h>

enum { ACTIONS_MAX = 64 };

enum { HINT_CELLS = 36 }; /* of the line before an action: label, program, command, number */

static void print_who_next(struct client *c, const json_t *result)
{
    const json_t *next = json_member(result, "next");
    const json_t *due = json_member(result, "due");
    if (next != NULL) {
        const char *body = json_text(next, "body_name");
        const char *role = json_text(next, "role_title");
        const char *user = json_text(next, "user_name") != NULL ? json_text(next, "user_name")
                                                                : json_text(next, "user");
        fprintf(c->out, "  %s%s%s %s%s%s\n", _("Next"), view_colon(), body != NULL ? body : "",
            role != NULL ? role : "", user != NULL ? " " : "", user != NULL ? user : "");
    }
    if (due != NULL) {
        char *line = page_due_line(due);
        const char *title = json_text(due, "title");
        enum paint paint = paint_of_due(due);
        fprintf(c->out, "  %s%s%s %s%s%s\n", _("Until"), view_colon(), title != NULL ? title : "",
            paint_on(paint, c->color), line, paint_off(paint, c->color));
        mem_free(line);
    }
}

static bool leads_on(const json_t *action, const char *state_title)
{
    const char *to = json_text(action, "to_title");
    bool reason = json_is_true(json_object_get(action, "reason"));
    return json_flag(action, "allowed") && !reason && to != NULL && !text_equal(to, state_title);
}

/* The usual step this user may take now, with what must be filled in: the first that leads to
 * another state and needs no reason. What must be filled in is left out where it would not stand on
 * one line. Steps that need a reason are the unusual ones; offering one
 * would lead people astray. Caller owns; NULL when there is none. */
static char *own_next_action(const json_t *page, int width)
{
    const json_t *actions = json_member(page, "actions");
    const json_t *action = NULL;
    for (size_t i = 0; action == NULL && i < json_array_size(actions); i++) {
        const json_t *one = json_array_get(actions, i);
        action = leads_on(one, json_text(page, "state_title")) ? one : NULL;
    }
    struct buf words = {0};
    if (action != NULL) {
        buf_adds(&words, page_named(action, "title"));
    }
    size_t name_end = words.len;
    const json_t *form = json_member(action, "form");
    for (size_t i = 0; i < json_array_size(form); i++) {
        const json_t *field = json_array_get(form, i);
        if (json_flag(field, "required")) {
            buf_addf(&words, " %s=…", page_named(field, "title"));
        }
    }
    if (width > 0 && cells_width(buf_text(&words)) > width - HINT_CELLS) {
        words.len = name_end;
        words.data[name_end] = '\0';
    }
    char *taken = words.len > 0 ? mem_strdup(buf_text(&words)) : NULL;
    buf_close(&words);
    return taken;
}

void page_next_undo(struct client *c, const json_t *page)
{
    const json_t *undo = json_member(page, "undo");
    const char *number = json_text(page, "number");
    int64_t left_s = json_number(undo, "seconds_left", 0);
    if (left_s > 0 && number != NULL && c->copy_at_ms == 0) {
        char *label =
            mem_printf(_("Take it back (within %lld min)"), (long long)(left_s + 59) / 60);
        view_next(c, label, "case undo %s", number);
        mem_free(label);
    }
}

/* "✓ 羊调26-0001 受理：已登记 → 已受理 (v2)", wrapped behind its mark. */
static void print_changed(struct client *c, const json_t *result)
{
    const char *number = json_text(result, "case");
    const char *changed = json_text(result, "changed");
    int64_t version = json_number(result, "version", 0);
    struct buf words = {0};
    buf_addf(&words, "%s %s", number != NULL ? number : "", changed != NULL ? changed : "");
    if (version > 0) {
        buf_addf(&words, " (v%lld)", (long long)version);
    }
    if (json_flag(json_member(result, "_meta"), "replayed")) {
        buf_adds(&words, _(" — was done before, nothing happened twice"));
    }
    char *clean = cells_clean(buf_text(&words));
    char *wrapped = cells_wrap(clean, c->width > 12 ? c->width : 10000, 2);
    fprintf(c->out, "%s✓%s %s\n", paint_on(PAINT_GREEN, c->color), paint_off(PAINT_GREEN, c->color),
        wrapped + strspn(wrapped, " "));
    mem_free(wrapped);
    mem_free(clean);
    buf_close(&words);
}

void page_print_change(struct client *c, const json_t *result)
{
    const char *number = json_text(result, "case");
    print_changed(c, result);
    if (json_flag(result, "closed")) {
        fprintf(c->out, "  %s\n", _("The case is closed."));
    }
    print_who_next(c, result);
    json_t *page = c->dry_run || number == NULL
                       ? NULL
                       : remote_read(c, "case.get", json_pack("{s:s}", "case", number), NULL);
    char *action = own_next_action(page, c->width);
    if (action != NULL) {
        view_next(c, _("Then"), "case act %s %s", number, action);
    } else if (number != NULL) {
        view_next(c, _("Look at it"), "case show %s", number);
    }
    page_next_undo(c, page);
    json_decref(page);
    mem_free(action);
}

/* Only the names: a refusal is read for its reason, which the reasons of others would bury. */
static void say_allowed(struct client *c, const json_t *actions)
{
    struct buf names = {0};
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);
        if (json_flag(action, "allowed")) {
            buf_addf(
                &names, "%s%s", names.len > 0 ? view_comma() : "", page_named(action, "title"));
        }
    }
    view_item(c, c->talk, _("What can be done here:"),
        names.len > 0 ? buf_text(&names) : _("nothing by you"), PAINT_PLAIN);
    buf_close(&names);
}

/* A word out of a title means a step that can be taken, before any that only looks alike. */
static const char *allowed_with(const json_t *actions, const char *word)
{
    enum { WORD_BYTES = 6 }; /* two Han characters */
    for (size_t i = 0; strlen(word) >= WORD_BYTES && i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        const char *title = page_named(a, "title");
        if (json_flag(a, "allowed") && title != NULL && strstr(title, word) != NULL) {
            return title;
        }
    }
    return NULL;
}

void page_hint_actions(struct client *c, const char *number, const char *action, struct err *err)
{
    if (err->code == ERR_OFFLINE || err->code == ERR_UNAUTHENTICATED || c->output != OUTPUT_TABLE) {
        return;
    }
    char *canonical = number_canonical(number);
    json_t *page = remote_call(c, "case.get", json_pack("{s:s}", "case", canonical), NULL);
    mem_free(canonical);
    const json_t *actions = json_member(page, "actions");
    const char *names[2 * ACTIONS_MAX];
    size_t n = 0;
    bool known = false;
    for (size_t i = 0; i < json_array_size(actions) && i < ACTIONS_MAX; i++) {
        const json_t *a = json_array_get(actions, i);
        const char *both[] = {page_named(a, "title"), json_text(a, "name")};
        for (size_t k = 0; k < 2; k++) {
            if (both[k] != NULL) {
                names[n++] = both[k];
                known = known || strcmp(both[k], action) == 0;
            }
        }
    }
    bool unknown = text_equal(json_text(err->data, "field"), "action");
    const char *meant = unknown ? allowed_with(actions, action) : NULL;
    const char *nearest = meant != NULL ? meant : text_nearest(action, names, n);
    if (!known && nearest != NULL && (meant != NULL || err->hint[0] == '\0')) {
        err_hint(err, _("Did you mean: %s"), nearest);
    }
    if (n > 0 && *action == '\0') {
        fprintf(c->talk, "%s\n", _("What can be done here:"));
        page_print_actions(c, c->talk, actions);
    } else if (n > 0) {
        say_allowed(c, actions);
    }
    if (err->hint[0] == '\0') {
        err_hint(err, _("What can be done, and why not: fengqiao case show %s"), number);
    }
    json_decref(page);
}
