/* Other bodies are asked inside a state: joint handling by its three rules, tasks somebody adds,
 * supervision from above; their clocks, and what happens to them when the case goes on. */
#include "world.h"

#include "base/text.h"

#include <stdio.h>

/* Registered → mediating (asks the labour bureau as lead, the town and a named helper) → agreed. */
static const char flow_frame[] =
    "{'api':1,'source':'1','id':'demo','title':'演示流程','track':'people',"
    "'roles':[{'name':'worker','title':'承办人','at':'host','members':['mediator']}],"
    "'fields':[{'name':'subject','title':'事由','type':'text','required':true},"
    "{'name':'helper','title':'协办','type':'body','open':true}],'clocks':[],"
    "'states':[{'name':'registered','title':'已登记','initial':true,'work':'worker'},"
    "{'name':'mediating','title':'调解中','work':'worker','adhoc':['visit'],'joint':{"
    "'title':'会办意见','lead':{'kind':'agency','name':'rsj'},'to':[{'kind':'kind','name':'sfs'},"
    "{'kind':'field','name':'helper'},{'kind':'host'}],'limit':'5 workdays',%s"
    "'steps':[{'name':'warn','when':'left','span':'1 workday','outcomes':[]},"
    "{'name':'late','when':'late','outcomes':[{'do':'mark','name':'yellow'}]}]}},"
    "{'name':'waiting','title':'等待','work':'worker'},"
    "{'name':'agreed','title':'达成协议','final':true}],"
    "'tasks':[{'name':'visit','title':'走访','limit':'3 workdays'}],"
    "'actions':[{'name':'begin','title':'开始','from':['registered','waiting'],'to':'mediating',"
    "'by':['worker']},"
    "{'name':'hold','title':'搁置','from':['mediating'],'to':'waiting','by':['worker']},"
    "{'name':'agree','title':'达成','from':['mediating'],'to':'agreed','by':['worker'],"
    "'needs':['joint']},"
    "{'name':'seen','title':'走访后达成','from':['mediating'],'to':'agreed','by':['worker'],"
    "'needs':['visit']}]}";

static void use_rule(struct world *w, const char *rule)
{
    char *text = mem_printf(flow_frame, rule);
    world_use(w, text);
    mem_free(text);
}

/* A case of the village in mediation: t1 is the labour bureau, t2 the town. */
static void mediating(struct world *w, const char *rule)
{
    use_rule(w, rule);
    world_ok(w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"demo\",\"fields\":{\"subject\":\"欠薪\"}}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"begin\"}");
}

/* A member of the task in words: "t1 state answered". */
static void assert_task(struct world *w, const char *id, const char *key, const char *expected)
{
    struct casefile *c = world_case(w, "c1");
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        json_t *task = json_array_get(c->tasks, i);
        found = strcmp(json_text(task, "id"), id) == 0 ? json_object_get(task, key) : found;
    }
    char *text = json_is_string(found) ? mem_strdup(json_string_value(found))
                 : json_is_true(found) ? mem_strdup("true")
                                       : mem_strdup("-");
    assert_string_equal(expected, text);
    mem_free(text);
    casefile_free(c);
}

static void assert_refused(struct world *w, enum command_kind kind, const char *user,
    const char *args, enum err_code code, const char *words)
{
    struct answer a = world_do(w, kind, "1", user, args, NULL);
    if (a.code != code || strstr(a.message, words) == NULL) {
        fail_msg("%s %s: %d %s", user, args, a.code, a.message);
    }
    answer_free(&a);
}

static void assert_state(struct world *w, const char *expected)
{
    struct casefile *c = world_case(w, "c1");
    assert_string_equal(expected, c->state);
    casefile_free(c);
}

/* --- joint handling -------------------------------------------------------------------------- */

static void entering_the_state_asks_its_bodies_but_not_the_host(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(2, json_array_size(c->tasks));
    assert_string_equal("village.tw", c->host);
    assert_int_equal(0, json_array_size(c->participants));
    casefile_free(c);
    assert_task(w, "t1", "body", "district.rsj");
    assert_task(w, "t1", "lead", "true");
    assert_task(w, "t2", "body", "town.sfs");
    assert_task(w, "t2", "legal", "2026-03-09");
}

