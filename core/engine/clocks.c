/* engine/clocks.c — see clocks.h: which clocks run in the state and at the place a case has come
 * to. Their periods are in clock_period.c, their steps in clock_fire.c. */
#include "engine/clocks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/case_view.h"
#include "engine/clock_change.h"
#include "engine/colours.h"
#include "engine/tasks.h"

/* --- starting ------------------------------------------------------------------------------- */

static int64_t start_of(const struct decision *d, const struct flow_clock *fc)
{
    struct date day;
    const char *text = fc->start_field == NULL ? NULL : json_text(d->kase->fields, fc->start_field);
    return text != NULL && date_parse(text, &day) ? date_start_ms(day) : d->at_ms;
}

static bool start(struct decision *d, const struct flow_clock *fc, struct err *err)
{
    int64_t start_ms = start_of(d, fc);
    const struct term *term = NULL;
    struct due_ask ask = {
        .start_ms = start_ms, .span = fc->limit, .kind = fc->kind, .roll = fc->roll};
    if (fc->term != NULL) {
        term = terms_find(d->engine->terms, fc->term, date_of_instant(start_ms));
        if (term == NULL) {
            return true; /* the law of that day knows no such limit */
        }
        ask.span = term->span;
        ask.kind = term->kind;
        ask.roll = term->roll;
        ask.event = term->start;
        ask.litigation = term->litigation;
        ask.clear_days = term->clear_days;
    }
    return clock_begin(d, fc->name, fc->title, term, &ask, fc, err);
}

/* Does the clock belong to the case as it stands? */
static bool applies(const struct decision *d, const struct flow_clock *fc)
{
    const struct casefile *c = d->kase;
    const struct case_clock *k = casefile_clock(c, fc->name);
    return name_in(fc->from, c->state) && !(k != NULL && clock_is_open(k)) &&
           (fc->profile == NULL || text_equal(fc->profile, c->profile)) &&
           (fc->level < 0 || fc->level == c->level);
}

/* Asks the clock's guard, if it has one. A refusal is no error: the clock is not for this case. */
static bool wanted(
    struct decision *d, const struct flow_clock *fc, bool *wanted_out, struct err *err)
{
    *wanted_out = applies(d, fc);
    if (!*wanted_out || fc->guard == NULL) {
        return true;
    }
    return case_fits(d, fc->guard, wanted_out, err);
}

/* In an end only the rights that outlive the case begin. All guards see the case as it came into
 * the state, so that what starts does not depend on the order of the script. */
static bool start_fitting(struct decision *d, bool rights_only, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    bool *starts = mem_array(flow->clock_count + 1, sizeof *starts), ok = true;
    for (size_t i = 0; i < flow->clock_count && ok; i++) {
        const struct flow_clock *fc = &flow->clocks[i];
        ok = (rights_only && !fc->right) || wanted(d, fc, &starts[i], err);
    }
    for (size_t i = 0; i < flow->clock_count && ok; i++) {
        const struct flow_clock *fc = &flow->clocks[i];
        ok = !starts[i] || !applies(d, fc) || start(d, fc, err);
    }
    mem_free(starts);
    return ok;
}

/* --- ending --------------------------------------------------------------------------------- */

static void end_after_move(struct decision *d, bool final)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_clock *fc = clock_rule(d, k->name);
        if (!clock_is_open(k)) {
            continue;
        }
        bool met = fc != NULL && name_in(fc->to, d->kase->state);
        bool dropped = fc != NULL && name_in(fc->drop, d->kase->state);
        bool outlives = fc != NULL && fc->right && name_in(fc->from, d->kase->state);
        if (met || dropped || (final && !outlives)) {
            clock_end(d, k, met ? "clock.met" : "clock.cancel",
                met       ? NULL
                : dropped ? "dropped"
                          : "closed");
            if (fc != NULL) {
                colours_drop(d, fc);
            }
        }
    }
}

/* --- pauses --------------------------------------------------------------------------------- */

static const struct flow_pause *pause_in(const struct flow_clock *fc, const char *state)
{
    for (size_t i = 0; fc != NULL && i < fc->pause_count; i++) {
        if (text_equal(fc->pauses[i].state, state)) {
            return &fc->pauses[i];
        }
    }
    return NULL;
}

/* A pause that could not be taken out at its end must not begin. */
static bool pause_now(
    struct decision *d, const struct case_clock *k, const char *reason, struct err *err)
{
    if (k->excluded_count == DUE_EXCLUSIONS_MAX) {
        return clock_too_often(k, err);
    }
    char text[DATE_TEXT];
    json_t *change = clock_change("clock.pause", k->name);
    json_put_text(change, "from", date_format(decision_today(d), text));
    json_put_text(change, "reason", reason);
    decision_change(d, change);
    return true;
}

static bool pause_or_resume(struct decision *d, struct err *err)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_pause *pause = pause_in(clock_rule(d, k->name), d->kase->state);
        bool ok = true;
        if (k->state == CLOCK_RUNNING && pause != NULL) {
            ok = pause_now(d, k, pause->reason, err);
        } else if (k->state == CLOCK_PAUSED && pause == NULL) {
            ok = clock_take_out(d, k, k->paused_from, decision_today(d), NULL, err);
        }
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool clocks_after_move(struct decision *d, struct err *err)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    end_after_move(d, state->final);
    return (state->final || pause_or_resume(d, err)) && start_fitting(d, state->final, err);
}

void clocks_after_host(struct decision *d)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_clock *fc = clock_rule(d, k->name);
        if (fc != NULL && clock_is_open(k) &&
            (fc->restart_on_host || (fc->level >= 0 && fc->level != d->kase->level))) {
            clock_end(d, k, "clock.cancel", "host");
        }
    }
    const struct flow *flow = d->entry->flow;
    for (size_t i = 0; d->kase->state != NULL && i < flow->clock_count; i++) {
        const struct flow_clock *fc = &flow->clocks[i];
        bool starts = false;
        if ((fc->restart_on_host || fc->level >= 0) && wanted(d, fc, &starts, NULL) && starts) {
            (void)start(d, fc, NULL); /* a date that cannot be computed leaves the clock out */
        }
    }
}
