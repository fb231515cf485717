/* What is a JSON-RPC request, and what replies look like, byte for byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "wire/envelope.h"

#include <stdlib.h>
#include <string.h>

/* "id method params" of a good request, or "! code field id" of a refused one. */
static char *reading_of(const char *text, size_t len)
{
    struct err err = {0};
    struct buf out = {0};
    json_t *doc = json_parse(text, len, &err);
    if (doc == NULL) {
        buf_addf(&out, "! %d", err_info(err.code)->rpc_code);
        err_clear(&err);
        return buf_take(&out);
    }
    struct request r;
    bool ok = request_read(&r, doc, &err);
    json_decref(doc);
    char *id = r.id != NULL ? json_compact(r.id) : NULL;
    if (ok) {
        char *params = r.params != NULL ? json_compact(r.params) : NULL;
        buf_addf(
            &out, "%s %s %s", r.notification ? "-" : id, r.method, params != NULL ? params : "-");
        free(params);
    } else {
        const char *field = json_text(err.data, "field");
        buf_addf(&out, "! %d %s %s", err_info(err.code)->rpc_code, field != NULL ? field : "-",
            id != NULL ? id : "null");
    }
    free(id);
    request_close(&r);
    err_clear(&err);
    return buf_take(&out);
}

static const struct {
    const char *expected, *text;
} readings[] = {
    {"1 ping -", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"},
    {"\"a\" echo {\"text\":\"枫\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"echo\",\"params\":{\"text\":\"枫\"}}"},
    {"- ping -", "{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}"},
    {"1 ping -", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}"},
    {"1 echo [\"x\"]",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[\"x\"],\"extra\":true}"},
    {"0 ping -", "{\"jsonrpc\":\"2.0\",\"id\":-0,\"method\":\"ping\"}"},
    {"9007199254740993 ping -",
        "{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"ping\"}"},
    {"\"\" ping -", "{\"jsonrpc\":\"2.0\",\"id\":\"\",\"method\":\"ping\"}"},
    /* ids that cannot be used */
    {"! -32600 id null", "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}"},
    {"! -32600 id null", "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}"},
    {"! -32600 id null", "{\"jsonrpc\":\"2.0\",\"id\":1.0,\"method\":\"ping\"}"},
    {"! -32600 id null", "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}"},
    {"! -32600 id null", "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}"},
    {"! -32600 id null", "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}"},
    /* other members */
    {"! -32600 jsonrpc 7", "{\"id\":7,\"method\":\"ping\"}"},
    {"! -32600 jsonrpc 7", "{\"jsonrpc\":2.0,\"id\":7,\"method\":\"ping\"}"},
    {"! -32600 jsonrpc 7", "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}"},
    {"! -32600 method 7", "{\"jsonrpc\":\"2.0\",\"id\":7}"},
    {"! -32600 method 7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":1}"},
    {"! -32600 method 7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"\"}"},
    {"! -32600 method 7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}"},
    {"! -32600 params 7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":\"bar\"}"},
    {"! -32600 params 7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":5}"},
    {"! -32600 params null", "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"params\":false}"},
    /* no objects */
    {"! -32600 - null", "1"},
    {"! -32600 - null", "\"ping\""},
    {"! -32600 - null", "null"},
    {"! -32600 - null", "[]"},
    /* no JSON */
    {"! -32700", "{"},
    {"! -32700", "{\"a\":1,\"a\":2}"},
    {"! -32700", "{} {}"},
    {"! -32700", "{\"jsonrpc\":\"2.0\",\"id\":1e400,\"method\":\"ping\"}"},
    {"! -32700", "{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"ping\"}"},
    {"! -32700", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\\u0000ng\"}"},
    {"! -32700", "\xEF\xBB\xBF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"},
    {"! -32700", "{\"a\":\"\xC0\xAF\"}"},     /* overlong */
    {"! -32700", "{\"a\":\"\xED\xA0\x80\"}"}, /* surrogate */
    {"! -32700", "{\"a\":\"\\ud800\"}"},
    {"! -32700", "{\"a\":\"\xE6\x9E\"}"}, /* cut */
    {"! -32700", "{\"a\":\"\xFF\"}"},
    {"! -32700", "{\"a\":\"tab\there\"}"},
    {"! -32700", "{'a':1}"},
    {"! -32700", "{\"a\":NaN}"},
    {"! -32700", "{\"a\":1,}"},
};

static void requests_are_read_as_the_protocol_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        char *got = reading_of(readings[i].text, strlen(readings[i].text));
        assert_string_equal(readings[i].expected, got);
        mem_free(got);
    }
}

