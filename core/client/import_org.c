/* client/import_org.c — see import_org.h. */
#include "client/import_org.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/remote.h"

#include <stdlib.h>
#include <string.h>

struct import_org {
    struct client *c;           /* borrowed */
    const struct import_map *m; /* borrowed */
    json_t *places;             /* owned: codes over which rows are spread; NULL: not asked yet */
    json_t *bodies;             /* owned: place -> body id */
    json_t *members;            /* owned: body -> [{user, role}] */
    json_t *actors;             /* owned: "body action" -> user */
    json_t *tokens;             /* owned: user -> token */
};

struct import_org *import_org_new(struct client *c, const struct import_map *m)
{
    struct import_org *o = mem_alloc(sizeof *o);
    o->c = c;
    o->m = m;
    o->bodies = json_object();
    o->members = json_object();
    o->actors = json_object();
    o->tokens = json_object();
    return o;
}

void import_org_free(struct import_org *o)
{
    if (o != NULL) {
        json_decref(o->places);
        json_decref(o->bodies);
        json_decref(o->members);
        json_decref(o->actors);
        json_decref(o->tokens);
        mem_free(o);
    }
}

static json_t *items(json_t *page)
{
    json_t *list = json_incref(json_member(page, "items"));
    json_decref(page);
    return list;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted by code, so that the spread does not depend on the order of the server's answer. */
static bool load_places(struct import_org *o, struct err *err)
{
    const char *under = json_text(o->m->place, "under");
    json_t *list = items(remote_call(o->c, "org.places", json_pack("{s:s}", "under", under), err));
    size_t n = 0;
    const char **codes = mem_array(json_array_size(list) + 1, sizeof *codes);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *p = json_array_get(list, i);
        if (json_number(p, "level", -1) == json_number(o->m->place, "level", -2)) {
            codes[n++] = json_text(p, "code");
        }
    }
    qsort(codes, n, sizeof *codes, by_text);
    o->places = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(o->places, json_string(codes[i]));
    }
    mem_free(codes);
    bool asked = list != NULL;
    json_decref(list);
    if (n == 0) {
        json_decref(o->places);
        o->places = NULL;
        return !asked ? false
                      : err_set(err, ERR_CONFIG, _("there are no places of this level under %s"),
                            under);
    }
    return true;
}

const char *import_org_place(
    struct import_org *o, const struct import_row *r, bool *ok_out, struct err *err)
{
    *ok_out = true;
    const char *column = json_text(o->m->place, "column");
    if (o->m->place == NULL) {
        return NULL;
    }
    if (column != NULL) {
        return json_text(r->data, column);
    }
    if (o->places == NULL && !load_places(o, err)) {
        *ok_out = false;
        return NULL;
    }
    char *token = import_row_token(o->m, r);
    size_t at = import_spread(token, json_array_size(o->places));
    mem_free(token);
    return json_string_value(json_array_get(o->places, at));
}

const char *import_org_body(struct import_org *o, const char *place, bool *ok_out, struct err *err)
{
    *ok_out = true;
    if (o->m->body_kind == NULL || place == NULL) {
        return NULL;
    }
    const char *known = json_text(o->bodies, place);
    if (known != NULL) {
        return known;
    }
    json_t *params = json_pack("{s:s, s:s}", "place", place, "kind", o->m->body_kind);
    json_t *list = items(remote_call(o->c, "org.bodies", params, err));
    const char *id = json_text(json_array_get(list, 0), "id");
    if (id != NULL) {
        json_put_text(o->bodies, place, id);
    } else if (list != NULL) {
        err_set(err, ERR_NOT_FOUND, _("there is no body of kind %s at %s"), o->m->body_kind, place);
    }
    json_decref(list);
    *ok_out = id != NULL;
    return json_text(o->bodies, place);
}

