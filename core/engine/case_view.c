/* engine/case_view.c — see case_view.h. */
#include "engine/case_view.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/roles.h"

#include <stddef.h>

struct looking {
    struct decision *d;
    const struct flow_action *action; /* NULL: no act is asked about */
    const json_t *input;
};

/* --- members ---------------------------------------------------------------------------------- */

static const struct body *host_of(const struct decision *d)
{
    return d->kase->host == NULL ? NULL : org_body(d->engine->org, d->kase->host);
}

static json_t *text_or_none(const char *text)
{
    return text == NULL ? NULL : json_string(text);
}

static json_t *see_host_kind(const struct looking *l)
{
    const struct body *host = host_of(l->d);
    return text_or_none(host == NULL ? NULL : host->kind);
}

static json_t *see_host_agency(const struct looking *l)
{
    const struct body *host = host_of(l->d);
    return text_or_none(host == NULL ? NULL : host->agency);
}

static json_t *see_host_name(const struct looking *l)
{
    const struct body *host = host_of(l->d);
    return text_or_none(host == NULL ? NULL : host->name);
}

static json_t *see_level(const struct looking *l)
{
    return json_integer(l->d->kase->level);
}

static json_t *see_received(const struct looking *l)
{
    char received[INSTANT_TEXT];
    return json_string(instant_format(l->d->kase->received_ms, received));
}

/* Who handled a case may not review it. */
static json_t *see_actor(const struct looking *l)
{
    return text_or_none(l->d->actor->user);
}

static json_t *see_clocks(const struct looking *l)
{
    const struct casefile *c = l->d->kase;
    json_t *clocks = json_object();
    for (size_t i = 0; i < c->clock_count; i++) {
        const struct case_clock *k = &c->clocks[i];
        char day[DATE_TEXT];
        json_object_set_new(clocks, k->name,
            json_pack("{s:s,s:s,s:i,s:b}", "state", clock_state_name(k->state), "legal",
                date_format(k->due.legal, day), "extended", k->extended, "late", k->was_late));
    }
    return clocks;
}

static const struct body *named(const struct looking *l, const char *field)
{
    const struct flow_field *f = flow_field(l->d->entry->flow, field);
    const char *id = f == NULL || f->type != FIELD_BODY ? NULL : json_text(l->input, field);
    return id == NULL ? NULL : org_body_find(l->d->engine->org, id, NULL);
}

static const struct body *led_to(const struct looking *l)
{
    if (l->action == NULL || !l->action->has_route) {
        return NULL;
    }
    const struct flow_target *t = &l->action->route;
    return t->kind == TO_FIELD ? named(l, t->name) : target_body(l->d, t, false, NULL);
}

static json_t *see_to_body(const struct looking *l)
{
    const struct body *to = led_to(l);
    return text_or_none(to == NULL ? NULL : to->id);
}

static void add_body(const struct looking *l, json_t *bodies, const struct body *b)
{
    const struct body *host = host_of(l->d);
    if (b == NULL) {
        return;
    }
    bool below = host != NULL && b != host && place_within(b->place, host->place);
    json_object_set_new(bodies, b->id,
        json_pack("{s:s,s:s,s:s?,s:i,s:b}", "name", b->name, "kind", b->kind, "agency", b->agency,
            "level", b->place->level, "below", below));
}

static json_t *see_bodies(const struct looking *l)
{
    if (l->action == NULL) {
        return NULL;
    }
    json_t *bodies = json_object();
    add_body(l, bodies, led_to(l));
    for (size_t i = 0; i < l->action->form_count; i++) {
        add_body(l, bodies, named(l, l->action->form[i].name));
    }
    return bodies;
}

#define TEXT(member)                                                                               \
    {                                                                                              \
#member, offsetof(struct casefile, member), 0, NULL                                        \
    }
#define VALUE(member)                                                                              \
    {                                                                                              \
#member, 0, offsetof(struct casefile, member), NULL                                        \
    }
#define SEEN(member)                                                                               \
    {                                                                                              \
#member, 0, 0, see_##member                                                                \
    }

static const struct {
    const char *name;
    size_t text, value; /* offsets in the case */
    json_t *(*see)(const struct looking *l);
} members[] = {TEXT(number), TEXT(flow), TEXT(state), TEXT(profile), TEXT(place), TEXT(category),
    TEXT(host), TEXT(source), VALUE(fields), VALUE(parties), VALUE(marks), VALUE(participants),
    VALUE(links), VALUE(tasks), SEEN(level), SEEN(received), SEEN(host_kind), SEEN(host_agency),
    SEEN(host_name), SEEN(actor), SEEN(clocks), SEEN(to_body), SEEN(bodies)};

enum { MEMBERS = sizeof members / sizeof members[0] };

static json_t *see(void *ctx, size_t member)
{
    const struct looking *l = ctx;
    const char *record = (const char *)l->d->kase;
    if (members[member].see != NULL) {
        return members[member].see(l);
    }
    if (members[member].text != 0) {
        return text_or_none(*(char *const *)(const void *)(record + members[member].text));
    }
    return json_incref(*(json_t *const *)(const void *)(record + members[member].value));
}

static const char *member_name(size_t member)
{
    return member < MEMBERS ? members[member].name : NULL;
}

/* --- questions -------------------------------------------------------------------------------- */

struct asking {
    struct looking looking;
    struct script_view view;
    struct script_call call;
    json_t *input; /* owned */
    char today[DATE_TEXT];
};

static void asking_begin(
    struct asking *a, struct decision *d, const struct flow_action *action, const json_t *input)
{
    a->input = input == NULL ? json_object() : json_incref((json_t *)(uintptr_t)input);
    a->looking = (struct looking){d, action, input};
    a->view = (struct script_view){.stamp = action == NULL ? d->stamp : 0,
        .name = member_name,
        .see = see,
        .ctx = &a->looking};
    a->call = (struct script_call){
        .view = &a->view, .input = a->input, .today = date_format(decision_today(d), a->today)};
}

static void asking_end(struct asking *a, bool failed)
{
    a->looking.d->engine->stats.script_errors += failed;
    json_decref(a->input);
}

bool case_fits(struct decision *d, const char *guard, bool *fits_out, struct err *err)
{
    struct asking a;
    struct err refusal = {0};
    asking_begin(&a, d, NULL, NULL);
    *fits_out = script_guard(d->entry->script, guard, &a.call, &refusal);
    bool failed = !*fits_out && refusal.code != ERR_GUARD;
    if (failed) {
        err_set(err, refusal.code, "%s", refusal.message);
    }
    err_clear(&refusal);
    asking_end(&a, failed);
    return !failed;
}

bool case_lets(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err)
{
    struct asking a;
    if (action->guard == NULL) {
        return true;
    }
    asking_begin(&a, d, action, input);
    bool ok = script_guard(d->entry->script, action->guard, &a.call, err);
    asking_end(&a, !ok && err->code != ERR_GUARD);
    return ok;
}

json_t *case_follow(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err)
{
    struct asking a;
    asking_begin(&a, d, NULL, input);
    json_t *outcomes = script_hook(d->entry->script, action->hook, &a.call, err);
    asking_end(&a, outcomes == NULL);
    return outcomes;
}
