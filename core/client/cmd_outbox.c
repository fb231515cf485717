/* client/cmd_outbox.c — the outbox as the user sees it. */
#include "client/cmd.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/remote.h"
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

/* One list of what needs attention: first new, then conflicts, each with its number. */
static json_t *entries(const struct client *c)
{
    static const enum outbox_folder folders[] = {OUTBOX_NEW, OUTBOX_CONFLICT};
    json_t *all = json_array();
    for (size_t f = 0; f < 2; f++) {
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
            const char *message = json_text(json_member(entry, "answer"), "message");
            json_put_text(entry, "status",
                json_flag(entry, "damaged") ? _("unreadable")
                : folders[f] == OUTBOX_NEW  ? _("not answered yet")
                : message != NULL           ? message
                                            : _("refused"));
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
            view_next(c, _("Drop a refused one"), "outbox discard %zu", json_array_size(all));
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
    return text_equal(json_text(entry, "folder"), "new") ? OUTBOX_NEW : OUTBOX_CONFLICT;
}

/* A refused one goes to new/ again, as it is but for the version it expected. */
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
              outbox_discard(c->outbox, key, OUTBOX_CONFLICT, err);
    free(line);
    return ok;
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
    size_t sent;
    size_t left;
    if (!remote_send_pending(c, &sent, &left, err)) {
        return false;
    }
    if (c->output == OUTPUT_JSON) {
        json_t *counts = json_pack("{s:I, s:I, s:I}", "sent", (json_int_t)sent, "left",
            (json_int_t)left, "conflicts", (json_int_t)outbox_count(c->outbox, OUTBOX_CONFLICT));
        view_json(c, counts);
        json_decref(counts);
    } else {
        fprintf(c->out, _("%zu sent, %zu still waiting.\n"), sent, left);
    }
    if (left > 0) {
        err_set(err, ERR_OFFLINE, _("Some changes were not answered. They stay in the outbox."));
        return err_hint(err, _("Try later: fengqiao outbox send"));
    }
    size_t others = outbox_count(c->outbox, OUTBOX_NEW);
    if (others > 0) {
        fprintf(c->talk,
            _("%zu more belong to another user or server; log in there to send them.\n"), others);
    }
    return true;
}

bool cmd_outbox_show(struct client *c, const struct args *a, struct err *err)
{
    json_t *entry = find_entry(c, args_word(a, 0), err);
    if (entry == NULL) {
        return false;
    }
    if (!view_raw(c, entry)) {
        view_line(c, _("Made"), json_text(entry, "at"), PAINT_PLAIN);
        view_line(c, _("By"), json_text(entry, "sender"), PAINT_PLAIN);
        view_line(c, _("Status"), json_text(entry, "status"), PAINT_PLAIN);
        view_line(c, _("Hint"), json_text(json_member(entry, "answer"), "hint"), PAINT_PLAIN);
        view_json(c, json_member(entry, "request"));
        view_next(c, _("Send it again"), "outbox send %s", args_word(a, 0));
        view_next(c, _("Drop it"), "outbox discard %s", args_word(a, 0));
    }
    json_decref(entry);
    return true;
}

bool cmd_outbox_discard(struct client *c, const struct args *a, struct err *err)
{
    json_t *entry = find_entry(c, args_word(a, 0), err);
    if (entry == NULL) {
        return false;
    }
    const char *number = json_text(entry, "case");
    char *question = mem_printf(
        _("Drop %s %s for good?"), json_text(entry, "method"), number != NULL ? number : "");
    bool ok = client_confirm(c, question, true);
    mem_free(question);
    if (ok) {
        ok = outbox_discard(c->outbox, json_text(entry, "key"), folder_of(entry), err);
        if (ok) {
            fprintf(c->out, "%s", _("✓ Dropped.\n"));
        }
    } else {
        fprintf(c->talk, "%s", _("Nothing was dropped.\n"));
        ok = true;
    }
    json_decref(entry);
    return ok;
}
