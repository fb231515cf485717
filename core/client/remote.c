/* client/remote.c — see remote.h. */
#include "client/remote.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/home.h"

#include <stdlib.h>
#include <string.h>

void remote_close(struct client *c)
{
    link_close(c->link);
    c->link = NULL;
}

json_t *remote_request(
    const char *id, const char *method, const json_t *params, const char *key, const char *token)
{
    json_t *body = params != NULL ? json_copy((json_t *)params) : json_object();
    json_t *old = json_member(body, "_meta");
    json_t *meta = old != NULL ? json_copy(old) : json_object();
    json_put_text(meta, "lang", lang_current() == LANG_ZH ? "zh" : "en");
    json_put_text(meta, "key", key);
    json_put_text(meta, "token", token);
    json_object_set_new(body, "_meta", meta);
    return json_pack(
        "{s:s, s:s, s:s, s:o}", "jsonrpc", "2.0", "id", id, "method", method, "params", body);
}

void remote_error(const json_t *error, struct err *err)
{
    const json_t *data = json_member(error, "data");
    const char *message = json_text(error, "message");
    const char *hint = json_text(data, "hint");
    enum err_code code = err_code_of_kind(json_text(data, "kind"));
    err_set(err, code, "%s", message != NULL ? message : _("The server refused without a reason."));
    if (hint != NULL) {
        err_hint(err, "%s", hint);
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)data, key, value)
    {
        err_data(err, key, json_incref(value));
    }
}

/* Waits for the answer to `id`. Notifications in between are for subscribers only. */
static json_t *answer_to(struct client *c, const char *id, struct err *err)
{
    for (;;) {
        json_t *message = link_receive(c->link, c->timeout_ms, err);
        if (message == NULL) {
            return NULL;
        }
        const json_t *got = json_object_get(message, "id");
        bool unreadable = json_is_null(got) && json_member(message, "error") != NULL;
        if (unreadable || text_equal(json_string_value(got), id)) {
            return message;
        }
        json_decref(message);
    }
}

bool remote_exchange(struct client *c, const json_t *request, json_t **result_out,
    bool *answered_out, struct err *err)
{
    *answered_out = false;
    char *line = json_compact(request);
    size_t len = strlen(line);
    if (len >= JSON_BYTES_MAX) {
        free(line);
        *answered_out = true; /* it never leaves, so no answer is missing */
        return err_set(err, ERR_FORM, _("The request is longer than %d bytes."), JSON_BYTES_MAX);
    }
    bool sent = link_send(c->link, line, len, err);
    free(line);
    json_t *answer = sent ? answer_to(c, json_text(request, "id"), err) : NULL;
    if (answer == NULL) {
        remote_close(c); /* a late answer would be taken for the next one's */
        return false;
    }
    *answered_out = true;
    json_t *error = json_member(answer, "error");
    if (error != NULL) {
        remote_error(error, err);
    } else {
        *result_out = json_incref(json_object_get(answer, "result"));
    }
    json_decref(answer);
    return error == NULL;
}

static const char *token_of(const struct client *c)
{
    const char *given = getenv("FENGQIAO_TOKEN");
    return given != NULL && *given != '\0' ? given : json_text(c->login, "token");
}

static bool connected(struct client *c, struct err *err)
{
    if (c->link == NULL) {
        c->link = link_open(c->server, c->timeout_ms, err);
    }
    return c->link != NULL;
}

bool remote_outbox(struct client *c, struct err *err)
{
    if (c->outbox == NULL) {
        char *folder = home_path(HOME_DATA, "outbox");
        c->outbox = outbox_open(folder, err);
        mem_free(folder);
        if (c->outbox != NULL) {
            outbox_tidy(c->outbox, wallclock_now_ms(&c->clock));
        }
    }
    return c->outbox != NULL;
}

/* Who sent a request and where: only the same user may send it again, to the same server. */
static char *sender_of(const struct client *c)
{
    const char *user = json_text(c->login, "user");
    return mem_printf("%s@%s", user != NULL ? user : "", c->server);
}

/* A refusal the user reads right now needs no trace; one that lost a race, or came after the fact,
 * is kept with the answer. A missing login leaves an old request where it is. */
static void settle_refused(struct client *c, const char *key, bool again, const struct err *why)
{
    if (again && why->code == ERR_UNAUTHENTICATED) {
        return;
    }
    if (!again && why->code != ERR_VERSION) {
        outbox_discard(c->outbox, key, OUTBOX_NEW, NULL);
        return;
    }
    json_t *answer = json_pack("{s:s, s:s, s:s, s:O?}", "kind", err_info(why->code)->kind,
        "message", why->message, "hint", why->hint, "data", why->data);
    outbox_move(c->outbox, key, OUTBOX_NEW, OUTBOX_CONFLICT, answer, NULL);
    json_decref(answer);
}

