/* rpc/subscriptions.c — see subscriptions.h. */
#include "rpc/subscriptions.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/timer.h"
#include "rpc/auth.h"
#include "rpc/event_filter.h"
#include "rpc/service.h"
#include "rpc/session.h"
#include "rpc/token.h"

#include <stdio.h>
#include <string.h>

enum { PER_SESSION = 32 };

struct subscription {
    struct subscriptions *all;
    struct session *session; /* borrowed; its on_close ends this */
    struct subscription *next;
    char id[24];
    char *user; /* owned */
    bool local_admin;
    char token[DIGEST_TEXT]; /* hash of the login's; "" for the local admin */
    enum lang lang;
    json_t *filter; /* owned: event_filter's form */
    json_t *scope;  /* owned: access_filter of `scope_day` */
    struct date scope_day;
    int64_t cursor;     /* last event shown or passed over */
    int64_t expires_ms; /* of the login, real time; 0: never */
    bool live;
    bool asking; /* a page of history is on its way */
    bool dead;   /* ended while a page was on its way; freed when it comes */
};

struct subscriptions {
    struct service *service; /* borrowed */
    struct subscription *first;
    struct timer *tick, *pump; /* owned */
    int64_t last_seq;          /* newest durable event */
    uint64_t made;             /* for ids */
    int64_t told, slow;
};

static void catch_up(struct subscription *sub);
static void session_closed(struct session *session, void *ctx);

/* --- one subscription ------------------------------------------------------------------------- */

static void subscription_free(struct subscription *sub)
{
    json_decref(sub->filter);
    json_decref(sub->scope);
    mem_free(sub->user);
    mem_free(sub);
}

/* Takes it out; its session may be gone already (`alive` false). */
static void end(struct subscription *sub, const char *reason, bool alive)
{
    struct subscriptions *all = sub->all;
    for (struct subscription **p = &all->first; *p != NULL; p = &(*p)->next) {
        if (*p == sub) {
            *p = sub->next;
            break;
        }
    }
    if (alive) {
        if (reason != NULL) {
            session_notify_last(sub->session, "events.closed",
                json_pack("{s:s, s:s, s:I}", "subscription", sub->id, "reason", reason, "seq",
                    (json_int_t)sub->cursor));
        }
        session_forget(sub->session, session_closed, sub);
        session_release(sub->session);
    }
    sub->session = NULL;
    if (sub->asking) {
        sub->dead = true;
    } else {
        subscription_free(sub);
    }
}

static void session_closed(struct session *session, void *ctx)
{
    (void)session;
    end(ctx, NULL, false);
}

/* False: it was too slow and has been ended. */
static bool notify(struct subscription *sub, const char *method, json_t *params)
{
    json_object_set_new(params, "subscription", json_string(sub->id));
    if (session_notify(sub->session, method, params)) {
        return true;
    }
    sub->all->slow++;
    end(sub, "slow_consumer", true);
    return false;
}

static const json_t *scope_of(struct subscription *sub)
{
    struct service *s = sub->all->service;
    struct date today = service_today(s);
    if (sub->scope == NULL || date_compare(sub->scope_day, today) != 0) {
        struct actor actor = {ACTOR_USER, sub->user, NULL, sub->local_admin};
        json_decref(sub->scope);
        sub->scope = service_event_scope(s, &actor);
        sub->scope_day = today;
    }
    return sub->scope;
}

/* One event on its way to many: its words are made once per language. */
struct telling {
    const json_t *event;
    json_t *public[2]; /* owned, by enum lang; NULL until somebody needs it */
};

static json_t *told(struct telling *t, struct subscription *sub)
{
    json_t **public = &t->public[sub->lang == LANG_EN];
    if (*public == NULL) {
        lang_use(sub->lang);
        *public = event_public(sub->all->service, t->event);
    }
    return json_copy(*public);
}

static void telling_close(struct telling *t)
{
    json_decref(t->public[0]);
    json_decref(t->public[1]);
}

/* False: the subscription is gone. */
static bool show(struct subscription *sub, struct telling *t)
{
    const json_t *event = t->event;
    int64_t seq = json_number(event, "seq", 0);
    if (seq <= sub->cursor) {
        return true;
    }
    sub->cursor = seq;
    if (!event_visible(event, scope_of(sub)) || !event_filter_fits(sub->filter, event)) {
        return true;
    }
    sub->all->told++;
    return notify(sub, "events.event", told(t, sub));
}

