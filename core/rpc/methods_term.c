/* rpc/methods_term.c — the register of legal time limits: what is in force, and how it changes.
 *
 * A register moves the ends of open clocks, so, as with calendars, one administrator asks for it
 * and it comes into force when another one asks for the same, or confirms it by its name. */
#include "rpc/proposals.h"
#include "rpc/service.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 5000 };
static const char kind[] = "terms";

/* What waits, each with what it would change: nobody confirms a name. New reference. */
static json_t *waiting_rows(struct service *s)
{
    json_t *rows = proposals_list(s->proposals, kind), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        struct terms *asked = terms_load(json_member(row, "doc"), NULL);
        if (asked != NULL) {
            json_object_set_new(
                row, "differences", terms_differences(engine_terms(s->with.engine), asked));
        }
        terms_free(asked);
    }
    return rows;
}

static void list(struct call *c)
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
    json_t *page = service_items(items);
    json_object_set_new(page, "waiting", waiting_rows(service_of(c)));
    call_reply(c, page);
}

/* --- two administrators ----------------------------------------------------------------------- */

struct loading {
    json_t *doc, *ids, *differences; /* owned; ids: the terms that change */
    struct terms *terms;             /* owned until in force */
};

static void loading_free(struct loading *l)
{
    json_decref(l->doc);
    json_decref(l->ids);
    json_decref(l->differences);
    terms_free(l->terms);
    mem_free(l);
}

/* Every workflow in force must find its terms in the new register. */
static bool flows_fit(const struct engine *e, const struct terms *terms, struct err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < engine_flow_count(e); i++) {
        const struct flow *flow = engine_flow_at(e, i);
        json_t *diagnostics = flow_verify(flow, terms), *row;
        size_t n;
        json_array_foreach(diagnostics, n, row)
        {
            if (ok && text_equal(json_text(row, "level"), "error")) {
                ok =
                    err_set(err, ERR_STATE, _("the workflow %s does not go with this register: %s"),
                        flow->title, json_text(row, "message"));
            }
        }
        json_decref(diagnostics);
    }
    return ok;
}

/* NULL and err when the register cannot come into force. */
static struct loading *loading_of(struct service *s, const json_t *doc, struct err *err)
{
    struct engine *e = s->with.engine;
    struct terms *terms = terms_load(doc, err);
    if (terms == NULL) {
        return NULL;
    }
    struct loading *l = mem_alloc(sizeof *l);
    l->doc = json_incref((json_t *)(uintptr_t)doc);
    l->terms = terms;
    l->ids = terms_changed(engine_terms(e), terms);
    l->differences = terms_differences(engine_terms(e), terms);
    if (json_array_size(l->ids) == 0) {
        err_set(err, ERR_STATE, _("this register of terms is in force already"));
        err_hint(err, "%s", _("What is in force: fengqiao term list"));
    } else if (flows_fit(e, terms, err)) {
        return l;
    }
    loading_free(l);
    return NULL;
}

/* {terms, differences, waiting, confirm}; new reference. */
static json_t *waiting(const struct loading *l)
{
    char name[PROPOSAL_TEXT];
    return json_pack("{s:O, s:O, s:b, s:s}", "terms", l->ids, "differences", l->differences,
        "waiting", 1, "confirm", proposal_name(l->doc, name));
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
    call_reply(
        c, json_pack("{s:O, s:O}", "terms", json_member(r->result, "terms"), "changed", changed));
}

/* On disk: it comes into force, then the open clocks of the changed terms are computed anew. */
static void loaded(struct call *c, json_t *response, void *ctx)
{
    struct loading *l = ctx;
    (void)response;
    if (c != NULL) {
        struct service *s = service_of(c);
        char name[PROPOSAL_TEXT];
        proposals_drop(s->proposals, kind, proposal_name(l->doc, name));
        engine_set_terms(s->with.engine, l->terms);
        l->terms = NULL;
        engine_recompute_terms(s->with.engine, l->ids, recomputed, c);
    }
    loading_free(l);
}

static void proposed(struct call *c, json_t *response, void *ctx)
{
    struct loading *l = ctx;
    if (c != NULL) {
        struct service *s = service_of(c);
        proposals_add(s->proposals, kind, l->doc, call_actor(c)->user, service_now_ms(s));
        call_reply(c, json_incref(response));
    }
    loading_free(l);
}