static void all_must_answer_unless_the_rule_says_otherwise(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"agree\"}", ERR_GUARD, "区人社局、镇司法所");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1",
        "{\"id\":\"t1\",\"text\":\"应付工资\",\"opinion\":\"同意\"}");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"agree\"}", ERR_GUARD, "镇司法所");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "t1", "{\"id\":\"t2\",\"text\":\"情况属实\"}");
    assert_task(w, "t1", "opinion", "同意");
    assert_task(w, "t2", "answered_by", "t1");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"agree\"}");
    assert_state(w, "agreed");
}

static void the_lead_alone_suffices_where_the_rule_says_so(void **state)
{
    struct world *w = *state;
    mediating(w, "'done':'lead',");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "t1", "{\"id\":\"t2\",\"text\":\"情况属实\"}");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"agree\"}", ERR_GUARD, "区人社局");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1", "{\"id\":\"t1\",\"text\":\"应付工资\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"agree\"}");
}

static void a_quorum_leaves_the_rest_open_and_cancels_it_when_the_case_goes_on(void **state)
{
    struct world *w = *state;
    mediating(w, "'done':'quorum','quorum':1,");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "t1", "{\"id\":\"t2\",\"text\":\"情况属实\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"agree\"}");
    assert_task(w, "t1", "state", "cancelled");
    assert_task(w, "t1", "reason", "the case went on: 达成协议");
    struct casefile *c = world_case(w, "c1");
    for (size_t i = 0; i < c->clock_count; i++) {
        assert_false(clock_is_open(&c->clocks[i]));
    }
    casefile_free(c);
}

static void a_lead_that_gives_the_request_back_is_replaced_by_the_next_one_asked(void **state)
{
    struct world *w = *state;
    mediating(w, "'done':'lead',");
    assert_refused(w, COMMAND_TASK_RETURN, "r1", "{\"id\":\"t1\"}", ERR_FORM, "");
    world_ok(w, COMMAND_TASK_RETURN, "1", "r1", "{\"id\":\"t1\",\"reason\":\"不属本局职责\"}");
    assert_task(w, "t1", "state", "returned");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"agree\"}", ERR_GUARD, "会办意见");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1",
        "{\"task\":\"joint\",\"body\":\"区信访局\",\"text\":\"请牵头\"}");
    assert_task(w, "t3", "lead", "true");
    assert_task(w, "t3", "body", "district.xfj");
}

static void coming_back_asks_everybody_again(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1", "{\"id\":\"t1\",\"text\":\"应付工资\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"hold\"}");
    assert_task(w, "t2", "state", "cancelled");
    assert_task(w, "t1", "state", "answered");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"begin\"}");
    assert_task(w, "t3", "body", "district.rsj");
    assert_task(w, "t4", "state", "asked");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"agree\"}", ERR_GUARD, "区人社局、镇司法所");
}

/* --- clocks ---------------------------------------------------------------------------------- */

static void a_task_runs_late_like_any_clock_and_the_case_keeps_its_own_date(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "t1", "{\"id\":\"t2\",\"text\":\"情况属实\"}");
    world_go(w, "2026-03-09T23:59:00");
    assert_task(w, "t1", "late", "-");
    world_go(w, "2026-03-10T00:01:00");
    assert_task(w, "t1", "late", "true");
    assert_task(w, "t2", "late", "-");
    struct casefile *c = world_case(w, "c1");
    assert_true(json_array_has(c->marks, "yellow")); /* the script's own outcome */
    assert_null(casefile_pressing_clock(c));
    casefile_free(c);
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1", "{\"id\":\"t1\",\"text\":\"应付工资\"}");
    assert_task(w, "t1", "late", "true");
    c = world_case(w, "c1");
    assert_false(json_array_has(c->marks, "yellow")); /* the colour goes with its clock */
    casefile_free(c);
}

