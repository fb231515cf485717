/* io/tls.c — see tls.h.
 *
 * The library reads and writes through a BIO of our own: it reads from the bytes being fed and
 * appends to the buffer of whoever calls, so that an idle connection keeps no memory here. Its own
 * record buffers are released while they are empty. */
#include "io/tls_private.h"

#include "base/lang.h"
#include "base/memory.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct tls {
    SSL *ssl; /* owned */
    enum tls_state state;
    const char *in; /* borrowed while tls_feed() runs */
    size_t in_len;
    struct buf *out; /* borrowed while a call runs */
    X509 *shown;     /* owned; the peer's certificate, also when it is refused */
};

/* --- the BIO -----------------------------------------------------------------------------------
 */

static int bio_read(BIO *bio, char *to, size_t room, size_t *got_out)
{
    struct tls *t = BIO_get_data(bio);
    size_t n = t->in_len < room ? t->in_len : room;
    BIO_clear_retry_flags(bio);
    if (n == 0) {
        BIO_set_retry_read(bio); /* more may come: never an end */
        return 0;
    }
    memcpy(to, t->in, n);
    t->in += n;
    t->in_len -= n;
    *got_out = n;
    return 1;
}

static int bio_write(BIO *bio, const char *from, size_t len, size_t *put_out)
{
    struct tls *t = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    assert(t->out != NULL);
    buf_add(t->out, from, len);
    *put_out = len;
    return 1;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *method;

static void make_method(void)
{
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fengqiao");
    assert(method != NULL);
    BIO_meth_set_read_ex(method, bio_read);
    BIO_meth_set_write_ex(method, bio_write);
    BIO_meth_set_ctrl(method, bio_control);
}

/* --- both sides --------------------------------------------------------------------------------
 */

SSL_CTX *tls_context(const SSL_METHOD *side)
{
    SSL_CTX *c = SSL_CTX_new(side);
    assert(c != NULL); /* out of memory, or a library that cannot do TLS at all */
    bool ok = SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1 &&
              SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) == 1 &&
              /* TLS 1.2 with forward secrecy and authenticated encryption; all of 1.3 is so. */
              SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
    assert(ok);
    (void)ok;
    SSL_CTX_set_options(
        c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);         /* ten thousand idle ones */
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF); /* tickets do without */
    return c;
}

const char *tls_complaint(void)
{
    unsigned long code = ERR_peek_last_error();
    const char *words = code != 0 ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return words != NULL ? words : "TLS";
}

static struct tls *tls_new(SSL_CTX *context)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct tls *t = mem_alloc(sizeof *t);
    pthread_once(&once, make_method);
    t->ssl = SSL_new(context);
    BIO *bio = BIO_new(method);
    assert(t->ssl != NULL && bio != NULL);
    BIO_set_data(bio, t);
    BIO_set_init(bio, 1);
    SSL_set_bio(t->ssl, bio, bio);
    SSL_set_app_data(t->ssl, t);
    return t;
}

struct tls *tls_accept(const struct tls_server *with)
{
    struct tls *t = tls_new(with->context);
    SSL_set_accept_state(t->ssl);
    return t;
}

struct tls *tls_connect(const struct tls_trust *with, const char *name)
{
    struct tls *t = tls_new(with->context);
    X509_VERIFY_PARAM *wanted = SSL_get0_param(t->ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, name) != 1) {
        ERR_clear_error(); /* not an address: a name */
        SSL_set1_host(t->ssl, name);
        SSL_set_tlsext_host_name(t->ssl, name);
    }
    SSL_set_connect_state(t->ssl);
    return t;
}

void tls_free(struct tls *t)
{
    if (t != NULL) {
        SSL_free(t->ssl);
        X509_free(t->shown);
        mem_free(t);
    }
}

/* --- bytes -------------------------------------------------------------------------------------
 */

static void broke(struct tls *t, struct err *err)
{
    t->state = TLS_BROKEN;
    err_set(err, ERR_OFFLINE, _("the encrypted connection broke: %s"), tls_complaint());
}

static void greet(struct tls *t, struct err *err)
{
    int done = SSL_do_handshake(t->ssl);
    if (done == 1) {
        t->state = TLS_OPEN;
    } else if (SSL_get_error(t->ssl, done) != SSL_ERROR_WANT_READ) {
        broke(t, err);
    }
}

/* One record. False: none is whole. */
static bool read_record(struct tls *t, struct buf *plain, struct err *err)
{
    size_t n = 0;
    buf_reserve(plain, TLS_RECORD_MAX);
    int done = SSL_read_ex(t->ssl, plain->data + plain->len, TLS_RECORD_MAX, &n);
    if (done == 1) {
        plain->len += n;
        plain->data[plain->len] = '\0';
        return true;
    }
    int why = SSL_get_error(t->ssl, done);
    if (why == SSL_ERROR_ZERO_RETURN) {
        t->state = TLS_ENDED;
    } else if (why != SSL_ERROR_WANT_READ) {
        broke(t, err);
    }
    return false;
}

