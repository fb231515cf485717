/* engine/clock_period.c — what makes a period longer or gives it another end: excluded days, an
 * extension, a new calendar. */
#include "engine/apply.h"
#include "engine/clock_change.h"
#include "engine/clocks.h"
#include "engine/colours.h"
#include "engine/tasks.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"

#include <string.h>

/* --- exclusion, extension ------------------------------------------------------------------- */

bool clock_too_often(const struct case_clock *k, struct err *err)
{
    return err_set(
        err, ERR_STATE, _("%s was interrupted %d times already"), k->title, DUE_EXCLUSIONS_MAX);
}

bool clock_take_out(struct decision *d, const struct case_clock *k, struct date from,
    struct date to, const char *reason, struct err *err)
{
    const struct flow_clock *fc = clock_rule(d, k->name);
    struct exclusion all[DUE_EXCLUSIONS_MAX];
    size_t n = k->excluded_count;
    memcpy(all, k->excluded, sizeof all);
    if (!exclusions_add(all, &n, (struct exclusion){from, to})) {
        return clock_too_often(k, err);
    }
    struct due_ask ask = clock_ask(d, k);
    ask.excluded = all;
    ask.excluded_count = n;
    char text[DATE_TEXT];
    json_t *change = clock_change("clock.exclude", k->name);
    json_put_text(change, "from", date_format(from, text));
    json_put_text(change, "to", date_format(to, text));
    json_put_text(change, "reason", reason);
    struct due due;
    if (!clock_put_due(d, change, &ask, fc, k, &due, err)) {
        json_decref(change);
        return false;
    }
    decision_change(d, change);
    colours_drop(d, fc);
    return true;
}

/* What the script gives, or else the term: how much, and how often. */
static struct span extension_of(
    const struct decision *d, const struct flow_clock *fc, int *times_out)
{
    const struct case_clock *k = casefile_clock(d->kase, fc->name);
    const struct term *term = k == NULL ? NULL : clock_term(d, k);
    int times =
        fc->extension_times > 0 || term == NULL ? fc->extension_times : term->extension_times;
    *times_out = times > 0 ? times : 1;
    return fc->extension.n > 0 || term == NULL ? fc->extension : term->extension;
}