/* --- history ---------------------------------------------------------------------------------- */

static void page_came(json_t *answer, const struct err *err, void *ctx)
{
    (void)err; /* the pump asks again */
    struct subscription *sub = ctx;
    sub->asking = false;
    if (sub->dead) {
        subscription_free(sub);
        return;
    }
    size_t i;
    json_t *event;
    json_array_foreach(answer, i, event)
    {
        int64_t seq = json_number(event, "seq", 0);
        if (i == 0 && seq > sub->cursor + 1 &&
            !notify(sub, "events.gap",
                json_pack("{s:I, s:I}", "from", (json_int_t)sub->cursor + 1, "to",
                    (json_int_t)seq - 1))) {
            return;
        }
        struct telling t = {.event = event};
        bool alive = show(sub, &t);
        telling_close(&t);
        if (!alive) {
            return;
        }
    }
    if (answer != NULL && json_array_size(answer) < SUBSCRIPTION_PAGE &&
        sub->cursor >= sub->all->last_seq) {
        sub->live = true;
    } else if (answer != NULL) {
        catch_up(sub);
    }
}

static void catch_up(struct subscription *sub)
{
    if (sub->asking || sub->live || session_unsent(sub->session) > SUBSCRIPTION_BEHIND) {
        return;
    }
    sub->asking = true;
    store_ask(sub->all->service->with.store, ASK_EVENTS,
        json_pack("{s:I, s:i}", "since", (json_int_t)sub->cursor, "limit", SUBSCRIPTION_PAGE),
        page_came, sub);
}

static void pump(void *ctx)
{
    struct subscriptions *all = ctx;
    bool behind = false;
    for (struct subscription *sub = all->first; sub != NULL; sub = sub->next) {
        catch_up(sub);
        behind = behind || !sub->live;
    }
    if (!behind) {
        timer_stop(all->pump);
    }
}

/* --- live ------------------------------------------------------------------------------------- */

static void happened(const json_t *event, void *ctx)
{
    struct subscriptions *all = ctx;
    int64_t seq = json_number(event, "seq", 0);
    if (seq > all->last_seq) {
        all->last_seq = seq;
    }
    struct telling t = {.event = event};
    struct subscription *next;
    for (struct subscription *sub = all->first; sub != NULL; sub = next) {
        next = sub->next;
        if (sub->live) {
            show(sub, &t);
        }
    }
    telling_close(&t);
}

static void tick(void *ctx)
{
    struct subscriptions *all = ctx;
    int64_t real = auth_now_ms(all->service->auth);
    struct subscription *next;
    for (struct subscription *sub = all->first; sub != NULL; sub = next) {
        next = sub->next;
        json_decref(sub->scope); /* rights may have been reloaded */
        sub->scope = NULL;
        if (sub->expires_ms > 0 && real > sub->expires_ms) {
            end(sub, "login_over", true);
        } else {
            char at[INSTANT_TEXT];
            notify(sub, "events.tick",
                json_pack("{s:I, s:s}", "seq", (json_int_t)all->last_seq, "at",
                    instant_format(service_now_ms(all->service), at)));
        }
    }
}

/* --- the methods ------------------------------------------------------------------------------ */

static size_t held_by(const struct subscriptions *all, const struct session *session)
{
    size_t count = 0;
    for (const struct subscription *sub = all->first; sub != NULL; sub = sub->next) {
        count += sub->session == session;
    }
    return count;
}

static struct subscription *make(struct subscriptions *all, struct call *c, json_t *filter)
{
    struct subscription *sub = mem_alloc(sizeof(*sub));
    sub->all = all;
    sub->session = call_session(c);
    snprintf(sub->id, sizeof(sub->id), "s%llu", (unsigned long long)++all->made);
    sub->user = mem_strdup(call_actor(c)->user);
    sub->local_admin = call_actor(c)->local_admin;
    sub->lang = call_lang(c);
    sub->filter = filter;
    sub->expires_ms = auth_expires_ms(all->service->auth, c);
    if (call_token(c) == NULL || !token_digest(call_token(c), sub->token)) {
        sub->token[0] = '\0';
    }
    sub->next = all->first;
    all->first = sub;
    session_hold(sub->session);
    session_on_close(sub->session, session_closed, sub);
    return sub;
}

