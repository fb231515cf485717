/* What must not happen to a letter between cases: lost because of a person's recusal, a failing
 * outcome or a workflow version that is away; taken for another one; delivered and given back. */
#include "world.h"

#include "base/text.h"

#include <stdio.h>
#include <unistd.h>

static const char post_doc[] =
    "{'api':1,'source':'0','id':'post','title':'往来','track':'people',"
    "'roles':[{'name':'w','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true},"
    "{'name':'to','title':'去向','type':'body','open':false}],'clocks':[],"
    "'states':[{'name':'work','title':'办理中','initial':true,'work':'w','handling':true,"
    "'adhoc':['ask']},"
    "{'name':'incoming','title':'已移送','arrival':true,'work':'w'},"
    "{'name':'away','title':'移送中','work':'w'},"
    "{'name':'joint','title':'会办中','work':'w','joint':{'title':'会办意见',"
    "'to':[{'kind':'agency','name':'rsj'}]}},"
    "{'name':'back','title':'退回','final':true},{'name':'done','title':'办结','final':true}],"
    "'tasks':[{'name':'ask','title':'询问'}],"
    "'actions':[{'name':'pass','title':'移送','from':['work'],'to':'away','by':['w'],"
    "'form':[{'name':'to','required':true}],'hand_over':{'flow':'post','to':{'kind':'field',"
    "'name':'to'},'carry':[{'name':'subject','from':'subject'}],"
    "'received':[{'do':'mark','name':'yellow'}],'returned':[{'do':'go','name':'joint'}]}},"
    "{'name':'receive','title':'签收','from':['incoming'],'to':'work','by':['w'],"
    "'receipt':'accept'},"
    "{'name':'give_back','title':'退件','from':['incoming'],'to':'back','by':['w'],"
    "'receipt':'return'},"
    "{'name':'finish','title':'办结案件','from':['work'],'to':'done','by':['w']}]}";

/* Every body hosts it, the town only when it is said; v1 has an office at the town too. */
static void furnish(struct world *w, bool town)
{
    struct err err = {0};
    json_t *org = json_lit(world_org), *bodies = json_object_get(org, "bodies");
    for (size_t i = 0; i < json_array_size(bodies); i++) {
        json_t *b = json_array_get(bodies, i);
        bool hosts = town || !text_equal(json_text(b, "id"), "town.sfs");
        json_object_set_new(b, "hosts", json_string(hosts ? "demo post" : "demo"));
    }
    json_array_append_new(json_object_get(org, "members"),
        json_pack("{s:s,s:s,s:s,s:s,s:s}", "user", "v1", "body", "town.sfs", "role", "mediator",
            "from", "2000-01-01", "to", ""));
    engine_set_org(w->engine, org_load(org, &err));
    assert_string_equal("", err.message);
    json_decref(org);
}

static void add_post(struct world *w)
{
    world_use(w, post_doc);
    furnish(w, true);
}

static int setup(void **state)
{
    world_setup(state);
    add_post(*state);
    return 0;
}

static void open_one(struct world *w, const char *user)
{
    world_ok(w, COMMAND_OPEN, NULL, user,
        "{\"flow\":\"post\",\"body\":\"village.tw\",\"fields\":{\"subject\":\"地界\"}}");
}

/* c1 of the village was handed to the town: c2. */
static void handed_over(struct world *w)
{
    open_one(w, "v1");
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"pass\",\"form\":{\"to\":\"town.sfs\"}}");
}

/* c1 is handed over on the disk, the letter of it not delivered. */
static void pass_and_stop(struct world *w)
{
    struct answer a = {0};
    json_t *doc = json_lit("{\"action\":\"pass\",\"form\":{\"to\":\"town.sfs\"}}");
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
    answer_free(&a);
}

static void handed_over_and_stopped(struct world *w)
{
    open_one(w, "v1");
    pass_and_stop(w);
}

static const char *link_says(struct world *w, const char *number, size_t i, const char *member)
{
    static char text[128];
    struct casefile *c = world_case(w, number);
    const char *value = json_text(json_array_get(c->links, i), member);
    snprintf(text, sizeof text, "%s", value != NULL ? value : "");
    casefile_free(c);
    return text;
}

static size_t letters(struct world *w, const char *status)
{
    json_t *rows = store_ask_now(
        w->store, ASK_EFFECTS, json_pack("{s:s,s:i}", "status", status, "limit", 1000), NULL);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        n += text_equal(json_text(json_array_get(rows, i), "kind"), LETTER_KIND);
    }
    json_decref(rows);
    return n;
}

static void letter_to(struct world *w, int64_t case_id, const char *args, struct answer *a)
{
    json_t *doc = json_lit(args);
    struct command c = {.kind = COMMAND_LETTER,
        .case_id = case_id,
        .actor = {ACTOR_SYSTEM, "system", NULL, false},
        .args = doc};
    engine_submit(w->engine, &c, answer_take, a);
    world_settle(w);
    json_decref(doc);
}

/* --- not lost --------------------------------------------------------------------------------- */

