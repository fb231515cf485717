/* client/page.h — one case on the screen, and what a change did to it. */
#ifndef FQ_CLIENT_PAGE_H
#define FQ_CLIENT_PAGE_H

#include "client/client.h"

/* {"case": number} of the command's first argument; "." is the case shown last. New reference. */
json_t *page_case_params(struct client *c, const struct args *a);
void page_print(struct client *c, const json_t *page); /* result of case.get */
void page_print_can(struct client *c, const char *number, const char *action, const json_t *answer);
void page_print_why(struct client *c, const json_t *why);
/* Result of a change: what changed, the state, who is next, until when, the next command. */
void page_print_change(struct client *c, const json_t *result);
/* An action was refused: adds to err->data what is possible and what is not, with reasons, and to
 * the hint the nearest action; prints both lists. */
void page_hint_actions(struct client *c, const char *number, const char *action, struct err *err);

#endif
