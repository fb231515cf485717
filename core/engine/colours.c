/* engine/colours.c — see colours.h. */
#include "engine/colours.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/steps.h"
#include "engine/tasks.h"

static bool step_marks(const struct flow_step *step, const char *colour)
{
    for (size_t i = 0; i < step->outcome_count; i++) {
        if (step->outcomes[i].kind == DO_MARK && text_equal(step->outcomes[i].name, colour)) {
            return true;
        }
    }
    return false;
}

static bool clock_marks(const struct flow_clock *fc, const char *colour)
{
    for (size_t i = 0; i < fc->step_count; i++) {
        if (step_marks(&fc->steps[i], colour)) {
            return true;
        }
    }
    return false;
}

/* A clock that is open and has come to a step that gives the colour. */
static bool still_marked(const struct decision *d, const char *colour)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_clock *fc = clock_rule(d, k->name);
        for (size_t s = 0; fc != NULL && clock_is_open(k) && s < fc->step_count; s++) {
            const struct flow_step *step = &fc->steps[s];
            if ((step->when == STEP_LEFT || k->state == CLOCK_LATE) && step_marks(step, colour) &&
                step_time_ms(step, d->engine->calendar, &k->due) <= d->now_ms) {
                return true;
            }
        }
    }
    return false;
}

void colours_drop(struct decision *d, const struct flow_clock *fc)
{
    static const char *const colours[] = {"red", "yellow"};
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        if (json_array_has(d->kase->marks, colours[i]) && clock_marks(fc, colours[i]) &&
            !still_marked(d, colours[i])) {
            json_t *change = change_new("unmark");
            json_put_text(change, "name", colours[i]);
            decision_change(d, change);
        }
    }
}
