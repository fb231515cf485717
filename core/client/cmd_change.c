/* client/cmd_change.c — changing cases: open, act, note, assign, claim, classify, pause. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/change.h"
#include "client/editor.h"
#include "client/fields.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/request_form.h"
#include "client/view.h"
#include "client/when.h"

#include <stdlib.h>
#include <string.h>

/* --draft: kept, with its number in the outbox not yet known. Borrows params. */
static bool keep_draft(struct client *c, const char *method, json_t *params, struct err *err)
{
    char key[UUID_TEXT];
    if (!remote_draft(c, method, params, 0, key, err)) {
        return false;
    }
    fprintf(c->out, _("✓ Kept as a draft, %.8s; nothing was sent.\n"), key);
    view_next(c, _("See what waits"), "outbox list");
    view_next(c, _("Send it"), "outbox send %.8s", key);
    return true;
}

/* The form by -f and --edit into params; *path_out keeps what was typed until it is safe. */
static bool fill_in(struct client *c, const struct args *a, const char *method, json_t *params,
    char **path_out, struct err *err)
{
    const char *file = args_option(a, "form");
    return (file == NULL || request_read(c, method, params, file, err)) &&
           (!args_flag(a, "edit") || request_edit(c, method, params, path_out, err));
}

/* What was typed into an editor must survive a refusal; once answered or in the outbox it need
 * not. */
static void settle_typed(struct client *c, char *path, bool safe, const struct err *err)
{
    if (safe || path == NULL || err->code == ERR_OFFLINE) {
        editor_done(path);
        return;
    }
    fprintf(c->talk, _("What you wrote is kept; use it again with -f %s\n"), path);
    mem_free(path);
}

/* "申请人:某某" → {"role","name"}; a word without colon is a name. */
static json_t *parties_of(const struct args *a)
{
    json_t *parties = json_array();
    for (size_t i = 0; i < a->option_count; i++) {
        const char *value = a->options[i].value;
        if (strcmp(a->options[i].option->name, "party") != 0) {
            continue;
        }
        const char *colon = strchr(value, ':');
        const char *wide = strstr(value, "：");
        size_t skip = 1;
        if (wide != NULL && (colon == NULL || wide < colon)) {
            colon = wide;
            skip = strlen("：");
        }
        json_t *party = json_object();
        if (colon != NULL) {
            char *role = mem_strndup(value, (size_t)(colon - value));
            json_put_text(party, "role", role);
            mem_free(role);
        }
        json_put_text(party, "name", colon != NULL ? colon + skip : value);
        json_array_append_new(parties, party);
    }
    return parties;
}

/* The only flow there is, when none is named; else ERR_PARAMS that lists them. Caller owns. */
static char *choose_flow(struct client *c, const struct args *a, struct err *err)
{
    if (args_option(a, "flow") != NULL) {
        return mem_strdup(args_option(a, "flow"));
    }
    const char *configured = json_text(c->config, "flow");
    if (configured != NULL) {
        return mem_strdup(configured);
    }
    struct buf names = {0};
    json_t *flows = remote_call(c, "flow.list", NULL, NULL);
    const json_t *items = json_is_array(flows) ? flows : json_member(flows, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *f = json_array_get(items, i);
        const char *id = json_text(f, "id") != NULL ? json_text(f, "id") : json_text(f, "flow");
        buf_addf(&names, "%s%s (%s)", i > 0 ? view_comma() : "", id != NULL ? id : "",
            json_text(f, "title") != NULL ? json_text(f, "title") : "");
    }
    json_decref(flows);
    err_set(err, ERR_PARAMS, _("Which workflow? --flow %s"), _("FLOW"));
    if (names.len > 0) {
        err_hint(err, _("There are: %s"), buf_text(&names));
    }
    buf_close(&names);
    return NULL;
}

bool cmd_case_open(struct client *c, const struct args *a, struct err *err)
{
    json_t *fields = fields_of(a->words, a->count, err);
    char *typed = NULL;
    char *flow = fields != NULL ? choose_flow(c, a, err) : NULL;
    if (flow == NULL) {
        json_decref(fields);
        return false;
    }
    json_t *params = json_pack("{s:s, s:o}", "flow", flow, "fields", fields);
    json_put_text(params, "place", args_option(a, "place"));
    json_put_text(params, "body", args_option(a, "body"));
    json_put_text(params, "source", args_option(a, "from"));
    json_put_text(params, "note", args_option(a, "note"));
    if (!when_put(c, a, "received", params, "received_at", err) ||
        !fill_in(c, a, "case.open", params, &typed, err)) {
        settle_typed(c, typed, false, err);
        json_decref(params);
        mem_free(flow);
        return false;
    }
    json_t *parties = parties_of(a);
    if (json_array_size(parties) > 0) {
        json_object_set(params, "parties", parties);
    }
    json_decref(parties);
    bool draft = args_flag(a, "draft");
    bool ok =
        draft ? keep_draft(c, "case.open", params, err) : change_send(c, "case.open", params, err);
    if (draft) {
        json_decref(params);
    }
    settle_typed(c, typed, ok, err);
    if (!ok && json_member(err->data, "fields") != NULL) {
        err_hint(err, _("Which fields there are: fengqiao flow show %s"), flow);
    }
    mem_free(flow);
    return ok;
}

