/* engine/clocks.c — see clocks.h.
 *
 * A due date is always computed from the start event, the span, the extension and the excluded
 * days; it is never moved. Whatever is computed here goes into the change, so that applying history
 * later needs no calendar. */
#include "engine/clocks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/apply.h"
#include "engine/outcome.h"
#include "engine/steps.h"

#include <stdlib.h>

static const struct term *term_of(const struct decision *d, const struct case_clock *k)
{
    return k->term == NULL ? NULL
                           : terms_find(d->engine->terms, k->term, date_of_instant(k->start_ms));
}

static struct due_ask ask_of(const struct decision *d, const struct case_clock *k)
{
    const struct term *term = term_of(d, k);
    return (struct due_ask){
        .event = term == NULL ? NULL : term->start,
        .start_ms = k->start_ms,
        .span = k->span,
        .kind = k->kind,
        .roll = k->roll,
        .extension = k->extension,
        .excluded = k->excluded,
        .excluded_count = k->excluded_count,
        .litigation = k->litigation,
        .clear_days = k->clear_days,
    };
}

/* Computes a due date and writes it, its explanation and the next step into the change. */
static bool put_due(const struct decision *d, json_t *change, const struct due_ask *ask,
    const struct flow_clock *fc, struct due *due, struct err *err)
{
    const struct calendar *calendar = d->engine->calendar;
    if (!due_compute(calendar, ask, due, err)) {
        return false;
    }
    json_t *versions = json_object();
    for (int year = due->first_year; year <= due->last_year; year++) {
        char name[12];
        snprintf(name, sizeof name, "%d", year);
        json_put_number(versions, name, calendar_version_of(calendar, year));
    }
    enum lang asked = lang_current();
    lang_use(LANG_ZH); /* the history is kept in the language of the law */
    char *explain = due_explain(calendar, ask, due);
    lang_use(asked);
    change_put_due(change, due, versions, explain);
    json_decref(versions);
    mem_free(explain);
    struct step_at next = steps_first(fc, calendar, due, d->at_ms);
    json_put_number(change, "step_next", next.index);
    json_put_number(change, "wake_ms", next.wake_ms);
    return true;
}

static json_t *clock_change(const char *op, const char *clock)
{
    json_t *change = change_new(op);
    json_put_text(change, "clock", clock);
    return change;
}

static void put_span(json_t *change, const char *key, struct span span)
{
    char text[32];
    snprintf(text, sizeof text, "%d %s", span.n, span_unit_name(span.unit));
    json_put_text(change, key, text);
}

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
    json_t *change = clock_change("clock.start", fc->name);
    json_put_text(change, "title", fc->title);
    json_put_text(change, "term", fc->term);
    json_put_text(change, "law", term == NULL ? NULL : term->law);
    json_put_number(change, "term_version", term == NULL ? 0 : term->version);
    json_put_number(change, "start_ms", start_ms);
    put_span(change, "span", ask.span);
    json_put_text(change, "kind", due_kind_name(ask.kind));
    json_put_text(change, "roll", due_roll_name(ask.roll));
    json_object_set_new(change, "litigation", json_boolean(ask.litigation));
    json_object_set_new(change, "clear_days", json_boolean(ask.clear_days));
    struct due due;
    if (!put_due(d, change, &ask, fc, &due, err)) {
        json_decref(change);
        return err_prefix(err, _("clock %s: "), fc->title);
    }
    decision_change(d, change);
    return true;
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

static bool start_fitting(struct decision *d, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    for (size_t i = 0; i < flow->clock_count; i++) {
        if (applies(d, &flow->clocks[i]) && !start(d, &flow->clocks[i], err)) {
            return false;
        }
    }
    return true;
}

/* --- ending --------------------------------------------------------------------------------- */

static void end(struct decision *d, const struct case_clock *k, const char *op, const char *why)
{
    json_t *change = clock_change(op, k->name);
    json_put_number(change, "at_ms", d->at_ms);
    json_object_set_new(change, "late", json_boolean(d->at_ms > k->due.due_ms));
    json_put_text(change, "why", why);
    decision_change(d, change);
}

/* The colours came from clocks; when none is late any more they go with the last one. */
static void clear_colours(struct decision *d)
{
    static const char *const colours[] = {"red", "yellow"};
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        if (d->kase->clocks[i].state == CLOCK_LATE) {
            return;
        }
    }
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        if (json_array_has(d->kase->marks, colours[i])) {
            json_t *change = change_new("unmark");
            json_put_text(change, "name", colours[i]);
            decision_change(d, change);
        }
    }
}

