/* client/change.h — what the commands that change a case share: the rehearsal, the outbox, and what
 * is said afterwards. */
#ifndef FQ_CLIENT_CHANGE_H
#define FQ_CLIENT_CHANGE_H

#include "client/client.h"

/* Sends a change through the outbox and shows what it did; with --dry-run the server rehearses it,
 * or, where it cannot, what would be sent is said. Takes params. */
bool change_send(struct client *c, const char *method, json_t *params, struct err *err);
/* Several cases in one command, "26-1,26-2" or "26-1、26-2": each is a change of its own and says
 * what became of it; what one is refused does not stop the others. The last error is the command's.
 */
bool change_each(struct client *c, const struct args *a,
    bool (*one)(struct client *c, const struct args *a, struct err *err), struct err *err);
/* The words from the i-th on as one text; caller owns. */
char *change_text(const struct args *a, size_t i);
/* A change that asks for --reason: puts it, or says that it is missing. */
bool change_reason(const struct args *a, json_t *params, struct err *err);

#endif
