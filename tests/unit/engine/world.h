/* tests/unit/engine/world.h — a small world for engine tests: a village, its town, district and city, a
 * flow compiled from a document, an inline store and a virtual clock. Nothing sleeps, nothing is shared. */
#ifndef FQ_TEST_WORLD_H
#define FQ_TEST_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

struct world {
    struct store *store;
    struct wallclock clock;
    struct engine *engine;
    char path[64];
};

/* What a command answered. */
struct answer {
    bool came;
    json_t *result; /* owned */
    char *stored;   /* owned */
    enum err_code code;
    char message[1024];
    json_t *data;   /* owned */
};

static inline json_t *json_lit(const char *text)
{
    json_error_t at;
    json_t *v = json_loads(text, JSON_DECODE_ANY, &at);
    if (v == NULL) {
        fail_msg("test data: %s at %d", at.text, at.position);
    }
    return v;
}

static const char world_org[] =
    "{\"places\":["
    "{\"code\":\"10\",\"name\":\"城\",\"level\":\"4\",\"parent\":\"\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"code\":\"101\",\"name\":\"区\",\"level\":\"3\",\"parent\":\"10\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"code\":\"1011\",\"name\":\"镇\",\"level\":\"2\",\"parent\":\"101\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"code\":\"10111\",\"name\":\"村\",\"level\":\"1\",\"parent\":\"1011\",\"from\":\"2000-01-01\",\"to\":\"\"}],"
    "\"bodies\":["
    "{\"id\":\"city.xfj\",\"name\":\"市信访局\",\"sign\":\"市信\",\"kind\":\"xfj\",\"agency\":\"\",\"track\":\"\","
    "\"place\":\"10\",\"review\":\"\",\"hosts\":\"demo\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"id\":\"district.xfj\",\"name\":\"区信访局\",\"sign\":\"区信\",\"kind\":\"xfj\",\"agency\":\"\",\"track\":\"\","
    "\"place\":\"101\",\"review\":\"city.xfj\",\"hosts\":\"demo\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"id\":\"district.rsj\",\"name\":\"区人社局\",\"sign\":\"区人\",\"kind\":\"rsj\",\"agency\":\"rsj\",\"track\":\"\","
    "\"place\":\"101\",\"review\":\"\",\"hosts\":\"\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"id\":\"town.sfs\",\"name\":\"镇司法所\",\"sign\":\"镇司\",\"kind\":\"sfs\",\"agency\":\"\",\"track\":\"\","
    "\"place\":\"1011\",\"review\":\"district.xfj\",\"hosts\":\"demo\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"id\":\"village.tw\",\"name\":\"村调委会\",\"sign\":\"村调\",\"kind\":\"tw\",\"agency\":\"\",\"track\":\"\","
    "\"place\":\"10111\",\"review\":\"\",\"hosts\":\"demo\",\"from\":\"2000-01-01\",\"to\":\"\"}],"
    "\"persons\":[{\"id\":\"v1\",\"name\":\"演示调解员01\",\"demo\":\"1\"},"
    "{\"id\":\"v2\",\"name\":\"演示调解员02\",\"demo\":\"1\"},{\"id\":\"t1\",\"name\":\"演示承办人01\",\"demo\":\"1\"},"
    "{\"id\":\"d1\",\"name\":\"演示督办员01\",\"demo\":\"1\"},{\"id\":\"r1\",\"name\":\"演示承办人02\",\"demo\":\"1\"},"
    "{\"id\":\"r2\",\"name\":\"演示承办人03\",\"demo\":\"1\"},{\"id\":\"t2\",\"name\":\"演示承办人04\",\"demo\":\"1\"},"
    "{\"id\":\"x1\",\"name\":\"演示外人01\",\"demo\":\"1\"}],"
    "\"members\":["
    "{\"user\":\"v1\",\"body\":\"village.tw\",\"role\":\"mediator\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"user\":\"v2\",\"body\":\"village.tw\",\"role\":\"mediator\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"user\":\"t1\",\"body\":\"town.sfs\",\"role\":\"mediator\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"user\":\"t2\",\"body\":\"town.sfs\",\"role\":\"mediator\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"user\":\"r1\",\"body\":\"district.rsj\",\"role\":\"handler\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"user\":\"r2\",\"body\":\"district.rsj\",\"role\":\"handler\",\"from\":\"2000-01-01\",\"to\":\"\"},"
    "{\"user\":\"d1\",\"body\":\"district.xfj\",\"role\":\"overseer\",\"from\":\"2000-01-01\",\"to\":\"\"}]}";

