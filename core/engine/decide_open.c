/* engine/decide_open.c — registration: which body, which profile, which number, which clocks. */
#include "engine/counter.h"
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/form.h"
#include "engine/outcome.h"

#include <string.h>

static bool pick_flow(struct decision *d, const json_t *args, struct err *err)
{
    const char *id = json_text(args, "flow");
    d->entry = id == NULL ? NULL : engine_entry_current(d->engine, id);
    if (d->entry != NULL) {
        return true;
    }
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < engine_flow_count(d->engine) && n + 2 <= 64; i++) {
        const struct flow *f = engine_flow_at(d->engine, i);
        names[n++] = f->id;
        names[n++] = f->title;
    }
    const char *near = id == NULL ? NULL : text_nearest(id, names, n);
    err_set(err, ERR_PARAMS, _("There is no workflow \"%s\""), id != NULL ? id : "");
    err_data(err, "field", json_string("flow"));
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
        err_hint(err, _("Did you mean %s?"), near);
    }
    return false;
}

/* --- the body it is registered at ----------------------------------------------------------- */

struct own_body {
    const char *flow;
    const struct place *place; /* may be NULL: any */
    const struct body *found;
};

static void own_body_fits(const struct member *m, void *ctx)
{
    struct own_body *own = ctx;
    bool near = own->place == NULL || place_within(own->place, m->body->place);
    if (own->found == NULL && near && body_can_host(m->body, own->flow)) {
        own->found = m->body;
    }
}

/* The body named; else the actor's own that can host the flow; else the nearest one at the place.
 */
static const struct body *pick_body(
    struct decision *d, const json_t *args, const struct place *place, struct err *err)
{
    const struct org *org = d->engine->org;
    const struct flow *flow = d->entry->flow;
    const char *named = json_text(args, "body");
    if (named != NULL) {
        const struct body *b = org_body_find(org, named, err);
        if (b != NULL && !body_can_host(b, flow->id)) {
            err_set(err, ERR_PARAMS, _("%s does not handle %s"), b->name, flow->title);
            err_hint(err, _("Column hosts of bodies.csv says which workflows a body handles"));
            b = NULL;
        }
        return b;
    }
    struct own_body own = {flow->id, place, NULL};
    org_members_of(org, d->actor->user, decision_desk_day(d), own_body_fits, &own);
    if (own.found == NULL && place != NULL) {
        struct body_wish wish = {.flow = flow->id, .level_max = place->level};
        own.found = org_nearest(org, place, &wish, decision_desk_day(d));
    }
    if (own.found == NULL) {
        err_set(err, ERR_PARAMS, _("No body was found that could register %s here"), flow->title);
        err_hint(err, place == NULL
                          ? _("Name the place or the body")
                          : _("Column hosts of bodies.csv says which workflows a body handles"));
    }
    return own.found;
}

/* --- who registers ---------------------------------------------------------------------------- */

struct registrar {
    const struct flow *flow;
    const struct body *host;
    const struct body *from; /* the first of the actor's bodies whose people may register */
    bool hosted;             /* the actor works at the host */
};

static void note_registrar(const struct member *m, void *ctx)
{
    struct registrar *r = ctx;
    r->hosted = r->hosted || m->body == r->host;
    if (r->from == NULL &&
        (r->flow->registers == NULL || name_in(r->flow->registers, m->body->kind))) {
        r->from = m->body;
    }
}

/* Registering is open to many, but not every kind of body takes every kind of case (DOMAIN §2.m).
 */
static bool may_register(struct decision *d, struct registrar *r, struct err *err)
{
    if (d->actor->kind != ACTOR_USER) {
        return true;
    }
    org_members_of(d->engine->org, d->actor->user, decision_desk_day(d), note_registrar, r);
    return r->from != NULL ||
           err_set(err, ERR_FORBIDDEN, _("%s is not registered by your office"), r->flow->title);
}

static bool pick_place(
    struct decision *d, const json_t *args, const struct place **place_out, struct err *err)
{
    const char *text = json_text(args, "place");
    *place_out = NULL;
    if (text == NULL) {
        return true;
    }
    *place_out = org_place_find(d->engine->org, text, err);
    return *place_out != NULL;
}

static bool pick_received(
    struct decision *d, const json_t *args, int64_t *received_out, struct err *err)
{
    const char *text = json_text(args, "received_at");
    *received_out = d->now_ms;
    if (text == NULL) {
        return true;
    }
    if (!instant_parse(text, received_out)) {
        err_set(err, ERR_PARAMS, _("received_at: there is no such date or time: %s"), text);
    } else if (*received_out > d->now_ms) {
        err_set(err, ERR_PARAMS, _("received_at lies in the future: %s"), text);
    } else {
        return true;
    }
    err_hint(err, _("Write it like 2026-11-24T09:30:00"));
    return err_data(err, "field", json_string("received_at"));
}

