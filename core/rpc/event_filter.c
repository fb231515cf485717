/* rpc/event_filter.c — see event_filter.h; and what an event shows to whom (subscriptions.h). */
#include "rpc/event_filter.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "rpc/service.h"
#include "rpc/subscriptions.h"

#include <string.h>

static void add_body(const struct member *m, void *ctx)
{
    json_array_add_once(ctx, m->body->id);
}

static void take_mine(struct service *s, struct call *c, json_t *filter)
{
    json_t *bodies = json_array();
    const char *user = call_actor(c)->user;
    if (engine_org(s->with.engine) != NULL) {
        org_members_of(engine_org(s->with.engine), user, service_today(s), add_body, bodies);
    }
    json_object_set_new(filter, "bodies", bodies);
    json_put_text(filter, "user", user);
}

static bool take_body(struct service *s, const char *name, json_t *filter, struct err *err)
{
    const struct body *b = org_body_find(engine_org(s->with.engine), name, err);
    if (b == NULL) {
        return false;
    }
    json_put_text(filter, "body", b->id);
    return true;
}

static bool take_flow(struct service *s, const char *name, json_t *filter, struct err *err)
{
    const struct flow *f = engine_flow(s->with.engine, name);
    if (f == NULL) {
        return err_set(err, ERR_NOT_FOUND, _("there is no flow \"%s\""), name);
    }
    json_put_text(filter, "flow", f->id);
    return true;
}

static bool unknown_member(const char *key, struct err *err)
{
    static const char *const known[] = {"mine", "body", "case", "flow"};
    err_set(err, ERR_PARAMS, _("filter: there is no member \"%s\""), key);
    const char *near = text_nearest(key, known, sizeof(known) / sizeof(known[0]));
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
    }
    return err_hint(err, "%s", "mine body case flow");
}

json_t *event_filter_parse(struct service *s, struct call *c, struct err *err)
{
    json_t *filter = json_object();
    const char *key;
    json_t *value;
    bool ok = true;
    json_object_foreach(call_param(c, "filter"), key, value)
    {
        if (strcmp(key, "mine") == 0) {
            if (json_is_true(value)) {
                take_mine(s, c, filter);
            }
        } else if (strcmp(key, "body") != 0 && strcmp(key, "case") != 0 &&
                   strcmp(key, "flow") != 0) {
            ok = unknown_member(key, err);
        } else if (!json_is_string(value)) {
            ok = err_set(err, ERR_PARAMS, _("filter: %s must be a text"), key);
        } else if (strcmp(key, "body") == 0) {
            ok = take_body(s, json_string_value(value), filter, err);
        } else if (strcmp(key, "flow") == 0) {
            ok = take_flow(s, json_string_value(value), filter, err);
        } else {
            json_put_text(filter, "case", json_string_value(value));
        }
        if (!ok) {
            json_decref(filter);
            return NULL;
        }
    }
    return filter;
}

/* host, origin or supervisor of the event, or a body asked something, is among `bodies`. */
static bool concerns(const json_t *event, const json_t *bodies)
{
    static const char *const seats[] = {"host", "origin", "supervisor"};
    for (size_t i = 0; i < sizeof(seats) / sizeof(seats[0]); i++) {
        const char *body = json_text(event, seats[i]);
        if (body != NULL && json_array_has(bodies, body)) {
            return true;
        }
    }
    const json_t *asked = json_member(event, "asked");
    for (size_t i = 0; i < json_array_size(asked); i++) {
        if (json_array_has(bodies, json_string_value(json_array_get(asked, i)))) {
            return true;
        }
    }
    return false;
}

static bool concerns_one(const json_t *event, const char *body)
{
    json_t *bodies = json_pack("[s]", body);
    bool yes = concerns(event, bodies);
    json_decref(bodies);
    return yes;
}

/* The event's data as an object; rows may carry it as text. New reference. */
static json_t *event_data(const json_t *event)
{
    json_t *data = json_member(event, "data");
    return json_is_string(data) ? json_parse_own(json_string_value(data)) : json_incref(data);
}

static bool assigns(const json_t *event, const char *user)
{
    json_t *data = event_data(event), *change;
    bool yes = false;
    size_t i;
    json_array_foreach(json_member(data, "changes"), i, change)
    {
        yes = yes || (text_equal(json_text(change, "op"), "assignee") &&
                         text_equal(json_text(change, "to"), user));
    }
    json_decref(data);
    return yes;
}

/* The whole number, its unique-looking tail, or the id. */
static bool is_case(const json_t *event, const char *wanted)
{
    const char *number = json_text(event, "number");
    char *id = mem_printf("%lld", (long long)json_number(event, "case", 0));
    bool same = strcmp(id, wanted) == 0 || text_equal(json_text(event, "case"), wanted) ||
                (number != NULL && strlen(wanted) >= 4 && text_ends(number, wanted));
    mem_free(id);
    return same;
}

bool event_filter_fits(const json_t *filter, const json_t *event)
{
    const char *flow = json_text(filter, "flow"), *body = json_text(filter, "body"),
               *kase = json_text(filter, "case"), *user = json_text(filter, "user");
    return (flow == NULL || text_equal(flow, json_text(event, "flow"))) &&
           (body == NULL || concerns_one(event, body)) && (kase == NULL || is_case(event, kase)) &&
           (user == NULL || concerns(event, json_member(filter, "bodies")) || assigns(event, user));
}

bool event_visible(const json_t *event, const json_t *scope)
{
    if (json_flag(scope, "all") || concerns(event, json_member(scope, "bodies"))) {
        return true;
    }
    const char *path = json_text(event, "place_path");
    size_t i;
    json_t *prefix;
    json_array_foreach(json_member(scope, "paths"), i, prefix)
    {
        if (path != NULL && text_starts(path, json_string_value(prefix))) {
            return true;
        }
    }
    return false;
}

/* "title: line; line" — the engine's words for an event name states, bodies, clocks and days only.
 */
static void put_summary(json_t *out, const json_t *page)
{
    struct buf text = {0};
    size_t i;
    json_t *line;
    buf_adds(&text, json_text(page, "title") != NULL ? json_text(page, "title") : "");
    json_array_foreach(json_member(page, "words"), i, line)
    {
        buf_adds(&text, i == 0 ? "：" : "；");
        buf_adds(&text, json_string_value(line));
    }
    json_put_text(out, "summary", buf_text(&text));
    buf_close(&text);
}

json_t *event_public(struct service *s, const json_t *event)
{
    char at[INSTANT_TEXT];
    json_t *page = engine_event_page(s->with.engine, event, false);
    json_t *out = json_object();
    json_put_number(out, "seq", json_number(event, "seq", 0));
    json_put_text(out, "at", instant_format(json_number(event, "at_ms", 0), at));
    json_put_text(out, "type", json_text(event, "type"));
    json_put_text(out, "case", json_text(event, "number"));
    json_put_text(out, "flow", json_text(event, "flow"));
    json_put_text(out, "actor", json_text(event, "actor"));
    put_summary(out, page);
    json_decref(page);
    return out;
}
