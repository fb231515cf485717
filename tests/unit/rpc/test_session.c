/* Sessions over a socketpair: every rule of the framing, as a client sees it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/rpc/session_fixture.h"

static void the_server_says_nothing_unasked(void **state)
{
    (void)state;
    WITH_FIXTURE({
        settle(&f);
        expect(&f, "");
        say(&f, "\n\r\n\n");
        expect(&f, "");
        assert_false(session_notify(f.session, "events.event", json_object()));
        settle(&f);
        expect(&f, "");
    });
}

static void a_request_split_at_every_byte_is_answered(void **state)
{
    (void)state;
    static const char text[] = PING("1") "\r\n";
    WITH_FIXTURE({
        for (size_t cut = 1; cut < sizeof text - 1; cut++) {
            say_bytes(&f, text, cut);
            settle(&f);
            say_bytes(&f, text + cut, sizeof text - 1 - cut);
            settle(&f);
            expect(&f, PONG("1"));
        }
        for (size_t i = 0; i < sizeof text - 1; i++) {
            say_bytes(&f, text + i, 1);
        }
        settle(&f);
        expect(&f, PONG("1"));
    });
}

static void many_in_one_packet_are_answered_in_order(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, PING("1") "\n" PING("\"b\"") "\n\n" PING("3") "\n");
        expect(&f, PONG("1") PONG("\"b\"") PONG("3"));
    });
}

static void answers_that_come_late_keep_the_order_of_the_questions(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, HOLD("a") "\n" HOLD("b") "\n" PING("3") "\n" HOLD("c") "\n");
        expect(&f, "");
        toy_answer(&f.toy, 2);
        toy_answer(&f.toy, 1);
        settle(&f);
        expect(&f, "");
        toy_answer(&f.toy, 0);
        settle(&f);
        expect(&f, HELD("a") HELD("b") PONG("3") HELD("c"));
    });
}

static void half_close_still_gets_its_answers_and_needs_no_last_newline(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say_bytes(&f, HOLD("a") "\n" PING("2"), strlen(HOLD("a") "\n" PING("2")));
        shutdown(f.peer, SHUT_WR);
        settle(&f);
        expect(&f, "");
        assert_false(f.peer_ended);
        toy_answer(&f.toy, 0);
        settle(&f);
        expect(&f, HELD("a") PONG("2"));
        assert_true(f.peer_ended);
        assert_int_equal(0, sessions_count(f.sessions));
    });
}

static void a_peer_that_only_ends_is_let_go(void **state)
{
    (void)state;
    WITH_FIXTURE({
        shutdown(f.peer, SHUT_WR);
        settle(&f);
        assert_true(f.peer_ended);
        expect(&f, "");
        assert_int_equal(0, sessions_count(f.sessions));
    });
}

static const struct {
    int code;
    const char *id, *line;
} refusals[] = {
    {-32700, "null", "{"},
    {-32700, "null", "\xEF\xBB\xBF" PING("1")},
    {-32700, "null", "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}"},
    {-32700, "null", PING("1") " x"},
    {-32700, "null", PING("1e400")},
    {-32700, "null", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\\u0000ng\"}"},
    {-32700, "null", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xED\xA0\x80\"}"},
    {-32700, "null", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xC0\x80\"}"},
    {-32600, "null", "42"},
    {-32600, "null", "\"ping\""},
    {-32600, "null", "[]"},
    {-32600, "null", PING("null")},
    {-32600, "null", PING("1.5")},
    {-32600, "null", PING("true")},
    {-32600, "7", "{\"jsonrpc\":\"2.0\",\"id\":7}"},
    {-32600, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":\"x\"}"},
    {-32601, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pingg\"}"},
    {-32602, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"x\":1}}"},
    {-32602, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":[1]}"},
    {-32602, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"echo\",\"params\":[\"a\",\"b\"]}"},
    {1001, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"toy.who\"}"},
    {1010, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"toy.fail\"}"},
    {0, "-5", PING("-5")},
    {0, "0", PING("-0")},
    {0, "9007199254740993", PING("9007199254740993")},
    {0, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":null}"},
    {0, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":[]}"},
    {0, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"echo\",\"params\":[\"a\"]}"},
    {0, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"extra\":1}"},
    {0, "7", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"_meta\":{\"x\":1}}}"},
};

static void bad_messages_are_refused_and_the_connection_goes_on(void **state)
{
    (void)state;
    WITH_FIXTURE({
        for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
            char *id;
            say(&f, refusals[i].line);
            say(&f, "\n" PING("99") "\n");
            assert_int_equal(refusals[i].code, next_code(&f, &id));
            assert_string_equal(refusals[i].id, id);
            free(id);
            expect(&f, PONG("99"));
        }
    });
}

static void mutating_notifications_are_not_executed(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"toy.put\",\"params\":{\"name\":\"a\",\"_meta\":"
                "{\"token\":\"good-a\",\"key\":\"k\"}}}\n");
        expect(&f, "");
        assert_int_equal(0, f.toy.puts);
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.put\",\"params\":{\"name\":\"a\","
                "\"_meta\":{\"token\":\"good-a\",\"key\":\"k\"}}}\n");
        expect(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"puts\":1,\"user\":\"a\"}}\n");
    });
}

static void subscribers_get_events_behind_the_answers_that_are_ready(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.subscribe\",\"params\":{\"events\":"
                "1}}\n");
        expect(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"subscription\":\"s1\"}}\n"
                   "{\"jsonrpc\":\"2.0\",\"method\":\"events.event\",\"params\":"
                   "{\"subscription\":\"s1\",\"seq\":1}}\n");
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"toy.unsubscribe\"}\n");
        buf_clear(&f.got);
        assert_false(session_notify(f.session, "events.event", json_object()));
        settle(&f);
        expect(&f, "");
    });
}

static void a_half_closed_subscriber_keeps_listening(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.subscribe\"}"); /* no newline */
        shutdown(f.peer, SHUT_WR);
        settle(&f);
        assert_false(f.peer_ended);
        assert_true(session_notify(f.session, "events.tick", json_object()));
        settle(&f);
        assert_non_null(strstr(buf_text(&f.got), "events.tick"));
        close(f.peer);
        f.peer = -1;
        session_notify(f.session, "events.tick", json_object());
        settle(&f);
        assert_int_equal(1, f.toy.session_ends);
        assert_int_equal(0, sessions_count(f.sessions));
    });
}

