/* client/cmd_outbox.c — the outbox as the user sees it. */
#include "client/cmd.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/editor.h"
#include "client/outbox_order.h"
#include "client/page_conflict.h"
#include "client/remote.h"
#include "client/request_form.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>

/* The first 48 bits of a UUIDv7 are milliseconds: when it was made. */
static int64_t made_ms(const char *key)
{
    char hex[13] = "";
    size_t n = 0;
    for (const char *p = key; *p != '\0' && n < 12; p++) {
        if (*p != '-') {
            hex[n++] = *p;
        }
    }
    hex[n] = '\0';
    return (int64_t)strtoull(hex, NULL, 16);
}

/* What stands in the list for an entry. */
static const char *status_of(const json_t *entry, enum outbox_folder folder, bool stuck)
{
    const char *message = json_text(json_member(entry, "answer"), "message");
    return json_flag(entry, "damaged") ? _("unreadable")
           : folder == OUTBOX_DRAFT    ? _("a draft, not sent")
           : stuck                     ? _("waits behind a refused one")
           : folder == OUTBOX_NEW      ? _("not answered yet")
           : message != NULL           ? message
                                       : _("refused");
}

/* One list of what needs attention: what waits, then conflicts, then drafts, each numbered. */
static json_t *entries(const struct client *c)
{
    static const enum outbox_folder folders[] = {OUTBOX_NEW, OUTBOX_CONFLICT, OUTBOX_DRAFT};
    json_t *all = json_array();
    for (size_t f = 0; f < 3; f++) {
        json_t *list = outbox_list(c->outbox, folders[f]);
        for (size_t i = 0; i < json_array_size(list); i++) {
            json_t *entry = json_array_get(list, i);
            const json_t *params = json_member(json_member(entry, "request"), "params");
            char at[INSTANT_TEXT];
            json_put_text(entry, "folder", outbox_folder_name(folders[f]));
            json_put_number(entry, "no", (int64_t)json_array_size(all) + 1);
            json_put_text(entry, "at", instant_format(made_ms(json_text(entry, "key")), at));
            json_put_text(entry, "method", json_text(json_member(entry, "request"), "method"));
            json_put_text(entry, "case", json_text(params, "case"));
            json_put_text(entry, "action", json_text(params, "action"));
            json_put_text(entry, "sender", json_text(json_member(params, "_meta"), "sender"));
            bool stuck =
                folders[f] == OUTBOX_NEW &&
                outbox_order_of_case(c->outbox, json_text(json_member(params, "_meta"), "sender"),
                    json_text(params, "case")) == TURN_CONFLICT;
            json_put_text(entry, "status", status_of(entry, folders[f], stuck));
            json_array_append(all, entry);
        }
        json_decref(list);
    }
    return all;
}

bool cmd_outbox_list(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    if (!remote_outbox(c, err)) {
        return false;
    }
    json_t *all = entries(c);
    static const struct view_column columns[] = {
        {N_("no."), "no", NULL, false},
        {N_("when"), "at", NULL, false},
        {N_("what"), "action", "method", false},
        {N_("number"), "case", NULL, false},
        {N_("status"), "status", NULL, true},
        {0},
    };
    view_list(c, all, columns);
    if (c->output == OUTPUT_TABLE && json_array_size(all) == 0) {
        fprintf(c->out, "%s", _("The outbox is empty: everything was answered.\n"));
    } else if (c->output == OUTPUT_TABLE) {
        if (outbox_count(c->outbox, OUTBOX_NEW) > 0) {
            view_next(c, _("Send them"), "outbox send");
        }
        if (outbox_count(c->outbox, OUTBOX_CONFLICT) > 0) {
            view_next(c, _("Decide about a refused one"), "outbox resolve %zu redo|edit|discard",
                outbox_count(c->outbox, OUTBOX_NEW) + 1);
        }
        if (outbox_count(c->outbox, OUTBOX_DRAFT) > 0) {
            view_next(c, _("Send a draft"), "outbox send %zu", json_array_size(all));
        }
        view_next(c, _("Look at one"), "outbox show 1");
    }
    json_decref(all);
    return true;
}

/* By number of the list, or by key or its beginning; new reference. */
static json_t *find_entry(struct client *c, const char *name, struct err *err)
{
    if (!remote_outbox(c, err)) {
        return NULL;
    }
    json_t *all = entries(c);
    json_t *found = NULL;
    char *end;
    long no = strtol(name, &end, 10);
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *entry = json_array_get(all, i);
        bool by_number = *end == '\0' && json_number(entry, "no", 0) == no;
        bool by_key = strlen(name) >= 8 && text_starts(json_text(entry, "key"), name);
        if (by_number || by_key) {
            found = json_incref(entry);
            break;
        }
    }
    json_decref(all);
    if (found == NULL) {
        err_set(err, ERR_NOT_FOUND, _("The outbox has no entry “%s”."), name);
        err_hint(err, _("See: fengqiao outbox list"));
    }
    return found;
}

