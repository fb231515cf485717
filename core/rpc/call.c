/* rpc/call.c — see call.h. */
#include "rpc/call_private.h"

#include "base/civil.h"
#include "base/json.h"
#include "base/memory.h"
#include "rpc/params.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- what was asked -------------------------------------------------------------------------- */

const struct method *call_method(const struct call *c)
{
    return c->row;
}

void *call_ctx(const struct call *c)
{
    return c->row_ctx;
}

struct dispatch *call_dispatch(const struct call *c)
{
    return c->dispatch;
}

struct session *call_session(const struct call *c)
{
    return c->session;
}

const struct actor *call_actor(const struct call *c)
{
    return &c->actor;
}

enum lang call_lang(const struct call *c)
{
    return c->lang;
}

void call_enter(const struct call *c)
{
    lang_use(c->lang);
}

const char *call_key(const struct call *c)
{
    return json_text(c->meta, "key");
}

const char *call_token(const struct call *c)
{
    return c->token;
}

const char *call_trace(const struct call *c)
{
    return c->trace;
}

struct digest call_params_hash(const struct call *c)
{
    json_t *open = json_copy(c->params); /* values are shared: nothing deep is changed */
    for (const struct param *p = c->row->params; p->name != NULL; p++) {
        if ((p->flags & PARAM_SECRET) != 0) {
            json_object_del(open, p->name);
        }
    }
    char *text = json_canonical(open);
    struct digest d = digest_of(text, strlen(text));
    free(text);
    json_decref(open);
    return d;
}

json_t *call_params(const struct call *c)
{
    return c->params;
}

json_t *call_param(const struct call *c, const char *name)
{
    assert(param_find(c->row->params, name) != NULL); /* asked for what the row does not declare */
    return json_object_get(c->params, name);
}

bool call_has(const struct call *c, const char *name)
{
    return call_param(c, name) != NULL;
}

const char *call_text(const struct call *c, const char *name)
{
    return json_string_value(call_param(c, name));
}

int64_t call_int(const struct call *c, const char *name, int64_t otherwise)
{
    const json_t *value = call_param(c, name);
    if (json_is_string(value)) {
        return strtoll(json_string_value(value), NULL, 10); /* an id: digits only, checked */
    }
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool call_bool(const struct call *c, const char *name)
{
    return json_is_true(call_param(c, name));
}

bool call_date(const struct call *c, const char *name, struct date *date_out)
{
    const char *text = call_text(c, name);
    return text != NULL && date_parse(text, date_out);
}

bool call_instant(const struct call *c, const char *name, int64_t *ms_out)
{
    const char *text = call_text(c, name);
    return text != NULL && instant_parse(text, ms_out);
}

/* --- answering ------------------------------------------------------------------------------- */

static void leave_list(struct call *c)
{
    if (c->list == NULL) {
        return;
    }
    if (c->prev != NULL) {
        c->prev->next = c->next;
    } else {
        c->list->first = c->next;
    }
    if (c->next != NULL) {
        c->next->prev = c->prev;
    }
    c->list = NULL;
}

void call_list_detach(struct call_list *list)
{
    while (list->first != NULL) {
        struct call *c = list->first;
        leave_list(c);
        c->session = NULL;
        c->done = NULL;
    }
}

static void call_free(struct call *c)
{
    json_decref(c->params);
    json_decref(c->meta);
    mem_free(c->user);
    mem_free(c->role);
    mem_free(c->token);
    mem_free(c);
}

void call_end(struct call *c, struct answer *answer)
{
    leave_list(c);
    answer->trace = c->trace;
    answer->lang = c->lang;
    lang_use(c->lang);
    dispatch_ended(c->dispatch, answer->err != NULL);
    if (c->done != NULL) {
        c->done(answer, c->ctx);
    }
    call_free(c);
}

void call_reply(struct call *c, json_t *result)
{
    assert(json_is_object(result)); /* so that every result may carry _meta */
    if ((c->row->flags & METHOD_DEPRECATED) != 0) {
        json_t *meta = json_object_get(result, "_meta");
        if (meta == NULL) {
            meta = json_object();
            json_object_set_new(result, "_meta", meta);
        }
        json_object_set_new(meta, "deprecated", json_true());
    }
    struct answer answer = {.result = result};
    call_end(c, &answer);
    json_decref(result);
}

void call_reply_raw(struct call *c, const char *result_text, bool replayed)
{
    struct answer answer = {.raw = result_text, .replayed = replayed};
    call_end(c, &answer);
}

void call_fail(struct call *c, const struct err *err)
{
    assert(err != NULL && err->code != ERR_NONE);
    struct answer answer = {.err = err};
    call_end(c, &answer);
}

void call_refuse(struct call *c, struct err *err)
{
    call_fail(c, err);
    err_clear(err);
}

/* --- who is calling -------------------------------------------------------------------------- */

void call_set_actor(struct call *c, const struct actor *actor)
{
    char *user = mem_strdup(actor->user != NULL ? actor->user : "");
    char *role = mem_strdup(actor->role);
    mem_free(c->user);
    mem_free(c->role);
    c->actor = *actor;
    c->actor.user = c->user = user;
    c->actor.role = c->role = role;
}

void call_authenticated(struct call *c, const char *user)
{
    struct actor actor = {.kind = ACTOR_USER, .user = user};
    call_set_actor(c, &actor);
    call_enter(c);
    dispatch_go_on(c);
}
