/* Cases that write to each other: hand-over, receipt, return, what follows at the sender, limits,
 * the same matter at two levels, and that a letter is delivered once whatever dies. */
#include "world.h"

#include "base/text.h"
#include "engine/apply.h"

#include <stdio.h>
#include <unistd.h>

/* One flow that hands over to itself, by a body named in the form. */
static const char relay_doc[] =
    "{'api':1,'source':'0','id':'relay','title':'接力','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true,'max':50},"
    "{'name':'sum','title':'金额','type':'money'},"
    "{'name':'told','title':'转述','type':'text','open':false},"
    "{'name':'must','title':'必填项','type':'text','required':true},"
    "{'name':'to','title':'去向','type':'body','open':false}],"
    "'clocks':[{'name':'sign','title':'签收','limit':'3 workdays','kind':'max','from':['incoming'],"
    "'to':['work'],'drop':['back'],'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','"
    "name':'red'}]}]},"
    "{'name':'returnable','title':'可以退回','limit':'5 workdays','kind':'max','right':true,"
    "'from':['incoming'],'to':['back','work'],'steps':[{'name':'late','when':'late','outcomes':[]}]"
    "},"
    "{'name':'handle','title':'办理','limit':'10 days','from':['work'],'to':['done','dropped'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'}]}]}],"
    "'states':[{'name':'new','title':'已登记','initial':true,'work':'w'},"
    "{'name':'incoming','title':'已移送','arrival':true,'work':'w'},"
    "{'name':'work','title':'办理中','work':'w','handling':true},"
    "{'name':'away','title':'移送中'},{'name':'there','title':'对方办理中'},"
    "{'name':'agreed','title':'履行中','work':'w','outcome':'达成协议'},"
    "{'name':'back','title':'退回','final':true},{'name':'dropped','title':'撤回','final':true},"
    "{'name':'done','title':'办结','final':true,'outcome':'调解成功'}],"
    "'actions':[{'name':'begin','title':'受理','from':['new'],'to':'work','by':['w'],'takes':true},"
    "{'name':'receive','title':'签收','from':['incoming'],'to':'work','by':['w'],'receipt':'accept'"
    ",'takes':true},"
    "{'name':'give_back','title':'退件','from':['incoming'],'to':'back','by':['w'],'reason':true,"
    "'receipt':'return','within':'sign'},"
    "{'name':'refer_back','title':'退还','from':['incoming'],'to':'back','by':['w'],'reason':true,"
    "'receipt':'return','within':'returnable'},"
    "{'name':'pass','title':'移送','from':['work'],'to':'away','by':['w'],'form':[{'name':'to','"
    "required':true}],"
    "'hand_over':{'flow':'relay','to':{'kind':'field','name':'to'},'max_hops':2,"
    "'carry':[{'name':'told','from':'subject'},{'name':'sum','from':'sum'},{'name':'to','from':'"
    "subject'},"
    "{'name':'gone','from':'sum'}],"
    "'received':[{'do':'go','name':'there'}],'returned':[{'do':'go','name':'work'}],"
    "'closed':[{'outcome':'达成协议','outcomes':[{'do':'go','name':'work'},{'do':'mark','name':'"
    "yellow'}]},"
    "{'outcome':'调解成功','outcomes':[{'do':'go','name':'done'},{'do':'mark','name':'"
    "yellow'}]},"
    "{'outcomes':[{'do':'go','name':'work'}]}]}},"
    "{'name':'seal','title':'密送','from':['work'],'to':'away','by':['w'],'form':[{'name':'to','"
    "required':true}],"
    "'hand_over':{'flow':'relay','to':{'kind':'field','name':'to'},'sealed':true,"
    "'closed':[{'outcome':'调解成功','outcomes':[{'do':'go','name':'done'}]},{'outcomes':[{'do':'"
    "go','name':'work'}]}]}},"
    "{'name':'lose','title':'错送','from':['work'],'to':'away','by':['w'],"
    "'hand_over':{'flow':'nowhere','to':{'kind':'parent'}}},"
    "{'name':'dispute','title':'请上级指定','from':['incoming'],'by':['w'],'route':{'kind':'common'"
    ",'name':'xfj'}},"
    "{'name':'drop','title':'撤回','from':['work','away','there'],'to':'dropped','by':['w']},"
    "{'name':'agree','title':'达成','from':['work'],'to':'agreed','by':['w']},"
    "{'name':'finish','title':'办结案件','from':['work','agreed'],'to':'done','by':['w']}]}";

