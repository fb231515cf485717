/* client/desk/panes.h — what the upper half of the case page shows, one text per pane. */
#ifndef FQ_CLIENT_DESK_PANES_H
#define FQ_CLIENT_DESK_PANES_H

#include "client/desk/desk.h"
#include "client/desk/leaf.h"

enum pane { PANE_HISTORY, PANE_CONTENT, PANE_CLOCKS, PANE_LINKS, PANE_COUNT };

const char *pane_title(enum pane pane);
/* Fills an initialised leaf. page may be NULL. */
void pane_fill(struct leaf *f, enum pane pane, struct desk *d, const json_t *page);
/* The history as the pane asks for it. */
struct reading pane_history(struct desk *d, const char *number);

#endif
