/* rpc/auth.c — see auth.h.
 *
 * A login takes four steps: wait (slow-down), ask the store for the hash, compare on a worker
 * thread, write the token. Only the last three hold one of the checks. An unknown, disabled or
 * passwordless user goes through the same steps against a hash nobody has the password of, and gets
 * the same answer. */
#include "rpc/auth.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wallclock.h"
#include "io/timer.h"
#include "io/work.h"
#include "rpc/password.h"
#include "rpc/service.h"
#include "rpc/session.h"
#include "rpc/slowdown.h"
#include "rpc/token.h"

#include <string.h>

#define IDLE_MS (12 * MS_PER_HOUR)
#define LIFE_MS (30 * MS_PER_DAY)
#define NOTE_USE_MS (10 * MS_PER_MINUTE) /* how exactly the last use is on disk */
enum {
    CHECKS_MAX = 256,
    WAITING_MAX = 4096, /* tries that wait for their turn; each is one line of a connection */
    RETRY_MS = 2000,
};

struct login;

struct auth {
    struct loop *loop;
    struct store *store;
    struct wallclock real;
    int64_t idle_ms, life_ms;
    size_t checks, checks_max;
    struct token_cache *tokens; /* owned */
    struct slowdown *slowdown;  /* owned */
    struct login *first;        /* of those under way */
    uint64_t forgotten;         /* how often a token or a user was forgotten */
    bool stopping;
    int64_t logins, refused;
};

struct auth *auth_open(const struct auth_options *o)
{
    struct auth *a = mem_alloc(sizeof(*a));
    a->loop = o->loop;
    a->store = o->store;
    wallclock_init_real(&a->real);
    a->idle_ms = o->idle_ms > 0 ? o->idle_ms : IDLE_MS;
    a->life_ms = o->life_ms > 0 ? o->life_ms : LIFE_MS;
    a->checks_max = o->checks_max > 0 ? o->checks_max : CHECKS_MAX;
    a->tokens = token_cache_new(TOKEN_CACHE);
    a->slowdown = slowdown_new(SLOWDOWN_PAIRS);
    return a;
}

void auth_free(struct auth *a)
{
    if (a != NULL) {
        token_cache_free(a->tokens);
        slowdown_free(a->slowdown);
        mem_free(a);
    }
}

int64_t auth_now_ms(const struct auth *a)
{
    return wallclock_now_ms(&a->real);
}

void auth_forget_token(struct auth *a, const char *hash)
{
    a->forgotten++;
    token_cache_drop(a->tokens, hash);
}

void auth_forget_user(struct auth *a, const char *user)
{
    a->forgotten++;
    token_cache_drop_user(a->tokens, user);
}

json_t *auth_stat(const struct auth *a)
{
    return json_pack("{s:I, s:I, s:I}", "logins", (json_int_t)a->logins, "refused",
        (json_int_t)a->refused, "checks", (json_int_t)a->checks);
}

static bool too_many(int64_t retry_ms, struct err *err)
{
    err_set(err, ERR_OVERLOADED, _("too many logins at this moment"));
    err_data(err, "retry_after_ms", json_integer(retry_ms));
    return err_hint(err, "%s", _("try again in a few seconds"));
}

bool auth_take_check(struct auth *a, struct err *err)
{
    if (a->checks >= a->checks_max) {
        return too_many(RETRY_MS, err);
    }
    a->checks++;
    return true;
}

void auth_give_check(struct auth *a)
{
    a->checks--;
}

/* --- tokens ----------------------------------------------------------------------------------- */

struct asking {
    struct auth *auth;
    struct call *call;
    char hash[DIGEST_TEXT];
    char *user; /* owned */
    int64_t expires_ms, used_ms;
    uint64_t forgotten; /* of the auth, when the store was asked */
};

static void refuse_token(struct call *c)
{
    struct err err = {0};
    err_set(&err, ERR_UNAUTHENTICATED, _("the login is unknown, over or revoked"));
    err_hint(&err, "%s", _("log in again: auth.login"));
    call_refuse(c, &err);
}

static void asking_free(struct asking *q)
{
    mem_free(q->user);
    mem_free(q);
}

/* Writes the last use now and then; it only decides when an unused login ends. */
static void note_use(struct auth *a, struct token_entry *e, int64_t now)
{
    e->used_ms = now;
    if (now - e->noted_ms < NOTE_USE_MS) {
        return;
    }
    e->noted_ms = now;
    struct store_unit *u = store_unit_new();
    u->record = RECORD_TOKEN_USED;
    u->args = json_pack("{s:s, s:I}", "hash", e->hash, "used_ms", (json_int_t)now);
    store_append(a->store, &u, 1);
}

/* What the store said may be older than a revocation that came meanwhile: then the next request
 * asks it again. */
