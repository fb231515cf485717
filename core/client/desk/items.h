/* client/desk/items.h — what is linked to a case, attached to it or kept out of it: one is chosen
 * from a list, then the reason is asked. */
#ifndef FQ_CLIENT_DESK_ITEMS_H
#define FQ_CLIENT_DESK_ITEMS_H

#include "client/desk/desk.h"

void begin_link(struct desk *d, const json_t *page);   /* the server's proposals, or a number */
void begin_unlink(struct desk *d, const json_t *page); /* of links a person made */
void begin_detach(struct desk *d, const json_t *page);
void begin_recuse(struct desk *d, const json_t *page);
void begin_lift(struct desk *d, const json_t *page); /* of a recusal */

#endif
