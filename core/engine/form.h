/* engine/form.h — what people fill in, checked against the flow: all problems at once. */
#ifndef FQ_ENGINE_FORM_H
#define FQ_ENGINE_FORM_H

#include "domain/flow.h"

/* Values to store for the fields asked at registration; new reference, or NULL and ERR_FORM with
 * data.fields [{name,label,problem}]. given may be NULL. */
json_t *form_for_opening(const struct flow *flow, const json_t *given, struct err *err);
/* The same for the form of an action. */
json_t *form_for_action(const struct flow *flow, const struct flow_action *action,
    const json_t *given, struct err *err);
/* Of those fields the ones given, to be corrected or completed: none may be left empty. */
json_t *form_for_correction(const struct flow *flow, const json_t *given, struct err *err);
/* Parties: array of objects {role,name,…}; false with ERR_FORM. NULL is no parties. */
bool form_check_parties(const json_t *parties, struct err *err);

#endif
