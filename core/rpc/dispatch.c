/* rpc/dispatch.c — see dispatch.h.
 *
 * One function for each check, in the order of the header; the first one that refuses answers the
 * call. Between "who is it" and the rest the call may wait for the token to be looked up. */
#include "rpc/dispatch.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "rpc/call_private.h"
#include "rpc/params.h"
#include "rpc/session.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { KEY_MAX = 128 /* bytes: a UUID with a prefix; it is kept at least 90 days */ };

struct dispatch {
    struct dispatch_options with;
    bool shut;
    size_t open;
    uint64_t calls, errors;
    uint64_t trace_base; /* tells the runs of the daemon apart */
};

struct dispatch *dispatch_open(const struct dispatch_options *options)
{
    struct dispatch *d = mem_alloc(sizeof *d);
    d->with = *options;
    d->trace_base = (uint64_t)wallclock_now_ms(options->clock);
    return d;
}

void dispatch_free(struct dispatch *d)
{
    if (d != NULL) {
        assert(d->open == 0);
        mem_free(d);
    }
}

const struct methods *dispatch_methods(const struct dispatch *d)
{
    return d->with.methods;
}

enum lang dispatch_lang(const struct dispatch *d)
{
    return d->with.lang;
}

void dispatch_shut(struct dispatch *d)
{
    d->shut = true;
}

size_t dispatch_open_calls(const struct dispatch *d)
{
    return d->open;
}

json_t *dispatch_stat(const struct dispatch *d)
{
    return json_pack("{s:I, s:I, s:I}", "calls", (json_int_t)d->calls, "errors",
        (json_int_t)d->errors, "open", (json_int_t)d->open);
}

void dispatch_ended(struct dispatch *d, bool failed)
{
    d->open--;
    d->errors += failed;
}

/* --- _meta ----------------------------------------------------------------------------------- */

static bool meta_wrong(const char *member, const char *problem, struct err *err)
{
    char field[32];
    snprintf(field, sizeof field, "_meta.%s", member);
    err_set(err, ERR_PARAMS, "%s: %s", field, problem);
    return err_data(err, "field", json_string(field));
}

/* A string without control characters, within bytes_max; absent and null are fine. */
static bool meta_text(const struct call *c, const char *member, size_t bytes_max, struct err *err)
{
    const json_t *value = json_member(c->meta, member);
    if (value == NULL) {
        return true;
    }
    const char *text = json_string_value(value);
    if (text == NULL || text[0] == '\0') {
        return meta_wrong(member, _("must be a text"), err);
    }
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            return meta_wrong(member, _("holds control characters"), err);
        }
    }
    return json_string_length(value) <= bytes_max || meta_wrong(member, _("is too long"), err);
}

static bool read_deadline(struct call *c, struct err *err)
{
    const json_t *value = json_member(c->meta, "deadline_ms");
    if (value == NULL) {
        return true;
    }
    if (!json_is_integer(value) || json_integer_value(value) <= 0 ||
        json_integer_value(value) > MS_PER_DAY) {
        return meta_wrong("deadline_ms", _("must be a number of milliseconds, at most a day"), err);
    }
    c->start_until_us = monotonic_us() + json_integer_value(value) * 1000;
    return true;
}

/* Takes _meta out of params and reads what every method may carry. Unknown members are ignored. */
static bool read_meta(struct call *c, struct err *err)
{
    json_t *meta = json_member(c->params, "_meta");
    if (meta != NULL && !json_is_object(meta)) {
        err_set(err, ERR_PARAMS, _("_meta must be an object"));
        return err_data(err, "field", json_string("_meta"));
    }
    c->meta = json_incref(meta);
    json_object_del(c->params, "_meta");
    if (lang_parse(json_text(c->meta, "lang"), &c->lang)) {
        call_enter(c);
    }
    if (!meta_text(c, "trace", TRACE_MAX, err)) {
        return false;
    }
    if (json_text(c->meta, "trace") != NULL) {
        snprintf(c->trace, sizeof c->trace, "%s", json_text(c->meta, "trace"));
    }
    enum { TOKEN_MAX = 256 };
    return meta_text(c, "lang", TRACE_MAX, err) && meta_text(c, "token", TOKEN_MAX, err) &&
           meta_text(c, "key", KEY_MAX, err) && read_deadline(c, err);
}

/* params as an object: positional ones stand for the single parameter of a method. */
static bool read_params(struct call *c, json_t *params, struct err *err)
{
    if (!json_is_array(params)) {
        c->params = params != NULL ? json_incref(params) : json_object();
        return true;
    }
    c->params = json_object();
    const struct param *p = c->row->params;
    size_t declared = p[0].name == NULL ? 0 : p[1].name == NULL ? 1 : 2;
    if (json_array_size(params) > declared || (declared > 1 && json_array_size(params) > 0)) {
        err_set(err, ERR_PARAMS, _("%s takes its parameters by name"), c->row->name);
        return err_hint(err, "\"params\":%s", c->row->example);
    }
    if (json_array_size(params) == 1) {
        json_object_set(c->params, p[0].name, json_array_get(params, 0));
    }
    return true;
}

/* --- the caller ------------------------------------------------------------------------------ */

/* Who a session stands for without asking anybody; user "" when nobody. */
static void assume_actor(struct call *c)
{
    struct actor actor = {.kind = ACTOR_USER, .user = ""};
    if (c->session != NULL && session_user(c->session) != NULL) {
        actor.user = session_user(c->session);
    } else if (c->session != NULL && session_local_admin(c->session)) {
        actor.user = "local";
        actor.local_admin = true;
    }
    call_set_actor(c, &actor);
}