bool clock_may_extend(const struct decision *d, const struct flow_clock *fc, struct err *err)
{
    const struct case_clock *k = casefile_clock(d->kase, fc->name);
    int times;
    struct span extension = extension_of(d, fc, &times);
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

/* What is asked for in place of all the law gives: days, or working days where it counts those. */
static bool wish_within(const struct case_clock *k, int64_t days_wished, struct span *extension)
{
    if (days_wished < 0) {
        return true;
    }
    int most = extension->n;
    enum span_unit unit = extension->unit;
    if (unit == UNIT_MONTH || unit == UNIT_YEAR) {
        int months = unit == UNIT_YEAR ? 12 * most : most;
        most = date_add_months(k->due.raw, months).day - k->due.raw.day;
        unit = UNIT_DAY;
    }
    bool fits = days_wished >= 1 && days_wished <= most && unit != UNIT_HOUR &&
                (k->extension.n == 0 || k->extension.unit == unit);
    if (fits) {
        *extension = (struct span){(int)days_wished, unit};
    }
    return fits;
}

bool clock_extend(
    struct decision *d, const struct flow_clock *fc, int64_t days_wished, struct err *err)
{
    const struct case_clock *k = casefile_clock(d->kase, fc->name);
    int times;
    struct span extension = extension_of(d, fc, &times);
    if (!clock_may_extend(d, fc, err)) {
        return false;
    }
    if (!wish_within(k, days_wished, &extension)) {
        return err_set(
            err, ERR_FORM, _("%s may be extended by %s at most"), fc->title, span_words(extension));
    }
    struct due_ask ask = clock_ask(d, k);
    ask.extension = extension;
    ask.extension.n += k->extension.n; /* several extensions add up; each is within the law's own */
    json_t *change = clock_change("clock.extend", k->name);
    clock_put_span(change, "extension", ask.extension);
    struct due due;
    if (!clock_put_due(d, change, &ask, fc, k, &due, err)) {
        json_decref(change);
        return false;
    }
    decision_change(d, change);
    colours_drop(d, fc);
    return true;
}

static bool listed(const struct decision *d, const struct case_clock *k, const char *reason)
{
    const struct term *term = clock_term(d, k);
    if (term != NULL && name_in(term->excludable, reason)) {
        return true;
    }
    const struct flow_clock *fc = clock_rule(d, k->name);
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
    return clock_take_out(d, k, from, to, reason, err);
}

/* --- a calendar arrived --------------------------------------------------------------------- */

static bool touches(const struct case_clock *k, int year)
{
    return clock_is_open(k) && k->due.first_year <= year && year <= k->due.last_year;
}

static bool same_due(const struct case_clock *k, const struct due *due, const json_t *change)
{
    return k->due.due_ms == due->due_ms && date_compare(k->due.internal, due->internal) == 0 &&
           k->due.provisional == due->provisional &&
           json_equal(k->calendar, json_object_get(change, "calendar"));
}

/* Takes the change; `always`: also when the end stays where it was. */
static void put_new_due(struct decision *d, const struct case_clock *k, const struct due_ask *ask,
    json_t *change, bool always, json_t *changed)
{
    const struct flow_clock *fc = clock_rule(d, k->name);
    struct due due;
    char from[DATE_TEXT], to[DATE_TEXT];
    json_put_text(change, "from", date_format(k->due.legal, from));
    if (!clock_put_due(d, change, ask, fc, k, &due, NULL) ||
        (!always && same_due(k, &due, change))) {
        json_decref(change);
        return;
    }
    if (k->state == CLOCK_PAUSED) {
        json_put_number(change, "wake_ms", INT64_MAX);
    }
    if (date_compare(due.legal, k->due.legal) != 0) {
        json_array_append_new(
            changed, json_pack("{s:s,s:s,s:s,s:s,s:s}", "case", d->kase->number, "clock", k->name,
                         "title", k->title, "from", from, "to", date_format(due.legal, to)));
    }
    decision_change(d, change);
    task_due_moved(d, k);
    colours_drop(d, fc);
}

void clocks_recompute(struct decision *d, int year, json_t *changed)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        if (touches(k, year) && clock_rule(d, k->name) != NULL) {
            struct due_ask ask = clock_ask(d, k);
            put_new_due(d, k, &ask, clock_change("clock.recompute", k->name), false, changed);
        }
    }
}

/* --- the register of terms changed ---------------------------------------------------------- */

static bool changes(const json_t *ids, const char *id)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        if (text_equal(json_string_value(json_array_get(ids, i)), id)) {
            return true;
        }
    }
    return false;
}

static bool follows(const struct case_clock *k, const struct term *t)
{
    return k->span.n == t->span.n && k->span.unit == t->span.unit && k->kind == t->kind &&
           k->roll == t->roll && k->litigation == t->litigation && k->clear_days == t->clear_days &&
           k->term_version == t->version && text_equal(k->law, t->law);
}

static void take_term(
    struct decision *d, const struct case_clock *k, const struct term *t, json_t *changed)
{
    struct due_ask ask = clock_ask(d, k);
    ask.span = t->span;
    ask.kind = t->kind;
    ask.roll = t->roll;
    ask.litigation = t->litigation;
    ask.clear_days = t->clear_days;
    json_t *change = clock_change("clock.term", k->name);
    json_put_text(change, "law", t->law);
    json_put_number(change, "term_version", t->version);
    clock_put_span(change, "span", t->span);
    json_put_text(change, "kind", due_kind_name(t->kind));
    json_put_text(change, "roll", due_roll_name(t->roll));
    json_object_set_new(change, "litigation", json_boolean(t->litigation));
    json_object_set_new(change, "clear_days", json_boolean(t->clear_days));
    put_new_due(d, k, &ask, change, true, changed);
}

void clocks_take_terms(struct decision *d, const json_t *terms, json_t *changed)
{
    for (size_t i = 0; i < d->kase->clock_count; i++) {
        const struct case_clock *k = &d->kase->clocks[i];
        const struct term *t = clock_is_open(k) ? clock_term(d, k) : NULL;
        if (t != NULL && changes(terms, t->id) && !follows(k, t) &&
            clock_rule(d, k->name) != NULL) {
            take_term(d, k, t, changed);
        }
    }
}
