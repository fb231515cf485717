/* domain/access.c — see access.h. The table's own reading is in access_load.c, the words of a
 * refusal in access_refuse.c. */
#include "domain/access.h"

#include "base/json.h"
#include "base/text.h"
#include "domain/access_private.h"

#include <string.h>

/* What is asked: where a right must hold. Bodies and place as in access_at and access_case. */
struct search {
    const struct access *access;
    enum right right;
    const struct access_target *target;
    bool found;
};

static bool same_or_within(const struct place *inner, const struct place *outer)
{
    return inner != NULL && place_within(inner, outer);
}

bool access_covers(const struct body *holder, enum scope scope, const struct access_target *target)
{
    if (scope == SCOPE_NONE || (target->never != NULL && holder == target->never)) {
        return false;
    }
    scope = target->sealed ? SCOPE_BODY : scope;
    if (target->body_count == 0 && target->place == NULL) {
        return true; /* a thing that stands nowhere: calendars, workflows, accounts */
    }
    for (size_t i = 0; i < target->body_count; i++) {
        if (target->bodies[i] == holder ||
            (scope == SCOPE_SUBTREE && same_or_within(target->bodies[i]->place, holder->place))) {
            return true;
        }
    }
    return target->place != NULL &&
           (scope == SCOPE_SUBTREE ? place_within(target->place, holder->place)
                                   : target->body_count == 0 && target->place == holder->place);
}

static void search_member(const struct member *m, void *ctx)
{
    struct search *s = ctx;
    s->found =
        s->found || access_covers(m->body, access_scope(s->access, m->role, s->right), s->target);
}

/* The answer alone, without words. */
static bool allowed(const struct access *a, const struct org *o, const struct actor *actor,
    enum right right, const struct access_target *target, struct date d)
{
    if (actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    if (right == RIGHT_UNKNOWN) {
        return false;
    }
    if (actor->local_admin && right_rows[right].local_admin) {
        return true;
    }
    if (actor->kind == ACTOR_PLUGIN) {
        return actor->role != NULL && !target->sealed &&
               access_scope(a, actor->role, right) != SCOPE_NONE;
    }
    struct search s = {.access = a, .right = right, .target = target};
    if (actor->user != NULL) {
        org_members_of(o, actor->user, d, search_member, &s);
    }
    return s.found;
}

bool access_at(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct place *place, const struct body *body, struct date d,
    struct err *err)
{
    /* Where a body is named it alone decides: a place must not lend a hand into another body. */
    struct access_target target = {.place = body == NULL ? place : NULL};
    if (body != NULL) {
        target.bodies[target.body_count++] = body;
    }
    if (allowed(a, o, actor, right_parse(right), &target, d)) {
        return true;
    }
    return access_refuse(a, o, actor, right, &target, d, err);
}

static void target_add(struct access_target *t, const struct org *o, const char *id)
{
    const struct body *b = id == NULL ? NULL : org_body(o, id);
    for (size_t i = 0; i < t->body_count; i++) {
        if (t->bodies[i] == b) {
            return; /* asked ten times is one body */
        }
    }
    if (b != NULL && t->body_count < ACCESS_BODIES_MAX) {
        t->bodies[t->body_count++] = b;
    }
}

/* A case can be read from everywhere it touches; it is changed only from where it lies. */
static void target_of_case(
    struct access_target *t, const struct org *o, const struct casefile *c, bool touching)
{
    target_add(t, o, c->host);
    t->sealed = c->sealed;
    t->never = c->sealed_from == NULL ? NULL : org_body(o, c->sealed_from);
    if (touching) {
        t->place = c->sealed ? NULL : c->place == NULL ? NULL : org_place(o, c->place);
        target_add(t, o, c->supervisor);
        target_add(t, o, c->origin);
        for (size_t i = 0; i < json_array_size(c->participants); i++) {
            target_add(t, o, json_string_value(json_array_get(c->participants, i)));
        }
    }
    /* A case whose host is no longer known must not become a thing that stands nowhere. */
    t->lost = t->body_count == 0 && t->place == NULL;
}

/* Whoever was asked something reads the case it is about. */
static void target_add_asked(struct access_target *t, const struct org *o, const struct casefile *c)
{
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        if (json_member(task, "link") == NULL) { /* who has a sub-case reads that one */
            target_add(t, o, json_text(task, "body"));
        }
    }
}

