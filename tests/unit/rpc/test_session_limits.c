/* Limits of a session, just below and just above, and who tries to pass them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/rpc/session_fixture.h"

static void a_nul_byte_and_deep_nesting_are_refused_and_the_connection_goes_on(void **state)
{
    (void)state;
    static char deep[100001];
    memset(deep, '[', 100000);
    deep[100000] = '\n';
    WITH_FIXTURE({
        say_bytes(&f, "{\"a\":\"\0\"}\n", 10);
        settle(&f);
        assert_int_equal(-32700, next_code(&f, NULL));
        say_bytes(&f, deep, sizeof deep);
        settle(&f);
        assert_int_equal(-32700, next_code(&f, NULL));
        say(&f, PING("1") "\n");
        expect(&f, PONG("1"));
    });
}

/* An echo request that is exactly `len` bytes long, with its LF behind. */
static char *echo_of_length(size_t len)
{
    static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[\"";
    char *line = mem_alloc(len + 2);
    memset(line, 'e', len);
    memcpy(line, head, sizeof head - 1);
    memcpy(line + len - 3, "\"]}\n", 4);
    return line;
}

static void a_line_of_a_mebibyte_is_read_and_one_byte_more_ends_the_connection(void **state)
{
    (void)state;
    for (int extra = -1; extra <= 1; extra++) {
        WITH_FIXTURE({
            size_t len = (size_t)(FRAME_LINE_MAX + extra);
            char *line = echo_of_length(len);
            say_bytes(&f, line, len + 1);
            say_bytes(&f, PING("2") "\n", strlen(PING("2") "\n"));
            settle(&f);
            if (extra <= 0) { /* the answer repeats the text and fits just as well */
                assert_int_equal(0, next_code(&f, NULL));
                expect(&f, PONG("2"));
            } else {
                assert_non_null(strstr(buf_text(&f.got), "line_too_long"));
                assert_int_equal(-32600, next_code(&f, NULL));
                expect(&f, "");
                assert_true(f.peer_ended);
            }
            mem_free(line);
        });
    }
}

static void an_answer_longer_than_a_line_becomes_an_error(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.big\",\"params\":{\"bytes\":"
                "1048576}}\n");
        assert_int_equal(-32603, next_code(&f, NULL));
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.big\",\"params\":{\"bytes\":"
                "1048000}}\n");
        assert_int_equal(0, next_code(&f, NULL));
    });
}

static void greetings_of_other_protocols_get_one_line_or_none_and_an_end(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool told;
    } greetings[] = {{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
        {"POST /rpc HTTP/1.1\r\n\r\n" PING("1") "\n", true}, {"SSH-2.0-x\r\n", true},
        {"\x16\x03\x01\x02", false}, {"x\nHost: y\n" PING("1") "\n", true}};
    for (size_t i = 0; i < sizeof greetings / sizeof greetings[0]; i++) {
        WITH_FIXTURE({
            say(&f, greetings[i].text);
            assert_true(f.peer_ended);
            if (greetings[i].told) {
                int code = next_code(&f, NULL);
                if (code == -32700) { /* "x" was read as a line before */
                    code = next_code(&f, NULL);
                }
                assert_int_equal(-32600, code);
            }
            expect(&f, "");
            json_t *stat = sessions_stat(f.sessions);
            assert_int_equal(1, json_number(stat, "foreign", 0));
            json_decref(stat);
        });
    }
}

static void a_batch_is_answered_in_one_line(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "[" PING("1") "," HOLD("h") ",{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}," PING(
                    "2") "]\n" PING("9") "\n");
        expect(&f, "");
        toy_answer(&f.toy, 0);
        settle(&f);
        expect(&f, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},"
                   "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"result\":{\"tag\":\"h\"}},"
                   "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]\n" PONG("9"));
        say(&f, "[1," PING("1") "]\n");
        assert_non_null(strstr(buf_text(&f.got), "-32600"));
        assert_non_null(
            strstr(buf_text(&f.got), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]\n"));
    });
}

static void a_batch_of_notifications_is_not_answered_and_its_size_has_a_limit(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f,
            "[{\"jsonrpc\":\"2.0\",\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"method\":\"no\"}]\n"
            "{\"jsonrpc\":\"2.0\",\"method\":\"nothing.like.it\"}\n" PING("1") "\n");
        expect(&f, PONG("1"));
        for (size_t count = SESSION_BATCH_MAX; count <= SESSION_BATCH_MAX + 1; count++) {
            struct buf batch = {0};
            for (size_t i = 0; i < count; i++) {
                buf_adds(&batch, i == 0 ? "[" : ",");
                buf_adds(&batch, PING("1"));
            }
            buf_adds(&batch, "]\n");
            say(&f, batch.data);
            bool refused = strstr(buf_text(&f.got), "batch_too_large") != NULL;
            assert_int_equal(count > SESSION_BATCH_MAX, refused);
            assert_int_equal('\n', f.got.data[f.got.len - 1]);
            buf_clear(&f.got);
            buf_close(&batch);
        }
    });
}