/* Every body hosts both flows, unless `hosts` says otherwise for the town; people at each level. */
static void furnish(struct world *w, const char *town_hosts)
{
    struct err err = {0};
    json_t *org = json_lit(world_org), *bodies = json_object_get(org, "bodies");
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        json_t *b = json_array_get(bodies, i);
        bool town = text_equal(json_text(b, "id"), "town.sfs");
        json_object_set_new(b, "hosts", json_string(town ? town_hosts : "demo relay"));
    }
    static const char *const more[][2] = {{"d2", "district.xfj"}, {"k1", "city.xfj"}};
    for (size_t i = 0; i < 2; i++) {
        json_array_append_new(json_object_get(org, "persons"),
            json_pack("{s:s,s:s,s:s}", "id", more[i][0], "name", "演示人员", "demo", "1"));
        json_array_append_new(json_object_get(org, "members"),
            json_pack("{s:s,s:s,s:s,s:s,s:s}", "user", more[i][0], "body", more[i][1], "role",
                "mediator", "from", "2000-01-01", "to", ""));
    }
    engine_set_org(w->engine, org_load(org, &err));
    assert_string_equal("", err.message);
    json_decref(org);
}

static void add_relay(struct world *w)
{
    world_use(w, relay_doc);
    furnish(w, "demo relay");
}

static int setup(void **state)
{
    world_setup(state);
    add_relay(*state);
    return 0;
}

static const char open_args[] =
    "{\"flow\":\"relay\",\"fields\":{\"subject\":\"两户地界之争\",\"sum\":\"1200\","
    "\"must\":\"有\"},\"parties\":[{\"role\":\"applicant\",\"name\":\"演示当事人甲\"}]}";

/* A case of the village, being handled: c1. */
static void at_work(struct world *w)
{
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"begin\"}");
}

static void pass(struct world *w, const char *number, const char *user, const char *to)
{
    char *args = mem_printf("{\"action\":\"pass\",\"form\":{\"to\":\"%s\"}}", to);
    world_ok(w, COMMAND_ACT, number, user, args);
    mem_free(args);
}

static const char *in_state(struct world *w, const char *number)
{
    static char state[32];
    struct casefile *c = world_case(w, number);
    snprintf(state, sizeof state, "%s", c->state);
    casefile_free(c);
    return state;
}

/* A member of the i-th link of a case; "" when absent. */
static const char *link_says(struct world *w, const char *number, size_t i, const char *member)
{
    static char text[128];
    struct casefile *c = world_case(w, number);
    const char *value = json_text(json_array_get(c->links, i), member);
    snprintf(text, sizeof text, "%s", value != NULL ? value : "");
    casefile_free(c);
    return text;
}

static size_t cases_there(struct world *w)
{
    json_t *meta = store_ask_now(w->store, ASK_STAT, json_object(), NULL);
    size_t n = (size_t)json_number(meta, "cases", 0);
    json_decref(meta);
    return n;
}

static size_t letters_waiting(struct world *w)
{
    json_t *rows = store_ask_now(w->store, ASK_LETTERS, json_object(), NULL);
    size_t n = json_array_size(rows);
    json_decref(rows);
    return n;
}

/* --- hand-over -------------------------------------------------------------------------------- */

