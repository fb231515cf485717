/* domain/calendar.c — see calendar.h.
 *
 * The documents are the truth; beside them stands one sorted list of all days they mark, rebuilt
 * whenever a document is added. A day not in the list follows its weekday. Each mark carries how
 * many working days the marks up to it add to the weekday rule, so counting working days between
 * two far dates is two searches and no walk. */
#include "domain/calendar.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    YEAR_FIRST = 1900, /* what base/civil can name */
    YEAR_LAST = 2199,
    REST_DAYS_MAX = 31, /* one holiday; the longest so far had ten days */
    MARKS_MAX = 366,    /* of one document */
};

struct mark {
    int32_t day;
    int32_t gain;     /* working days won against the weekday rule by all marks up to this one */
    bool work;        /* make-up working day; else a holiday */
    const char *name; /* of the holiday; borrowed from the document */
};

struct year_doc {
    int year, version;
    json_t *doc; /* owned */
};

struct calendar {
    struct year_doc *years; /* owned; ascending */
    size_t year_count;
    struct mark *marks; /* owned; ascending by day, no day twice */
    size_t mark_count;
};

struct calendar *calendar_new(void)
{
    return mem_alloc(sizeof(struct calendar));
}

void calendar_free(struct calendar *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < c->year_count; i++) {
        json_decref(c->years[i].doc);
    }
    mem_free(c->years);
    mem_free(c->marks);
    mem_free(c);
}

/* --- reading a document -------------------------------------------------------------------- */

struct marks {
    struct mark items[MARKS_MAX];
    size_t count;
};

static int compare_marks(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static bool weekday_works(int32_t day)
{
    return date_weekday((struct date){day}) <= 5;
}

/* A notice speaks of its own year and of the December before it. */
static bool speaks_of(int year, struct date d)
{
    int y, month, day;
    date_split(d, &y, &month, &day);
    return y == year || (y == year - 1 && month == 12);
}

static bool read_date(const json_t *value, int year, const char *list, size_t index,
    const char *member, struct date *d_out, struct err *err)
{
    const char *text = json_string_value(value);
    if (text == NULL) {
        return err_set(err, ERR_FORM, _("%s[%zu]%s: a date like “2026-02-15” is needed"), list,
            index + 1, member);
    }
    if (!date_parse(text, d_out)) {
        return err_set(
            err, ERR_FORM, _("%s[%zu]%s: there is no date “%.40s”"), list, index + 1, member, text);
    }
    if (!speaks_of(year, *d_out)) {
        return err_set(err, ERR_FORM, _("%s[%zu]%s: %s does not belong to the notice of %d"), list,
            index + 1, member, text, year);
    }
    return true;
}

static bool add_mark(
    struct marks *marks, struct mark mark, const char *list, size_t index, struct err *err)
{
    char text[DATE_TEXT];
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->items[i].day == mark.day) {
            return err_set(err, ERR_FORM, _("%s[%zu]: %s is named twice"), list, index + 1,
                date_format((struct date){mark.day}, text));
        }
    }
    if (marks->count == MARKS_MAX) {
        return err_set(
            err, ERR_FORM, _("%s[%zu]: more than %d days are named"), list, index + 1, MARKS_MAX);
    }
    marks->items[marks->count++] = mark;
    return true;
}