static void a_connection_lost_in_the_middle_leaves_its_calls_alone(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, HOLD("a") "\n" HOLD("b") "\n");
        close(f.peer);
        f.peer = -1;
        session_close(f.session);
        assert_int_equal(2, dispatch_open_calls(f.dispatch));
        assert_null(call_session(f.toy.held[0]));
        settle(&f);
        toy_answer(&f.toy, 0);
        toy_answer(&f.toy, 1);
        assert_int_equal(0, dispatch_open_calls(f.dispatch));
    });
}

static void a_method_may_close_its_own_session_in_a_batch(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "[" PING("1") ",{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"toy.leave\"}," PING(
                    "3") "]\n" PING("4") "\n");
        assert_true(f.peer_ended);
        assert_int_equal(0, dispatch_open_calls(f.dispatch));
        assert_int_equal(0, sessions_count(f.sessions));
    });
}

static void draining_answers_what_was_asked_and_ends(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, HOLD("a") "\n");
        sessions_drain(f.sessions);
        dispatch_shut(f.dispatch);
        say(&f, PING("2") "\n");
        expect(&f, "");
        assert_false(f.peer_ended);
        toy_answer(&f.toy, 0);
        settle(&f);
        expect(&f, HELD("a"));
        assert_true(f.peer_ended);
    });
}

static void the_language_follows_request_then_session(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.fail\",\"params\":{\"_meta\":"
                "{\"lang\":\"zh\"}}}\n");
        assert_non_null(strstr(buf_text(&f.got), "尚未登录"));
        buf_clear(&f.got);
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.fail\"}\n");
        assert_non_null(strstr(buf_text(&f.got), "not logged in"));
        buf_clear(&f.got);
        session_set_lang(f.session, LANG_ZH);
        say(&f, "{\n");
        assert_non_null(strstr(buf_text(&f.got), "不是有效的 JSON"));
    });
}

static void a_login_binds_the_connection(void **state)
{
    (void)state;
    WITH_FIXTURE({
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.login\",\"params\":[\"u1\"]}\n");
        buf_clear(&f.got);
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"toy.who\"}\n");
        expect(&f, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":"
                   "{\"user\":\"u1\",\"local\":false,\"lang\":\"en\"}}\n");
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"toy.who\",\"params\":{\"_meta\":"
                "{\"token\":\"good-u2\"}}}\n");
        assert_non_null(strstr(buf_text(&f.got), "\"user\":\"u2\""));
        buf_clear(&f.got);
        session_bind(f.session, NULL, NULL);
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"toy.who\"}\n");
        assert_int_equal(1001, next_code(&f, NULL));
    });
}

static void tokens_looked_up_later_keep_the_order_and_may_outlive_the_session(void **state)
{
    (void)state;
    WITH_FIXTURE({
        f.toy.asks_later = true;
        say(&f,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.who\",\"params\":{\"_meta\":"
            "{\"token\":\"good-u\"}}}\n" PING(
                "2") "\n"
                     "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"toy.who\",\"params\":{\"_meta\":"
                     "{\"token\":\"bad\"}}}\n");
        expect(&f, "");
        assert_int_equal(2, f.toy.held_count);
        toy_lookup(f.toy.held[1]);
        toy_lookup(f.toy.held[0]);
        settle(&f);
        assert_int_equal(0, next_code(&f, NULL));
        assert_int_equal(0, next_code(&f, NULL));
        assert_int_equal(1001, next_code(&f, NULL));
        f.toy.held_count = 0;
        say(&f, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.who\",\"params\":{\"_meta\":"
                "{\"token\":\"good-u\"}}}\n");
        session_close(f.session);
        toy_lookup(f.toy.held[0]);
        f.toy.held_count = 0;
        settle(&f);
        assert_int_equal(0, dispatch_open_calls(f.dispatch));
    });
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_says_nothing_unasked),
        cmocka_unit_test(a_request_split_at_every_byte_is_answered),
        cmocka_unit_test(many_in_one_packet_are_answered_in_order),
        cmocka_unit_test(answers_that_come_late_keep_the_order_of_the_questions),
        cmocka_unit_test(half_close_still_gets_its_answers_and_needs_no_last_newline),
        cmocka_unit_test(a_peer_that_only_ends_is_let_go),
        cmocka_unit_test(bad_messages_are_refused_and_the_connection_goes_on),
        cmocka_unit_test(mutating_notifications_are_not_executed),
        cmocka_unit_test(subscribers_get_events_behind_the_answers_that_are_ready),
        cmocka_unit_test(a_half_closed_subscriber_keeps_listening),
        cmocka_unit_test(a_connection_lost_in_the_middle_leaves_its_calls_alone),
        cmocka_unit_test(a_method_may_close_its_own_session_in_a_batch),
        cmocka_unit_test(draining_answers_what_was_asked_and_ends),
        cmocka_unit_test(the_language_follows_request_then_session),
        cmocka_unit_test(a_login_binds_the_connection),
        cmocka_unit_test(tokens_looked_up_later_keep_the_order_and_may_outlive_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
