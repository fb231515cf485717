/* The workflows in force as one set: what one hands over must fit the other, whichever of them is
 * deployed. */
#include "world.h"

#include "base/text.h"

static const char sender[] =
    "{'api':1,'source':'%d','id':'sender','title':'移送','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true}],'clocks':[],"
    "'states':[{'name':'work','title':'办理中','initial':true,'work':'w','adhoc':['count']},"
    "{'name':'done','title':'办结','final':true}],"
    "'tasks':[{'name':'count','title':'核算','hand_over':{'flow':'taker','to':{'kind':'kind',"
    "'name':'sfs'},'carry':[{'name':'topic','from':'subject'}]}}],"
    "'actions':[{'name':'pass','title':'移交','from':['work'],'to':'done','by':['w'],"
    "'hand_over':{'flow':'taker','to':{'kind':'parent'},"
    "'carry':[{'name':'%s','from':'subject'}]}}]}";

static const char taker[] =
    "{'api':1,'source':'%d','id':'taker','title':'接收','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'%s','title':'事由','type':'text','required':true}],'clocks':[],"
    "'states':[{'name':'incoming','title':'待签收','initial':true,'arrival':true,'work':'w'},"
    "{'name':'done','title':'办结','final':true}],"
    "'actions':[{'name':'sign','title':'签收','from':['incoming'],'to':'done','by':['w'],"
    "'receipt':'accept'}]}";

static struct flow *compile(const char *frame, int source, const char *field)
{
    struct err err = {0};
    char *text = mem_printf(frame, source, field);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *doc = json_lit(text);
    struct flow *flow = flow_compile(doc, &err);
    assert_string_equal("", err.message);
    json_decref(doc);
    mem_free(text);
    return flow;
}

static void assert_first(json_t *rows, size_t count, const char *path, const char *near)
{
    assert_int_equal(count, json_array_size(rows));
    const json_t *first = json_array_get(rows, 0);
    if (path != NULL) {
        assert_string_equal(path, json_text(first, "path"));
        assert_string_equal("sender", json_text(first, "flow"));
    }
    if (near != NULL) {
        assert_string_equal(near, json_text(first, "near"));
    }
    json_decref(rows);
}

static void a_set_that_fits_says_nothing(void **state)
{
    struct world *w = *state;
    engine_add_flow(w->engine, compile(sender, 1, "topic"), NULL);
    engine_add_flow(w->engine, compile(taker, 1, "topic"), NULL);
    assert_first(engine_verify_links(w->engine, NULL), 0, NULL, NULL);
}

static void a_field_that_is_not_there_is_told_with_the_nearest(void **state)
{
    struct world *w = *state;
    engine_add_flow(w->engine, compile(taker, 1, "topic"), NULL);
    struct flow *next = compile(sender, 1, "topik");
    assert_first(
        engine_verify_links(w->engine, next), 1, "actions.pass.hand_over.carry.topik", "topic");
    assert_first(engine_links_broken(w->engine, next), 0, NULL, NULL); /* it is its own fault */
    flow_free(next);
}

static void a_receiver_that_takes_a_field_away_breaks_the_others(void **state)
{
    struct world *w = *state;
    engine_add_flow(w->engine, compile(sender, 1, "topic"), NULL);
    engine_add_flow(w->engine, compile(taker, 1, "topic"), NULL);
    struct flow *next = compile(taker, 2, "theme"), *same = compile(taker, 3, "topic");
    assert_first(engine_links_broken(w->engine, next), 2, /* the hand-over and the sub-case */
        "actions.pass.hand_over.carry.topic", NULL);
    assert_first(engine_links_broken(w->engine, same), 0, NULL, NULL);
    engine_add_flow(w->engine, next, NULL); /* forced */
    assert_first(engine_verify_links(w->engine, NULL), 2, NULL, NULL);
    struct flow *other = compile(taker, 4, "theme"); /* what was broken before is not its doing */
    assert_first(engine_links_broken(w->engine, other), 0, NULL, NULL);
    flow_free(other);
    flow_free(same);
}

static void a_workflow_that_is_not_there_yet_is_a_warning(void **state)
{
    struct world *w = *state;
    struct flow *alone = compile(sender, 1, "topic");
    json_t *rows = engine_verify_links(w->engine, alone);
    assert_int_equal(2, json_array_size(rows));
    assert_false(flow_diagnostics_fail(rows));
    json_decref(rows);
    flow_free(alone);
}

int main(void)
{
    lang_init();
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_set_that_fits_says_nothing),
        T(a_field_that_is_not_there_is_told_with_the_nearest),
        T(a_receiver_that_takes_a_field_away_breaks_the_others),
        T(a_workflow_that_is_not_there_yet_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
