/* engine/roles.c — see roles.h. */
#include "engine/roles.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/recusal.h"
#include "engine/seal.h"

enum { LEVEL_ANY_MAX = 9 };

const struct body *role_seat(const struct engine *e, const struct casefile *c, enum flow_seat seat)
{
    const struct body *host = c->host == NULL ? NULL : org_body(e->org, c->host);
    switch (seat) {
    case AT_HOST:
        return host;
    case AT_PARENT:
        return host == NULL
                   ? NULL
                   : org_superior(e->org, host, c->flow, date_of_instant(engine_now_ms(e)));
    case AT_SUPERVISOR:
        return c->supervisor == NULL ? NULL : org_body(e->org, c->supervisor);
    case AT_ORIGIN:
        return c->origin == NULL ? NULL : org_body(e->org, c->origin);
    case AT_REVIEW:
        return host == NULL ? NULL : host->review;
    case AT_ANY:
        break;
    }
    return NULL;
}

struct search {
    const struct engine *engine;
    const struct casefile *kase;
    const struct flow_role *role;
    const struct place *host_place;
    bool found;
};

/* AT_ANY and AT_PARENT are not one body: any membership with the role above (or at) the host
 * counts. */
static void membership_fits(const struct member *m, void *ctx)
{
    struct search *s = ctx;
    if (!name_in(s->role->members, m->role)) {
        return;
    }
    const struct body *seat = role_seat(s->engine, s->kase, s->role->seat);
    bool above = s->host_place != NULL && place_within(s->host_place, m->body->place);
    switch (s->role->seat) {
    case AT_ANY:
        s->found = s->found || above || text_equal(m->body->id, s->kase->origin);
        break;
    case AT_PARENT:
        s->found = s->found || (above && m->body->place != s->host_place);
        break;
    default:
        s->found = s->found || seat == m->body;
    }
}

static bool fills(const struct engine *e, const struct casefile *c, const struct flow_role *role,
    const struct actor *actor, struct date today)
{
    const struct body *host = c->host == NULL ? NULL : org_body(e->org, c->host);
    struct search s = {e, c, role, host == NULL ? NULL : host->place, false};
    org_members_of(e->org, actor->user, today, membership_fits, &s);
    return s.found;
}

struct role_members {
    const struct flow_role *role;
    json_t *users; /* found */
};

static void collect(const struct member *m, void *ctx)
{
    struct role_members *found = ctx;
    if (name_in(found->role->members, m->role)) {
        json_array_add_once(found->users, m->user);
    }
}

json_t *role_users(const struct engine *e, const struct flow_role *role, const struct body *seat,
    struct date today)
{
    struct role_members found = {role, json_array()};
    if (role != NULL && seat != NULL) {
        org_members_in(e->org, seat->id, today, collect, &found);
    }
    return found.users;
}

json_t *role_who(const struct engine *e, const struct casefile *c, const struct flow *flow,
    const char *role, struct date today)
{
    const struct flow_role *r = flow_role(flow, role);
    const struct body *seat = r == NULL ? NULL : role_seat(e, c, r->seat);
    return json_pack("{s:s?,s:s?,s:s?,s:s?,s:o}", "role", role, "role_title",
        r == NULL ? NULL : r->title, "body", seat == NULL ? NULL : seat->id, "body_name",
        seat == NULL ? NULL : seat->name, "users",
        recusal_without(c, role_users(e, r, seat, today)));
}

/* An assigned case belongs to its assignee; the head of the body may still act. */
static bool assigned_to_other(
    const struct engine *e, const struct casefile *c, const struct actor *actor, struct date today)
{
    return c->assignee != NULL && !text_equal(c->assignee, actor->user) &&
           !access_holds(e->org, actor, "chief", c->host, today) &&
           !access_holds(e->org, actor, "head", c->host, today);
}

