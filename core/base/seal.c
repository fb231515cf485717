/* base/seal.c — see seal.h. Layout: nonce (12), ciphertext, tag (16). */
#include "base/seal.h"

#include "base/random.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

enum { NONCE = 12, TAG = 16 };

void seal_key_make(struct seal_key *key_out)
{
    random_bytes(key_out->bytes, SEAL_KEY_SIZE);
}

const char *seal_key_text(const struct seal_key *key, char out[SEAL_KEY_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SEAL_KEY_SIZE; i++) {
        out[2 * i] = digits[key->bytes[i] >> 4];
        out[2 * i + 1] = digits[key->bytes[i] & 15];
    }
    out[2 * SEAL_KEY_SIZE] = '\0';
    return out;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool seal_key_parse(const char *text, struct seal_key *key_out)
{
    if (text == NULL || strlen(text) != 2 * SEAL_KEY_SIZE) {
        return false;
    }
    for (size_t i = 0; i < SEAL_KEY_SIZE; i++) {
        int high = digit_of(text[2 * i]);
        int low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        key_out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void seal_close(const struct seal_key *key, const char *about, const void *plain, size_t len,
    uint8_t *sealed_out)
{
    assert(len <= INT_MAX - SEAL_EXTRA);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    int end = 0;
    random_bytes(sealed_out, NONCE);
    bool ok = ctx != NULL &&
              EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, sealed_out) == 1 &&
              EVP_EncryptUpdate(ctx, NULL, &n, (const uint8_t *)about, (int)strlen(about)) == 1 &&
              EVP_EncryptUpdate(ctx, sealed_out + NONCE, &n, plain, (int)len) == 1 &&
              EVP_EncryptFinal_ex(ctx, sealed_out + NONCE + n, &end) == 1 &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, sealed_out + NONCE + len) == 1;
    assert(ok && (size_t)(n + end) == len); /* fails only without memory */
    (void)ok;
    EVP_CIPHER_CTX_free(ctx);
}

bool seal_open(const struct seal_key *key, const char *about, const uint8_t *sealed, size_t len,
    void *plain_out)
{
    if (len < SEAL_EXTRA || len > INT_MAX) {
        return false;
    }
    size_t plain_len = len - SEAL_EXTRA;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    uint8_t *out = plain_out;
    uint8_t tag[TAG];
    memcpy(tag, sealed + NONCE + plain_len, TAG);
    bool ok = ctx != NULL &&
              EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, sealed) == 1 &&
              EVP_DecryptUpdate(ctx, NULL, &n, (const uint8_t *)about, (int)strlen(about)) == 1 &&
              EVP_DecryptUpdate(ctx, out, &n, sealed + NONCE, (int)plain_len) == 1 &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 &&
              EVP_DecryptFinal_ex(ctx, out + n, &n) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}