static void a_batch_with_large_answers_stays_within_one_line(void **state)
{
    (void)state;
    WITH_FIXTURE({
        struct buf batch = {0};
        for (int i = 0; i < 10; i++) {
            buf_addf(&batch,
                "%s{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"toy.big\",\"params\":{\"bytes\":"
                "300000}}",
                i == 0 ? "[" : ",", i);
        }
        buf_adds(&batch, "]\n");
        say(&f, batch.data);
        assert_in_range(f.got.len, 900000, JSON_BYTES_MAX);
        json_t *doc = json_loads(f.got.data, 0, NULL);
        assert_int_equal(10, json_array_size(doc));
        assert_non_null(json_object_get(json_array_get(doc, 0), "result"));
        assert_non_null(json_object_get(json_array_get(doc, 9), "error"));
        json_decref(doc);
        buf_close(&batch);
    });
}

static void beyond_a_thousand_unanswered_it_stops_reading_and_drops_nothing(void **state)
{
    (void)state;
    enum { ASKED = SESSION_UNANSWERED_MAX + 500 };
    WITH_FIXTURE({
        struct buf all = {0};
        for (int i = 0; i < ASKED; i++) {
            buf_adds(&all, HOLD("t") "\n");
        }
        say_bytes(&f, all.data, all.len);
        settle(&f);
        assert_int_equal(SESSION_UNANSWERED_MAX, f.toy.held_count);
        for (size_t i = 0; i < f.toy.held_count; i++) { /* grows while answers make room */
            toy_answer(&f.toy, i);
            if (i % 100 == 99) {
                settle(&f);
            }
        }
        settle(&f);
        assert_int_equal(ASKED, f.toy.held_count);
        assert_int_equal(ASKED * strlen(HELD("t")), f.got.len);
        buf_close(&all);
    });
}

static void who_asks_and_never_reads_is_read_no_further(void **state)
{
    (void)state;
    WITH_FIXTURE({
        static const char ask[] =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.big\",\"params\":[100000]}\n";
        size_t written = 0;
        for (int i = 0; i < 20000; i++) { /* never reads; writes as long as the socket takes it */
            written += write(f.peer, ask, sizeof ask - 1) > 0;
            loop_turn(f.loop, false);
        }
        assert_true(session_unsent(f.session) < 2 * STREAM_HIGH);
        assert_true(written < 20000);
        size_t answers = 0;
        for (int quiet = 0; quiet < 50; quiet++) {
            loop_turn(f.loop, false);
            if (listen_to(&f)) {
                quiet = 0;
            }
            for (size_t i = 0; i < f.got.len; i++) {
                answers += f.got.data[i] == '\n';
            }
            buf_clear(&f.got);
        }
        assert_int_equal(written, answers); /* a cut last request was never complete */
    });
}

static void a_slow_subscriber_is_told_and_let_go(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.subscribe\"}\n");
        buf_clear(&f.got);
        char *text = mem_alloc(100001);
        memset(text, 'n', 100000);
        int told = 0;
        while (session_notify(f.session, "events.event", json_pack("{s:s}", "text", text))) {
            told++;
            loop_turn(f.loop, false);
            assert_true(told < 1000);
        }
        assert_in_range(told, SESSION_SLOW_BYTES / 100100, SESSION_SLOW_BYTES / 100000 + 20);
        session_notify_last(
            f.session, "events.closed", json_pack("{s:s}", "reason", "slow_consumer"));
        settle(&f);
        assert_non_null(strstr(f.got.data + f.got.len - 100, "slow_consumer"));
        mem_free(text);
    });
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nul_byte_and_deep_nesting_are_refused_and_the_connection_goes_on),
        cmocka_unit_test(a_line_of_a_mebibyte_is_read_and_one_byte_more_ends_the_connection),
        cmocka_unit_test(an_answer_longer_than_a_line_becomes_an_error),
        cmocka_unit_test(greetings_of_other_protocols_get_one_line_or_none_and_an_end),
        cmocka_unit_test(a_batch_is_answered_in_one_line),
        cmocka_unit_test(a_batch_of_notifications_is_not_answered_and_its_size_has_a_limit),
        cmocka_unit_test(a_batch_with_large_answers_stays_within_one_line),
        cmocka_unit_test(beyond_a_thousand_unanswered_it_stops_reading_and_drops_nothing),
        cmocka_unit_test(who_asks_and_never_reads_is_read_no_further),
        cmocka_unit_test(a_slow_subscriber_is_told_and_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