static void both_sides_are_told_when_it_is_late(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_go(w, "2026-03-10T00:01:00");
    struct err err = {0};
    json_t *rows = store_ask_now(
        w->store, ASK_EFFECTS, json_pack("{s:s,s:i}", "status", "pending", "limit", 100), &err);
    assert_string_equal("", err.message);
    size_t asked = 0, warned = 0, late = 0, host_told = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *data = json_object_get(json_array_get(rows, i), "data");
        const char *event = json_text(data, "event");
        const json_t *to = json_object_get(data, "to");
        bool rsj = text_equal(json_text(to, "body"), "district.rsj");
        asked += rsj && text_equal(event, "asked");
        warned += rsj && text_equal(event, "warning");
        late += rsj && text_equal(event, "late");
        host_told += text_equal(json_text(to, "body"), "village.tw") && text_equal(event, "late");
        assert_true(!rsj || json_array_has(json_object_get(to, "users"), "r1"));
    }
    assert_int_equal(1, asked);
    assert_int_equal(1, warned);
    assert_int_equal(1, late);
    assert_int_equal(2, host_told); /* of both bodies */
    json_decref(rows);
}

static void a_new_calendar_moves_the_date_of_a_task(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    struct err err = {0};
    json_t *year =
        world_year(2026, 2, "{\"from\":\"2026-03-05\",\"to\":\"2026-03-06\",\"name\":\"节\"}");
    assert_true(calendar_add(engine_calendar(w->engine), year, &err));
    json_decref(year);
    engine_recompute(w->engine, 2026, NULL, NULL);
    world_settle(w);
    assert_task(w, "t1", "legal", "2026-03-11");
}

/* --- who may --------------------------------------------------------------------------------- */

static void only_the_people_asked_answer_and_they_do_nothing_else(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    assert_refused(w, COMMAND_TASK_ANSWER, "t1", "{\"id\":\"t1\",\"text\":\"代答\"}", ERR_FORBIDDEN,
        "区人社局");
    assert_refused(w, COMMAND_TASK_ANSWER, "v1", "{\"id\":\"t1\",\"text\":\"代答\"}", ERR_FORBIDDEN,
        "区人社局");
    assert_refused(
        w, COMMAND_TASK_ANSWER, "x1", "{\"id\":\"t1\",\"text\":\"代答\"}", ERR_NOT_FOUND, "");
    assert_refused(w, COMMAND_ACT, "r1", "{\"action\":\"hold\"}", ERR_FORBIDDEN, "");
    assert_refused(w, COMMAND_NOTE, "r1", "{\"text\":\"看过\"}", ERR_FORBIDDEN, "");
    assert_refused(
        w, COMMAND_TASK_ASK, "r1", "{\"task\":\"走访\",\"body\":\"town.sfs\"}", ERR_FORBIDDEN, "");
    assert_refused(
        w, COMMAND_TASK_CANCEL, "r1", "{\"id\":\"t2\",\"reason\":\"不用了\"}", ERR_FORBIDDEN, "");
    assert_refused(
        w, COMMAND_TASK_ANSWER, "r1", "{\"id\":\"t9\",\"text\":\"好\"}", ERR_PARAMS, "t9");
}

static void who_comes_second_is_told_who_was_first(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    struct answer first = {0}, second = {0};
    json_t *args = json_lit("{\"id\":\"t1\",\"text\":\"应付工资\"}");
    struct command c = {.kind = COMMAND_TASK_ANSWER,
        .number = "1",
        .actor = {ACTOR_USER, "r1", NULL, false},
        .args = args,
        .method = "test"};
    engine_submit(w->engine, &c, answer_take, &first);
    c.actor.user = "r2";
    engine_submit(w->engine, &c, answer_take, &second);
    world_settle(w);
    assert_string_equal("", first.message);
    assert_int_equal(ERR_STATE, second.code);
    assert_non_null(strstr(second.message, "演示承办人02"));
    answer_free(&first);
    answer_free(&second);
    json_decref(args);
}

/* --- tasks somebody adds ---------------------------------------------------------------------- */

