/* rpc/event_filter.h — which events a subscriber asked for: {mine?, body?, case?, flow?}. */
#ifndef FQ_RPC_EVENT_FILTER_H
#define FQ_RPC_EVENT_FILTER_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>

struct service;
struct call;

/* The call's `filter` settled into ids: {user?, bodies?:[…], case?, flow?}; {} when it has none.
 * `mine` means cases of the caller's bodies and assignments to the caller. New reference, or NULL
 * with ERR_PARAMS. */
json_t *event_filter_parse(struct service *s, struct call *c, struct err *err);
/* All that is named must fit. */
bool event_filter_fits(const json_t *filter, const json_t *event);

#endif
