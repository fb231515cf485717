/* rpc/methods_user.c — accounts of the people of the organisation: passwords and suspension. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "io/work.h"
#include "rpc/auth.h"
#include "rpc/password.h"
#include "rpc/subscriptions.h"

#include <string.h>

/* --- list ------------------------------------------------------------------------------------- */

static void add_person(const struct member *m, void *ctx)
{
    if (json_object_get(ctx, m->user) == NULL) {
        json_object_set_new(ctx, m->user, json_object());
    }
}

static void users_came(struct call *c, json_t *accounts)
{
    struct service *s = service_of(c);
    const struct org *o = engine_org(s->with.engine);
    json_t *people = json_object(), *row, *items = json_array();
    const char *user;
    size_t i;
    for (size_t b = 0; b < org_body_count(o); b++) {
        org_members_in(o, org_body_at(o, b)->id, service_today(s), add_person, people);
    }
    json_array_foreach(accounts, i, row)
    {
        json_object_set(people, json_text(row, "id"), row);
    }
    json_object_foreach(people, user, row)
    {
        const struct person *p = org_person(o, user);
        json_array_append_new(
            items, json_pack("{s:s, s:s, s:b, s:b, s:b}", "id", user, "name",
                       p != NULL ? p->name : user, "demo", p != NULL && p->demo ? 1 : 0, "disabled",
                       json_flag(row, "disabled") ? 1 : 0, "has_password",
                       json_flag(row, "has_password") ? 1 : 0));
    }
    json_decref(people);
    call_reply(c, service_items(items));
}

static void list(struct call *c)
{
    if (service_may(c, "user.manage")) {
        service_ask(c, ASK_USERS, json_object(), users_came);
    }
}

/* --- password --------------------------------------------------------------------------------- */

struct passwd {
    struct call *call;
    char *user, *password; /* owned */
    char *hash;            /* owned */
};

static void make_hash(void *ctx)
{
    struct passwd *p = ctx;
    p->hash = password_hash(p->password);
}

static void changed(struct call *c, json_t *response, void *ctx)
{
    (void)ctx;
    const char *user = json_text(response, "user");
    auth_forget_user(service_of(c)->auth, user);
    subscriptions_end_user(service_of(c)->subscriptions, user, "login_over");
    call_reply(c, json_incref(response));
}

static void hash_made(void *ctx)
{
    struct passwd *p = ctx;
    call_enter(p->call);
    auth_give_check(service_of(p->call)->auth);
    if (p->hash == NULL) {
        struct err err = {0};
        err_set(&err, ERR_INTERNAL, _("the system cannot hash a password"));
        call_refuse(p->call, &err);
    } else {
        struct record records[] = {
            {RECORD_USER, json_pack("{s:s, s:s}", "id", p->user, "password", p->hash)},
            {RECORD_TOKEN_REVOKED, json_pack("{s:s}", "user", p->user)},
            audit_record(p->call, "user.passwd", p->user, NULL),
        };
        service_record(p->call, records, 3, json_pack("{s:s, s:b}", "user", p->user, "changed", 1),
            changed, NULL);
    }
    password_forget(p->password);
    password_forget(p->hash);
    mem_free(p->user);
    mem_free(p);
}

/* Is there such a person? False: the call has been refused. */
static bool known(struct call *c, const char *user)
{
    if (org_person(engine_org(service_of(c)->with.engine), user) != NULL) {
        return true;
    }
    struct err err = {0};
    err_set(&err, ERR_NOT_FOUND, _("there is no person \"%s\" in the organisation"), user);
    call_refuse(c, &err);
    return false;
}

static void passwd_fresh(struct call *c)
{
    struct err err = {0};
    const char *user = call_text(c, "user"), *password = call_text(c, "password");
    if (!password_fit(password, user, &err) || !auth_take_check(service_of(c)->auth, &err)) {
        call_refuse(c, &err);
        return;
    }
    struct passwd *p = mem_alloc(sizeof(*p));
    p->call = c;
    p->user = mem_strdup(user);
    p->password = mem_strdup(password);
    work_start(service_of(c)->with.loop, make_hash, hash_made, p);
}

static void passwd(struct call *c)
{
    const char *user = call_text(c, "user");
    bool own = strcmp(user, call_actor(c)->user) == 0;
    if ((own || service_may(c, "user.manage")) && known(c, user)) {
        service_once(c, passwd_fresh);
    }
}

/* --- suspension ------------------------------------------------------------------------------- */

static void disable_fresh(struct call *c)
{
    const char *user = call_text(c, "user");
    bool disabled = call_bool(c, "disabled");
    struct record records[] = {
        {RECORD_USER, json_pack("{s:s, s:b}", "id", user, "disabled", disabled ? 1 : 0)},
        audit_record(c, disabled ? "user.disable" : "user.enable", user, NULL),
        {RECORD_TOKEN_REVOKED, json_pack("{s:s}", "user", user)}, /* of a let-in account: none */
    };
    service_record(c, records, 3,
        json_pack("{s:s, s:b}", "user", user, "disabled", disabled ? 1 : 0), changed, NULL);
}

static void disable(struct call *c)
{
    if (service_may(c, "user.manage") && known(c, call_text(c, "user"))) {
        service_once(c, disable_fresh);
    }
}

static const struct method rows[] = {
    {"user.list", list, 0, N_("People of the organisation and their accounts."), NO_PARAMS,
        PARAMS(NEED("items", PARAM_LIST, N_("accounts: id, name, disabled, has_password"))),
        ERRORS(ERR_FORBIDDEN), "{}",
        "{\"items\":[{\"id\":\"yanglujing01\",\"name\":\"演示调解员01\",\"demo\":true,"
        "\"disabled\":false,\"has_password\":true}]}"},
    {"user.passwd", passwd, METHOD_MUTATING,
        N_("Sets a password: one's own, or anybody's for those who manage users. Ends all logins."),
        PARAMS(NEED("user", PARAM_NAME, N_("login name")),
            {.name = "password",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED | PARAM_SECRET,
                .doc = N_("new password, at least 8 characters"),
                .max = 256}),
        PARAMS(NEED("user", PARAM_NAME, N_("login name")),
            NEED("changed", PARAM_BOOL, N_("the password was set"))),
        ERRORS(
            ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_FORM, ERR_OVERLOADED, ERR_KEY_REUSED, ERR_READ_ONLY),
        "{\"user\":\"yanglujing01\",\"password\":\"********\"}",
        "{\"user\":\"yanglujing01\",\"changed\":true}"},
    {"user.disable", disable, METHOD_MUTATING, N_("Suspends an account, or lets it in again."),
        PARAMS(NEED("user", PARAM_NAME, N_("login name")),
            {.name = "disabled",
                .type = PARAM_BOOL,
                .flags = PARAM_REQUIRED,
                .doc = N_("true suspends and ends all logins")}),
        PARAMS(NEED("user", PARAM_NAME, N_("login name")),
            NEED("disabled", PARAM_BOOL, N_("the account is suspended"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_KEY_REUSED, ERR_READ_ONLY),
        "{\"user\":\"yanglujing01\",\"disabled\":true}",
        "{\"user\":\"yanglujing01\",\"disabled\":true}"},
};
const struct method_table user_table = METHOD_TABLE(rows);
