/* server/reference.h — the data the law and the organisation are: read from the configured folders,
 * kept in the store, given to the engine.
 *
 * Files are read whole before anything changes: a mistake in one of them leaves what was in force.
 * What is new is written to the store in the same step, so that cases can always be explained from
 * the database alone. Flows and calendars in the store that no file has any more stay. */
#ifndef FQ_SERVER_REFERENCE_H
#define FQ_SERVER_REFERENCE_H

#include "engine/engine.h"
#include "store/store.h"

struct reference; /* opaque: what the files say */

struct reference_paths {
    const char *workflows; /* folder: *.lua, calendar/ *.lua; words.lua belongs to the categories */
    const char *org;       /* folder: places bodies persons members .csv, rights.lua, terms.lua */
    const char *taxonomy;  /* .lua or .jsonl; "" : categories.lua in org, if there is one */
};

/* NULL and the first problem with file and line. */
struct reference *reference_load(const struct reference_paths *paths, struct err *err);
void reference_free(struct reference *r); /* accepts NULL */
/* What there is: {flows, calendars, places, bodies}; new reference. */
json_t *reference_stat(const struct reference *r);

/* What the store has of earlier runs, before the files: flow versions, calendars, terms. At start
 * only. */
bool reference_restore(struct engine *e, struct store *s, struct err *err);
/* [id] of the terms whose rows in the file are not those in force; new reference, empty before the
 * first start. Call before reference_apply(). */
json_t *reference_terms_differ(const struct reference *r, const struct engine *e);
/* Gives the engine what the files say and the store what it does not have yet; takes r. Records
 * are on disk once the store has no backlog. `years` (may be NULL) gets the years whose calendar is
 * newer than the engine's was. The file of terms counts only while the store has no register: later
 * two administrators load it (terms.load), and a flow that needs other terms waits for that. */
void reference_apply(
    struct reference *r, struct engine *e, struct store *s, int64_t now_ms, json_t *years);
/* To the log: what does not fit between the workflows in force (deployed ones may differ from the
 * files). They go on working; a hand-over that leads nowhere is refused when somebody does it. */
void reference_links_told(const struct engine *e);

#endif