static void write_terms(struct call *c, struct loading *l, const char *first)
{
    char *text = json_canonical(l->doc), hex[DIGEST_TEXT];
    struct digest d = digest_of(text, strlen(text));
    free(text);
    struct record records[] = {
        {RECORD_TERMS, json_pack("{s:O, s:I, s:s}", "doc", l->doc, "loaded_ms",
                           (json_int_t)service_now_ms(service_of(c)), "hash", digest_hex(&d, hex))},
        audit_record(
            c, "terms.load", NULL, json_pack("{s:s, s:O}", "proposed_by", first, "terms", l->ids)),
    };
    service_record(c, records, 2, json_pack("{s:O}", "terms", l->ids), loaded, l);
}

static void write_proposal(struct call *c, struct loading *l)
{
    struct record record = audit_record(
        c, "terms.propose", NULL, json_pack("{s:O, s:O}", "doc", l->doc, "terms", l->ids));
    service_record(c, &record, 1, waiting(l), proposed, l);
}

/* What the call is about: the content it brings, or the one that waits under the name. Borrowed. */
static const json_t *doc_of(struct call *c, const char **by_out)
{
    struct service *s = service_of(c);
    char name[PROPOSAL_TEXT];
    const json_t *doc = call_param(c, "doc");
    *by_out = NULL;
    if (doc != NULL) {
        proposals_find(s->proposals, kind, proposal_name(doc, name), by_out);
        return doc;
    }
    return call_has(c, "confirm")
               ? proposals_find(s->proposals, kind, call_text(c, "confirm"), by_out)
               : NULL;
}

static void load_fresh(struct call *c)
{
    const char *by;
    const json_t *doc = doc_of(c, &by);
    struct err err = {0};
    struct loading *l = doc != NULL ? loading_of(service_of(c), doc, &err) : NULL;
    if (doc == NULL) {
        err_set(&err, ERR_NOT_FOUND, _("nothing waits for confirmation under that name"));
        err_hint(
            &err, "%s", _("term.list shows what waits; after a restart it is asked for again"));
    }
    if (l == NULL) {
        call_refuse(c, &err);
    } else if (by == NULL) {
        write_proposal(c, l);
    } else if (text_equal(by, call_actor(c)->user)) {
        call_reply(c, waiting(l)); /* nobody is two */
        loading_free(l);
    } else {
        write_terms(c, l, by);
    }
}

static void load(struct call *c)
{
    if (service_may(c, "calendar.load")) {
        service_once(c, load_fresh);
    }
}

static const struct method rows[] = {
    {"term.list", list, 0, N_("The register of legal time limits."),
        PARAMS(MAY("date", PARAM_DATE, N_("only those in force on this day"))),
        PARAMS(NEED("items", PARAM_LIST, N_("terms: id, title, span, law, from, to …")),
            MAY("waiting", PARAM_LIST,
                N_("what a second administrator must confirm: confirm, by, at, doc, differences"))),
        ERRORS(ERR_FORBIDDEN), "{\"date\":\"2026-01-05\"}", "{\"items\":[]}"},
    {"terms.load", load, METHOD_MUTATING,
        N_("Asks for another register of terms; when a second administrator asks for the same it "
           "is "
           "in force, and the open clocks of the changed terms are computed anew."),
        PARAMS(MAY("doc", PARAM_LIST, N_("every row of the register, as in terms.lua"),
                   .max = ROWS_MAX),
            MAY("confirm", PARAM_NAME, N_("instead of doc: the name of what waits"))),
        PARAMS(NEED("terms", PARAM_LIST, N_("ids of the terms that change")),
            MAY("differences", PARAM_LIST,
                N_("while it waits: id, title, and the rows before and after")),
            MAY("waiting", PARAM_BOOL, N_("a second administrator must confirm it")),
            MAY("confirm", PARAM_TEXT, N_("the name to confirm it by")),
            MAY("changed", PARAM_LIST,
                N_("due dates that changed: case, clock, from, to; not repeated "
                   "for a repeated key"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_FORM, ERR_STATE, ERR_KEY_REUSED, ERR_READ_ONLY),
        "{\"confirm\":\"0123456789ab\"}", "{\"terms\":[\"XF.HANDLE\"],\"changed\":[]}"},
};
const struct method_table term_table = METHOD_TABLE(rows);
