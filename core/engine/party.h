/* engine/party.h — the people of a case: their members, their names in a list, changes in words. */
#ifndef FQ_ENGINE_PARTY_H
#define FQ_ENGINE_PARTY_H

#include "domain/casefile.h"
#include "domain/flow.h"

/* A member of a party in the reader's language; the key itself when it is unknown. */
const char *party_member_title(const char *key);
/* The key of a member, from itself or its title; NULL: there is none. */
const char *party_member_key(const char *word);
/* For a hint: the nearest key; NULL: none is near. */
const char *party_member_near(const char *word);
/* "甲某等2人／乙某": the first name of each of the two first sides. No numbers. NULL: nobody, or
 * the case is sealed. Caller owns. */
char *party_names(const struct casefile *c);
/* A change of the parties, already veiled, in words; NULL when nothing may be said. Caller owns. */
char *party_change_words(const json_t *change);
/* Registered data that was corrected, from what to what; veiled, NULL likewise. Caller owns. */
char *corrected_words(const struct flow *flow, const json_t *change);

#endif
