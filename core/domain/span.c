/* domain/span.c — see span.h. One table says every name of a unit; parsing, naming and
 * speaking all read it. */
#include "domain/span.h"

#include "base/lang.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { SPAN_MAX = 10000 }; /* 27 years in days; a longer legal period is a typing error */

struct unit_row {
    enum span_unit unit;
    const char *name;     /* register's short form */
    const char *names[6]; /* what a person may write; NULL-terminated */
    const char *one, *many;
};

static const struct unit_row units[] = {
    {UNIT_HOUR, "h", {"hour", "hours", "小时", "时"}, N_("%d hour"), N_("%d hours")},
    {UNIT_DAY, "d", {"day", "days", "日", "天"}, N_("%d day"), N_("%d days")},
    {UNIT_WORKDAY, "wd", {"workday", "workdays", "工作日"}, N_("%d working day"),
        N_("%d working days")},
    {UNIT_MONTH, "mon", {"month", "months", "月"}, N_("%d month"), N_("%d months")},
    {UNIT_YEAR, "yr", {"year", "years", "年"}, N_("%d year"), N_("%d years")},
};
enum { UNIT_COUNT = sizeof units / sizeof units[0] };

const char *span_unit_name(enum span_unit unit)
{
    return units[unit].name;
}

bool span_unit_parse(const char *name, enum span_unit *unit_out)
{
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        bool same = text_equal(name, units[i].name);
        for (size_t j = 0; !same && units[i].names[j] != NULL; j++) {
            same = text_equal(name, units[i].names[j]);
        }
        if (same) {
            *unit_out = units[i].unit;
            return true;
        }
    }
    return false;
}

bool span_parse(const char *text, struct span *span_out, struct err *err)
{
    const char *p = text;
    int n = 0;
    while (*p >= '0' && *p <= '9' && n <= SPAN_MAX) {
        n = n * 10 + (*p++ - '0');
    }
    bool digits = p > text;
    while (*p == ' ') {
        p++;
    }
    if (text_starts(p, "个")) { /* 3个工作日, 1个月 */
        p += strlen("个");
    }
    enum span_unit unit;
    if (!digits || n > SPAN_MAX || !span_unit_parse(p, &unit)) {
        err_set(err, ERR_FORM, _("“%.40s” is not a length of time"), text);
        return err_hint(err,
            _("Write a number from 0 to %d and a unit, like “15 days”, “3 workdays”, “1 month”, "
              "“2 years” or “24 hours”."),
            SPAN_MAX);
    }
    *span_out = (struct span){n, unit};
    return true;
}

const char *span_words(struct span span)
{
    static _Thread_local char words[64];
    const struct unit_row *row = &units[span.unit];
    snprintf(words, sizeof words, _(span.n == 1 ? row->one : row->many), span.n);
    return words;
}
