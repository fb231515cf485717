/* domain/due.c — see due.h.
 *
 * The period runs from the day after the start; excluded days push its end on; the extension runs
 * from the raw end of the span; rolling comes last and once. Nothing is ever added to a date that
 * was already rolled (R18). */
#include "domain/due.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "domain/due_course.h"

#include <stdio.h>
#include <string.h>

enum {
    N_MAX = 10000,     /* as span_parse */
    YEAR_FIRST = 1900, /* what base/civil can name */
    YEAR_LAST = 2199,
    NEXT_NOTICE_DAYS = 7, /* so far back into December the notices have reached */
};

static const char *const kind_names[] = {"max", "min", "back", "target"};
static const char *const roll_names[] = {"next", "prev", "none"};

static bool find_name(const char *name, const char *const names[], size_t count, int *index_out)
{
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            *index_out = (int)i;
            return true;
        }
    }
    return false;
}

const char *due_kind_name(enum due_kind kind)
{
    return kind_names[kind];
}

bool due_kind_parse(const char *name, enum due_kind *kind_out)
{
    int i;
    bool found = find_name(name, kind_names, 4, &i);
    if (found) {
        *kind_out = (enum due_kind)i;
    }
    return found;
}

const char *due_roll_name(enum due_roll roll)
{
    return roll_names[roll];
}

bool due_roll_parse(const char *name, enum due_roll *roll_out)
{
    int i;
    bool found = find_name(name, roll_names, 3, &i);
    if (found) {
        *roll_out = (enum due_roll)i;
    }
    return found;
}

/* --- is the question sound? ----------------------------------------------------------------- */

static bool check_spans(const struct due_ask *ask, struct err *err)
{
    if (ask->span.n < 0 || ask->span.n > N_MAX || ask->extension.n < 0 ||
        ask->extension.n > N_MAX) {
        return err_set(err, ERR_FORM, _("a period is 0 to %d units long"), N_MAX);
    }
    bool hours = ask->span.unit == UNIT_HOUR;
    if (ask->extension.n > 0 && hours != (ask->extension.unit == UNIT_HOUR)) {
        return err_set(err, ERR_FORM, _("hours and days cannot be added (R13)"));
    }
    if (hours && ask->excluded_count > 0) {
        return err_set(err, ERR_FORM, _("whole days cannot be excluded from a period of hours"));
    }
    if (due_is_backward(ask) && (ask->extension.n > 0 || ask->excluded_count > 0)) {
        return err_set(
            err, ERR_FORM, _("a period counted backward has no extension and no excluded time"));
    }
    return true;
}

static bool check_exclusions(const struct due_ask *ask, struct err *err)
{
    char from[DATE_TEXT], to[DATE_TEXT];
    if (ask->excluded_count > DUE_EXCLUSIONS_MAX) {
        return err_set(err, ERR_FORM, _("more than %d excluded times"), DUE_EXCLUSIONS_MAX);
    }
    for (size_t i = 0; i < ask->excluded_count; i++) {
        const struct exclusion *x = &ask->excluded[i];
        if (date_compare(x->to, x->from) < 0) {
            return err_set(err, ERR_FORM,
                _("the excluded time from %s to %s ends before it begins"),
                date_format(x->from, from), date_format(x->to, to));
        }
        if (i > 0 && date_compare(x->from, ask->excluded[i - 1].to) <= 0) {
            return err_set(err, ERR_FORM,
                _("the excluded time from %s overlaps the one before it, or stands out of order"),
                date_format(x->from, from));
        }
    }
    return true;
}

static bool within_years(struct date d)
{
    int year = date_year(d);
    return year >= YEAR_FIRST && year <= YEAR_LAST;
}

/* --- the way to the raw end ----------------------------------------------------------------- */

bool due_is_backward(const struct due_ask *ask)
{
    return ask->kind == DUE_BACK;
}

static struct date step(const struct calendar *c, struct date d, struct span span, int sign)
{
    switch (span.unit) {
    case UNIT_WORKDAY:
        return calendar_add_workdays(c, d, sign * span.n);
    case UNIT_MONTH:
        return date_add_months(d, sign * span.n);
    case UNIT_YEAR:
        return date_add_months(d, sign * span.n * 12);
    case UNIT_DAY:
    case UNIT_HOUR: /* hours are walked by course_of_hours */
        break;
    }
    return date_add_days(d, sign * span.n);
}