static bool act_one(struct client *c, const struct args *a, struct err *err)
{
    if (args_word(a, 1) == NULL) {
        err_set(err, ERR_PARAMS, _("Which action? Usage: fengqiao case act %s ACTION"),
            args_word(a, 0));
        page_hint_actions(c, args_word(a, 0), "", err);
        return false;
    }
    json_t *form = a->count > 2 ? fields_of(a->words + 2, a->count - 2, err) : json_object();
    if (form == NULL) {
        return false;
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "action", args_word(a, 1));
    json_object_set_new(params, "form", form);
    json_put_text(params, "reason", args_option(a, "reason"));
    json_put_text(params, "note", args_option(a, "note"));
    char *typed = NULL;
    if (!when_put(c, a, "occurred", params, "occurred_at", err) ||
        !fill_in(c, a, "case.act", params, &typed, err)) {
        settle_typed(c, typed, false, err);
        json_decref(params);
        return false;
    }
    bool ok;
    if (args_flag(a, "draft")) {
        ok = keep_draft(c, "case.act", params, err);
        json_decref(params);
    } else {
        ok = change_send(c, "case.act", params, err);
    }
    settle_typed(c, typed, ok, err);
    if (!ok && (err->code == ERR_PARAMS || err->code == ERR_STATE || err->code == ERR_NOT_FOUND ||
                   err->code == ERR_FORBIDDEN || err->code == ERR_GUARD)) {
        page_hint_actions(c, args_word(a, 0), args_word(a, 1), err);
    }
    if (!ok && json_array_size(json_member(err->data, "fields")) > 0) {
        err_hint(err, _("What this step asks for: fengqiao case can %s %s"), args_word(a, 0),
            args_word(a, 1));
    }
    return ok;
}

static bool note_one(struct client *c, const struct args *a, struct err *err)
{
    char *text = change_text(a, 1);
    json_t *params = page_case_params(c, a);
    json_put_text(params, "text", text);
    mem_free(text);
    return change_send(c, "case.note", params, err);
}

static bool assign_one(struct client *c, const struct args *a, struct err *err)
{
    const char *user = args_word(a, 1);
    json_t *params = page_case_params(c, a);
    json_object_set_new(params, "user", strcmp(user, "-") == 0 ? json_null() : json_string(user));
    json_put_text(params, "chosen_by", args_option(a, "chosen-by"));
    json_put_text(params, "reason", args_option(a, "reason"));
    return change_send(c, "case.assign", params, err);
}

static bool claim_one(struct client *c, const struct args *a, struct err *err)
{
    return change_send(c, "case.claim", page_case_params(c, a), err);
}

bool cmd_case_act(struct client *c, const struct args *a, struct err *err)
{
    return change_each(c, a, act_one, err);
}

bool cmd_case_note(struct client *c, const struct args *a, struct err *err)
{
    return change_each(c, a, note_one, err);
}

bool cmd_case_assign(struct client *c, const struct args *a, struct err *err)
{
    return change_each(c, a, assign_one, err);
}

bool cmd_case_claim(struct client *c, const struct args *a, struct err *err)
{
    return change_each(c, a, claim_one, err);
}

bool cmd_case_classify(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    json_put_text(params, "category", args_word(a, 1));
    return change_send(c, "case.classify", params, err);
}

bool cmd_case_pause(struct client *c, const struct args *a, struct err *err)
{
    if (args_option(a, "from") == NULL || args_option(a, "reason") == NULL) {
        err_set(
            err, ERR_PARAMS, "%s", _("A pause needs its first day and the reason the law lists."));
        return err_hint(err, _("Add: --from DATE --reason TEXT"));
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "clock", args_word(a, 1));
    json_put_text(params, "reason", args_option(a, "reason"));
    if (!when_put(c, a, "from", params, "from", err) || !when_put(c, a, "to", params, "to", err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.pause", params, err);
}
