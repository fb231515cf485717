/* rpc/slowdown.h — failed logins make the next try of the same account from the same address wait.
 *
 * Never a lock-out: the wait ends at 30 s, belongs to one pair of account and address, and is over
 * after a success, so a stranger elsewhere cannot shut an officer out. Unknown names count like
 * known ones. The table is bounded; when it is full the pair quiet for longest is forgotten. */
#ifndef FQ_RPC_SLOWDOWN_H
#define FQ_RPC_SLOWDOWN_H

#include <stddef.h>
#include <stdint.h>

enum {
    SLOWDOWN_FREE_TRIES = 5,
    SLOWDOWN_MAX_MS = 30000, /* longer would be a lock-out */
    SLOWDOWN_PAIRS = 4096,   /* 100 KiB; a flood of names forgets old pairs, not the machine */
    SLOWDOWN_FORGET_MS = 3600000,
};

struct slowdown; /* opaque */

struct slowdown *slowdown_new(size_t pairs);
void slowdown_free(struct slowdown *s); /* accepts NULL */
/* How long this try must wait before it is looked at: 0, 1 s, 2 s, 4 s … 30 s. */
int64_t slowdown_wait_ms(
    struct slowdown *s, const char *account, const char *address, int64_t now_ms);
void slowdown_failed(struct slowdown *s, const char *account, const char *address, int64_t now_ms);
void slowdown_passed(struct slowdown *s, const char *account, const char *address);

#endif
