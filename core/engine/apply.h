/* engine/apply.h — what an event changes in memory. Pure; the only writer of a casefile, for live
 * commands, recovery, rebuilding and the scenario tests alike. */
#ifndef FQ_ENGINE_APPLY_H
#define FQ_ENGINE_APPLY_H

#include "domain/casefile.h"

/* One change {"op":…}. An op this version does not know is ignored: history outlives code. */
void apply_change(struct casefile *c, const json_t *change);
/* A whole event: its changes, then version and head. data is the canonical text that was hashed. */
void apply_event(struct casefile *c, const json_t *event, int64_t version, struct digest head);
/* What a case remembers of its last event: when, whose, whether it can be undone. */
void apply_seal(struct casefile *c, const json_t *event);
/* The hash of an event that follows `head`. */
struct digest event_hash(const struct digest *head, const char *data);

/* Days taken out of a period, in order and each once: days that overlap become one exclusion. False
 * when there are DUE_EXCLUSIONS_MAX already. */
bool exclusions_add(struct exclusion list[], size_t *count, struct exclusion add);

/* Members of a change that describe a due date, written and read in one place. */
void change_put_due(json_t *change, const struct due *due, json_t *calendar, const char *explain);

#endif
