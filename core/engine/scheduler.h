/* engine/scheduler.h — the next window of due clocks, earliest first. Owns no timer, reads no
 * clock, and does not have to be exact: an entry that is no longer true is noticed when the case
 * is asked, so moving a clock is one push. */
#ifndef FQ_ENGINE_SCHEDULER_H
#define FQ_ENGINE_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scheduler; /* opaque */

struct scheduler *scheduler_open(size_t window); /* entries to keep; the rest stays on disk */
void scheduler_free(struct scheduler *s);        /* accepts NULL */
/* Remembers that the case wants attention at wake_ms; INT64_MAX is ignored. Later than the
 * window's end is left to the next refill. */
void scheduler_push(struct scheduler *s, int64_t case_id, int64_t wake_ms);
int64_t scheduler_next_ms(const struct scheduler *s); /* INT64_MAX when empty */
/* Takes the earliest entry that is due at now_ms; false when none is. */
bool scheduler_take(struct scheduler *s, int64_t now_ms, int64_t *case_id_out, int64_t *wake_out);
size_t scheduler_count(const struct scheduler *s);
size_t scheduler_window(const struct scheduler *s);
/* Nothing left in the window although the disk may hold more: time to ask. */
bool scheduler_wants_refill(const struct scheduler *s);
/* A page of rows is about to be read: until it is pushed nothing is left to the disk, so that what
 * becomes durable meanwhile is not missed. */
void scheduler_begin_refill(struct scheduler *s);
/* The page was pushed and was full: from its last wake on the rest is on disk only. */
void scheduler_end_refill(struct scheduler *s, int64_t last_wake_ms);
int64_t scheduler_end_ms(const struct scheduler *s);
void scheduler_forget(struct scheduler *s); /* as after opening: everything is on disk only */

#endif