static const char world_rights[] =
    "[{\"role\":\"mediator\",\"title\":\"调解员\",\"rights\":{\"case.open\":\"subtree\",\"case.read\":\"body\","
    "\"case.note\":\"body\",\"case.assign\":\"body\",\"case.claim\":\"body\",\"case.pause\":\"body\","
    "\"case.classify\":\"body\",\"case.document\":\"body\",\"case.task\":\"body\"}},"
    "{\"role\":\"handler\",\"title\":\"承办人\",\"rights\":{\"case.read\":\"body\",\"case.task\":\"body\"}},"
    "{\"role\":\"overseer\",\"title\":\"督办员\",\"rights\":{\"case.read\":\"subtree\",\"case.note\":\"subtree\",\"case.urge\":\"subtree\","
    "\"case.listed\":\"subtree\"}}]";

static const char world_terms[] =
    "[{\"id\":\"DB.REPLY\",\"title\":\"督办答复\",\"span\":\"10 wd\",\"kind\":\"target\",\"roll\":\"next\",\"start\":\"督办\","
    "\"law\":\"本地默认\",\"mark\":\"D\",\"version\":1},"
    "{\"id\":\"T.DO\",\"title\":\"办结\",\"span\":\"15 d\",\"kind\":\"max\",\"roll\":\"next\",\"start\":\"受理\","
    "\"extension\":\"10 d\",\"extension_times\":1,\"law\":\"某法第一条\",\"mark\":\"A\",\"version\":1,"
    "\"excludable\":[\"鉴定\"]}]";

/* Registered → accepted → done; a legal clock with warnings, lateness, escalation and extension; a window
 * that ends by itself; a state in which the clock stands still. */
static const char world_flow[] =
    "{\"api\":1,\"source\":\"0\",\"id\":\"demo\",\"title\":\"演示流程\",\"track\":\"people\","
    "\"roles\":[{\"name\":\"worker\",\"title\":\"承办人\",\"at\":\"host\",\"members\":[\"mediator\"]},"
    "{\"name\":\"watcher\",\"title\":\"督办员\",\"at\":\"parent\",\"members\":[\"overseer\"]}],"
    "\"fields\":[{\"name\":\"subject\",\"title\":\"事由\",\"type\":\"text\",\"required\":true,\"max\":50},"
    "{\"name\":\"finding\",\"title\":\"结论\",\"type\":\"text\",\"open\":false,\"max\":100},"
    "{\"name\":\"refused\",\"title\":\"拒绝调解\",\"type\":\"flag\",\"open\":true}],"
    "\"clocks\":[{\"name\":\"handle\",\"title\":\"办理\",\"term\":\"T.DO\",\"from\":[\"accepted\"],\"to\":[\"done\"],"
    "\"pause\":[{\"state\":\"appraisal\",\"reason\":\"鉴定\"}],\"extend\":{\"by\":\"10 days\",\"times\":1,\"approve\":\"worker\"},"
    "\"steps\":[{\"name\":\"warn\",\"when\":\"left\",\"span\":\"3 wd\",\"outcomes\":[{\"do\":\"mark\",\"name\":\"yellow\"},"
    "{\"do\":\"notify\"}]},"
    "{\"name\":\"late\",\"when\":\"late\",\"outcomes\":[{\"do\":\"mark\",\"name\":\"red\"},"
    "{\"do\":\"escalate\",\"to\":{\"kind\":\"parent\"},\"unless\":\"refused\"}]},"
    "{\"name\":\"late:15d\",\"when\":\"late\",\"span\":\"15 d\",\"outcomes\":[{\"do\":\"supervise\",\"to\":{\"kind\":\"kind\","
    "\"name\":\"xfj\",\"min\":3,\"max\":4}}]}]},"
    "{\"name\":\"window\",\"title\":\"复查期\",\"limit\":\"30 days\",\"kind\":\"max\",\"roll\":\"next\",\"from\":[\"done\"],\"to\":[\"closed\"],"
    "\"steps\":[{\"name\":\"end\",\"when\":\"late\",\"outcomes\":[{\"do\":\"go\",\"name\":\"closed\"}]}]}],"
    "\"states\":[{\"name\":\"registered\",\"title\":\"已登记\",\"initial\":true,\"work\":\"worker\"},"
    "{\"name\":\"accepted\",\"title\":\"办理中\",\"work\":\"worker\"},"
    "{\"name\":\"appraisal\",\"title\":\"鉴定中\",\"work\":\"worker\"},"
    "{\"name\":\"done\",\"title\":\"已答复\",\"work\":\"worker\"},"
    "{\"name\":\"closed\",\"title\":\"已办结\",\"final\":true}],"
    "\"actions\":[{\"name\":\"accept\",\"title\":\"受理\",\"kind\":\"move\",\"from\":[\"registered\"],\"to\":\"accepted\",\"by\":[\"worker\"]},"
    "{\"name\":\"appraise\",\"title\":\"送鉴定\",\"kind\":\"move\",\"from\":[\"accepted\"],\"to\":\"appraisal\",\"by\":[\"worker\"]},"
    "{\"name\":\"resume\",\"title\":\"鉴定完毕\",\"kind\":\"move\",\"from\":[\"appraisal\"],\"to\":\"accepted\",\"by\":[\"worker\"]},"
    "{\"name\":\"extend\",\"title\":\"延期\",\"kind\":\"extend\",\"from\":[\"accepted\"],\"by\":[\"worker\"],\"clock\":\"handle\",\"reason\":true},"
    "{\"name\":\"answer\",\"title\":\"答复\",\"kind\":\"move\",\"from\":[\"accepted\"],\"to\":\"done\",\"by\":[\"worker\"],"
    "\"form\":[{\"name\":\"finding\",\"required\":true}],\"document\":\"reply\"}],"
    "\"routes\":[],\"jumps\":[],\"profiles\":[],\"guards\":[],\"hooks\":[]}";

