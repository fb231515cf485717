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