static void a_letter_of_somebody_who_is_recused_here_arrives_all_the_same(void **state)
{
    struct world *w = *state;
    handed_over(w);
    world_ok(w, COMMAND_RECUSE, "c1", "v1", "{\"user\":\"v1\",\"reason\":\"近亲属\"}");
    world_ok(w, COMMAND_ACT, "c2", "v1", "{\"action\":\"receive\"}");
    assert_string_equal("handling", link_says(w, "c1", 0, "status"));
    assert_int_equal(0, letters(w, "failed"));
    struct answer a = world_do(w, COMMAND_CLAIM, "c1", "v1", "{}", NULL);
    assert_int_equal(ERR_FORBIDDEN, a.code); /* the person is recused still */
    answer_free(&a);
}

static void an_outcome_the_case_has_no_room_for_does_not_swallow_the_letter(void **state)
{
    struct world *w = *state;
    open_one(w, "v1");
    for (int i = 0; i < 200; i++) { /* as many tasks as a case may have */
        char id[64];
        snprintf(id, sizeof id, "{\"id\":\"t%d\",\"reason\":\"误\"}", i + 1);
        world_ok(w, COMMAND_TASK_ASK, "c1", "v1", "{\"task\":\"ask\",\"body\":\"district.rsj\"}");
        world_ok(w, COMMAND_TASK_CANCEL, "c1", "v1", id);
    }
    world_ok(w, COMMAND_ACT, "c1", "v1", "{\"action\":\"pass\",\"form\":{\"to\":\"town.sfs\"}}");
    world_ok(w, COMMAND_ACT, "c2", "t1", "{\"action\":\"give_back\"}");
    assert_string_equal("returned", link_says(w, "c1", 0, "status"));
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("away", c->state); /* the outcome is left out, the link is true */
    casefile_free(c);
}

static void a_letter_waits_for_the_workflow_version_of_its_case(void **state)
{
    (void)state;
    char folder[] = "/tmp/fengqiao-letters-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/cases.db", folder);
    struct world w;
    world_open(&w, path, "2026-03-02T10:00:00");
    add_post(&w);
    handed_over_and_stopped(&w);
    world_close(&w);
    world_open(&w, path, "2026-03-02T11:00:00"); /* without it */
    world_settle(&w);
    assert_int_equal(1, letters(&w, "pending"));
    add_post(&w);
    engine_look_letters(w.engine);
    world_settle(&w);
    assert_int_equal(0, letters(&w, "failed"));
    assert_int_equal(0, letters(&w, "pending"));
    assert_string_equal("sent", link_says(&w, "c1", 0, "status"));
    assert_string_equal("镇司26-0001", link_says(&w, "c1", 0, "number"));
    world_close(&w);
    unlink(path);
    rmdir(folder);
    mem_free(path);
}

/* --- not doubled ------------------------------------------------------------------------------ */

/* The id of the only letter "open". */
static void a_daemon_whose_memory_is_old_looks_again_before_it_calls_a_letter_old_news(void **state)
{
    struct world *w = *state, other = *w;
    world_engine(&other);
    add_post(&other);
    open_one(w, "v1");
    casefile_free(world_case(&other, "c1")); /* in its memory as it was before the hand-over */
    pass_and_stop(w);
    engine_look_letters(other.engine);
    world_settle(&other);
    assert_string_equal("镇司26-0001", link_says(&other, "c1", 0, "number"));
    assert_int_equal(0, letters(w, "pending"));
    engine_free(other.engine);
}

static int64_t opening_of(struct world *w, json_t **letter_out)
{
    json_t *rows = store_ask_now(w->store, ASK_EFFECTS, json_pack("{s:i}", "limit", 1000), NULL);
    int64_t id = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i), *data = json_object_get(row, "data");
        if (text_equal(json_text(data, "letter"), "open")) {
            id = json_number(row, "id", 0);
            *letter_out = json_incref(data);
        }
    }
    json_decref(rows);
    assert_true(id > 0);
    return id;
}

static void what_was_given_back_is_not_opened_by_another_daemon_too(void **state)
{
    struct world *w = *state;
    handed_over_and_stopped(w);
    furnish(w, false);
    world_settle(w);
    assert_string_equal("returned", link_says(w, "c1", 0, "status"));
    assert_string_equal("", link_says(w, "c1", 0, "case")); /* there is none */
    furnish(w, true);                                       /* that daemon sees the town as it is */
    json_t *letter = NULL;
    char *key = mem_printf("letter:%lld", (long long)opening_of(w, &letter));
    struct command c = {.kind = COMMAND_ARRIVE,
        .actor = {.kind = ACTOR_SYSTEM, .user = json_text(letter, "by")},
        .args = letter,
        .key = key,
        .method = "letter",
        .params_hash = digest_of(key, strlen(key))};
    struct answer a = {0};
    engine_submit(w->engine, &c, answer_take, &a);
    world_settle(w);
    assert_string_equal("", a.message);
    assert_non_null(a.stored);
    answer_free(&a);
    json_t *stat = store_ask_now(w->store, ASK_STAT, json_object(), NULL);
    assert_int_equal(1, json_number(stat, "cases", 0));
    json_decref(stat);
    json_decref(letter);
    mem_free(key);
}

