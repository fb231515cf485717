/* engine/steps.h — when the steps of a clock (warnings, lateness, what follows) come up. */
#ifndef FQ_ENGINE_STEPS_H
#define FQ_ENGINE_STEPS_H

#include "domain/flow.h"

struct step_at {
    int index;       /* in the flow clock; step_count when none is left */
    int64_t wake_ms; /* INT64_MAX when none is left */
};

/* The first step of a clock whose due date was just computed at now_ms: warnings whose day has gone
 * by are left out, lateness never is. */
struct step_at steps_first(const struct flow_clock *fc, const struct calendar *calendar,
    const struct due *due, int64_t now_ms);
/* The step that comes after this one in time: "3 workdays left" may come before "7 days left". */
struct step_at steps_after(
    const struct flow_clock *fc, const struct calendar *calendar, const struct due *due, int index);
/* The step itself, when the due date is another one now. */
struct step_at steps_same(
    const struct flow_clock *fc, const struct calendar *calendar, const struct due *due, int index);
int64_t step_time_ms(
    const struct flow_step *step, const struct calendar *calendar, const struct due *due);

#endif
