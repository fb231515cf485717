/* server/reference.c — see reference.h. */
#include "server/reference.h"

#include "author/datafolder.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FILES_MAX = 1000,     /* of one folder */
    SOURCE_MAX = 8 << 20, /* bytes of one data file read as text */
};

/* The one file of the workflows' folder that is no flow: common words, joined to the categories. */
static const char words_file[] = "words.lua";

struct flow_file {
    struct flow *flow;     /* owned until given to the engine */
    struct script *script; /* likewise */
    char *source, *name;   /* owned */
};

struct reference {
    struct org *org; /* these owned until given to the engine */
    struct access *access;
    struct terms *terms;
    struct taxonomy *taxonomy; /* may be NULL */
    json_t *org_doc, *terms_doc;
    json_t *calendars; /* array, oldest version of a year first */
    struct flow_file *flows;
    size_t flow_count;
};

/* --- files ------------------------------------------------------------------------------------ */

static char *read_text(const char *path, struct err *err)
{
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        err_set(err, ERR_FILE, "%s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = mem_alloc(SOURCE_MAX + 1);
    size_t len = fread(text, 1, SOURCE_MAX, f);
    bool whole = feof(f) || fgetc(f) == EOF;
    fclose(f);
    if (!whole) {
        mem_free(text);
        err_set(err, ERR_FILE, _("%s: longer than %d bytes"), path, (int)SOURCE_MAX);
        return NULL;
    }
    text = mem_resize(text, len + 1);
    text[len] = '\0';
    return text;
}

static bool load_calendar(void *ctx, const char *path, const char *name, struct err *err)
{
    struct reference *r = ctx;
    (void)name;
    json_t *doc = datafile_load(path, err);
    if (doc == NULL) {
        return false;
    }
    struct calendar *trial = calendar_new();
    bool ok = calendar_add(trial, doc, err) || err_prefix(err, "%s: ", path);
    calendar_free(trial);
    if (ok) {
        json_array_append(r->calendars, doc);
    }
    json_decref(doc);
    return ok;
}

/* Names the line of the first error, and what was probably meant. */
static void refuse_first(
    const struct flow_file *f, const char *path, const json_t *diagnostics, struct err *err)
{
    for (size_t i = 0; i < json_array_size(diagnostics); i++) {
        const json_t *row = json_array_get(diagnostics, i);
        const char *where = json_text(row, "path"), *near = json_text(row, "near");
        if (!text_equal(json_text(row, "level"), "error")) {
            continue;
        }
        err_set(err, ERR_SCRIPT, "%s:%d: %s", path,
            where != NULL ? script_line(f->script, where) : 0, json_text(row, "message"));
        if (near != NULL) {
            err_hint(err, _("Did you mean %s?"), near);
        } else {
            err_hint(err, "%s", _("fengqiao flow check shows every problem with its line"));
        }
        return;
    }
}

static bool sound(struct reference *r, const struct flow_file *f, const char *path, struct err *err)
{
    json_t *diagnostics = flow_verify(f->flow, r->terms);
    bool ok = !flow_diagnostics_fail(diagnostics);
    if (!ok) {
        refuse_first(f, path, diagnostics, err);
    }
    json_decref(diagnostics);
    return ok;
}

static bool load_flow(void *ctx, const char *path, const char *name, struct err *err)
{
    struct reference *r = ctx;
    if (strcmp(name, words_file) == 0) {
        return true;
    }
    struct flow_file f = {.source = read_text(path, err)};
    if (f.source == NULL) {
        return false;
    }
    f.script = script_load(f.source, strlen(f.source), path, &script_limits_default, &f.flow, err);
    f.name = mem_strdup(name);
    r->flows = mem_resize(r->flows, (r->flow_count + 1) * sizeof(*r->flows));
    r->flows[r->flow_count++] = f;
    return f.script != NULL && sound(r, &f, path, err);
}

static bool load_org(struct reference *r, const char *folder, struct err *err)
{
    r->org_doc = datafolder_org(folder, err);
    if (r->org_doc == NULL) {
        return false;
    }
    r->org = org_load(r->org_doc, err);
    return r->org != NULL || err_prefix(err, "%s: ", folder);
}

static bool load_rights(struct reference *r, const char *folder, struct err *err)
{
    json_t *rows = datafolder_file(folder, "rights.lua", err);
    if (rows == NULL) {
        return false;
    }
    r->access = access_load(rows, err);
    json_decref(rows);
    return r->access != NULL || err_prefix(err, "%s/rights.lua: ", folder);
}

static bool load_terms(struct reference *r, const char *folder, struct err *err)
{
    r->terms_doc = datafolder_file(folder, "terms.lua", err);
    if (r->terms_doc == NULL) {
        return false;
    }
    r->terms = terms_load(r->terms_doc, err);
    return r->terms != NULL || err_prefix(err, "%s/terms.lua: ", folder);
}

/* One JSON object per line. */
static json_t *read_lines(const char *path, struct err *err)
{
    char *text = read_text(path, err), *save = NULL;
    json_t *rows = text != NULL ? json_array() : NULL;
    int number = 0;
    for (char *line = text != NULL ? strtok_r(text, "\n", &save) : NULL; line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        json_t *row = json_parse(line, strlen(line), err);
        number++;
        if (row == NULL) {
            err_prefix(err, "%s:%d: ", path, number);
            json_decref(rows);
            rows = NULL;
            break;
        }
        json_array_append_new(rows, row);
    }
    mem_free(text);
    return rows;
}

/* Adds the rows of workflows/words.lua, if there is one. */
static bool add_words(json_t *rows, const char *workflows, struct err *err)
{
    char *path = mem_printf("%s/%s", workflows, words_file);
    bool ok = true;
    if (access(path, F_OK) == 0) {
        json_t *words = datafile_load(path, err);
        ok = words != NULL;
        json_array_extend(rows, words);
        json_decref(words);
    }
    mem_free(path);
    return ok;
}

static bool take_taxonomy(
    struct reference *r, const char *path, const char *workflows, struct err *err)
{
    json_t *rows = text_ends(path, ".jsonl") ? read_lines(path, err) : datafile_load(path, err);
    if (rows == NULL || !add_words(rows, workflows, err)) {
        json_decref(rows);
        return false;
    }
    r->taxonomy = taxonomy_load(rows, err);
    json_decref(rows);
    return r->taxonomy != NULL || err_prefix(err, "%s: ", path);
}

static bool load_taxonomy(struct reference *r, const struct reference_paths *paths, struct err *err)
{
    char *path = paths->taxonomy[0] != '\0' ? mem_strdup(paths->taxonomy)
                                            : mem_printf("%s/categories.lua", paths->org);
    bool wanted = paths->taxonomy[0] != '\0' || access(path, F_OK) == 0;
    bool ok = !wanted || take_taxonomy(r, path, paths->workflows, err);
    mem_free(path);
    return ok;
}

/* The files beside each other: what one hands over must fit the other. One that is not there may be
 * deployed, or come later. */
static bool fit_together(const struct reference *r, struct err *err)
{
    const struct flow **known = mem_array(r->flow_count + 1, sizeof *known);
    bool ok = true;
    for (size_t i = 0; i < r->flow_count; i++) {
        known[i] = r->flows[i].flow;
    }
    for (size_t i = 0; ok && i < r->flow_count; i++) {
        json_t *diagnostics = flow_verify_links(known[i], known, r->flow_count, false);
        ok = !flow_diagnostics_fail(diagnostics);
        if (!ok) {
            refuse_first(&r->flows[i], r->flows[i].name, diagnostics, err);
        }
        json_decref(diagnostics);
    }
    mem_free(known);
    return ok;
}

void reference_links_told(const struct engine *e)
{
    json_t *rows = engine_verify_links(e, NULL), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        const char *near = json_text(row, "near"), *file = json_text(row, "file");
        bool error = text_equal(json_text(row, "level"), "error");
        log_event(error ? LOG_ERROR : LOG_WARNING, "server", "flow_link",
            "flow=%s file=%s line=%lld id=%s near=%s message=\"%s\"", json_text(row, "flow"),
            file != NULL ? file : "-", (long long)json_number(row, "line", 0), json_text(row, "id"),
            near != NULL ? near : "-", json_text(row, "message"));
    }
    json_decref(rows);
}

