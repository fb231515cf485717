/* io/tls_keys.c — certificates: what the daemon shows and what the client believes (see tls.h). */
#include "io/tls_private.h"

#include "base/lang.h"
#include "base/memory.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* --- fingerprints ------------------------------------------------------------------------------
 */

static void put_byte(char out[TLS_PRINT_TEXT], size_t i, unsigned byte)
{
    static const char digits[] = "0123456789ABCDEF";
    out[2 * i] = digits[byte >> 4];
    out[2 * i + 1] = digits[byte & 15];
    out[2 * i + 2] = '\0';
}

void tls_print_of(const X509 *certificate, char out[TLS_PRINT_TEXT])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    int done = X509_digest(certificate, EVP_sha256(), bytes, &len);
    assert(done == 1 && len == TLS_PRINT_BYTES);
    (void)done;
    for (size_t i = 0; i < TLS_PRINT_BYTES; i++) {
        put_byte(out, i, bytes[i]);
    }
}

bool tls_print_read(const char *text, char out[TLS_PRINT_TEXT])
{
    size_t digits = 0;
    unsigned byte = 0;
    for (; *text != '\0'; text++) {
        if (*text == ':' || *text == ' ') {
            continue;
        }
        if (!isxdigit((unsigned char)*text) || digits == 2 * TLS_PRINT_BYTES) {
            return false;
        }
        int low = tolower((unsigned char)*text);
        byte = byte << 4 | (unsigned)(isdigit(low) ? low - '0' : low - 'a' + 10);
        if (++digits % 2 == 0) {
            put_byte(out, digits / 2 - 1, byte & 255);
        }
    }
    return digits == 2 * TLS_PRINT_BYTES;
}

/* --- the daemon's ------------------------------------------------------------------------------
 */

static bool readable(const char *path, struct err *err)
{
    return access(path, R_OK) == 0 || err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
}

