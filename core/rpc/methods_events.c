/* rpc/methods_events.c — subscriptions, and the events behind a number. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "rpc/subscriptions.h"

static void subscribe(struct call *c)
{
    subscriptions_add(service_of(c)->subscriptions, c);
}

static void unsubscribe(struct call *c)
{
    subscriptions_remove(service_of(c)->subscriptions, c);
}

/* A page may show fewer than `limit`: what the caller may not see is left out, the cursor goes on.
 */
static void events_came(struct call *c, json_t *rows)
{
    struct service *s = service_of(c);
    json_t *scope = service_event_scope(s, call_actor(c)), *items = json_array(), *row;
    size_t i;
    int64_t last = call_int(c, "since", 0);
    json_array_foreach(rows, i, row)
    {
        last = json_number(row, "seq", last);
        if (event_visible(row, scope)) {
            json_array_append_new(items, event_public(s, row));
        }
    }
    json_decref(scope);
    bool more = (int64_t)json_array_size(rows) >= service_limit(c);
    char *next = more ? mem_printf("%lld", (long long)last) : NULL;
    call_reply(c, json_pack("{s:o, s:s?, s:I}", "items", items, "next", next, "seq",
                      (json_int_t)subscriptions_last_seq(s->subscriptions)));
    mem_free(next);
}

static void list(struct call *c)
{
    service_ask(c, ASK_EVENTS,
        json_pack("{s:I, s:I}", "since", (json_int_t)call_int(c, "since", 0), "limit",
            (json_int_t)service_limit(c)),
        events_came);
}

static const struct method rows[] = {
    {"events.subscribe", subscribe, METHOD_CONNECTION,
        N_("Sends events as they happen: notifications events.event, events.tick, events.gap, "
           "events.closed."),
        PARAMS(
            MAY("filter", PARAM_OBJECT, N_("{mine, body, case, flow}: all that is named must fit")),
            MAY("since", PARAM_INT, N_("first send what came after this number"), .min = 0,
                .max = INT64_C(1) << 53)),
        PARAMS(NEED("subscription", PARAM_TEXT, N_("name of the subscription")),
            NEED("seq", PARAM_INT, N_("number of the newest event"))),
        ERRORS(ERR_NOT_FOUND, ERR_OVERLOADED), "{\"filter\":{\"mine\":true},\"since\":0}",
        "{\"subscription\":\"s1\",\"seq\":204}"},
    {"events.unsubscribe", unsubscribe, METHOD_CONNECTION, N_("Ends a subscription."),
        PARAMS(NEED("subscription", PARAM_NAME, N_("name of the subscription"))),
        PARAMS(NEED("seq", PARAM_INT, N_("the last event it covered"))), ERRORS(ERR_NOT_FOUND),
        "{\"subscription\":\"s1\"}", "{\"seq\":204}"},
    {"events.list", list, 0,
        N_("Events after a number, oldest first, as far as the caller may see."),
        PARAMS({.name = "since",
                   .type = PARAM_INT,
                   .flags = PARAM_REQUIRED,
                   .doc = N_("number of the last event known"),
                   .min = 0,
                   .max = INT64_C(1) << 53},
            PAGE_LIMIT),
        PARAMS(NEED("items", PARAM_LIST, N_("rows")),
            MAY("next", PARAM_TEXT, N_("cursor of the next page; null on the last one")),
            NEED("seq", PARAM_INT, N_("number of the newest event"))),
        NO_ERRORS, "{\"since\":0}", "{\"items\":[],\"next\":null,\"seq\":0}"},
};
const struct method_table events_table = METHOD_TABLE(rows);
