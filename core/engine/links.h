/* engine/links.h — other cases a case has to do with, and the letters between them.
 *
 * A case never looks into another one. What the other must know is a letter: an effect of this
 * event, delivered by the courier as a command of its own. The item in `links` is what this case
 * knows of the other: {id, kind, case?, number?, flow, flow_title, body, body_name, at_ms, reason?,
 * status, outcome?, sealed?, trail?} and, for the engine, {peer: the item's id over there,
 * action: the hand-over it came from, stands: where its outcomes still find the case,
 * told: the status of this case its opening letter carried,
 * seen: version of the other case that was heard of last, received_ms?, root?, news: what made the
 * item as it is}. */
#ifndef FQ_ENGINE_LINKS_H
#define FQ_ENGINE_LINKS_H

#include "engine/decision.h"

/* Of the same matter said by people; what is handed over is limited by who hands it over. */
enum { CASE_LINKS_MAX = 200 };

/* The item by id; the one that leads to a case, of this kind unless NULL; NULL: none. Borrowed. */
const json_t *link_find(const struct casefile *c, const char *id);
const json_t *link_to_case(const struct casefile *c, int64_t case_id, const char *kind);
/* The item this case came from ("from" or "whole"); NULL: it began here. */
const json_t *link_origin(const struct casefile *c);
bool link_sealed(const struct casefile *c); /* by its own rule, or as it was handed over */
int64_t link_case(const json_t *link);      /* id of the other case; 0: not known */
/* What the other cases call the state of this one: "open" "handling" "closed". */
const char *links_status(const struct flow *flow, const struct casefile *c);

/* A new item {id, kind, flow…, body…, at_ms, status}; borrowed from nobody: put it by link_put().
 */
json_t *link_new(const struct decision *d, const char *kind, const struct flow *flow,
    const struct body *body, const char *status);
/* Takes the item; news: sent opened signed arrived received returned closed handling
 * linked called_off kept_on. */
void link_put(struct decision *d, json_t *link, const char *news);
/* {letter, to, link, peer, from, from_number, version, status, body, body_name, by, at_ms} for the
 * case at the other end; add what else it must know and give it to letter_send(). */
json_t *letter_new(struct decision *d, const char *letter, const json_t *link);
void letter_send(struct decision *d, json_t *letter); /* takes */
/* Member of the refusal of a letter that tells nothing new: it counts as delivered. */
#define LETTER_KNOWN "letter_known"

/* What the others are told when the status or the body of the case was changed by the decision, or
 * when it came to a result before its end (a state with an outcome). Taken at its beginning. */
struct links_before {
    const char *status;
    char *host, *state; /* owned */
};
void links_before(const struct decision *d, struct links_before *before);
void links_after(struct decision *d, const struct links_before *before);
void links_forget(struct links_before *before);

/* The sub-case is not asked for any more: it is told, now or when it is known (call_off.c). */
void link_call_off(struct decision *d, const char *id, const char *reason);
/* What is known of it now: whoever was to be told then, is. */
void link_call_off_known(struct decision *d, const json_t *link);
/* In the sub-case: it ends, or goes on and says so. False with err when the end cannot be entered;
 * `plain`: that failed before, it goes on. Changes `link`, which is put afterwards. */
bool link_called_off(
    struct decision *d, json_t *link, const char *reason, bool plain, struct err *err);

/* "handed over to X (Y)" for the answer to a command, or NULL; caller owns. */
char *links_sent_words(const struct decision *d);
/* The items as people read them. New reference. */
json_t *links_page(const struct engine *e, const struct casefile *c);
/* A line of the history for an item that was put; NULL: nothing to say. Caller owns. */
char *links_words(const json_t *item);

#endif
