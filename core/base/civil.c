/* base/civil.c — proleptic Gregorian arithmetic on day counts; no libc time functions,
 * so neither the locale nor TZ of the machine can change a deadline. */
#include "base/civil.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_MIN = 1900, YEAR_MAX = 2199 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01, counting years from March so that the leap day is last. */
static int32_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

bool date_make(int year, int month, int day, struct date *date_out)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month)) {
        return false;
    }
    date_out->day = days_of(year, month, day);
    return true;
}

void date_split(struct date d, int *year_out, int *month_out, int *day_out)
{
    int64_t z = (int64_t)d.day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year_out = (int)(yoe + era * 400 + (month <= 2));
    *month_out = month;
    *day_out = (int)(doy - (153 * mp + 2) / 5 + 1);
}

int date_year(struct date d)
{
    int year, month, day;
    date_split(d, &year, &month, &day);
    return year;
}

int date_weekday(struct date d)
{
    int w = (d.day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (w < 0 ? w + 7 : w) + 1;
}

struct date date_add_days(struct date d, int days)
{
    return (struct date){d.day + days};
}

struct date date_add_months(struct date d, int months)
{
    int year, month, day;
    date_split(d, &year, &month, &day);
    int index = year * 12 + (month - 1) + months;
    year = index / 12;
    month = index % 12 + 1;
    int last = month_days(year, month);
    return (struct date){days_of(year, month, day < last ? day : last)};
}

int date_compare(struct date a, struct date b)
{
    return (a.day > b.day) - (a.day < b.day);
}

/* Reads exactly `digits` digits; -1 when something else stands there. */
static int number_at(const char **p, int digits)
{
    int n = 0;
    for (int i = 0; i < digits; i++, (*p)++) {
        if (**p < '0' || **p > '9') {
            return -1;
        }
        n = n * 10 + (**p - '0');
    }
    return n;
}

static bool expect(const char **p, char c)
{
    if (**p != c) {
        return false;
    }
    (*p)++;
    return true;
}

static bool date_at(const char **p, struct date *date_out)
{
    int year = number_at(p, 4);
    if (year < 0 || !expect(p, '-')) {
        return false;
    }
    int month = number_at(p, 2);
    if (month < 0 || !expect(p, '-')) {
        return false;
    }
    int day = number_at(p, 2);
    return day >= 0 && date_make(year, month, day, date_out);
}

bool date_parse(const char *text, struct date *date_out)
{
    const char *p = text;
    return date_at(&p, date_out) && *p == '\0';
}

const char *date_format(struct date d, char out[DATE_TEXT])
{
    int year, month, day;
    date_split(d, &year, &month, &day);
    snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
        (unsigned)day % 100);
    return out;
}

struct date date_of_instant(int64_t ms)
{
    int64_t local = ms + CIVIL_OFFSET_MS;
    int64_t day = local / MS_PER_DAY - (local % MS_PER_DAY < 0);
    return (struct date){(int32_t)day};
}

int64_t date_start_ms(struct date d)
{
    return (int64_t)d.day * MS_PER_DAY - CIVIL_OFFSET_MS;
}

int64_t date_end_ms(struct date d)
{
    return date_start_ms(d) + MS_PER_DAY - 1;
}

static bool time_at(const char **p, int64_t *ms_out)
{
    int hour = number_at(p, 2);
    if (hour < 0 || hour > 23 || !expect(p, ':')) {
        return false;
    }
    int minute = number_at(p, 2);
    if (minute < 0 || minute > 59) {
        return false;
    }
    int second = 0, milli = 0;
    if (expect(p, ':')) {
        second = number_at(p, 2);
        if (second < 0 || second > 59) {
            return false;
        }
        if (expect(p, '.')) {
            int scale = 100;
            if (**p < '0' || **p > '9') {
                return false;
            }
            for (; **p >= '0' && **p <= '9'; (*p)++, scale /= 10) {
                milli += (**p - '0') * scale;
            }
        }
    }
    *ms_out = hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND + milli;
    return true;
}

static bool zone_at(const char **p, int64_t *offset_ms_out)
{
    if (expect(p, 'Z')) {
        *offset_ms_out = 0;
        return true;
    }
    if (**p != '+' && **p != '-') {
        return true; /* no zone: the caller's default stands */
    }
    int sign = *(*p)++ == '+' ? 1 : -1;
    int hour = number_at(p, 2);
    if (hour < 0 || hour > 14 || !expect(p, ':')) {
        return false;
    }
    int minute = number_at(p, 2);
    if (minute < 0 || minute > 59) {
        return false;
    }
    *offset_ms_out = sign * (hour * MS_PER_HOUR + minute * MS_PER_MINUTE);
    return true;
}

bool instant_parse(const char *text, int64_t *ms_out)
{
    const char *p = text;
    struct date d;
    int64_t time_ms = 0, offset_ms = CIVIL_OFFSET_MS;
    if (!date_at(&p, &d)) {
        return false;
    }
    if (*p == 'T' || *p == ' ') {
        p++;
        if (!time_at(&p, &time_ms) || !zone_at(&p, &offset_ms)) {
            return false;
        }
    }
    if (*p != '\0') {
        return false;
    }
    *ms_out = (int64_t)d.day * MS_PER_DAY + time_ms - offset_ms;
    return true;
}

const char *instant_format(int64_t ms, char out[INSTANT_TEXT])
{
    char day[DATE_TEXT];
    struct date d = date_of_instant(ms);
    int second = (int)((ms - date_start_ms(d)) / MS_PER_SECOND);
    snprintf(out, INSTANT_TEXT, "%sT%02u:%02u:%02u+08:00", date_format(d, day),
        (unsigned)(second / 3600) % 24, (unsigned)(second / 60 % 60), (unsigned)(second % 60));
    return out;
}