/* Borrowed; NULL with err when the server could not be asked. */
static const json_t *members_of(struct import_org *o, const char *body, struct err *err)
{
    json_t *list = json_member(o->members, body);
    if (list == NULL) {
        list = items(remote_call(o->c, "org.members", json_pack("{s:s}", "body", body), err));
        if (list != NULL) {
            json_object_set_new(o->members, body, list);
        }
    }
    return list;
}

const char *import_org_member(
    struct import_org *o, const char *body, const char *role, struct err *err)
{
    const json_t *list = members_of(o, body, err);
    if (list == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        if (text_equal(json_text(row, "role"), role)) {
            return json_text(row, "user");
        }
    }
    err_set(err, ERR_NOT_FOUND, _("nobody at %s has the role %s"), body, role);
    return NULL;
}

/* Users named in `who`: [{role, body, users:[…]}] or a single one of these. */
static void add_named(json_t *list, const json_t *who)
{
    for (size_t i = 0; i < json_array_size(who); i++) {
        add_named(list, json_array_get(who, i));
    }
    const json_t *users = json_member(who, "users");
    for (size_t i = 0; i < json_array_size(users); i++) {
        json_array_add_once(list, json_string_value(json_array_get(users, i)));
    }
}

static void add_members(struct import_org *o, json_t *list, const char *body, const json_t *by)
{
    const json_t *members = body != NULL ? members_of(o, body, NULL) : NULL;
    for (size_t i = 0; i < json_array_size(by); i++) {
        const char *role = json_string_value(json_array_get(by, i));
        for (size_t k = 0; k < json_array_size(members); k++) {
            const json_t *row = json_array_get(members, k);
            if (text_equal(json_text(row, "role"), role) && json_text(row, "user") != NULL) {
                json_array_add_once(list, json_text(row, "user"));
            }
        }
    }
}

static char *acted_key(const char *body, const char *action)
{
    return mem_printf("%s %s", body != NULL ? body : "", action);
}

json_t *import_org_actors(struct import_org *o, const char *number, const char *body,
    const char *action, const json_t *by, bool all)
{
    json_t *list = json_array();
    char *key = acted_key(body, action);
    const char *before = json_text(o->actors, key);
    mem_free(key);
    if (!all && before != NULL) {
        json_array_append_new(list, json_string(before));
        return list;
    }
    json_t *params = json_pack("{s:s, s:s}", "case", number, "action", action);
    json_t *can = remote_call(o->c, "case.can", params, NULL);
    add_named(list, json_member(can, "who"));
    json_decref(can);
    add_members(o, list, body, by);
    if (all) {
        json_t *page = remote_call(o->c, "case.get", json_pack("{s:s}", "case", number), NULL);
        add_members(o, list, json_text(json_member(page, "host"), "id"), by);
        json_decref(page);
    }
    return list;
}

void import_org_acted(struct import_org *o, const char *body, const char *action, const char *user)
{
    char *key = acted_key(body, action);
    json_put_text(o->actors, key, user);
    mem_free(key);
}

const char *import_org_token(struct import_org *o, const char *user, struct err *err)
{
    if (user == NULL) {
        return json_text(o->c->login, "token");
    }
    const char *known = json_text(o->tokens, user);
    if (known != NULL) {
        return known;
    }
    const char *password = getenv(o->m->password_env);
    if (password == NULL || *password == '\0') {
        err_set(err, ERR_CONFIG, _("The environment variable %s holds no password."),
            o->m->password_env);
        return NULL;
    }
    json_t *params =
        json_pack("{s:s, s:s, s:s}", "user", user, "password", password, "device", "import");
    /* A login binds its connection; the one at hand stays who it is. */
    struct link *kept = o->c->link;
    o->c->link = NULL;
    json_t *login = remote_call(o->c, "auth.login", params, err);
    if (login == NULL) {
        err_prefix(err, "%s: ", user);
    }
    remote_close(o->c);
    o->c->link = kept;
    json_put_text(o->tokens, user, json_text(login, "token"));
    json_decref(login);
    return json_text(o->tokens, user);
}
