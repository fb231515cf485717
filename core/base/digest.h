/* base/digest.h — SHA-256 by OpenSSL. */
#ifndef FQ_BASE_DIGEST_H
#define FQ_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, DIGEST_TEXT = 65 };

struct digest {
    uint8_t bytes[DIGEST_SIZE];
};

struct digest digest_of(const void *data, size_t len);
/* Over the parts one after the other; a part's length is not marked. */
struct digest digest_of2(const void *a, size_t a_len, const void *b, size_t b_len);
/* Over bytes that come in pieces; end gives the digest and frees. */
struct digest_stream *digest_begin(void);
void digest_add(struct digest_stream *s, const void *data, size_t len);
struct digest digest_end(struct digest_stream *s);
const char *digest_hex(const struct digest *d, char out[DIGEST_TEXT]);

#endif
