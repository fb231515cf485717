/* Sessions over a socketpair: every rule of the framing, as a client sees it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "io/loop.h"
#include "io/signal.h"
#include "io/stream.h"
#include "rpc/sessions.h"
#include "unit/rpc/toy.h"
#include "wire/frame.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    struct loop *loop;
    struct wallclock clock;
    struct methods *methods;
    struct dispatch *dispatch;
    struct sessions *sessions;
    struct session *session;
    struct toy toy;
    int peer;       /* the client's end; -1 when closed */
    struct buf got; /* what the server said since expect() looked */
    bool peer_ended;
};

static void fixture_open(struct fixture *f)
{
    struct err err = {0};
    memset(f, 0, sizeof *f);
    signal_ignore_pipe();
    lang_use(LANG_EN);
    wallclock_init_virtual(&f->clock, 0);
    f->loop = loop_open();
    f->methods = methods_open();
    if (!methods_add(f->methods, toy_rows, TOY_ROWS, &f->toy, &err)) {
        fail_msg("%s", err.message);
    }
    struct dispatch_options with = {.methods = f->methods,
        .clock = &f->clock,
        .lang = LANG_EN,
        .authenticate = toy_authenticate,
        .ctx = &f->toy};
    f->dispatch = dispatch_open(&with);
    struct sessions_options options = {.loop = f->loop, .dispatch = f->dispatch};
    f->sessions = sessions_open(&options);
    int fds[2];
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
    f->session = session_open(f->sessions, stream_adopt(f->loop, fds[0], &err), false);
    f->peer = fds[1];
    fcntl(f->peer, F_SETFL, O_NONBLOCK);
}

static void fixture_close(struct fixture *f)
{
    sessions_close(f->sessions);
    for (size_t i = 0; i < f->toy.held_count; i++) {
        if (f->toy.held[i] != NULL) {
            toy_answer(&f->toy, i); /* into the void */
        }
    }
    loop_free(f->loop);
    dispatch_free(f->dispatch);
    methods_free(f->methods);
    if (f->peer >= 0) {
        close(f->peer);
    }
    buf_close(&f->got);
}

/* Reads what is there. True when something was. */
static bool listen_to(struct fixture *f)
{
    static char chunk[65536];
    ssize_t len = f->peer < 0 ? -1 : read(f->peer, chunk, sizeof chunk);
    f->peer_ended = f->peer_ended || len == 0;
    if (len > 0) {
        buf_add(&f->got, chunk, (size_t)len);
    }
    return len > 0;
}

/* Turns until nothing moves any more. */
static void settle(struct fixture *f)
{
    for (int quiet = 0; quiet < 6; quiet++) {
        loop_turn(f->loop, false);
        if (listen_to(f)) {
            quiet = 0;
        }
    }
}

static void say_bytes(struct fixture *f, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t taken = write(f->peer, bytes, len);
        if (taken > 0) {
            bytes += taken;
            len -= (size_t)taken;
        }
        loop_turn(f->loop, false);
        listen_to(f);
    }
}

static void say(struct fixture *f, const char *text)
{
    say_bytes(f, text, strlen(text));
    settle(f);
}

static void expect(struct fixture *f, const char *expected)
{
    assert_string_equal(expected, buf_text(&f->got));
    buf_clear(&f->got);
}

/* The error code of the next line, 0 when it is a result; the line is taken away. */
static int next_code(struct fixture *f, char **id_out)
{
    char *end = memchr(buf_text(&f->got), '\n', f->got.len);
    assert_non_null(end);
    json_t *doc = json_loadb(f->got.data, (size_t)(end - f->got.data), 0, NULL);
    assert_non_null(doc);
    if (id_out != NULL) {
        *id_out = json_dumps(json_object_get(doc, "id"), JSON_ENCODE_ANY);
    }
    int code = (int)json_number(json_object_get(doc, "error"), "code", 0);
    json_decref(doc);
    buf_cut(&f->got, (size_t)(end - f->got.data) + 1);
    return code;
}

#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"ping\"}"
#define PONG(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":{}}\n"
#define HOLD(tag)                                                                                  \
    "{\"jsonrpc\":\"2.0\",\"id\":\"" tag "\",\"method\":\"toy.hold\",\"params\":{\"tag\":\"" tag   \
    "\"}}"
#define HELD(tag) "{\"jsonrpc\":\"2.0\",\"id\":\"" tag "\",\"result\":{\"tag\":\"" tag "\"}}\n"

#define WITH_FIXTURE(body)                                                                         \
    do {                                                                                           \
        struct fixture f;                                                                          \
        fixture_open(&f);                                                                          \
        body;                                                                                      \
        fixture_close(&f);                                                                         \
    } while (0)

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
        cmocka_unit_test(a_nul_byte_and_deep_nesting_are_refused_and_the_connection_goes_on),
        cmocka_unit_test(a_line_of_a_mebibyte_is_read_and_one_byte_more_ends_the_connection),
        cmocka_unit_test(an_answer_longer_than_a_line_becomes_an_error),
        cmocka_unit_test(greetings_of_other_protocols_get_one_line_or_none_and_an_end),
        cmocka_unit_test(a_batch_is_answered_in_one_line),
        cmocka_unit_test(a_batch_of_notifications_is_not_answered_and_its_size_has_a_limit),
        cmocka_unit_test(a_batch_with_large_answers_stays_within_one_line),
        cmocka_unit_test(mutating_notifications_are_not_executed),
        cmocka_unit_test(beyond_a_thousand_unanswered_it_stops_reading_and_drops_nothing),
        cmocka_unit_test(who_asks_and_never_reads_is_read_no_further),
        cmocka_unit_test(subscribers_get_events_behind_the_answers_that_are_ready),
        cmocka_unit_test(a_slow_subscriber_is_told_and_let_go),
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
