/* rpc/slowdown.c — see slowdown.h. Pairs are kept as the hash of account and address, in a small
 * open table of buckets: a pair lives in one of WAYS places, the stalest of which is given up. */
#include "rpc/slowdown.h"

#include "base/digest.h"
#include "base/memory.h"

#include <string.h>

enum { WAYS = 8 };

struct pair {
    uint64_t id;     /* 0: free */
    int64_t last_ms; /* of the last failure */
    int failures;
};

struct slowdown {
    struct pair *pairs; /* owned */
    size_t buckets;
};

struct slowdown *slowdown_new(size_t pairs)
{
    struct slowdown *s = mem_alloc(sizeof(*s));
    s->buckets = (pairs + WAYS - 1) / WAYS;
    s->pairs = mem_array(s->buckets * WAYS, sizeof(*s->pairs));
    return s;
}

void slowdown_free(struct slowdown *s)
{
    if (s != NULL) {
        mem_free(s->pairs);
        mem_free(s);
    }
}

static uint64_t id_of(const char *account, const char *address)
{
    struct digest d = digest_of2(account, strlen(account) + 1, address, strlen(address));
    uint64_t id;
    memcpy(&id, d.bytes, sizeof(id));
    return id != 0 ? id : 1;
}

static struct pair *find(struct slowdown *s, uint64_t id)
{
    struct pair *bucket = &s->pairs[(id % s->buckets) * WAYS];
    for (int i = 0; i < WAYS; i++) {
        if (bucket[i].id == id) {
            return &bucket[i];
        }
    }
    return NULL;
}

static struct pair *stalest(struct slowdown *s, uint64_t id)
{
    struct pair *bucket = &s->pairs[(id % s->buckets) * WAYS];
    struct pair *worst = bucket;
    for (int i = 0; i < WAYS; i++) {
        if (bucket[i].id == 0) {
            return &bucket[i];
        }
        if (bucket[i].last_ms < worst->last_ms) {
            worst = &bucket[i];
        }
    }
    return worst;
}

int64_t slowdown_wait_ms(
    struct slowdown *s, const char *account, const char *address, int64_t now_ms)
{
    struct pair *p = find(s, id_of(account, address));
    if (p == NULL || p->failures < SLOWDOWN_FREE_TRIES) {
        return 0;
    }
    if (now_ms - p->last_ms > SLOWDOWN_FORGET_MS) {
        memset(p, 0, sizeof(*p));
        return 0;
    }
    int64_t wait = 1000;
    for (int i = SLOWDOWN_FREE_TRIES; i < p->failures && wait < SLOWDOWN_MAX_MS; i++) {
        wait *= 2;
    }
    return wait < SLOWDOWN_MAX_MS ? wait : SLOWDOWN_MAX_MS;
}

void slowdown_failed(struct slowdown *s, const char *account, const char *address, int64_t now_ms)
{
    uint64_t id = id_of(account, address);
    struct pair *p = find(s, id);
    if (p == NULL) {
        p = stalest(s, id);
        *p = (struct pair){.id = id};
    }
    if (p->failures < 1000) {
        p->failures++;
    }
    p->last_ms = now_ms;
}

void slowdown_passed(struct slowdown *s, const char *account, const char *address)
{
    struct pair *p = find(s, id_of(account, address));
    if (p != NULL) {
        memset(p, 0, sizeof(*p));
    }
}