static inline json_t *world_year(int year, int version, const char *rest)
{
    char text[512];
    snprintf(text, sizeof text, "{\"year\":%d,\"version\":%d,\"paper\":\"试\",\"rest\":[%s],\"work\":[]}", year,
        version, rest);
    return json_lit(text);
}

static inline void world_reference(struct world *w)
{
    struct err err = {0};
    json_t *doc = json_lit(world_org);
    struct org *org = org_load(doc, &err);
    assert_string_equal("", err.message);
    json_decref(doc);
    engine_set_org(w->engine, org);
    doc = json_lit(world_rights);
    engine_set_access(w->engine, access_load(doc, &err));
    assert_string_equal("", err.message);
    json_decref(doc);
    doc = json_lit(world_terms);
    engine_set_terms(w->engine, terms_load(doc, &err));
    assert_string_equal("", err.message);
    json_decref(doc);
    doc = json_lit(world_flow);
    struct flow *flow = flow_compile(doc, &err);
    assert_string_equal("", err.message);
    json_decref(doc);
    engine_add_flow(w->engine, flow, NULL);
    doc = world_year(2026, 1, "{\"from\":\"2026-01-01\",\"to\":\"2026-01-03\",\"name\":\"元旦\"}");
    assert_true(calendar_add(engine_calendar(w->engine), doc, &err));
    json_decref(doc);
}

static inline void world_engine(struct world *w)
{
    struct err err = {0};
    w->engine = engine_open(
        &(struct engine_options){.store = w->store, .clock = &w->clock, .cache_cases = 100}, &err);
    assert_string_equal("", err.message);
    world_reference(w);
}

/* path NULL: in memory. */
static inline void world_open(struct world *w, const char *path, const char *now)
{
    struct err err = {0};
    int64_t now_ms;
    *w = (struct world){0};
    assert_true(instant_parse(now, &now_ms));
    wallclock_init_virtual(&w->clock, now_ms);
    w->store = store_open(
        &(struct store_options){.path = path == NULL ? ":memory:" : path, .flags = STORE_INLINE}, &err);
    assert_string_equal("", err.message);
    world_engine(w);
}

static inline void world_close(struct world *w)
{
    engine_free(w->engine);
    store_close(w->store);
}

