/* engine/page_tasks.h — tasks of a case in words: on its page, in its history, in the answer to a
 * command. */
#ifndef FQ_ENGINE_PAGE_TASKS_H
#define FQ_ENGINE_PAGE_TASKS_H

#include "engine/engine_private.h"

struct decision;

/* Puts tasks, joint, adhoc and supervision into the page of a case. */
void page_put_tasks(struct decision *d, json_t *page);
/* A change of the list, or one a task could not be asked by, as a line of history; NULL: nothing
 * worth telling. Caller owns. */
char *task_change_words(const struct engine *e, const json_t *change);
char *task_nobody_words(const json_t *change);
/* What the command of this event type did: "会办意见：区人社局已答复"; NULL: another type. */
char *task_result_words(const struct decision *d);
/* The task in a row of a desk: its words and due date. */
void task_dress_row(const struct engine *e, json_t *task);

#endif