bool access_case(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const struct casefile *c, struct date d, struct err *err)
{
    enum right asked = right_parse(right);
    struct access_target touching = {0}, here = {0};
    target_of_case(&touching, o, c, true);
    target_of_case(&here, o, c, false);
    struct access_target reading = touching;
    target_add_asked(&reading, o, c);
    if (actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    if (touching.lost || !allowed(a, o, actor, RIGHT_CASE_READ, &reading, d)) {
        return access_refuse_unseen(err);
    }
    if (asked == RIGHT_CASE_READ) {
        return true;
    }
    const struct access_target *target =
        asked != RIGHT_UNKNOWN && right_rows[asked].touching ? &touching : &here;
    if (!target->lost && allowed(a, o, actor, asked, target, d)) {
        return true;
    }
    return access_refuse(a, o, actor, right, target, d, err);
}

/* --- holding an office ------------------------------------------------------------------------ */

struct office {
    const char *role, *body;
    bool found;
};

static void search_office(const struct member *m, void *ctx)
{
    struct office *office = ctx;
    office->found = office->found ||
                    (strcmp(m->role, office->role) == 0 && strcmp(m->body->id, office->body) == 0);
}

bool access_holds(const struct org *o, const struct actor *actor, const char *role,
    const char *body, struct date d)
{
    switch (actor->kind) {
    case ACTOR_SYSTEM:
        return true;
    case ACTOR_PLUGIN:
        return text_equal(actor->role, role);
    case ACTOR_USER:
        break;
    }
    struct office office = {.role = role, .body = body};
    if (actor->user != NULL && body != NULL) {
        org_members_of(o, actor->user, d, search_office, &office);
    }
    return office.found;
}

struct own {
    const struct access *access;
    enum right right;
    const char *body;
    bool found;
    json_t *users; /* may be NULL */
};

static void search_own(const struct member *m, void *ctx)
{
    struct own *own = ctx;
    if (strcmp(m->body->id, own->body) == 0 &&
        access_scope(own->access, m->role, own->right) != SCOPE_NONE) {
        own->found = true;
        if (own->users != NULL) {
            json_array_add_once(own->users, m->user);
        }
    }
}

bool access_own(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, const char *body, struct date d)
{
    struct own own = {.access = a, .right = right_parse(right), .body = body};
    if (actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    if (actor->kind == ACTOR_USER && actor->user != NULL && body != NULL) {
        org_members_of(o, actor->user, d, search_own, &own);
    }
    return own.found;
}

json_t *access_people(
    const struct access *a, const struct org *o, const char *right, const char *body, struct date d)
{
    struct own own = {
        .access = a, .right = right_parse(right), .body = body, .users = json_array()};
    org_members_in(o, body, d, search_own, &own);
    return own.users;
}

/* --- lists ------------------------------------------------------------------------------------ */

struct collector {
    const struct access *access;
    enum right right;
    json_t *bodies, *paths;
};

/* Keeps only the outermost paths: a path inside another would be found twice. */
static void add_path(json_t *paths, const char *path)
{
    for (size_t i = json_array_size(paths); i > 0; i--) {
        const char *other = json_string_value(json_array_get(paths, i - 1));
        if (text_starts(path, other)) {
            return;
        }
        if (text_starts(other, path)) {
            json_array_remove(paths, i - 1);
        }
    }
    json_array_append_new(paths, json_string(path));
}

static void collect(const struct member *m, void *ctx)
{
    struct collector *c = ctx;
    enum scope scope = access_scope(c->access, m->role, c->right);
    if (scope != SCOPE_NONE) {
        json_array_add_once(c->bodies, m->body->id);
    }
    if (scope == SCOPE_SUBTREE) {
        add_path(c->paths, m->body->place->path);
    }
}

json_t *access_filter(const struct access *a, const struct org *o, const struct actor *actor,
    const char *right, struct date d)
{
    struct collector c = {
        .access = a, .right = right_parse(right), .bodies = json_array(), .paths = json_array()};
    bool all = actor->kind == ACTOR_SYSTEM;
    if (c.right != RIGHT_UNKNOWN) {
        all = all || (actor->local_admin && right_rows[c.right].local_admin) ||
              (actor->kind == ACTOR_PLUGIN && actor->role != NULL &&
                  access_scope(a, actor->role, c.right) != SCOPE_NONE);
        if (actor->kind == ACTOR_USER && actor->user != NULL) {
            org_members_of(o, actor->user, d, collect, &c);
        }
    }
    return json_pack("{s:b,s:o,s:o}", "all", all, "bodies", c.bodies, "paths", c.paths);
}

/* --- who am I --------------------------------------------------------------------------------- */

struct portrait {
    const struct access *access;
    json_t *members;
    bool rights[RIGHT_COUNT];
};

static void add_role_rights(struct portrait *p, const char *role)
{
    for (int r = 0; r < RIGHT_COUNT; r++) {
        p->rights[r] = p->rights[r] || access_scope(p->access, role, (enum right)r) != SCOPE_NONE;
    }
}

static void portray(const struct member *m, void *ctx)
{
    struct portrait *p = ctx;
    json_t *row = json_object();
    json_put_text(row, "body", m->body->id);
    json_put_text(row, "body_name", m->body->name);
    json_put_text(row, "role", m->role);
    json_put_text(row, "role_title", access_role_title(p->access, m->role));
    json_put_text(row, "place", m->body->place->code);
    json_array_append_new(p->members, row);
    add_role_rights(p, m->role);
}

json_t *access_whoami(
    const struct access *a, const struct org *o, const struct actor *actor, struct date d)
{
    struct portrait p = {.access = a, .members = json_array()};
    if (actor->kind == ACTOR_USER && actor->user != NULL) {
        org_members_of(o, actor->user, d, portray, &p);
    } else if (actor->kind == ACTOR_PLUGIN && actor->role != NULL) {
        add_role_rights(&p, actor->role);
    }
    json_t *rights = json_array();
    for (int r = 0; r < RIGHT_COUNT; r++) {
        if (p.rights[r] || actor->kind == ACTOR_SYSTEM ||
            (actor->local_admin && right_rows[r].local_admin)) {
            json_array_append_new(rights, json_string(right_rows[r].name));
        }
    }
    const struct person *person = actor->user == NULL ? NULL : org_person(o, actor->user);
    json_t *me = json_object();
    json_put_text(me, "user", actor->user);
    json_put_text(me, "name", person == NULL ? actor->user : person->name);
    json_object_set_new(me, "members", p.members);
    json_object_set_new(me, "rights", rights);
    return me;
}