/* --- not taken for another one ---------------------------------------------------------------- */

static void link_with(struct world *w, const char *number, const char *user, const char *other,
    const char *status, enum err_code expected)
{
    char *args = mem_printf("{\"reason\":\"一事\",\"other\":{\"case\":\"%s\",\"number\":\"%s\","
                            "\"flow\":\"post\",\"body\":\"village.tw\",\"status\":\"%s\","
                            "\"version\":1}}",
        other, other, status);
    struct answer a = world_do(w, COMMAND_LINK, number, user, args, NULL);
    assert_int_equal(expected, a.code);
    answer_free(&a);
    mem_free(args);
}

static void a_late_letter_does_not_reach_the_link_that_has_the_id_now(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 3; i++) {
        open_one(w, "v1");
    }
    link_with(w, "c1", "v1", "c2", "handling", ERR_NONE);
    world_ok(w, COMMAND_UNLINK, "c1", "v1", "{\"link\":\"l1\",\"reason\":\"不是\"}");
    link_with(w, "c1", "v1", "c3", "handling", ERR_NONE);
    struct answer a = {0};
    letter_to(w, 1,
        "{\"letter\":\"closed\",\"kind\":\"same\",\"link\":\"l1\",\"from\":2,\"from_number\":"
        "\"村调26-0002\",\"version\":90}",
        &a);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
    assert_string_equal("村调26-0003", link_says(w, "c1", 0, "number"));
    assert_string_equal("handling", link_says(w, "c1", 0, "status"));
}

static void a_case_that_closed_meanwhile_is_linked_as_closed(void **state)
{
    struct world *w = *state;
    open_one(w, "v1");
    open_one(w, "v1");
    world_ok(w, COMMAND_ACT, "c2", "v1", "{\"action\":\"finish\"}");
    link_with(w, "c1", "v1", "c2", "handling", ERR_NONE); /* as it was seen */
    assert_string_equal("closed", link_says(w, "c1", 0, "status"));
}

/* --- told outside ------------------------------------------------------------------------------
 */

static void what_others_are_told_of_an_answer_has_no_numbers_of_people(void **state)
{
    struct world *w = *state;
    open_one(w, "v1");
    world_ok(w, COMMAND_TASK_ASK, "c1", "v1",
        "{\"task\":\"ask\",\"body\":\"district.rsj\",\"text\":\"请电13800138000\"}");
    world_ok(w, COMMAND_TASK_ANSWER, "c1", "r1", "{\"id\":\"t1\",\"text\":\"已电13800138000\"}");
    json_t *rows = store_ask_now(w->store, ASK_EFFECTS, json_pack("{s:i}", "limit", 1000), NULL);
    char *text = json_compact(rows);
    assert_non_null(strstr(text, "138****8000"));
    assert_null(strstr(text, "13800138000"));
    mem_free(text);
    json_decref(rows);
}

/* --- limits ----------------------------------------------------------------------------------- */

static void links_of_one_case_are_limited_at_both_ends(void **state)
{
    struct world *w = *state;
    open_one(w, "v1");
    open_one(w, "v1");
    for (int i = 0; i < 200; i++) {
        char other[16];
        snprintf(other, sizeof other, "c%d", 1000 + i);
        link_with(w, "c1", "v1", other, "open", ERR_NONE);
    }
    link_with(w, "c1", "v1", "c2", "open", ERR_STATE);
    link_with(w, "c2", "v1", "c1", "open", ERR_NONE);
    struct casefile *c = world_case(w, "c1"), *two = world_case(w, "c2");
    assert_int_equal(200, json_array_size(c->links));
    assert_int_equal(0, json_array_size(two->links)); /* taken away again: nobody is at its end */
    casefile_free(c);
    casefile_free(two);
}

static void who_is_recused_is_asked_nothing(void **state)
{
    struct world *w = *state;
    open_one(w, "v1");
    world_ok(w, COMMAND_RECUSE, "c1", "v1", "{\"user\":\"v1\",\"reason\":\"近亲属\"}");
    struct answer a =
        world_do(w, COMMAND_TASK_ASK, "c1", "v2", "{\"task\":\"ask\",\"user\":\"v1\"}", NULL);
    assert_int_equal(ERR_FORBIDDEN, a.code);
    answer_free(&a);
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, world_teardown)
    const struct CMUnitTest tests[] = {
        ONE(a_letter_of_somebody_who_is_recused_here_arrives_all_the_same),
        ONE(an_outcome_the_case_has_no_room_for_does_not_swallow_the_letter),
        cmocka_unit_test(a_letter_waits_for_the_workflow_version_of_its_case),
        ONE(a_daemon_whose_memory_is_old_looks_again_before_it_calls_a_letter_old_news),
        ONE(what_was_given_back_is_not_opened_by_another_daemon_too),
        ONE(a_late_letter_does_not_reach_the_link_that_has_the_id_now),
        ONE(a_case_that_closed_meanwhile_is_linked_as_closed),
        ONE(what_others_are_told_of_an_answer_has_no_numbers_of_people),
        ONE(links_of_one_case_are_limited_at_both_ends),
        ONE(who_is_recused_is_asked_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
