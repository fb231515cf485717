/* engine/clock_change.c — see clock_change.h.
 *
 * A due date is always computed from the start event, the span, the extension and the excluded
 * days; it is never moved. Whatever is computed here goes into the change, so that applying history
 * later needs no calendar. */
#include "engine/clock_change.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "engine/apply.h"
#include "engine/steps.h"

#include <stdio.h>

enum {
    CASE_CLOCKS_MAX = 500 /* ended ones too; a case that goes round and round stays readable */
};

const struct term *clock_term(const struct decision *d, const struct case_clock *k)
{
    return k->term == NULL ? NULL
                           : terms_find(d->engine->terms, k->term, date_of_instant(k->start_ms));
}

struct due_ask clock_ask(const struct decision *d, const struct case_clock *k)
{
    const struct term *term = clock_term(d, k);
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

bool clock_put_due(const struct decision *d, json_t *change, const struct due_ask *ask,
    const struct flow_clock *fc, const struct case_clock *k, struct due *due, struct err *err)
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
    bool late = k != NULL && k->state == CLOCK_LATE && d->now_ms > due->due_ms;
    struct step_at next = late ? steps_same(fc, calendar, due, k->step_next)
                               : steps_first(fc, calendar, due, d->now_ms);
    json_put_number(change, "step_next", next.index);
    json_put_number(change, "wake_ms", next.wake_ms);
    if (k != NULL) {
        json_object_set_new(change, "late", json_boolean(late));
    }
    return true;
}

json_t *clock_change(const char *op, const char *clock)
{
    json_t *change = change_new(op);
    json_put_text(change, "clock", clock);
    return change;
}

void clock_put_span(json_t *change, const char *key, struct span span)
{
    char text[32];
    snprintf(text, sizeof text, "%d %s", span.n, span_unit_name(span.unit));
    json_put_text(change, key, text);
}

bool clock_begin(struct decision *d, const char *name, const char *title, const struct term *term,
    const struct due_ask *ask, const struct flow_clock *fc, struct err *err)
{
    if (d->kase->clock_count >= CASE_CLOCKS_MAX) {
        return err_set(
            err, ERR_STATE, _("The case has had %d clocks already; close it"), CASE_CLOCKS_MAX);
    }
    json_t *change = clock_change("clock.start", name);
    json_put_text(change, "title", title);
    json_put_text(change, "term", term == NULL ? NULL : term->id);
    json_put_text(change, "law", term == NULL ? NULL : term->law);
    json_put_number(change, "term_version", term == NULL ? 0 : term->version);
    json_put_number(change, "start_ms", ask->start_ms);
    clock_put_span(change, "span", ask->span);
    json_put_text(change, "kind", due_kind_name(ask->kind));
    json_put_text(change, "roll", due_roll_name(ask->roll));
    json_object_set_new(change, "litigation", json_boolean(ask->litigation));
    json_object_set_new(change, "clear_days", json_boolean(ask->clear_days));
    if (fc->right) {
        json_object_set_new(change, "right", json_true());
    }
    struct due due;
    if (!clock_put_due(d, change, ask, fc, NULL, &due, err)) {
        json_decref(change);
        return err_prefix(err, _("clock %s: "), title);
    }
    decision_change(d, change);
    return true;
}

void clock_end(struct decision *d, const struct case_clock *k, const char *op, const char *why)
{
    json_t *change = clock_change(op, k->name);
    json_put_number(change, "at_ms", d->at_ms);
    json_object_set_new(change, "late", json_boolean(d->at_ms > k->due.due_ms));
    json_put_text(change, "why", why);
    decision_change(d, change);
}
