/* rpc/methods_links.c — one matter in several cases: where it is, what looks the same, and a person
 * who says so. Of a case the caller may not read nothing is said but number, workflow, state and
 * body; of one under seal nothing at all. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "rpc/case_rows.h"
#include "rpc/likeness.h"

#include <stdlib.h>
#include <string.h>

enum { LINEAGE_MAX = 200, MATCHES_MAX = 20, MATCHES_DAYS = 365 };

/* Only these members are for everybody. */
static json_t *bare(const json_t *row)
{
    static const char *const open[] = {"id", "number", "flow", "flow_title", "state", "state_title",
        "host", "host_name", "opened_at", "closed_at"};
    json_t *o = json_object();
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        json_t *value = json_object_get(row, open[i]);
        if (value != NULL) {
            json_object_set(o, open[i], value);
        }
    }
    return o;
}

/* --- lineage ---------------------------------------------------------------------------------- */

struct lineage {
    struct call *call;
    struct casefile *kase; /* owned copy: the case asked for */
};

/* What the case asked for knows of the row; NULL: nothing. */
static const json_t *link_of(const struct casefile *c, const char *id)
{
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        const json_t *link = json_array_get(c->links, i);
        if (text_equal(json_text(link, "case"), id)) {
            return link;
        }
    }
    return NULL;
}

static json_t *lineage_item(const struct lineage *l, const json_t *row)
{
    bool here = json_number(row, "id_number", 0) == l->kase->id;
    const json_t *link = link_of(l->kase, json_text(row, "id"));
    json_t *item = bare(row);
    bool readable = here || json_flag(row, "readable");
    if (readable) {
        json_put_text(item, "title", json_text(row, "title"));
    }
    if (here) {
        json_put_text(item, "outcome", l->kase->outcome);
    } else if (link != NULL) {
        json_put_text(item, "outcome", json_text(link, "outcome"));
    }
    json_put_text(item, "kind", json_text(link, "kind"));
    json_object_set_new(item, "here", json_boolean(here));
    json_object_set_new(item, "readable", json_boolean(readable));
    return item;
}

/* The body that handed it over, where this case knows it. */
static void put_from(const struct lineage *l, json_t *item)
{
    bool told = json_flag(item, "here") && engine_shows_words(l->kase, call_actor(l->call));
    for (size_t i = 0; told && i < json_array_size(l->kase->links); i++) {
        const json_t *link = json_array_get(l->kase->links, i);
        const char *kind = json_text(link, "kind");
        if (text_equal(kind, "from") || text_equal(kind, "whole")) {
            json_put_text(item, "from", json_text(link, "number"));
        }
    }
}

static void lineage_came(json_t *rows, const struct err *err, void *ctx)
{
    struct lineage *l = ctx;
    struct call *c = l->call;
    call_enter(c);
    json_t *items = json_array(), *where = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_put_number(row, "id_number", json_number(row, "id", 0));
        bool sealed = json_text(row, "title") == NULL && !json_flag(row, "readable");
        json_object_set_new(row, "sealed", json_boolean(sealed)); /* before it is called so */
    }
    engine_decorate_rows(service_of(c)->with.engine, rows);
    json_array_foreach(rows, i, row)
    {
        bool here = json_number(row, "id_number", 0) == l->kase->id;
        if (!here && json_flag(row, "sealed")) {
            continue;
        }
        json_t *item = lineage_item(l, row);
        put_from(l, item);
        if (json_text(row, "closed_at") == NULL) {
            json_array_append(where, json_object_get(row, "number"));
        }
        json_array_append_new(items, item);
    }
    char *root = mem_printf("c%lld", (long long)(l->kase->root != 0 ? l->kase->root : l->kase->id));
    if (rows == NULL) {
        call_fail(c, err);
        json_decref(items);
        json_decref(where);
    } else {
        call_reply(c, json_pack("{s:s,s:o,s:o}", "root", root, "items", items, "where", where));
    }
    mem_free(root);
    casefile_free(l->kase);
    mem_free(l);
}