static void a_task_is_added_answered_and_needed(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"seen\"}", ERR_GUARD, "走访");
    assert_refused(w, COMMAND_TASK_ASK, "v1", "{\"task\":\"走访\"}", ERR_FORM, "");
    assert_refused(
        w, COMMAND_TASK_ASK, "v1", "{\"task\":\"vist\",\"body\":\"town.sfs\"}", ERR_PARAMS, "vist");
    assert_refused(w, COMMAND_TASK_ASK, "v1",
        "{\"task\":\"visit\",\"body\":\"town.sfs\",\"limit\":\"soon\"}", ERR_FORM, "soon");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1",
        "{\"task\":\"走访\",\"body\":\"镇司法所\",\"text\":\"请看现场\",\"limit\":\"2026-03-08\"}");
    assert_task(w, "t3", "legal", "2026-03-08"); /* a day that was named does not roll */
    assert_refused(w, COMMAND_TASK_ASK, "v1", "{\"task\":\"走访\",\"body\":\"镇司法所\"}",
        ERR_STATE, "镇司法所");
    assert_refused(w, COMMAND_ACT, "v1", "{\"action\":\"seen\"}", ERR_GUARD, "镇司法所");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "t2", "{\"id\":\"t3\",\"text\":\"现场无人\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"seen\"}");
}

static void a_person_can_be_asked_and_then_only_they_answer(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1", "{\"task\":\"visit\",\"user\":\"v2\"}");
    assert_task(w, "t3", "body", "village.tw");
    assert_refused(w, COMMAND_TASK_ANSWER, "v1", "{\"id\":\"t3\",\"text\":\"我去过\"}",
        ERR_FORBIDDEN, "演示调解员02");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "v2", "{\"id\":\"t3\",\"text\":\"去过了\"}");
    assert_refused(
        w, COMMAND_TASK_ASK, "v1", "{\"task\":\"visit\",\"user\":\"t1\"}", ERR_PARAMS, "t1");
}

static void a_limit_may_be_the_registers_and_whoever_asks_may_give_another(void **state)
{
    struct world *w = *state;
    char *text = mem_printf(flow_frame, ""), *limit = strstr(text, "'limit':'3 workdays'");
    memcpy(limit, "'term' :'T.DO'      ", strlen("'limit':'3 workdays'"));
    world_use(w, text);
    mem_free(text);
    world_ok(w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"demo\",\"fields\":{\"subject\":\"欠薪\"}}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"begin\"}");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1", "{\"task\":\"visit\",\"user\":\"v2\"}");
    assert_task(w, "t3", "legal", "2026-03-17");
    struct casefile *c = world_case(w, "1");
    const struct case_clock *k = casefile_clock(c, "task:t3");
    assert_string_equal("T.DO", k->term);
    assert_string_equal("某法第一条", k->law);
    casefile_free(c);
    world_ok(w, COMMAND_TASK_ASK, "1", "v1",
        "{\"task\":\"visit\",\"body\":\"district.xfj\",\"limit\":\"2 days\"}");
    assert_task(w, "t4", "legal", "2026-03-04");
}

static void taking_a_request_back_needs_a_reason_and_frees_the_join(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1", "{\"id\":\"t1\",\"text\":\"应付工资\"}");
    assert_refused(w, COMMAND_TASK_CANCEL, "v1", "{\"id\":\"t2\"}", ERR_FORM, "");
    world_ok(w, COMMAND_TASK_CANCEL, "1", "v1", "{\"id\":\"t2\",\"reason\":\"已当面说明\"}");
    assert_refused(
        w, COMMAND_TASK_ANSWER, "t1", "{\"id\":\"t2\",\"text\":\"迟了\"}", ERR_STATE, "");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"agree\"}");
}

static void the_state_that_is_left_takes_its_tasks_along(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1", "{\"task\":\"visit\",\"body\":\"town.sfs\"}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"hold\"}");
    assert_task(w, "t3", "state", "cancelled");
    assert_refused(
        w, COMMAND_TASK_ASK, "v1", "{\"task\":\"visit\",\"body\":\"town.sfs\"}", ERR_STATE, "等待");
}

/* --- supervision ------------------------------------------------------------------------------ */