static void a_hand_over_opens_a_linked_case_with_what_is_carried(void **state)
{
    struct world *w = *state;
    at_work(w);
    struct answer a = world_do(
        w, COMMAND_ACT, "c1", "v1", "{\"action\":\"pass\",\"form\":{\"to\":\"town.sfs\"}}", NULL);
    assert_string_equal("", a.message);
    assert_non_null(strstr(json_text(a.result, "changed"), "镇司法所"));
    answer_free(&a);
    struct casefile *c = world_case(w, "c2");
    assert_string_equal("镇司26-0001", c->number);
    assert_string_equal("incoming", c->state);
    assert_string_equal("town.sfs", c->host);
    assert_string_equal("town.sfs", c->origin);
    assert_string_equal("移送", c->source);
    assert_string_equal("10111", c->place);
    assert_string_equal("两户地界之争", json_text(c->fields, "told"));
    assert_string_equal("1200.00", json_text(c->fields, "sum"));
    assert_null(json_text(c->fields, "must")); /* stays open */
    assert_string_equal("演示当事人甲", json_text(json_array_get(c->parties, 0), "name"));
    assert_int_equal(1, c->root);
    const json_t *link = json_array_get(c->links, 0);
    assert_string_equal("from", json_text(link, "kind"));
    assert_string_equal("村调26-0001", json_text(link, "number"));
    assert_string_equal(
        "village.tw", json_text(json_array_get(json_object_get(link, "trail"), 0), "body"));
    casefile_free(c);
    assert_string_equal("away", in_state(w, "c1"));
    assert_string_equal("镇司26-0001", link_says(w, "c1", 0, "number"));
    assert_string_equal("sent", link_says(w, "c1", 0, "status"));
    assert_int_equal(0, letters_waiting(w));
}

static void the_receivers_clocks_start_at_its_receipt_and_the_sender_hears_of_it(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_go(w, "2026-03-04T10:00:00");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    struct casefile *c = world_case(w, "c2");
    char day[DATE_TEXT];
    assert_string_equal("2026-03-14", date_format(casefile_clock(c, "handle")->due.raw, day));
    casefile_free(c);
    assert_string_equal("there", in_state(w, "c1"));
    assert_string_equal("handling", link_says(w, "c1", 0, "status"));
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"finish\"}");
    assert_string_equal("done", in_state(w, "c1"));
    assert_string_equal("closed", link_says(w, "c1", 0, "status"));
    assert_string_equal("调解成功", link_says(w, "c1", 0, "outcome"));
    c = world_case(w, "c1");
    assert_true(json_array_size(c->marks) == 0); /* closed by the outcome before: no more follows */
    casefile_free(c);
    assert_string_equal("closed", link_says(w, "c2", 0, "status"));
}

static void any_other_outcome_has_its_own_consequence(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"drop\"}");
    assert_string_equal("work", in_state(w, "c1"));
    assert_string_equal("撤回", link_says(w, "c1", 0, "outcome"));
}

static void a_result_before_the_end_is_heard_at_once_and_once(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"agree\"}");
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("work", c->state);
    assert_true(json_array_has(c->marks, "yellow"));
    int64_t version = c->version;
    casefile_free(c);
    assert_string_equal("received", link_says(w, "c1", 0, "status"));
    assert_string_equal("达成协议", link_says(w, "c1", 0, "outcome"));
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"finish\"}");
    c = world_case(w, "c1");
    assert_string_equal("work", c->state); /* not done: the result had its consequences already */
    assert_int_equal(version + 1, c->version);
    casefile_free(c);
    assert_string_equal("closed", link_says(w, "c1", 0, "status"));
}