/* The lineage of the case, and of every one that was linked with it as the same matter. */
static void lineage_it(struct call *c, const struct casefile *kase)
{
    struct lineage *l = mem_alloc(sizeof(*l));
    *l = (struct lineage){c, casefile_copy(kase)};
    json_t *roots = json_array(), *ids = json_pack("[I]", (json_int_t)kase->id);
    bool shown = engine_shows_words(kase, call_actor(c)); /* else it stands alone */
    if (kase->root != 0 && shown) {
        json_array_append_new(roots, json_integer(kase->root));
    }
    for (size_t i = 0; shown && i < json_array_size(kase->links); i++) {
        const json_t *link = json_array_get(kase->links, i);
        const char *id = json_text(link, "case");
        bool hidden = json_flag(link, "sealed") && text_equal(json_text(link, "kind"), "to");
        if (id != NULL && !hidden) {
            json_array_append_new(ids, json_integer(strtoll(id + 1, NULL, 10)));
            if (json_object_get(link, "root") != NULL) {
                json_array_append(roots, json_object_get(link, "root"));
            }
        }
    }
    json_t *args = json_pack("{s:o,s:o,s:i,s:o}", "roots", roots, "ids", ids, "limit",
        (int)LINEAGE_MAX, "scope", service_scope(c, "case.read"));
    store_ask(service_of(c)->with.store, ASK_LINEAGE, args, lineage_came, l);
}

static void case_lineage(struct call *c)
{
    case_read(c, lineage_it);
}

/* --- matches ---------------------------------------------------------------------------------- */

static int by_score(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t sx = json_number(x, "score", 0), sy = json_number(y, "score", 0);
    return sx != sy ? (sx < sy ? 1 : -1) : (json_number(x, "at", 0) < json_number(y, "at", 0));
}

/* The best first, as many as a person looks through. Takes items. */
static json_t *best(json_t *items)
{
    size_t n = json_array_size(items);
    json_t **all = mem_array(n + 1, sizeof *all), *list = json_array();
    for (size_t i = 0; i < n; i++) {
        all[i] = json_array_get(items, i);
    }
    qsort(all, n, sizeof *all, by_score);
    for (size_t i = 0; i < n && i < MATCHES_MAX; i++) {
        json_array_append(list, all[i]);
    }
    mem_free(all);
    json_decref(items);
    return list;
}

static void matches_came(json_t *rows, const struct err *err, void *ctx)
{
    struct lineage *l = ctx;
    struct call *c = l->call;
    call_enter(c);
    if (rows == NULL) {
        call_fail(c, err);
    } else {
        struct engine *e = service_of(c)->with.engine;
        json_t *items = json_array(), *row;
        size_t i;
        engine_decorate_rows(e, rows);
        json_array_foreach(rows, i, row)
        {
            json_t *why = json_array();
            int score = likeness(e, l->kase, row, why);
            if (score < LIKENESS_SHOWN) {
                json_decref(why);
                continue;
            }
            json_t *item = json_flag(row, "readable") ? json_copy(row) : bare(row);
            json_object_del(item, "names");
            json_put_number(item, "score", score);
            json_object_set_new(item, "why", why);
            json_object_set_new(
                item, "linked", json_boolean(link_of(l->kase, json_text(row, "id")) != NULL));
            json_array_append_new(items, item);
        }
        call_reply(c, service_items(best(items)));
    }
    casefile_free(l->kase);
    mem_free(l);
}

