/* engine/decide.h — what follows from a command. Each function fills the decision or refuses; it
 * changes nothing but the decision's own working copy. */
#ifndef FQ_ENGINE_DECIDE_H
#define FQ_ENGINE_DECIDE_H

#include "engine/decision.h"

/* Runs the row of the command's kind. *result_out (new reference) is the answer for people. */
bool decide(struct decision *d, const struct command *c, json_t **result_out, struct err *err);
bool command_makes_case(enum command_kind kind);

bool decide_open(struct decision *d, const struct command *c, struct err *err);
bool decide_act(struct decision *d, const struct command *c, struct err *err);
bool decide_note(struct decision *d, const struct command *c, struct err *err);
bool decide_assign(struct decision *d, const struct command *c, struct err *err);
bool decide_claim(struct decision *d, const struct command *c, struct err *err);
bool decide_classify(struct decision *d, const struct command *c, struct err *err);
bool decide_pause(struct decision *d, const struct command *c, struct err *err);
bool decide_document(struct decision *d, const struct command *c, struct err *err);
bool decide_reveal(struct decision *d, const struct command *c, struct err *err);
bool decide_recuse(struct decision *d, const struct command *c, struct err *err);
bool decide_party(struct decision *d, const struct command *c, struct err *err);
bool decide_correct(struct decision *d, const struct command *c, struct err *err);
bool decide_attach(struct decision *d, const struct command *c, struct err *err);
bool decide_detach(struct decision *d, const struct command *c, struct err *err);
/* A file name without folders, control characters and turns of direction. Caller owns. */
char *file_name_clean(const char *name);
bool decide_undo(struct decision *d, const struct command *c, struct err *err);
bool decide_link(struct decision *d, const struct command *c, struct err *err);
bool decide_unlink(struct decision *d, const struct command *c, struct err *err);
bool decide_arrive(struct decision *d, const struct command *c, struct err *err);
bool decide_letter(struct decision *d, const struct command *c, struct err *err);
bool decide_task_ask(struct decision *d, const struct command *c, struct err *err);
bool decide_task_answer(struct decision *d, const struct command *c, struct err *err);
bool decide_task_return(struct decision *d, const struct command *c, struct err *err);
bool decide_task_cancel(struct decision *d, const struct command *c, struct err *err);
bool decide_urge(struct decision *d, const struct command *c, struct err *err);
bool decide_due(struct decision *d, const struct command *c, struct err *err);
bool decide_recompute(struct decision *d, const struct command *c, struct err *err);

/* A text that must be there and not too long: ERR_FORM with the field. */
bool decide_text(const char *text, const char *field, struct err *err);
/* Works at the body that has the case, in whatever office. */
bool works_at_host(const struct decision *d, const char *user);
/* Gives the case to a person, who is told; NULL: to nobody. */
void decide_assignee(struct decision *d, const char *user);

/* May this action be taken now, apart from its form? Asks state, profile, role and guard in turn.
 * input may be NULL: then the guard is asked with an empty form. */
bool action_possible(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err);

/* Parts of a registration (decide_open.c): the rules in force today; the change that opens the
 * case, args {source?, parties?}; the category by words, unless it has one. */
bool opening_profile(struct decision *d, const struct flow_profile **profile_out, struct err *err);
void opening_record(struct decision *d, const json_t *args, const struct place *place,
    const struct body *body, const struct flow_profile *profile);
void opening_classify(struct decision *d, const json_t *fields);

#endif