static void it_is_given_back_with_a_reason_within_the_limit_only(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    struct answer a = world_do(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"give_back\"}", NULL);
    assert_int_equal(ERR_FORM, a.code);
    answer_free(&a);
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"give_back\",\"reason\":\"不属本所管辖\"}");
    assert_string_equal("work", in_state(w, "c1"));
    assert_string_equal("returned", link_says(w, "c1", 0, "status"));
    assert_string_equal("不属本所管辖", link_says(w, "c1", 0, "reason"));
    assert_string_equal("back", in_state(w, "c2"));
    pass(w, "c1", "v1", "district.xfj");
    world_go(w, "2026-03-06T10:00:00");
    a = world_do(
        w, COMMAND_ACT, "c3", "d2", "{\"action\":\"give_back\",\"reason\":\"晚了\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    assert_non_null(strstr(a.message, "签收"));
    answer_free(&a);
    assert_string_equal("sent", link_says(w, "c1", 1, "status"));
}

/* A right that ran out is cancelled, never late: it is over all the same. */
static void a_limit_that_is_a_right_ends_the_way_back_too(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_go(w, "2026-03-09T10:00:00"); /* the last day: the alarm of the receipt is long over */
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"refer_back\",\"reason\":\"不属本所\"}");
    assert_string_equal("back", in_state(w, "c2"));
    pass(w, "c1", "v1", "district.xfj");
    world_go(w, "2026-03-17T10:00:00");
    struct answer a = world_do(
        w, COMMAND_ACT, "c3", "d2", "{\"action\":\"refer_back\",\"reason\":\"晚了\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    assert_non_null(strstr(a.message, "2026-03-16"));
    answer_free(&a);
    assert_string_equal("incoming", in_state(w, "c3"));
}

static void a_case_that_went_on_is_not_called_back(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"drop\"}");
    assert_string_equal("closed", link_says(w, "c2", 0, "status"));
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"finish\"}");
    assert_string_equal("dropped", in_state(w, "c1"));
    assert_string_equal("closed", link_says(w, "c1", 0, "status"));
    assert_int_equal(0, letters_waiting(w));
}

/* --- limits ----------------------------------------------------------------------------------- */

static struct answer try_pass(struct world *w, const char *number, const char *user, const char *to)
{
    char *args = mem_printf("{\"action\":\"pass\",\"form\":{\"to\":\"%s\"}}", to);
    struct answer a = world_do(w, COMMAND_ACT, number, user, args, NULL);
    mem_free(args);
    return a;
}

static void hops_are_limited(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    pass(w, "c2", "t1", "district.xfj");
    world_ok(w, COMMAND_ACT, "c3", "d2", "{\"action\":\"receive\"}");
    struct answer a = try_pass(w, "c3", "d2", "city.xfj");
    assert_int_equal(ERR_STATE, a.code);
    assert_non_null(strstr(a.message, "2"));
    answer_free(&a);
    assert_int_equal(3, cases_there(w));
    struct casefile *c = world_case(w, "c3");
    assert_int_equal(1, c->root);
    struct actor actor = {.kind = ACTOR_USER, .user = "d2"};
    json_t *can = engine_can(w->engine, c, &actor, "pass", NULL);
    assert_false(
        json_flag(can, "allowed")); /* greyed with the reason before anything is filled in */
    json_decref(can);
    casefile_free(c);
}

static void two_bodies_do_not_send_a_matter_to_and_fro(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"give_back\",\"reason\":\"不是本所的\"}");
    struct answer a = try_pass(w, "c1", "v1", "town.sfs");
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    pass(w, "c1", "v1", "district.xfj");
    world_ok(w, COMMAND_ACT, "c3", "d2", "{\"action\":\"receive\"}");
    a = try_pass(w, "c3", "d2", "village.tw");
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    assert_int_equal(3, cases_there(w));
}

static void what_is_there_already_is_not_sent_again(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    struct answer a = try_pass(w, "c1", "v1", "town.sfs");
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
}

