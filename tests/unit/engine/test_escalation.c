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

/* --- jumps ---------------------------------------------------------------------------------- */

static const char jump_script[] =
    "return workflow \"ladder\" {\n"
    "  title = \"分级\", track = \"people\",\n"
    "  roles = { w = at \"host\" { \"mediator\", \"overseer\" } },\n"
    "  fields = { subject = text { title = \"事由\", required = true },\n"
    "    danger = flag { title = \"有危险\" }, bureau = flag { title = \"须部门参与\" },\n"
    "    refused = flag { title = \"拒绝调解\" } },\n"
    "  states = { work = { title = \"办理中\", initial = true, work = \"w\" },\n"
    "    later = { title = \"再办\", work = \"w\" }, done = { title = \"办结\", final = true } },\n"
    "  tasks = { told = task { title = \"报市知悉\", limit = \"2 hours\", stays = true,\n"
    "      to = kind \"xfj\" { level = \"city\" } },\n"
    "    lead = task { title = \"牵头意见\", limit = \"5 workdays\", stays = true, lead = true,\n"
    "      to = \"routes\" },\n"
    "    town = task { title = \"参加\", stays = true, to = kind \"sfs\" { level = \"town\" } },\n"
    "    gone = task { title = \"无此单位\", to = kind \"nowhere\" { level = \"town\" } } },\n"
    "  routes = { route { to = agency \"rsj\" { level = \"district\" } } },\n"
    "  actions = { go_on = on \"work -> later\" { title = \"继续\", by = \"w\" },\n"
    "    finish = on \"later -> done\" { title = \"结束\", by = \"w\" } },\n"
    "  jumps = {\n"
    "    [\"须部门参与\"] = jump { when = \"bureau\", to = kind \"xfj\" { level = \"district\" },\n"
    "      unless = \"refused\", asks = { \"lead\", \"town\", \"gone\" } },\n"
    "    [\"有危险\"] = jump { when = \"danger\", to = kind \"xfj\" { level = \"district\" },\n"
    "      unless = \"refused\", mark = \"red\", asks = { \"told\" } } },\n"
    "  guards = { danger = function(case) return case.fields.danger == true end,\n"
    "    bureau = function(case) return case.fields.bureau == true end },\n"
    "}\n";

static void jumping(struct world *w)
{
    struct err err = {0};
    world_open(w, NULL, "2026-03-02T10:00:00");
    struct flow *flow = NULL;
    struct script *script = script_load(
        jump_script, strlen(jump_script), "ladder.lua", &script_limits_default, &flow, &err);
    assert_string_equal("", err.message);
    engine_add_flow(w->engine, flow, script);
    json_t *org = json_lit(world_org), *bodies = json_object_get(org, "bodies");
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        json_t *b = json_array_get(bodies, i);
        bool agency = text_equal(json_text(b, "agency"), "rsj"); /* asked, never the host */
        json_object_set_new(b, "hosts", json_string(agency ? "" : "demo ladder"));
    }
    engine_set_org(w->engine, org_load(org, &err));
    assert_string_equal("", err.message);
    json_decref(org);
}

static const json_t *task_of(const struct casefile *c, const char *name)
{
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        if (text_equal(json_text(task, "name"), name)) {
            return task;
        }
    }
    return NULL;
}

static void the_body_above_is_told_within_two_hours_and_knows_it_by_answering(void **state)
{
    (void)state;
    struct world w;
    jumping(&w);
    world_ok(&w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"ladder\",\"fields\":{\"subject\":\"堵路\",\"danger\":true}}");
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("district.xfj", c->host);
    assert_true(json_array_has(c->marks, "red"));
    const json_t *told = task_of(c, "told");
    assert_string_equal("city.xfj", json_text(told, "body"));
    int64_t two_hours = 2 * MS_PER_HOUR;
    assert_int_equal(two_hours, json_number(told, "due_ms", 0) - json_number(told, "asked_ms", 0));
    casefile_free(c);
    world_go(&w, "2026-03-02T12:00:01");
    c = world_case(&w, "c1");
    assert_true(json_flag(task_of(c, "told"), "late"));
    assert_string_equal("district.xfj", c->host); /* whoever is told does not take it over */
    casefile_free(c);
    world_close(&w);
}

static void an_agency_leads_and_the_town_takes_part_while_the_host_keeps_the_case(void **state)
{
    (void)state;
    struct world w;
    jumping(&w);
    world_ok(&w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"ladder\",\"fields\":{\"subject\":\"欠薪\",\"bureau\":true}}");
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("district.xfj", c->host);
    assert_true(json_array_has(c->participants, "village.tw"));
    assert_string_equal("district.rsj", json_text(task_of(c, "lead"), "body"));
    assert_true(json_flag(task_of(c, "lead"), "lead"));
    assert_string_equal("town.sfs", json_text(task_of(c, "town"), "body"));
    assert_null(task_of(c, "gone")); /* nobody to ask: the history says so */
    casefile_free(c);
    world_ok(&w, COMMAND_ACT, "c1", "d1", "{\"action\":\"go_on\"}");
    c = world_case(&w, "c1");
    assert_string_equal("asked", json_text(task_of(c, "lead"), "state"));
    assert_int_equal(2, json_array_size(c->tasks)); /* asked once, whatever is done */
    casefile_free(c);
    world_ok(&w, COMMAND_ACT, "c1", "d1", "{\"action\":\"finish\"}");
    c = world_case(&w, "c1");
    assert_string_equal("cancelled", json_text(task_of(c, "lead"), "state"));
    casefile_free(c);
    world_close(&w);
}

static void no_jump_leads_over_a_refusal_but_a_danger_is_told_of(void **state)
{
    (void)state;
    struct world w;
    jumping(&w);
    world_ok(&w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"ladder\",\"fields\":{\"subject\":\"堵路\",\"danger\":true,"
        "\"refused\":true}}");
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("village.tw", c->host);
    assert_int_equal(1, c->level);
    assert_true(json_array_has(c->marks, "red"));
    assert_string_equal("city.xfj", json_text(task_of(c, "told"), "body"));
    json_t *rows = world_history(&w, c->id);
    char *text = json_compact(rows);
    assert_non_null(strstr(text, "outcome.withheld"));
    mem_free(text);
    json_decref(rows);
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
        cmocka_unit_test(the_body_above_is_told_within_two_hours_and_knows_it_by_answering),
        cmocka_unit_test(an_agency_leads_and_the_town_takes_part_while_the_host_keeps_the_case),
        cmocka_unit_test(no_jump_leads_over_a_refusal_but_a_danger_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
