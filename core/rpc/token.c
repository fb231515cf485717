/* rpc/token.c — see token.h. The cache is a direct-mapped table: one place per token, the later
 * one wins. Its index is the head of a SHA-256 nobody can choose, so places fill evenly. */
#include "rpc/token.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 32 };
static const char prefix[] = "fqt_";

struct token_cache {
    struct token_entry *entries; /* owned; hash "" is free */
    size_t mask;
};

const char *token_new(char out[TOKEN_TEXT])
{
    uint8_t bytes[TOKEN_BYTES];
    random_bytes(bytes, sizeof(bytes));
    char *p = out + sprintf(out, "%s", prefix);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        p += sprintf(p, "%02x", bytes[i]);
    }
    explicit_bzero(bytes, sizeof(bytes));
    return out;
}

bool token_digest(const char *token, char hash_out[DIGEST_TEXT])
{
    size_t len = strlen(token);
    if (len != TOKEN_TEXT - 1 || !text_starts(token, prefix)) {
        return false;
    }
    struct digest d = digest_of(token, len);
    digest_hex(&d, hash_out);
    return true;
}

struct token_cache *token_cache_new(size_t entries)
{
    size_t size = 1;
    while (size < entries) {
        size *= 2;
    }
    struct token_cache *c = mem_alloc(sizeof(*c));
    c->entries = mem_array(size, sizeof(*c->entries));
    c->mask = size - 1;
    return c;
}

void token_cache_free(struct token_cache *c)
{
    if (c != NULL) {
        mem_free(c->entries);
        mem_free(c);
    }
}

static struct token_entry *place_of(struct token_cache *c, const char *hash)
{
    char head[9];
    snprintf(head, sizeof(head), "%.8s", hash);
    return &c->entries[strtoul(head, NULL, 16) & c->mask];
}

struct token_entry *token_cache_find(struct token_cache *c, const char *hash)
{
    struct token_entry *e = place_of(c, hash);
    return e->hash[0] != '\0' && strcmp(e->hash, hash) == 0 ? e : NULL;
}

struct token_entry *token_cache_put(
    struct token_cache *c, const char *hash, const char *user, int64_t expires_ms, int64_t used_ms)
{
    struct token_entry *e = place_of(c, hash);
    memset(e, 0, sizeof(*e));
    if (strlen(user) >= sizeof(e->user) || strlen(hash) >= sizeof(e->hash)) {
        return NULL;
    }
    strcpy(e->hash, hash);
    strcpy(e->user, user);
    e->expires_ms = expires_ms;
    e->used_ms = e->noted_ms = used_ms;
    return e;
}

void token_cache_drop(struct token_cache *c, const char *hash)
{
    struct token_entry *e = token_cache_find(c, hash);
    if (e != NULL) {
        memset(e, 0, sizeof(*e));
    }
}

void token_cache_drop_user(struct token_cache *c, const char *user)
{
    for (size_t i = 0; i <= c->mask; i++) {
        if (strcmp(c->entries[i].user, user) == 0) {
            memset(&c->entries[i], 0, sizeof(c->entries[i]));
        }
    }
}
