/* engine/steps.c — see steps.h. */
#include "engine/steps.h"

/* People read warnings when the office opens. */
#define DESK_OPENS_MS (9 * MS_PER_HOUR)

static int64_t at_desk(struct date d)
{
    return date_start_ms(d) + DESK_OPENS_MS;
}

int64_t step_time_ms(
    const struct flow_step *step, const struct calendar *calendar, const struct due *due)
{
    bool late = step->when == STEP_LATE;
    int n = late ? step->span.n : -step->span.n;
    if (late && n == 0) {
        return due->due_ms + 1;
    }
    switch (step->span.unit) {
    case UNIT_HOUR:
        return due->due_ms + n * MS_PER_HOUR;
    case UNIT_DAY:
        return at_desk(date_add_days(due->legal, n));
    case UNIT_WORKDAY:
        return at_desk(calendar_add_workdays(calendar, due->legal, n));
    case UNIT_MONTH:
        return at_desk(date_add_months(due->legal, n));
    case UNIT_YEAR:
        return at_desk(date_add_months(due->legal, 12 * n));
    }
    return INT64_MAX;
}

static struct step_at step_at(const struct flow_clock *fc, const struct calendar *calendar,
    const struct due *due, size_t index)
{
    return (struct step_at){(int)index,
        index < fc->step_count ? step_time_ms(&fc->steps[index], calendar, due) : INT64_MAX};
}

struct step_at steps_first(const struct flow_clock *fc, const struct calendar *calendar,
    const struct due *due, int64_t now_ms)
{
    size_t i = 0;
    while (i < fc->step_count && fc->steps[i].when == STEP_LEFT &&
           step_time_ms(&fc->steps[i], calendar, due) <= now_ms) {
        i++;
    }
    return step_at(fc, calendar, due, i);
}

struct step_at steps_after(
    const struct flow_clock *fc, const struct calendar *calendar, const struct due *due, int index)
{
    return step_at(fc, calendar, due, (size_t)index + 1);
}
