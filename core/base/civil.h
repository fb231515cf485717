/* base/civil.h — civil dates and instants of Asia/Shanghai (UTC+8, no DST; DOMAIN R23).
 *
 * A date is a struct so that a day count cannot be passed where milliseconds
 * are meant. An instant is int64_t milliseconds since 1970-01-01T00:00Z. */
#ifndef FQ_BASE_CIVIL_H
#define FQ_BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date {
    int32_t day; /* days since 1970-01-01 */
};

enum {
    DATE_TEXT = 11,    /* "2026-11-24" and NUL */
    INSTANT_TEXT = 26, /* "2026-11-24T09:30:00+08:00" and NUL */
};

#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_MINUTE (60 * MS_PER_SECOND)
#define MS_PER_HOUR (60 * MS_PER_MINUTE)
#define MS_PER_DAY (24 * MS_PER_HOUR)
#define CIVIL_OFFSET_MS (8 * MS_PER_HOUR)

bool date_make(int year, int month, int day, struct date *date_out); /* false: no such date */
void date_split(struct date d, int *year_out, int *month_out, int *day_out);
int date_year(struct date d);
int date_weekday(struct date d); /* 1 Monday … 7 Sunday */
struct date date_add_days(struct date d, int days);
/* The same-numbered day n months on, or that month's last day (Civil Code art. 202). */
struct date date_add_months(struct date d, int months);
int date_compare(struct date a, struct date b);           /* <0, 0, >0 */
bool date_parse(const char *text, struct date *date_out); /* exactly YYYY-MM-DD, 1900..2199 */
const char *date_format(struct date d, char out[DATE_TEXT]);

struct date date_of_instant(int64_t ms);
int64_t date_start_ms(struct date d); /* 00:00 of the day in Shanghai */
int64_t date_end_ms(struct date d);   /* the last millisecond of the day: it ends at 24:00 (R8) */

/* "2012-02-23", "2012-02-23 13:45", "2012-02-23T13:45:43", with ".123", "Z" or
 * "+08:00" behind a time. Without a zone Shanghai is meant. */
bool instant_parse(const char *text, int64_t *ms_out);
const char *instant_format(int64_t ms, char out[INSTANT_TEXT]);

#endif