static void a_workflow_that_is_not_in_force_is_told_before_anything_happens(void **state)
{
    struct world *w = *state;
    at_work(w);
    struct answer a = world_do(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"lose\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    assert_non_null(strstr(a.message, "nowhere"));
    answer_free(&a);
    assert_string_equal("work", in_state(w, "c1"));
}

static void the_common_superior_of_two_bodies_is_found_in_the_tree(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"dispute\"}");
    struct casefile *c = world_case(w, "c2");
    assert_string_equal("district.xfj", c->host);
    assert_true(json_array_has(c->participants, "town.sfs"));
    casefile_free(c);
    assert_string_equal("district.xfj", link_says(w, "c1", 0, "body"));
}

/* --- once, whatever dies ---------------------------------------------------------------------- */

/* A command whose answer came, but none of whose letters was delivered. */
static void pass_and_stop(struct world *w, const char *to)
{
    char *args = mem_printf("{\"action\":\"pass\",\"form\":{\"to\":\"%s\"}}", to);
    json_t *doc = json_lit(args);
    struct answer a = {0};
    struct command c = {.kind = COMMAND_ACT,
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
    mem_free(args);
    answer_free(&a);
    assert_int_equal(1, letters_waiting(w));
    assert_int_equal(1, cases_there(w));
}

static void a_letter_of_a_daemon_that_died_is_delivered_by_the_next(void **state)
{
    (void)state;
    char folder[] = "/tmp/fengqiao-links-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/cases.db", folder);
    struct world w;
    world_open(&w, path, "2026-03-02T10:00:00");
    add_relay(&w);
    at_work(&w);
    pass_and_stop(&w, "town.sfs");
    world_close(&w);
    world_open(&w, path, "2026-03-02T11:00:00");
    add_relay(&w);
    world_settle(&w);
    assert_string_equal("incoming", in_state(&w, "c2"));
    assert_string_equal("镇司26-0001", link_says(&w, "c1", 0, "number"));
    assert_int_equal(0, letters_waiting(&w));
    world_close(&w);
    unlink(path);
    rmdir(folder);
    mem_free(path);
}

static void two_engines_over_one_store_deliver_it_once(void **state)
{
    struct world *w = *state, other = *w;
    at_work(w);
    world_engine(&other);
    add_relay(&other);
    pass_and_stop(w, "town.sfs");
    for (int i = 0; i < 50; i++) {
        engine_look_letters(w->engine);
        engine_look_letters(other.engine);
        engine_flush(w->engine);
        engine_flush(other.engine);
        store_poll(w->store);
    }
    world_settle(w);
    world_settle(&other);
    assert_int_equal(2, cases_there(w));
    assert_int_equal(0, letters_waiting(w));
    assert_string_equal("镇司26-0001", link_says(w, "c1", 0, "number"));
    struct casefile *c = world_case(&other, "c2");
    assert_int_equal(1, c->version);
    casefile_free(c);
    engine_free(other.engine);
}

static void a_letter_twice_or_late_changes_nothing(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"drop\"}");
    struct casefile *before = world_case(w, "c1");
    static const char *const late[] = {"{\"letter\":\"received\",\"link\":\"l1\",\"from\":2,"
                                       "\"version\":2,\"status\":\"handling\"}",
        "{\"letter\":\"closed\",\"link\":\"l1\",\"from\":2,\"version\":9,\"outcome\":\"调解成功\"}",
        "{\"letter\":\"returned\",\"link\":\"l1\",\"from\":2,\"version\":9,\"reason\":\"x\"}",
        "{\"letter\":\"handling\",\"link\":\"l1\",\"from\":2,\"version\":1,\"status\":"
        "\"handling\"}",
        "{\"letter\":\"arrived\",\"link\":\"l1\",\"from\":7,\"version\":1}",
        "{\"letter\":\"handling\",\"link\":\"l9\",\"from\":2,\"version\":3,\"status\":\"open\"}"};
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        struct answer a = {0};
        json_t *doc = json_lit(late[i]);
        struct command c = {.kind = COMMAND_LETTER,
            .case_id = 1,
            .actor = {ACTOR_SYSTEM, "system", NULL, false},
            .args = doc};
        engine_submit(w->engine, &c, answer_take, &a);
        world_settle(w);
        assert_int_equal(ERR_STATE, a.code);
        json_decref(doc);
        answer_free(&a);
    }
    struct casefile *after = world_case(w, "c1");
    assert_int_equal(before->version, after->version);
    casefile_free(before);
    casefile_free(after);
}