/* Of a test: a world of its own, on a Monday morning. */
static inline int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    world_open(w, NULL, "2026-03-02T10:00:00");
    *state = w;
    return 0;
}

static inline int world_teardown(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

/* Puts a flow in force; ' stands for " in its document. */
static inline void world_use(struct world *w, const char *flow_doc)
{
    struct err err = {0};
    char *text = mem_strdup(flow_doc);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *doc = json_lit(text);
    struct flow *flow = flow_compile(doc, &err);
    assert_string_equal("", err.message);
    engine_add_flow(w->engine, flow, NULL);
    json_decref(doc);
    mem_free(text);
}

/* Runs turns until nothing is on its way. */
static inline void world_settle(struct world *w)
{
    for (int i = 0; i < 100000; i++) {
        engine_run_due(w->engine);
        engine_flush(w->engine);
        store_poll(w->store);
        engine_flush(w->engine);
        if (engine_idle(w->engine) && engine_next_ms(w->engine) > wallclock_now_ms(&w->clock)) {
            return;
        }
    }
    fail_msg("the engine does not come to rest");
}

/* Moves the clock to `to`, stopping at every due moment on the way. */
static inline void world_go(struct world *w, const char *to)
{
    int64_t end_ms;
    assert_true(instant_parse(to, &end_ms));
    world_settle(w);
    while (engine_next_ms(w->engine) <= end_ms) {
        int64_t next = engine_next_ms(w->engine);
        if (next > wallclock_now_ms(&w->clock)) {
            wallclock_set(&w->clock, next);
        }
        world_settle(w);
    }
    wallclock_set(&w->clock, end_ms);
    world_settle(w);
}

static inline void answer_take(const struct command_result *r, void *ctx)
{
    struct answer *a = ctx;
    assert_false(a->came);
    a->came = true;
    a->result = json_incref((json_t *)r->result);
    a->stored = mem_strdup(r->stored);
    if (r->err != NULL) {
        a->code = r->err->code;
        strcpy(a->message, r->err->message);
        a->data = json_incref(r->err->data);
    }
}

static inline void answer_free(struct answer *a)
{
    json_decref(a->result);
    json_decref(a->data);
    mem_free(a->stored);
    *a = (struct answer){0};
}

/* One command to its end. key may be NULL. */
static inline struct answer world_do(struct world *w, enum command_kind kind, const char *number,
    const char *user, const char *args, const char *key)
{
    struct answer a = {0};
    json_t *doc = json_lit(args);
    char *text = json_canonical(doc);
    struct command c = {.kind = kind, .number = number, .actor = {ACTOR_USER, user, NULL, false},
        .args = doc, .key = key, .method = "test", .params_hash = digest_of(text, strlen(text)),
        .expect_version = json_number(doc, "expect_version", 0)};
    engine_submit(w->engine, &c, answer_take, &a);
    assert_false(a.came);
    world_settle(w);
    assert_true(a.came);
    json_decref(doc);
    free(text);
    return a;
}

/* The same when it must succeed; returns the member `version`. */
static inline int64_t world_ok(struct world *w, enum command_kind kind, const char *number,
    const char *user, const char *args)
{
    struct answer a = world_do(w, kind, number, user, args, NULL);
    assert_string_equal("", a.message);
    int64_t version = json_number(a.result, "version", 0);
    answer_free(&a);
    return version;
}

static inline void take_case(const struct casefile *c, const struct err *err, void *ctx)
{
    assert_null(err);
    *(struct casefile **)ctx = casefile_copy(c);
}

/* A copy of the case as it stands; caller frees. */
static inline struct casefile *world_case(struct world *w, const char *number)
{
    struct casefile *c = NULL;
    struct actor system = {.kind = ACTOR_SYSTEM, .user = "system"};
    engine_read(w->engine, number, &system, "case.read", take_case, &c);
    world_settle(w);
    assert_non_null(c);
    return c;
}

static inline json_t *world_history(struct world *w, int64_t id)
{
    struct err err = {0};
    json_t *rows = store_ask_now(w->store, ASK_HISTORY,
        json_pack("{s:I,s:i}", "case", (json_int_t)id, "limit", 500), &err);
    assert_string_equal("", err.message);
    return rows;
}

#endif
