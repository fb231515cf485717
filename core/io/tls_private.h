/* io/tls_private.h — what the tls files share. Only they see the library. */
#ifndef FQ_IO_TLS_PRIVATE_H
#define FQ_IO_TLS_PRIVATE_H

#include "io/tls.h"

#define ERR_STATE OPENSSL_ERR_STATE /* a type of theirs, an error code of ours */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#undef ERR_STATE
#include <stdatomic.h>

enum { TLS_PRINT_BYTES = 32 }; /* SHA-256 */

struct tls_server {
    SSL_CTX *context; /* owned; each connection holds it too */
    char print[TLS_PRINT_TEXT];
    int64_t until_ms;
};

struct tls_trust {
    SSL_CTX *context; /* owned */
    atomic_int users;
    bool pinned;
    char pin[TLS_PRINT_TEXT];
};

/* A context with what both sides agree on. Dies when there is no memory. */
SSL_CTX *tls_context(const SSL_METHOD *method);
/* The fingerprint of a certificate. */
void tls_print_of(const X509 *certificate, char out[TLS_PRINT_TEXT]);
/* Remembers the certificate being verified: the library drops one that is refused. */
void tls_shown(X509_STORE_CTX *store);
/* The library's newest complaint as words; empties its queue. */
const char *tls_complaint(void);

#endif
