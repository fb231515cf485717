/* client/when.c — see when.h. */
#include "client/when.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/remote.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    int days;
} day_words[] = {
    {"今天", 0},
    {"今日", 0},
    {"昨天", -1},
    {"昨日", -1},
    {"前天", -2},
    {"明天", 1},
    {"today", 0},
    {"yesterday", -1},
    {"tomorrow", 1},
};

/* Up to `max` digits; 0 digits is no number. */
static bool number_at(const char **p, size_t max, int *out)
{
    size_t n = strspn(*p, "0123456789");
    if (n == 0 || n > max) {
        return false;
    }
    *out = atoi(*p);
    *p += n;
    return true;
}

static bool skip_any(const char **p, const char *const marks[])
{
    for (; *marks != NULL; marks++) {
        if (text_starts(*p, *marks)) {
            *p += strlen(*marks);
            return true;
        }
    }
    return false;
}

/* "昨天", "7月1日", "2026年7月1日", "2026-7-1". */
static bool date_at(const char **p, struct date today, struct date *out)
{
    static const char *const year_marks[] = {"-", "/", ".", "年", NULL};
    static const char *const month_marks[] = {"-", "/", ".", "月", NULL};
    static const char *const day_marks[] = {"日", "号", NULL};
    for (size_t i = 0; i < sizeof day_words / sizeof day_words[0]; i++) {
        if (text_starts(*p, day_words[i].word)) {
            *p += strlen(day_words[i].word);
            *out = date_add_days(today, day_words[i].days);
            return true;
        }
    }
    int year = date_year(today);
    int month;
    int day;
    const char *first = *p;
    int lead;
    if (number_at(&first, 4, &lead) && !text_starts(first, "月")) {
        year = lead;
        *p = first;
        if (year < 1900 || !skip_any(p, year_marks)) {
            return false;
        }
    }
    if (!number_at(p, 2, &month) || !skip_any(p, month_marks) || !number_at(p, 2, &day)) {
        return false;
    }
    skip_any(p, day_marks);
    return date_make(year, month, day, out);
}

/* "09:30", "9:30:05", "9点", "下午3点半". */
static bool time_at(const char **p, int *hour, int *minute, int *second)
{
    static const char *const hour_marks[] = {":", "点", "时", NULL};
    static const char *const minute_marks[] = {"分", ":", NULL};
    static const char *const morning[] = {"上午", "早上", NULL};
    static const char *const afternoon[] = {"下午", "晚上", NULL};
    *minute = *second = 0;
    bool later = skip_any(p, afternoon);
    skip_any(p, morning);
    if (!number_at(p, 2, hour) || !skip_any(p, hour_marks)) {
        return false;
    }
    if (text_starts(*p, "半")) {
        *p += strlen("半");
        *minute = 30;
    } else if (number_at(p, 2, minute) && skip_any(p, minute_marks)) {
        number_at(p, 2, second);
    }
    *hour += later && *hour < 12 ? 12 : 0;
    return *hour < 24 && *minute < 60 && *second < 60;
}

bool when_needs_today(const char *text)
{
    char *folded = text_fold(text);
    size_t digits = strspn(folded, "0123456789");
    bool needs = digits == 0 || text_starts(folded + digits, "月");
    mem_free(folded);
    return needs;
}

char *when_read(const char *text, struct date today, struct err *err)
{
    int64_t ms;
    struct date day;
    if (date_parse(text, &day) || instant_parse(text, &ms)) {
        return mem_strdup(text);
    }
    char *folded = text_fold(text);
    const char *p = folded;
    char date[DATE_TEXT];
    int hour;
    int minute;
    int second;
    char *read = NULL;
    if (date_at(&p, today, &day)) {
        date_format(day, date);
        while (*p == ' ' || *p == 't') {
            p++;
        }
        if (*p == '\0') {
            read = mem_strdup(date);
        } else if (time_at(&p, &hour, &minute, &second) && *p == '\0') {
            read = mem_printf("%sT%02d:%02d:%02d", date, hour, minute, second);
        }
    }
    mem_free(folded);
    if (read == NULL) {
        err_set(err, ERR_PARAMS, _("“%s” is no date or time that exists."), text);
        err_hint(
            err, "%s", _("Write 2026-07-01, 7月1日 or 昨天, with a time if needed: 7月1日 9:30"));
    }
    return read;
}

char *when_of(struct client *c, const char *text, struct err *err)
{
    struct date today = date_of_instant(wallclock_now_ms(&c->clock));
    if (when_needs_today(text)) {
        /* The server's day counts: it may run on a virtual clock, this computer's may be wrong. */
        json_t *clock = remote_call(c, "server.clock", NULL, NULL);
        int64_t ms;
        if (json_text(clock, "now") != NULL && instant_parse(json_text(clock, "now"), &ms)) {
            today = date_of_instant(ms);
        }
        json_decref(clock);
    }
    return when_read(text, today, err);
}

bool when_put(struct client *c, const struct args *a, const char *option, json_t *params,
    const char *key, struct err *err)
{
    const char *typed = args_option(a, option);
    if (typed == NULL) {
        return true;
    }
    char *text = when_of(c, typed, err);
    json_put_text(params, key, text);
    mem_free(text);
    return text != NULL;
}
