/* author/expect.h — compares a case with what a scenario expects of it. */
#ifndef FQ_AUTHOR_EXPECT_H
#define FQ_AUTHOR_EXPECT_H

#include "domain/casefile.h"
#include "domain/flow.h"

/* step: {state, host, level, mark, unmarked, late, due, clock, profile, supervisor, closed,
 * category, participant, outcome, assignee, fields}. false: ERR_FORM says what differs, wanted and
 * found. */
bool expect_check(
    const struct flow *flow, const struct casefile *c, const json_t *step, struct err *err);

#endif
