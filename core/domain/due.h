/* domain/due.h — when a period ends, by DOMAIN §3.1 R1–R23. Pure: no clock is read.
 *
 * A due date keeps three days: raw (before rolling), legal (decides 逾期), internal (what the
 * handler is shown: the last working day not after raw, R20), and can say why. */
#ifndef FQ_DOMAIN_DUE_H
#define FQ_DOMAIN_DUE_H

#include "domain/calendar.h"
#include "domain/span.h"

enum due_kind {
    DUE_MAX,    /* must be done by then */
    DUE_MIN,    /* must have run out before the next act (R14) */
    DUE_BACK,   /* counted backward from start (R15) */
    DUE_TARGET, /* like max, but not a legal limit */
};

enum due_roll { ROLL_NEXT, ROLL_PREVIOUS, ROLL_NONE };

struct exclusion {
    struct date from, to; /* both days inclusive (R17) */
};

enum { DUE_EXCLUSIONS_MAX = 16 }; /* hearings and appraisals of one period; more is a mistake */

struct due_ask {
    int64_t start_ms; /* the start event; its day is not counted (R2) */
    struct span span;
    enum due_kind kind;
    enum due_roll roll;
    struct span extension;            /* n 0: none; added to the raw end, rolled once (R18) */
    const struct exclusion *excluded; /* borrowed; ascending, not overlapping */
    size_t excluded_count;
    bool litigation; /* hours count from the next full hour (R3) */
    bool clear_days; /* backward days count clear days: neither end belongs to them (example 40) */
    const char *event; /* borrowed; the start event in words ("收件"); NULL: not named */
};

struct due {
    struct date raw, legal, internal;
    int64_t due_ms; /* last millisecond that is in time: end of the legal day, or the hour's end */
    bool provisional; /* a year without published calendar was touched */
    /* Of the calendar; their versions belong to the result. A result in the last week of December
     * counts the next year in, whose notice may still change those days. */
    int first_year, last_year;
};

/* ERR_FORM when the question makes no sense (n < 0, exclusion reversed, …). A backward period
 * always rolls to the earlier working day unless ROLL_NONE is asked (R15). */
bool due_compute(
    const struct calendar *c, const struct due_ask *ask, struct due *due_out, struct err *err);

/* One sentence in the current language, e.g.
 * "15日，自2020-01-10次日01-11起算，末日01-25为春节假期，顺延至02-03". Caller owns. */
char *due_explain(const struct calendar *c, const struct due_ask *ask, const struct due *due);

/* The first day on which the act a minimum period protects may follow (R14). */
struct date due_next_act(const struct due *due);

/* {"2020":2,"2021":0}: the calendar versions the result rests on, 0 for a year without notice;
 * new reference. */
json_t *due_calendar(const struct calendar *c, const struct due *due);

/* {raw, legal, internal, due_at, provisional, calendar:{"2020":2}, explain} and next_act for a
 * minimum; new reference. */
json_t *due_json(const struct calendar *c, const struct due_ask *ask, const struct due *due);

const char *due_kind_name(enum due_kind kind); /* max min back target */
bool due_kind_parse(const char *name, enum due_kind *kind_out);
const char *due_roll_name(enum due_roll roll); /* next prev none */
bool due_roll_parse(const char *name, enum due_roll *roll_out);

/* How far away, for people: days and working days left (negative: late). */
struct remaining {
    int days, workdays;
};
struct remaining due_remaining(const struct calendar *c, struct date legal, struct date today);

#endif
