/* engine/tasks.h — what other bodies are asked inside a case: joint handling (会办) asked on
 * entering a state, tasks somebody adds, and supervision from above (催办、督办).
 *
 * A task is an item of the case's list `tasks`; it is never removed, so the list is the record of
 * who was asked, what they answered and when. Its limit runs as a clock of the case named
 * "task:<id>", by the same code as every clock. The host keeps the case whatever is asked. */
#ifndef FQ_ENGINE_TASKS_H
#define FQ_ENGINE_TASKS_H

#include "engine/decision.h"
#include "engine/joint.h"

/* --- one task ------------------------------------------------------------------------------- */

struct task_ask {
    const char *kind, *name, *title; /* kind: joint adhoc sub urge */
    const struct body *body;
    const char *user;         /* one person of it; NULL: any */
    const char *text, *level; /* may be NULL */
    const char *link;         /* the sub-case, an item of `links`; may be NULL */
    const struct body *from;  /* who asks; may be NULL */
    bool lead, stays;         /* in charge; asked until the case ends */
    const struct term *term;  /* the limit is the register's; may be NULL */
    struct span limit;        /* n 0: none, unless `by` is given */
    struct date by;           /* with has_by: the last day */
    bool has_by;
};

/* The register's row of the task's limit today; NULL: it has a span of its own, or today's law
 * knows no such limit. */
const struct term *task_term(const struct decision *d, const struct flow_task *task);
/* Asks: the item, its clock, and a notice to the body. ERR_STATE when the case has too many. */
bool task_ask(struct decision *d, const struct task_ask *ask, struct err *err);
/* Ends an open task: state answered, returned or cancelled, with the members of `more` (taken;
 * may be NULL) put in. */
void task_end(struct decision *d, const json_t *task, const char *state, json_t *more);

const json_t *task_find(const struct casefile *c, const char *id); /* borrowed; NULL: none */
bool task_is_open(const json_t *task);
bool task_is(const json_t *task, const char *kind);
/* The clock of its limit; NULL: it has none. */
const struct case_clock *task_clock(const struct casefile *c, const json_t *task);

/* The body a target means for asking: it need not be able to have the case. NULL: none. */
const struct body *task_body(const struct decision *d, const struct flow_target *target);
/* Tells the people of a body who may answer, or the one person asked. */
void task_notify(
    struct decision *d, const json_t *task, const char *body, const char *event, const char *words);
/* Words kept in the history, in the language of the law. Caller owns. */
char *task_words_zh(const char *msgid, const char *argument);

/* After news of a linked case: a sub-case that ended answers the task that opened it. */
void tasks_after_letter(struct decision *d, const json_t *link);

/* --- clocks --------------------------------------------------------------------------------- */

bool clock_is_task(const char *clock); /* "task:t1" */
/* What the flow says of a clock of the case; of a task's clock, what was asked. NULL: nothing. */
const struct flow_clock *clock_rule(const struct decision *d, const char *clock);
/* After a step of a task's clock: it is warned of, or late. */
void task_step(struct decision *d, const char *clock, bool becomes_late);
/* After its date was computed anew. */
void task_due_moved(struct decision *d, const struct case_clock *k);

/* --- the state (joint.c) -------------------------------------------------------------------- */

/* After the case left state `from` (NULL: it was opened) for the one it is in: what was asked there
 * and is not offered here is cancelled, with the reason. */
void tasks_after_leaving(struct decision *d, const char *from);
/* Asks what the state asks by itself. */
bool tasks_after_entering(struct decision *d, struct err *err);
/* Asks a task of the flow that a rule wants asked, once in a case; `why` goes along. Nothing
 * happens when the body has the case itself; when none is found the history says so. */
bool task_ask_by_itself(
    struct decision *d, const struct flow_task *task, const char *why, struct err *err);
/* What was asked of the former host as host, and of the new one as another body, is over. */
void tasks_after_host(struct decision *d, const char *former);

/* Of the state the case is in. */
struct join join_of(const struct decision *d);
/* Has everything been answered that the action needs? ERR_GUARD names who has not. */
bool tasks_needs_met(struct decision *d, const struct flow_action *action, struct err *err);

#endif
