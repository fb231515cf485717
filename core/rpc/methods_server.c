/* rpc/methods_server.c — the daemon itself: ping, echo, discovery, hello, health, metrics, clock.
 */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "rpc/auth.h"
#include "rpc/clock_move.h"
#include "rpc/dispatch.h"
#include "rpc/session.h"
#include "rpc/sessions.h"
#include "rpc/subscriptions.h"
#include "rpc/upkeep.h"

enum { PROTOCOL_MIN = 1, PROTOCOL_MAX = 1 };

static void ping(struct call *c)
{
    char at[INSTANT_TEXT];
    call_reply(c, json_pack("{s:s}", "now", instant_format(service_now_ms(service_of(c)), at)));
}

static void echo(struct call *c)
{
    call_reply(c, json_pack("{s:s}", "text", call_text(c, "text")));
}

/* The document is long and anybody may ask for it: it is made once for each language. */
static void discover(struct call *c)
{
    struct service *s = service_of(c);
    struct discovery *d = &s->discovery[call_lang(c) == LANG_EN];
    uint64_t changes = methods_changes(s->with.methods);
    if (d->text == NULL || d->changes != changes) {
        json_t *document = methods_discover(s->with.methods);
        mem_free(d->text);
        d->text = json_compact(document);
        d->changes = changes;
        json_decref(document);
    }
    call_reply_raw(c, d->text, false);
}

/* The client's range [min, max] must share a version with ours. */
static bool protocol_fits(struct call *c)
{
    json_t *range = call_param(c, "protocol");
    if (range == NULL || json_is_null(range)) {
        return true;
    }
    struct err err = {0};
    json_t *min = json_array_get(range, 0), *max = json_array_get(range, 1);
    if (json_array_size(range) != 2 || !json_is_integer(min) || !json_is_integer(max)) {
        err_set(&err, ERR_PARAMS, _("protocol: must be [lowest, highest]"));
    } else if (json_integer_value(min) > PROTOCOL_MAX || json_integer_value(max) < PROTOCOL_MIN) {
        err_set(&err, ERR_PROTOCOL, _("this daemon speaks protocol %d to %d only"),
            (int)PROTOCOL_MIN, (int)PROTOCOL_MAX);
        err_hint(&err, "%s", _("update the older side"));
    } else {
        return true;
    }
    call_refuse(c, &err);
    return false;
}

static void hello(struct call *c)
{
    enum lang lang = call_lang(c);
    if (!protocol_fits(c)) {
        return;
    }
    if (call_has(c, "lang") && lang_parse(call_text(c, "lang"), &lang) && call_session(c) != NULL) {
        session_set_lang(call_session(c), lang);
    }
    struct service *s = service_of(c);
    char at[INSTANT_TEXT];
    call_reply(
        c, json_pack("{s:s, s:s, s:i, s:[i,i], s:s, s:s, s:b}", "server", "fengqiaod", "version",
               FENGQIAO_VERSION, "protocol", PROTOCOL_MAX, "protocols", PROTOCOL_MIN, PROTOCOL_MAX,
               "lang", lang == LANG_ZH ? "zh" : "en", "now", instant_format(service_now_ms(s), at),
               "virtual", s->with.clock->is_virtual ? 1 : 0));
}

/* The first day from today on in a year whose calendar is missing; NULL within a year's sight. */
static void calendar_health(const struct service *s, json_t *into)
{
    int year = date_year(service_today(s));
    const struct calendar *cal = engine_calendar(s->with.engine);
    bool ok = calendar_has_year(cal, year);
    json_object_set_new(into, "calendar",
        json_pack("{s:b, s:o}", "current_year", ok ? 1 : 0, "years", calendar_years(cal)));
    if (!ok) {
        json_object_set_new(into, "status", json_string("warning"));
    }
}

static json_t *health_of(struct service *s)
{
    char at[INSTANT_TEXT];
    bool read_only = engine_read_only(s->with.engine);
    json_t *out = json_pack("{s:s, s:s, s:I, s:s, s:b, s:b, s:I}", "status", "ok", "version",
        FENGQIAO_VERSION, "uptime_s", (json_int_t)(monotonic_us() / 1000 - s->started_ms) / 1000,
        "now", instant_format(service_now_ms(s), at), "virtual", s->with.clock->is_virtual ? 1 : 0,
        "read_only", read_only ? 1 : 0, "last_seq",
        (json_int_t)subscriptions_last_seq(s->subscriptions));
    calendar_health(s, out);
    json_object_set_new(out, "engine", engine_stat(s->with.engine));
    upkeep_health(s->upkeep, out);
    if (s->with.health != NULL) {
        s->with.health(out, s->with.ctx);
    }
    if (read_only) {
        json_object_set_new(out, "status", json_string("read_only"));
    }
    return out;
}

static void health(struct call *c)
{
    call_reply(c, health_of(service_of(c)));
}

static void metrics_came(struct call *c, json_t *answer)
{
    struct service *s = service_of(c);
    json_t *out = json_pack("{s:O, s:o, s:o, s:{s:I}}", "store", answer, "engine",
        engine_stat(s->with.engine), "logins", auth_stat(s->auth), "subscriptions", "open",
        (json_int_t)subscriptions_count(s->subscriptions));
    if (s->dispatch != NULL) {
        json_object_set_new(out, "calls", dispatch_stat(s->dispatch));
    }
    if (s->sessions != NULL) {
        json_object_set_new(out, "sessions", sessions_stat(s->sessions));
    }
    call_reply(c, out);
}

static void metrics(struct call *c)
{
    if (service_may(c, "admin.health")) {
        service_ask(c, ASK_STAT, json_object(), metrics_came);
    }
}

