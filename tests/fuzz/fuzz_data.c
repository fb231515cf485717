/* tests/fuzz/fuzz_data.c — files people write: workflows, data files, tables, calendars and
 * organisations.
 *
 * The first byte says which door the rest goes through. What must hold: it is taken or refused in
 * words, within the budget; what is taken can be asked; a refused year leaves the calendar as it
 * was. */
#include "base/csv.h"
#include "base/json.h"
#include "base/lang.h"
#include "domain/calendar.h"
#include "domain/flow.h"
#include "domain/org.h"
#include "script/script.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held) {
        abort();
    }
}

static void refused(struct err *err)
{
    must(err->code != ERR_NONE && err->message[0] != '\0');
    err_clear(err);
}

static void workflow(const char *text, size_t len)
{
    /* A tenth of a real budget: libFuzzer would call a script that uses all of it slow. */
    struct script_limits limits = script_limits_default;
    limits.instructions /= 10;
    struct err err = {0};
    struct flow *flow = NULL;
    struct script *s = script_load(text, len, "fuzz.lua", &limits, &flow, &err);
    if (s == NULL) {
        must(flow == NULL);
        refused(&err);
        return;
    }
    must(flow != NULL);
    flow_free(flow);
    script_free(s);
}

static void data_file(const char *text, size_t len)
{
    struct err err = {0};
    json_t *doc = datafile_parse(text, len, "fuzz.lua", &err);
    if (doc == NULL) {
        refused(&err);
        return;
    }
    char *said = json_compact(doc);
    must(said != NULL);
    free(said);
    json_decref(doc);
}

static void table(const char *text, size_t len)
{
    struct err err = {0};
    json_t *rows = csv_parse(text, len, "fuzz.csv", &err);
    if (rows == NULL) {
        refused(&err);
    }
    json_decref(rows);
}

static void year(const char *text, size_t len)
{
    struct err err = {0};
    json_t *doc = json_parse(text, len, &err);
    if (doc == NULL) {
        refused(&err);
        return;
    }
    struct calendar *c = calendar_new();
    if (calendar_add(c, doc, &err)) {
        int number = (int)json_number(doc, "year", 0);
        must(calendar_has_year(c, number));
        struct date d;
        must(date_make(number, 1, 1, &d));
        for (int i = 0; i < 370; i++) {
            struct date next = calendar_add_workdays(c, d, 1);
            must(date_compare(d, next) < 0 && calendar_is_workday(c, next));
            d = date_add_days(d, 1);
        }
    } else {
        refused(&err);
        json_t *years = calendar_years(c);
        must(json_object_size(years) == 0);
        json_decref(years);
    }
    calendar_free(c);
    json_decref(doc);
}

static void organisation(const char *text, size_t len)
{
    struct err err = {0};
    json_t *doc = json_parse(text, len, &err);
    struct org *o = doc == NULL ? NULL : org_load(doc, &err);
    if (o == NULL) {
        refused(&err);
    }
    for (size_t i = 0; o != NULL && i < org_place_count(o); i++) {
        must(place_within(org_place_at(o, i), org_place_at(o, i)));
    }
    org_free(o);
    json_decref(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const doors[])(const char *text, size_t len) = {
        workflow, data_file, table, year, organisation};
    lang_use(LANG_EN);
    if (size > 0) {
        char *text = malloc(size); /* NUL behind it, as behind what a file was read into */
        must(text != NULL);
        memcpy(text, data + 1, size - 1);
        text[size - 1] = '\0';
        doors[data[0] % (sizeof doors / sizeof doors[0])](text, size - 1);
        free(text);
    }
    return 0;
}
