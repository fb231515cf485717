/* TLS without a socket: greetings in pieces, ends that were said, records nobody sealed, and what
 * is wrong with a certificate. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/io/certificates.h"

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
    for (size_t cut = 1; cut < len; cut += cut < 48 ? 1 : 13) { /* headers at every byte */
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
    static const size_t steps[] = {333, 16384, 65536, SIZE_MAX};
    struct buf big = {0};
    while (big.len < 200000) {
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
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
