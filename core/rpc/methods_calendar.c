/* rpc/methods_calendar.c — holiday calendars, the register of terms, and when a period ends. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "domain/due_query.h"

#include <stdlib.h>

/* --- calendar.due ----------------------------------------------------------------------------- */

static void due_method(struct call *c)
{
    struct engine *e = service_of(c)->with.engine;
    struct err err = {0};
    if (!service_may(c, "calendar.read")) {
        return;
    }
    json_t *answer = due_query(engine_calendar(e), engine_terms(e), call_params(c), &err);
    if (answer != NULL) {
        call_reply(c, answer);
    } else {
        call_refuse(c, &err);
    }
}

/* --- calendars -------------------------------------------------------------------------------- */

static void list(struct call *c)
{
    const struct calendar *cal = engine_calendar(service_of(c)->with.engine);
    if (!service_may(c, "calendar.read")) {
        return;
    }
    json_t *items = json_array(), *years = calendar_years(cal), *version;
    const char *year;
    json_object_foreach(years, year, version)
    {
        const json_t *doc = calendar_year_doc(cal, atoi(year));
        json_array_append_new(items, json_pack("{s:i, s:O, s:s?}", "year", atoi(year), "version",
                                         version, "paper", json_text(doc, "paper")));
    }
    json_decref(years);
    call_reply(c, service_items(items));
}

static void show(struct call *c)
{
    if (!service_may(c, "calendar.read")) {
        return;
    }
    int year = (int)call_int(c, "year", 0);
    const json_t *doc = calendar_year_doc(engine_calendar(service_of(c)->with.engine), year);
    if (doc == NULL) {
        struct err err = {0};
        err_set(&err, ERR_NOT_FOUND, _("the calendar of %d is not loaded"), year);
        err_hint(
            &err, "%s", _("due dates that touch it count Monday to Friday and are provisional"));
        call_refuse(c, &err);
        return;
    }
    call_reply(c, json_deep_copy(doc));
}

static void recomputed(const struct command_result *r, void *ctx)
{
    struct call *c = ctx;
    call_enter(c);
    if (r->err != NULL) {
        call_fail(c, r->err);
        return;
    }
    json_t *doc = call_param(c, "doc"), *changed = json_member(r->result, "changed");
    call_reply(c, json_pack("{s:I, s:I, s:o}", "year", (json_int_t)json_number(doc, "year", 0),
                      "version", (json_int_t)json_number(doc, "version", 0), "changed",
                      changed != NULL ? json_incref(changed) : json_array()));
}

/* The calendar is on disk: it comes into force, then every open clock it touches is computed anew.
 */
static void loaded(struct call *c, json_t *response, void *ctx)
{
    (void)response;
    (void)ctx;
    struct service *s = service_of(c);
    struct err err = {0};
    json_t *doc = call_param(c, "doc");
    if (!calendar_add(engine_calendar(s->with.engine), doc, &err)) {
        call_refuse(c, &err);
        return;
    }
    engine_recompute(s->with.engine, (int)json_number(doc, "year", 0), recomputed, c);
}

/* Would the calendar take it? Tried on one of its own, so that nothing changes before the disk. */
static bool acceptable(struct service *s, const json_t *doc, struct err *err)
{
    struct calendar *trial = calendar_new();
    bool ok = calendar_add(trial, doc, err);
    calendar_free(trial);
    int year = (int)json_number(doc, "year", 0);
    int version = calendar_version_of(engine_calendar(s->with.engine), year);
    if (ok && version >= json_number(doc, "version", 0)) {
        return err_set(
            err, ERR_STATE, _("version %d of the calendar of %d is loaded already"), version, year);
    }
    return ok;
}

static void load_fresh(struct call *c)
{
    struct service *s = service_of(c);
    json_t *doc = call_param(c, "doc");
    struct err err = {0};
    if (!acceptable(s, doc, &err)) {
        call_refuse(c, &err);
        return;
    }
    int64_t year = json_number(doc, "year", 0), version = json_number(doc, "version", 0);
    char *subject = mem_printf("%lld", (long long)year);
    struct record records[] = {
        {RECORD_CALENDAR,
            json_pack("{s:I, s:I, s:O, s:I}", "year", (json_int_t)year, "version",
                (json_int_t)version, "doc", doc, "loaded_ms", (json_int_t)service_now_ms(s))},
        audit_record(c, "calendar.load", subject, NULL),
    };
    service_record(c, records, 2,
        json_pack("{s:I, s:I}", "year", (json_int_t)year, "version", (json_int_t)version), loaded,
        NULL);
    mem_free(subject);
}

static void load(struct call *c)
{
    if (service_may(c, "calendar.load")) {
        service_once(c, load_fresh);
    }
}

/* --- terms ------------------------------------------------------------------------------------ */

