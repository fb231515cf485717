/* The notices of 2019 to 2026 as calendar documents, for tests of the arithmetic alone; the
 * shipped files in workflows/calendar are compared with these elsewhere. */
#ifndef FQ_TEST_NOTICES_H
#define FQ_TEST_NOTICES_H

#include "domain/calendar.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct notice {
    int year, version;
    const char *rest; /* "from to name" three by three, separated by spaces */
    const char *work; /* days */
};

static const struct notice notices[] = {
    {2019, 1,
        "2018-12-30 2019-01-01 元旦 2019-02-04 2019-02-10 春节 "
        "2019-04-05 2019-04-07 清明节 2019-05-01 2019-05-04 劳动节 "
        "2019-06-07 2019-06-09 端午节 2019-09-13 2019-09-15 中秋节 "
        "2019-10-01 2019-10-07 国庆节",
        "2018-12-29 2019-02-02 2019-02-03 2019-04-28 2019-05-05 2019-09-29 2019-10-12"},
    {2020, 1,
        "2020-01-01 2020-01-01 元旦 2020-01-24 2020-01-30 春节 "
        "2020-04-04 2020-04-06 清明节 2020-05-01 2020-05-05 劳动节 "
        "2020-06-25 2020-06-27 端午节 2020-10-01 2020-10-08 国庆节、中秋节",
        "2020-01-19 2020-02-01 2020-04-26 2020-05-09 2020-06-28 2020-09-27 2020-10-10"},
    {2020, 2,
        "2020-01-01 2020-01-01 元旦 2020-01-24 2020-02-02 春节 "
        "2020-04-04 2020-04-06 清明节 2020-05-01 2020-05-05 劳动节 "
        "2020-06-25 2020-06-27 端午节 2020-10-01 2020-10-08 国庆节、中秋节",
        "2020-01-19 2020-04-26 2020-05-09 2020-06-28 2020-09-27 2020-10-10"},
    {2021, 1,
        "2021-01-01 2021-01-03 元旦 2021-02-11 2021-02-17 春节 "
        "2021-04-03 2021-04-05 清明节 2021-05-01 2021-05-05 劳动节 "
        "2021-06-12 2021-06-14 端午节 2021-09-19 2021-09-21 中秋节 "
        "2021-10-01 2021-10-07 国庆节",
        "2021-02-07 2021-02-20 2021-04-25 2021-05-08 2021-09-18 2021-09-26 2021-10-09"},
    {2022, 1,
        "2022-01-01 2022-01-03 元旦 2022-01-31 2022-02-06 春节 "
        "2022-04-03 2022-04-05 清明节 2022-04-30 2022-05-04 劳动节 "
        "2022-06-03 2022-06-05 端午节 2022-09-10 2022-09-12 中秋节 "
        "2022-10-01 2022-10-07 国庆节",
        "2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09"},
    {2023, 1,
        "2022-12-31 2023-01-02 元旦 2023-01-21 2023-01-27 春节 "
        "2023-04-05 2023-04-05 清明节 2023-04-29 2023-05-03 劳动节 "
        "2023-06-22 2023-06-24 端午节 2023-09-29 2023-10-06 中秋节、国庆节",
        "2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08"},
    {2024, 1,
        "2024-01-01 2024-01-01 元旦 2024-02-10 2024-02-17 春节 "
        "2024-04-04 2024-04-06 清明节 2024-05-01 2024-05-05 劳动节 "
        "2024-06-10 2024-06-10 端午节 2024-09-15 2024-09-17 中秋节 "
        "2024-10-01 2024-10-07 国庆节",
        "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 "
        "2024-10-12"},
    {2025, 1,
        "2025-01-01 2025-01-01 元旦 2025-01-28 2025-02-04 春节 "
        "2025-04-04 2025-04-06 清明节 2025-05-01 2025-05-05 劳动节 "
        "2025-05-31 2025-06-02 端午节 2025-10-01 2025-10-08 国庆节、中秋节",
        "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11"},
    {2026, 1,
        "2026-01-01 2026-01-03 元旦 2026-02-15 2026-02-23 春节 "
        "2026-04-04 2026-04-06 清明节 2026-05-01 2026-05-05 劳动节 "
        "2026-06-19 2026-06-21 端午节 2026-09-25 2026-09-27 中秋节 "
        "2026-10-01 2026-10-07 国庆节",
        "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"},
};
enum { NOTICE_COUNT = sizeof notices / sizeof notices[0] };

/* The document of one notice; new reference. */
static inline json_t *notice_doc(const struct notice *n)
{
    json_t *rest = json_array(), *work = json_array();
    char from[16], to[16], name[64];
    int used;
    for (const char *p = n->rest; sscanf(p, "%15s %15s %63s%n", from, to, name, &used) == 3;
         p += used) {
        json_array_append_new(rest, json_pack("{ssssss}", "from", from, "to", to, "name", name));
    }
    for (const char *p = n->work; sscanf(p, "%15s%n", from, &used) == 1; p += used) {
        json_array_append_new(work, json_string(from));
    }
    return json_pack(
        "{sisisoso}", "year", n->year, "version", n->version, "rest", rest, "work", work);
}

static inline void add_notice(struct calendar *c, int year, int version)
{
    for (size_t i = 0; i < NOTICE_COUNT; i++) {
        if (notices[i].year == year && notices[i].version == version) {
            json_t *doc = notice_doc(&notices[i]);
            if (!calendar_add(c, doc, NULL)) {
                abort();
            }
            json_decref(doc);
        }
    }
}

/* All years, 2020 with the extension of the Spring Festival. */
static inline struct calendar *calendar_of_notices(void)
{
    struct calendar *c = calendar_new();
    for (size_t i = 0; i < NOTICE_COUNT; i++) {
        add_notice(c, notices[i].year, notices[i].version);
    }
    return c;
}

static inline struct date day(const char *text)
{
    struct date d;
    if (!date_parse(text, &d)) {
        abort();
    }
    return d;
}

#endif
