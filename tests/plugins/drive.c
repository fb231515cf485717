/* tests/plugins/drive.c — one plugin on the real loop and store, driven line by line from stdin.
 *
 *   drive PLUGIN.so STORE.db OPTIONS.json
 *   add {…}        an event asks for an effect of kind "notify" with this data
 *   look           hands out what is due
 *   settle         turns the loop until nothing is held, asked or written (10 s at most)
 *   turn MS        turns the loop for so long
 *   later MS       moves the virtual clock
 * Each line is answered by one line of JSON: effects_status() with the failed list. EOF ends; so
 * does a signal, at any moment, which is the point of some tests. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "io/loop.h"
#include "io/timer.h"
#include "plug/plugin.h"
#define answer_cb helper_answer_cb /* rpc has a type of that name */
#include "unit/store/helper.h"
#undef answer_cb

enum { SETTLE_MS = 10000, START_S = 1767229200 /* 2026-01-01 09:00 */ };

struct drive {
    struct store *store;
    struct wallclock clock;
    struct loop *loop;
    struct effects *effects;
    bool tick;
    struct timer *timer;
    int64_t cases;
};

static void on_tick(void *ctx)
{
    struct drive *d = ctx;
    d->tick = true;
}

/* Turns until settled, or for ms. */
static void turn(struct drive *d, int64_t ms, bool until_settled)
{
    int64_t end = monotonic_us() + ms * 1000;
    timer_every(d->timer, 5); /* so that a turn never waits long */
    while (monotonic_us() < end) {
        store_poll(d->store);
        loop_turn(d->loop, true);
        store_poll(d->store);
        json_t *status = effects_status(d->effects);
        bool settled = json_number(status, "held", 0) == 0 && effects_idle(d->effects);
        json_decref(status);
        if (until_settled && settled) {
            break;
        }
    }
    timer_stop(d->timer);
}

static void add(struct drive *d, const char *data)
{
    struct store_unit *u = unit_case(++d->cases, 1, NULL, NULL);
    json_t *json = json_parse_own(data);
    u->kase->effects = json_pack("[{s:s, s:o}]", "kind", "notify", "data", json);
    store_append(d->store, &u, 1);
    store_poll(d->store);
}

static void tell(struct drive *d)
{
    struct err err = {0};
    json_t *status = effects_status(d->effects);
    json_object_set_new(status, "list",
        store_ask_now(d->store, ASK_EFFECTS,
            json_pack("{s:s, s:i}", "status", "failed", "limit", 100), &err));
    json_t *pending = store_ask_now(
        d->store, ASK_EFFECTS, json_pack("{s:s, s:i}", "status", "pending", "limit", 500), &err);
    json_object_set_new(status, "pending", pending);
    char *text = json_compact(status);
    puts(text);
    fflush(stdout);
    free(text);
    json_decref(status);
}

static void obey(struct drive *d, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *rest = strchr(line, ' ');
    if (strncmp(line, "add ", 4) == 0) {
        add(d, rest + 1);
    } else if (strcmp(line, "look") == 0) {
        effects_look(d->effects);
        turn(d, 100, true);
    } else if (strcmp(line, "settle") == 0) {
        effects_look(d->effects);
        turn(d, SETTLE_MS, true);
    } else if (strncmp(line, "turn ", 5) == 0) {
        turn(d, strtol(rest, NULL, 10), false);
    } else if (strncmp(line, "later ", 6) == 0) {
        wallclock_set(&d->clock, wallclock_now_ms(&d->clock) + strtol(rest, NULL, 10));
    }
    tell(d);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    lang_init();
    lang_use(LANG_EN);
    if (argc != 4) {
        return 64;
    }
    struct drive d = {.loop = loop_open()};
    struct store_options o = {.path = argv[2], .flags = STORE_INLINE};
    d.store = store_open(&o, &err);
    json_t *options = json_load_file(argv[3], 0, NULL);
    if (d.store == NULL || options == NULL) {
        fprintf(stderr, "%s\n", err.message);
        return 66;
    }
    json_t *meta = store_ask_now(d.store, ASK_META, json_object(), &err);
    d.cases = json_number(meta, "last_case", 0);
    json_decref(meta);
    wallclock_init_virtual(&d.clock, START_S * INT64_C(1000));
    d.timer = timer_open(d.loop, on_tick, &d);
    d.effects = effects_open(d.store, &d.clock, d.loop);
    struct plugin_services services = {.loop = d.loop, .clock = &d.clock, .effects = d.effects};
    struct plugin *p = plugin_new(&services, argv[1], NULL, true);
    bool good = plugin_open(p, options, NULL, 0, &err);
    if (!good) {
        json_t *refused = json_pack("{s:s}", "refused", err.message);
        char *text = json_compact(refused);
        puts(text);
        free(text);
        json_decref(refused);
        err_clear(&err);
    }
    static char line[1 << 20];
    while (good && fgets(line, sizeof(line), stdin) != NULL) {
        obey(&d, line);
    }
    plugin_free(p);
    effects_free(d.effects);
    timer_free(d.timer);
    loop_free(d.loop);
    store_close(d.store);
    json_decref(options);
    return good ? 0 : 1;
}