struct reference *reference_load(const struct reference_paths *paths, struct err *err)
{
    struct reference *r = mem_alloc(sizeof(*r));
    r->calendars = json_array();
    char *calendars = mem_printf("%s/calendar", paths->workflows);
    bool ok = load_org(r, paths->org, err) && load_rights(r, paths->org, err) &&
              load_terms(r, paths->org, err) && load_taxonomy(r, paths, err) &&
              datafolder_each_lua(calendars, true, FILES_MAX, load_calendar, r, err) &&
              datafolder_each_lua(paths->workflows, false, FILES_MAX, load_flow, r, err) &&
              fit_together(r, err);
    mem_free(calendars);
    if (!ok) {
        reference_free(r);
        return NULL;
    }
    return r;
}

void reference_free(struct reference *r)
{
    if (r == NULL) {
        return;
    }
    for (size_t i = 0; i < r->flow_count; i++) {
        flow_free(r->flows[i].flow);
        script_free(r->flows[i].script);
        mem_free(r->flows[i].source);
        mem_free(r->flows[i].name);
    }
    mem_free(r->flows);
    org_free(r->org);
    access_free(r->access);
    terms_free(r->terms);
    taxonomy_free(r->taxonomy);
    json_decref(r->org_doc);
    json_decref(r->terms_doc);
    json_decref(r->calendars);
    mem_free(r);
}