static void a_nul_byte_in_the_line_is_a_parse_error(void **state)
{
    (void)state;
    static const char text[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\0ng\"}";
    char *got = reading_of(text, sizeof text - 1);
    assert_string_equal("! -32700", got);
    mem_free(got);
}

static void nesting_stops_at_its_limit_and_a_hundred_thousand_brackets_do_no_harm(void **state)
{
    (void)state;
    char *text = mem_alloc(200001);
    memset(text, '[', 100000);
    memset(text + 100000, ']', 100000);
    char *got = reading_of(text, 200000);
    assert_string_equal("! -32700", got);
    mem_free(got);
    got = reading_of(text + 100000 - JSON_DEPTH_MAX, 2 * JSON_DEPTH_MAX);
    assert_string_equal("! -32600 - null", got); /* an array is no request, but it is JSON */
    mem_free(got);
    got = reading_of(text + 100000 - JSON_DEPTH_MAX - 1, 2 * JSON_DEPTH_MAX + 2);
    assert_string_equal("! -32700", got);
    mem_free(got);
    mem_free(text);
}

static void ids_and_methods_have_a_length_limit(void **state)
{
    (void)state;
    for (int extra = 0; extra <= 1; extra++) {
        char name[ENVELOPE_ID_MAX + 2];
        memset(name, 'n', sizeof name);
        name[ENVELOPE_ID_MAX + extra] = '\0';
        char *text = mem_printf("{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"m\"}", name);
        char *got = reading_of(text, strlen(text));
        assert_int_equal(extra, strcmp(got, "! -32600 id null") == 0);
        mem_free(got);
        mem_free(text);
        text = mem_printf("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"%s\"}", name);
        got = reading_of(text, strlen(text));
        assert_int_equal(extra, strcmp(got, "! -32600 method 3") == 0);
        mem_free(got);
        mem_free(text);
    }
}

static void results_are_one_compact_line_with_the_id_as_it_came(void **state)
{
    (void)state;
    struct buf out = {0};
    json_t *id = json_string("甲");
    json_t *result = json_pack("{s:s, s:i}", "text", "第一\n第二", "n", 3);
    envelope_result(&out, id, result);
    assert_string_equal("{\"jsonrpc\":\"2.0\",\"id\":\"甲\",\"result\":"
                        "{\"text\":\"第一\\n第二\",\"n\":3}}",
        buf_text(&out));
    json_decref(id);
    json_decref(result);
    buf_close(&out);
}

static void line_separators_of_unicode_are_escaped(void **state)
{
    (void)state;
    struct buf out = {0};
    json_t *result = json_pack("{s:s}", "t", "a\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\x9C.");
    envelope_result(&out, NULL, result);
    assert_string_equal("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":"
                        "{\"t\":\"a\\u2028\\u2029\xE2\x80\x9C.\"}}",
        buf_text(&out));
    json_decref(result);
    buf_close(&out);
}

static void stored_answers_are_repeated_byte_for_byte_and_marked(void **state)
{
    (void)state;
    struct buf out = {0};
    json_t *id = json_integer(5);
    envelope_result_raw(&out, id, "{\"b\":1.10,\"a\": 2}", false);
    assert_string_equal(
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"b\":1.10,\"a\": 2}}", buf_text(&out));
    buf_clear(&out);
    envelope_result_raw(&out, id, "{\"b\":1.10,\"a\": 2}", true);
    assert_string_equal("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"b\":1.10,\"a\": 2,"
                        "\"_meta\":{\"replayed\":true}}}",
        buf_text(&out));
    buf_clear(&out);
    envelope_result_raw(&out, id, "{}", true);
    assert_string_equal("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"_meta\":{\"replayed\":true}}}",
        buf_text(&out));
    json_decref(id);
    buf_close(&out);
}

static void errors_carry_kind_hint_and_trace_and_come_back_as_they_went(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf out = {0};
    err_set(&err, ERR_OVERLOADED, "busy");
    err_hint(&err, "later");
    err_data(&err, "retry_after_ms", json_integer(500));
    err_data(&err, "kind", json_string("not this one"));
    json_t *id = json_integer(1);
    envelope_error(&out, id, &err, "t-1");
    assert_string_equal(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1030,\"message\":\"busy\",\"data\":"
        "{\"kind\":\"overloaded\",\"hint\":\"later\",\"retryable\":true,\"retry_after_ms\":500,"
        "\"trace\":\"t-1\"}}}",
        buf_text(&out));
    struct response r;
    struct err bad = {0};
    assert_true(response_read(&r, out.data, out.len, &bad));
    assert_int_equal(RESPONSE_ERROR, r.kind);
    assert_int_equal(ERR_OVERLOADED, r.err.code);
    assert_string_equal("busy", r.err.message);
    assert_string_equal("later", r.err.hint);
    assert_int_equal(500, json_number(r.err.data, "retry_after_ms", 0));
    response_close(&r);
    json_decref(id);
    err_clear(&err);
    buf_close(&out);
}

/* The reply to a line that is no JSON: a message, valid as JSON and UTF-8, without the line's
 * words.
 */
static void a_parse_error_is_answered_without_the_words_that_were_sent(void **state)
{
    (void)state;
    const char *text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"case.note\",\"params\":"
                       "{\"text\":张三甲乙丙丁戊己庚辛}}";
    for (size_t len = 1; len <= strlen(text); len++) {
        struct err err = {0};
        struct buf out = {0};
        assert_null(json_parse(text, len, &err));
        envelope_error(&out, NULL, &err, "t-1");
        json_t *reply = json_parse(out.data, out.len, NULL);
        const json_t *error = json_object_get(reply, "error");
        assert_int_equal(-32700, json_number(error, "code", 0));
        assert_true(json_text(error, "message") != NULL && json_text(error, "message")[0] != '\0');
        assert_null(strstr(buf_text(&out), "张"));
        assert_null(strstr(buf_text(&out), "case.note"));
        json_decref(reply);
        buf_close(&out);
        err_clear(&err);
    }
}

static void a_client_tells_results_from_notifications(void **state)
{
    (void)state;
    struct response r;
    struct err err = {0};
    const char *push = "{\"jsonrpc\":\"2.0\",\"method\":\"events.event\",\"params\":{\"seq\":7}}";
    assert_true(response_read(&r, push, strlen(push), &err));
    assert_int_equal(RESPONSE_NOTIFICATION, r.kind);
    assert_string_equal("events.event", r.method);
    assert_int_equal(7, json_number(r.params, "seq", 0));
    response_close(&r);
    const char *result = "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":null}";
    assert_true(response_read(&r, result, strlen(result), &err));
    assert_int_equal(RESPONSE_RESULT, r.kind);
    assert_string_equal("x", json_string_value(r.id));
    response_close(&r);
}

