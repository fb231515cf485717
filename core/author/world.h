/* author/world.h — the organisation, rights, terms and calendars a scenario plays in: read once
 * from the data folders, then copied into a fresh engine for each scenario. */
#ifndef FQ_AUTHOR_WORLD_H
#define FQ_AUTHOR_WORLD_H

#include "base/err.h"
#include "domain/term.h"

struct engine;
struct world; /* opaque */

/* workflows: a folder with calendar/ *.lua; org: a folder with places, bodies, persons, members
 * .csv, rights.lua and terms.lua — NULL: the first folder below workflows that has places.csv.
 * NULL with the first problem, file and line. */
struct world *world_load(const char *workflows, const char *org, struct err *err);
void world_free(struct world *w);                       /* accepts NULL */
const struct terms *world_terms(const struct world *w); /* borrowed */
/* Gives an engine its own copy of everything. */
bool world_furnish(const struct world *w, struct engine *e, struct err *err);

#endif
