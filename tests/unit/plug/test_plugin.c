/* Plugins in the daemon's parts: opened, used, contained and closed again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/engine.h"
#include "io/loop.h"
#include "plug/hooks.h"
#include "plug/plug.h"
#include "plug/plugin.h"
#include "rpc/dispatch.h"
#define answer_cb helper_answer_cb /* rpc has a type of that name */
#include "unit/store/helper.h"
#undef answer_cb

#include <dlfcn.h>

struct world {
    struct fixture store;
    struct wallclock clock;
    struct loop *loop;
    struct engine *engine;
    struct methods *methods;
    struct dispatch *dispatch;
    struct plugin_services services;
    struct effects *effects; /* of services */
    int64_t cases;
};

static void echo(struct call *call)
{
    call_reply(call, json_pack("{s:s}", "text", call_text(call, "text")));
}

static void who(struct call *call)
{
    call_reply(call, json_pack("{s:s, s:s}", "user", call_actor(call)->user, "lang",
                         call_lang(call) == LANG_ZH ? "zh" : "en"));
}

static void no(struct call *call)
{
    struct err err = {0};
    err_set(&err, ERR_FORM, "two fields are missing");
    err_hint(&err, "fill them in");
    err_data(&err, "fields", json_pack("[s,s]", "a", "b"));
    call_refuse(call, &err);
}

static const struct param echo_result[] = {{.name = "text", .type = PARAM_TEXT, .doc = "it"}, {0}};
static const struct method rows[] = {{.name = "echo",
                                         .fn = echo,
                                         .summary = "Answers what it was told.",
                                         .params = PARAMS(NEED("text", PARAM_TEXT, "what")),
                                         .result = echo_result,
                                         .errors = NO_ERRORS,
                                         .example = "{\"text\":\"a\"}",
                                         .example_result = "{\"text\":\"a\"}"},
    {"who", who, 0, "Says who asked.", NO_PARAMS, echo_result, NO_ERRORS, "{}", "{}"},
    {"no", no, 0, "Refuses.", NO_PARAMS, echo_result, NO_ERRORS, "{}", "{}"}};

static struct world *world_open(void)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err err = {0};
    fixture_init(&w->store, KIND_MEMORY);
    wallclock_init_virtual(&w->clock, 2000000000000);
    w->loop = loop_open();
    struct engine_options o = {.store = w->store.store, .clock = &w->clock};
    w->engine = engine_open(&o, &err);
    assert_non_null(w->engine);
    json_t *none = json_array();
    engine_set_access(w->engine, access_load(none, &err));
    json_decref(none);
    json_t *empty = json_pack("{s:[], s:[], s:[], s:[]}", "places", "bodies", "persons", "members");
    struct org *org = org_load(empty, &err);
    json_decref(empty);
    if (org == NULL) {
        fail_msg("%s", err.message);
    }
    engine_set_org(w->engine, org);
    w->methods = methods_open();
    if (!methods_add(w->methods, rows, sizeof rows / sizeof *rows, NULL, &err)) {
        fail_msg("%s", err.message);
    }
    struct dispatch_options d = {.methods = w->methods, .clock = &w->clock, .lang = LANG_EN};
    w->dispatch = dispatch_open(&d);
    w->effects = effects_open(w->store.store, &w->clock, w->loop);
    w->services = (struct plugin_services){.loop = w->loop,
        .clock = &w->clock,
        .engine = w->engine,
        .effects = w->effects,
        .dispatch = w->dispatch,
        .methods = w->methods};
    return w;
}

static void world_close(struct world *w)
{
    effects_free(w->effects);
    dispatch_free(w->dispatch);
    methods_free(w->methods);
    engine_free(w->engine);
    loop_free(w->loop);
    fixture_close(&w->store);
    mem_free(w);
}

static void turn(struct world *w, int turns)
{
    for (int i = 0; i < turns || !effects_idle(w->effects); i++) {
        assert_true(i < 10000);
        store_poll(w->store.store);
        loop_turn(w->loop, false);
    }
}