static void remember(const struct asking *q)
{
    struct auth *a = q->auth;
    struct token_entry *e = q->forgotten != a->forgotten ? NULL
                                                         : token_cache_put(a->tokens, q->hash,
                                                               q->user, q->expires_ms, q->used_ms);
    if (e != NULL) {
        note_use(a, e, auth_now_ms(a));
    }
}

static void user_known(json_t *answer, const struct err *err, void *ctx)
{
    struct asking *q = ctx;
    call_enter(q->call);
    if (answer == NULL) {
        call_fail(q->call, err);
    } else if (json_flag(answer, "disabled")) {
        refuse_token(q->call);
    } else {
        remember(q);
        call_authenticated(q->call, q->user);
    }
    asking_free(q);
}

static void token_known(json_t *answer, const struct err *err, void *ctx)
{
    struct asking *q = ctx;
    struct auth *a = q->auth;
    call_enter(q->call);
    if (answer == NULL) {
        call_fail(q->call, err);
        asking_free(q);
        return;
    }
    int64_t now = auth_now_ms(a);
    const char *user = json_text(answer, "user");
    q->expires_ms = json_number(answer, "expires_ms", 0);
    q->used_ms = json_number(answer, "used_ms", json_number(answer, "created_ms", 0));
    if (user == NULL || json_flag(answer, "revoked") || json_number(answer, "revoked", 0) > 0 ||
        now > q->expires_ms || now > q->used_ms + a->idle_ms) {
        refuse_token(q->call);
        asking_free(q);
        return;
    }
    q->user = mem_strdup(user);
    store_ask(a->store, ASK_USER, json_pack("{s:s}", "id", user), user_known, q);
}

void auth_authenticate(struct call *c, const char *token, void *ctx)
{
    struct auth *a = ctx;
    char hash[DIGEST_TEXT];
    if (!token_digest(token, hash)) {
        refuse_token(c);
        return;
    }
    int64_t now = auth_now_ms(a);
    struct token_entry *e = token_cache_find(a->tokens, hash);
    if (e != NULL && now <= e->expires_ms && now <= e->used_ms + a->idle_ms) {
        note_use(a, e, now);
        call_authenticated(c, e->user);
        return;
    }
    struct asking *q = mem_alloc(sizeof(*q));
    q->auth = a;
    q->call = c;
    q->forgotten = a->forgotten;
    memcpy(q->hash, hash, sizeof(hash));
    store_ask(a->store, ASK_TOKEN, json_pack("{s:s}", "hash", hash), token_known, q);
}

int64_t auth_expires_ms(const struct auth *a, const struct call *c)
{
    char hash[DIGEST_TEXT];
    const char *token = call_token(c);
    if (token == NULL && call_session(c) != NULL) {
        token = session_token(call_session(c));
    }
    if (token == NULL || !token_digest(token, hash)) {
        return 0;
    }
    const struct token_entry *e = token_cache_find(a->tokens, hash);
    return e != NULL ? e->expires_ms : 0;
}

/* --- login ------------------------------------------------------------------------------------ */

struct login {
    struct auth *auth;
    struct call *call;
    struct login *prev, *next;
    bool checking;                   /* holds one of the checks */
    char *user, *address, *password; /* owned */
    char *hash;                      /* owned; NULL: nobody's */
    bool matches;
    struct timer *wait; /* owned; NULL when there was no wait */
    char token[TOKEN_TEXT];
    int64_t expires_ms;
};

static void login_free(struct login *l)
{
    if (l->checking) {
        auth_give_check(l->auth);
    }
    if (l->prev != NULL) {
        l->prev->next = l->next;
    } else {
        l->auth->first = l->next;
    }
    if (l->next != NULL) {
        l->next->prev = l->prev;
    }
    timer_free(l->wait);
    mem_free(l->user);
    mem_free(l->address);
    password_forget(l->password);
    password_forget(l->hash);
    explicit_bzero(l->token, sizeof(l->token));
    mem_free(l);
}

static void token_written(const struct store_result *r, void *ctx)
{
    struct login *l = ctx;
    struct call *c = l->call;
    call_enter(c);
    if (r->status != STORE_DURABLE) {
        call_fail(c, r->err);
        login_free(l);
        return;
    }
    struct engine *engine = service_of(c)->with.engine;
    const struct person *p =
        engine_org(engine) != NULL ? org_person(engine_org(engine), l->user) : NULL;
    char at[INSTANT_TEXT];
    if (call_session(c) != NULL) {
        session_bind(call_session(c), l->user, l->token);
    }
    l->auth->logins++;
    call_reply(
        c, json_pack("{s:s, s:s, s:s, s:s}", "token", l->token, "user", l->user, "name",
               p != NULL ? p->name : l->user, "expires_at", instant_format(l->expires_ms, at)));
    login_free(l);
}

