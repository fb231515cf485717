/* engine/act_words.c — acts beside the workflow as the history tells them. */
#include "engine/party.h"
#include "engine/reveal.h"
#include "engine/words.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdint.h>

char *event_undone_words(const struct flow *flow, const json_t *event)
{
    const char *name = json_text(event, "undoes_action"), *type = json_text(event, "undoes_type");
    const struct flow_action *action =
        flow == NULL || name == NULL ? NULL : flow_action(flow, name);
    return mem_printf(_("undone: %s"), action != NULL ? action->title : event_type_words(type));
}

char *event_revealed_words(const struct flow *flow, const json_t *event)
{
    char *what = reveal_words(flow, json_text(event, "what"), json_text(event, "role"));
    char *line = mem_printf(_("looked at: %s"), what);
    mem_free(what);
    return line;
}

char *event_recused_words(const struct engine *e, const json_t *event, const json_t *changes)
{
    bool lifted = text_equal(json_text(json_array_get(changes, 0), "op"), "drop");
    return mem_printf(lifted ? _("recusal of %s lifted") : _("%s is recused"),
        person_name(e, json_text(event, "user")));
}

/* Its kind, not its name: names of files are names of people. */
char *event_file_words(const char *type, const json_t *event, const json_t *changes)
{
    const json_t *item = json_object_get(json_array_get(changes, 0), "item");
    const char *id = json_text(event, "file"), *kind = json_text(event, "kind");
    bool added = text_equal(type, "attached");
    kind = added ? json_text(item, "kind") : kind;
    return mem_printf(added ? _("attached: %s (%s)") : _("attachment taken away: %s (%s)"),
        kind != NULL ? kind : _("file"), added ? json_text(item, "id") : id);
}

static const json_t *first_change(const json_t *changes, const char *op)
{
    size_t i;
    const json_t *change;
    json_array_foreach((json_t *)(uintptr_t)changes, i, change)
    {
        if (text_equal(json_text(change, "op"), op)) {
            return change;
        }
    }
    return NULL;
}

static char *chosen_words(const json_t *event)
{
    const char *by = json_text(event, "chosen_by");
    return by == NULL ? NULL
                      : mem_strdup(text_equal(by, "parties") ? _("chosen by the parties")
                                                             : _("assigned by the committee"));
}

char *event_act_words(
    const struct engine *e, const struct flow *flow, const char *type, const json_t *event)
{
    if (text_equal(type, "undone")) {
        return event_undone_words(flow, event);
    }
    if (text_equal(type, "attached") || text_equal(type, "detached")) {
        return event_file_words(type, event, json_object_get(event, "changes"));
    }
    if (text_equal(type, "revealed")) {
        return event_revealed_words(flow, event);
    }
    if (text_equal(type, "recused")) {
        return event_recused_words(e, event, json_object_get(event, "changes"));
    }
    if (text_equal(type, "party")) {
        return party_change_words(first_change(json_object_get(event, "changes"), "parties"));
    }
    if (text_equal(type, "corrected")) {
        return corrected_words(flow, first_change(json_object_get(event, "changes"), "fields"));
    }
    return text_equal(type, "assigned") ? chosen_words(event) : NULL;
}
