/* engine/action_words.c — see action_words.h. */
#include "engine/action_words.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum { BEGINNING_BYTES = 6 }; /* two Han characters: less names too much */

/* An action must never be taken by a guess: of several that begin so, none. */
static const struct flow_action *begins_with(const struct flow *flow, const char *word)
{
    const struct flow_action *found = NULL;
    if (strlen(word) < BEGINNING_BYTES) {
        return NULL;
    }
    for (size_t i = 0; i < flow->action_count; i++) {
        if (text_starts(flow->actions[i].title, word)) {
            if (found != NULL) {
                return NULL;
            }
            found = &flow->actions[i];
        }
    }
    return found;
}

const struct flow_action *action_named(const struct flow *flow, const char *name, struct err *err)
{
    const struct flow_action *action = name == NULL ? NULL : flow_action(flow, name);
    if (action == NULL && name != NULL) {
        action = begins_with(flow, name);
    }
    if (action != NULL) {
        return action;
    }
    const char **names = mem_array(2 * flow->action_count + 1, sizeof *names);
    for (size_t i = 0; i < flow->action_count; i++) {
        names[2 * i] = flow->actions[i].title;
        names[2 * i + 1] = flow->actions[i].name;
    }
    const char *near = text_nearest(name != NULL ? name : "", names, 2 * flow->action_count);
    err_set(err, ERR_PARAMS, _("There is no action \"%s\""), name != NULL ? name : "");
    err_data(err, "field", json_string("action"));
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
        err_hint(err, _("Did you mean %s?"), near);
    }
    mem_free(names);
    return NULL;
}

static bool form_asks(const struct flow *flow, const struct flow_action *action, const char *word)
{
    for (size_t i = 0; i < action->form_count; i++) {
        const struct flow_field *f = flow_field(flow, action->form[i].name);
        if (text_equal(action->form[i].name, word) || (f != NULL && text_equal(f->title, word))) {
            return true;
        }
    }
    return false;
}

json_t *action_form(const struct flow *flow, const struct flow_action *action, const json_t *args,
    char **reason_out)
{
    static const char *const words[] = {"reason", "理由"};
    const char *reason = json_text(args, "reason");
    *reason_out = reason != NULL ? mem_strdup(reason) : NULL;
    json_t *given = json_member(args, "form");
    if (!json_is_object(given)) {
        return json_incref(given);
    }
    json_t *form = json_copy(given);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *text = json_text(form, words[i]);
        if (text == NULL || *reason_out != NULL || form_asks(flow, action, words[i])) {
            continue;
        }
        *reason_out = mem_strdup(text);
        json_object_del(form, words[i]);
    }
    return form;
}
