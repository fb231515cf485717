/* Streams over TCP, UNIX sockets and socketpairs: who says what, when it ends, who pushes back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "io/loop.h"
#include "io/signal.h"
#include "io/stream.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One end: collects what came and how it ended. */
struct end {
    struct loop *loop;
    struct stream *stream;
    struct buf got;
    int ends, drains, closes;
    bool broke;
    bool echo;          /* sends back what comes */
    bool finish_at_end; /* finishes when the peer ends */
};

static void on_data(void *ctx, const char *data, size_t len)
{
    struct end *e = ctx;
    buf_add(&e->got, data, len);
    if (e->echo) {
        struct buf copy = {0};
        buf_add(&copy, data, len);
        stream_write(e->stream, &copy);
        buf_close(&copy);
    }
}

static void on_end(void *ctx)
{
    struct end *e = ctx;
    e->ends++;
    if (e->finish_at_end) {
        stream_finish(e->stream);
    }
}

static void on_drain(void *ctx)
{
    ((struct end *)ctx)->drains++;
}

static void on_close(void *ctx, const struct err *why)
{
    struct end *e = ctx;
    e->closes++;
    e->broke = why != NULL;
    e->stream = NULL;
}

static const struct stream_events events = {on_data, on_end, on_drain, on_close};

static void on_accept(struct stream *s, void *ctx)
{
    struct end *e = ctx;
    e->stream = s;
    stream_start(s, &events, e);
}

static void on_connect(struct stream *s, const struct err *err, void *ctx)
{
    struct end *e = ctx;
    if (s == NULL) {
        e->broke = true;
        assert_int_equal(ERR_OFFLINE, err->code);
        return;
    }
    e->stream = s;
    stream_start(s, &events, e);
}

static void say(struct stream *s, const char *text)
{
    struct buf b = {0};
    buf_adds(&b, text);
    stream_write(s, &b);
    assert_int_equal(0, b.len);
    buf_close(&b);
}

