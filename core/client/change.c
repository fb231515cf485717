/* client/change.c — see change.h. */
#include "client/change.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>

/* --dry-run of methods the server cannot rehearse: says what would be sent. */
static bool rehearse(struct client *c, const char *method, json_t *params)
{
    if (c->output == OUTPUT_JSON) {
        json_t *what =
            json_pack("{s:b, s:s, s:o}", "dry_run", 1, "method", method, "params", params);
        view_json(c, what);
        json_decref(what);
        return true;
    }
    char *text = json_dumps(params, JSON_COMPACT | JSON_ENCODE_ANY);
    fprintf(c->out, _("Rehearsal, nothing was sent: %s %s\n"), method, text);
    free(text);
    json_decref(params);
    return true;
}

/* Methods that take dry_run and expect_version; the others check everything as well, but only when
 * they are done. */
static bool is_rehearsed(const char *method)
{
    static const char *const methods[] = {"case.act", "case.undo"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i], method) == 0) {
            return true;
        }
    }
    return false;
}

/* The server decides and writes nothing, so there is no outbox. Takes params. */
static bool rehearse_there(struct client *c, const char *method, json_t *params, struct err *err)
{
    char key[UUID_TEXT];
    random_uuid7(wallclock_now_ms(&c->clock), key);
    json_object_set_new(params, "dry_run", json_true());
    json_object_set_new(params, "_meta", json_pack("{s:s}", "key", key));
    json_t *result = remote_call(c, method, params, err);
    if (result != NULL && !view_raw(c, result)) {
        fprintf(c->out, "%s", _("Rehearsal, nothing was changed:\n"));
        if (json_text(result, "changed") != NULL) {
            page_print_change(c, result);
        } else {
            view_json(c, result);
        }
    }
    json_decref(result);
    return result != NULL;
}

bool change_send(struct client *c, const char *method, json_t *params, struct err *err)
{
    bool rehearsed = is_rehearsed(method);
    if (c->dry_run && !rehearsed) {
        return rehearse(c, method, params);
    }
    if (c->expect_version > 0 && !rehearsed) {
        json_decref(params);
        return err_set(err, ERR_PARAMS, "%s", _("Only case act and case undo take --expect."));
    }
    if (c->expect_version > 0) {
        json_put_number(params, "expect_version", c->expect_version);
    }
    if (c->dry_run) {
        return rehearse_there(c, method, params, err);
    }
    json_t *result = remote_change(c, method, params, err);
    if (result == NULL) {
        return false;
    }
    client_remember_case(c, json_text(result, "case"));
    if (!view_raw(c, result)) {
        page_print_change(c, result);
    }
    json_decref(result);
    return true;
}

char *change_text(const struct args *a, size_t i)
{
    struct buf text = {0};
    for (size_t first = i; i < a->count; i++) {
        buf_addf(&text, "%s%s", i > first ? " " : "", a->words[i]);
    }
    return buf_take(&text);
}

bool change_reason(const struct args *a, json_t *params, struct err *err)
{
    const char *reason = args_option(a, "reason");
    if (reason == NULL || *reason == '\0') {
        err_set(err, ERR_PARAMS, "%s", _("This needs its reason; it is kept in the history."));
        return err_hint(err, _("Add: --reason TEXT"));
    }
    json_put_text(params, "reason", reason);
    return true;
}

bool change_each(struct client *c, const struct args *a,
    bool (*one)(struct client *c, const struct args *a, struct err *err), struct err *err)
{
    static const char *const marks[] = {",", "，", "、"};
    struct args single = *a;
    char *list = mem_strdup(args_word(a, 0));
    bool failed = false; /* and its error waits to be told */
    for (char *number = list; number != NULL;) {
        char *next = NULL;
        size_t skip = 0;
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            char *found = strstr(number, marks[i]);
            if (found != NULL && (next == NULL || found < next)) {
                next = found;
                skip = strlen(marks[i]);
            }
        }
        if (next != NULL) {
            *next = '\0';
            next += skip;
        }
        struct err why = {0};
        single.words[0] = number;
        if (*number != '\0' && !one(c, &single, &why)) {
            if (failed) {
                fflush(c->out);
                client_complain(c, err);
                err_clear(err);
            }
            failed = true;
            *err = why;
            if (strcmp(number, args_word(a, 0)) != 0) {
                err_prefix(err, "%s%s", number, view_colon());
            }
        }
        number = next;
    }
    mem_free(list);
    return !failed;
}
