/* TLS below a stream: who gets through the door, who does not, and ends that were cut. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/loop.h"
#include "io/stream.h"
#include "unit/io/certificates.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* --- below a stream ----------------------------------------------------------------------------
 */

struct end {
    struct stream *stream;
    struct buf got;
    int accepted, ends, closes;
    bool broke;
};

static void on_data(void *ctx, const char *data, size_t len)
{
    buf_add(&((struct end *)ctx)->got, data, len);
}

static void on_end(void *ctx)
{
    struct end *e = ctx;
    e->ends++;
    stream_finish(e->stream);
}

static void on_close(void *ctx, const struct err *why)
{
    struct end *e = ctx;
    e->closes++;
    e->broke = why != NULL;
}

static const struct stream_events events = {on_data, on_end, NULL, on_close};

static void on_accept(struct stream *s, void *ctx)
{
    struct end *e = ctx;
    e->accepted++;
    e->stream = s;
    stream_start(s, &events, e);
}

struct door {
    struct loop *loop;
    struct listener *listener;
    struct end end;
};

static void door_open(struct door *d)
{
    struct err err = {0};
    memset(d, 0, sizeof *d);
    d->loop = loop_open();
    d->listener = listener_open_tls(
        d->loop, "127.0.0.1", 0, keys_of("good", "good"), on_accept, &d->end, &err);
    assert_non_null(d->listener);
}

static void door_close(struct door *d)
{
    listener_free(d->listener);
    loop_free(d->loop);
    buf_close(&d->end.got);
}

#define TURN_UNTIL(d, condition)                                                                   \
    do {                                                                                           \
        int turns_ = 0;                                                                            \
        while (!(condition) && ++turns_ < 100000) {                                                \
            loop_turn((d)->loop, false);                                                           \
        }                                                                                          \
        assert_true(condition);                                                                    \
    } while (0)

struct guest {
    int fd;
    struct tls_trust *trust;
    struct tls *tls;
    struct buf got;
};

static void pass(struct guest *g, struct buf *out)
{
    size_t sent = 0;
    while (sent < out->len) {
        ssize_t n = send(g->fd, out->data + sent, out->len - sent, MSG_NOSIGNAL);
        if (n > 0) {
            sent += (size_t)n;
        } else {
            break;
        }
    }
    buf_clear(out);
}

static int dial(const struct door *d)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)listener_port(d->listener)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(0, connect(fd, (struct sockaddr *)&at, sizeof at));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static enum tls_state listen_to(struct guest *g)
{
    char part[4096];
    struct buf out = {0};
    ssize_t n = read(g->fd, part, sizeof part);
    if (n > 0) {
        tls_feed(g->tls, part, (size_t)n, &g->got, &out, NULL);
        pass(g, &out);
    }
    buf_close(&out);
    return tls_state(g->tls);
}

static void guest_open(struct guest *g, struct door *d, const char *believed)
{
    struct buf out = {0};
    memset(g, 0, sizeof *g);
    g->fd = dial(d);
    g->trust = trust_in(believed);
    g->tls = tls_connect(g->trust, "localhost");
    tls_feed(g->tls, NULL, 0, &g->got, &out, NULL);
    pass(g, &out);
    buf_close(&out);
    TURN_UNTIL(d, listen_to(g) != TLS_GREETING);
}

static void guest_say(struct guest *g, const char *text)
{
    struct buf out = {0};
    tls_write(g->tls, text, strlen(text), &out);
    pass(g, &out);
    buf_close(&out);
}

static void guest_close(struct guest *g)
{
    if (g->fd >= 0) {
        close(g->fd);
    }
    tls_free(g->tls);
    tls_trust_free(g->trust);
    buf_close(&g->got);
}

