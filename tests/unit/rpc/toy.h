/* tests/unit/rpc/toy.h — a small method table for tests of the transport: answers at once, later,
 * never by itself; pushes; refuses. Shared with tests/interop/wire. */
#ifndef FQ_TESTS_TOY_H
#define FQ_TESTS_TOY_H

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "rpc/call.h"
#include "rpc/dispatch.h"
#include "rpc/session.h"

#include <string.h>

enum { TOY_HELD_MAX = 2048 };

/* What the toy methods keep; ctx of their rows. */
struct toy {
    struct call *held[TOY_HELD_MAX]; /* asked by toy.hold, answered by toy_answer() */
    size_t held_count;
    int puts; /* toy.put was executed */
    int session_ends;
    bool asks_later; /* tokens are looked up later: see toy_authenticate */
    char last_hash[DIGEST_TEXT];
};

static inline void toy_ping(struct call *c)
{
    call_reply(c, json_object());
}

static inline void toy_echo(struct call *c)
{
    call_reply(c, json_pack("{s:s}", "text", call_text(c, "text")));
}

static inline void toy_hold(struct call *c)
{
    struct toy *t = call_ctx(c);
    t->held[t->held_count++] = c;
}

/* Answers the i-th held call with its tag. */
static inline void toy_answer(struct toy *t, size_t i)
{
    struct call *c = t->held[i];
    t->held[i] = NULL;
    call_enter(c);
    call_reply(c, json_pack("{s:s}", "tag", call_text(c, "tag")));
}

static inline void toy_put(struct call *c)
{
    struct toy *t = call_ctx(c);
    struct digest d = call_params_hash(c);
    digest_hex(&d, t->last_hash);
    t->puts++;
    if (t->puts > 1 && strcmp(call_key(c), "again") == 0) {
        call_reply_raw(c, "{\"stored\": 1.50}", true);
    } else {
        call_reply(c, json_pack("{s:i, s:s}", "puts", t->puts, "user", call_actor(c)->user));
    }
}

static inline void toy_who(struct call *c)
{
    const struct actor *a = call_actor(c);
    call_reply(c, json_pack("{s:s, s:b, s:s}", "user", a->user, "local", a->local_admin ? 1 : 0,
                      "lang", call_lang(c) == LANG_ZH ? "zh" : "en"));
}

static inline void toy_fail(struct call *c)
{
    struct err err = {0};
    err_set(&err, ERR_STATE, "%s", _("not logged in"));
    err_data(&err, "current", json_string("done"));
    call_refuse(c, &err);
}

static inline void toy_form(struct call *c)
{
    call_reply(c, json_incref(call_params(c)));
}

static inline void toy_big(struct call *c)
{
    size_t bytes = (size_t)call_int(c, "bytes", 0);
    char *text = mem_alloc(bytes + 1);
    memset(text, 'b', bytes);
    call_reply(c, json_pack("{s:s}", "text", text));
    mem_free(text);
}

static inline void toy_session_ended(struct session *s, void *ctx)
{
    (void)s;
    ((struct toy *)ctx)->session_ends++;
}

/* Subscribes, and tells n events at once. */
static inline void toy_subscribe(struct call *c)
{
    struct session *s = call_session(c);
    int64_t n = call_int(c, "events", 0);
    session_hold(s);
    session_on_close(s, toy_session_ended, call_ctx(c));
    call_reply(c, json_pack("{s:s}", "subscription", "s1"));
    for (int64_t i = 1; i <= n; i++) {
        session_notify(
            s, "events.event", json_pack("{s:s, s:I}", "subscription", "s1", "seq", (json_int_t)i));
    }
}

static inline void toy_unsubscribe(struct call *c)
{
    session_forget(call_session(c), toy_session_ended, call_ctx(c));
    session_release(call_session(c));
    call_reply(c, json_object());
}

static inline void toy_leave(struct call *c)
{
    session_close(call_session(c));
    call_reply(c, json_object());
}

static inline void toy_login(struct call *c)
{
    session_bind(call_session(c), call_text(c, "user"), NULL);
    call_reply(c, json_object());
}

static inline void toy_discover(struct call *c)
{
    call_reply(c, methods_discover(dispatch_methods(call_dispatch(c))));
}

/* Token "good-NAME" belongs to NAME. With asks_later the call is held until toy_lookup(). */
static inline void toy_lookup(struct call *c)
{
    struct err err = {0};
    if (strncmp(call_token(c), "good-", 5) == 0) {
        call_authenticated(c, call_token(c) + 5);
    } else {
        err_set(&err, ERR_UNAUTHENTICATED, "token unknown");
        call_refuse(c, &err);
    }
}

static inline void toy_authenticate(struct call *c, const char *token, void *ctx)
{
    struct toy *t = ctx;
    (void)token;
    if (t->asks_later) {
        t->held[t->held_count++] = c;
    } else {
        toy_lookup(c);
    }
}

