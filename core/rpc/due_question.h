/* rpc/due_question.h — the params of calendar.due as a question to domain/due. */
#ifndef FQ_RPC_DUE_QUESTION_H
#define FQ_RPC_DUE_QUESTION_H

#include "base/err.h"

#include <jansson.h>

struct service;
struct call;

/* {raw, legal, internal, due_at, provisional, calendar, explain, term?}; new reference, or NULL. */
json_t *due_question(struct service *s, struct call *c, struct err *err);

#endif