/* Turns until the condition holds; a bound instead of a clock. */
#define TURN_UNTIL(l, condition)                                                                   \
    do {                                                                                           \
        int turns_ = 0;                                                                            \
        while (!(condition) && ++turns_ < 100000) {                                                \
            loop_turn(l, true);                                                                    \
        }                                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

/* A stream of ours and a plain descriptor as its peer. */
static int open_pair(struct loop *l, struct end *e)
{
    int fds[2];
    struct err err = {0};
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
    e->loop = l;
    e->stream = stream_adopt(l, fds[0], &err);
    assert_non_null(e->stream);
    stream_start(e->stream, &events, e);
    fcntl(fds[1], F_SETFL, O_NONBLOCK);
    return fds[1];
}

static void bytes_go_both_ways_over_tcp_and_ends_are_heard(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct err err = {0};
    struct end server = {.loop = l, .echo = true, .finish_at_end = true};
    struct end client = {.loop = l};
    struct listener *n = listener_open_tcp(l, "127.0.0.1", 0, on_accept, &server, &err);
    assert_non_null(n);
    assert_true(listener_port(n) > 0);
    stream_connect_tcp(l, "localhost", listener_port(n), on_connect, &client);
    assert_null(client.stream); /* never before the return */
    TURN_UNTIL(l, client.stream != NULL && server.stream != NULL);
    assert_string_equal("127.0.0.1", stream_peer(server.stream));
    assert_false(stream_is_unix(server.stream));
    uint32_t uid;
    assert_false(stream_peer_uid(server.stream, &uid));
    say(client.stream, "枫桥");
    TURN_UNTIL(l, client.got.len == strlen("枫桥"));
    assert_string_equal("枫桥", buf_text(&client.got));
    stream_finish(client.stream);
    TURN_UNTIL(l, server.closes == 1 && client.closes == 1);
    assert_int_equal(1, server.ends);
    assert_false(server.broke || client.broke);
    listener_free(n);
    loop_free(l);
    buf_close(&server.got);
    buf_close(&client.got);
}

static void the_user_of_a_unix_peer_is_known_and_a_stale_socket_is_replaced(void **state)
{
    (void)state;
    char folder[] = "/tmp/fengqiao-io-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/s", folder);
    struct loop *l = loop_open();
    struct err err = {0};
    struct end server = {.loop = l, .finish_at_end = true}, client = {.loop = l};
    int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    struct listener *n = listener_open_unix(l, path, on_accept, &server, &err);
    assert_non_null(n);
    assert_null(listener_open_unix(l, path, on_accept, &server, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    TURN_UNTIL(l, server.closes == 1); /* the second one's question whether somebody listens */
    stream_connect_unix(l, path, on_connect, &client);
    TURN_UNTIL(l, client.stream != NULL && server.stream != NULL);
    uint32_t uid = 4711;
    assert_true(stream_peer_uid(server.stream, &uid));
    assert_int_equal(getuid(), uid);
    assert_string_equal("unix", stream_peer(server.stream));
    stream_close(client.stream);
    stream_close(server.stream);
    listener_free(n);
    loop_free(l);
    close(stale);
    assert_int_not_equal(0, access(path, F_OK)); /* the socket file went with its listener */
    assert_int_equal(0, rmdir(folder));
    mem_free(path);
    err_clear(&err);
}

static void a_file_in_the_way_of_the_socket_is_left_alone(void **state)
{
    (void)state;
    char path[] = "/tmp/fengqiao-io-XXXXXX";
    int fd = mkstemp(path);
    struct loop *l = loop_open();
    struct err err = {0};
    assert_null(listener_open_unix(l, path, on_accept, NULL, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(0, access(path, F_OK));
    char *long_path = mem_alloc(300);
    memset(long_path, 'p', 299);
    assert_null(listener_open_unix(l, long_path, on_accept, NULL, &err));
    mem_free(long_path);
    loop_free(l);
    close(fd);
    unlink(path);
    err_clear(&err);
}

static void wrong_addresses_and_taken_ports_are_refused(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct err err = {0};
    struct end e = {.loop = l};
    assert_null(listener_open_tcp(l, "not-an-address", 1, on_accept, &e, &err));
    assert_null(listener_open_tcp(l, "127.0.0.1", 65536, on_accept, &e, &err));
    struct listener *n = listener_open_tcp(l, "127.0.0.1", 0, on_accept, &e, &err);
    assert_null(listener_open_tcp(l, "127.0.0.1", listener_port(n), on_accept, &e, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    int port = listener_port(n);
    listener_free(n);
    loop_turn(l, false);
    stream_connect_tcp(l, "127.0.0.1", port, on_connect, &e);
    TURN_UNTIL(l, e.broke);
    e.broke = false;
    stream_connect_tcp(l, "neither", 1, on_connect, &e);
    assert_false(e.broke); /* known at once, told later */
    TURN_UNTIL(l, e.broke);
    e.broke = false;
    stream_connect_unix(l, "/nonexistent/socket", on_connect, &e);
    TURN_UNTIL(l, e.broke);
    loop_free(l);
    err_clear(&err);
}

static void a_slow_reader_pushes_back_and_gets_every_byte(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct end e = {0};
    int peer = open_pair(l, &e);
    struct buf big = {0};
    for (int i = 0; i < 3 * STREAM_HIGH / 8; i++) {
        buf_addf(&big, "%07d\n", i);
    }
    size_t total = big.len;
    stream_write(e.stream, &big);
    say(e.stream, "last");
    assert_true(stream_unsent(e.stream) > STREAM_HIGH);
    assert_int_equal(0, e.drains);
    size_t seen = 0;
    char tail[4] = "";
    static char chunk[65536];
    for (int turns = 0; seen < total + 4 && turns < 100000; turns++) {
        ssize_t len = read(peer, chunk, sizeof chunk);
        if (len > 0) {
            seen += (size_t)len;
            memcpy(tail, chunk + len - (len < 4 ? len : 4), (size_t)(len < 4 ? len : 4));
        }
        loop_turn(l, false);
    }
    assert_int_equal(total + 4, seen);
    assert_int_equal(1, e.drains);
    assert_int_equal(0, stream_unsent(e.stream));
    stream_close(e.stream);
    loop_free(l);
    close(peer);
    buf_close(&big);
}

static void a_paused_stream_reads_nothing_until_resumed(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct end e = {0};
    int peer = open_pair(l, &e);
    stream_pause(e.stream);
    assert_int_equal(3, write(peer, "abc", 3));
    for (int i = 0; i < 10; i++) {
        loop_turn(l, false);
    }
    assert_int_equal(0, e.got.len);
    assert_true(stream_paused(e.stream));
    stream_resume(e.stream);
    stream_resume(e.stream);
    TURN_UNTIL(l, e.got.len == 3);
    stream_close(e.stream);
    loop_free(l);
    close(peer);
    buf_close(&e.got);
}

static void after_half_close_answers_still_arrive(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct end e = {0};
    int peer = open_pair(l, &e);
    assert_int_equal(1, write(peer, "?", 1));
    shutdown(peer, SHUT_WR);
    TURN_UNTIL(l, e.ends == 1);
    say(e.stream, "answer");
    stream_finish(e.stream);
    TURN_UNTIL(l, e.closes == 1);
    char answer[16] = "";
    assert_int_equal(6, read(peer, answer, sizeof answer));
    assert_string_equal("answer", answer);
    assert_int_equal(0, read(peer, answer, sizeof answer));
    loop_free(l);
    close(peer);
    buf_close(&e.got);
}

static void finishing_reads_on_and_drops_so_that_the_last_words_arrive(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct end e = {0};
    int peer = open_pair(l, &e);
    say(e.stream, "bye");
    stream_finish(e.stream);
    say(e.stream, "not any more");
    assert_int_equal(4, write(peer, "more", 4));
    char answer[32] = "";
    for (int i = 0; i < 5; i++) {
        loop_turn(l, false);
    }
    assert_int_equal(3, read(peer, answer, sizeof answer));
    assert_string_equal("bye", answer);
    assert_int_equal(0, e.closes); /* waits for the peer to go, for a while */
    close(peer);
    TURN_UNTIL(l, e.closes == 1);
    assert_int_equal(0, e.got.len);
    assert_false(e.broke);
    loop_free(l);
}

static void a_peer_that_vanishes_closes_the_stream_with_a_reason(void **state)
{
    (void)state;
    signal_ignore_pipe();
    struct loop *l = loop_open();
    struct end e = {0};
    int peer = open_pair(l, &e);
    struct buf big = {0};
    buf_reserve(&big, 4 << 20);
    while (big.len < 4 << 20) {
        buf_adds(&big, "0123456789abcdef");
    }
    stream_write(e.stream, &big);
    close(peer);
    TURN_UNTIL(l, e.closes == 1);
    assert_true(e.broke);
    loop_free(l);
    buf_close(&big);
}

static void a_file_is_no_stream(void **state)
{
    (void)state;
    struct loop *l = loop_open();
    struct err err = {0};
    int ends[2];
    assert_int_equal(0, pipe(ends));
    assert_null(stream_adopt(l, ends[0], &err));
    assert_int_equal(ERR_OFFLINE, err.code);
    close(ends[0]);
    close(ends[1]);
    loop_free(l);
    err_clear(&err);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways_over_tcp_and_ends_are_heard),
        cmocka_unit_test(the_user_of_a_unix_peer_is_known_and_a_stale_socket_is_replaced),
        cmocka_unit_test(a_file_in_the_way_of_the_socket_is_left_alone),
        cmocka_unit_test(wrong_addresses_and_taken_ports_are_refused),
        cmocka_unit_test(a_slow_reader_pushes_back_and_gets_every_byte),
        cmocka_unit_test(a_paused_stream_reads_nothing_until_resumed),
        cmocka_unit_test(after_half_close_answers_still_arrive),
        cmocka_unit_test(finishing_reads_on_and_drops_so_that_the_last_words_arrive),
        cmocka_unit_test(a_peer_that_vanishes_closes_the_stream_with_a_reason),
        cmocka_unit_test(a_file_is_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
