/* client/cmd_acts.c — acts on a case beside its workflow: undo, reveal, recusal. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/change.h"
#include "client/page.h"
#include "client/remote.h"
#include "client/view.h"

bool cmd_case_undo(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    json_put_text(params, "reason", args_option(a, "reason"));
    return change_send(c, "case.undo", params, err);
}

/* {"name","title","value"} rows, one object of them, or a text: whatever was veiled. */
static void print_revealed(struct client *c, const char *what, const json_t *value)
{
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            print_revealed(c, what, json_array_get(value, i));
        }
        return;
    }
    const char *title = page_named(value, "title");
    if (json_is_object(value) && json_object_get(value, "value") != NULL) {
        print_revealed(c, title != NULL ? title : what, json_object_get(value, "value"));
        return;
    }
    if (json_is_object(value)) {
        const char *name;
        json_t *inner;
        json_object_foreach((json_t *)value, name, inner)
        {
            print_revealed(c, title != NULL ? title : name, inner);
        }
        return;
    }
    char *text = view_scalar(value);
    view_line(c, what, text, PAINT_BOLD);
    mem_free(text);
}

bool cmd_case_reveal(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    json_put_text(params, "what", args_word(a, 1));
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    /* Not through the outbox and never into the copies: what was revealed must not lie in a file.
     */
    char key[UUID_TEXT];
    random_uuid7(wallclock_now_ms(&c->clock), key);
    json_object_set_new(params, "_meta", json_pack("{s:s}", "key", key));
    json_t *result = remote_call(c, "case.reveal", params, err);
    if (result == NULL) {
        return false;
    }
    if (!view_raw(c, result)) {
        static const char *const members[] = {"values", "value", "items", "revealed"};
        const json_t *shown = NULL;
        for (size_t i = 0; shown == NULL && i < sizeof members / sizeof members[0]; i++) {
            shown = json_member(result, members[i]);
        }
        if (json_is_array(shown) && json_array_size(shown) == 0) {
            fprintf(c->out, "%s", _("Nothing there is masked.\n"));
        }
        print_revealed(c, args_word(a, 1), shown != NULL ? shown : result);
        fprintf(c->talk, "%s", _("That you looked, and why, stands in the history.\n"));
    }
    json_decref(result);
    return true;
}

bool cmd_case_recuse(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    json_put_text(params, "user", args_word(a, 1));
    if (args_flag(a, "lift")) {
        json_object_set_new(params, "lift", json_true());
    }
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.recuse", params, err);
}