static void letters_in_another_order_give_the_same_link(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    static const char *const letters[] = {"{\"letter\":\"handling\",\"link\":\"l1\",\"from\":2,"
                                          "\"version\":4,\"status\":\"open\",\"signed\":true}",
        "{\"letter\":\"handling\",\"link\":\"l1\",\"from\":2,\"version\":3,\"status\":"
        "\"handling\"}",
        "{\"letter\":\"received\",\"link\":\"l1\",\"from\":2,\"version\":2,\"status\":"
        "\"handling\"}"};
    for (size_t i = 0; i < 3; i++) {
        json_t *doc = json_lit(letters[i]);
        struct command c = {.kind = COMMAND_LETTER,
            .case_id = 1,
            .actor = {ACTOR_SYSTEM, "system", NULL, false},
            .args = doc};
        engine_submit(w->engine, &c, NULL, NULL);
        world_settle(w);
        assert_string_equal("received", link_says(w, "c1", 0, "status"));
        json_decref(doc);
    }
    assert_string_equal(
        "there", in_state(w, "c1")); /* the receipt had its consequence all the same */
}

static void what_nobody_can_take_comes_back_with_the_reason(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass_and_stop(w, "town.sfs");
    furnish(w, "demo");
    world_settle(w);
    assert_int_equal(1, cases_there(w));
    assert_string_equal("returned", link_says(w, "c1", 0, "status"));
    assert_string_equal("work", in_state(w, "c1"));
    assert_non_null(strstr(link_says(w, "c1", 0, "reason"), "镇司法所"));
    assert_int_equal(0, letters_waiting(w));
}

/* --- the same matter -------------------------------------------------------------------------- */

/* c1 of the village (being handled) and c2 of the district (new), linked by the district. */
static void linked_pair(struct world *w)
{
    at_work(w);
    world_ok(w, COMMAND_OPEN, NULL, "d2", open_args);
    world_ok(w, COMMAND_LINK, "c2", "d2",
        "{\"reason\":\"同一地界\",\"other\":{\"case\":\"c1\",\"number\":\"村调26-0001\",\"flow\":"
        "\"relay\","
        "\"body\":\"village.tw\",\"status\":\"open\",\"version\":1}}");
}

static void a_level_that_handles_a_matter_blocks_it_above(void **state)
{
    struct world *w = *state;
    linked_pair(w);
    /* The link was made on old news; the answer of the other case corrected it. */
    assert_string_equal("handling", link_says(w, "c2", 0, "status"));
    assert_string_equal("same", link_says(w, "c1", 0, "kind"));
    assert_string_equal("区信26-0001", link_says(w, "c1", 0, "number"));
    struct answer a = world_do(w, COMMAND_ACT, "c2", "d2", "{\"action\":\"begin\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    assert_non_null(strstr(a.message, "村调委会"));
    assert_non_null(strstr(a.message, "村调26-0001"));
    answer_free(&a);
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"finish\"}");
    assert_string_equal("closed", link_says(w, "c2", 0, "status"));
    world_ok(w, COMMAND_ACT, "c2", "d2", "{\"action\":\"begin\"}");
    assert_string_equal("handling", link_says(w, "c1", 0, "status"));
}

static void a_level_above_does_not_block_the_one_below(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_OPEN, NULL, "d2", open_args);
    world_ok(w, COMMAND_ACT, "c1", "d2", "{\"action\":\"begin\"}");
    world_ok(w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(w, COMMAND_LINK, "c2", "v1",
        "{\"reason\":\"同一事\",\"other\":{\"case\":\"c1\",\"number\":\"区信26-0001\",\"flow\":"
        "\"relay\","
        "\"body\":\"district.xfj\",\"status\":\"handling\",\"version\":2}}");
    world_ok(w, COMMAND_ACT, "c2", "v1", "{\"action\":\"begin\"}");
}

