/* engine/page.h — what people are shown of a case and of what they did to it. */
#ifndef FQ_ENGINE_PAGE_H
#define FQ_ENGINE_PAGE_H

#include "engine/decision.h"

/* The answer to a command, before the version is known. New reference. */
json_t *page_result(const struct decision *d);
/* {role, role_title, body, body_name, user?} of who must act next, or NULL. New reference. */
json_t *page_next(const struct engine *e, const struct flow *flow, const struct casefile *c);

#endif
