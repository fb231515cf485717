/* script/dsl.h — what the words mean: from the value a script returned to the canonical document.
 *
 * The value arrives as JSON (convert.h), the order of named things from the outline. Errors are
 * ERR_FORM with data.path in the script's own terms, so that they can be shown at their line. */
#ifndef FQ_SCRIPT_DSL_H
#define FQ_SCRIPT_DSL_H

#include "base/err.h"
#include "script/outline.h"

#include <jansson.h>

/* raw: workflow "id" { … } without its functions, whose names are in guards and hooks (arrays).
 * New reference, see domain/flow_doc.md; NULL on error. */
json_t *dsl_document(const json_t *raw, const struct outline *outline, const json_t *guards,
    const json_t *hooks, struct err *err);
/* The member `tests`: [{name, line, steps:[{do, name?, line, …}]}]. New reference, never NULL
 * unless err is set. */
json_t *dsl_tests(const json_t *raw, const struct outline *outline, struct err *err);
/* What a hook returned: nothing, one outcome or a list. Outcomes as in the document, besides
 * {"do":"set","field","value"} and {"do":"effect","name","data":{…}}. New reference. */
json_t *dsl_outcomes(const json_t *raw, struct err *err);

#endif