static void a_link_is_made_once_and_removed_on_both_sides(void **state)
{
    struct world *w = *state;
    linked_pair(w);
    struct answer a = world_do(w, COMMAND_LINK, "c1", "v1",
        "{\"reason\":\"再来\",\"other\":{\"case\":\"c2\",\"flow\":\"relay\",\"body\":\"district."
        "xfj\",\"status\":\"open\"}}",
        NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    a = world_do(w, COMMAND_LINK, "c1", "v1",
        "{\"reason\":\"自己\",\"other\":{\"case\":\"c1\",\"flow\":\"relay\",\"body\":\"village."
        "tw\",\"status\":\"open\"}}",
        NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    answer_free(&a);
    world_ok(w, COMMAND_UNLINK, "c1", "v1", "{\"link\":\"l1\",\"reason\":\"不是一回事\"}");
    struct casefile *c = world_case(w, "c2");
    assert_int_equal(0, json_array_size(c->links));
    casefile_free(c);
    world_ok(w, COMMAND_ACT, "c2", "d2", "{\"action\":\"begin\"}");
    a = world_do(w, COMMAND_UNLINK, "c1", "v1", "{\"link\":\"l1\",\"reason\":\"再来\"}", NULL);
    assert_int_equal(ERR_PARAMS, a.code);
    answer_free(&a);
}

static void a_hand_over_is_not_unlinked(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    struct answer a =
        world_do(w, COMMAND_UNLINK, "c1", "v1", "{\"link\":\"l1\",\"reason\":\"不要了\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
}

/* --- seal, lineage, history ------------------------------------------------------------------- */

static void under_seal_the_sender_learns_neither_number_nor_outcome(void **state)
{
    struct world *w = *state;
    at_work(w);
    world_ok(
        w, COMMAND_ACT, "c1", "v1", "{\"action\":\"seal\",\"form\":{\"to\":\"district.xfj\"}}");
    assert_string_equal("", link_says(w, "c1", 0, "number"));
    world_ok(w, COMMAND_ACT, "c2", "d2", "{\"action\":\"receive\"}");
    assert_string_equal("handling", link_says(w, "c1", 0, "status"));
    world_ok(w, COMMAND_ACT, "c2", "d2", "{\"action\":\"finish\"}");
    assert_string_equal("closed", link_says(w, "c1", 0, "status"));
    assert_string_equal("", link_says(w, "c1", 0, "outcome"));
    assert_string_equal("work", in_state(w, "c1")); /* `otherwise`: the outcome is not known here */
    struct casefile *c = world_case(w, "c1");
    struct actor actor = {.kind = ACTOR_USER, .user = "v1"};
    json_t *page = engine_case_page(w->engine, c, &actor);
    assert_null(json_text(json_array_get(json_object_get(page, "links"), 0), "case"));
    json_decref(page);
    casefile_free(c);
    json_t *found = store_ask_now(w->store, ASK_SEARCH,
        json_pack("{s:{s:b},s:s}", "scope", "all", 1, "text", "区信26-0001"), NULL);
    assert_int_equal(0, json_array_size(json_object_get(found, "items")));
    json_decref(found);
    json_t *rows = store_ask_now(w->store, ASK_LINEAGE, json_pack("{s:[i]}", "roots", 1), NULL);
    assert_int_equal(1, json_array_size(rows));
    json_decref(rows);
}

static void one_lineage_holds_every_station(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"receive\"}");
    pass(w, "c2", "t1", "district.xfj");
    json_t *rows = store_ask_now(w->store, ASK_LINEAGE, json_pack("{s:[i]}", "roots", 1), NULL);
    assert_int_equal(3, json_array_size(rows));
    assert_string_equal("区信26-0001", json_text(json_array_get(rows, 2), "number"));
    json_decref(rows);
}

static bool told(struct world *w, int64_t id, const char *words)
{
    json_t *rows = world_history(w, id);
    bool found = false;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *page = engine_event_page(w->engine, json_array_get(rows, i), false);
        char *text = json_dumps(json_object_get(page, "words"), 0);
        found = found || strstr(text, words) != NULL;
        free(text);
        json_decref(page);
    }
    json_decref(rows);
    return found;
}

static void both_histories_tell_it(void **state)
{
    struct world *w = *state;
    at_work(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"give_back\",\"reason\":\"不属本所管辖\"}");
    assert_true(told(w, 1, "移送镇司法所"));
    assert_true(told(w, 1, "镇司法所退回：不属本所管辖"));
    assert_true(told(w, 2, "村调委会移送"));
}

/* The history of a case, applied from its beginning, gives the links it has. */
static void the_history_explains_the_links(void **state)
{
    struct world *w = *state;
    linked_pair(w);
    pass(w, "c1", "v1", "town.sfs");
    world_ok(w, COMMAND_ACT, "c3", "t1", "{\"action\":\"receive\"}");
    world_ok(w, COMMAND_UNLINK, "c2", "d2", "{\"link\":\"l1\",\"reason\":\"两回事\"}");
    for (int64_t id = 1; id <= 3; id++) {
        char number[8];
        snprintf(number, sizeof number, "c%d", (int)id);
        struct casefile *now = world_case(w, number), *again = casefile_new();
        json_t *rows = world_history(w, id);
        for (size_t i = 0; i < json_array_size(rows); i++) {
            json_t *event = json_parse_own(json_text(json_array_get(rows, i), "data"));
            json_t *data = event != NULL
                               ? event
                               : json_incref(json_object_get(json_array_get(rows, i), "data"));
            apply_event(again, data, (int64_t)i + 1, (struct digest){0});
            json_decref(data);
        }
        assert_true(json_equal(now->links, again->links));
        assert_int_equal(now->root, again->root);
        json_decref(rows);
        casefile_free(now);
        casefile_free(again);
    }
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, world_teardown)
    const struct CMUnitTest tests[] = {
        ONE(a_hand_over_opens_a_linked_case_with_what_is_carried),
        ONE(the_receivers_clocks_start_at_its_receipt_and_the_sender_hears_of_it),
        ONE(any_other_outcome_has_its_own_consequence),
        ONE(a_result_before_the_end_is_heard_at_once_and_once),
        ONE(it_is_given_back_with_a_reason_within_the_limit_only),
        ONE(a_limit_that_is_a_right_ends_the_way_back_too),
        ONE(a_case_that_went_on_is_not_called_back),
        ONE(hops_are_limited),
        ONE(two_bodies_do_not_send_a_matter_to_and_fro),
        ONE(what_is_there_already_is_not_sent_again),
        ONE(a_workflow_that_is_not_in_force_is_told_before_anything_happens),
        ONE(the_common_superior_of_two_bodies_is_found_in_the_tree),
        cmocka_unit_test(a_letter_of_a_daemon_that_died_is_delivered_by_the_next),
        ONE(two_engines_over_one_store_deliver_it_once),
        ONE(a_letter_twice_or_late_changes_nothing),
        ONE(letters_in_another_order_give_the_same_link),
        ONE(what_nobody_can_take_comes_back_with_the_reason),
        ONE(a_level_that_handles_a_matter_blocks_it_above),
        ONE(a_level_above_does_not_block_the_one_below),
        ONE(a_link_is_made_once_and_removed_on_both_sides),
        ONE(a_hand_over_is_not_unlinked),
        ONE(under_seal_the_sender_learns_neither_number_nor_outcome),
        ONE(one_lineage_holds_every_station),
        ONE(both_histories_tell_it),
        ONE(the_history_explains_the_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
