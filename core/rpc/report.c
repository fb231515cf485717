/* rpc/report.c — see report.h. A group is one JSON object that rows are added to and that
 * finish() turns into what is shown; the whole is a group like any other. */
#include "rpc/report.h"

#include "base/json.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const clock_counts[] = {
    "started", "met", "met_late", "late_open", "open", "cancelled", "provisional"};
static const char *const case_counts[] = {"cases", "open", "closed"};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static json_t *group_new(void)
{
    return json_pack("{s:I, s:I, s:I, s:{}, s:{}}", "cases", (json_int_t)0, "open", (json_int_t)0,
        "closed", (json_int_t)0, "clocks", "days");
}

/* The member `key` of groups, made when it is not there; borrowed. */
static json_t *group_in(json_t *groups, const char *key)
{
    json_t *group = json_object_get(groups, key);
    if (group == NULL) {
        group = group_new();
        json_object_set_new(groups, key, group);
    }
    return group;
}

static void add(json_t *to, const json_t *row, const char *const names[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_put_number(to, names[i], json_number(to, names[i], 0) + json_number(row, names[i], 0));
    }
}

static void add_cases(json_t *group, const json_t *row)
{
    add(group, row, case_counts, COUNT(case_counts));
}

static void add_clock(json_t *group, const json_t *row)
{
    json_t *clocks = json_object_get(group, "clocks");
    const char *name = json_text(row, "clock");
    json_t *sum = json_object_get(clocks, name);
    if (sum == NULL) {
        sum = json_object();
        json_put_text(sum, "clock", name);
        json_put_text(sum, "title", json_text(row, "title"));
        json_put_text(sum, "term", json_text(row, "term"));
        json_object_set_new(clocks, name, sum);
    }
    add(sum, row, clock_counts, COUNT(clock_counts));
}

static void add_answer(json_t *group, const json_t *row)
{
    json_t *days = json_object_get(group, "days");
    char key[32];
    snprintf(key, sizeof(key), "%lld", (long long)json_number(row, "days", 0));
    json_put_number(days, key, json_number(days, key, 0) + json_number(row, "cases", 0));
}

/* --- finishing -------------------------------------------------------------------------------- */

struct day_count {
    int64_t days, cases;
};

static int by_days(const void *a, const void *b)
{
    const struct day_count *x = a, *y = b;
    return x->days < y->days ? -1 : x->days > y->days;
}

/* The nth case (from 0) of a sorted histogram. */
static int64_t nth(const struct day_count *list, size_t count, int64_t n)
{
    size_t i = 0;
    while (i + 1 < count && n >= list[i].cases) {
        n -= list[i++].cases;
    }
    return list[i].days;
}

/* Median days and the number of cases behind it; NULL member when there is none. */
static void finish_days(json_t *group)
{
    json_t *days = json_object_get(group, "days"), *cases;
    size_t count = json_object_size(days), i = 0;
    struct day_count *list = mem_array(count + 1, sizeof(*list));
    int64_t total = 0;
    const char *key;
    json_object_foreach(days, key, cases)
    {
        list[i++] = (struct day_count){strtoll(key, NULL, 10), json_integer_value(cases)};
        total += json_integer_value(cases);
    }
    qsort(list, count, sizeof(*list), by_days);
    json_put_number(group, "answered", total);
    if (total == 0) {
        json_object_set_new(group, "median_days", json_null());
    } else {
        int64_t twice = nth(list, count, (total - 1) / 2) + nth(list, count, total / 2);
        json_object_set_new(group, "median_days",
            twice % 2 == 0 ? json_integer(twice / 2) : json_real((double)twice / 2));
    }
    mem_free(list);
    json_object_del(group, "days");
}

static void finish_clocks(json_t *group)
{
    json_t *list = json_array(), *sum;
    const char *name;
    json_object_foreach(json_object_get(group, "clocks"), name, sum)
    {
        int64_t met = json_number(sum, "met", 0);
        int64_t ended = met + json_number(sum, "met_late", 0) + json_number(sum, "late_open", 0);
        json_put_number(sum, "ended", ended);
        json_object_set_new(sum, "on_time_share",
            ended > 0 ? json_real(round((double)met / (double)ended * 10000) / 10000)
                      : json_null());
        json_array_append(list, sum);
    }
    json_object_set_new(group, "clocks", list);
}

static void finish(json_t *group)
{
    finish_days(group);
    finish_clocks(group);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The groups as a list, ordered by key; takes groups. */
static json_t *finish_all(json_t *groups, const struct org *org)
{
    size_t count = json_object_size(groups), i = 0;
    const char **keys = mem_array(count + 1, sizeof(*keys)), *key;
    json_t *group, *list = json_array();
    json_object_foreach(groups, key, group)
    {
        keys[i++] = key;
    }
    qsort(keys, count, sizeof(*keys), by_key);
    for (i = 0; i < count; i++) {
        group = json_object_get(groups, keys[i]);
        const struct body *b = org != NULL ? org_body(org, keys[i]) : NULL;
        json_put_text(group, "key", keys[i]);
        json_put_text(group, "name", b != NULL ? b->name : keys[i]);
        finish(group);
        json_array_append(list, group);
    }
    mem_free(keys);
    json_decref(groups);
    return list;
}

/* --- rows into groups ------------------------------------------------------------------------- */

struct sums {
    json_t *all, *years, *categories, *bodies; /* owned */
};

static void spread(
    struct sums *s, const json_t *row, void (*into)(json_t *group, const json_t *row))
{
    char year[24];
    const char *category = json_text(row, "category"), *host = json_text(row, "host");
    snprintf(year, sizeof(year), "%lld", (long long)json_number(row, "year", 0));
    into(s->all, row);
    into(group_in(s->years, year), row);
    into(group_in(s->categories, category != NULL ? category : ""), row);
    into(group_in(s->bodies, host != NULL ? host : ""), row);
}

json_t *report_overview(const json_t *rows, const struct org *org)
{
    static const struct {
        const char *member;
        void (*into)(json_t *group, const json_t *row);
    } tables[] = {{"cases", add_cases}, {"clocks", add_clock}, {"answers", add_answer}};
    struct sums s = {group_new(), json_object(), json_object(), json_object()};
    for (size_t t = 0; t < COUNT(tables); t++) {
        json_t *row;
        size_t i;
        json_array_foreach(json_object_get(rows, tables[t].member), i, row)
        {
            spread(&s, row, tables[t].into);
        }
    }
    finish(s.all);
    json_t *out = json_object();
    json_object_set_new(out, "cases",
        json_pack("{s:O, s:O, s:O, s:O, s:O}", "total", json_object_get(s.all, "cases"), "open",
            json_object_get(s.all, "open"), "closed", json_object_get(s.all, "closed"), "answered",
            json_object_get(s.all, "answered"), "median_days",
            json_object_get(s.all, "median_days")));
    json_object_set(out, "clocks", json_object_get(s.all, "clocks"));
    json_object_set_new(out, "by_year", finish_all(s.years, NULL));
    json_object_set_new(out, "by_category", finish_all(s.categories, NULL));
    json_object_set_new(out, "by_body", finish_all(s.bodies, org));
    json_decref(s.all);
    return out;
}