static void end_after_move(struct decision *d, bool final)
{
    bool ended = false;
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_clock *fc = flow_clock(d->entry->flow, k->name);
        if (!clock_is_open(k)) {
            continue;
        }
        bool met = fc != NULL && name_in(fc->to, d->kase->state);
        if (met || final) {
            end(d, k, met ? "clock.met" : "clock.cancel", met ? NULL : "closed");
            ended = true;
        }
    }
    if (ended) {
        clear_colours(d);
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

static bool exclude_days(struct decision *d, const struct case_clock *k, struct date from,
    struct date to, const char *reason, struct err *err)
{
    if (k->excluded_count == DUE_EXCLUSIONS_MAX) {
        return err_set(
            err, ERR_STATE, _("%s was interrupted %d times already"), k->title, DUE_EXCLUSIONS_MAX);
    }
    struct exclusion all[DUE_EXCLUSIONS_MAX];
    size_t n = 0;
    bool placed = false;
    for (size_t i = 0; i < k->excluded_count; i++) {
        if (!placed && from.day < k->excluded[i].from.day) {
            all[n++] = (struct exclusion){from, to};
            placed = true;
        }
        all[n++] = k->excluded[i];
    }
    if (!placed) {
        all[n++] = (struct exclusion){from, to};
    }
    struct due_ask ask = ask_of(d, k);
    ask.excluded = all;
    ask.excluded_count = n;
    char text[DATE_TEXT];
    json_t *change = clock_change("clock.exclude", k->name);
    json_put_text(change, "from", date_format(from, text));
    json_put_text(change, "to", date_format(to, text));
    json_put_text(change, "reason", reason);
    struct due due;
    if (!put_due(d, change, &ask, flow_clock(d->entry->flow, k->name), &due, err)) {
        json_decref(change);
        return false;
    }
    json_object_set_new(change, "late", json_boolean(d->now_ms > due.due_ms && k->was_late));
    decision_change(d, change);
    return true;
}

static void pause_now(struct decision *d, const struct case_clock *k, const char *reason)
{
    char text[DATE_TEXT];
    json_t *change = clock_change("clock.pause", k->name);
    json_put_text(change, "from", date_format(decision_today(d), text));
    json_put_text(change, "reason", reason);
    decision_change(d, change);
}

static bool pause_or_resume(struct decision *d, struct err *err)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_pause *pause =
            pause_in(flow_clock(d->entry->flow, k->name), d->kase->state);
        if (k->state == CLOCK_RUNNING && pause != NULL) {
            pause_now(d, k, pause->reason);
        } else if (k->state == CLOCK_PAUSED && pause == NULL &&
                   !exclude_days(d, k, k->paused_from, decision_today(d), NULL, err)) {
            return false;
        }
    }
    return true;
}

bool clocks_after_move(struct decision *d, const char *from, struct err *err)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    (void)from;
    end_after_move(d, state->final);
    return (state->final || pause_or_resume(d, err)) && start_fitting(d, err);
}

void clocks_after_host(struct decision *d)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_clock *fc = flow_clock(d->entry->flow, k->name);
        if (fc != NULL && clock_is_open(k) &&
            (fc->restart_on_host || (fc->level >= 0 && fc->level != d->kase->level))) {
            end(d, k, "clock.cancel", "host");
        }
    }
    if (d->kase->state != NULL) {
        struct err err = {0};
        (void)start_fitting(d, &err); /* a date that cannot be computed leaves the clock out */
        err_clear(&err);
    }
}

/* --- extension, exclusion ------------------------------------------------------------------- */

static bool may_extend(const struct decision *d, const struct flow_clock *fc,
    const struct case_clock *k, struct span extension, int times, struct err *err)
{
    if (k == NULL || (k->state != CLOCK_RUNNING && k->state != CLOCK_LATE)) {
        return err_set(err, ERR_STATE, _("%s is not running"), fc->title);
    }
    if (extension.n == 0) {
        return err_set(err, ERR_STATE, _("The law gives no extension of %s"), fc->title);
    }
    if (k->extended >= times) {
        return err_set(err, ERR_STATE, _("%s was extended already"), fc->title);
    }
    if (d->at_ms > k->due.due_ms) {
        err_set(
            err, ERR_STATE, _("%s has run out; an extension must be granted before"), fc->title);
        return err_hint(err, _("Finish it now; the delay stays in the history"));
    }
    return true;
}

bool clock_extend(struct decision *d, const struct flow_clock *fc, int days_wished, struct err *err)
{
    const struct case_clock *k = casefile_clock(d->kase, fc->name);
    const struct term *term = k == NULL ? NULL : term_of(d, k);
    struct span extension = fc->extension.n > 0 || term == NULL ? fc->extension : term->extension;
    int times =
        fc->extension_times > 0 || term == NULL ? fc->extension_times : term->extension_times;
    if (!may_extend(d, fc, k, extension, times > 0 ? times : 1, err)) {
        return false;
    }
    if (days_wished > extension.n) {
        return err_set(
            err, ERR_FORM, _("%s may be extended by %s at most"), fc->title, span_words(extension));
    }
    if (days_wished > 0) {
        extension.n = days_wished;
    }
    struct due_ask ask = ask_of(d, k);
    ask.extension = extension;
    ask.extension.n += k->extension.n; /* several extensions add up; each is within the law's own */
    json_t *change = clock_change("clock.extend", k->name);
    put_span(change, "extension", ask.extension);
    struct due due;
    if (!put_due(d, change, &ask, fc, &due, err)) {
        json_decref(change);
        return false;
    }
    decision_change(d, change);
    return true;
}

