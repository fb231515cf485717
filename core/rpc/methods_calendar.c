/* rpc/methods_calendar.c — holiday calendars, and when a period ends. */
#include "rpc/proposals.h"
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
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
    json_t *page = service_items(items);
    json_object_set_new(page, "waiting", proposals_list(service_of(c)->proposals, "calendar"));
    call_reply(c, page);
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

/* --- two administrators ------------------------------------------------------------------------
 *
 * A calendar moves the end of every open clock, so one administrator asks for it and it comes into
 * force when another one asks for the same content, or confirms it by its name. */

/* What the call is about: the content it brings, or the one that waits under the name. Borrowed. */
static const json_t *doc_of(struct call *c, const char **by_out)
{
    struct service *s = service_of(c);
    char name[PROPOSAL_TEXT];
    const json_t *doc = call_param(c, "doc");
    *by_out = NULL;
    if (doc != NULL) {
        proposals_find(s->proposals, "calendar", proposal_name(doc, name), by_out);
        return doc;
    }
    return call_has(c, "confirm")
               ? proposals_find(s->proposals, "calendar", call_text(c, "confirm"), by_out)
               : NULL;
}

/* {year, version, waiting, confirm}; new reference. */
static json_t *waiting(const json_t *doc)
{
    char name[PROPOSAL_TEXT];
    return json_pack("{s:I, s:I, s:b, s:s}", "year", (json_int_t)json_number(doc, "year", 0),
        "version", (json_int_t)json_number(doc, "version", 0), "waiting", 1, "confirm",
        proposal_name(doc, name));
}

struct loading {
    json_t *doc; /* owned */
};

static void loading_free(struct loading *l)
{
    json_decref(l->doc);
    mem_free(l);
}

static void recomputed(const struct command_result *r, void *ctx)
{
    struct call *c = ctx;
    call_enter(c);
    if (r->err != NULL) {
        call_fail(c, r->err);
        return;
    }
    json_t *changed = json_member(r->result, "changed");
    const json_t *doc = calendar_year_doc(
        engine_calendar(service_of(c)->with.engine), (int)json_number(r->result, "year", 0));
    call_reply(c, json_pack("{s:I, s:I, s:o}", "year", (json_int_t)json_number(doc, "year", 0),
                      "version", (json_int_t)json_number(doc, "version", 0), "changed",
                      changed != NULL ? json_incref(changed) : json_array()));
}

/* The calendar is on disk: it comes into force, then every open clock it touches is computed anew.
 */
static void loaded(struct call *c, json_t *response, void *ctx)
{
    struct loading *l = ctx;
    (void)response;
    if (c == NULL) {
        loading_free(l);
        return;
    }
    struct service *s = service_of(c);
    struct err err = {0};
    char name[PROPOSAL_TEXT];
    int year = (int)json_number(l->doc, "year", 0);
    bool ok = calendar_add(engine_calendar(s->with.engine), l->doc, &err);
    proposals_drop(s->proposals, "calendar", proposal_name(l->doc, name));
    loading_free(l);
    if (ok) {
        engine_recompute(s->with.engine, year, recomputed, c);
    } else {
        call_refuse(c, &err);
    }
}

static void proposed(struct call *c, json_t *response, void *ctx)
{
    struct loading *l = ctx;
    if (c != NULL) {
        struct service *s = service_of(c);
        proposals_add(s->proposals, "calendar", l->doc, call_actor(c)->user, service_now_ms(s));
        call_reply(c, json_incref(response));
    }
    loading_free(l);
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

/* Takes nothing. */
static void write_calendar(struct call *c, const json_t *doc, const char *first)
{
    struct service *s = service_of(c);
    int64_t year = json_number(doc, "year", 0), version = json_number(doc, "version", 0);
    char *subject = mem_printf("%lld", (long long)year);
    struct loading *l = mem_alloc(sizeof *l);
    l->doc = json_incref((json_t *)(uintptr_t)doc);
    struct record records[] = {
        {RECORD_CALENDAR,
            json_pack("{s:I, s:I, s:O, s:I}", "year", (json_int_t)year, "version",
                (json_int_t)version, "doc", doc, "loaded_ms", (json_int_t)service_now_ms(s))},
        audit_record(c, "calendar.load", subject, json_pack("{s:s}", "proposed_by", first)),
    };
    service_record(c, records, 2,
        json_pack("{s:I, s:I}", "year", (json_int_t)year, "version", (json_int_t)version), loaded,
        l);
    mem_free(subject);
}

static void write_proposal(struct call *c, const json_t *doc)
{
    char *subject = mem_printf("%lld", (long long)json_number(doc, "year", 0));
    struct loading *l = mem_alloc(sizeof *l);
    l->doc = json_incref((json_t *)(uintptr_t)doc);
    struct record record = audit_record(
        c, "calendar.propose", subject, json_pack("{s:O}", "doc", (json_t *)(uintptr_t)doc));
    service_record(c, &record, 1, waiting(doc), proposed, l);
    mem_free(subject);
}

static void load_fresh(struct call *c)
{
    const char *by;
    const json_t *doc = doc_of(c, &by);
    struct err err = {0};
    if (doc == NULL) {
        err_set(&err, ERR_NOT_FOUND, _("nothing waits for confirmation under that name"));
        err_hint(
            &err, "%s", _("calendar.list shows what waits; after a restart it is asked for again"));
        call_refuse(c, &err);
    } else if (!acceptable(service_of(c), doc, &err)) {
        call_refuse(c, &err);
    } else if (by == NULL) {
        write_proposal(c, doc);
    } else if (text_equal(by, call_actor(c)->user)) {
        call_reply(c, waiting(doc)); /* nobody is two */
    } else {
        write_calendar(c, doc, by);
    }
}

static void load(struct call *c)
{
    if (service_may(c, "calendar.load")) {
        service_once(c, load_fresh);
    }
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
        PARAMS(NEED("items", PARAM_LIST, N_("years: year, version, paper")),
            MAY("waiting", PARAM_LIST,
                N_("what a second administrator must confirm: confirm, by, at, doc"))),
        ERRORS(ERR_FORBIDDEN), "{}",
        "{\"items\":[{\"year\":2026,\"version\":1,\"paper\":\"国办发明电〔2025〕7号\"}]}"},
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
        N_("Asks for the calendar of a year; when a second administrator asks for the same it is "
           "in "
           "force, and every open clock it touches is computed anew."),
        PARAMS(MAY("doc", PARAM_OBJECT, N_("{year, version, paper, rest, work}")),
            MAY("confirm", PARAM_NAME, N_("instead of doc: the name of what waits"))),
        PARAMS(NEED("year", PARAM_INT, N_("year")), NEED("version", PARAM_INT, N_("its version")),
            MAY("waiting", PARAM_BOOL, N_("a second administrator must confirm it")),
            MAY("confirm", PARAM_TEXT, N_("the name to confirm it by")),
            MAY("changed", PARAM_LIST,
                N_("due dates that changed: case, clock, from, to; not repeated "
                   "for a repeated key"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_FORM, ERR_STATE, ERR_KEY_REUSED, ERR_READ_ONLY),
        "{\"doc\":{\"year\":2027,\"version\":1,\"paper\":\"…\",\"rest\":[],\"work\":[]}}",
        "{\"year\":2027,\"version\":1,\"changed\":[]}"},
};
const struct method_table calendar_table = METHOD_TABLE(rows);