static void terms(struct call *c)
{
    const struct terms *t = engine_terms(service_of(c)->with.engine);
    struct date d;
    bool dated = call_date(c, "date", &d);
    if (!service_may(c, "calendar.read")) {
        return;
    }
    json_t *items = json_array();
    for (size_t i = 0; t != NULL && i < terms_count(t); i++) {
        const struct term *row = terms_at(t, i);
        if (!dated || (date_compare(row->from, d) <= 0 && date_compare(d, row->to) <= 0)) {
            json_array_append_new(items, term_json(row));
        }
    }
    call_reply(c, service_items(items));
}

static const struct method rows[] = {
    {"calendar.due", due_method, 0,
        N_("When a period ends, and why, by the law's rules of counting."),
        PARAMS(NEED("start", PARAM_INSTANT, N_("the start event; its own day does not count")),
            MAY("term", PARAM_NAME, N_("id in the register of terms")),
            MAY("n", PARAM_INT, N_("length, when no term is named"), .min = 0, .max = 10000),
            MAY("unit", PARAM_CHOICE, N_("unit of n"),
                .choices =
                    "h d wd mon yr hours days workdays months years hour day workday month year"),
            MAY("kind", PARAM_CHOICE, N_("what the period means"),
                .choices = "max min back target"),
            MAY("roll", PARAM_CHOICE, N_("where an end on a rest day goes"),
                .choices = "next prev none"),
            MAY("excluded", PARAM_LIST, N_("days that do not count: [{from, to}]"), .max = 16),
            MAY("extension", PARAM_ANY, N_("\"30 d\", or true for the term's own")),
            MAY("litigation", PARAM_BOOL, N_("hours count from the next full hour")),
            MAY("clear_days", PARAM_BOOL, N_("backward working days are clear days"))),
        PARAMS(NEED("raw", PARAM_DATE, N_("end before rolling")),
            NEED("legal", PARAM_DATE, N_("end by law")),
            NEED("internal", PARAM_DATE, N_("end shown to the handler")),
            NEED("explain", PARAM_TEXT, N_("why, in one sentence")),
            NEED("provisional", PARAM_BOOL, N_("a calendar it touches is not published yet"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_FORM),
        "{\"start\":\"2020-01-10\",\"n\":15,\"unit\":\"d\"}",
        "{\"raw\":\"2020-01-25\",\"legal\":\"2020-02-03\",\"internal\":\"2020-01-23\","
        "\"explain\":\"15日，自收件次日2020-01-11起算，末日01-25为春节假期，顺延至02-03\","
        "\"provisional\":false}"},
    {"calendar.list", list, 0, N_("Years whose holiday calendar is loaded."), NO_PARAMS,
        PARAMS(NEED("items", PARAM_LIST, N_("years: year, version, paper"))), ERRORS(ERR_FORBIDDEN),
        "{}", "{\"items\":[{\"year\":2026,\"version\":1,\"paper\":\"国办发明电〔2025〕7号\"}]}"},
    {"calendar.show", show, 0, N_("The holiday calendar of a year."),
        PARAMS({.name = "year",
            .type = PARAM_INT,
            .flags = PARAM_REQUIRED,
            .doc = N_("year"),
            .min = 1900,
            .max = 2199}),
        PARAMS(NEED("year", PARAM_INT, N_("year")), NEED("version", PARAM_INT, N_("its version")),
            NEED("rest", PARAM_LIST, N_("holidays")),
            NEED("work", PARAM_LIST, N_("make-up working days"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"year\":2026}",
        "{\"year\":2026,\"version\":1,\"rest\":[],\"work\":[]}"},
    {"calendar.load", load, METHOD_MUTATING,
        N_("Loads the calendar of a year and computes anew every open clock it touches."),
        PARAMS({.name = "doc",
            .type = PARAM_OBJECT,
            .flags = PARAM_REQUIRED,
            .doc = N_("{year, version, paper, rest, work}")}),
        PARAMS(NEED("year", PARAM_INT, N_("year")), NEED("version", PARAM_INT, N_("its version")),
            MAY("changed", PARAM_LIST,
                N_("due dates that changed: case, clock, from, to; not repeated "
                   "for a repeated key"))),
        ERRORS(ERR_FORBIDDEN, ERR_FORM, ERR_STATE, ERR_KEY_REUSED, ERR_READ_ONLY),
        "{\"doc\":{\"year\":2027,\"version\":1,\"paper\":\"…\",\"rest\":[],\"work\":[]}}",
        "{\"year\":2027,\"version\":1,\"changed\":[]}"},
    {"term.list", terms, 0, N_("The register of legal time limits."),
        PARAMS(MAY("date", PARAM_DATE, N_("only those in force on this day"))),
        PARAMS(NEED("items", PARAM_LIST, N_("terms: id, title, span, law, from, to …"))),
        ERRORS(ERR_FORBIDDEN), "{\"date\":\"2026-01-05\"}", "{\"items\":[]}"},
};
const struct method_table calendar_table = METHOD_TABLE(rows);