static bool listed(const struct decision *d, const struct case_clock *k, const char *reason)
{
    const struct term *term = term_of(d, k);
    if (term != NULL && name_in(term->excludable, reason)) {
        return true;
    }
    const struct flow_clock *fc = flow_clock(d->entry->flow, k->name);
    for (size_t i = 0; fc != NULL && i < fc->pause_count; i++) {
        if (text_equal(fc->pauses[i].reason, reason)) {
            return true;
        }
    }
    return false;
}

bool clock_exclude(struct decision *d, const char *clock, struct date from, struct date to,
    const char *reason, struct err *err)
{
    const struct case_clock *k = casefile_clock(d->kase, clock);
    if (k == NULL || (k->state != CLOCK_RUNNING && k->state != CLOCK_LATE)) {
        return err_set(err, ERR_STATE, _("%s is not running"), clock);
    }
    if (!listed(d, k, reason)) {
        err_set(err, ERR_GUARD, _("The law does not let \"%s\" interrupt %s"), reason, k->title);
        return err_hint(err, _("Only what the law lists may stop a clock"));
    }
    if (date_compare(to, from) < 0 || date_compare(to, decision_today(d)) > 0) {
        return err_set(err, ERR_FORM,
            _("The interruption must end on or after its start, and not in the future"));
    }
    return exclude_days(d, k, from, to, reason, err);
}

/* --- firing --------------------------------------------------------------------------------- */

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

/* A period that simply ends a state when it runs out was a right nobody used, not a duty missed. */
static bool is_window(const struct flow_step *step)
{
    for (size_t i = 0; i < step->outcome_count; i++) {
        if (step->outcomes[i].kind == DO_GO) {
            return true;
        }
    }
    return false;
}

/* The clock moves on before its outcomes run: one of them may end it. */
static bool fire(
    struct decision *d, const struct case_clock *k, const struct flow_clock *fc, struct err *err)
{
    const struct flow_step *step = &fc->steps[k->step_next];
    struct step_at next = steps_after(fc, d->engine->calendar, &k->due, k->step_next);
    int64_t behind = d->now_ms - k->wake_ms;
    json_t *change = clock_change("clock.step", k->name);
    json_put_text(change, "step", step->name);
    json_put_text(change, "when", step->when == STEP_LATE ? "late" : "left");
    json_put_number(change, "scheduled_ms", k->wake_ms);
    json_put_number(change, "step_next", next.index);
    json_put_number(change, "wake_ms", next.wake_ms);
    char *name = mem_strdup(k->name);
    bool becomes_late = step->when == STEP_LATE && k->state == CLOCK_RUNNING;
    decision_change(d, change);
    if (becomes_late && is_window(step)) {
        json_t *expired = clock_change("clock.cancel", name);
        json_put_number(expired, "at_ms", d->at_ms);
        json_put_text(expired, "why", "expired");
        decision_change(d, expired);
    } else if (becomes_late) {
        decision_change(d, clock_change("clock.late", name));
    }
    mem_free(name);
    d->engine->stats.clocks_fired++;
    if (behind > d->engine->stats.lateness_max_ms) {
        d->engine->stats.lateness_max_ms = behind;
    }
    for (size_t i = 0; i < step->outcome_count; i++) {
        if (!outcome_run(d, &step->outcomes[i], fc, err)) {
            return false;
        }
    }
    return true;
}

bool clocks_fire(struct decision *d, struct err *err)
{
    bool fired = false;
    for (struct case_clock *k = earliest_due(d); k != NULL; k = earliest_due(d)) {
        const struct flow_clock *fc = flow_clock(d->entry->flow, k->name);
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

/* --- a calendar arrived --------------------------------------------------------------------- */

static bool touches(const struct case_clock *k, int year)
{
    return clock_is_open(k) && k->due.first_year <= year && year <= k->due.last_year;
}

void clocks_recompute(struct decision *d, int year, json_t *changed)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct flow_clock *fc = flow_clock(d->entry->flow, k->name);
        if (!touches(k, year) || fc == NULL) {
            continue;
        }
        struct due_ask ask = ask_of(d, k);
        struct due due;
        char from[DATE_TEXT], to[DATE_TEXT];
        date_format(k->due.legal, from);
        json_t *change = clock_change("clock.recompute", k->name);
        json_put_text(change, "from", from);
        if (!put_due(d, change, &ask, fc, &due, NULL)) {
            json_decref(change);
            continue;
        }
        if (k->state == CLOCK_PAUSED) {
            json_put_number(change, "wake_ms", INT64_MAX);
        }
        json_object_set_new(change, "late", json_boolean(d->now_ms > due.due_ms));
        if (date_compare(due.legal, k->due.legal) != 0) {
            json_array_append_new(changed,
                json_pack("{s:s,s:s,s:s,s:s,s:s}", "case", d->kase->number, "clock", k->name,
                    "title", k->title, "from", from, "to", date_format(due.legal, to)));
        }
        decision_change(d, change);
    }
    clear_colours(d);
}
