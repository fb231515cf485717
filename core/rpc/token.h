/* rpc/token.h — opaque login tokens: 256 random bits behind "fqt_".
 *
 * Only the SHA-256 of a token is stored or kept in memory, so that neither the database nor a core
 * dump lets anyone in. The cache saves a question to the store per request; it is bounded, and a
 * token it does not know is simply looked up again. */
#ifndef FQ_RPC_TOKEN_H
#define FQ_RPC_TOKEN_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TOKEN_TEXT = 4 + 64 + 1, /* "fqt_", hex, NUL */
    TOKEN_CACHE = 4096,      /* people online at once in a city, with room; about 600 KiB */
};

const char *token_new(char out[TOKEN_TEXT]);
/* Hash in hex of what a client sent; false when it is not shaped like a token. */
bool token_digest(const char *token, char hash_out[DIGEST_TEXT]);

struct token_entry {
    char hash[DIGEST_TEXT];
    char user[64];      /* longer names are not cached */
    int64_t expires_ms; /* absolute end */
    int64_t used_ms;    /* last use, for the idle end */
    int64_t noted_ms;   /* last use written to the store */
};

struct token_cache; /* opaque */

struct token_cache *token_cache_new(size_t entries); /* rounded up to a power of two */
void token_cache_free(struct token_cache *c);        /* accepts NULL */
/* Borrowed, valid until the next put; NULL when unknown here. */
struct token_entry *token_cache_find(struct token_cache *c, const char *hash);
/* May push another token out of its place. */
struct token_entry *token_cache_put(
    struct token_cache *c, const char *hash, const char *user, int64_t expires_ms, int64_t used_ms);
void token_cache_drop(struct token_cache *c, const char *hash);
void token_cache_drop_user(struct token_cache *c, const char *user);

#endif
