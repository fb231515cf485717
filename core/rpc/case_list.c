/* rpc/case_list.c — see case_list.h. What people name (titles, place names) becomes what the store
 * compares (ids, paths) here; the rows get their words from the engine. */
#include "rpc/case_list.h"

#include "base/json.h"
#include "base/text.h"
#include "rpc/service.h"

#include <string.h>

static void rows_came(struct call *c, json_t *answer)
{
    engine_decorate_rows(service_of(c)->with.engine, json_member(answer, "items"));
    call_reply(c, json_incref(answer));
}

static bool put_flow(struct service *s, struct call *c, json_t *args, struct err *err)
{
    const char *wanted = call_text(c, "flow");
    if (wanted == NULL) {
        return true;
    }
    const struct flow *f = engine_flow(s->with.engine, wanted);
    if (f == NULL) {
        return err_set(err, ERR_NOT_FOUND, _("there is no flow \"%s\""), wanted);
    }
    json_put_text(args, "flow", f->id);
    return true;
}

/* A title means the state of that title in any current flow. */
static bool put_state(struct service *s, struct call *c, json_t *args, struct err *err)
{
    const char *wanted = call_text(c, "state");
    for (size_t i = 0; wanted != NULL && i < engine_flow_count(s->with.engine); i++) {
        const struct flow_state *st = flow_state(engine_flow_at(s->with.engine, i), wanted);
        if (st != NULL) {
            json_put_text(args, "state", st->name);
            return true;
        }
    }
    return wanted == NULL || err_set(err, ERR_NOT_FOUND, _("there is no state \"%s\""), wanted);
}

static bool put_host(struct service *s, struct call *c, json_t *args, struct err *err)
{
    const char *wanted = call_text(c, "host");
    if (wanted == NULL) {
        return true;
    }
    const struct body *b = org_body_find(engine_org(s->with.engine), wanted, err);
    if (b != NULL) {
        json_put_text(args, "host", b->id);
    }
    return b != NULL;
}

static bool put_place(struct service *s, struct call *c, json_t *args, struct err *err)
{
    const char *wanted = call_text(c, "place");
    if (wanted == NULL) {
        return true;
    }
    const struct place *p = org_place_find(engine_org(s->with.engine), wanted, err);
    if (p != NULL) {
        json_put_text(args, "place_path", p->path);
    }
    return p != NULL;
}

void case_list(struct call *c)
{
    struct service *s = service_of(c);
    struct err err = {0};
    int64_t since;
    json_t *args = service_pick(c, "category assignee open late listed after total");
    if (!put_flow(s, c, args, &err) || !put_state(s, c, args, &err) ||
        !put_host(s, c, args, &err) || !put_place(s, c, args, &err)) {
        json_decref(args);
        call_refuse(c, &err);
        return;
    }
    if (call_instant(c, "since", &since)) {
        json_put_number(args, "since_ms", since);
    }
    json_put_text(args, "sort", call_has(c, "sort") ? call_text(c, "sort") : "due");
    json_put_number(args, "limit", service_limit(c));
    json_put_number(args, "now_ms", service_now_ms(s));
    json_object_set_new(args, "scope", service_scope(c, "case.read"));
    service_ask(c, ASK_CASES, args, rows_came);
}

void case_search(struct call *c)
{
    json_t *args = service_pick(c, "text after");
    json_put_number(args, "limit", service_limit(c));
    json_object_set_new(args, "scope", service_scope(c, "case.read"));
    service_ask(c, ASK_SEARCH, args, rows_came);
}

static void add_body(const struct member *m, void *ctx)
{
    json_array_add_once(ctx, m->body->id);
}

void inbox_list(struct call *c)
{
    struct service *s = service_of(c);
    json_t *args = service_pick(c, "after"), *bodies = json_array();
    org_members_of(
        engine_org(s->with.engine), call_actor(c)->user, service_today(s), add_body, bodies);
    json_object_set_new(args, "bodies", bodies);
    json_put_text(args, "user", call_actor(c)->user);
    json_put_number(args, "limit", service_limit(c));
    service_ask(c, ASK_INBOX, args, rows_came);
}