enum tls_state tls_feed(struct tls *t, const char *bytes, size_t len, struct buf *plain,
    struct buf *out, struct err *err)
{
    t->in = bytes;
    t->in_len = len;
    t->out = out;
    ERR_clear_error();
    if (t->state == TLS_GREETING) {
        greet(t, err);
    }
    while (t->state == TLS_OPEN && read_record(t, plain, err)) {
    }
    t->in = NULL;
    t->in_len = 0;
    t->out = NULL;
    return t->state;
}

void tls_write(struct tls *t, const char *bytes, size_t len, struct buf *out)
{
    assert(t->state == TLS_OPEN || t->state == TLS_ENDED);
    t->out = out;
    ERR_clear_error();
    while (len > 0) {
        size_t n = len < TLS_RECORD_MAX ? len : TLS_RECORD_MAX, put = 0;
        if (SSL_write_ex(t->ssl, bytes, n, &put) != 1) {
            t->state = TLS_BROKEN; /* the next feed says so; the BIO itself takes everything */
            break;
        }
        bytes += put;
        len -= put;
    }
    t->out = NULL;
}

void tls_end(struct tls *t, struct buf *out)
{
    if (t->state == TLS_OPEN || t->state == TLS_ENDED) {
        t->out = out;
        SSL_shutdown(t->ssl);
        t->out = NULL;
        ERR_clear_error();
    }
}

enum tls_state tls_state(const struct tls *t)
{
    return t->state;
}

void tls_shown(X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls *t = SSL_get_app_data(ssl);
    X509_free(t->shown);
    t->shown = X509_STORE_CTX_get0_cert(store);
    X509_up_ref(t->shown);
}

/* --- what the peer showed ----------------------------------------------------------------------
 */

static enum tls_problem problem_of(long code)
{
    static const struct {
        long code;
        enum tls_problem problem;
    } rows[] = {
        {X509_V_OK, TLS_FINE},
        {X509_V_ERR_CERT_HAS_EXPIRED, TLS_EXPIRED},
        {X509_V_ERR_CERT_NOT_YET_VALID, TLS_NOT_YET},
        {X509_V_ERR_HOSTNAME_MISMATCH, TLS_WRONG_NAME},
        {X509_V_ERR_IP_ADDRESS_MISMATCH, TLS_WRONG_NAME},
        {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, TLS_UNKNOWN_ISSUER},
        {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, TLS_UNKNOWN_ISSUER},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, TLS_UNKNOWN_ISSUER},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, TLS_UNKNOWN_ISSUER},
        {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, TLS_UNKNOWN_ISSUER},
        {X509_V_ERR_APPLICATION_VERIFICATION, TLS_WRONG_PIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].code == code) {
            return rows[i].problem;
        }
    }
    return TLS_DISTRUSTED;
}

static void moment_text(const ASN1_TIME *at, char out[TLS_MOMENT_TEXT])
{
    struct tm tm;
    out[0] = '\0';
    if (ASN1_TIME_to_tm(at, &tm) == 1) {
        strftime(out, TLS_MOMENT_TEXT, "%Y-%m-%d %H:%M:%S", &tm);
    }
}

static void add_name(char names[256], const char *name)
{
    size_t len = strlen(names);
    snprintf(names + len, 256 - len, "%s%s", len > 0 ? ", " : "", name);
}

/* Its alternative names; printable ones only, they go to a terminal. */
static void read_names(const X509 *certificate, char names[256])
{
    GENERAL_NAMES *all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
        char text[128] = "";
        if (name->type == GEN_DNS) {
            snprintf(text, sizeof text, "%.*s", ASN1_STRING_length(name->d.dNSName),
                (const char *)ASN1_STRING_get0_data(name->d.dNSName));
        } else if (name->type == GEN_IPADD && ASN1_STRING_length(name->d.iPAddress) == 4) {
            const unsigned char *a = ASN1_STRING_get0_data(name->d.iPAddress);
            snprintf(text, sizeof text, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
        }
        bool printable = text[0] != '\0';
        for (const char *p = text; *p != '\0'; p++) {
            printable = printable && *p > ' ' && *p < 0x7f;
        }
        if (printable) {
            add_name(names, text);
        }
    }
    GENERAL_NAMES_free(all);
}

void tls_peer_read(const struct tls *t, struct tls_peer *out)
{
    memset(out, 0, sizeof *out);
    out->problem = problem_of(SSL_get_verify_result(t->ssl));
    if (t->shown != NULL) {
        tls_print_of(t->shown, out->print);
        read_names(t->shown, out->names);
        moment_text(X509_get0_notBefore(t->shown), out->from);
        moment_text(X509_get0_notAfter(t->shown), out->until);
    }
}
