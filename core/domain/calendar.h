/* domain/calendar.h — which days are working days (DOMAIN R5–R7, §3.4).
 *
 * Built from one document per year, transcribed from the State Council's notice. A year
 * without document falls back to Monday–Friday and every result that touches it is
 * marked provisional. Documents of a year are versioned: a newer one replaces the older. */
#ifndef FQ_DOMAIN_CALENDAR_H
#define FQ_DOMAIN_CALENDAR_H

#include "base/civil.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct calendar; /* opaque */

struct calendar *calendar_new(void);
void calendar_free(struct calendar *c); /* accepts NULL */

/* Adds or replaces one year:
 *   {"year":2026,"version":1,"paper":"…",
 *    "rest":[{"from":"2026-01-01","to":"2026-01-03","name":"元旦"}, …],
 *    "work":["2026-01-04", …]}
 * rest days may reach into the year before (2022-12-31); make-up work days too. An older or
 * equal version than the one loaded is refused (ERR_STATE), a malformed one ERR_FORM naming
 * the member. The calendar is unchanged on failure. */
bool calendar_add(struct calendar *c, const json_t *year, struct err *err);

bool calendar_has_year(const struct calendar *c, int year);
int calendar_version_of(const struct calendar *c, int year); /* 0 when absent */
bool calendar_is_workday(const struct calendar *c, struct date d);
/* Why d is a rest day: "春节", "周六"…; NULL when it is a working day. Borrowed. */
const char *calendar_rest_name(const struct calendar *c, struct date d);
bool calendar_is_makeup(const struct calendar *c, struct date d); /* 调休上班 */
/* Is d a rest day named by a notice, not a plain weekend? */
bool calendar_is_holiday(const struct calendar *c, struct date d);

/* n-th working day after d (n > 0) or before it (n < 0); n = 0 gives d itself. */
struct date calendar_add_workdays(const struct calendar *c, struct date d, int n);
/* Working days in (from, to]; negative when to lies before from. */
int calendar_workdays_between(const struct calendar *c, struct date from, struct date to);
/* The first working day at or after / at or before d. */
struct date calendar_roll_next(const struct calendar *c, struct date d);
struct date calendar_roll_previous(const struct calendar *c, struct date d);

/* {"2019":1,"2020":2,…} of all years loaded; new reference. */
json_t *calendar_years(const struct calendar *c);
/* The document of one year as it was added; borrowed; NULL when absent. */
const json_t *calendar_year_doc(const struct calendar *c, int year);

#endif