static char *built(const char *name)
{
    const char *build = getenv("FENGQIAO_BUILD");
    assert_non_null(build);
    return strcmp(name, "skeleton") == 0 ? mem_printf("%s/plugins/%s.so", build, name)
                                         : mem_printf("%s/tests/plugins/%s.so", build, name);
}

static struct plugin *open_plugin(
    struct world *w, const char *name, const char *options, bool required)
{
    char *path = built(name);
    struct plugin *p = plugin_new(&w->services, path, "auditor", required);
    json_t *given = json_parse_own(options);
    struct err err = {0};
    if (!plugin_open(p, given, NULL, 0, &err)) {
        fail_msg("%s", err.message);
    }
    json_decref(given);
    mem_free(path);
    return p;
}

/* Stays loaded, so that its variables can be read after the plugin was closed. */
static void *variable(const char *name, const char *symbol)
{
    char *path = built(name);
    void *handle = dlopen(path, RTLD_NOW);
    mem_free(path);
    assert_non_null(handle);
    void *found = dlsym(handle, symbol);
    assert_non_null(found);
    return found;
}

/* --- the start ---------------------------------------------------------------------------------
 */

static struct plug *start(
    struct world *w, const char *names[], size_t count, bool required, struct err *err)
{
    struct plug_config config[4];
    char *paths[4];
    for (size_t i = 0; i < count; i++) {
        paths[i] = built(names[i]);
        config[i] = (struct plug_config){.path = paths[i], .required = required};
    }
    struct plug *p = plug_open(&(struct plug_options){.engine = w->engine,
                                   .store = w->store.store,
                                   .clock = &w->clock,
                                   .loop = w->loop,
                                   .dispatch = w->dispatch,
                                   .methods = w->methods,
                                   .plugins = config,
                                   .count = count},
        err);
    for (size_t i = 0; i < count; i++) {
        mem_free(paths[i]);
    }
    return p;
}

static void a_required_plugin_that_is_wrong_refuses_the_start(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "absent", "abi", "size", "need", "failopen", "silentopen", "rudeopen", "option"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct world *w = world_open();
        struct err err = {0};
        const char *names[] = {"skeleton", wrong[i]};
        assert_null(start(w, names, 2, true, &err));
        assert_int_not_equal(ERR_NONE, err.code);
        assert_true(utf8_valid(err.message, strlen(err.message)));
        if (strcmp(wrong[i], "failopen") == 0) {
            assert_non_null(strstr(err.message, "the folder is not mine"));
        }
        err_clear(&err);
        world_close(w);
    }
}

static void an_optional_plugin_that_is_wrong_is_left_out_and_named(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct err err = {0};
    const char *names[] = {"abi", "failopen", "skeleton"};
    struct plug *p = start(w, names, 3, false, &err);
    assert_non_null(p);
    assert_false(plug_healthy(p));
    json_t *status = plug_status(p);
    json_t *list = json_member(status, "plugins");
    assert_string_equal("failed", json_text(json_array_get(list, 0), "state"));
    assert_non_null(strstr(json_text(json_array_get(list, 0), "last_error"), "ABI 99"));
    assert_string_equal("failed", json_text(json_array_get(list, 1), "state"));
    assert_string_equal("running", json_text(json_array_get(list, 2), "state"));
    assert_false(json_flag(status, "ok"));
    json_decref(status);
    plug_close(p);
    world_close(w);
}

static void one_name_is_opened_once_and_a_kind_of_effect_has_one_plugin(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct err err = {0};
    const char *names[] = {"hooks", "twin"};
    assert_null(start(w, names, 2, true, &err));
    assert_non_null(strstr(err.message, "configured twice"));
    err_clear(&err);
    world_close(w);
}

static void no_plugins_are_fine(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct err err = {0};
    struct plug *p = start(w, NULL, 0, true, &err);
    assert_true(plug_healthy(p));
    plug_look(p);
    plug_close(p);
    plug_close(NULL);
    world_close(w);
}

/* --- the host -------------------------------------------------------------------------------- */

