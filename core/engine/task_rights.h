/* engine/task_rights.h — who may ask, answer, take back and urge. Refusals are ERR_FORBIDDEN with
 * the reason and data.who, the offices that could. */
#ifndef FQ_ENGINE_TASK_RIGHTS_H
#define FQ_ENGINE_TASK_RIGHTS_H

#include "engine/decision.h"

/* By the roles the flow names (by), else by the right case.task at the host. */
bool task_may_ask(struct decision *d, char **by, const char *title, struct err *err);
/* The person asked or the head of the body; without a person, its people with case.task. */
bool task_may_answer(const struct decision *d, const json_t *task, struct err *err);
/* Whoever may ask it; supervision: the body that urged. */
bool task_may_cancel(struct decision *d, const json_t *task, struct err *err);
/* The body for which the actor may urge at this level ("remind" "urge" "listed"): the supervisor,
 * or one whose right reaches the host. NULL with err. */
const struct body *task_may_urge(const struct decision *d, const char *level, struct err *err);
/* A text that must be given, of a length a history keeps (decide_task.c). */
bool task_text(const char *text, const char *field, const char *label, struct err *err);

#endif
