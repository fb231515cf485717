/* engine/veil.h — what a screen does not show: secret fields to those outside the case's team, and
 * to everybody the middle of numbers that identify a person. */
#ifndef FQ_ENGINE_VEIL_H
#define FQ_ENGINE_VEIL_H

#include "engine/engine_private.h"

/* "138****2207"; a short number is hidden whole. Caller owns. */
char *veil_number(const char *text);
/* The same for every long number inside a text: telephones, identity cards. Caller owns. */
char *veil_text(const char *text);
json_t *veil_parties(const json_t *parties); /* new reference */
/* The data of an event as it may be shown: secret fields as "***" unless `secrets`. New reference.
 */
json_t *veil_event(const json_t *data, const struct flow *flow, bool secrets);

#endif
