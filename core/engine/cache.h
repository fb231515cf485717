/* engine/cache.h — cases in memory: loaded on demand, bounded, forgotten in order of use. A case
 * with units in flight stays; memory may be ahead of the disk, never behind. */
#ifndef FQ_ENGINE_CACHE_H
#define FQ_ENGINE_CACHE_H

#include "engine/engine_private.h"

/* Calls back with the case in memory; at once when it is there, else after loading. err: not found.
 */
void cache_get(struct engine *e, int64_t case_id, slot_cb done, void *ctx);
/* The same by what people type: number, unique end of a number, or "c12". */
void cache_find(struct engine *e, const char *number, slot_cb done, void *ctx);
struct slot *cache_peek(struct engine *e, int64_t case_id); /* NULL when not in memory */
/* Puts a new case into memory; takes it. */
struct slot *cache_add(struct engine *e, struct casefile *c);
/* Replaces the case of a slot by its next state; takes it. */
void slot_replace(struct slot *s, struct casefile *next);
/* What is in memory is no longer believed: the next use reads the disk. Waiters stay. */
void cache_drop(struct engine *e, int64_t case_id);
void cache_trim(struct engine *e); /* call at the end of a turn */
void cache_free(struct engine *e);

/* "c12" -> 12; 0 when it is not an id. */
int64_t case_id_parse(const char *text);
char *case_id_text(int64_t id); /* caller owns */

#endif
