/* TLS without a socket, and below a stream: greetings in pieces, ends that were said and ends that
 * were cut, records nobody sealed, certificates that change. Certificates are made here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "io/loop.h"
#include "io/stream.h"
#include "io/tls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

/* --- certificates ------------------------------------------------------------------------------
 */

static char folder[] = "/tmp/fengqiao-tls-XXXXXX";

static char *path_of(const char *name, const char *end)
{
    return mem_printf("%s/%s.%s", folder, name, end);
}

/* NAME.pem, issued by itself for localhost, and NAME.key. */
static void make(const char *name, long from_s, long until_s)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *c = X509_new();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
    X509_gmtime_adj(X509_getm_notBefore(c), from_s);
    X509_gmtime_adj(X509_getm_notAfter(c), until_s);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(c), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    X509_set_pubkey(c, key);
    X509_EXTENSION *names =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(c, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(c, key, EVP_sha256());
    char *pem = path_of(name, "pem"), *secret = path_of(name, "key");
    FILE *f = fopen(pem, "w");
    PEM_write_X509(f, c);
    fclose(f);
    f = fopen(secret, "w");
    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    fclose(f);
    mem_free(pem);
    mem_free(secret);
    X509_free(c);
    EVP_PKEY_free(key);
}

static struct tls_server *keys_of(const char *certificate, const char *key)
{
    char *pem = path_of(certificate, "pem"), *secret = path_of(key, "key");
    struct err err = {0};
    bool key_at_fault;
    struct tls_server *s = tls_server_open(pem, secret, &key_at_fault, &err);
    if (s == NULL) {
        assert_int_equal(ERR_CONFIG, err.code);
        assert_true(err.hint[0] != '\0');
    }
    mem_free(pem);
    mem_free(secret);
    err_clear(&err);
    return s;
}

static struct tls_trust *trust_in(const char *name)
{
    char *pem = path_of(name, "pem");
    struct tls_trust *t = tls_trust_open(pem, NULL, NULL);
    assert_non_null(t);
    mem_free(pem);
    return t;
}

static int setup(void **state)
{
    (void)state;
    lang_init();
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    make("good", -60, 3600);
    make("other", -60, 3600);
    make("old", -7200, -3600);
    make("young", 3600, 7200);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const names[] = {"good", "other", "old", "young"};
    for (size_t i = 0; i < 4; i++) {
        char *pem = path_of(names[i], "pem"), *secret = path_of(names[i], "key");
        unlink(pem);
        unlink(secret);
        mem_free(pem);
        mem_free(secret);
    }
    return rmdir(folder);
}

/* --- two ends in memory ------------------------------------------------------------------------
 */

struct pair {
    struct tls_server *keys;
    struct tls_trust *trust;
    struct tls *server, *client;
    struct buf to_server, to_client;   /* sealed, on their way */
    struct buf at_server, at_client;   /* plain, arrived */
    struct err server_err, client_err; /* why it broke */
};

static void pair_open_as(struct pair *p, const char *name, const char *believed, const char *host)
{
    memset(p, 0, sizeof *p);
    p->keys = keys_of(name, name);
    p->trust = trust_in(believed);
    p->server = tls_accept(p->keys);
    p->client = tls_connect(p->trust, host);
    tls_feed(p->client, NULL, 0, &p->at_client, &p->to_server, &p->client_err);
}

static void pair_close(struct pair *p)
{
    tls_free(p->server);
    tls_free(p->client);
    tls_server_free(p->keys);
    tls_trust_free(p->trust);
    buf_close(&p->to_server);
    buf_close(&p->to_client);
    buf_close(&p->at_server);
    buf_close(&p->at_client);
    err_clear(&p->server_err);
    err_clear(&p->client_err);
}

/* Carries both ways, `step` bytes at a time, until nothing is on its way. */
static void carry(struct pair *p, size_t step)
{
    while (p->to_server.len > 0 || p->to_client.len > 0) {
        size_t n = p->to_server.len < step ? p->to_server.len : step;
        tls_feed(p->server, p->to_server.data, n, &p->at_server, &p->to_client, &p->server_err);
        buf_cut(&p->to_server, n);
        n = p->to_client.len < step ? p->to_client.len : step;
        tls_feed(p->client, p->to_client.data, n, &p->at_client, &p->to_server, &p->client_err);
        buf_cut(&p->to_client, n);
    }
}

static void pair_open(struct pair *p, size_t step)
{
    pair_open_as(p, "good", "good", "localhost");
    carry(p, step);
    assert_int_equal(TLS_OPEN, tls_state(p->server));
    assert_int_equal(TLS_OPEN, tls_state(p->client));
}