static void timers_watches_work_and_calls_come_back(void **state)
{
    (void)state;
    struct world *w = world_open();
    char *seen = variable("probe", "probe_seen");
    seen[0] = '\0';
    struct plugin *p =
        open_plugin(w, "probe", "{\"start\":\"timer watch work call\",\"every\":\"2s\"}", true);
    for (int i = 0; i < 1000 && (p->working > 0 || i < 5); i++) {
        turn(w, 1);
        if (p->working > 0) {
            loop_turn(w->loop, true);
        }
    }
    turn(w, 3);
    static const char *const expected[] = {
        "called ", "broken ", "span=2000 ", "timer ", "watch ", "work ", "rpc "};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        if (strstr(seen, expected[i]) == NULL) {
            fail_msg("no \"%s\" in \"%s\"", expected[i], seen);
        }
    }
    assert_null(strstr(seen, "never"));
    assert_null(strstr(seen, "work?"));
    plugin_free(p);
    assert_non_null(strstr(seen, "close"));
    assert_null(strstr(seen, "never"));
    world_close(w);
}

static void closing_ends_what_is_under_way(void **state)
{
    (void)state;
    struct world *w = world_open();
    char *seen = variable("probe", "probe_seen");
    seen[0] = '\0';
    struct plugin *p = open_plugin(w, "probe", "{\"start\":\"timer watch work call\"}", true);
    plugin_free(p);
    assert_non_null(strstr(seen, "work ")); /* its memory can be freed */
    assert_non_null(strstr(seen, "rpc "));  /* every call is answered */
    assert_null(strstr(seen, "timer "));
    assert_null(strstr(seen, "watch "));
    turn(w, 3);
    world_close(w);
}

static void what_is_not_listed_as_need_is_refused(void **state)
{
    (void)state;
    struct world *w = world_open();
    char *seen = variable("needless", "probe_seen");
    seen[0] = '\0';
    struct plugin *p = open_plugin(w, "needless", "{\"start\":\"timer watch work call\"}", true);
    turn(w, 5);
    assert_string_equal("not-called broken span=600000 ", seen);
    plugin_free(p);
    world_close(w);
}

static void a_plugin_built_with_the_oldest_header_runs(void **state)
{
    (void)state;
    struct world *w = world_open();
    char *seen = variable("oldest", "probe_seen");
    seen[0] = '\0';
    struct plugin *p = open_plugin(w, "oldest", "{\"start\":\"timer\"}", true);
    turn(w, 3);
    plugin_free(p);
    assert_string_equal("span=600000 timer close ", seen);
    world_close(w);
}

/* --- hooks ----------------------------------------------------------------------------------- */

static bool ask_note(struct plugin *p, enum command_kind kind, const char *text, struct err *err)
{
    json_t *args = json_pack("{s:s}", "text", text);
    struct command c = {.kind = kind, .args = args, .actor = {.user = "u1"}};
    bool good = hooks_ask(&p, 1, &c, NULL, err);
    json_decref(args);
    return good;
}

static void the_skeleton_refuses_a_word_with_a_reason(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "skeleton", "{\"forbidden\":\"secret\"}", false);
    struct err err = {0};
    assert_true(ask_note(p, COMMAND_NOTE, "plain", &err));
    assert_false(ask_note(p, COMMAND_NOTE, "a secret word", &err));
    assert_int_equal(ERR_GUARD, err.code);
    assert_string_equal("the note contains \"secret\"", err.message);
    err_clear(&err);
    assert_true(ask_note(p, COMMAND_ACT, "a secret word", &err));
    assert_true(ask_note(p, COMMAND_DUE, "a secret word", &err));
    plugin_free(p);
    world_close(w);
}

