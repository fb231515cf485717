/* client/desk/acts.h — what can be done on a case: the workflow's actions, tasks that wait for an
 * answer of this user's bodies, and what every case offers besides. */
#ifndef FQ_CLIENT_DESK_ACTS_H
#define FQ_CLIENT_DESK_ACTS_H

#include "client/desk/desk.h"

/* The list of the case page, in its order:
 * [{"no"?,"title","words","allowed","why"?,"action"?,"task"?}]. Those that can be done are numbered
 * from 1. New reference. */
json_t *acts_of(const json_t *page);
/* How many of them can be done. */
int acts_allowed(const json_t *acts);
/* The place of the usual next step: an answer that is waited for, else the first step that leads to
 * another state and needs no reason. Steps that need a reason are the unusual ones. */
int acts_usual(const json_t *page, const json_t *acts);
/* Begins one: opens its form, or says why not. */
void acts_begin(struct desk *d, const json_t *page, const json_t *act);
/* What every case offers: opens a list to choose from. */
void acts_more(struct desk *d, const char *number);
/* The same as rows of a menu (new reference), and the beginning of one that was chosen from it. */
json_t *acts_offers(struct desk *d);
void acts_offer(struct desk *d, const json_t *item);
/* Takes back the last step, after asking. */
void acts_undo(struct desk *d, const json_t *page);

#endif
