/* base/random.h — randomness of the operating system; keys and tokens only. */
#ifndef FQ_BASE_RANDOM_H
#define FQ_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

enum { UUID_TEXT = 37 };

void random_bytes(void *out, size_t len); /* dies when the system gives none */
/* UUID version 7 (RFC 9562): time-ordered, so idempotency keys insert at the end of an index. */
const char *random_uuid7(int64_t now_ms, char out[UUID_TEXT]);

#endif