static void a_stream_is_handed_out_after_the_greeting_and_ends_when_both_said_so(void **state)
{
    (void)state;
    struct door d;
    struct guest g;
    struct buf answer = {0}, out = {0};
    door_open(&d);
    guest_open(&g, &d, "good");
    guest_say(&g, "hello");
    TURN_UNTIL(&d, d.end.got.len == 5);
    assert_int_equal(1, d.end.accepted);
    buf_adds(&answer, "answer");
    stream_write(d.end.stream, &answer);
    TURN_UNTIL(&d, listen_to(&g) == TLS_OPEN && g.got.len == 6);
    tls_end(g.tls, &out);
    pass(&g, &out);
    TURN_UNTIL(&d, listen_to(&g) == TLS_ENDED);
    TURN_UNTIL(&d, d.end.closes == 1);
    assert_int_equal(1, d.end.ends);
    assert_false(d.end.broke);
    guest_close(&g);
    buf_close(&out);
    buf_close(&answer);
    door_close(&d);
}

static void a_socket_that_just_closes_has_not_ended_cleanly(void **state)
{
    (void)state;
    struct door d;
    struct guest g;
    door_open(&d);
    guest_open(&g, &d, "good");
    guest_say(&g, "half a line");
    close(g.fd);
    g.fd = -1;
    TURN_UNTIL(&d, d.end.closes == 1);
    assert_int_equal(0, d.end.ends);
    assert_true(d.end.broke);
    guest_close(&g);
    door_close(&d);
}

static void who_is_silent_gives_way_and_the_door_may_close_on_greetings(void **state)
{
    (void)state;
    struct door d;
    struct guest g;
    struct listener_tls seen;
    static int silent[GREETINGS_MAX + 10];
    size_t count = sizeof silent / sizeof silent[0];
    door_open(&d);
    for (size_t i = 0; i < count; i++) {
        silent[i] = dial(&d);
        loop_turn(d.loop, false);
    }
    guest_open(&g, &d, "good");
    assert_int_equal(TLS_OPEN, tls_state(g.tls));
    TURN_UNTIL(&d, d.end.accepted == 1);
    listener_tls_read(d.listener, &seen);
    assert_int_equal(1, seen.greeted);
    assert_int_equal(11, seen.crowded);
    assert_int_equal(GREETINGS_MAX - 1, seen.greeting);
    stream_close(d.end.stream);
    door_close(&d); /* with those that are still silent */
    guest_close(&g);
    for (size_t i = 0; i < count; i++) {
        close(silent[i]);
    }
}

static void plain_text_is_told_that_this_is_tls(void **state)
{
    (void)state;
    struct door d;
    char answer[16] = "";
    door_open(&d);
    int fd = dial(&d);
    assert_int_equal(3, write(fd, "{}\n", 3));
    TURN_UNTIL(&d, recv(fd, answer, sizeof answer, MSG_PEEK) >= 0);
    assert_int_equal(7, read(fd, answer, sizeof answer));
    assert_int_equal(0x15, answer[0]);
    TURN_UNTIL(&d, read(fd, answer, sizeof answer) == 0);
    assert_int_equal(0, d.end.accepted);
    close(fd);
    door_close(&d);
}

static void a_renewed_certificate_is_shown_to_who_comes_next(void **state)
{
    (void)state;
    struct door d;
    struct guest before, after;
    struct tls_peer peer;
    door_open(&d);
    guest_open(&before, &d, "good");
    TURN_UNTIL(&d, d.end.accepted == 1);
    struct stream *first = d.end.stream;
    struct tls_server *other = keys_of("other", "other");
    listener_renew(d.listener, other);
    guest_open(&after, &d, "other");
    TURN_UNTIL(&d, d.end.accepted == 2);
    tls_peer_read(after.tls, &peer);
    assert_string_equal(tls_server_print(other), peer.print);
    guest_say(&before, "still here");
    TURN_UNTIL(&d, d.end.got.len == 10);
    stream_close(first);
    stream_close(d.end.stream);
    door_close(&d);
    guest_close(&before);
    guest_close(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_handed_out_after_the_greeting_and_ends_when_both_said_so),
        cmocka_unit_test(a_socket_that_just_closes_has_not_ended_cleanly),
        cmocka_unit_test(who_is_silent_gives_way_and_the_door_may_close_on_greetings),
        cmocka_unit_test(plain_text_is_told_that_this_is_tls),
        cmocka_unit_test(a_renewed_certificate_is_shown_to_who_comes_next),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