/* Sends the request kept under `key` and files it by the answer. */
static json_t *send_kept(struct client *c, const char *key, const json_t *request, bool again,
    bool *answered_out, struct err *err)
{
    const json_t *params = json_member(request, "params");
    json_t *whole = remote_request(key, json_text(request, "method"), params, NULL, token_of(c));
    json_t *result = NULL;
    struct err why = {0};
    bool ok = remote_exchange(c, whole, &result, answered_out, &why);
    json_decref(whole);
    if (ok) {
        outbox_move(c->outbox, key, OUTBOX_NEW, OUTBOX_SENT, result, NULL);
        return result;
    }
    if (*answered_out && !err_info(why.code)->retryable) {
        settle_refused(c, key, again, &why);
    }
    if (err != NULL) {
        err_clear(err);
        *err = why;
    } else {
        err_clear(&why);
    }
    return NULL;
}

static void say_sent(
    struct client *c, const json_t *request, const json_t *result, const struct err *why)
{
    const json_t *params = json_member(request, "params");
    const char *number = json_text(result != NULL ? result : params, "case");
    const char *action = json_text(params, "action");
    fprintf(c->talk, _("Sent again: %s %s — %s\n"),
        action != NULL ? action : json_text(request, "method"), number != NULL ? number : "",
        result != NULL ? _("done") : why->message);
}

bool remote_send_pending(struct client *c, size_t *sent_out, size_t *left_out, struct err *err)
{
    *sent_out = *left_out = 0;
    if (!remote_outbox(c, err) || !connected(c, err)) {
        return false;
    }
    c->pending_tried = true;
    char *sender = sender_of(c);
    json_t *pending = outbox_list(c->outbox, OUTBOX_NEW);
    bool online = true;
    for (size_t i = 0; i < json_array_size(pending); i++) {
        const json_t *entry = json_array_get(pending, i);
        const json_t *request = json_member(entry, "request");
        const json_t *meta = json_member(json_member(request, "params"), "_meta");
        if (request == NULL || !text_equal(json_text(meta, "sender"), sender)) {
            continue;
        }
        if (!online) {
            ++*left_out;
            continue;
        }
        struct err why = {0};
        bool answered = false;
        json_t *result = send_kept(c, json_text(entry, "key"), request, true, &answered, &why);
        bool stays = result == NULL && (!answered || err_info(why.code)->retryable ||
                                           why.code == ERR_UNAUTHENTICATED);
        say_sent(c, request, result, &why);
        /* Order matters: what follows may build on the one that stays. */
        online = !stays;
        *(stays ? left_out : sent_out) += 1;
        json_decref(result);
        err_clear(&why);
    }
    json_decref(pending);
    mem_free(sender);
    return true;
}

bool remote_ready(struct client *c, struct err *err)
{
    if (!connected(c, err)) {
        return false;
    }
    if (!c->pending_tried && token_of(c) != NULL && remote_outbox(c, NULL)) {
        size_t sent;
        size_t left;
        remote_send_pending(c, &sent, &left, NULL);
        if (!connected(c, err)) {
            return false;
        }
    }
    return true;
}

static void new_id(struct client *c, char out[UUID_TEXT])
{
    random_uuid7(wallclock_now_ms(&c->clock), out);
}

json_t *remote_call(struct client *c, const char *method, json_t *params, struct err *err)
{
    char id[UUID_TEXT];
    new_id(c, id);
    json_t *request = remote_request(id, method, params, NULL, token_of(c));
    json_decref(params);
    json_t *result = NULL;
    for (int attempt = 0; attempt < 2; attempt++) {
        bool fresh = c->link == NULL;
        bool answered = false;
        err_clear(err);
        if (!remote_ready(c, err) || remote_exchange(c, request, &result, &answered, err) ||
            answered || fresh) {
            break;
        }
    }
    json_decref(request);
    return result;
}

static json_t *change_request(struct client *c, const char *key, const char *method, json_t *params)
{
    json_t *body = params != NULL ? params : json_object();
    char *sender = sender_of(c);
    json_object_set_new(body, "_meta", json_pack("{s:s}", "sender", sender));
    mem_free(sender);
    json_t *request = remote_request(key, method, body, key, NULL);
    json_decref(body);
    return request;
}

static void say_kept(struct err *err)
{
    char why[sizeof err->message];
    memcpy(why, err->message, sizeof why);
    err_set(
        err, ERR_OFFLINE, _("No answer yet (%s). The change is kept and will not be lost."), why);
    err_hint(err, _("Send it again safely, it cannot happen twice: fengqiao outbox send"));
}

json_t *remote_change(struct client *c, const char *method, json_t *params, struct err *err)
{
    char key[UUID_TEXT];
    new_id(c, key);
    json_t *request = change_request(c, key, method, params);
    char *line = json_compact(request);
    json_t *result = NULL;
    bool kept = remote_outbox(c, err);
    if (kept) {
        /* Earlier ones go first; this one is written after them and sorts behind them. */
        bool ready = remote_ready(c, err);
        kept = outbox_put(c->outbox, key, line, ready ? err : NULL);
        bool answered = false;
        for (int attempt = 0; kept && ready && attempt < 2 && !answered; attempt++) {
            err_clear(err);
            ready = connected(c, err);
            result = ready ? send_kept(c, key, request, false, &answered, err) : NULL;
        }
        if (kept && result == NULL && (!answered || err_info(err->code)->retryable)) {
            say_kept(err);
        }
    }
    free(line);
    json_decref(request);
    return result;
}
