/* rpc/sweep.h — contents nobody attached to a case are removed after a while: at start and daily.
 */
#ifndef FQ_RPC_SWEEP_H
#define FQ_RPC_SWEEP_H

#include <stdint.h>

struct files;
struct loop;
struct store;
struct sweep; /* opaque */

/* Takes files, which a sweep under way may need longer than anybody else; the others are borrowed.
 * The first sweep begins in the first turn. */
struct sweep *sweep_open(
    struct loop *loop, struct store *store, struct files *files, int64_t keep_ms);
/* One that is under way on a worker ends by itself, before the loop does. Accepts NULL. */
void sweep_free(struct sweep *s);

#endif