bool opening_profile(struct decision *d, const struct flow_profile **profile_out, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    char day[DATE_TEXT];
    *profile_out = flow_profile_on(flow, decision_today(d));
    if (flow->profile_count > 0 && *profile_out == NULL) {
        return err_set(err, ERR_PARAMS, _("%s has no rules for %s"), flow->title,
            date_format(decision_today(d), day));
    }
    return true;
}

/* --- number, category ----------------------------------------------------------------------- */

/* Taken for good only when the decision is accepted (counter_take). */
static char *next_number(struct engine *e, const struct body *body, struct date today)
{
    int year = date_year(today) % 100;
    return mem_printf(
        "%s%02d-%04lld", body->sign, year, (long long)counter_find(e, body->sign, year)->last + 1);
}

void opening_classify(struct decision *d, const json_t *fields)
{
    const struct flow *flow = d->entry->flow;
    if (flow->classify == NULL || d->engine->taxonomy == NULL || d->kase->category != NULL) {
        return;
    }
    char *names = mem_strdup(flow->classify);
    char *rest = NULL;
    const char *subject = strtok_r(names, ",", &rest), *text = strtok_r(NULL, ",", &rest);
    const char *words = text == NULL ? NULL : json_text(fields, text);
    json_t *found = taxonomy_classify(d->engine->taxonomy,
        subject == NULL ? NULL : json_text(fields, subject), words != NULL ? words : "");
    if (found != NULL) {
        json_t *change = change_new("category");
        json_put_text(change, "to", json_text(found, "path"));
        json_object_set(change, "words", json_object_get(found, "words"));
        decision_change(d, change);
        json_decref(found);
    }
    mem_free(names);
}

static void search_parties(struct decision *d, const json_t *parties)
{
    for (size_t i = 0; i < json_array_size(parties); i++) {
        buf_addf(&d->search, "%s\n", json_text(json_array_get(parties, i), "name"));
    }
}

void opening_record(struct decision *d, const json_t *args, const struct place *place,
    const struct body *body, const struct flow_profile *profile)
{
    struct engine *e = d->engine;
    const struct flow *flow = d->entry->flow;
    json_t *change = change_new("open");
    char *number = next_number(e, body, decision_today(d));
    json_put_number(change, "id", e->last_case + 1);
    json_put_text(change, "number", number);
    json_put_text(change, "flow", flow->id);
    json_put_text(change, "flow_version", flow->version);
    json_put_text(change, "profile", profile == NULL ? NULL : profile->id);
    json_put_text(change, "host", body->id);
    json_put_text(change, "origin", body->id);
    json_put_text(change, "place", place->code);
    json_put_text(change, "source", json_text(args, "source"));
    json_put_number(change, "level", body->place->level);
    json_put_number(change, "received_ms", d->at_ms);
    json_put_number(change, "opened_ms", d->now_ms);
    json_t *parties = json_member(args, "parties");
    if (parties != NULL) {
        json_object_set(change, "parties", parties);
        search_parties(d, parties);
    }
    buf_addf(&d->search, "%s\n", number);
    mem_free(number);
    decision_change(d, change);
}

bool decide_open(struct decision *d, const struct command *c, struct err *err)
{
    const struct engine *e = d->engine;
    const struct place *place;
    const struct flow_profile *profile;
    if (!pick_flow(d, c->args, err) || !pick_place(d, c->args, &place, err) ||
        !pick_received(d, c->args, &d->at_ms, err)) {
        return false;
    }
    const struct body *body = pick_body(d, c->args, place, err);
    if (body == NULL) {
        return false;
    }
    place = place != NULL ? place : body->place;
    struct date today = decision_desk_day(d);
    struct registrar registrar = {.flow = d->entry->flow, .host = body};
    if (!access_at(e->access, e->org, d->actor, "case.open", place, body, today, err) ||
        !may_register(d, &registrar, err) || !opening_profile(d, &profile, err)) {
        return false;
    }
    json_t *parties = json_member(c->args, "parties");
    json_t *fields = form_for_opening(d->entry->flow, json_member(c->args, "fields"), err);
    if (fields == NULL || !form_check_parties(parties, err)) {
        json_decref(fields);
        return false;
    }
    opening_record(d, c->args, place, body, profile);
    if (registrar.from != NULL && !registrar.hosted) { /* whoever registered it may follow it */
        json_t *stays = change_new("participant");
        json_put_text(stays, "body", registrar.from->id);
        decision_change(d, stays);
    }
    opening_classify(d, fields);
    decision_set_fields(d, fields);
    json_put_text(d->event, "note", json_text(c->args, "note"));
    const struct flow_state *first = flow_initial(d->entry->flow);
    if (!decision_enter(d, first->name, err) || !outcome_jump(d, err)) {
        return false;
    }
    decision_notify(d, first->work, "assigned", first->title);
    return true;
}