static void matches_it(struct call *c, const struct casefile *kase)
{
    struct service *s = service_of(c);
    if (!engine_shows_words(kase, call_actor(c))) { /* what is alike would tell who it is about */
        call_reply(c, service_items(json_array()));
        return;
    }
    struct lineage *l = mem_alloc(sizeof(*l));
    *l = (struct lineage){c, casefile_copy(kase)};
    const struct place *p =
        kase->place == NULL ? NULL : org_place(engine_org(s->with.engine), kase->place);
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(kase->parties); i++) {
        const char *name = json_text(json_array_get(kase->parties, i), "name");
        if (name != NULL && utf8_length(name) > 1) {
            json_array_add_once(names, name);
        }
    }
    json_t *args = json_pack("{s:I,s:o,s:s,s:I,s:i,s:o}", "case", (json_int_t)kase->id, "names",
        names, "place", p == NULL ? "" : p->path, "since_ms",
        (json_int_t)(kase->opened_ms - MATCHES_DAYS * MS_PER_DAY), "limit", (int)LINEAGE_MAX,
        "scope", service_scope(c, "case.read"));
    store_ask(s->with.store, ASK_MATCHES, args, matches_came, l);
}

static void case_matches(struct call *c)
{
    case_read(c, matches_it);
}

/* --- a person says so ------------------------------------------------------------------------- */

/* What the engine must know of the other case; it is told the rest by letter. */
static void other_read(const struct casefile *other, const struct err *failure, void *ctx)
{
    struct call *c = ctx;
    struct err err = {0};
    call_enter(c);
    bool sealed = other != NULL && engine_case_sealed(other);
    if (other == NULL || sealed) {
        err_set(&err, ERR_NOT_FOUND, _("There is no such case"));
        call_fail(c, sealed ? &err : failure);
        err_clear(&err);
        return;
    }
    char *id = mem_printf("c%lld", (long long)other->id);
    json_t *args = service_pick(c, "reason");
    json_object_set_new(args, "other",
        json_pack("{s:s,s:s,s:s,s:s?,s:s,s:I,s:I}", "case", id, "number", other->number, "flow",
            other->flow, "body", other->host, "status",
            engine_case_status(service_of(c)->with.engine, other), "version",
            (json_int_t)other->version, "root",
            (json_int_t)(other->root != 0 ? other->root : other->id)));
    mem_free(id);
    case_submit(c, COMMAND_LINK, args);
}

static void case_link(struct call *c)
{
    static const struct actor self = {.kind = ACTOR_SYSTEM, .user = "system"};
    engine_read(
        service_of(c)->with.engine, call_text(c, "other"), &self, "case.read", other_read, c);
}

static void case_unlink(struct call *c)
{
    case_submit(c, COMMAND_UNLINK, service_pick(c, "link reason"));
}

static const struct method rows[] = {
    {"case.lineage", case_lineage, 0,
        N_("Where a matter came from, what became of it, and where it is now."), PARAMS(CASE_PARAM),
        PARAMS(NEED("root", PARAM_ID, N_("id of its first case")),
            NEED("items", PARAM_LIST, N_("its cases, oldest first")),
            NEED("where", PARAM_LIST, N_("numbers of those that are open"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\"}",
        "{\"root\":\"12\",\"items\":[],\"where\":[\"羊调26-0001\"]}"},
    {"case.matches", case_matches, 0,
        N_("Cases that may be the same matter, with reasons; a person decides."),
        PARAMS(CASE_PARAM),
        PARAMS(NEED("items", PARAM_LIST, N_("rows with score, why and linked, likeliest first"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\"}", "{\"items\":[]}"},
    {"case.link", case_link, METHOD_MUTATING,
        N_("Says that two cases are the same matter; both histories tell it."),
        PARAMS(CASE_PARAM, NEED("other", PARAM_CASE, N_("number of the other case")),
            REASON_PARAM(N_("why; kept in the history"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"other\":\"镇信26-0007\",\"reason\":\"同一处地界\"}", COMMAND_EXAMPLE},
    {"case.unlink", case_unlink, METHOD_MUTATING,
        N_("Takes back that two cases are the same matter."),
        PARAMS(CASE_PARAM, NEED("link", PARAM_NAME, N_("id of the link, as the page shows it")),
            REASON_PARAM(N_("why; kept in the history"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"link\":\"l1\",\"reason\":\"不是一回事\"}", COMMAND_EXAMPLE},
};

const struct method_table links_table = METHOD_TABLE(rows);
