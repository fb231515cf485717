/* engine/engine.c — opening, reference data, registries. */
#include "engine/engine_private.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/cache.h"
#include "engine/counter.h"
#include "engine/courier.h"
#include "engine/scheduler.h"
#include "engine/submit.h"

#include <assert.h>

static bool read_meta(struct engine *e, struct err *err)
{
    json_t *meta = store_ask_now(e->store, ASK_META, json_object(), err);
    if (meta == NULL) {
        return false;
    }
    counters_load(e, meta);
    json_decref(meta);
    return true;
}

struct engine *engine_open(const struct engine_options *options, struct err *err)
{
    assert(options->store != NULL && options->clock != NULL);
    struct engine *e = mem_alloc(sizeof *e);
    e->store = options->store;
    e->clock = options->clock;
    e->cache_max = options->cache_cases > 0 ? options->cache_cases : CACHE_CASES_DEFAULT;
    e->calendar = calendar_new();
    e->finished_end = &e->finished;
    e->due = scheduler_open(options->due_window > 0 ? options->due_window : DUE_WINDOW_DEFAULT);
    e->courier.wanted = true; /* what a daemon that died has left */
    if (!read_meta(e, err)) {
        engine_free(e);
        return NULL;
    }
    return e;
}

void engine_free(struct engine *e)
{
    if (e == NULL) {
        return;
    }
    submit_abandon(e);
    courier_free(e);
    cache_free(e);
    counters_free(e);
    scheduler_free(e->due);
    for (size_t i = 0; i < e->flow_count; i++) {
        script_free(e->flows[i].script);
        flow_free(e->flows[i].flow);
        json_decref(e->flows[i].possible);
    }
    mem_free(e->flows);
    org_free(e->org);
    access_free(e->access);
    terms_free(e->terms);
    taxonomy_free(e->taxonomy);
    calendar_free(e->calendar);
    err_clear(&e->read_only_why);
    mem_free(e);
}

int64_t engine_now_ms(const struct engine *e)
{
    return wallclock_now_ms(e->clock);
}

void engine_set_org(struct engine *e, struct org *org)
{
    org_free(e->org);
    e->org = org;
}

void engine_set_access(struct engine *e, struct access *access)
{
    access_free(e->access);
    e->access = access;
}

void engine_set_terms(struct engine *e, struct terms *terms)
{
    terms_free(e->terms);
    e->terms = terms;
}

void engine_set_taxonomy(struct engine *e, struct taxonomy *taxonomy)
{
    taxonomy_free(e->taxonomy);
    e->taxonomy = taxonomy;
}

struct calendar *engine_calendar(struct engine *e)
{
    return e->calendar;
}

const struct org *engine_org(const struct engine *e)
{
    return e->org;
}

const struct access *engine_access(const struct engine *e)
{
    return e->access;
}

const struct terms *engine_terms(const struct engine *e)
{
    return e->terms;
}

/* A version that is there already only becomes current again (roll-back). */
void engine_add_flow(struct engine *e, struct flow *flow, struct script *script)
{
    for (size_t i = 0; i < e->flow_count; i++) {
        if (text_equal(e->flows[i].flow->id, flow->id)) {
            e->flows[i].current = false;
        }
    }
    for (size_t i = 0; i < e->flow_count; i++) {
        if (text_equal(e->flows[i].flow->version, flow->version)) {
            e->flows[i].current = true;
            script_free(script);
            flow_free(flow);
            return;
        }
    }
    e->flows = mem_resize(e->flows, (e->flow_count + 1) * sizeof *e->flows);
    e->flows[e->flow_count++] = (struct flow_entry){flow, script, true, json_object()};
}

const struct flow_entry *engine_entry(const struct engine *e, const char *version)
{
    for (size_t i = 0; i < e->flow_count; i++) {
        if (text_equal(e->flows[i].flow->version, version)) {
            return &e->flows[i];
        }
    }
    return NULL;
}

const struct flow_entry *engine_entry_current(const struct engine *e, const char *id)
{
    for (size_t i = 0; i < e->flow_count; i++) {
        const struct flow *f = e->flows[i].flow;
        if (e->flows[i].current && (text_equal(f->id, id) || text_equal(f->title, id))) {
            return &e->flows[i];
        }
    }
    return NULL;
}

const struct flow *engine_flow(const struct engine *e, const char *id)
{
    const struct flow_entry *entry = engine_entry_current(e, id);
    return entry == NULL ? NULL : entry->flow;
}

const struct flow *engine_flow_version(const struct engine *e, const char *version)
{
    const struct flow_entry *entry = engine_entry(e, version);
    return entry == NULL ? NULL : entry->flow;
}

size_t engine_flow_count(const struct engine *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->flow_count; i++) {
        n += e->flows[i].current;
    }
    return n;
}

const struct flow *engine_flow_at(const struct engine *e, size_t index)
{
    for (size_t i = 0; i < e->flow_count; i++) {
        if (e->flows[i].current && index-- == 0) {
            return e->flows[i].flow;
        }
    }
    return NULL;
}

void engine_add_veto(struct engine *e, engine_veto_fn fn, void *ctx)
{
    assert(e->veto_count < HOOKS_MAX);
    e->vetoes[e->veto_count].fn = fn;
    e->vetoes[e->veto_count++].ctx = ctx;
}

void engine_add_listener(struct engine *e, engine_listener_fn fn, void *ctx)
{
    assert(e->listener_count < HOOKS_MAX);
    e->listeners[e->listener_count].fn = fn;
    e->listeners[e->listener_count++].ctx = ctx;
}

void engine_on_effects(struct engine *e, engine_effects_fn fn, void *ctx)
{
    assert(e->effect_fn_count < HOOKS_MAX);
    e->effect_fns[e->effect_fn_count].fn = fn;
    e->effect_fns[e->effect_fn_count++].ctx = ctx;
}

bool engine_idle(const struct engine *e)
{
    return e->batch_count == 0 && e->in_flight == 0 && e->loading == 0 && e->undelivered == 0 &&
           !e->refilling && courier_idle(e);
}

bool engine_read_only(const struct engine *e)
{
    return e->read_only;
}

json_t *engine_stat(const struct engine *e)
{
    json_t *o = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "accepted",
        (json_int_t)e->stats.accepted, "refused", (json_int_t)e->stats.refused, "replayed",
        (json_int_t)e->stats.replayed, "conflicts", (json_int_t)e->stats.conflicts, "failed",
        (json_int_t)e->stats.failed, "clocks_fired", (json_int_t)e->stats.clocks_fired,
        "script_errors", (json_int_t)e->stats.script_errors, "clock_lateness_max_ms",
        (json_int_t)e->stats.lateness_max_ms);
    json_put_number(o, "cached_cases", (json_int_t)HASH_COUNT(e->slots));
    json_put_number(o, "in_flight", (json_int_t)e->in_flight);
    json_put_number(o, "due_window", (json_int_t)scheduler_count(e->due));
    json_object_set_new(o, "read_only", json_boolean(e->read_only));
    if (e->read_only) {
        json_put_text(o, "read_only_why", e->read_only_why.message);
    }
    return o;
}
