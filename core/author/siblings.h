/* author/siblings.h — the other workflows in a script's folder: it may hand over to them. */
#ifndef FQ_AUTHOR_SIBLINGS_H
#define FQ_AUTHOR_SIBLINGS_H

#include "base/err.h"
#include "domain/flow.h"

struct engine;
struct siblings; /* opaque */

/* Reads every *.lua beside the file `path` that is a workflow; what does not load is left out: it
 * is told when it is checked itself. Never NULL. */
struct siblings *siblings_load(const char *path);
void siblings_free(struct siblings *s); /* accepts NULL */
/* flow_verify_links of f beside them and itself. New reference. */
json_t *siblings_verify(const struct siblings *s, const struct flow *f);
/* Puts a copy of each into the engine, unless it has one of that id. */
void siblings_furnish(const struct siblings *s, struct engine *e);

#endif
