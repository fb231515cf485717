/* client/outbox_order.h — whose turn it is in the outbox: requests about one case leave in the
 * order they were made, and one that the server could not take just now waits longer each time. */
#ifndef FQ_CLIENT_OUTBOX_ORDER_H
#define FQ_CLIENT_OUTBOX_ORDER_H

#include "client/outbox.h"

enum outbox_turn {
    TURN_GO,
    TURN_LATER,    /* the server was busy a moment ago */
    TURN_BEHIND,   /* an earlier one about the same case waits */
    TURN_CONFLICT, /* an earlier one about the same case was refused: the user has to decide first
                    */
};

enum { OUTBOX_WAIT_MS_MAX = 300000 }; /* between two tries: a lunch break is not a day */

struct outbox_order; /* opaque */

/* Of one sender ("user@server"). by_hand: the user asked to send now, so nothing waits for the
 * clock. */
struct outbox_order *outbox_order_open(
    struct outbox *o, const char *sender, int64_t now_ms, bool by_hand);
void outbox_order_free(struct outbox_order *order); /* writes down what waits; accepts NULL */
/* Asked once per entry of new/, oldest first; one that may not go holds back those behind it. */
enum outbox_turn outbox_order_ask(struct outbox_order *order, const json_t *entry);
/* It was tried and stays: the next automatic try is at least after_ms away. */
void outbox_order_stays(struct outbox_order *order, const json_t *entry, int64_t after_ms);
/* It was refused: what follows about the same case waits for the user. */
void outbox_order_refused(struct outbox_order *order, const json_t *entry);
/* Does anything in new/ or conflict/ wait that a new request about this case must not overtake?
 * TURN_GO, TURN_BEHIND or TURN_CONFLICT. */
enum outbox_turn outbox_order_of_case(struct outbox *o, const char *sender, const char *number);

/* The case a request is about, as it was typed; NULL: none. Borrowed. */
const char *outbox_case(const json_t *entry);
/* Is the entry of this sender? */
bool outbox_is_of(const json_t *entry, const char *sender);

#endif
