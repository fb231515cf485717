/* rpc/methods_org.c — places, bodies, members: the organisation as it is in force today. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

static bool in_force(struct date from, struct date to, struct date today)
{
    return date_compare(from, today) <= 0 && date_compare(today, to) <= 0;
}

/* The place a param names: true with NULL when absent, false when the call was refused. */
static bool place_param(struct call *c, const char *name, const struct place **place_out)
{
    struct err err = {0};
    *place_out = NULL;
    if (!call_has(c, name)) {
        return true;
    }
    *place_out = org_place_find(engine_org(service_of(c)->with.engine), call_text(c, name), &err);
    if (*place_out == NULL) {
        call_refuse(c, &err);
        return false;
    }
    return true;
}

static json_t *place_row(const struct place *p)
{
    return json_pack("{s:s, s:s, s:i, s:s?, s:s}", "code", p->code, "name", p->name, "level",
        p->level, "parent", p->parent != NULL ? p->parent->code : NULL, "path", p->path);
}

static void places(struct call *c)
{
    const struct org *o = engine_org(service_of(c)->with.engine);
    const struct place *under;
    if (!service_may(c, "org.read") || !place_param(c, "under", &under)) {
        return;
    }
    json_t *items = json_array();
    struct date today = service_today(service_of(c));
    for (size_t i = 0; i < org_place_count(o); i++) {
        const struct place *p = org_place_at(o, i);
        if (in_force(p->from, p->to, today) && (under == NULL || place_within(p, under))) {
            json_array_append_new(items, place_row(p));
        }
    }
    call_reply(c, service_items(items));
}

static json_t *body_row(const struct body *b)
{
    json_t *row = json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s?, s:s, s:s, s:i, s:s?}", "id", b->id,
        "name", b->name, "sign", b->sign, "kind", b->kind, "agency", b->agency, "track", b->track,
        "place", b->place->code, "place_name", b->place->name, "level", b->place->level, "review",
        b->review != NULL ? b->review->id : NULL);
    json_t *hosts = json_array();
    for (size_t i = 0; b->hosts != NULL && b->hosts[i] != NULL; i++) {
        json_array_append_new(hosts, json_string(b->hosts[i]));
    }
    json_object_set_new(row, "hosts", hosts);
    return row;
}

static void bodies(struct call *c)
{
    const struct org *o = engine_org(service_of(c)->with.engine);
    const struct place *place;
    const char *kind = call_text(c, "kind"), *agency = call_text(c, "agency");
    if (!service_may(c, "org.read") || !place_param(c, "place", &place)) {
        return;
    }
    json_t *items = json_array();
    struct date today = service_today(service_of(c));
    for (size_t i = 0; i < org_body_count(o); i++) {
        const struct body *b = org_body_at(o, i);
        if (in_force(b->from, b->to, today) && (place == NULL || place_within(b->place, place)) &&
            (kind == NULL || text_equal(kind, b->kind)) &&
            (agency == NULL || text_equal(agency, b->agency))) {
            json_array_append_new(items, body_row(b));
        }
    }
    call_reply(c, service_items(items));
}

struct member_list {
    const struct org *org;
    json_t *items; /* borrowed */
};

static void add_member(const struct member *m, void *ctx)
{
    struct member_list *list = ctx;
    const struct person *p = org_person(list->org, m->user);
    json_array_append_new(list->items, json_pack("{s:s, s:s, s:s}", "user", m->user, "name",
                                           p != NULL ? p->name : m->user, "role", m->role));
}

static void members(struct call *c)
{
    const struct org *o = engine_org(service_of(c)->with.engine);
    struct err err = {0};
    if (!service_may(c, "org.read")) {
        return;
    }
    const struct body *b = org_body_find(o, call_text(c, "body"), &err);
    if (b == NULL) {
        call_refuse(c, &err);
        return;
    }
    struct member_list list = {o, json_array()};
    org_members_in(o, b->id, service_today(service_of(c)), add_member, &list);
    call_reply(
        c, json_pack("{s:s, s:s, s:o}", "body", b->id, "body_name", b->name, "items", list.items));
}

static const struct method rows[] = {
    {"org.places", places, 0, N_("The territory tree, or the part of it under a place."),
        PARAMS(MAY("under", PARAM_NAME, N_("place code or name"))),
        PARAMS(NEED("items", PARAM_LIST, N_("places: code, name, level, parent, path"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"under\":\"150303\"}",
        "{\"items\":[{\"code\":\"150303\",\"name\":\"海南区\",\"level\":3,\"parent\":\"150300\","
        "\"path\":\"/150300/150303/\"}]}"},
    {"org.bodies", bodies, 0, N_("Bodies of the organisation."),
        PARAMS(MAY("place", PARAM_NAME, N_("place code or name; everything below counts")),
            MAY("kind", PARAM_NAME, N_("kind of body: tw vc town sfs xfj agency court …")),
            MAY("agency", PARAM_NAME, N_("agency code"))),
        PARAMS(NEED("items", PARAM_LIST, N_("bodies: id, name, sign, kind, place, hosts …"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"place\":\"150303\",\"kind\":\"xfj\"}",
        "{\"items\":[{\"id\":\"hainan.xfj\",\"name\":\"海南区信访局\",\"kind\":\"xfj\"}]}"},
    {"org.members", members, 0, N_("People of a body and their roles."),
        PARAMS(NEED("body", PARAM_NAME, N_("body, by id or name"))),
        PARAMS(NEED("body", PARAM_NAME, N_("body id")),
            NEED("body_name", PARAM_TEXT, N_("name of the body")),
            NEED("items", PARAM_LIST, N_("people: user, name, role"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"body\":\"yanglujing.tw\"}",
        "{\"body\":\"yanglujing.tw\",\"body_name\":\"羊路井村人民调解委员会\",\"items\":[]}"},
};
const struct method_table org_table = METHOD_TABLE(rows);