static bool read_rest(const json_t *list, int year, struct marks *marks, struct err *err)
{
    size_t i;
    json_t *row;
    json_array_foreach(list, i, row)
    {
        struct date from, to;
        const char *name = json_text(row, "name");
        if (!json_is_object(row) || name == NULL || name[0] == '\0') {
            return err_set(
                err, ERR_FORM, _("%s[%zu]: the name of the holiday is missing"), "rest", i + 1);
        }
        if (!read_date(json_object_get(row, "from"), year, "rest", i, ".from", &from, err) ||
            !read_date(json_object_get(row, "to"), year, "rest", i, ".to", &to, err)) {
            return false;
        }
        if (to.day < from.day || to.day - from.day >= REST_DAYS_MAX) {
            return err_set(err, ERR_FORM, _("%s[%zu]: “to” must follow “from” within %d days"),
                "rest", i + 1, REST_DAYS_MAX);
        }
        for (int32_t day = from.day; day <= to.day; day++) {
            if (!add_mark(marks, (struct mark){.day = day, .name = name}, "rest", i, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool read_work(const json_t *list, int year, struct marks *marks, struct err *err)
{
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        struct date d;
        if (!read_date(value, year, "work", i, "", &d, err)) {
            return false;
        }
        if (weekday_works(d.day)) {
            return err_set(err, ERR_FORM,
                _("%s[%zu]: %s is no Saturday or Sunday, so it cannot be a make-up day"), "work",
                i + 1, json_string_value(value));
        }
        if (!add_mark(marks, (struct mark){.day = d.day, .work = true}, "work", i, err)) {
            return false;
        }
    }
    return true;
}

static bool known_members(const json_t *doc, struct err *err)
{
    static const char *const members[] = {"year", "version", "paper", "rest", "work"};
    const size_t count = sizeof members / sizeof members[0];
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)doc, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            known = known || strcmp(key, members[i]) == 0;
        }
        if (!known) {
            err_set(err, ERR_FORM, _("unknown member “%.40s”"), key);
            const char *near = text_nearest(key, members, count);
            return near == NULL ? false : err_hint(err, _("Did you mean “%s”?"), near);
        }
    }
    return true;
}

/* Everything of the document into marks; nothing of the calendar is touched. */
static bool read_doc(const json_t *doc, struct marks *marks, struct err *err)
{
    if (!json_is_object(doc)) {
        return err_set(err, ERR_FORM, _("a calendar year must be an object"));
    }
    if (!known_members(doc, err)) {
        return false;
    }
    int64_t year = json_number(doc, "year", 0);
    if (year <= YEAR_FIRST || year > YEAR_LAST) {
        return err_set(
            err, ERR_FORM, _("year: a number from %d to %d is needed"), YEAR_FIRST + 1, YEAR_LAST);
    }
    int64_t version = json_number(doc, "version", 0);
    if (version < 1 || version > INT32_MAX) {
        return err_set(err, ERR_FORM, _("version: a number from 1 up is needed"));
    }
    const json_t *paper = json_object_get(doc, "paper");
    if (paper != NULL && !json_is_string(paper)) {
        return err_set(err, ERR_FORM, _("paper: text is needed"));
    }
    static const char *const lists[] = {"rest", "work"};
    for (size_t i = 0; i < 2; i++) {
        const json_t *list = json_object_get(doc, lists[i]);
        /* A Lua table without items has no way to say which of the two it is. */
        if (!json_is_array(list) && !(json_is_object(list) && json_object_size(list) == 0)) {
            return err_set(err, ERR_FORM, _("%s: a list is needed"), lists[i]);
        }
    }
    return read_rest(json_object_get(doc, "rest"), (int)year, marks, err) &&
           read_work(json_object_get(doc, "work"), (int)year, marks, err);
}

/* --- keeping the years ---------------------------------------------------------------------- */

static const struct year_doc *find_year(const struct calendar *c, int year)
{
    for (size_t i = 0; i < c->year_count; i++) {
        if (c->years[i].year == year) {
            return &c->years[i];
        }
    }
    return NULL;
}

/* Later notices overrule earlier ones on the December days both name: years ascend. */
static void put_mark(struct calendar *c, struct mark mark)
{
    for (size_t i = c->mark_count; i > 0 && c->marks[i - 1].day >= mark.day; i--) {
        if (c->marks[i - 1].day == mark.day) {
            c->marks[i - 1] = mark;
            return;
        }
    }
    c->marks[c->mark_count++] = mark;
    for (size_t i = c->mark_count - 1; i > 0 && c->marks[i - 1].day > c->marks[i].day; i--) {
        struct mark swap = c->marks[i];
        c->marks[i] = c->marks[i - 1];
        c->marks[i - 1] = swap;
    }
}

static void rebuild_marks(struct calendar *c)
{
    struct marks *one = mem_alloc(sizeof *one);
    mem_free(c->marks);
    c->marks = mem_array(c->year_count * MARKS_MAX, sizeof *c->marks);
    c->mark_count = 0;
    for (size_t i = 0; i < c->year_count; i++) {
        one->count = 0;
        bool read = read_doc(c->years[i].doc, one, NULL);
        assert(read); /* it was read before it was kept */
        (void)read;
        qsort(one->items, one->count, sizeof one->items[0], compare_marks);
        for (size_t j = 0; j < one->count; j++) {
            put_mark(c, one->items[j]);
        }
    }
    mem_free(one);
    int32_t gain = 0;
    for (size_t i = 0; i < c->mark_count; i++) {
        gain += (int32_t)c->marks[i].work - (int32_t)weekday_works(c->marks[i].day);
        c->marks[i].gain = gain;
    }
}

static void keep_doc(struct calendar *c, int year, int version, const json_t *doc)
{
    size_t i = 0;
    while (i < c->year_count && c->years[i].year < year) {
        i++;
    }
    if (i < c->year_count && c->years[i].year == year) {
        json_decref(c->years[i].doc);
    } else {
        c->years = mem_resize(c->years, (c->year_count + 1) * sizeof *c->years);
        memmove(&c->years[i + 1], &c->years[i], (c->year_count - i) * sizeof *c->years);
        c->year_count++;
    }
    c->years[i] = (struct year_doc){year, version, json_deep_copy(doc)};
}

bool calendar_add(struct calendar *c, const json_t *year, struct err *err)
{
    struct marks *marks = mem_alloc(sizeof *marks);
    bool sound = read_doc(year, marks, err);
    mem_free(marks);
    if (!sound) {
        return false;
    }
    int number = (int)json_number(year, "year", 0), version = (int)json_number(year, "version", 0);
    if (version <= calendar_version_of(c, number)) {
        err_set(err, ERR_STATE, _("version %d of the calendar of %d is loaded already"),
            calendar_version_of(c, number), number);
        return err_hint(err, _("A changed notice needs a higher version than %d."),
            calendar_version_of(c, number));
    }
    keep_doc(c, number, version, year);
    rebuild_marks(c);
    return true;
}

bool calendar_has_year(const struct calendar *c, int year)
{
    return find_year(c, year) != NULL;
}

int calendar_version_of(const struct calendar *c, int year)
{
    const struct year_doc *y = find_year(c, year);
    return y == NULL ? 0 : y->version;
}

json_t *calendar_years(const struct calendar *c)
{
    json_t *years = json_object();
    for (size_t i = 0; i < c->year_count; i++) {
        char key[12];
        snprintf(key, sizeof key, "%d", c->years[i].year);
        json_put_number(years, key, c->years[i].version);
    }
    return years;
}

const json_t *calendar_year_doc(const struct calendar *c, int year)
{
    const struct year_doc *y = find_year(c, year);
    return y == NULL ? NULL : y->doc;
}

/* --- asking about days ---------------------------------------------------------------------- */

/* How many marks lie on or before day. */
static size_t marks_upto(const struct calendar *c, int32_t day)
{
    size_t low = 0, high = c->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->marks[middle].day <= day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct mark *mark_of(const struct calendar *c, struct date d)
{
    size_t n = marks_upto(c, d.day);
    return n > 0 && c->marks[n - 1].day == d.day ? &c->marks[n - 1] : NULL;
}

bool calendar_is_workday(const struct calendar *c, struct date d)
{
    const struct mark *m = mark_of(c, d);
    return m != NULL ? m->work : weekday_works(d.day);
}

bool calendar_is_makeup(const struct calendar *c, struct date d)
{
    const struct mark *m = mark_of(c, d);
    return m != NULL && m->work;
}

bool calendar_is_holiday(const struct calendar *c, struct date d)
{
    const struct mark *m = mark_of(c, d);
    return m != NULL && !m->work;
}

const char *calendar_rest_name(const struct calendar *c, struct date d)
{
    const struct mark *m = mark_of(c, d);
    if (m != NULL) {
        return m->name; /* NULL for a make-up day */
    }
    int weekday = date_weekday(d);
    return weekday == 6 ? _("Saturday") : weekday == 7 ? _("Sunday") : NULL;
}

struct date calendar_add_workdays(const struct calendar *c, struct date d, int n)
{
    int step = n < 0 ? -1 : 1;
    for (int left = abs(n); left > 0;) {
        d = date_add_days(d, step);
        left -= calendar_is_workday(c, d);
    }
    return d;
}

/* Mondays to Fridays from 1969-12-29, a Monday, up to and including day. */
static int32_t weekdays_upto(int32_t day)
{
    int32_t since = day + 4; /* days behind the one before that Monday */
    int32_t weeks = since / 7 - (since % 7 < 0);
    int32_t rest = since - weeks * 7;
    return weeks * 5 + (rest < 5 ? rest : 5);
}

static int32_t workdays_upto(const struct calendar *c, int32_t day)
{
    size_t n = marks_upto(c, day);
    return weekdays_upto(day) + (n > 0 ? c->marks[n - 1].gain : 0);
}

int calendar_workdays_between(const struct calendar *c, struct date from, struct date to)
{
    return workdays_upto(c, to.day) - workdays_upto(c, from.day);
}

struct date calendar_roll_next(const struct calendar *c, struct date d)
{
    while (!calendar_is_workday(c, d)) {
        d = date_add_days(d, 1);
    }
    return d;
}

struct date calendar_roll_previous(const struct calendar *c, struct date d)
{
    while (!calendar_is_workday(c, d)) {
        d = date_add_days(d, -1);
    }
    return d;
}