void subscriptions_add(struct subscriptions *all, struct call *c)
{
    struct service *s = all->service;
    struct err err = {0};
    size_t most = s->with.subscriptions > 0 ? s->with.subscriptions : PER_SESSION;
    if (call_session(c) == NULL) {
        err_set(&err, ERR_REQUEST, _("a subscription needs a connection"));
        call_refuse(c, &err);
        return;
    }
    if (held_by(all, call_session(c)) >= most) {
        err_set(&err, ERR_OVERLOADED, _("this connection has %zu subscriptions already"), most);
        err_hint(&err, "%s", _("end one by events.unsubscribe"));
        call_refuse(c, &err);
        return;
    }
    json_t *filter = event_filter_parse(s, c, &err);
    if (filter == NULL) {
        call_refuse(c, &err);
        return;
    }
    struct subscription *sub = make(all, c, filter);
    int64_t since = call_int(c, "since", all->last_seq);
    bool ahead = since > all->last_seq;
    sub->cursor = ahead ? all->last_seq : since;
    sub->live = sub->cursor >= all->last_seq;
    call_reply(
        c, json_pack("{s:s, s:I}", "subscription", sub->id, "seq", (json_int_t)all->last_seq));
    if (ahead && !notify(sub, "events.gap",
                     json_pack("{s:I, s:I}", "from", (json_int_t)all->last_seq + 1, "to",
                         (json_int_t)since))) {
        return;
    }
    if (!sub->live) {
        catch_up(sub);
        timer_every(all->pump, SUBSCRIPTION_PUMP_MS);
    }
}

void subscriptions_remove(struct subscriptions *all, struct call *c)
{
    const char *id = call_text(c, "subscription");
    for (struct subscription *sub = all->first; sub != NULL; sub = sub->next) {
        if (sub->session == call_session(c) && strcmp(sub->id, id) == 0) {
            int64_t seq = sub->cursor;
            end(sub, NULL, true);
            call_reply(c, json_pack("{s:I}", "seq", (json_int_t)seq));
            return;
        }
    }
    struct err err = {0};
    err_set(&err, ERR_NOT_FOUND, _("this connection has no such subscription"));
    call_refuse(c, &err);
}

void subscriptions_end_user(struct subscriptions *all, const char *user, const char *reason)
{
    struct subscription *next;
    for (struct subscription *sub = all->first; sub != NULL; sub = next) {
        next = sub->next;
        if (!sub->local_admin && (user == NULL || strcmp(sub->user, user) == 0)) {
            end(sub, reason, true);
        }
    }
}

void subscriptions_end_token(struct subscriptions *all, const char *hash, const char *reason)
{
    struct subscription *next;
    for (struct subscription *sub = all->first; sub != NULL; sub = next) {
        next = sub->next;
        if (strcmp(sub->token, hash) == 0) {
            end(sub, reason, true);
        }
    }
}

void subscriptions_stop(struct subscriptions *all)
{
    while (all->first != NULL) {
        end(all->first, "shutting_down", true);
    }
}

size_t subscriptions_count(const struct subscriptions *all)
{
    size_t count = 0;
    for (const struct subscription *sub = all->first; sub != NULL; sub = sub->next) {
        count++;
    }
    return count;
}

int64_t subscriptions_last_seq(const struct subscriptions *all)
{
    return all->last_seq;
}

struct subscriptions *subscriptions_open(struct service *s, struct err *err)
{
    json_t *meta = store_ask_now(s->with.store, ASK_META, json_object(), err);
    if (meta == NULL) {
        return NULL;
    }
    struct subscriptions *all = mem_alloc(sizeof(*all));
    all->service = s;
    all->last_seq = json_number(meta, "last_seq", 0);
    json_decref(meta);
    all->tick = timer_open(s->with.loop, tick, all);
    all->pump = timer_open(s->with.loop, pump, all);
    timer_every(all->tick, SUBSCRIPTION_TICK_MS);
    engine_add_listener(s->with.engine, happened, all);
    return all;
}

void subscriptions_free(struct subscriptions *all)
{
    if (all == NULL) {
        return;
    }
    subscriptions_stop(all);
    timer_free(all->tick);
    timer_free(all->pump);
    mem_free(all);
}
