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

struct step_at steps_first(const struct flow_clock *fc, const struct calendar *calendar,
    const struct due *due, int64_t now_ms)
{
    struct step_at first = {(int)fc->step_count, INT64_MAX};
    for (size_t i = 0; i < fc->step_count; i++) {
        int64_t at_ms = step_time_ms(&fc->steps[i], calendar, due);
        bool over = fc->steps[i].when == STEP_LEFT && at_ms <= now_ms;
        if (!over && at_ms < first.wake_ms) {
            first = (struct step_at){(int)i, at_ms};
        }
    }
    return first;
}

struct step_at steps_after(
    const struct flow_clock *fc, const struct calendar *calendar, const struct due *due, int index)
{
    struct step_at next = {(int)fc->step_count, INT64_MAX};
    int64_t this_ms = step_time_ms(&fc->steps[index], calendar, due);
    for (size_t i = 0; i < fc->step_count; i++) {
        int64_t at_ms = step_time_ms(&fc->steps[i], calendar, due);
        bool later = at_ms > this_ms || (at_ms == this_ms && (int)i > index);
        if (later && at_ms < next.wake_ms) {
            next = (struct step_at){(int)i, at_ms};
        }
    }
    return next;
}

struct step_at steps_same(
    const struct flow_clock *fc, const struct calendar *calendar, const struct due *due, int index)
{
    bool left = index >= 0 && (size_t)index < fc->step_count;
    return (struct step_at){
        index, left ? step_time_ms(&fc->steps[index], calendar, due) : INT64_MAX};
}
