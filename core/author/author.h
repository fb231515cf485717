/* author/author.h — what a writer of workflow scripts asks before deploying: is it sound, and does
 * it do what its own scenarios say? Needs no server. */
#ifndef FQ_AUTHOR_AUTHOR_H
#define FQ_AUTHOR_AUTHOR_H

#include "author/world.h"
#include "base/err.h"
#include "domain/term.h"

#include <jansson.h>

/* {"result":"OK"|"FAIL","file","flow"?,"version"?,"errors","warnings",
 *  "diagnostics":[{"id","level","line","column","message","hint"?,"near"?,"excerpt"?,"lua"?}]}.
 * Rely on `result` only, not on wording or order. terms may be NULL. NULL only when the file cannot
 * be read. New reference. */
json_t *author_check(const char *path, const struct terms *terms, struct err *err);
/* The same for a source in memory. */
json_t *author_check_source(
    const char *source, size_t len, const char *name, const struct terms *terms);
/* The report as people read it, with the source line and a caret. Caller owns. */
char *author_check_text(const json_t *report);

/* Runs the script's scenarios in virtual time on the real engine and store (in memory).
 * {"result":"OK"|"FAIL","file","passed","failed","scenarios":[{"name","line","ok","days",
 *  "path":[states],"problem"?,"at_line"?}],"unvisited":{"states":[…],"actions":[…]}}.
 * NULL when the script does not load or is unsound (author_check says why). New reference. */
json_t *author_test(const char *path, const struct world *world, struct err *err);
/* The same for a source in memory; `path` names it in messages, and its folder holds the workflows
 * that it may hand over to. */
json_t *author_test_source(
    const char *source, size_t len, const char *path, const struct world *world, struct err *err);
char *author_test_text(const json_t *report);

#endif
