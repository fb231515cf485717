/* engine/target_view.c — see target_view.h. */
#include "engine/target_view.h"

#include "base/json.h"
#include "engine/roles.h"

static void add_body(struct decision *d, json_t *bodies, const struct body *b)
{
    const struct body *host =
        d->kase->host == NULL ? NULL : org_body(d->engine->org, d->kase->host);
    if (b == NULL) {
        return;
    }
    bool below = host != NULL && b != host && place_within(b->place, host->place);
    json_object_set_new(bodies, b->id,
        json_pack("{s:s,s:s,s:s?,s:i,s:b}", "name", b->name, "kind", b->kind, "agency", b->agency,
            "level", b->place->level, "below", below));
}

static const struct body *named(
    struct decision *d, const struct flow *flow, const char *field, const json_t *input)
{
    const struct flow_field *f = flow_field(flow, field);
    const char *id = f == NULL || f->type != FIELD_BODY ? NULL : json_text(input, field);
    return id == NULL ? NULL : org_body_find(d->engine->org, id, NULL);
}

static const struct body *led_to(
    struct decision *d, const struct flow_action *action, const json_t *input)
{
    const struct flow_target *t = &action->route;
    if (!action->has_route) {
        return NULL;
    }
    return t->kind == TO_FIELD ? named(d, d->entry->flow, t->name, input)
                               : target_body(d, t, false, NULL);
}

json_t *target_view(struct decision *d, const struct flow_action *action, const json_t *input)
{
    json_t *view = json_copy((json_t *)(uintptr_t)case_for_script(d)), *bodies = json_object();
    const struct body *to = led_to(d, action, input);
    json_put_text(view, "to_body", to == NULL ? NULL : to->id);
    add_body(d, bodies, to);
    for (size_t i = 0; i < action->form_count; i++) {
        add_body(d, bodies, named(d, d->entry->flow, action->form[i].name, input));
    }
    json_object_set_new(view, "bodies", bodies);
    return view;
}