static void write_token(struct login *l)
{
    struct auth *a = l->auth;
    char hash[DIGEST_TEXT];
    int64_t now = auth_now_ms(a);
    const char *device = call_text(l->call, "device");
    l->expires_ms = now + a->life_ms;
    token_digest(token_new(l->token), hash);
    struct store_unit *u = store_unit_new();
    u->record = RECORD_TOKEN;
    u->args = json_pack("{s:s, s:s, s:s, s:I, s:I}", "hash", hash, "user", l->user, "device",
        device != NULL ? device : "", "created_ms", (json_int_t)now, "expires_ms",
        (json_int_t)l->expires_ms);
    u->done = token_written;
    u->ctx = l;
    store_append(a->store, &u, 1);
}

static void compare(void *ctx)
{
    struct login *l = ctx;
    l->matches = password_check(l->password, l->hash);
}

static void compared(void *ctx)
{
    struct login *l = ctx;
    struct auth *a = l->auth;
    call_enter(l->call);
    if (l->matches) {
        slowdown_passed(a->slowdown, l->user, l->address);
        write_token(l);
        return;
    }
    a->refused++;
    slowdown_failed(a->slowdown, l->user, l->address, auth_now_ms(a));
    struct err err = {0};
    err_set(&err, ERR_UNAUTHENTICATED, _("user name or password is wrong"));
    err_hint(&err, "%s",
        _("after five failures each further try waits a little longer, 30 seconds at most"));
    call_refuse(l->call, &err);
    login_free(l);
}

static void hash_known(json_t *answer, const struct err *err, void *ctx)
{
    struct login *l = ctx;
    if (answer == NULL) {
        call_enter(l->call);
        call_fail(l->call, err);
        login_free(l);
        return;
    }
    if (json_is_object(answer) && !json_flag(answer, "disabled")) {
        l->hash = mem_strdup(json_text(answer, "password"));
    }
    work_start(l->auth->loop, compare, compared, l);
}

static void refuse_login(struct login *l, struct err *err)
{
    call_enter(l->call);
    call_refuse(l->call, err);
    login_free(l);
}

/* One address takes half of the checks at most, so that others always get their turn. */
static bool take_share(struct login *l, struct err *err)
{
    size_t same = 0;
    for (const struct login *o = l->auth->first; o != NULL; o = o->next) {
        same += o->checking && strcmp(o->address, l->address) == 0;
    }
    l->checking = same < (l->auth->checks_max + 1) / 2 ? auth_take_check(l->auth, err)
                                                       : too_many(RETRY_MS, err);
    return l->checking;
}

static void begin_check(struct login *l)
{
    struct err err = {0};
    if (take_share(l, &err)) {
        store_ask(l->auth->store, ASK_USER, json_pack("{s:s}", "id", l->user), hash_known, l);
    } else {
        refuse_login(l, &err);
    }
}

static void waited(void *ctx)
{
    begin_check(ctx);
}

/* A try that must wait holds no check, and there is one of them for an account and address: more
 * would be as many guesses at the end of one wait. */
static bool may_wait(const struct login *l, int64_t wait_ms, struct err *err)
{
    size_t waiting = 0;
    bool same = false;
    for (const struct login *o = l->auth->first; o != NULL; o = o->next) {
        waiting += o->wait != NULL;
        same = same ||
               (o != l && strcmp(o->user, l->user) == 0 && strcmp(o->address, l->address) == 0);
    }
    return (!same && waiting < WAITING_MAX) || too_many(wait_ms, err);
}

static struct login *login_new(struct auth *a, struct call *c)
{
    struct login *l = mem_alloc(sizeof(*l));
    l->auth = a;
    l->call = c;
    l->user = mem_strdup(call_text(c, "user"));
    l->password = mem_strdup(call_text(c, "password"));
    l->address = mem_strdup(call_session(c) != NULL ? session_address(call_session(c)) : "");
    l->next = a->first;
    if (l->next != NULL) {
        l->next->prev = l;
    }
    a->first = l;
    return l;
}

static bool stopping(const struct auth *a, struct err *err)
{
    return a->stopping && !err_set(err, ERR_SHUTDOWN, _("the daemon is stopping"));
}

void auth_login(struct auth *a, struct call *c)
{
    struct err err = {0};
    struct login *l = login_new(a, c);
    int64_t wait = slowdown_wait_ms(a->slowdown, l->user, l->address, auth_now_ms(a));
    if (stopping(a, &err) || (wait > 0 && !may_wait(l, wait, &err))) {
        refuse_login(l, &err);
    } else if (wait > 0) {
        l->wait = timer_open(a->loop, waited, l);
        timer_once(l->wait, wait);
    } else {
        begin_check(l);
    }
}

void auth_stop(struct auth *a)
{
    a->stopping = true;
    for (struct login *l = a->first, *next; l != NULL; l = next) {
        struct err err = {0};
        next = l->next;
        if (!l->checking && stopping(a, &err)) {
            refuse_login(l, &err);
        }
    }
}