static void supervision_asks_the_host_and_leaves_it_the_case(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    assert_refused(
        w, COMMAND_URGE, "t1", "{\"level\":\"urge\",\"text\":\"快办\"}", ERR_FORBIDDEN, "");
    assert_refused(
        w, COMMAND_URGE, "d1", "{\"level\":\"hurry\",\"text\":\"快办\"}", ERR_PARAMS, "hurry");
    world_ok(w, COMMAND_URGE, "1", "d1", "{\"level\":\"remind\",\"text\":\"请抓紧\"}");
    assert_task(w, "t3", "legal", "-"); /* a reminder wants no reply by a day */
    world_ok(w, COMMAND_URGE, "1", "d1", "{\"level\":\"urge\",\"text\":\"请说明进展\"}");
    assert_task(w, "t3", "state", "cancelled");
    assert_task(w, "t4", "title", "supervision");
    assert_task(w, "t4", "body", "village.tw");
    assert_task(w, "t4", "legal", "2026-03-16");
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("village.tw", c->host);
    assert_string_equal("district.xfj", c->supervisor);
    casefile_free(c);
    assert_refused(
        w, COMMAND_TASK_RETURN, "v1", "{\"id\":\"t4\",\"reason\":\"不办\"}", ERR_STATE, "");
    assert_refused(w, COMMAND_URGE, "d1", "{\"level\":\"urge\",\"text\":\"再催\"}", ERR_STATE, "");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "v1", "{\"id\":\"t4\",\"text\":\"本周办结\"}");
}

static void unanswered_supervision_runs_late_and_the_next_rung_is_proposed(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_URGE, "1", "d1", "{\"level\":\"urge\",\"text\":\"请说明进展\"}");
    world_go(w, "2026-03-17T00:01:00");
    assert_task(w, "t3", "late", "true");
    struct casefile *c = world_case(w, "c1");
    struct actor d1 = {ACTOR_USER, "d1", NULL, false};
    json_t *page = engine_case_page(w->engine, c, &d1);
    const json_t *supervision = json_object_get(page, "supervision");
    assert_string_equal("listed", json_text(supervision, "next"));
    assert_int_equal(3, json_array_size(json_object_get(supervision, "may")));
    json_decref(page);
    casefile_free(c);
    world_ok(w, COMMAND_URGE, "1", "d1",
        "{\"level\":\"listed\",\"text\":\"限期整改\",\"reply_by\":\"2026-04-01\"}");
    c = world_case(w, "c1");
    assert_true(json_array_has(c->marks, "listed"));
    assert_string_equal("village.tw", c->host);
    casefile_free(c);
    assert_task(w, "t4", "legal", "2026-04-01");
}

/* --- the page and the desk ---------------------------------------------------------------------
 */

static void the_page_says_what_each_may_do(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    struct casefile *c = world_case(w, "c1");
    struct actor r1 = {ACTOR_USER, "r1", NULL, false}, v1 = {ACTOR_USER, "v1", NULL, false};
    json_t *page = engine_case_page(w->engine, c, &r1);
    const json_t *task = json_array_get(json_object_get(page, "tasks"), 0);
    assert_int_equal(2, json_array_size(json_object_get(task, "may"))); /* answer, return */
    assert_string_equal("5 working days left", json_text(json_object_get(task, "due"), "words"));
    assert_false(json_flag(json_object_get(page, "joint"), "done"));
    json_decref(page);
    page = engine_case_page(w->engine, c, &v1);
    task = json_array_get(json_object_get(page, "tasks"), 0);
    assert_true(json_array_has(json_object_get(task, "may"), "cancel"));
    assert_false(json_array_has(json_object_get(task, "may"), "answer"));
    assert_int_equal(1, json_array_size(json_object_get(page, "adhoc")));
    assert_int_equal(
        2, json_array_size(json_object_get(json_object_get(page, "joint"), "missing")));
    json_decref(page);
    casefile_free(c);
}

static json_t *inbox(struct world *w, const char *body, const char *user)
{
    struct err err = {0};
    json_t *answer = store_ask_now(w->store, ASK_INBOX,
        json_pack("{s:[s],s:s,s:i}", "bodies", body, "user", user, "limit", 10), &err);
    assert_string_equal("", err.message);
    engine_decorate_rows(w->engine, json_object_get(answer, "items"));
    return answer;
}

