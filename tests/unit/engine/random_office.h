/* tests/unit/engine/random_office.h — the office that test_random.c plays: chance, the worlds, two
 * engines over one store. */
#ifndef FQ_TEST_RANDOM_OFFICE_H
#define FQ_TEST_RANDOM_OFFICE_H

#include "random_relay.h"

#include "base/csv.h"
#include "base/text.h"
#include "engine/apply.h"

#include <stdio.h>

enum { SENT_MAX = 2000, CASES_MAX = 14 };

/* A command and what became of it. */
struct sent {
    char key[24]; /* also its note or reason, so that the history can be searched for it */
    enum command_kind kind;
    char *number, *user; /* owned */
    json_t *args;        /* owned */
    bool came, tagged;
    enum err_code code;
    char *answer; /* owned: of the first success, byte for byte */
};

struct office {
    uint64_t seed, random;
    int step;
    bool shipped; /* the workflows and bodies of Wuhai; else the small test world */
    char folder[48], path[64];
    struct wallclock clock;
    struct store *store;
    struct engine *engines[2];
    json_t *calendar; /* owned: a year that was added later */
    struct sent *sent[SENT_MAX];
    size_t sent_count;
    int64_t letters; /* that did something */
};

#define CHECK(o, that)                                                                             \
    do {                                                                                           \
        if (!(that)) {                                                                             \
            fail_msg("seed %llu step %d: %s", (unsigned long long)(o)->seed, (o)->step, #that);    \
        }                                                                                          \
    } while (0)

/* --- chance
 * --------------------------------------------------------------------------------------- */

static uint64_t any(struct office *o, uint64_t below)
{
    o->random ^= o->random << 13;
    o->random ^= o->random >> 7;
    o->random ^= o->random << 17;
    return (o->random >> 11) % below;
}

static bool chance(struct office *o, int percent)
{
    return (int)any(o, 100) < percent;
}

/* --- the world
 * ------------------------------------------------------------------------------------ */

static json_t *shipped_data(const char *name)
{
    struct err err = {0};
    char *path = mem_printf("%s/workflows/%s", getenv("FENGQIAO_SOURCE"), name);
    json_t *doc = text_ends(name, ".csv") ? csv_load(path, &err) : datafile_load(path, &err);
    assert_string_equal("", err.message);
    mem_free(path);
    return doc;
}

static void shipped_flow(struct engine *e, const char *name)
{
    struct err err = {0};
    char *path = mem_printf("%s/workflows/%s.lua", getenv("FENGQIAO_SOURCE"), name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char *text = mem_alloc(1 << 18);
    size_t len = fread(text, 1, (1 << 18) - 1, f);
    fclose(f);
    struct flow *flow = NULL;
    struct script *script = script_load(text, len, name, &script_limits_default, &flow, &err);
    assert_string_equal("", err.message);
    engine_add_flow(e, flow, script);
    mem_free(text);
    mem_free(path);
}

static void furnish_shipped(struct engine *e)
{
    static json_t *org, *rights, *terms, *years; /* read once */
    struct err err = {0};
    if (org == NULL) {
        org = json_pack("{s:o,s:o,s:o,s:o}", "places", shipped_data("wuhai/places.csv"), "bodies",
            shipped_data("wuhai/bodies.csv"), "persons", shipped_data("wuhai/persons.csv"),
            "members", shipped_data("wuhai/members.csv"));
        rights = shipped_data("wuhai/rights.lua");
        terms = shipped_data("wuhai/terms.lua");
        years = json_pack(
            "[o,o]", shipped_data("calendar/2025.lua"), shipped_data("calendar/2026.lua"));
    }
    engine_set_org(e, org_load(org, &err));
    engine_set_access(e, access_load(rights, &err));
    engine_set_terms(e, terms_load(terms, &err));
    for (size_t i = 0; i < json_array_size(years); i++) {
        (void)calendar_add(engine_calendar(e), json_array_get(years, i), &err);
    }
    assert_string_equal("", err.message);
    static const char *const flows[] = {"petition", "people_mediation", "administrative_mediation",
        "judicial_mediation", "judicial_confirmation", "arbitration"};
    for (size_t i = 0; i < sizeof flows / sizeof flows[0]; i++) {
        shipped_flow(e, flows[i]);
    }
}

static void engines_open(struct office *o)
{
    for (int i = 0; i < 2; i++) {
        struct err err = {0};
        o->engines[i] = engine_open(&(struct engine_options){.store = o->store,
                                        .clock = &o->clock,
                                        .cache_cases = 3 + any(o, 20),
                                        .due_window = 2 + any(o, 10)},
            &err);
        assert_string_equal("", err.message);
        if (o->shipped) {
            furnish_shipped(o->engines[i]);
        } else {
            world_reference(&(struct world){.engine = o->engines[i]});
            random_relay_furnish(o->engines[i]);
        }
        if (o->calendar != NULL) {
            (void)calendar_add(engine_calendar(o->engines[i]), o->calendar, NULL);
        }
    }
}

static void office_open(struct office *o)
{
    struct err err = {0};
    o->store = store_open(&(struct store_options){.path = o->path, .flags = STORE_INLINE}, &err);
    assert_string_equal("", err.message);
    engines_open(o);
}

static void office_close(struct office *o)
{
    engine_free(o->engines[0]);
    engine_free(o->engines[1]);
    store_close(o->store);
}

static bool idle(struct office *o)
{
    int64_t now = wallclock_now_ms(&o->clock);
    bool yes = true;
    for (int i = 0; i < 2; i++) {
        yes = yes && engine_idle(o->engines[i]) && engine_next_ms(o->engines[i]) > now;
    }
    return yes;
}

static void turn(struct office *o)
{
    for (int i = 0; i < 2; i++) {
        engine_run_due(o->engines[i]);
        engine_flush(o->engines[i]);
    }
    store_poll(o->store);
}

static void settle(struct office *o)
{
    for (int i = 0; i < 20000; i++) {
        turn(o);
        engine_flush(o->engines[0]);
        engine_flush(o->engines[1]);
        if (idle(o)) {
            return;
        }
    }
    CHECK(o, !"the engines come to rest");
}

#endif
