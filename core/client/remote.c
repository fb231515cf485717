/* client/remote.c — see remote.h. */
#include "client/remote.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "client/home.h"
#include "client/trust.h"

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

const char *remote_token(const struct client *c)
{
    const char *given = getenv("FENGQIAO_TOKEN");
    return given != NULL && *given != '\0' ? given : json_text(c->login, "token");
}

struct link *remote_link(struct client *c, struct err *err)
{
    return trust_ready(c, err) ? link_open(c->server, c->trust, c->timeout_ms, err) : NULL;
}

bool remote_connect(struct client *c, struct err *err)
{
    if (c->link == NULL) {
        c->link = remote_link(c, err);
    }
    return c->link != NULL;
}

bool remote_ready(struct client *c, struct err *err)
{
    if (!remote_connect(c, err)) {
        return false;
    }
    if (!c->pending_tried && remote_token(c) != NULL && remote_outbox(c, NULL)) {
        struct outbox_counts counts;
        remote_send_pending(c, false, &counts, NULL);
        if (!remote_connect(c, err)) {
            return false;
        }
    }
    return true;
}

static void new_id(const struct client *c, char out[UUID_TEXT])
{
    random_uuid7(wallclock_now_ms(&c->clock), out);
}

json_t *remote_call(struct client *c, const char *method, json_t *params, struct err *err)
{
    char id[UUID_TEXT];
    new_id(c, id);
    json_t *request = remote_request(id, method, params, NULL, remote_token(c));
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