#define TOY_SUMMARY N_("rpc.discover lists all methods") /* any msgid with a translation does */
#define TOY_DOC N_("must be a text")

static const struct method toy_rows[] = {
    {"ping", toy_ping, METHOD_ANONYMOUS, TOY_SUMMARY, NO_PARAMS, NO_PARAMS, NO_ERRORS, "{}", "{}"},
    {"echo", toy_echo, METHOD_ANONYMOUS, TOY_SUMMARY,
        PARAMS(NEED("text", PARAM_TEXT, TOY_DOC, .max = 1 << 20)),
        PARAMS(NEED("text", PARAM_TEXT, "", .max = 1 << 20)), NO_ERRORS, "{\"text\":\"枫桥\"}",
        "{\"text\":\"枫桥\"}"},
    {"toy.hold", toy_hold, METHOD_ANONYMOUS, TOY_SUMMARY, PARAMS(NEED("tag", PARAM_NAME, TOY_DOC)),
        NO_PARAMS, NO_ERRORS, "{\"tag\":\"a\"}", "{\"tag\":\"a\"}"},
    {"toy.put", toy_put, METHOD_MUTATING, TOY_SUMMARY,
        PARAMS(NEED("name", PARAM_NAME, TOY_DOC), MAY("case", PARAM_CASE, TOY_DOC),
            MAY("secret", PARAM_TEXT, TOY_DOC, .flags = PARAM_SECRET)),
        NO_PARAMS, ERRORS(ERR_STATE), "{\"name\":\"a\"}", "{\"puts\":1}"},
    {"toy.who", toy_who, 0, TOY_SUMMARY, NO_PARAMS, NO_PARAMS, NO_ERRORS, "{}", "{}"},
    {"toy.fail", toy_fail, METHOD_ANONYMOUS, TOY_SUMMARY, NO_PARAMS, NO_PARAMS, ERRORS(ERR_STATE),
        "{}", "{}"},
    {"toy.form", toy_form, METHOD_ANONYMOUS | METHOD_DEPRECATED, TOY_SUMMARY,
        PARAMS(MAY("text", PARAM_TEXT, TOY_DOC, .min = 2, .max = 4),
            MAY("name", PARAM_NAME, TOY_DOC), MAY("case", PARAM_CASE, TOY_DOC),
            MAY("id", PARAM_ID, TOY_DOC), MAY("count", PARAM_INT, TOY_DOC, .min = 1, .max = 5),
            MAY("flag", PARAM_BOOL, TOY_DOC), MAY("day", PARAM_DATE, TOY_DOC),
            MAY("at", PARAM_INSTANT, TOY_DOC),
            MAY("colour", PARAM_CHOICE, TOY_DOC, .choices = "plain yellow red"),
            MAY("fields", PARAM_OBJECT, TOY_DOC), MAY("list", PARAM_LIST, TOY_DOC, .max = 2),
            MAY("user", PARAM_NAME, TOY_DOC, .flags = PARAM_NULLABLE),
            MAY("any", PARAM_ANY, TOY_DOC)),
        NO_PARAMS, NO_ERRORS, "{\"count\":1}", "{\"count\":1}"},
    {"toy.big", toy_big, METHOD_ANONYMOUS, TOY_SUMMARY,
        PARAMS(NEED("bytes", PARAM_INT, TOY_DOC, .min = 0, .max = 4 << 20)), NO_PARAMS, NO_ERRORS,
        "{\"bytes\":1}", "{\"text\":\"b\"}"},
    {"toy.local", toy_ping, METHOD_LOCAL, TOY_SUMMARY, NO_PARAMS, NO_PARAMS, NO_ERRORS, "{}", "{}"},
    {"toy.subscribe", toy_subscribe, METHOD_ANONYMOUS | METHOD_CONNECTION, TOY_SUMMARY,
        PARAMS(MAY("events", PARAM_INT, TOY_DOC)), NO_PARAMS, NO_ERRORS, "{}", "{}"},
    {"toy.unsubscribe", toy_unsubscribe, METHOD_ANONYMOUS | METHOD_CONNECTION, TOY_SUMMARY,
        NO_PARAMS, NO_PARAMS, NO_ERRORS, "{}", "{}"},
    {"toy.leave", toy_leave, METHOD_ANONYMOUS | METHOD_CONNECTION, TOY_SUMMARY, NO_PARAMS,
        NO_PARAMS, NO_ERRORS, "{}", "{}"},
    {"toy.login", toy_login, METHOD_ANONYMOUS | METHOD_CONNECTION, TOY_SUMMARY,
        PARAMS(NEED("user", PARAM_NAME, TOY_DOC)), NO_PARAMS, NO_ERRORS, "{\"user\":\"a\"}", "{}"},
    {"rpc.discover", toy_discover, METHOD_ANONYMOUS, TOY_SUMMARY, NO_PARAMS, NO_PARAMS, NO_ERRORS,
        "{}", "{}"},
};
enum { TOY_ROWS = sizeof toy_rows / sizeof toy_rows[0] };

#endif