static void a_failing_veto_lets_pass_and_is_disabled_after_ten_faults(void **state)
{
    (void)state;
    struct world *w = world_open();
    int *calls = variable("hooks", "wrong_calls"), *closes = variable("hooks", "wrong_closes");
    *calls = *closes = 0;
    struct plugin *p = open_plugin(w, "hooks", "{}", false);
    struct err err = {0};
    for (int i = 0; i < PLUGIN_FAULTS_MAX + 5; i++) {
        assert_true(ask_note(p, COMMAND_NOTE, "x", &err));
    }
    assert_int_equal(PLUGIN_FAULTS_MAX, *calls);
    assert_int_equal(PLUGIN_ENDING, p->state);
    assert_int_equal(0, *closes); /* not inside the hook */
    turn(w, 3);
    assert_int_equal(1, *closes);
    json_t *status = plugin_status(p);
    assert_string_equal("disabled", json_text(status, "state"));
    assert_int_equal(PLUGIN_FAULTS_MAX, json_number(status, "faults", 0));
    assert_non_null(strstr(json_text(status, "last_error"), "refused without a reason"));
    json_decref(status);
    plugin_free(p);
    assert_int_equal(1, *closes);
    world_close(w);
}

static void a_failing_veto_of_a_required_plugin_stops_commands(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "hooks", "{}", true);
    for (int i = 0; i < PLUGIN_FAULTS_MAX + 5; i++) { /* disabled in between: still */
        struct err err = {0};
        assert_false(ask_note(p, COMMAND_NOTE, "x", &err));
        assert_int_equal(ERR_PLUGIN, err.code);
        assert_non_null(strstr(err.message, "hooks"));
        err_clear(&err);
        assert_true(ask_note(p, COMMAND_DUE, "x", &err)); /* the law does not wait */
    }
    plugin_free(p);
    world_close(w);
}

static void a_failing_listener_is_disabled(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "hooks", "{}", false);
    json_t *event = json_pack("{s:i, s:s}", "seq", 7, "type", "opened");
    for (int i = 0; i < PLUGIN_FAULTS_MAX; i++) {
        assert_int_equal(PLUGIN_OPEN, p->state);
        hooks_tell(&p, 1, event);
    }
    assert_int_equal(PLUGIN_ENDING, p->state);
    json_decref(event);
    plugin_free(p); /* before the turn that would have closed it */
    world_close(w);
}

/* --- effects and methods ------------------------------------------------------------------------
 */

static void add_effect(struct world *w, const char *kind)
{
    struct store_unit *u = unit_case(++w->cases, 1, NULL, NULL);
    u->kase->effects = json_pack("[{s:s, s:{}}]", "kind", kind, "data");
    append_one(&w->store, u);
}

static void an_effect_reaches_its_plugin_and_is_done(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "skeleton", "{}", false);
    add_effect(w, "skeleton");
    effects_look(w->effects);
    turn(w, 3);
    json_t *status = effects_status(w->effects);
    assert_int_equal(1, json_number(status, "done", 0));
    json_decref(status);
    plugin_free(p);
    world_close(w);
}

static void effects_of_a_disabled_plugin_stay_pending(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "hooks", "{}", false);
    for (int i = 0; i < PLUGIN_FAULTS_MAX + 2; i++) {
        add_effect(w, "wrong");
    }
    effects_look(w->effects);
    turn(w, 5);
    assert_true(p->disabled);
    json_t *status = effects_status(w->effects);
    assert_int_equal(0, json_number(status, "failed", 0));
    assert_int_equal(
        PLUGIN_FAULTS_MAX + 2, json_number(json_member(status, "untaken"), "wrong", 0));
    json_decref(status);
    plugin_free(p);
    world_close(w);
}

struct told {
    int calls;
    enum err_code code;
    json_t *result;
    size_t fields; /* named by the refusal */
};

static void on_answer(const struct answer *answer, void *ctx)
{
    struct told *t = ctx;
    t->calls++;
    t->code = answer->err == NULL ? ERR_NONE : answer->err->code;
    t->result = json_incref(answer->result);
    t->fields = answer->err == NULL || answer->err->data == NULL
                    ? 0
                    : json_array_size(json_object_get(answer->err->data, "fields"));
}

