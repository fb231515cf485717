/* client/desk/sieve.h — some rows of a list: those that are late, in one state, with one person, of
 * one place. It works on what was read, so it works without a line too. */
#ifndef FQ_CLIENT_DESK_SIEVE_H
#define FQ_CLIENT_DESK_SIEVE_H

#include <jansson.h>
#include <stdbool.h>

/* What the rows can be narrowed by, for screen_pick: [{"title","note","member","value"}]. What all
 * rows share is left out. New reference. */
json_t *sieve_offers(const json_t *rows);
/* The rows that fit all of [{"member","value"}]. New reference. */
json_t *sieve_rows(const json_t *sieve, const json_t *rows);

#endif
