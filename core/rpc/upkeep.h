/* rpc/upkeep.h — the long works of an administrator: backup, verification, heads. One at a time, on
 * a worker with a database connection of its own; the loop and the writer go on. A call starts it,
 * server.job tells how far it is and, once, how it ended: a connection need not live so long. */
#ifndef FQ_RPC_UPKEEP_H
#define FQ_RPC_UPKEEP_H

#include "rpc/service.h"

struct upkeep; /* opaque */

enum upkeep_work { UPKEEP_BACKUP, UPKEEP_VERIFY, UPKEEP_HEADS };

struct upkeep *upkeep_open(struct service *s);
/* Starts it and answers the call with {"job": n}; text: the folder, or the kept heads (or NULL). */
void upkeep_start(struct call *c, enum upkeep_work work, const char *text);
/* {job, work, running, phase, done, total, result?, error?}; new reference, NULL: there was none.
 */
json_t *upkeep_tell(const struct upkeep *u);
/* Adds the last backup of this daemon to health; "warning" when it failed. */
void upkeep_health(const struct upkeep *u, json_t *into);
void upkeep_stop(struct upkeep *u); /* the daemon stops: ends at the next step */
void upkeep_free(struct upkeep *u); /* frees at the end of the work; accepts NULL */

#endif