static int day_of_month(struct date d)
{
    int year, month, day;
    date_split(d, &year, &month, &day);
    return day;
}

static bool clamps(struct date from, struct date to, struct span span)
{
    return (span.unit == UNIT_MONTH || span.unit == UNIT_YEAR) &&
           day_of_month(from) != day_of_month(to);
}

/* One leg: `span` after `from`, pushed on by the exclusions it meets. An exclusion that begins
 * behind the end so far is left for the next leg. */
static struct date run_leg(const struct calendar *c, const struct due_ask *ask, struct date from,
    struct span span, struct course *course, size_t *next)
{
    struct date end = step(c, from, span, 1);
    course->clamped = course->clamped || clamps(from, end, span);
    for (; *next < ask->excluded_count; (*next)++) {
        const struct exclusion *x = &ask->excluded[*next];
        if (date_compare(x->from, end) > 0) {
            break;
        }
        struct date before = date_add_days(x->from, -1);
        if (date_compare(before, from) < 0) {
            before = from; /* days up to the start were never counted */
        }
        if (date_compare(x->to, before) <= 0) {
            continue;
        }
        int days = span.unit == UNIT_WORKDAY ? calendar_workdays_between(c, before, x->to)
                                             : x->to.day - before.day;
        course->taken[*next] =
            (struct span){days, span.unit == UNIT_WORKDAY ? UNIT_WORKDAY : UNIT_DAY};
        end = span.unit == UNIT_WORKDAY ? calendar_add_workdays(c, end, days)
                                        : date_add_days(end, days);
    }
    return end;
}

static struct course course_of_hours(const struct due_ask *ask)
{
    struct course course = {.from_ms = ask->start_ms};
    int hours = ask->span.n + ask->extension.n;
    if (ask->litigation) { /* from the next full hour (R3) */
        int64_t over = course.from_ms % MS_PER_HOUR;
        course.from_ms += MS_PER_HOUR - (over < 0 ? over + MS_PER_HOUR : over);
    }
    course.to_ms = course.from_ms + (due_is_backward(ask) ? -hours : hours) * MS_PER_HOUR;
    course.start = date_of_instant(ask->start_ms);
    course.plain = course.raw = date_of_instant(course.to_ms);
    return course;
}

struct course due_course(const struct calendar *c, const struct due_ask *ask)
{
    if (ask->span.unit == UNIT_HOUR) {
        return course_of_hours(ask);
    }
    struct course course = {.start = date_of_instant(ask->start_ms)};
    if (due_is_backward(ask)) {
        course.plain = step(c, course.start, ask->span, -1);
        course.clamped = clamps(course.start, course.plain, ask->span);
        course.raw = date_add_days(course.plain, ask->clear_days ? -1 : 0);
        return course;
    }
    size_t next = 0;
    course.plain = run_leg(c, ask, course.start, ask->span, &course, &next);
    course.raw = course.plain;
    if (ask->extension.n > 0) {
        course.raw = run_leg(c, ask, course.plain, ask->extension, &course, &next);
    }
    return course;
}

/* --- the three days ------------------------------------------------------------------------- */

static enum due_roll roll_of(const struct due_ask *ask)
{
    return due_is_backward(ask) && ask->roll == ROLL_NEXT ? ROLL_PREVIOUS : ask->roll;
}

static struct date legal_day(const struct calendar *c, const struct due_ask *ask, struct date raw)
{
    switch (roll_of(ask)) {
    case ROLL_NEXT:
        return calendar_roll_next(c, raw);
    case ROLL_PREVIOUS:
        return calendar_roll_previous(c, raw);
    case ROLL_NONE:
        break;
    }
    return raw;
}

/* The handler is shown a working day not after raw (R20). A minimum has nothing to hurry for,
 * and a day before the matter began would be nonsense. */