static void a_case_stands_on_the_desk_that_was_asked_until_it_answered(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    json_t *answer = inbox(w, "district.rsj", "r1");
    const json_t *row = json_array_get(json_object_get(answer, "items"), 0);
    assert_string_equal("会办意见", json_text(json_object_get(row, "task"), "title"));
    assert_string_equal(
        "2026-03-09", json_text(json_object_get(json_object_get(row, "task"), "due"), "legal"));
    json_decref(answer);
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1", "{\"id\":\"t1\",\"text\":\"应付工资\"}");
    answer = inbox(w, "district.rsj", "r1");
    assert_int_equal(0, json_array_size(json_object_get(answer, "items")));
    json_decref(answer);
    answer = inbox(w, "village.tw", "v1"); /* the host has it all the time, without a task */
    row = json_array_get(json_object_get(answer, "items"), 0);
    assert_null(json_object_get(row, "task"));
    json_decref(answer);
}

static void the_history_tells_it_in_words(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ANSWER, "1", "r1",
        "{\"id\":\"t1\",\"text\":\"应付工资\",\"opinion\":\"同意\"}");
    json_t *rows = world_history(w, 1);
    json_t *page = engine_event_page(w->engine, json_array_get(rows, 1), true);
    assert_string_equal("\"会办意见\" asked of 区人社局, until 2026-03-09",
        json_string_value(json_array_get(json_object_get(page, "words"), 1)));
    json_decref(page);
    page = engine_event_page(w->engine, json_array_get(rows, 2), true);
    assert_int_equal(1, json_array_size(json_object_get(page, "words")));
    assert_string_equal("区人社局 answered \"会办意见\": 同意",
        json_string_value(json_array_get(json_object_get(page, "words"), 0)));
    json_decref(page);
    json_decref(rows);
}

/* Asked again after an undo it is another request: an answer to the first does not meet it. */
static void the_number_of_an_undone_request_is_not_given_again(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1", "{\"task\":\"visit\",\"body\":\"city.xfj\"}");
    assert_task(w, "t3", "state", "asked");
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    assert_task(w, "t3", "state", "cancelled");
    world_ok(w, COMMAND_TASK_ASK, "1", "v1", "{\"task\":\"visit\",\"body\":\"town.sfs\"}");
    assert_task(w, "t3", "state", "cancelled");
    assert_task(w, "t4", "body", "town.sfs");
    struct answer a = world_do(
        w, COMMAND_TASK_ANSWER, "1", "t1", "{\"id\":\"t3\",\"text\":\"迟到的答复\"}", NULL);
    assert_int_equal(ERR_STATE, a.code);
    answer_free(&a);
}

static void a_state_entered_again_after_an_undo_asks_its_bodies_again(void **state)
{
    struct world *w = *state;
    mediating(w, "");
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    assert_task(w, "t1", "state", "cancelled");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"begin\"}");
    assert_task(w, "t1", "state", "cancelled");
    assert_task(w, "t3", "state", "asked");
    assert_task(w, "t3", "body", "district.rsj");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(entering_the_state_asks_its_bodies_but_not_the_host),
        T(all_must_answer_unless_the_rule_says_otherwise),
        T(the_lead_alone_suffices_where_the_rule_says_so),
        T(a_quorum_leaves_the_rest_open_and_cancels_it_when_the_case_goes_on),
        T(a_lead_that_gives_the_request_back_is_replaced_by_the_next_one_asked),
        T(coming_back_asks_everybody_again),
        T(a_task_runs_late_like_any_clock_and_the_case_keeps_its_own_date),
        T(both_sides_are_told_when_it_is_late),
        T(a_new_calendar_moves_the_date_of_a_task),
        T(only_the_people_asked_answer_and_they_do_nothing_else),
        T(who_comes_second_is_told_who_was_first),
        T(a_task_is_added_answered_and_needed),
        T(a_person_can_be_asked_and_then_only_they_answer),
        T(a_limit_may_be_the_registers_and_whoever_asks_may_give_another),
        T(taking_a_request_back_needs_a_reason_and_frees_the_join),
        T(the_state_that_is_left_takes_its_tasks_along),
        T(supervision_asks_the_host_and_leaves_it_the_case),
        T(unanswered_supervision_runs_late_and_the_next_rung_is_proposed),
        T(the_page_says_what_each_may_do),
        T(a_case_stands_on_the_desk_that_was_asked_until_it_answered),
        T(the_history_tells_it_in_words),
        T(the_number_of_an_undone_request_is_not_given_again),
        T(a_state_entered_again_after_an_undo_asks_its_bodies_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
