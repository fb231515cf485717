/* domain/due_explain.c — a due date told in one sentence, clause by clause, in the order in which
 * it was computed: how long, from when, what was left out, where that ends, and why the end moved.
 *
 * A date of the year last named is written 02-03, any other 2020-02-03. */
#include "domain/due.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"
#include "domain/due_course.h"

#include <stdio.h>
#include <string.h>

enum {
    BLOCKS_MAX = 4,  /* holidays and make-up days named one by one; more would hide the result */
    MOMENT_TEXT = 20 /* "2020-01-10 09:30" and NUL */
};

struct teller {
    const struct calendar *c;
    const struct due_ask *ask;
    const struct due *due;
    struct course course;
    struct buf out;
    int year; /* last named */
};

static void clause(struct teller *t)
{
    if (t->out.len > 0) {
        buf_adds(&t->out, _(", "));
    }
}

static const char *day_text(struct teller *t, struct date d, char out[DATE_TEXT])
{
    date_format(d, out);
    if (date_year(d) == t->year) {
        memmove(out, out + strlen("2020-"), strlen("01-10") + 1);
    }
    t->year = date_year(d);
    return out;
}

/* --- how long, from when -------------------------------------------------------------------- */

static void tell_length(struct teller *t)
{
    const char *words = span_words(t->ask->span);
    if (t->ask->kind == DUE_MIN) {
        buf_addf(&t->out, _("at least %s"), words);
    } else if (t->ask->kind == DUE_TARGET) {
        buf_addf(&t->out, _("%s (a target)"), words);
    } else {
        buf_adds(&t->out, words);
    }
    if (t->ask->extension.n > 0) {
        buf_addf(&t->out, _(" and %s of extension"), span_words(t->ask->extension));
    }
}

static void tell_start(struct teller *t)
{
    char event[DATE_TEXT], first[DATE_TEXT];
    const char *from = t->ask->event != NULL ? t->ask->event : day_text(t, t->course.start, event);
    clause(t);
    if (t->ask->span.n == 0) {
        buf_addf(&t->out, _("on the day of %s itself"), from);
        return;
    }
    buf_addf(&t->out, _("counted from the day after %1$s, %2$s"), from,
        day_text(t, date_add_days(t->course.start, 1), first));
}

static void tell_exclusions(struct teller *t)
{
    for (size_t i = 0; i < t->ask->excluded_count; i++) {
        const struct exclusion *x = &t->ask->excluded[i];
        char from[DATE_TEXT], to[DATE_TEXT];
        if (t->course.taken[i].n == 0) {
            continue;
        }
        day_text(t, x->from, from);
        day_text(t, x->to, to);
        clause(t);
        buf_addf(
            &t->out, _("%1$s to %2$s left out (%3$s)"), from, to, span_words(t->course.taken[i]));
    }
}

/* --- what a count of working days passes over ----------------------------------------------- */

static bool same_holiday(const struct calendar *c, struct date a, struct date b)
{
    return calendar_is_holiday(c, a) && calendar_is_holiday(c, b) &&
           strcmp(calendar_rest_name(c, a), calendar_rest_name(c, b)) == 0;
}

/* Holidays in (from, to], block by block. */
static void tell_holidays(struct teller *t, struct date from, struct date to)
{
    int blocks = 0;
    for (struct date d = date_add_days(from, 1); date_compare(d, to) <= 0;
         d = date_add_days(d, 1)) {
        if (!calendar_is_holiday(t->c, d)) {
            continue;
        }
        struct date end = d;
        while (same_holiday(t->c, d, date_add_days(end, 1)) && date_compare(end, to) < 0) {
            end = date_add_days(end, 1);
        }
        if (++blocks <= BLOCKS_MAX) {
            char first[DATE_TEXT], last[DATE_TEXT];
            clause(t);
            day_text(t, d, first);
            day_text(t, end, last);
            if (date_compare(d, end) == 0) {
                buf_addf(&t->out, _("%1$s %2$s not counted"), calendar_rest_name(t->c, d), first);
            } else {
                buf_addf(&t->out, _("%1$s %2$s to %3$s not counted"), calendar_rest_name(t->c, d),
                    first, last);
            }
        }
        d = end;
    }
}

static void tell_makeup_days(struct teller *t, struct date from, struct date to)
{
    int days = 0;
    for (struct date d = date_add_days(from, 1); date_compare(d, to) <= 0;
         d = date_add_days(d, 1)) {
        if (calendar_is_makeup(t->c, d) && ++days <= BLOCKS_MAX) {
            char text[DATE_TEXT];
            if (days == 1) {
                clause(t);
            } else {
                buf_adds(&t->out, _(" and "));
            }
            buf_adds(&t->out, day_text(t, d, text));
        }
    }
    if (days > 0) {
        buf_adds(&t->out, _(" counted as make-up working days"));
    }
}

static bool counts_workdays(const struct due_ask *ask)
{
    return ask->span.unit == UNIT_WORKDAY ||
           (ask->extension.n > 0 && ask->extension.unit == UNIT_WORKDAY);
}

static void tell_passed_days(struct teller *t)
{
    if (!counts_workdays(t->ask)) {
        return;
    }
    struct date from = t->course.start, to = t->course.raw;
    if (date_compare(to, from) < 0) {
        struct date before = date_add_days(to, -1);
        to = date_add_days(from, -1);
        from = before;
    }
    tell_holidays(t, from, to);
    tell_makeup_days(t, from, to);
}