static struct date internal_day(const struct calendar *c, const struct due_ask *ask,
    const struct course *course, struct date legal)
{
    if (ask->kind == DUE_MIN || due_is_backward(ask)) {
        return legal;
    }
    struct date day = calendar_roll_previous(c, course->raw);
    return date_compare(day, course->start) < 0 ? legal : day;
}

static void note_years(const struct calendar *c, const struct due_ask *ask,
    const struct course *course, struct due *due)
{
    struct date first = date_compare(due->internal, course->raw) < 0 ? due->internal : course->raw;
    struct date last = date_compare(due->legal, course->raw) > 0 ? due->legal : course->raw;
    if (date_compare(due->legal, first) < 0) {
        first = due->legal;
    }
    bool counted = ask->span.unit == UNIT_WORKDAY ||
                   (ask->extension.n > 0 && ask->extension.unit == UNIT_WORKDAY);
    if (counted) { /* every day between was asked about */
        first = date_compare(course->start, first) < 0 ? course->start : first;
        last = date_compare(course->start, last) > 0 ? course->start : last;
    }
    due->first_year = date_year(first);
    due->last_year = date_year(date_add_days(last, NEXT_NOTICE_DAYS));
    for (int year = due->first_year; year <= date_year(last); year++) {
        due->provisional = due->provisional || !calendar_has_year(c, year);
    }
}

bool due_compute(
    const struct calendar *c, const struct due_ask *ask, struct due *due_out, struct err *err)
{
    struct date low, high;
    if (!check_spans(ask, err) || !check_exclusions(ask, err)) {
        return false;
    }
    date_make(YEAR_FIRST, 1, 1, &low);
    date_make(YEAR_LAST, 12, 31, &high);
    if (ask->start_ms < date_start_ms(low) || ask->start_ms > date_end_ms(high)) {
        return err_set(
            err, ERR_FORM, _("the start lies outside the years %d to %d"), YEAR_FIRST, YEAR_LAST);
    }
    struct course course = due_course(c, ask);
    struct due due = {.raw = course.raw, .legal = course.raw, .internal = course.raw};
    if (ask->span.unit == UNIT_HOUR) {
        due.due_ms = course.to_ms; /* the moment itself is in time (R10) */
        due.first_year = due.last_year = date_year(due.raw);
    } else {
        due.legal = legal_day(c, ask, course.raw);
        due.internal = internal_day(c, ask, &course, due.legal);
        due.due_ms = date_end_ms(due.legal);
        note_years(c, ask, &course, &due);
    }
    if (!within_years(due.legal) || !within_years(due.raw)) {
        return err_set(
            err, ERR_FORM, _("the end lies outside the years %d to %d"), YEAR_FIRST, YEAR_LAST);
    }
    *due_out = due;
    return true;
}

struct date due_next_act(const struct due *due)
{
    return date_add_days(due->legal, 1);
}

struct remaining due_remaining(const struct calendar *c, struct date legal, struct date today)
{
    return (struct remaining){legal.day - today.day, calendar_workdays_between(c, today, legal)};
}

json_t *due_calendar(const struct calendar *c, const struct due *due)
{
    json_t *years = json_object();
    for (int year = due->first_year; year <= due->last_year; year++) {
        char key[12];
        snprintf(key, sizeof key, "%d", year);
        json_put_number(years, key, calendar_version_of(c, year));
    }
    return years;
}

static void put_date(json_t *object, const char *key, struct date d)
{
    char text[DATE_TEXT];
    json_put_text(object, key, date_format(d, text));
}

json_t *due_json(const struct calendar *c, const struct due_ask *ask, const struct due *due)
{
    json_t *object = json_object();
    char at[INSTANT_TEXT];
    char *explain = due_explain(c, ask, due);
    put_date(object, "raw", due->raw);
    put_date(object, "legal", due->legal);
    put_date(object, "internal", due->internal);
    json_put_text(object, "due_at", instant_format(due->due_ms, at));
    if (ask->kind == DUE_MIN) {
        put_date(object, "next_act", due_next_act(due));
    }
    json_object_set_new(object, "provisional", json_boolean(due->provisional));
    json_object_set_new(object, "calendar", due_calendar(c, due));
    json_put_text(object, "explain", explain);
    mem_free(explain);
    return object;
}
