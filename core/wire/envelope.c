/* wire/envelope.c — see envelope.h. */
#include "wire/envelope.h"

#include "base/json.h"
#include "base/lang.h"

#include <assert.h>
#include <string.h>

static bool id_valid(const json_t *id)
{
    return json_is_integer(id) || (json_is_string(id) && json_string_length(id) <= ENVELOPE_ID_MAX);
}

static bool read_id(struct request *r, struct err *err)
{
    const json_t *id = json_object_get(r->doc, "id");
    r->notification = id == NULL;
    if (id != NULL && !id_valid(id)) {
        err_set(err, ERR_REQUEST, _("id must be a string of at most %d bytes or an integer"),
            ENVELOPE_ID_MAX);
        return err_data(err, "field", json_string("id"));
    }
    r->id = id;
    return true;
}

static bool read_method(struct request *r, struct err *err)
{
    const json_t *method = json_object_get(r->doc, "method");
    if (!json_is_string(method) || json_string_length(method) == 0 ||
        json_string_length(method) > ENVELOPE_METHOD_MAX) {
        err_set(
            err, ERR_REQUEST, _("method must be a name of at most %d bytes"), ENVELOPE_METHOD_MAX);
        return err_data(err, "field", json_string("method"));
    }
    r->method = json_string_value(method);
    return true;
}

bool request_read(struct request *r, json_t *doc, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->doc = json_incref(doc);
    if (!json_is_object(doc)) {
        err_set(err, ERR_REQUEST, _("a request must be a JSON object"));
        return err_hint(err, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
    }
    if (!read_id(r, err)) {
        return false;
    }
    const char *version = json_text(doc, "jsonrpc");
    if (version == NULL || strcmp(version, "2.0") != 0) {
        err_set(err, ERR_REQUEST, _("jsonrpc must be \"2.0\""));
        return err_data(err, "field", json_string("jsonrpc"));
    }
    if (!read_method(r, err)) {
        return false;
    }
    r->params = json_member(doc, "params");
    if (r->params != NULL && !json_is_object(r->params) && !json_is_array(r->params)) {
        err_set(err, ERR_REQUEST, _("params must be an object"));
        return err_data(err, "field", json_string("params"));
    }
    return true;
}

void request_close(struct request *r)
{
    json_decref(r->doc);
    memset(r, 0, sizeof *r);
}

/* Adds JSON text; raw line and paragraph separators, which can only stand inside strings, are
 * escaped. */
static void add_json(struct buf *out, const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *p = text; (p = memchr(p, 0xE2, (size_t)(end - p))) != NULL; p++) {
        if (end - p >= 3 && (unsigned char)p[1] == 0x80 && ((unsigned char)p[2] & 0xFE) == 0xA8) {
            buf_add(out, text, (size_t)(p - text));
            buf_adds(out, (unsigned char)p[2] == 0xA8 ? "\\u2028" : "\\u2029");
            text = p + 3;
            p += 2;
        }
    }
    buf_add(out, text, (size_t)(end - text));
}

static void add_value(struct buf *out, const json_t *value)
{
    struct buf text = {0};
    if (value == NULL) {
        buf_adds(out, "null");
        return;
    }
    json_write(&text, value, JSON_AS_SET);
    add_json(out, text.data, text.len);
    buf_close(&text);
}

static void begin_reply(struct buf *out, const json_t *id, const char *member)
{
    buf_adds(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    add_value(out, id);
    buf_addf(out, ",\"%s\":", member);
}

void envelope_result(struct buf *out, const json_t *id, const json_t *result)
{
    begin_reply(out, id, "result");
    add_value(out, result);
    buf_addc(out, '}');
}

void envelope_result_raw(struct buf *out, const json_t *id, const char *text, bool replayed)
{
    size_t len = strlen(text);
    assert(len >= 2 && text[0] == '{' && text[len - 1] == '}');
    begin_reply(out, id, "result");
    add_json(out, text, replayed ? len - 1 : len);
    if (replayed) {
        buf_adds(out, len == 2 ? "" : ",");
        buf_adds(out, "\"_meta\":{\"replayed\":true}}");
    }
    buf_addc(out, '}');
}

void envelope_error(struct buf *out, const json_t *id, const struct err *err, const char *trace)
{
    const struct err_info *info = err_info(err->code);
    json_t *data = json_object();
    json_put_text(data, "kind", info->kind);
    json_put_text(data, "hint", err->hint[0] != '\0' ? err->hint : NULL);
    json_object_set_new(data, "retryable", json_boolean(info->retryable));
    json_object_update_missing(data, err->data);
    json_put_text(data, "trace", trace);
    json_t *error = json_object();
    json_put_number(error, "code", info->rpc_code);
    json_put_text(error, "message", err->message);
    json_object_set_new(error, "data", data);
    begin_reply(out, id, "error");
    add_value(out, error);
    buf_addc(out, '}');
    json_decref(error);
}

static void add_call(struct buf *out, const char *method, const json_t *params)
{
    json_t *name = json_string(method);
    buf_adds(out, "\"method\":");
    add_value(out, name);
    json_decref(name);
    if (params != NULL) {
        buf_adds(out, ",\"params\":");
        add_value(out, params);
    }
    buf_addc(out, '}');
}

void envelope_notification(struct buf *out, const char *method, const json_t *params)
{
    buf_adds(out, "{\"jsonrpc\":\"2.0\",");
    add_call(out, method, params);
}

void envelope_request(struct buf *out, const json_t *id, const char *method, const json_t *params)
{
    buf_adds(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    add_value(out, id);
    buf_addc(out, ',');
    add_call(out, method, params);
}

/* The server's error as a struct err, so that the client branches on the code as the server did. */
static bool read_error(struct response *r, const json_t *error, struct err *err)
{
    const json_t *data = json_object_get(error, "data");
    const char *message = json_text(error, "message");
    if (!json_is_object(error) || message == NULL) {
        return err_set(err, ERR_REQUEST, _("the server's error has no message"));
    }
    r->kind = RESPONSE_ERROR;
    err_set(&r->err, err_code_of_kind(json_text(data, "kind")), "%s", message);
    if (json_text(data, "hint") != NULL) {
        err_hint(&r->err, "%s", json_text(data, "hint"));
    }
    if (json_is_object(data)) {
        r->err.data = json_deep_copy(data);
    }
    return true;
}

bool response_read(struct response *r, const char *line, size_t len, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->doc = json_parse(line, len, err);
    if (r->doc == NULL) {
        return false;
    }
    if (!json_is_object(r->doc) || json_text(r->doc, "jsonrpc") == NULL) {
        return err_set(err, ERR_REQUEST, _("the server's answer is not JSON-RPC 2.0"));
    }
    r->id = json_member(r->doc, "id");
    r->method = json_text(r->doc, "method");
    r->params = json_member(r->doc, "params");
    r->result = json_object_get(r->doc, "result");
    const json_t *error = json_member(r->doc, "error");
    if (r->method != NULL) {
        r->kind = RESPONSE_NOTIFICATION;
        return true;
    }
    if (error != NULL) {
        return read_error(r, error, err);
    }
    r->kind = RESPONSE_RESULT;
    return r->result != NULL ||
           err_set(err, ERR_REQUEST, _("the server's answer holds neither result nor error"));
}

void response_close(struct response *r)
{
    json_decref(r->doc);
    err_clear(&r->err);
    memset(r, 0, sizeof *r);
}