/* --- where it ends -------------------------------------------------------------------------- */

static void tell_rest_day(struct teller *t, const char *day)
{
    const char *name = calendar_rest_name(t->c, t->due->raw);
    if (calendar_is_holiday(t->c, t->due->raw)) {
        buf_addf(&t->out, _("the last day %1$s falls on the holiday %2$s"), day, name);
    } else {
        buf_addf(&t->out, _("the last day %1$s is a %2$s"), day, name);
    }
}

static void tell_roll(struct teller *t)
{
    char day[DATE_TEXT];
    int way = date_compare(t->due->legal, t->due->raw);
    clause(t);
    if (way == 0) {
        buf_adds(&t->out, _("and is not moved"));
        return;
    }
    day_text(t, t->due->legal, day);
    buf_addf(&t->out, way > 0 ? _("moved on to %s") : _("moved forward to the earlier %s"), day);
    if (calendar_is_makeup(t->c, t->due->legal)) {
        buf_adds(&t->out, _(" (a make-up working day)"));
    }
}

static void tell_end(struct teller *t)
{
    char day[DATE_TEXT];
    if (t->course.clamped) {
        clause(t);
        buf_adds(&t->out, _("the month has no such day, so its last day counts"));
    }
    clause(t);
    day_text(t, t->due->raw, day);
    if (!calendar_is_workday(t->c, t->due->raw)) {
        tell_rest_day(t, day);
        tell_roll(t);
    } else if (calendar_is_makeup(t->c, t->due->raw)) {
        buf_addf(&t->out, _("the last day %s is a make-up working day"), day);
    } else {
        buf_addf(&t->out, _("the last day is %s"), day);
    }
}

static void tell_consequence(struct teller *t)
{
    char day[DATE_TEXT];
    if (t->ask->kind == DUE_MIN) {
        clause(t);
        buf_addf(&t->out, _("the next act from %s on"), day_text(t, due_next_act(t->due), day));
    } else if (due_is_backward(t->ask)) {
        clause(t);
        buf_addf(&t->out, _("to be done by %s"), day_text(t, t->due->legal, day));
    }
}

/* --- the three kinds of sentence ------------------------------------------------------------ */

static void tell_forward(struct teller *t)
{
    tell_length(t);
    tell_start(t);
    tell_exclusions(t);
    tell_passed_days(t);
    tell_end(t);
    tell_consequence(t);
}

static void tell_backward(struct teller *t)
{
    char start[DATE_TEXT];
    day_text(t, t->course.start, start);
    if (t->ask->event != NULL) {
        buf_addf(
            &t->out, _("%1$s before %2$s %3$s"), span_words(t->ask->span), t->ask->event, start);
    } else {
        buf_addf(&t->out, _("%1$s before %2$s"), span_words(t->ask->span), start);
    }
    if (t->ask->clear_days) {
        buf_adds(&t->out, _(" (clear: neither end counts)"));
    }
    tell_passed_days(t);
    tell_end(t);
    tell_consequence(t);
}

static const char *moment_text(int64_t ms, char out[MOMENT_TEXT])
{
    char at[INSTANT_TEXT];
    instant_format(ms, at);
    snprintf(out, MOMENT_TEXT, "%.10s %.5s", at, at + strlen("2020-01-10T"));
    return out;
}

static void tell_hours(struct teller *t)
{
    char from[MOMENT_TEXT], to[MOMENT_TEXT];
    moment_text(t->course.from_ms, from);
    moment_text(t->course.to_ms, to);
    if (due_is_backward(t->ask)) {
        buf_addf(&t->out, _("%1$s before %2$s"), span_words(t->ask->span), from);
        clause(t);
        buf_addf(&t->out, _("to be done by %s"), to);
        return;
    }
    tell_length(t);
    clause(t);
    if (t->ask->litigation) {
        buf_addf(&t->out, _("counted from the next full hour, %s"), from);
    } else if (t->ask->event != NULL) {
        buf_addf(&t->out, _("counted from %1$s at %2$s"), t->ask->event, from);
    } else {
        buf_addf(&t->out, _("counted from %s"), from);
    }
    clause(t);
    buf_addf(&t->out, _("until %s"), to);
}

static void tell_estimate(struct teller *t)
{
    const struct due *due = t->due;
    /* last_year may reach one further than the days asked about (due.h). */
    int last =
        date_year(due->legal) > date_year(due->raw) ? date_year(due->legal) : date_year(due->raw);
    if (date_year(t->course.start) > last) {
        last = date_year(t->course.start);
    }
    struct buf years = {0};
    for (int year = due->first_year; year <= last && year <= due->last_year; year++) {
        if (!calendar_has_year(t->c, year)) {
            buf_addf(&years, years.len > 0 ? _(", %d") : "%d", year);
        }
    }
    clause(t);
    buf_addf(&t->out,
        _("provisional: the holidays of %s are not published, estimated by the weekend rule"),
        buf_text(&years));
    buf_close(&years);
}

char *due_explain(const struct calendar *c, const struct due_ask *ask, const struct due *due)
{
    struct teller t = {.c = c, .ask = ask, .due = due, .course = due_course(c, ask)};
    if (ask->span.unit == UNIT_HOUR) {
        tell_hours(&t);
    } else if (due_is_backward(ask)) {
        tell_backward(&t);
    } else {
        tell_forward(&t);
    }
    if (due->provisional) {
        tell_estimate(&t);
    }
    return buf_take(&t.out);
}