bool role_allows(const struct engine *e, const struct casefile *c, const struct flow *flow,
    const struct flow_action *action, const struct actor *actor, struct date today, struct err *err)
{
    if (actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    if (!recusal_allows(e, c, actor->user, err) || !seal_lets_act(c, actor, err)) {
        return false;
    }
    json_t *who = json_array();
    for (size_t i = 0; action->by[i] != NULL; i++) {
        const struct flow_role *role = flow_role(flow, action->by[i]);
        if (role != NULL && fills(e, c, role, actor, today)) {
            json_decref(who);
            if (role->seat == AT_HOST && assigned_to_other(e, c, actor, today)) {
                err_set(err, ERR_FORBIDDEN, _("The case is assigned to %s"), c->assignee);
                return err_hint(
                    err, _("The assignee, or the head of the body, can act or reassign it"));
            }
            return true;
        }
        json_array_append_new(who, role_who(e, c, flow, action->by[i], today));
    }
    const json_t *first = json_array_get(who, 0);
    const char *title = json_text(first, "role_title"), *body = json_text(first, "body_name");
    err_set(err, ERR_FORBIDDEN, _("\"%s\" is not yours to do"), action->title);
    err_hint(err, _("It can be done by: %s, %s"), title != NULL ? title : action->by[0],
        body != NULL ? body : "—");
    return err_data(err, "who", who);
}

/* --- targets -------------------------------------------------------------------------------- */

static const struct body *nearest_within(
    const struct decision *d, const struct place *from, const struct body_wish *wish)
{
    return from == NULL || wish->level_min > wish->level_max
               ? NULL
               : org_nearest(d->engine->org, from, wish, decision_desk_day(d));
}

static const struct body *nearest(
    const struct decision *d, const struct flow_target *t, const char *flow, bool for_watching)
{
    struct body_wish wish = {
        .kind = t->kind == TO_KIND ? t->name : NULL,
        .agency = t->kind == TO_AGENCY ? t->name : NULL,
        .flow = for_watching ? NULL : flow,
        .level_min = t->level_min,
        .level_max = t->level_max > 0 ? t->level_max : LEVEL_ANY_MAX,
    };
    const struct org *org = d->engine->org;
    const struct place *from = d->kase->place == NULL ? NULL : org_place(org, d->kase->place);
    const struct body *host = d->kase->host == NULL ? NULL : org_body(org, d->kase->host);
    if (for_watching && host != NULL) { /* nobody is watched from below … */
        wish.level_min = wish.level_min > host->place->level ? wish.level_min : host->place->level;
    }
    const struct body *found = nearest_within(d, from, &wish);
    if (for_watching && found != NULL && found == host) { /* … nor by himself: the next one up */
        wish.level_min = host->place->level + 1;
        found = nearest_within(d, from, &wish);
    }
    return found;
}

bool route_fits(const struct decision *d, const struct flow_route *r)
{
    const struct casefile *c = d->kase;
    if (r->category != NULL && (c->category == NULL || !text_starts(c->category, r->category))) {
        return false;
    }
    if (r->place == NULL) {
        return true;
    }
    const struct place *inner = c->place == NULL ? NULL : org_place(d->engine->org, c->place);
    const struct place *outer = org_place(d->engine->org, r->place);
    return inner != NULL && outer != NULL && place_within(inner, outer);
}

/* The first row that fits and leads to a body that exists. */
static const struct body *routed(
    const struct decision *d, const struct flow *hosted, bool for_watching)
{
    const struct flow *flow = d->entry->flow;
    for (size_t i = 0; i < flow->route_count; i++) {
        if (route_fits(d, &flow->routes[i]) && flow->routes[i].target.kind != TO_ROUTE) {
            const struct body *b =
                target_hosting(d, &flow->routes[i].target, hosted, for_watching, NULL);
            if (b != NULL) {
                return b;
            }
        }
    }
    return NULL;
}

static const struct body *previous_host(const struct decision *d)
{
    const json_t *list = d->kase->participants;
    for (size_t i = json_array_size(list); i-- > 0;) {
        const char *id = json_string_value(json_array_get(list, i));
        if (!text_equal(id, d->kase->host)) {
            return org_body(d->engine->org, id);
        }
    }
    return NULL;
}

/* --- the common superior of two bodies that disagree over competence (XF22 art. 24) ---------- */

/* Whom the host stands against: where the case came from, where it was sent back from, or who had
 * it before. */
static const struct body *other_side(const struct decision *d)
{
    const struct org *org = d->engine->org;
    const json_t *links = d->kase->links;
    for (size_t i = json_array_size(links); i-- > 0;) {
        const json_t *link = json_array_get(links, i);
        const char *kind = json_text(link, "kind"), *body = json_text(link, "body");
        bool sent_back =
            text_equal(kind, "to") && text_equal(json_text(link, "status"), "returned");
        if (body != NULL && (text_equal(kind, "from") || sent_back)) {
            return org_body(org, body);
        }
    }
    return previous_host(d);
}

static const struct body *superior_at(const struct decision *d, const struct place *place,
    const char *kind, const char *flow, const struct body *other)
{
    const struct org *org = d->engine->org;
    const struct body *b;
    for (size_t i = 0; (b = org_body_in(org, place, i)) != NULL; i++) {
        bool party = b == other || text_equal(b->id, d->kase->host);
        if (!party && body_in_force(b, decision_desk_day(d)) &&
            (kind == NULL || text_equal(b->kind, kind)) &&
            (flow == NULL || body_can_host(b, flow))) {
            return b;
        }
    }
    return NULL;
}

/* At the lowest place that both lie in, or above it. A neighbour at that place is a superior only
 * when its kind is named; without a kind the search begins above the higher of the two. */
static const struct body *common_superior(
    const struct decision *d, const struct body *host, const char *kind, const char *flow)
{
    const struct body *other = other_side(d);
    if (host == NULL || other == NULL) {
        return NULL;
    }
    const struct place *p = host->place;
    while (p != NULL && !place_within(other->place, p)) {
        p = p->parent;
    }
    if (p != NULL && kind == NULL && (p == host->place || p == other->place)) {
        p = p->parent;
    }
    const struct body *found = NULL;
    for (; p != NULL && found == NULL; p = p->parent) {
        found = superior_at(d, p, kind, flow, other);
    }
    return found;
}

/* --- a target of any kind -----------------------------------------------------------------------
 */

static const struct body *named_in_field(const struct decision *d, const char *field,
    const struct flow *hosted, bool for_watching, struct err *err)
{
    const char *id = json_text(d->kase->fields, field);
    const struct body *found = id == NULL ? NULL : org_body_find(d->engine->org, id, err);
    if (found != NULL && !for_watching && !body_can_host(found, hosted->id)) {
        err_set(err, ERR_STATE, _("%s does not handle %s"), found->name, hosted->title);
        return NULL;
    }
    return found;
}

const struct body *target_hosting(const struct decision *d, const struct flow_target *target,
    const struct flow *hosted, bool for_watching, struct err *err)
{
    const struct org *org = d->engine->org;
    const struct casefile *c = d->kase;
    const char *base_id = for_watching && c->supervisor != NULL ? c->supervisor : c->host;
    const struct body *base = base_id == NULL ? NULL : org_body(org, base_id);
    const struct body *found = NULL;
    switch (target->kind) {
    case TO_HOST:
        found = base;
        break;
    case TO_PARENT:
        found = base == NULL ? NULL : org_superior(org, base, hosted->id, decision_desk_day(d));
        break;
    case TO_ORIGIN:
        found = c->origin == NULL ? NULL : org_body(org, c->origin);
        break;
    case TO_REVIEW:
        found = base == NULL ? NULL : base->review;
        break;
    case TO_PREVIOUS:
        found = previous_host(d);
        break;
    case TO_KIND:
    case TO_AGENCY:
        found = nearest(d, target, hosted->id, for_watching);
        break;
    case TO_ROUTE:
        found = routed(d, hosted, for_watching);
        break;
    case TO_COMMON:
        found = common_superior(
            d, base, target->name, for_watching && target->name != NULL ? NULL : hosted->id);
        break;
    case TO_FIELD:
        found = named_in_field(d, target->name, hosted, for_watching, err);
        if (found == NULL && err != NULL && err->code != ERR_NONE) {
            return NULL; /* with the nearest name */
        }
        break;
    }
    if (seal_keeps_from(c, found)) {
        err_set(err, ERR_GUARD, _("A sealed case does not go to the body it is about"));
        return NULL;
    }
    if (found == NULL) {
        err_set(err, ERR_STATE, _("No body was found that this case could go to (category: %s)"),
            c->category != NULL ? c->category : _("none"));
        err_hint(err, _("Correct the category or the place, or name the body"));
    }
    return found;
}

const struct body *target_body(
    const struct decision *d, const struct flow_target *target, bool for_watching, struct err *err)
{
    return target_hosting(d, target, d->entry->flow, for_watching, err);
}
