/* base/digest.c — one context per thread is reused: making one costs more than the hash. */
#include "base/digest.h"

#include "base/memory.h"

#include <assert.h>
#include <openssl/evp.h>
#include <pthread.h>

static pthread_key_t context_key;
static pthread_once_t context_once = PTHREAD_ONCE_INIT;

static void context_free(void *ctx)
{
    EVP_MD_CTX_free(ctx);
}

static void context_setup(void)
{
    pthread_key_create(&context_key, context_free);
}

static EVP_MD_CTX *context(void)
{
    pthread_once(&context_once, context_setup);
    EVP_MD_CTX *ctx = pthread_getspecific(context_key);
    if (ctx == NULL) {
        ctx = EVP_MD_CTX_new();
        assert(ctx != NULL);
        pthread_setspecific(context_key, ctx);
    }
    return ctx;
}

struct digest digest_of2(const void *a, size_t a_len, const void *b, size_t b_len)
{
    struct digest d;
    unsigned len = 0;
    EVP_MD_CTX *ctx = context();
    int ok = EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) && EVP_DigestUpdate(ctx, a, a_len) &&
             EVP_DigestUpdate(ctx, b, b_len) && EVP_DigestFinal_ex(ctx, d.bytes, &len);
    assert(ok && len == DIGEST_SIZE);
    (void)ok;
    return d;
}

struct digest digest_of(const void *data, size_t len)
{
    return digest_of2(data, len, "", 0);
}

/* A context of its own: other digests are made between two pieces. */
struct digest_stream {
    EVP_MD_CTX *context;
};

struct digest_stream *digest_begin(void)
{
    struct digest_stream *s = mem_alloc(sizeof *s);
    s->context = EVP_MD_CTX_new();
    int ok = s->context != NULL && EVP_DigestInit_ex(s->context, EVP_sha256(), NULL);
    assert(ok);
    (void)ok;
    return s;
}

void digest_add(struct digest_stream *s, const void *data, size_t len)
{
    int ok = EVP_DigestUpdate(s->context, data, len);
    assert(ok);
    (void)ok;
}

struct digest digest_end(struct digest_stream *s)
{
    struct digest d;
    unsigned len = 0;
    int ok = EVP_DigestFinal_ex(s->context, d.bytes, &len);
    assert(ok && len == DIGEST_SIZE);
    (void)ok;
    EVP_MD_CTX_free(s->context);
    mem_free(s);
    return d;
}

const char *digest_hex(const struct digest *d, char out[DIGEST_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < DIGEST_SIZE; i++) {
        out[2 * i] = digits[d->bytes[i] >> 4];
        out[2 * i + 1] = digits[d->bytes[i] & 15];
    }
    out[2 * DIGEST_SIZE] = '\0';
    return out;
}
