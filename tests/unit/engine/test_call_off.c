/* A sub-case that is not asked for any more hears of it, once, whatever dies in between; it ends
 * where its workflow lets it, or goes on and says so. Both histories tell it. */
#include "world.h"

#include "base/text.h"

#include <stdio.h>
#include <unistd.h>

static const char whole_doc[] =
    "{'api':1,'source':'0','id':'whole','title':'总案','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true}],'clocks':[],"
    "'states':[{'name':'work','title':'办理中','initial':true,'work':'w','handling':true,'adhoc':['count']},"
    "{'name':'next','title':'下一步','work':'w'},{'name':'done','title':'办结','final':true}],"
    "'tasks':[{'name':'count','title':'核算','hand_over':{'flow':'part','to':{'kind':'kind',"
    "'name':'sfs'},'carry':[{'name':'subject','from':'subject'}]}}],"
    "'actions':[{'name':'go_on','title':'继续','from':['work'],'to':'next','by':['w']},"
    "{'name':'finish','title':'结束','from':['next'],'to':'done','by':['w']}]}";

static const char part_doc[] =
    "{'api':1,'source':'0','id':'part','title':'子案','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true}],'clocks':[],"
    "'states':[{'name':'asked','title':'待签收','initial':true,'arrival':true,'work':'w'},"
    "{'name':'counting','title':'核算中','work':'w','handling':true},"
    "{'name':'counted','title':'已核算','work':'w'},"
    "{'name':'off','title':'不再需要','final':true,'called_off':true,'outcome':'撤回'},"
    "{'name':'told','title':'已答复','final':true}],"
    "'actions':[{'name':'sign','title':'签收','from':['asked'],'to':'counting','by':['w'],"
    "'receipt':'accept'},"
    "{'name':'count','title':'核算','from':['counting'],'to':'counted','by':['w']},"
    "{'name':'drop','title':'撤回','from':['counting'],'to':'off','by':['w']},"
    "{'name':'tell','title':'答复','from':['counted'],'to':'told','by':['w']}]}";

static void furnish(struct world *w)
{
    struct err err = {0};
    world_use(w, whole_doc);
    world_use(w, part_doc);
    json_t *org = json_lit(world_org), *bodies = json_object_get(org, "bodies");
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        json_object_set_new(json_array_get(bodies, i), "hosts", json_string("whole part"));
    }
    engine_set_org(w->engine, org_load(org, &err));
    assert_string_equal("", err.message);
    json_decref(org);
}

static int setup(void **state)
{
    world_setup(state);
    furnish(*state);
    return 0;
}

/* c1 of the village asks the town to count: c2. */
static void asked(struct world *w)
{
    world_ok(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"whole\",\"body\":\"village.tw\",\"fields\":{\"subject\":\"欠薪\"}}");
    world_ok(w, COMMAND_TASK_ASK, "c1", "v1", "{\"task\":\"count\"}");
}

/* The command is durable, its letter is not delivered: the daemon dies then. */
static void sent_only(struct world *w, enum command_kind kind, const char *args)
{
    struct answer a = {0};
    json_t *doc = json_lit(args);
    struct command c = {.kind = kind,
        .number = "c1",
        .actor = {ACTOR_USER, "v1", NULL, false},
        .args = doc,
        .method = "test"};
    engine_submit(w->engine, &c, answer_take, &a);
    for (int i = 0; i < 10 && !a.came; i++) {
        engine_flush(w->engine);
        if (!a.came) {
            store_poll(w->store);
        }
    }
    assert_string_equal("", a.message);
    json_decref(doc);
    answer_free(&a);
}

static const char cancelling[] = "{\"id\":\"t1\",\"reason\":\"已自行核算\"}";

static const char *link_says(struct world *w, const char *number, const char *member)
{
    static char text[128];
    struct casefile *c = world_case(w, number);
    const json_t *value = json_object_get(json_array_get(c->links, 0), member);
    snprintf(text, sizeof text, "%s",
        json_is_true(value)     ? "true"
        : json_is_string(value) ? json_string_value(value)
                                : "");
    casefile_free(c);
    return text;
}

static bool told(struct world *w, int64_t id, const char *words)
{
    json_t *rows = world_history(w, id);
    bool found = false;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *page = engine_event_page(w->engine, json_array_get(rows, i), true);
        char *text = json_compact(page);
        found = found || strstr(text, words) != NULL;
        free(text);
        json_decref(page);
    }
    json_decref(rows);
    return found;
}

static size_t letters(struct world *w, const char *name)
{
    json_t *rows = store_ask_now(w->store, ASK_EFFECTS, json_pack("{s:i}", "limit", 1000), NULL);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *data = json_object_get(json_array_get(rows, i), "data");
        n += text_equal(json_text(data, "letter"), name);
    }
    json_decref(rows);
    return n;
}

static void assert_called_off(struct world *w)
{
    struct casefile *c = world_case(w, "c2");
    assert_string_equal("off", c->state);
    assert_true(c->closed_ms != 0);
    assert_string_equal("撤回", c->outcome);
    casefile_free(c);
    assert_string_equal("closed", link_says(w, "c1", "status"));
    assert_string_equal("撤回", link_says(w, "c1", "outcome"));
    assert_true(told(w, 1, "已自行核算"));
    assert_true(told(w, 2, "已自行核算"));
    assert_int_equal(1, letters(w, "called_off"));
    struct casefile *whole = world_case(w, "c1");
    assert_string_equal("cancelled", json_text(json_array_get(whole->tasks, 0), "state"));
    casefile_free(whole);
}

