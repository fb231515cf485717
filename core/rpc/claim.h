/* rpc/claim.h — may this person use a content they name only by its hash?
 *
 * Whoever sent it may (store/files.h keeps the marks of that); anybody else only when a case they
 * may read has it attached. A hash that was overheard opens nothing. */
#ifndef FQ_RPC_CLAIM_H
#define FQ_RPC_CLAIM_H

#include "rpc/call.h"

#include <stdbool.h>

/* `holds`: a case the caller may read has the content of the call's parameter `hash`. With the
 * request's language in use; at once or later, once. Not called when the store fails: then the call
 * has been refused. */
typedef void (*claim_fn)(struct call *c, bool holds);
void claim_ask(struct call *c, claim_fn then);

#endif
