/* client/desk/spec.h — forms as data: which method, what is filled in, where each value goes.
 *
 *   {"title", "note"?, "method", "case"?, "params":{…}, "into":"form",
 *    "fields":[{"name","title","type","required","choices","max_chars","top"?,"value"?,"hint"?}]}
 *
 * A value goes to params[into][name], or to params[name] where the field is `top` or there is no
 * `into`. Types: text, choice, bool, date, money, integer, and what is looked up: place, body,
 * user. */
#ifndef FQ_CLIENT_DESK_SPEC_H
#define FQ_CLIENT_DESK_SPEC_H

#include "client/desk/desk.h"

/* All new references. */
json_t *spec_act(const json_t *page, const json_t *action);
json_t *spec_note(const json_t *page);
/* may: answer, return or cancel */
json_t *spec_task(const json_t *page, const json_t *task, const char *may);
json_t *spec_case(const json_t *page, const char *title, const char *method); /* no fields yet */
/* Adds a field; choices (taken) may be NULL. Returns the field, borrowed. */
json_t *spec_field(json_t *spec, const char *name, const char *title, const char *type,
    bool required, json_t *choices);
/* A new case of a flow (result of flow.get). */
json_t *spec_open(const json_t *flow);
/* Reads what the form of a new case needs, before it is asked for. */
void spec_prepare(struct desk *d);
/* Asks which flow, then opens the form of a new case. */
void screen_new_case(struct desk *d);

#endif