static enum outbox_folder folder_of(const json_t *entry)
{
    const char *name = json_text(entry, "folder");
    return text_equal(name, "new")     ? OUTBOX_NEW
           : text_equal(name, "draft") ? OUTBOX_DRAFT
                                       : OUTBOX_CONFLICT;
}

/* A refused one or a draft goes to new/, as it is but for the version it expected. */
static bool redo(struct client *c, const json_t *entry, struct err *err)
{
    const char *key = json_text(entry, "key");
    json_t *request = json_member(entry, "request");
    if (request == NULL) {
        return err_set(err, ERR_PARSE, _("The file of this entry is damaged."));
    }
    json_object_del(json_member(request, "params"), "expect_version");
    char *line = json_compact(request);
    bool ok = outbox_put(c->outbox, key, line, err) &&
              outbox_discard(c->outbox, key, folder_of(entry), err);
    free(line);
    return ok;
}

/* What is left after sending, in words; false when something was not answered. */
static bool say_counts(struct client *c, const struct outbox_counts *counts, struct err *err)
{
    if (c->output == OUTPUT_JSON) {
        json_t *all = json_pack("{s:I, s:I, s:I, s:I}", "sent", (json_int_t)counts->sent, "left",
            (json_int_t)counts->left, "stuck", (json_int_t)counts->stuck, "conflicts",
            (json_int_t)outbox_count(c->outbox, OUTBOX_CONFLICT));
        view_json(c, all);
        json_decref(all);
    } else {
        fprintf(c->out, _("%zu sent, %zu still waiting.\n"), counts->sent, counts->left);
    }
    if (counts->stuck > 0) {
        fprintf(c->talk,
            _("%zu wait behind a refused one of the same case: fengqiao outbox list\n"),
            counts->stuck);
    }
    if (counts->left > 0) {
        err_set(err, ERR_OFFLINE, _("Some changes were not answered. They stay in the outbox."));
        return err_hint(err, _("Try later: fengqiao outbox send"));
    }
    return true;
}

bool cmd_outbox_send(struct client *c, const struct args *a, struct err *err)
{
    if (args_word(a, 0) != NULL) {
        json_t *entry = find_entry(c, args_word(a, 0), err);
        bool ok = entry != NULL && (folder_of(entry) == OUTBOX_NEW || redo(c, entry, err));
        json_decref(entry);
        if (!ok) {
            return false;
        }
    }
    struct outbox_counts counts;
    if (!remote_send_pending(c, true, &counts, err) || !say_counts(c, &counts, err)) {
        return false;
    }
    size_t others = outbox_count(c->outbox, OUTBOX_NEW) - counts.stuck;
    if (others > 0) {
        fprintf(c->talk,
            _("%zu more belong to another user or server; log in there to send them.\n"), others);
    }
    return true;
}

/* The case of an entry as it is now, and its newest event; NULL without a line or a case. */
static json_t *case_now(struct client *c, const json_t *entry, json_t **last_out)
{
    const char *number = outbox_case(entry);
    *last_out = NULL;
    if (number == NULL) {
        return NULL;
    }
    json_t *page = remote_read(c, "case.get", json_pack("{s:s}", "case", number), NULL);
    int64_t version = json_number(page, "version", 0);
    if (page != NULL && c->copy_at_ms == 0) {
        json_t *params = json_pack("{s:s, s:i}", "case", number, "limit", 500);
        json_t *rows = remote_call(c, "case.timeline", params, NULL);
        const json_t *items = json_member(rows, "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            json_t *row = json_array_get(items, i);
            if (json_number(row, "version", 0) == version) {
                *last_out = json_incref(row);
            }
        }
        json_decref(rows);
    }
    return page;
}

static void show_entry(struct client *c, const json_t *entry, const char *name)
{
    json_t *last;
    bool known = c->login != NULL && !json_flag(entry, "damaged");
    json_t *page = known ? case_now(c, entry, &last) : NULL;
    const char *number = outbox_case(entry);
    char *head = mem_printf(
        "%s  %s", number != NULL ? number : json_text(entry, "method"), json_text(entry, "status"));
    view_head(c, head);
    mem_free(head);
    view_line(c, _("By"), json_text(entry, "sender"), PAINT_PLAIN);
    if (json_flag(entry, "damaged")) {
        view_line(c, _("File"), json_text(entry, "key"), PAINT_PLAIN);
    } else {
        page_print_conflict(c, entry, page, known ? last : NULL);
    }
    if (known) {
        json_decref(last);
    }
    json_decref(page);
    if (folder_of(entry) == OUTBOX_CONFLICT) {
        view_next(c, _("Send it as it is"), "outbox resolve %s redo", name);
        view_next(c, _("Change it, then send"), "outbox resolve %s edit", name);
        view_next(c, _("Give it up"), "outbox resolve %s discard", name);
    } else {
        view_next(c, _("Send it"), "outbox send %s", name);
        view_next(c, _("Give it up"), "outbox discard %s", name);
    }
}