json_t *reference_stat(const struct reference *r)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "flows", (json_int_t)r->flow_count, "calendars",
        (json_int_t)json_array_size(r->calendars), "places", (json_int_t)org_place_count(r->org),
        "bodies", (json_int_t)org_body_count(r->org));
}

/* --- out of the store ------------------------------------------------------------------------- */

/* A stored version that no longer loads (an older daemon took it) must not keep the others from
 * their work; cases under it say so when they are acted on. */
static void restore_flow(struct engine *e, const json_t *row)
{
    const char *source = json_text(row, "source"), *file = json_text(row, "file");
    struct flow *flow = NULL;
    struct err err = {0};
    struct script *script = script_load(
        source, strlen(source), file != NULL ? file : "flow", &script_limits_default, &flow, &err);
    if (script != NULL) {
        engine_add_flow(e, flow, script);
    } else {
        log_event(LOG_ERROR, "server", "flow_lost", "version=%s error=\"%s\"",
            json_text(row, "version"), err.message);
    }
    err_clear(&err);
}

static bool restore_flows(struct engine *e, struct store *s, struct err *err)
{
    json_t *rows = store_ask_now(s, ASK_FLOWS, json_object(), err), *row;
    size_t i;
    for (int current = 0; rows != NULL && current <= 1; current++) {
        json_array_foreach(rows, i, row)
        {
            if (json_flag(row, "current") == (current == 1)) {
                restore_flow(e, row);
            }
        }
    }
    json_decref(rows);
    return rows != NULL;
}

static bool restore_calendars(struct engine *e, struct store *s, struct err *err)
{
    json_t *rows = store_ask_now(s, ASK_CALENDARS, json_object(), err), *row;
    size_t i;
    bool ok = rows != NULL;
    json_array_foreach(rows, i, row)
    {
        ok = ok && calendar_add(engine_calendar(e), json_member(row, "doc"), err);
    }
    json_decref(rows);
    return ok;
}

static bool restore_terms(struct engine *e, struct store *s, struct err *err)
{
    json_t *row = store_ask_now(s, ASK_TERMS, json_object(), err);
    if (row == NULL) {
        return false;
    }
    const json_t *doc = json_member(row, "doc");
    struct terms *terms = doc != NULL ? terms_load(doc, err) : NULL;
    if (terms != NULL) {
        engine_set_terms(e, terms);
    }
    bool ok = doc == NULL || terms != NULL;
    json_decref(row);
    return ok;
}

bool reference_restore(struct engine *e, struct store *s, struct err *err)
{
    return restore_terms(e, s, err) && restore_flows(e, s, err) && restore_calendars(e, s, err);
}

/* --- into engine and store -------------------------------------------------------------------- */

