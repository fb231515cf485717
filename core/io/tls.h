/* io/tls.h — one TLS connection without a socket: bytes of the peer in, plain text and bytes for
 * the peer out. Streams of the daemon and the blocking link of the client stand on the same one.
 *
 * TLS 1.2 and 1.3 only, no compression, no renegotiation. An end without close_notify is for the
 * owner of the socket to notice: tls_feed() says TLS_ENDED only when the peer has said so, sealed;
 * a connection that merely stops was cut, by whoever. */
#ifndef FQ_IO_TLS_H
#define FQ_IO_TLS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TLS_RECORD_MAX = 16 << 10, /* plain bytes of one record, by the protocol */
    TLS_PRINT_TEXT = 64 + 1,   /* SHA-256 in hex; no colons, it must fit a line of 80 */
    TLS_MOMENT_TEXT = 20,      /* "2026-03-02 09:00:00", UTC */
};

/* --- what the daemon shows: certificate and key ------------------------------------------------
 */

struct tls_server; /* opaque */

/* The chain and the key as PEM files. NULL and ERR_CONFIG when one is missing, not PEM, does not
 * match, has expired or is not valid yet; *key_at_fault_out says which file it is about. */
struct tls_server *tls_server_open(
    const char *certificate, const char *key, bool *key_at_fault_out, struct err *err);
void tls_server_free(struct tls_server *s); /* accepts NULL; open connections live on */
const char *tls_server_print(const struct tls_server *s); /* fingerprint of the certificate */
int64_t tls_server_until_ms(const struct tls_server *s);  /* when it expires; epoch, UTC */

/* --- what the client believes ------------------------------------------------------------------
 */

struct tls_trust; /* opaque; shared between threads */

/* ca: a PEM file instead of the system's authorities, or NULL. pin: the SHA-256 of the one
 * certificate to accept (hex, colons or not), whoever issued it and whatever its name, or NULL. */
struct tls_trust *tls_trust_open(const char *ca, const char *pin, struct err *err);
struct tls_trust *tls_trust_share(struct tls_trust *t); /* one owner more; accepts NULL */
void tls_trust_free(struct tls_trust *t);               /* one less; accepts NULL */
/* "ABCD…" of what people write: colons, blanks and case do not matter. False: no SHA-256. */
bool tls_print_read(const char *text, char out[TLS_PRINT_TEXT]);

enum tls_problem {
    TLS_FINE, /* or none that lies in the certificate */
    TLS_EXPIRED,
    TLS_NOT_YET,
    TLS_WRONG_NAME,
    TLS_UNKNOWN_ISSUER,
    TLS_WRONG_PIN,
    TLS_DISTRUSTED, /* anything else the library says of it */
};

struct tls_peer {
    enum tls_problem problem;
    char print[TLS_PRINT_TEXT]; /* "" until its certificate came */
    char names[256];            /* it is made out for, parted by ", " */
    char from[TLS_MOMENT_TEXT], until[TLS_MOMENT_TEXT];
};

/* --- a connection ------------------------------------------------------------------------------
 */

enum tls_state {
    TLS_GREETING, /* handshake under way */
    TLS_OPEN,
    TLS_ENDED,  /* the peer said its end; it may still be written to */
    TLS_BROKEN, /* a bad record, a refused certificate; err said why */
};

struct tls; /* opaque */

struct tls *tls_accept(const struct tls_server *with);
/* name: what the certificate must be made out for, a host or a numeric address. */
struct tls *tls_connect(const struct tls_trust *with, const char *name);
void tls_free(struct tls *t); /* accepts NULL */
/* Takes what came; adds plain text to plain, what must be sent to out (even when it breaks). The
 * client begins with no bytes. */
enum tls_state tls_feed(struct tls *t, const char *bytes, size_t len, struct buf *plain,
    struct buf *out, struct err *err);
/* Seals into out; allowed once the greeting is over and before tls_end(). */
void tls_write(struct tls *t, const char *bytes, size_t len, struct buf *out);
void tls_end(struct tls *t, struct buf *out); /* close_notify */
enum tls_state tls_state(const struct tls *t);
/* What the peer showed, and what was wrong with it. */
void tls_peer_read(const struct tls *t, struct tls_peer *out);

#endif