static void a_client_refuses_what_is_no_reply(void **state)
{
    (void)state;
    static const char *const lines[] = {"220 smtp ready", "{}", "[]", "{\"jsonrpc\":\"2.0\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":5}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct response r;
        struct err err = {0};
        assert_false(response_read(&r, lines[i], strlen(lines[i]), &err));
        assert_true(err.code == ERR_PARSE || err.code == ERR_REQUEST);
        response_close(&r);
        err_clear(&err);
    }
}

static void a_request_written_is_a_request_read(void **state)
{
    (void)state;
    struct buf out = {0};
    json_t *id = json_string("7");
    json_t *params = json_pack("{s:s}", "text", "\"引号\"");
    envelope_request(&out, id, "echo", params);
    char *got = reading_of(out.data, out.len);
    assert_string_equal("\"7\" echo {\"text\":\"\\\"引号\\\"\"}", got);
    mem_free(got);
    buf_clear(&out);
    envelope_notification(&out, "events.tick", NULL);
    assert_string_equal("{\"jsonrpc\":\"2.0\",\"method\":\"events.tick\"}", buf_text(&out));
    json_decref(id);
    json_decref(params);
    buf_close(&out);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_read_as_the_protocol_says),
        cmocka_unit_test(a_nul_byte_in_the_line_is_a_parse_error),
        cmocka_unit_test(nesting_stops_at_its_limit_and_a_hundred_thousand_brackets_do_no_harm),
        cmocka_unit_test(ids_and_methods_have_a_length_limit),
        cmocka_unit_test(results_are_one_compact_line_with_the_id_as_it_came),
        cmocka_unit_test(line_separators_of_unicode_are_escaped),
        cmocka_unit_test(stored_answers_are_repeated_byte_for_byte_and_marked),
        cmocka_unit_test(errors_carry_kind_hint_and_trace_and_come_back_as_they_went),
        cmocka_unit_test(a_parse_error_is_answered_without_the_words_that_were_sent),
        cmocka_unit_test(a_client_tells_results_from_notifications),
        cmocka_unit_test(a_client_refuses_what_is_no_reply),
        cmocka_unit_test(a_request_written_is_a_request_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