static void its_methods_join_the_table_and_ask_for_their_right(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "skeleton", "{}", false);
    assert_non_null(methods_find(w->methods, "skeleton.status"));
    struct actor admin = {.kind = ACTOR_USER, .user = "root", .local_admin = true};
    struct told told = {0};
    dispatch_local(w->dispatch, &admin, "skeleton.status", json_object(), on_answer, &told);
    assert_int_equal(1, told.calls);
    assert_int_equal(ERR_NONE, told.code);
    assert_int_equal(0, json_number(told.result, "effects", -1));
    json_decref(told.result);

    struct actor nobody = {.kind = ACTOR_USER, .user = "nobody"};
    told = (struct told){0};
    dispatch_local(w->dispatch, &nobody, "skeleton.status", json_object(), on_answer, &told);
    assert_int_equal(ERR_FORBIDDEN, told.code);
    told = (struct told){0};
    dispatch_local(
        w->dispatch, &admin, "skeleton.status", json_pack("{s:i}", "x", 1), on_answer, &told);
    assert_int_equal(ERR_PARAMS, told.code);

    plugin_free(p);
    assert_null(methods_find(w->methods, "skeleton.status"));
    world_close(w);
}

static struct told ask_for(struct world *w, const char *user, const char *method)
{
    struct actor actor = {.kind = ACTOR_USER, .user = user, .local_admin = true};
    struct told told = {0};
    json_t *params = json_pack("{s:s, s:{s:s}}", "method", method, "_meta", "lang", "zh");
    dispatch_local(w->dispatch, &actor, "asker.ask", params, on_answer, &told);
    turn(w, 3);
    assert_int_equal(1, told.calls);
    return told;
}

static void it_asks_in_the_name_of_whoever_asked_it(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "asker", "{}", false);
    struct told told = ask_for(w, "demo01", "who");
    assert_string_equal("demo01", json_text(told.result, "user"));
    assert_string_equal("zh", json_text(told.result, "lang"));
    json_decref(told.result);
    told = ask_for(w, "demo02", "who");
    assert_string_equal("demo02", json_text(told.result, "user"));
    json_decref(told.result);
    plugin_free(p);
    world_close(w);
}

static void a_refusal_is_passed_on_as_it_came(void **state)
{
    (void)state;
    struct world *w = world_open();
    struct plugin *p = open_plugin(w, "asker", "{}", false);
    struct told told = ask_for(w, "demo01", "no");
    assert_int_equal(ERR_FORM, told.code);
    assert_int_equal(2, told.fields);
    assert_int_equal(ERR_METHOD, ask_for(w, "demo01", "nosuch").code);
    assert_int_equal(ERR_PLUGIN, ask_for(w, "demo01", "nonsense").code);
    plugin_free(p);
    world_close(w);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_required_plugin_that_is_wrong_refuses_the_start),
        cmocka_unit_test(an_optional_plugin_that_is_wrong_is_left_out_and_named),
        cmocka_unit_test(one_name_is_opened_once_and_a_kind_of_effect_has_one_plugin),
        cmocka_unit_test(no_plugins_are_fine),
        cmocka_unit_test(timers_watches_work_and_calls_come_back),
        cmocka_unit_test(closing_ends_what_is_under_way),
        cmocka_unit_test(what_is_not_listed_as_need_is_refused),
        cmocka_unit_test(a_plugin_built_with_the_oldest_header_runs),
        cmocka_unit_test(the_skeleton_refuses_a_word_with_a_reason),
        cmocka_unit_test(a_failing_veto_lets_pass_and_is_disabled_after_ten_faults),
        cmocka_unit_test(a_failing_veto_of_a_required_plugin_stops_commands),
        cmocka_unit_test(a_failing_listener_is_disabled),
        cmocka_unit_test(an_effect_reaches_its_plugin_and_is_done),
        cmocka_unit_test(effects_of_a_disabled_plugin_stay_pending),
        cmocka_unit_test(its_methods_join_the_table_and_ask_for_their_right),
        cmocka_unit_test(it_asks_in_the_name_of_whoever_asked_it),
        cmocka_unit_test(a_refusal_is_passed_on_as_it_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
