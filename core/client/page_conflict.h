/* client/page_conflict.h — a change that lost a race, beside what the server has now. */
#ifndef FQ_CLIENT_PAGE_CONFLICT_H
#define FQ_CLIENT_PAGE_CONFLICT_H

#include "client/client.h"

/* entry is one of the outbox; page the case as it is now, last its newest event; both may be NULL
 * (no line, no case). Prints what was done and what there is now in two columns, the server's
 * answer, and what is possible now. */
void page_print_conflict(
    struct client *c, const json_t *entry, const json_t *page, const json_t *last);
/* Two texts side by side behind a title; lines of equal height. Exposed for the desk. */
void page_print_sides(struct client *c, const char *title, const char *left, const char *right);

#endif