/* A daemon has nobody to ask. */
static int no_password(char *out, int room, int writing, void *asked)
{
    (void)out;
    (void)room;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static int64_t to_ms(const ASN1_TIME *at)
{
    struct tm tm;
    return ASN1_TIME_to_tm(at, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

static bool load_certificate(struct tls_server *s, const char *path, struct err *err)
{
    if (!readable(path, err)) {
        return err_hint(err, "%s", _("the file with the certificate and its chain, as PEM"));
    }
    if (SSL_CTX_use_certificate_chain_file(s->context, path) != 1) {
        err_set(err, ERR_CONFIG, _("%s: no certificate can be read (%s)"), path, tls_complaint());
        return err_hint(err, "%s", _("the file with the certificate and its chain, as PEM"));
    }
    const X509 *certificate = SSL_CTX_get0_certificate(s->context);
    tls_print_of(certificate, s->print);
    s->until_ms = to_ms(X509_get0_notAfter(certificate));
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        err_set(err, ERR_CONFIG, _("%s: the certificate has expired"), path);
        return err_hint(
            err, "%s", _("get a new one from who issued it, and look at the date here"));
    }
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
        err_set(err, ERR_CONFIG, _("%s: the certificate is not valid yet"), path);
        return err_hint(err, "%s", _("look at the date of this machine"));
    }
    return true;
}

static bool load_key(struct tls_server *s, const char *path, struct err *err)
{
    bool asked = false;
    if (!readable(path, err)) {
        return err_hint(err, "%s", _("the private key of the certificate, as PEM"));
    }
    SSL_CTX_set_default_passwd_cb(s->context, no_password);
    SSL_CTX_set_default_passwd_cb_userdata(s->context, &asked);
    int done = SSL_CTX_use_PrivateKey_file(s->context, path, SSL_FILETYPE_PEM);
    SSL_CTX_set_default_passwd_cb_userdata(s->context, NULL);
    if (asked) {
        ERR_clear_error();
        err_set(err, ERR_CONFIG, _("%s: the key is protected by a password"), path);
        return err_hint(err, "%s", _("remove it: openssl pkey -in KEY -out NEW; protect the file"));
    }
    if (done != 1 && ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_VALUES_MISMATCH &&
        ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_TYPE_MISMATCH) {
        err_set(err, ERR_CONFIG, _("%s: no private key can be read (%s)"), path, tls_complaint());
        return err_hint(err, "%s", _("the private key of the certificate, as PEM"));
    }
    if (done != 1 || SSL_CTX_check_private_key(s->context) != 1) {
        ERR_clear_error();
        err_set(err, ERR_CONFIG, _("%s: the key does not belong to the certificate"), path);
        return err_hint(err, "%s", _("certificate and key are renewed together"));
    }
    return true;
}

struct tls_server *tls_server_open(
    const char *certificate, const char *key, bool *key_at_fault_out, struct err *err)
{
    struct tls_server *s = mem_alloc(sizeof *s);
    s->context = tls_context(TLS_server_method());
    SSL_CTX_set_num_tickets(s->context, 1);
    *key_at_fault_out = false;
    bool ok = load_certificate(s, certificate, err);
    if (ok && !load_key(s, key, err)) {
        *key_at_fault_out = true;
        ok = false;
    }
    if (!ok) {
        tls_server_free(s);
        return NULL;
    }
    return s;
}

void tls_server_free(struct tls_server *s)
{
    if (s != NULL) {
        SSL_CTX_free(s->context);
        mem_free(s);
    }
}

const char *tls_server_print(const struct tls_server *s)
{
    return s->print;
}

int64_t tls_server_until_ms(const struct tls_server *s)
{
    return s->until_ms;
}

/* --- the client's ------------------------------------------------------------------------------
 */

/* With a pin the one certificate is accepted and no other; else chain, name and dates count. */
static int verify(X509_STORE_CTX *store, void *arg)
{
    const struct tls_trust *trust = arg;
    char print[TLS_PRINT_TEXT];
    tls_shown(store);
    if (!trust->pinned) {
        return X509_verify_cert(store);
    }
    tls_print_of(X509_STORE_CTX_get0_cert(store), print);
    bool same = strcmp(print, trust->pin) == 0;
    X509_STORE_CTX_set_error(store, same ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    return same;
}

static bool load_authorities(struct tls_trust *t, const char *ca, struct err *err)
{
    if (ca == NULL) {
        SSL_CTX_set_default_verify_paths(t->context);
        ERR_clear_error(); /* none installed: every issuer is unknown, which is said then */
        return true;
    }
    if (!readable(ca, err)) {
        return false;
    }
    return SSL_CTX_load_verify_file(t->context, ca) == 1 ||
           err_set(err, ERR_CONFIG, _("%s: no certificate can be read (%s)"), ca, tls_complaint());
}

struct tls_trust *tls_trust_open(const char *ca, const char *pin, struct err *err)
{
    struct tls_trust *t = mem_alloc(sizeof *t);
    atomic_init(&t->users, 1);
    t->context = tls_context(TLS_client_method());
    SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(t->context, verify, t);
    t->pinned = pin != NULL;
    bool ok = pin == NULL || tls_print_read(pin, t->pin) ||
              err_set(err, ERR_PARAMS, _("“%s” is no SHA-256 fingerprint."), pin);
    if (!ok || (!t->pinned && !load_authorities(t, ca, err))) {
        tls_trust_free(t);
        return NULL;
    }
    return t;
}

struct tls_trust *tls_trust_share(struct tls_trust *t)
{
    if (t != NULL) {
        atomic_fetch_add(&t->users, 1);
    }
    return t;
}

void tls_trust_free(struct tls_trust *t)
{
    if (t != NULL && atomic_fetch_sub(&t->users, 1) == 1) {
        SSL_CTX_free(t->context);
        mem_free(t);
    }
}
