/* Escalation (design rule 4): to the nearest body above that can host the case; the former host
 * stays a participant; the clock of the level starts anew; never over a refusal to be mediated. */
#include "world.h"

#include "base/text.h"

static const char ladder_doc[] =
    "{'api':1,'source':'0','id':'ladder','title':'分级','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true,'max':50},"
    "{'name':'refused','title':'拒绝调解','type':'flag'}],"
    "'clocks':[{'name':'level','title':'本级期限','limit':'7 "
    "days','kind':'max','from':['work'],'to':['done'],"
    "'restart_on_host':true,'steps':[{'name':'late','when':'late','outcomes':[{'do':'escalate',"
    "'to':{'kind':'parent'},'unless':'refused'}]}]}],"
    "'states':[{'name':'work','title':'办理中','initial':true,'work':'w'},{'name':'done','title':'"
    "办结','final':true}],"
    "'actions':[{'name':'finish','title':'办结案件','from':['work'],'to':'done','by':['w']}]}";

/* A village, a town that does not host the flow, a district that does. */
static void ladder(struct world *w)
{
    struct err err = {0};
    world_open(w, NULL, "2026-03-02T10:00:00");
    char *text = mem_strdup(ladder_doc);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *doc = json_lit(text), *org = json_lit(world_org),
           *bodies = json_object_get(org, "bodies");
    struct flow *flow = flow_compile(doc, &err);
    assert_string_equal("", err.message);
    engine_add_flow(w->engine, flow, NULL);
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        json_t *b = json_array_get(bodies, i);
        bool town = text_equal(json_text(b, "id"), "town.sfs");
        json_object_set_new(b, "hosts", json_string(town ? "demo" : "demo ladder"));
    }
    engine_set_org(w->engine, org_load(org, &err));
    assert_string_equal("", err.message);
    json_decref(org);
    json_decref(doc);
    mem_free(text);
}

static void it_goes_to_the_nearest_body_above_that_can_host_and_the_level_begins_anew(void **state)
{
    (void)state;
    struct world w;
    char day[DATE_TEXT];
    ladder(&w);
    world_ok(
        &w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"ladder\",\"fields\":{\"subject\":\"地界\"}}");
    world_go(&w, "2026-03-10T10:00:00");
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("district.xfj", c->host);
    assert_int_equal(3, c->level);
    assert_true(json_array_has(c->participants, "village.tw"));
    const struct case_clock *k = casefile_clock(c, "level");
    assert_int_equal(CLOCK_RUNNING, k->state);
    assert_string_equal("2026-03-17", date_format(k->due.raw, day));
    casefile_free(c);
    world_close(&w);
}

static void over_a_refusal_it_stays_where_it_is(void **state)
{
    (void)state;
    struct world w;
    ladder(&w);
    world_ok(&w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"ladder\",\"fields\":{\"subject\":\"地界\",\"refused\":true}}");
    world_go(&w, "2026-05-10T10:00:00");
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("village.tw", c->host);
    assert_int_equal(0, json_array_size(c->participants));
    casefile_free(c);
    world_close(&w);
}

static void at_the_top_of_the_ladder_it_stays(void **state)
{
    (void)state;
    struct world w;
    ladder(&w);
    world_ok(
        &w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"ladder\",\"fields\":{\"subject\":\"地界\"}}");
    world_go(&w, "2026-08-10T10:00:00");
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("city.xfj", c->host);
    assert_int_equal(2, json_array_size(c->participants));
    casefile_free(c);
    world_close(&w);
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_to_the_nearest_body_above_that_can_host_and_the_level_begins_anew),
        cmocka_unit_test(over_a_refusal_it_stays_where_it_is),
        cmocka_unit_test(at_the_top_of_the_ladder_it_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
