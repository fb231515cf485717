/* unit/io/certificates.h — certificates of a few seconds ago, in a folder of their own, for the
 * tests of TLS. Included once by each of them. */
#ifndef FQ_TEST_CERTIFICATES_H
#define FQ_TEST_CERTIFICATES_H

#include "base/lang.h"
#include "base/memory.h"
#include "io/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

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

#endif
