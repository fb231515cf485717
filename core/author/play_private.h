/* author/play_private.h — what the files of a scenario's steps share. Not for other rooms. */
#ifndef FQ_AUTHOR_PLAY_PRIVATE_H
#define FQ_AUTHOR_PLAY_PRIVATE_H

#include "author/play.h"

/* The command on the case at hand; NULL with err when it was refused. New reference. */
json_t *play_submit(struct play *p, enum command_kind kind, const struct actor *actor,
    const json_t *args, struct err *err);
struct casefile *play_case(struct play *p); /* the case at hand, a copy; NULL before any */
const struct engine *play_engine(const struct play *p);
struct date play_today(const struct play *p);

/* play_task.c */
bool step_ask(struct play *p, const json_t *step, struct err *err);
bool step_answer(struct play *p, const json_t *step, struct err *err);
bool step_urge(struct play *p, const json_t *step, struct err *err);
/* What expect says of tasks: joint = "done" or "open"; task = { name or body = state }. */
bool task_expected(const struct flow *flow, const struct casefile *c, const char *word,
    const json_t *wanted, char *found, size_t size);

#endif
