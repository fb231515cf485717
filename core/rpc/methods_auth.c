/* rpc/methods_auth.c — login, logout, who am I. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "rpc/auth.h"
#include "rpc/session.h"
#include "rpc/subscriptions.h"
#include "rpc/token.h"

#include <string.h>

static void login(struct call *c)
{
    auth_login(service_of(c)->auth, c);
}

/* Is it this login that the connection stands for? A token may end on another's connection. */
static bool is_bound(const struct session *session, const char *hash)
{
    char own[DIGEST_TEXT];
    const char *token = session_token(session);
    return token != NULL && token_digest(token, own) && strcmp(own, hash) == 0;
}

/* ctx: the hash of the token, owned. Nothing was written when c is NULL. */
static void logged_out(struct call *c, json_t *response, void *ctx)
{
    char *hash = ctx;
    if (c != NULL) {
        auth_forget_token(service_of(c)->auth, hash);
        subscriptions_end_token(service_of(c)->subscriptions, hash, "logged_out");
        if (call_session(c) != NULL && is_bound(call_session(c), hash)) {
            session_bind(call_session(c), NULL, NULL);
        }
        call_reply(c, json_incref(response));
    }
    mem_free(hash);
}

static void logout(struct call *c)
{
    const char *token = call_token(c);
    char hash[DIGEST_TEXT];
    if (token == NULL || !token_digest(token, hash)) {
        call_reply(c, json_pack("{s:b}", "logged_out", 0)); /* local admin: there is no login */
        return;
    }
    struct record revoke = {RECORD_TOKEN_REVOKED, json_pack("{s:s}", "hash", hash)};
    service_record(
        c, &revoke, 1, json_pack("{s:b}", "logged_out", 1), logged_out, mem_strdup(hash));
}

static void whoami(struct call *c)
{
    struct service *s = service_of(c);
    json_t *who = access_whoami(
        engine_access(s->with.engine), engine_org(s->with.engine), call_actor(c), service_today(s));
    json_object_set_new(who, "local_admin", json_boolean(call_actor(c)->local_admin));
    int64_t expires = auth_expires_ms(s->auth, c);
    if (expires > 0) {
        char at[INSTANT_TEXT];
        json_put_text(who, "expires_at", instant_format(expires, at));
    }
    call_reply(c, who);
}

static const struct method rows[] = {
    {"auth.login", login, METHOD_ANONYMOUS | METHOD_CONNECTION,
        N_("Checks a password and gives a token; the connection is logged in too."),
        PARAMS(NEED("user", PARAM_NAME, N_("login name")),
            {.name = "password",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED | PARAM_SECRET,
                .doc = N_("password"),
                .max = 256},
            MAY("device", PARAM_TEXT, N_("name of the device, shown in the list of logins"),
                .max = 100)),
        PARAMS(NEED("token", PARAM_TEXT, N_("to be sent as _meta.token")),
            NEED("user", PARAM_NAME, N_("login name")),
            NEED("name", PARAM_TEXT, N_("name of the person")),
            NEED("expires_at", PARAM_INSTANT, N_("end of the login"))),
        ERRORS(ERR_UNAUTHENTICATED, ERR_OVERLOADED),
        "{\"user\":\"yanglujing01\",\"password\":\"********\",\"device\":\"村部电脑\"}",
        "{\"token\":\"fqt_…\",\"user\":\"yanglujing01\",\"name\":\"演示调解员01\","
        "\"expires_at\":\"2026-02-04T09:00:00+08:00\"}"},
    {"auth.logout", logout, 0, N_("Ends the login of this token."), NO_PARAMS,
        PARAMS(NEED("logged_out", PARAM_BOOL, N_("there was a login and it is over"))), NO_ERRORS,
        "{}", "{\"logged_out\":true}"},
    {"auth.whoami", whoami, 0, N_("Says who the caller is, in which bodies and with which rights."),
        NO_PARAMS,
        PARAMS(NEED("user", PARAM_NAME, N_("login name")),
            NEED("name", PARAM_TEXT, N_("name of the person")),
            NEED("members", PARAM_LIST, N_("bodies and roles")),
            NEED("rights", PARAM_LIST, N_("rights of these roles")),
            NEED("local_admin", PARAM_BOOL, N_("came over the UNIX socket as administrator")),
            MAY("expires_at", PARAM_INSTANT, N_("end of the login"))),
        NO_ERRORS, "{}",
        "{\"user\":\"yanglujing01\",\"name\":\"演示调解员01\",\"members\":[],\"rights\":[],"
        "\"local_admin\":false}"},
};
const struct method_table auth_table = METHOD_TABLE(rows);
