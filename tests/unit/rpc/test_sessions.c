/* The doors: who may listen where, who is local admin, how many may come, who is idle. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "io/loop.h"
#include "io/stream.h"
#include "rpc/sessions.h"
#include "unit/rpc/toy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct loop *loop;
    struct wallclock clock;
    struct methods *methods;
    struct dispatch *dispatch;
    struct sessions *sessions;
    struct toy toy;
};

/* A client on the same loop. */
struct client {
    struct stream *stream;
    struct buf got;
    bool closed, failed;
};

static void on_data(void *ctx, const char *data, size_t len)
{
    buf_add(&((struct client *)ctx)->got, data, len);
}

static void on_end(void *ctx)
{
    stream_finish(((struct client *)ctx)->stream);
}

static void on_close(void *ctx, const struct err *why)
{
    (void)why;
    ((struct client *)ctx)->closed = true;
}

static void on_connect(struct stream *s, const struct err *err, void *ctx)
{
    static const struct stream_events events = {on_data, on_end, NULL, on_close};
    struct client *c = ctx;
    c->failed = err != NULL;
    c->stream = s;
    if (s != NULL) {
        stream_start(s, &events, c);
    }
}

static void fixture_open(struct fixture *f, size_t most, int64_t idle_ms)
{
    struct err err = {0};
    memset(f, 0, sizeof *f);
    lang_use(LANG_EN);
    wallclock_init_virtual(&f->clock, 0);
    f->loop = loop_open();
    f->methods = methods_open();
    assert_true(methods_add(f->methods, toy_rows, TOY_ROWS, &f->toy, &err));
    struct dispatch_options with = {.methods = f->methods,
        .clock = &f->clock,
        .lang = LANG_EN,
        .authenticate = toy_authenticate,
        .ctx = &f->toy};
    f->dispatch = dispatch_open(&with);
    struct sessions_options options = {
        .loop = f->loop, .dispatch = f->dispatch, .sessions_max = most, .idle_ms = idle_ms};
    f->sessions = sessions_open(&options);
}

static void fixture_close(struct fixture *f)
{
    sessions_close(f->sessions);
    loop_free(f->loop);
    dispatch_free(f->dispatch);
    methods_free(f->methods);
}

#define TURN_UNTIL(f, condition)                                                                   \
    do {                                                                                           \
        for (int turns_ = 0; !(condition) && turns_ < 100000; turns_++) {                          \
            loop_turn((f)->loop, true);                                                            \
        }                                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

static void ask(struct fixture *f, struct client *c, const char *line)
{
    struct buf b = {0};
    buf_clear(&c->got);
    buf_adds(&b, line);
    stream_write(c->stream, &b);
    buf_close(&b);
    TURN_UNTIL(f, c->got.len > 0 && c->got.data[c->got.len - 1] == '\n');
}

static void only_loopback_is_served_in_plain_text(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    fixture_open(&f, 0, 0);
    assert_false(sessions_listen_tcp(f.sessions, "0.0.0.0", 0, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    assert_false(sessions_listen_tcp(f.sessions, "192.0.2.1", 0, &err));
    assert_int_equal(0, sessions_port(f.sessions));
    assert_true(sessions_listen_tcp(f.sessions, "127.0.0.1", 0, &err));
    assert_true(sessions_port(f.sessions) > 0);
    fixture_close(&f);
    err_clear(&err);
}

static void over_tcp_nobody_is_local_admin_and_over_the_unix_socket_the_own_user_is(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    struct client tcp = {0}, local = {0};
    char folder[] = "/tmp/fengqiao-rpc-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/s", folder);
    fixture_open(&f, 0, 0);
    assert_true(sessions_listen_tcp(f.sessions, "localhost", 0, &err));
    assert_true(sessions_listen_unix(f.sessions, path, &err));
    assert_false(sessions_listen_unix(f.sessions, path, &err));
    stream_connect_tcp(f.loop, "127.0.0.1", sessions_port(f.sessions), on_connect, &tcp);
    stream_connect_unix(f.loop, path, on_connect, &local);
    TURN_UNTIL(&f, tcp.stream != NULL && local.stream != NULL);
    static const char who[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.who\"}\n";
    ask(&f, &tcp, who);
    assert_non_null(strstr(tcp.got.data, "1001"));
    ask(&f, &local, who);
    assert_non_null(strstr(local.got.data, "\"local\":true"));
    ask(&f, &local, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.local\"}\n");
    assert_non_null(strstr(local.got.data, "result"));
    ask(&f, &local,
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.who\",\"params\":{\"_meta\":"
        "{\"token\":\"good-u\"}}}\n");
    assert_non_null(strstr(local.got.data, "\"user\":\"u\",\"local\":false"));
    assert_int_equal(2, sessions_count(f.sessions));
    stream_close(tcp.stream);
    stream_close(local.stream);
    fixture_close(&f);
    assert_int_equal(0, rmdir(folder)); /* the socket file is gone */
    mem_free(path);
    buf_close(&tcp.got);
    buf_close(&local.got);
    err_clear(&err);
}

static void one_more_than_may_come_is_turned_away(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    struct client first = {0}, second = {0};
    fixture_open(&f, 1, 0);
    assert_true(sessions_listen_tcp(f.sessions, "127.0.0.1", 0, &err));
    stream_connect_tcp(f.loop, "127.0.0.1", sessions_port(f.sessions), on_connect, &first);
    TURN_UNTIL(&f, sessions_count(f.sessions) == 1 && first.stream != NULL);
    stream_connect_tcp(f.loop, "127.0.0.1", sessions_port(f.sessions), on_connect, &second);
    TURN_UNTIL(&f, second.closed);
    ask(&f, &first, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");
    json_t *stat = sessions_stat(f.sessions);
    assert_int_equal(1, json_number(stat, "refused", 0));
    assert_int_equal(1, json_number(stat, "open", 0));
    json_decref(stat);
    stream_close(first.stream);
    fixture_close(&f);
    buf_close(&first.got);
    buf_close(&second.got);
}

static void idle_connections_are_closed_and_subscribers_are_not(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    struct client idle = {0}, subscriber = {0};
    fixture_open(&f, 0, 30);
    assert_true(sessions_listen_tcp(f.sessions, "127.0.0.1", 0, &err));
    stream_connect_tcp(f.loop, "127.0.0.1", sessions_port(f.sessions), on_connect, &subscriber);
    TURN_UNTIL(&f, subscriber.stream != NULL);
    ask(&f, &subscriber, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"toy.subscribe\"}\n");
    stream_connect_tcp(f.loop, "127.0.0.1", sessions_port(f.sessions), on_connect, &idle);
    TURN_UNTIL(&f, idle.closed);
    assert_false(subscriber.closed);
    assert_int_equal(1, sessions_count(f.sessions));
    stream_close(subscriber.stream);
    fixture_close(&f);
    assert_int_equal(1, f.toy.session_ends);
    buf_close(&idle.got);
    buf_close(&subscriber.got);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_loopback_is_served_in_plain_text),
        cmocka_unit_test(over_tcp_nobody_is_local_admin_and_over_the_unix_socket_the_own_user_is),
        cmocka_unit_test(one_more_than_may_come_is_turned_away),
        cmocka_unit_test(idle_connections_are_closed_and_subscribers_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