static void write_record(struct store *s, enum store_record kind, json_t *args)
{
    struct store_unit *u = store_unit_new();
    u->record = kind;
    u->args = args;
    store_append(s, &u, 1);
}

/* The store keeps one row per content: it compares the hash itself. */
static void write_doc(struct store *s, enum store_record kind, json_t *doc, int64_t now_ms)
{
    char *text = json_canonical(doc), hex[DIGEST_TEXT];
    struct digest d = digest_of(text, strlen(text));
    free(text);
    write_record(s, kind,
        json_pack("{s:O, s:I, s:s}", "doc", doc, "loaded_ms", (json_int_t)now_ms, "hash",
            digest_hex(&d, hex)));
}

json_t *reference_terms_differ(const struct reference *r, const struct engine *e)
{
    const struct terms *in_force = engine_terms(e);
    return in_force != NULL ? terms_changed(in_force, r->terms) : json_array();
}

/* The first register comes from the file; later ones only by two administrators. */
static void apply_terms(struct reference *r, struct engine *e, struct store *s, int64_t now_ms)
{
    if (engine_terms(e) == NULL) {
        write_doc(s, RECORD_TERMS, r->terms_doc, now_ms);
        engine_set_terms(e, r->terms);
        r->terms = NULL;
    }
}

/* The file was checked against the file's terms; in force may be others. */
static bool fits_terms(const struct flow_file *f, const struct engine *e)
{
    json_t *diagnostics = flow_verify(f->flow, engine_terms(e));
    bool ok = !flow_diagnostics_fail(diagnostics);
    json_decref(diagnostics);
    if (!ok) {
        log_event(LOG_ERROR, "server", "flow_needs_terms", "flow=%s version=%.12s", f->flow->id,
            f->flow->version);
    }
    return ok;
}

/* A version the engine knows already stays as it is: if another one is current, an administrator
 * deployed that after this file was first read. */
static void apply_flow(struct flow_file *f, struct engine *e, struct store *s, int64_t now_ms)
{
    if (engine_flow_version(e, f->flow->version) != NULL || !fits_terms(f, e)) {
        return;
    }
    write_record(s, RECORD_FLOW,
        json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", f->flow->id, "version", f->flow->version,
            "source", f->source, "file", f->name, "deployed_ms", (json_int_t)now_ms));
    log_event(
        LOG_INFO, "server", "flow_loaded", "flow=%s version=%.12s", f->flow->id, f->flow->version);
    engine_add_flow(e, f->flow, f->script);
    f->flow = NULL;
    f->script = NULL;
}

static void apply_calendar(
    json_t *doc, struct engine *e, struct store *s, int64_t now_ms, json_t *years)
{
    json_int_t year = json_number(doc, "year", 0), version = json_number(doc, "version", 0);
    if (calendar_version_of(engine_calendar(e), (int)year) >= version ||
        !calendar_add(engine_calendar(e), doc, NULL)) {
        return;
    }
    write_record(s, RECORD_CALENDAR,
        json_pack("{s:I, s:I, s:O, s:I}", "year", year, "version", version, "doc", doc, "loaded_ms",
            (json_int_t)now_ms));
    json_t *number = json_integer(year);
    size_t i;
    json_t *known;
    json_array_foreach(years, i, known)
    {
        if (json_equal(known, number)) {
            json_decref(number);
            return;
        }
    }
    if (years != NULL) {
        json_array_append(years, number);
    }
    json_decref(number);
}

void reference_apply(
    struct reference *r, struct engine *e, struct store *s, int64_t now_ms, json_t *years)
{
    json_t *doc;
    size_t i;
    write_doc(s, RECORD_ORG, r->org_doc, now_ms);
    apply_terms(r, e, s, now_ms);
    engine_set_org(e, r->org);
    engine_set_access(e, r->access);
    if (r->taxonomy != NULL) {
        engine_set_taxonomy(e, r->taxonomy);
    }
    r->org = NULL;
    r->access = NULL;
    r->taxonomy = NULL;
    json_array_foreach(r->calendars, i, doc)
    {
        apply_calendar(doc, e, s, now_ms, years);
    }
    for (size_t f = 0; f < r->flow_count; f++) {
        apply_flow(&r->flows[f], e, s, now_ms);
    }
    reference_free(r);
}