static void find_caller(struct call *c)
{
    struct err err = {0};
    const char *token = json_text(c->meta, "token");
    if (token == NULL && c->session != NULL) {
        token = session_token(c->session);
    }
    c->token = mem_strdup(token);
    assume_actor(c);
    if ((c->row->flags & METHOD_ANONYMOUS) != 0) {
        dispatch_go_on(c);
    } else if (token != NULL && c->dispatch->with.authenticate != NULL) {
        c->dispatch->with.authenticate(c, c->token, c->dispatch->with.ctx);
    } else if (token == NULL && c->actor.user[0] != '\0') {
        dispatch_go_on(c);
    } else {
        err_set(&err, ERR_UNAUTHENTICATED, _("not logged in"));
        err_hint(&err, _("log in by auth.login, or send a token in params._meta.token"));
        call_refuse(c, &err);
    }
}

/* --- the rest of the checks, and the method --------------------------------------------------- */

static bool check_caller(struct call *c, struct err *err)
{
    if ((c->row->flags & METHOD_LOCAL) != 0 && !c->actor.local_admin) {
        err_set(err, ERR_FORBIDDEN, _("%s works on the machine itself only"), c->row->name);
        return err_hint(err, _("connect to the UNIX socket as root or as the daemon's user"));
    }
    return true;
}

static bool check_key(struct call *c, struct err *err)
{
    if ((c->row->flags & METHOD_MUTATING) == 0) {
        return true;
    }
    if (c->dispatch->shut) {
        return err_set(err, ERR_SHUTDOWN, _("the daemon is stopping"));
    }
    if (json_text(c->meta, "key") == NULL) {
        meta_wrong("key", _("is needed: this method changes something"), err);
        return err_hint(
            err, _("make one UUID (version 7) for each action and keep it for repeats"));
    }
    return true;
}

static bool check_deadline(struct call *c, struct err *err)
{
    return c->start_until_us == INT64_MAX || monotonic_us() <= c->start_until_us ||
           err_set(err, ERR_OVERLOADED, _("not started before its deadline; nothing was done"));
}

void dispatch_go_on(struct call *c)
{
    struct err err = {0};
    if (!check_caller(c, &err) || !check_key(c, &err) || !params_check(c->row, c->params, &err) ||
        !check_deadline(c, &err)) {
        call_refuse(c, &err);
        return;
    }
    params_settle(c->row, c->params);
    c->row->fn(c);
}

/* --- beginning ------------------------------------------------------------------------------- */

static struct call *call_new(struct dispatch *d, answer_cb done, void *ctx)
{
    struct call *c = mem_alloc(sizeof *c);
    c->dispatch = d;
    c->lang = d->with.lang;
    c->start_until_us = INT64_MAX;
    c->done = done;
    c->ctx = ctx;
    d->open++;
    d->calls++;
    snprintf(c->trace, sizeof c->trace, "%llx-%llx", (unsigned long long)d->trace_base,
        (unsigned long long)d->calls);
    return c;
}

/* Stands in while the method is unknown, so that every call has a row. */
static const struct method unknown_row = {
    .name = "", .params = NO_PARAMS, .result = NO_PARAMS, .errors = NO_ERRORS};

static bool find_method(struct call *c, const char *name, struct err *err)
{
    const struct methods *methods = c->dispatch->with.methods;
    const struct method_entry *entry = methods_find(methods, name);
    c->row = entry != NULL ? entry->row : &unknown_row;
    c->row_ctx = entry != NULL ? entry->ctx : NULL;
    if (entry != NULL) {
        return true;
    }
    const char *near = methods_nearest(methods, name);
    err_set(err, ERR_METHOD, _("no method %s"), name);
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
        return err_hint(err, _("did you mean %s?"), near);
    }
    return err_hint(err, _("rpc.discover lists all methods"));
}

static void join_list(struct call *c, struct call_list *list)
{
    c->list = list;
    c->next = list->first;
    if (c->next != NULL) {
        c->next->prev = c;
    }
    list->first = c;
}

void dispatch_request(struct dispatch *d, struct session *session, struct call_list *list,
    const struct request *request, answer_cb done, void *ctx)
{
    struct err err = {0};
    struct call *c = call_new(d, done, ctx);
    c->session = session;
    c->lang = session_lang(session, d->with.lang);
    join_list(c, list);
    call_enter(c);
    if (!find_method(c, request->method, &err) || !read_params(c, request->params, &err)) {
        call_refuse(c, &err);
    } else if (request->notification && (c->row->flags & METHOD_MUTATING) != 0) {
        log_event(LOG_DEBUG, "rpc", "notification_refused", "session=%llu method=%s",
            (unsigned long long)session_id(session), c->row->name);
        err_set(&err, ERR_REQUEST, _("nobody could learn the outcome: send an id"));
        call_refuse(c, &err);
    } else if (!read_meta(c, &err)) {
        call_refuse(c, &err);
    } else {
        find_caller(c);
    }
}

void dispatch_local(struct dispatch *d, const struct actor *actor, const char *method,
    json_t *params, answer_cb done, void *ctx)
{
    struct err err = {0};
    struct call *c = call_new(d, done, ctx);
    call_set_actor(c, actor);
    call_enter(c);
    json_t *own = json_copy(params); /* _meta is taken out of it, and the caller may keep his */
    bool ok = find_method(c, method, &err) && read_params(c, own, &err) && read_meta(c, &err);
    json_decref(own);
    json_decref(params);
    if (ok && (c->row->flags & METHOD_CONNECTION) != 0) {
        ok = err_set(&err, ERR_FORBIDDEN, _("%s needs a connection"), method);
    }
    if (ok) {
        dispatch_go_on(c);
    } else {
        call_refuse(c, &err);
    }
}
