/* base/random.c — see random.h. */
#include "base/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *out, size_t len)
{
    uint8_t *p = out;
    while (len > 0) {
        ssize_t n = getrandom(p, len, 0);
        if (n < 0 && errno != EINTR) {
            perror("fengqiao: getrandom");
            abort();
        }
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        }
    }
}

const char *random_uuid7(int64_t now_ms, char out[UUID_TEXT])
{
    uint8_t b[16];
    random_bytes(b, sizeof b);
    for (int i = 0; i < 6; i++) {
        b[i] = (uint8_t)(now_ms >> (40 - 8 * i));
    }
    b[6] = (uint8_t)(0x70 | (b[6] & 0x0F));
    b[8] = (uint8_t)(0x80 | (b[8] & 0x3F));
    snprintf(out, UUID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15]);
    return out;
}
