/* engine/clock_fire.c — the steps of clocks that are due: warnings, lateness, what follows. */
#include "engine/clock_change.h"
#include "engine/clocks.h"
#include "engine/outcome.h"
#include "engine/steps.h"
#include "engine/tasks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"

enum { FIRINGS_MAX = 256 }; /* steps one command may take after a long stop */

static struct case_clock *earliest_due(const struct decision *d)
{
    struct case_clock *found = NULL;
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        struct case_clock *k = &d->kase->clocks[i];
        if (k->wake_ms <= d->now_ms && (found == NULL || k->wake_ms < found->wake_ms)) {
            found = k;
        }
    }
    return found;
}

/* A period that simply ends a state when it runs out was a right nobody used, not a duty missed;
 * where somebody is marked, watched or relieved of the case as well, it was a duty. */
static bool is_window(const struct flow_step *step)
{
    bool goes = false;
    for (size_t i = 0; i < step->outcome_count; i++) {
        enum outcome_kind kind = step->outcomes[i].kind;
        if (kind == DO_MARK || kind == DO_ESCALATE || kind == DO_SUPERVISE) {
            return false;
        }
        goes = goes || kind == DO_GO;
    }
    return goes;
}

/* The clock moves on, and is late or has run out when this was its end. */
static void step_on(struct decision *d, const struct case_clock *k, const struct flow_clock *fc)
{
    const struct flow_step *step = &fc->steps[k->step_next];
    struct step_at next = steps_after(fc, d->engine->calendar, &k->due, k->step_next);
    bool task = clock_is_task(k->name);
    bool becomes_late = step->when == STEP_LATE && k->state == CLOCK_RUNNING;
    char *name = mem_strdup(k->name);
    json_t *change = clock_change("clock.step", name);
    json_put_text(change, "step", step->name);
    json_put_text(change, "when", step->when == STEP_LATE ? "late" : "left");
    json_put_number(change, "scheduled_ms", k->wake_ms);
    json_put_number(change, "step_next", next.index);
    json_put_number(change, "wake_ms", next.wake_ms);
    json_put_text(change, "title", task ? k->title : NULL); /* the flow does not know it */
    decision_change(d, change);
    if (becomes_late && !task && (fc->right || is_window(step))) {
        json_t *expired = clock_change("clock.cancel", name);
        json_put_number(expired, "at_ms", d->at_ms);
        json_put_text(expired, "why", "expired");
        decision_change(d, expired);
    } else if (becomes_late) {
        decision_change(d, clock_change("clock.late", name));
    }
    if (task) {
        task_step(d, name, becomes_late);
    }
    mem_free(name);
}

/* The clock moves on before its outcomes run: one of them may end it. */
static bool fire(
    struct decision *d, const struct case_clock *k, const struct flow_clock *fc, struct err *err)
{
    const struct flow_step *step = &fc->steps[k->step_next];
    int64_t behind = d->now_ms - k->wake_ms;
    char *name = mem_strdup(k->name);
    struct flow_clock own = *fc; /* outcomes find the clock of the case by its name */
    own.name = name;
    step_on(d, k, fc);
    d->behind_ms = behind > d->behind_ms ? behind : d->behind_ms;
    bool ok = ++d->clocks_fired <= FIRINGS_MAX ||
              err_set(err, ERR_SCRIPT, _("Workflow %s goes in circles at clock \"%s\""),
                  d->entry->flow->id, fc->name);
    for (size_t i = 0; ok && i < step->outcome_count; i++) {
        ok = outcome_run(d, &step->outcomes[i], &own, err);
    }
    mem_free(name);
    return ok;
}

bool clocks_fire(struct decision *d, struct err *err)
{
    bool fired = false;
    for (struct case_clock *k = earliest_due(d); k != NULL; k = earliest_due(d)) {
        const struct flow_clock *fc = clock_rule(d, k->name);
        if (fc == NULL || k->step_next < 0 || (size_t)k->step_next >= fc->step_count) {
            json_t *change = clock_change("clock.step", k->name); /* nothing left to do */
            json_put_number(change, "wake_ms", INT64_MAX);
            decision_change(d, change);
        } else if (!fire(d, k, fc, err)) {
            return false;
        }
        fired = true;
    }
    return fired;
}