static void a_sub_case_nobody_signed_for_is_ended_with_the_reason(void **state)
{
    struct world *w = *state;
    asked(w);
    world_ok(w, COMMAND_TASK_CANCEL, "c1", "v1", cancelling);
    assert_called_off(w);
}

static void so_is_one_that_is_worked_on_where_its_workflow_allows_it(void **state)
{
    struct world *w = *state;
    asked(w);
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"sign\"}");
    world_ok(w, COMMAND_TASK_CANCEL, "c1", "v1", cancelling);
    assert_called_off(w);
}

static void one_that_cannot_be_ended_goes_on_and_both_sides_know_it(void **state)
{
    struct world *w = *state;
    asked(w);
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"sign\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"count\"}");
    world_ok(w, COMMAND_TASK_CANCEL, "c1", "v1", cancelling);
    struct casefile *c = world_case(w, "c2");
    assert_string_equal("counted", c->state);
    assert_int_equal(0, c->closed_ms);
    casefile_free(c);
    assert_string_equal("true", link_says(w, "c1", "kept_on"));
    assert_string_equal("true", link_says(w, "c2", "kept_on"));
    assert_true(told(w, 2, "目前环节不能终结"));
    assert_true(told(w, 1, "继续办理"));
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"tell\"}"); /* its end is heard of still */
    assert_string_equal("closed", link_says(w, "c1", "status"));
    c = world_case(w, "c1");
    assert_string_equal("cancelled", json_text(json_array_get(c->tasks, 0), "state"));
    casefile_free(c);
}

static void a_case_that_goes_on_leaves_no_sub_case_behind(void **state)
{
    struct world *w = *state;
    asked(w);
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"go_on\"}");
    struct casefile *c = world_case(w, "c2");
    assert_string_equal("off", c->state);
    casefile_free(c);
    assert_int_equal(1, letters(w, "called_off"));
}

static void what_ended_meanwhile_stays_as_it_ended(void **state)
{
    struct world *w = *state;
    asked(w);
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"sign\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"count\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"tell\"}");
    struct answer a = world_do(w, COMMAND_TASK_CANCEL, "c1", "v1", cancelling, NULL);
    assert_int_equal(ERR_STATE, a.code); /* it is answered */
    answer_free(&a);
    assert_int_equal(0, letters(w, "called_off"));
}

static void the_sub_case_learns_what_changed_while_it_was_on_its_way(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"whole\",\"body\":\"village.tw\",\"fields\":{\"subject\":\"欠薪\"}}");
    sent_only(w, COMMAND_TASK_ASK, "{\"task\":\"count\"}"); /* the letter says: it is being handled */
    sent_only(w, COMMAND_ACT, "{\"action\":\"go_on\"}");
    world_settle(w);
    assert_string_equal("open", link_says(w, "c2", "status"));
}

static void nothing_of_it_is_undone(void **state)
{
    struct world *w = *state;
    asked(w);
    world_ok(w, COMMAND_TASK_CANCEL, "c1", "v1", cancelling);
    struct answer a = world_do(w, COMMAND_UNDO, "c1", "v1", "{}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    assert_called_off(w);
}

/* A daemon that dies after `args` was written and before its letters were delivered. */
static void dies_in_between(enum command_kind kind, const char *args, bool then_cancel)
{
    char folder[] = "/tmp/fengqiao-call-off-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/cases.db", folder);
    struct world w;
    world_open(&w, path, "2026-03-02T10:00:00");
    furnish(&w);
    if (kind == COMMAND_TASK_CANCEL) {
        asked(&w);
    } else {
        world_ok(&w, COMMAND_OPEN, NULL, "v1",
            "{\"flow\":\"whole\",\"body\":\"village.tw\",\"fields\":{\"subject\":\"欠薪\"}}");
    }
    sent_only(&w, kind, args);
    if (then_cancel) { /* before the sub-case was opened */
        sent_only(&w, COMMAND_TASK_CANCEL, cancelling);
    }
    world_close(&w);
    world_open(&w, path, "2026-03-02T11:00:00");
    furnish(&w);
    engine_look_letters(w.engine);
    world_settle(&w);
    engine_look_letters(w.engine); /* nothing more to deliver */
    world_settle(&w);
    assert_called_off(&w);
    assert_int_equal(1, letters(&w, "open"));
    world_close(&w);
    char *shm = mem_printf("%s-shm", path), *wal = mem_printf("%s-wal", path);
    unlink(shm);
    unlink(wal);
    unlink(path);
    rmdir(folder);
    mem_free(shm);
    mem_free(wal);
    mem_free(path);
}

static void a_daemon_that_dies_in_between_tells_it_once(void **state)
{
    (void)state;
    dies_in_between(COMMAND_TASK_CANCEL, cancelling, false);
}

static void what_is_called_off_before_it_was_opened_is_told_when_it_is(void **state)
{
    (void)state;
    dies_in_between(COMMAND_TASK_ASK, "{\"task\":\"count\"}", true);
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
#define T(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_sub_case_nobody_signed_for_is_ended_with_the_reason),
        T(so_is_one_that_is_worked_on_where_its_workflow_allows_it),
        T(one_that_cannot_be_ended_goes_on_and_both_sides_know_it),
        T(a_case_that_goes_on_leaves_no_sub_case_behind),
        T(what_ended_meanwhile_stays_as_it_ended),
        T(the_sub_case_learns_what_changed_while_it_was_on_its_way),
        T(nothing_of_it_is_undone),
        cmocka_unit_test(a_daemon_that_dies_in_between_tells_it_once),
        cmocka_unit_test(what_is_called_off_before_it_was_opened_is_told_when_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
