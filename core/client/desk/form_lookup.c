/* client/desk/form_lookup.c — values that are chosen from a list: places, bodies, people, many
 * choices. */
#include "client/desk/form.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/desk/screens.h"

static void looked_up(struct desk *d, void *ctx, const json_t *item)
{
    struct form *s = ctx;
    struct field *f = &s->fields[s->at];
    if (desk_top(d) != &s->screen || s->at >= s->count) {
        return;
    }
    if (f->type == FIELD_CHOICE) {
        f->chosen = (int)json_number(item, "row", 0);
    } else {
        field_choose(f, json_text(item, "id"), json_text(item, "title"));
    }
    s->changed = true;
    s->changed_us = d->now_us;
    s->at++;
}

static json_t *lookup_items(struct field *f, struct desk *d)
{
    const char *type = json_text(f->spec, "type");
    const char *body = json_text(f->spec, "body");
    bool user = text_equal(type, "user");
    bool place = text_equal(type, "place");
    json_t *params = user && body != NULL ? json_pack("{s:s}", "body", body) : NULL;
    struct reading found = reads_get(d->reads,
        user    ? "org.members"
        : place ? "org.places"
                : "org.bodies",
        params);
    json_decref(params);
    const json_t *rows = json_member(found.result, "items");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *id = json_text(row, user ? "user" : place ? "code" : "id");
        const char *name =
            json_text(row, "name") != NULL ? json_text(row, "name") : json_text(row, "title");
        const char *note = user ? json_text(row, "role_title") : id;
        if (id != NULL) {
            json_array_append_new(items, json_pack("{s:s, s:s, s:s?}", "id", id, "title",
                                             name != NULL ? name : id, "note", note));
        }
    }
    return items;
}

void form_look_up(struct form *s, struct desk *d)
{
    struct field *f = &s->fields[s->at];
    json_t *items = f->type == FIELD_CHOICE ? json_array() : lookup_items(f, d);
    for (size_t i = 0; f->type == FIELD_CHOICE && i < json_array_size(f->choices); i++) {
        json_array_append_new(
            items, json_pack("{s:O, s:i}", "title", json_array_get(f->choices, i), "row", (int)i));
    }
    if (json_array_size(items) == 0) {
        desk_say(d, LOOK_SOON, "%s",
            desk_online(d) ? _("The list is being read; press Enter again in a moment.")
                           : _("The list can only be read with a line."));
        json_decref(items);
        return;
    }
    desk_show(d, screen_pick(d, field_title(f), items, looked_up, s));
}

void form_prepare(struct field *f, struct desk *d)
{
    if (f->type == FIELD_LOOKUP) {
        json_decref(lookup_items(f, d));
    }
}