bool cmd_outbox_show(struct client *c, const struct args *a, struct err *err)
{
    json_t *entry = find_entry(c, args_word(a, 0), err);
    if (entry != NULL && !view_raw(c, entry)) {
        show_entry(c, entry, args_word(a, 0));
    }
    json_decref(entry);
    return entry != NULL;
}

/* Given up by the user: kept in sent/ for a while, as nothing vanishes without a trace. */
static bool give_up(struct client *c, const json_t *entry, const char *why, struct err *err)
{
    const char *key = json_text(entry, "key");
    if (json_flag(entry, "damaged")) {
        return outbox_discard(c->outbox, key, folder_of(entry), err);
    }
    json_t *answer = json_pack("{s:s}", "kind", why);
    bool ok = outbox_move(c->outbox, key, folder_of(entry), OUTBOX_SENT, answer, err);
    json_decref(answer);
    return ok;
}

static bool ask_and_give_up(struct client *c, const json_t *entry, struct err *err)
{
    const char *number = json_text(entry, "case");
    const char *method = json_text(entry, "method");
    char *question = mem_printf(_("Give up %s %s?"), method != NULL ? method : "",
        number != NULL ? number : json_text(entry, "key"));
    bool yes = client_confirm(c, question, true);
    mem_free(question);
    if (!yes) {
        fprintf(c->talk, "%s", _("Nothing was given up.\n"));
        return true;
    }
    if (!give_up(c, entry, "discarded", err)) {
        return false;
    }
    fprintf(c->out, _("✓ Given up; its text is kept for %d days in %s/sent.\n"), OUTBOX_KEEP_DAYS,
        outbox_path(c->outbox));
    return true;
}

bool cmd_outbox_discard(struct client *c, const struct args *a, struct err *err)
{
    json_t *entry = find_entry(c, args_word(a, 0), err);
    bool ok = entry != NULL && ask_and_give_up(c, entry, err);
    json_decref(entry);
    return ok;
}

/* Sends one again and tells what became of it. */
static bool send_again(struct client *c, const json_t *entry, struct err *err)
{
    struct outbox_counts counts;
    if (!redo(c, entry, err) || !remote_send_pending(c, true, &counts, err)) {
        return false;
    }
    if (outbox_has(c->outbox, OUTBOX_CONFLICT, json_text(entry, "key"))) {
        err_set(err, ERR_STATE, "%s", _("It was refused again and stays a conflict."));
        return err_hint(err, "%s", _("Look at it: fengqiao outbox list"));
    }
    return say_counts(c, &counts, err);
}

/* The changed one is a request of its own, with a key of its own but the old one's place in the
 * order; the old one goes only after it was kept. */
static bool edit_and_send(struct client *c, const json_t *entry, struct err *err)
{
    json_t *request = json_member(entry, "request");
    const char *method = json_text(request, "method");
    json_t *params = json_deep_copy(json_member(request, "params"));
    json_object_del(params, "_meta");
    json_object_del(params, "expect_version");
    char *path = NULL;
    char key[UUID_TEXT];
    bool ok = request_edit(c, method, params, &path, err) &&
              remote_draft(c, method, params, made_ms(json_text(entry, "key")), key, err) &&
              give_up(c, entry, "replaced", err) &&
              outbox_move(c->outbox, key, OUTBOX_DRAFT, OUTBOX_NEW, NULL, err);
    json_decref(params);
    editor_done(path);
    struct outbox_counts counts;
    ok = ok && remote_send_pending(c, true, &counts, err);
    if (ok && outbox_has(c->outbox, OUTBOX_CONFLICT, key)) {
        err_set(err, ERR_STATE, "%s", _("It was refused again and stays a conflict."));
        return err_hint(err, "%s", _("Look at it: fengqiao outbox list"));
    }
    return ok && say_counts(c, &counts, err);
}

bool cmd_outbox_resolve(struct client *c, const struct args *a, struct err *err)
{
    static const struct {
        const char *word, *alias;
        bool (*run)(struct client *c, const json_t *entry, struct err *err);
    } ways[] = {
        {"redo", "重新提交", send_again},
        {"edit", "修改", edit_and_send},
        {"discard", "放弃", ask_and_give_up},
    };
    json_t *entry = find_entry(c, args_word(a, 0), err);
    if (entry == NULL) {
        return false;
    }
    bool damaged = json_flag(entry, "damaged");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        bool meant =
            text_equal(args_word(a, 1), ways[i].word) || text_equal(args_word(a, 1), ways[i].alias);
        if (meant && damaged && ways[i].run != ask_and_give_up) {
            json_decref(entry);
            return err_set(err, ERR_PARSE, _("The file of this entry is damaged."));
        }
        if (meant) {
            bool ok = ways[i].run(c, entry, err);
            json_decref(entry);
            return ok;
        }
    }
    json_decref(entry);
    err_set(err, ERR_PARAMS, _("“%s” is none of redo, edit, discard."), args_word(a, 1));
    return err_hint(err, "%s",
        _("redo sends it as it is, edit opens it in an editor, discard gives "
          "it up."));
}