static void a_greeting_that_comes_byte_by_byte_is_one(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p, 1);
    tls_write(p.client, "枫桥", strlen("枫桥"), &p.to_server);
    tls_write(p.server, "ok", 2, &p.to_client);
    carry(&p, 1);
    assert_string_equal("枫桥", buf_text(&p.at_server));
    assert_string_equal("ok", buf_text(&p.at_client));
    pair_close(&p);
}

/* Each cut is tried: the first part of the client's greeting, then the rest. */
static void a_greeting_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct pair p;
    size_t len = 2;
    for (size_t cut = 1; cut < len; cut++) {
        pair_open_as(&p, "good", "good", "127.0.0.1");
        len = p.to_server.len;
        size_t first = cut < len ? cut : len - 1;
        tls_feed(p.server, p.to_server.data, first, &p.at_server, &p.to_client, &p.server_err);
        buf_cut(&p.to_server, first);
        assert_int_equal(0, p.to_client.len);
        carry(&p, SIZE_MAX);
        assert_int_equal(TLS_OPEN, tls_state(p.server));
        assert_int_equal(TLS_OPEN, tls_state(p.client));
        pair_close(&p);
    }
    assert_true(len > 100);
}

static void large_texts_arrive_whole_whatever_the_pieces(void **state)
{
    (void)state;
    static const size_t steps[] = {7, 1000, 16384, 65536, SIZE_MAX};
    struct buf big = {0};
    while (big.len < 1 << 20) {
        buf_addf(&big, "%08zu ", big.len);
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct pair p;
        pair_open(&p, SIZE_MAX);
        tls_write(p.client, big.data, big.len, &p.to_server);
        assert_true(p.to_server.len > big.len); /* it is the sealed size that waits in memory */
        carry(&p, steps[i]);
        assert_int_equal(big.len, p.at_server.len);
        assert_memory_equal(big.data, p.at_server.data, big.len);
        pair_close(&p);
    }
    buf_close(&big);
}

static void an_end_is_an_end_only_when_it_was_said(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p, SIZE_MAX);
    tls_write(p.client, "last", 4, &p.to_server);
    tls_end(p.client, &p.to_server);
    size_t whole = p.to_server.len;
    for (size_t i = 0; i + 1 < whole; i++) {
        tls_feed(p.server, p.to_server.data + i, 1, &p.at_server, &p.to_client, &p.server_err);
        assert_int_equal(TLS_OPEN, tls_state(p.server));
    }
    assert_int_equal(TLS_ENDED, tls_feed(p.server, p.to_server.data + whole - 1, 1, &p.at_server,
                                    &p.to_client, &p.server_err));
    assert_string_equal("last", buf_text(&p.at_server));
    buf_clear(&p.to_server);
    tls_write(p.server, "answer", 6, &p.to_client); /* the other direction goes on */
    carry(&p, SIZE_MAX);
    assert_string_equal("answer", buf_text(&p.at_client));
    pair_close(&p);
}

static void a_record_that_was_changed_breaks_the_connection(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p, SIZE_MAX);
    tls_write(p.client, "first", 5, &p.to_server);
    tls_write(p.client, "changed", 7, &p.to_server);
    p.to_server.data[p.to_server.len - 1] ^= 1;
    carry(&p, SIZE_MAX);
    assert_int_equal(TLS_BROKEN, tls_state(p.server));
    assert_int_equal(ERR_OFFLINE, p.server_err.code);
    assert_string_equal("first", buf_text(&p.at_server));
    assert_int_equal(TLS_BROKEN, tls_state(p.client)); /* it was told */
    assert_int_equal(TLS_BROKEN, tls_feed(p.server, "more", 4, &p.at_server, &p.to_client, NULL));
    pair_close(&p);
}

static void what_is_no_greeting_breaks_it_at_once(void **state)
{
    (void)state;
    static const char *const greetings[] = {"{\"jsonrpc\":\"2.0\"}\n", "GET / HTTP/1.1\r\n\r\n",
        "SSH-2.0-x\r\n", "\x16\x03\x01\xff\xff......"};
    struct tls_server *keys = keys_of("good", "good");
    for (size_t i = 0; i < sizeof greetings / sizeof greetings[0]; i++) {
        struct tls *t = tls_accept(keys);
        struct buf plain = {0}, out = {0};
        struct err err = {0};
        assert_int_equal(
            TLS_BROKEN, tls_feed(t, greetings[i], strlen(greetings[i]), &plain, &out, &err));
        assert_int_equal(0, plain.len);
        assert_true(err.message[0] != '\0');
        tls_free(t);
        buf_close(&out);
        buf_close(&plain);
        err_clear(&err);
    }
    tls_server_free(keys);
}