static void clock_tell(struct call *c)
{
    struct service *s = service_of(c);
    char at[INSTANT_TEXT];
    call_reply(c, json_pack("{s:s, s:b}", "now", instant_format(service_now_ms(s), at), "virtual",
                      s->with.clock->is_virtual ? 1 : 0));
}

static void clock_method(struct call *c)
{
    int64_t to;
    if (!call_instant(c, "to", &to)) {
        clock_tell(c);
    } else if (service_may(c, "clock.set")) {
        clock_move_start(service_of(c), c, to);
    }
}

static const struct method rows[] = {
    {"ping", ping, METHOD_ANONYMOUS, N_("Answers at once."), NO_PARAMS,
        PARAMS(NEED("now", PARAM_INSTANT, N_("time of the daemon's clock"))), NO_ERRORS, "{}",
        "{\"now\":\"2026-01-05T09:00:00+08:00\"}"},
    {"echo", echo, METHOD_ANONYMOUS, N_("Answers the text it was given."),
        PARAMS(NEED("text", PARAM_TEXT, N_("any text"))),
        PARAMS(NEED("text", PARAM_TEXT, N_("the same text"))), NO_ERRORS,
        "{\"text\":\"小事不出村\"}", "{\"text\":\"小事不出村\"}"},
    {"rpc.discover", discover, METHOD_ANONYMOUS,
        N_("Describes every method as an OpenRPC document."), NO_PARAMS,
        PARAMS(NEED("openrpc", PARAM_TEXT, N_("version of the description format")),
            NEED("methods", PARAM_LIST, N_("one entry per method"))),
        NO_ERRORS, "{}", "{\"openrpc\":\"1.3.2\",\"methods\":[]}"},
    {"server.hello", hello, METHOD_ANONYMOUS,
        N_("Introduces a client: agrees on the protocol and sets the language of the connection."),
        PARAMS(MAY("client", PARAM_TEXT, N_("name and version of the client"), .max = 200),
            MAY("protocol", PARAM_LIST, N_("[lowest, highest] protocol the client speaks"),
                .max = 2),
            MAY("lang", PARAM_CHOICE, N_("language of answers"), .choices = "zh en")),
        PARAMS(NEED("server", PARAM_TEXT, N_("name of the daemon")),
            NEED("version", PARAM_TEXT, N_("its version")),
            NEED("protocol", PARAM_INT, N_("protocol agreed on")),
            NEED("protocols", PARAM_LIST, N_("[lowest, highest] protocol of the daemon")),
            NEED("lang", PARAM_TEXT, N_("language in use")),
            NEED("now", PARAM_INSTANT, N_("time of the daemon's clock")),
            NEED("virtual", PARAM_BOOL, N_("the clock is a virtual one"))),
        ERRORS(ERR_PROTOCOL), "{\"client\":\"fengqiao 0.1.0\",\"protocol\":[1,1],\"lang\":\"zh\"}",
        "{\"server\":\"fengqiaod\",\"version\":\"0.1.0\",\"protocol\":1,\"protocols\":[1,1],"
        "\"lang\":\"zh\",\"now\":\"2026-01-05T09:00:00+08:00\",\"virtual\":false}"},
    {"server.health", health, METHOD_ANONYMOUS,
        N_("Says whether the daemon can do its work, and what a person should look at."), NO_PARAMS,
        PARAMS(NEED("status", PARAM_TEXT, N_("ok, warning or read_only")),
            NEED("version", PARAM_TEXT, N_("its version")),
            NEED("read_only", PARAM_BOOL, N_("nothing can be written at present")),
            NEED("now", PARAM_INSTANT, N_("time of the daemon's clock")),
            NEED("engine", PARAM_OBJECT, N_("counters of the engine")),
            NEED("calendar", PARAM_OBJECT, N_("years whose holiday calendar is loaded"))),
        NO_ERRORS, "{}",
        "{\"status\":\"ok\",\"version\":\"0.1.0\",\"read_only\":false,"
        "\"now\":\"2026-01-05T09:00:00+08:00\",\"engine\":{},\"calendar\":{\"current_year\":true,"
        "\"years\":{\"2026\":1}}}"},
    {"server.metrics", metrics, 0, N_("Counters of every room of the daemon."), NO_PARAMS,
        PARAMS(NEED("store", PARAM_OBJECT, N_("counters of the store")),
            NEED("engine", PARAM_OBJECT, N_("counters of the engine")),
            MAY("calls", PARAM_OBJECT, N_("counters of the calls")),
            MAY("sessions", PARAM_OBJECT, N_("counters of the connections")),
            NEED("logins", PARAM_OBJECT, N_("counters of the logins")),
            NEED("subscriptions", PARAM_OBJECT, N_("counters of the subscriptions"))),
        ERRORS(ERR_FORBIDDEN), "{}",
        "{\"store\":{},\"engine\":{},\"logins\":{},\"subscriptions\":{\"open\":0}}"},
    {"server.clock", clock_method, 0,
        N_("Tells the daemon's clock; moves a virtual one, firing every legal clock at its time."),
        PARAMS(MAY("to", PARAM_INSTANT, N_("where to move the clock; only forward"))),
        PARAMS(NEED("now", PARAM_INSTANT, N_("time of the daemon's clock")),
            NEED("virtual", PARAM_BOOL, N_("the clock is a virtual one")),
            MAY("stops", PARAM_INT, N_("moments on the way at which something was due"))),
        ERRORS(ERR_FORBIDDEN, ERR_STATE, ERR_READ_ONLY), "{\"to\":\"2026-03-01T09:00:00\"}",
        "{\"now\":\"2026-03-01T09:00:00+08:00\",\"virtual\":true,\"stops\":3}"},
};
const struct method_table server_table = METHOD_TABLE(rows);
