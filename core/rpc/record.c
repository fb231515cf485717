/* rpc/record.c — records that belong to no case, written under the call's idempotency key.
 *
 * service_once() looks the key up first, so that a repeat neither does its work again nor meets the
 * checks that its own effect would now fail; the unit that carries the key is checked once more
 * inside the transaction, for two repeats at a time. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

struct writing {
    struct call *call;
    struct record records[RECORDS_MAX]; /* args owned until they are units */
    size_t count;
    json_t *response; /* owned */
    char *text;       /* owned: the response as stored and sent */
    recorded_fn then;
    void *ctx;
};

static void writing_free(struct writing *w)
{
    if (w->ctx != NULL) {
        w->then(NULL, NULL, w->ctx);
    }
    for (size_t i = 0; i < w->count; i++) {
        json_decref(w->records[i].args);
    }
    json_decref(w->response);
    mem_free(w->text);
    mem_free(w);
}

static void refuse_reused(struct call *c)
{
    struct err err = {0};
    err_set(&err, ERR_KEY_REUSED, _("this key was used before for something else"));
    err_hint(
        &err, "%s", _("make a new key for a new request; repeat a key only with the same content"));
    call_refuse(c, &err);
}

static void written(const struct store_result *r, void *ctx)
{
    struct writing *w = ctx;
    call_enter(w->call);
    switch (r->status) {
    case STORE_DURABLE:
        if (w->then != NULL) {
            w->then(w->call, w->response, w->ctx);
            w->ctx = NULL;
        } else {
            call_reply_raw(w->call, w->text, false);
        }
        break;
    case STORE_REPLAYED:
        call_reply_raw(w->call, r->response, true);
        break;
    case STORE_REUSED:
    case STORE_CONFLICT:
        refuse_reused(w->call);
        break;
    case STORE_FAILED:
        call_fail(w->call, r->err);
        break;
    }
    writing_free(w);
}

static void append(struct writing *w)
{
    struct store_unit *units[RECORDS_MAX];
    for (size_t i = 0; i < w->count; i++) {
        units[i] = store_unit_new();
        units[i]->record = w->records[i].kind;
        units[i]->args = w->records[i].args;
        w->records[i].args = NULL;
    }
    struct store_unit *first = units[0];
    if (call_key(w->call) != NULL) {
        first->key = mem_strdup(call_key(w->call));
        first->user = mem_strdup(call_actor(w->call)->user);
        first->method = mem_strdup(call_method(w->call)->name);
        first->params_hash = call_params_hash(w->call);
        first->response = mem_strdup(w->text);
        first->key_at_ms =
            wallclock_now_ms(&(struct wallclock){0}); /* real time, as in engine/unit.c */
    }
    first->done = written;
    first->ctx = w;
    store_append(service_of(w->call)->with.store, units, w->count);
}

void service_record(struct call *c, const struct record records[], size_t count, json_t *response,
    recorded_fn then, void *ctx)
{
    struct writing *w = mem_alloc(sizeof(*w));
    w->call = c;
    memcpy(w->records, records, count * sizeof(records[0]));
    w->count = count;
    w->response = response;
    w->text = json_compact(response);
    w->then = then;
    w->ctx = ctx;
    if (engine_read_only(service_of(c)->with.engine)) {
        struct err err = {0};
        err_set(&err, ERR_READ_ONLY, _("the daemon cannot write at present; nothing was changed"));
        call_refuse(c, &err);
        writing_free(w);
        return;
    }
    append(w);
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool same_request(const json_t *row, const struct call *c)
{
    char hex[DIGEST_TEXT];
    struct digest d = call_params_hash(c);
    return text_equal(json_text(row, "user"), call_actor(c)->user) &&
           text_equal(json_text(row, "method"), call_method(c)->name) &&
           text_equal(json_text(row, "params_hash"), digest_hex(&d, hex));
}

struct once {
    struct call *call;
    fresh_fn fresh;
};

static void key_known(json_t *answer, const struct err *err, void *ctx)
{
    struct once once = *(struct once *)ctx;
    mem_free(ctx);
    call_enter(once.call);
    if (answer == NULL) {
        call_fail(once.call, err);
    } else if (!json_is_object(answer)) {
        once.fresh(once.call);
    } else if (same_request(answer, once.call)) {
        call_reply_raw(once.call, json_text(answer, "response"), true);
    } else {
        refuse_reused(once.call);
    }
}

void service_once(struct call *c, fresh_fn fresh)
{
    struct once *once = mem_alloc(sizeof(*once));
    *once = (struct once){c, fresh};
    store_ask(service_of(c)->with.store, ASK_KEY, json_pack("{s:s}", "key", call_key(c)), key_known,
        once);
}

struct record audit_record(const struct call *c, const char *act, const char *subject, json_t *data)
{
    json_t *args = json_object();
    json_put_number(args, "at_ms", service_now_ms(service_of(c)));
    json_put_text(args, "actor", call_actor(c)->user);
    json_put_text(args, "act", act);
    json_put_text(args, "subject", subject);
    json_object_set_new(args, "data", data != NULL ? data : json_object());
    return (struct record){RECORD_AUDIT, args};
}