static void the_client_says_what_is_wrong_with_a_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *shown, *believed, *host;
        enum tls_problem problem;
    } rows[] = {
        {"good", "good", "localhost", TLS_FINE},
        {"good", "good", "127.0.0.1", TLS_FINE},
        {"good", "other", "localhost", TLS_UNKNOWN_ISSUER},
        {"good", "good", "elsewhere.example", TLS_WRONG_NAME},
        {"good", "good", "127.0.0.2", TLS_WRONG_NAME},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair p;
        struct tls_peer peer;
        pair_open_as(&p, rows[i].shown, rows[i].believed, rows[i].host);
        carry(&p, SIZE_MAX);
        tls_peer_read(p.client, &peer);
        assert_int_equal(rows[i].problem, peer.problem);
        assert_int_equal(rows[i].problem == TLS_FINE ? TLS_OPEN : TLS_BROKEN, tls_state(p.client));
        assert_string_equal(tls_server_print(p.keys), peer.print);
        assert_string_equal("localhost, 127.0.0.1", peer.names);
        pair_close(&p);
    }
}

static void a_pin_accepts_one_certificate_and_no_other(void **state)
{
    (void)state;
    struct tls_server *good = keys_of("good", "good"), *other = keys_of("other", "other");
    char print[TLS_PRINT_TEXT], colons[3 * 32 + 1] = "";
    assert_true(tls_print_read(tls_server_print(good), print));
    for (size_t i = 0; i < 32; i++) {
        snprintf(colons + 3 * i, 4, "%.2s:", print + 2 * i);
    }
    assert_true(tls_print_read(colons, print));
    assert_string_equal(tls_server_print(good), print);
    assert_false(
        tls_print_read("12", print) || tls_print_read("", print) || tls_print_read("zz", print));
    struct tls_trust *trust = tls_trust_open(NULL, colons, NULL);
    for (int same = 0; same < 2; same++) {
        struct pair p = {.keys = same ? good : other, .trust = tls_trust_share(trust)};
        struct tls_peer peer;
        p.server = tls_accept(p.keys);
        p.client = tls_connect(p.trust, "any.example"); /* names do not count then */
        tls_feed(p.client, NULL, 0, &p.at_client, &p.to_server, &p.client_err);
        carry(&p, SIZE_MAX);
        tls_peer_read(p.client, &peer);
        assert_int_equal(same ? TLS_OPEN : TLS_BROKEN, tls_state(p.client));
        assert_int_equal(same ? TLS_FINE : TLS_WRONG_PIN, peer.problem);
        pair_close(&p);
    }
    tls_trust_free(trust);
    struct err err = {0};
    assert_null(tls_trust_open(NULL, "no pin", &err));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_null(tls_trust_open("/nonexistent.pem", NULL, &err));
    assert_int_equal(ERR_CONFIG, err.code);
    err_clear(&err);
}

static void certificates_that_cannot_serve_are_refused(void **state)
{
    (void)state;
    assert_null(keys_of("absent", "good"));
    assert_null(keys_of("good", "absent"));
    assert_null(keys_of("good", "other"));
    assert_null(keys_of("old", "old"));
    assert_null(keys_of("young", "young"));
    struct tls_server *good = keys_of("good", "good");
    assert_true(tls_server_until_ms(good) > 0);
    tls_server_free(good);
    tls_server_free(NULL);
}

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
    ssize_t n = -1;
    door_open(&d);
    int fd = dial(&d);
    assert_int_equal(3, write(fd, "{}\n", 3));
    TURN_UNTIL(&d, (n = read(fd, answer, sizeof answer)) >= 0);
    assert_int_equal(7, n);
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
        cmocka_unit_test(a_greeting_that_comes_byte_by_byte_is_one),
        cmocka_unit_test(a_greeting_may_be_cut_anywhere),
        cmocka_unit_test(large_texts_arrive_whole_whatever_the_pieces),
        cmocka_unit_test(an_end_is_an_end_only_when_it_was_said),
        cmocka_unit_test(a_record_that_was_changed_breaks_the_connection),
        cmocka_unit_test(what_is_no_greeting_breaks_it_at_once),
        cmocka_unit_test(the_client_says_what_is_wrong_with_a_certificate),
        cmocka_unit_test(a_pin_accepts_one_certificate_and_no_other),
        cmocka_unit_test(certificates_that_cannot_serve_are_refused),
        cmocka_unit_test(a_stream_is_handed_out_after_the_greeting_and_ends_when_both_said_so),
        cmocka_unit_test(a_socket_that_just_closes_has_not_ended_cleanly),
        cmocka_unit_test(who_is_silent_gives_way_and_the_door_may_close_on_greetings),
        cmocka_unit_test(plain_text_is_told_that_this_is_tls),
        cmocka_unit_test(a_renewed_certificate_is_shown_to_who_comes_next),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
