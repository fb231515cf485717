/* client/page.h — one case on the screen, and what a change did to it. */
#ifndef FQ_CLIENT_PAGE_H
#define FQ_CLIENT_PAGE_H

#include "client/client.h"

/* {"case": number} of the command's first argument; "." is the case shown last. New reference. */
json_t *page_case_params(struct client *c, const struct args *a);
void page_print(struct client *c, const json_t *page); /* result of case.get */
void page_print_can(struct client *c, const char *number, const char *action, const json_t *answer);
/* Dates, urgency, and how the case came to where it is: page is the case's, history its events;
 * both may be NULL. Of clocks that have ended the names, or with ended_too their dates. */
void page_print_why(
    struct client *c, const json_t *why, const json_t *page, const json_t *history, bool ended_too);
/* The history, newest last: each entry with who did what, what was filled in, and what followed.
 * case_params name the case, whose field titles are asked for; taken. */
void page_print_timeline(struct client *c, const json_t *rows, json_t *case_params);
/* While the page says that its reader may take back the last step: how, and how long still. */
void page_next_undo(struct client *c, const json_t *page);
/* Result of a change: what changed, the state, who is next, until when, the next command. */
void page_print_change(struct client *c, const json_t *result);
/* An action was refused: adds to err->data what is possible and what is not, with reasons, and to
 * the hint the nearest action; prints both lists. */
void page_hint_actions(struct client *c, const char *number, const char *action, struct err *err);

/* A member that is a text, or the title, name or id of one that is an object; NULL when absent. */
const char *page_named(const json_t *object, const char *key);
/* "还剩3个工作日（至 2026-12-01）"; caller owns. */
char *page_due_line(const json_t *due);
/* What can be done now, numbered, and what cannot, with the reasons. */
void page_print_actions(struct client *c, FILE *out, const json_t *actions);

#endif
