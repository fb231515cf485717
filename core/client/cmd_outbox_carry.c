/* client/cmd_outbox_carry.c — the outbox on a stick: from a computer without a line to one that has
 * it. One line of JSON per request; taking the same file in again changes nothing, and what was
 * sent from both computers happens once, as the key is the same. */
#include "client/cmd.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/home.h"
#include "client/outbox_order.h"
#include "client/remote.h"
#include "client/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT "fengqiao-outbox-1"

bool cmd_outbox_export(struct client *c, const struct args *a, struct err *err)
{
    if (!remote_outbox(c, err)) {
        return false;
    }
    struct buf out = {0};
    json_t *all = outbox_list(c->outbox, OUTBOX_NEW);
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *entry = json_array_get(all, i);
        if (json_text(entry, "line") != NULL) {
            json_t *row = json_pack("{s:s, s:s, s:s}", "format", FORMAT, "key",
                json_text(entry, "key"), "line", json_text(entry, "line"));
            char *text = json_compact(row);
            buf_addf(&out, "%s\n", text);
            free(text);
            json_decref(row);
            count++;
        }
    }
    json_decref(all);
    const char *file = args_word(a, 0);
    bool ok = true;
    if (strcmp(file, "-") == 0) {
        fputs(buf_text(&out), c->out);
    } else {
        ok = home_write(file, buf_text(&out), out.len, err);
    }
    buf_close(&out);
    if (ok) {
        fprintf(c->talk, _("✓ %zu changes copied; they stay here too until they were answered.\n"),
            count);
    }
    return ok;
}

/* Who may send it from here: the same user, by the name this computer has for the server. */
static void adopt(const struct client *c, json_t *request)
{
    json_t *meta = json_member(json_member(request, "params"), "_meta");
    const char *sender = json_text(meta, "sender");
    const char *user = json_text(c->login, "user");
    size_t len = user != NULL ? strlen(user) : 0;
    if (sender != NULL && user != NULL && strncmp(sender, user, len) == 0 && sender[len] == '@') {
        char *mine = remote_sender(c);
        json_put_text(meta, "sender", mine);
        mem_free(mine);
    }
}

static bool is_request(const json_t *request, const char *key)
{
    const json_t *meta = json_member(json_member(request, "params"), "_meta");
    const char *method = json_text(request, "method");
    /* Only what the outbox itself makes of a mediator's work: a file from elsewhere must not change
     * passwords or workflows. */
    return outbox_is_key(key) && method != NULL && text_starts(method, "case.") &&
           text_equal(json_text(meta, "key"), key) && json_text(meta, "sender") != NULL &&
           json_text(meta, "token") == NULL;
}

/* 1: taken in, 0: known already, -1: no line of an outbox. */
static int take_in(struct client *c, const char *text, size_t len, struct err *err)
{
    json_t *row = json_parse(text, len, err);
    const char *key = json_text(row, "key");
    const char *line = json_text(row, "line");
    json_t *request = line != NULL && text_equal(json_text(row, "format"), FORMAT)
                          ? json_parse(line, strlen(line), err)
                          : NULL;
    int taken = -1;
    if (is_request(request, key)) {
        taken = 1;
        for (int i = 0; i < OUTBOX_FOLDERS; i++) {
            taken = outbox_has(c->outbox, (enum outbox_folder)i, key) ? 0 : taken;
        }
        adopt(c, request);
        char *adopted = json_compact(request);
        if (taken == 1 && !outbox_put(c->outbox, key, adopted, err)) {
            taken = -1;
        }
        free(adopted);
    } else if (err->code == ERR_NONE) {
        err_set(err, ERR_PARSE, "%s", _("This is no line of an outbox."));
    }
    json_decref(request);
    json_decref(row);
    return taken;
}

bool cmd_outbox_import(struct client *c, const struct args *a, struct err *err)
{
    const char *file = args_word(a, 0);
    char *text = home_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, NULL);
    if (text == NULL) {
        return err_set(err, ERR_FILE, _("%s cannot be read."), file);
    }
    bool ok = remote_outbox(c, err);
    size_t taken = 0;
    size_t known = 0;
    int no = 0;
    char *rest = text;
    for (char *line; ok && (line = strsep(&rest, "\n")) != NULL;) {
        no++;
        if (*line != '\0') {
            int done = take_in(c, line, strlen(line), err);
            ok = done >= 0 || err_prefix(err, _("%s, line %d: "), file, no);
            taken += done == 1;
            known += done == 0;
        }
    }
    mem_free(text);
    if (taken + known > 0) {
        fprintf(c->out, _("✓ %zu changes taken in, %zu were known already.\n"), taken, known);
        view_next(c, _("Send them"), "outbox send");
    }
    return ok;
}
