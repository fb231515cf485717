/* base/seal.h — bytes that are read and changed only with a key: AES-256-GCM by OpenSSL. */
#ifndef FQ_BASE_SEAL_H
#define FQ_BASE_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SEAL_KEY_SIZE = 32,
    SEAL_KEY_TEXT = 65, /* in hex, and NUL */
    SEAL_EXTRA = 28,    /* what sealing adds: a random nonce in front, the tag behind */
};

struct seal_key {
    uint8_t bytes[SEAL_KEY_SIZE];
};

void seal_key_make(struct seal_key *key_out);
const char *seal_key_text(const struct seal_key *key, char out[SEAL_KEY_TEXT]);
bool seal_key_parse(const char *text, struct seal_key *key_out); /* NULL is no key */

/* Writes len + SEAL_EXTRA bytes. `about` is bound in and not stored: what was sealed about one
 * thing does not open as another. The nonce is random: one key is good for 2^32 seals. */
void seal_close(const struct seal_key *key, const char *about, const void *plain, size_t len,
    uint8_t *sealed_out);
/* Writes len - SEAL_EXTRA bytes. False, and nothing of worth written, when key, about or a byte is
 * not the one it was sealed with, or len is too short. */
bool seal_open(const struct seal_key *key, const char *about, const uint8_t *sealed, size_t len,
    void *plain_out);

#endif
