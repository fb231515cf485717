/* Who may do what, where: every seat x right x case against a table written here by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "domain/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char rights_text[] =
    "[{'role':'mediator','title':'调解员','rights':{'case.open':'body','case.read':'body',"
    "'case.note':'body','case.claim':'body','flow.read':'body'}},"
    "{'role':'chief','title':'主任','rights':{'case.read':'subtree','case.note':'body',"
    "'case.assign':'body'}},"
    "{'role':'bureau','title':'信访员','rights':{'case.open':'subtree','case.read':'subtree',"
    "'case.note':'subtree','case.classify':'subtree','case.assign':'body'}},"
    "{'role':'leader','title':'领导','rights':{'case.read':'subtree','report.read':'subtree'}},"
    "{'role':'admin','title':'管理员','rights':{'user.manage':'subtree','flow.deploy':'subtree'}},"
    "{'role':'notifier','rights':{'effects.read':'subtree'}}]";

static const char org_text[] =
    "{'places':[{'code':'1','name':'市','level':'4'},"
    "{'code':'15','name':'甲区','level':'3','parent':'1'},"
    "{'code':'16','name':'乙区','level':'3','parent':'1'},"
    "{'code':'150','name':'大镇','level':'2','parent':'15'},"
    "{'code':'1501','name':'东村','level':'1','parent':'150'},"
    "{'code':'1502','name':'西村','level':'1','parent':'150'}],"
    "'bodies':[{'id':'east.tw','name':'东村调委会','kind':'tw','place':'1501'},"
    "{'id':'west.tw','name':'西村调委会','kind':'tw','place':'1502'},"
    "{'id':'big.town','name':'大镇政府','kind':'town','place':'150'},"
    "{'id':'jia.xfj','name':'甲区信访局','kind':'xfj','place':'15'},"
    "{'id':'jia.nmj','name':'甲区农牧局','kind':'agency','place':'15'},"
    "{'id':'yi.xfj','name':'乙区信访局','kind':'xfj','place':'16'},"
    "{'id':'city.xfj','name':'市信访局','kind':'xfj','place':'1'}],"
    "'persons':[{'id':'mediator_east','name':'演示调解员'},{'id':'chief_town','name':'c'},"
    "{'id':'bureau_jia','name':'d'},{'id':'leader_jia','name':'e'},{'id':'bureau_yi','name':'f'},"
    "{'id':'admin_city','name':'g'},{'id':'bureau_city','name':'h'},{'id':'retired','name':'i'},"
    "{'id':'two_hats','name':'j'}],"
    "'members':[{'user':'mediator_east','body':'east.tw','role':'mediator'},"
    "{'user':'chief_town','body':'big.town','role':'chief'},"
    "{'user':'bureau_jia','body':'jia.xfj','role':'bureau'},"
    "{'user':'leader_jia','body':'jia.nmj','role':'leader'},"
    "{'user':'bureau_yi','body':'yi.xfj','role':'bureau'},"
    "{'user':'admin_city','body':'city.xfj','role':'admin'},"
    "{'user':'bureau_city','body':'city.xfj','role':'bureau'},"
    "{'user':'retired','body':'east.tw','role':'mediator','to':'2020-06-30'},"
    "{'user':'two_hats','body':'west.tw','role':'mediator'},"
    "{'user':'two_hats','body':'big.town','role':'chief'},"
    "{'user':'two_hats','body':'east.tw','role':'no_such_role'}]}";

struct world {
    struct access *access;
    struct org *org;
    struct date today;
};

static json_t *parse(const char *text)
{
    char *copy = mem_strdup(text);
    for (char *p = copy; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *value = json_parse_own(copy);
    assert_non_null(value);
    mem_free(copy);
    return value;
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    json_t *rights = parse(rights_text), *doc = parse(org_text);
    struct err err = {0};
    w->access = access_load(rights, &err);
    assert_string_equal("", err.message);
    w->org = org_load(doc, &err);
    assert_string_equal("", err.message);
    assert_true(date_make(2026, 11, 24, &w->today));
    json_decref(rights);
    json_decref(doc);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    access_free(w->access);
    org_free(w->org);
    mem_free(w);
    return 0;
}

static struct actor user(const char *id)
{
    return (struct actor){.kind = ACTOR_USER, .user = id};
}

/* host, place, origin, supervisor, participant */
static struct casefile *kase(const char *host, const char *place, const char *origin,
    const char *supervisor, const char *participant)
{
    struct casefile *c = casefile_new();
    c->number = mem_strdup("羊调26-0001");
    c->host = mem_strdup(host);
    c->place = mem_strdup(place);
    c->origin = mem_strdup(origin);
    c->supervisor = mem_strdup(supervisor);
    if (participant != NULL) {
        json_array_append_new(c->participants, json_string(participant));
    }
    return c;
}

/* --- the matrix ------------------------------------------------------------------------------- */

enum { CASES = 6, SEATS = 9 };

/* R read, N note, A assign, C claim, L classify, P pause; one column per case of make_cases(). */
static const struct {
    const char *seat;
    const char *may[CASES];
} matrix[SEATS] = {
    /*                 east   west   nmj    yi      yi/east big.town */
    {"mediator_east", {"RNC", "", "RN", "", "", ""}},
    {"chief_town", {"R", "R", "RN", "", "R", "RNA"}},
    {"bureau_jia", {"RNL", "RNL", "RNL", "", "RN", "RNL"}},
    {"leader_jia", {"R", "R", "R", "", "R", "R"}},
    {"bureau_yi", {"", "", "", "RNAL", "RNAL", ""}},
    {"admin_city", {"", "", "", "", "", ""}},
    {"bureau_city", {"RNL", "RNL", "RNL", "RNL", "RNL", "RNL"}},
    {"retired", {"", "", "", "", "", ""}},
    {"stranger", {"", "", "", "", "", ""}},
};

static void make_cases(struct casefile *cases[CASES])
{
    cases[0] = kase("east.tw", "1501", "east.tw", NULL, NULL);
    cases[1] = kase("west.tw", "1502", "west.tw", NULL, NULL);
    cases[2] = kase("jia.nmj", "1501", "east.tw", "jia.xfj", "big.town");
    cases[3] = kase("yi.xfj", "16", "yi.xfj", NULL, NULL);
    cases[4] = kase("yi.xfj", "1501", "yi.xfj", NULL, NULL);
    cases[5] = kase("big.town", "1502", "big.town", NULL, NULL);
}

static void every_seat_and_right_and_case_is_as_the_table_says(void **state)
{
    static const struct {
        char letter;
        const char *right;
    } rights[] = {{'R', "case.read"}, {'N', "case.note"}, {'A', "case.assign"}, {'C', "case.claim"},
        {'L', "case.classify"}, {'P', "case.pause"}};
    struct world *w = *state;
    struct casefile *cases[CASES];
    make_cases(cases);
    for (size_t s = 0; s < SEATS; s++) {
        struct actor actor = user(matrix[s].seat);
        for (size_t c = 0; c < CASES; c++) {
            char got[8] = "";
            for (size_t r = 0; r < 6; r++) {
                struct err err = {0};
                bool may = access_case(
                    w->access, w->org, &actor, rights[r].right, cases[c], w->today, &err);
                if (may) {
                    got[strlen(got)] = rights[r].letter;
                    assert_int_equal(ERR_NONE, err.code);
                } else {
                    bool reads = matrix[s].may[c][0] == 'R';
                    assert_int_equal(reads ? ERR_FORBIDDEN : ERR_NOT_FOUND, err.code);
                    assert_int_equal(reads, json_is_array(json_object_get(err.data, "who")));
                }
                err_clear(&err);
            }
            assert_string_equal(matrix[s].may[c], got);
        }
    }
    for (size_t c = 0; c < CASES; c++) {
        casefile_free(cases[c]);
    }
}

static void opening_is_decided_by_the_body_that_registers(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *user, *place, *body;
        bool may;
    } rows[] = {
        {"mediator_east", "1501", "east.tw", true},
        {"mediator_east", NULL, "east.tw", true},
        {"mediator_east", "1502", "east.tw", true}, /* the matter may have arisen elsewhere */
        {"mediator_east", "1501", "west.tw", false},
        {"mediator_east", "1501", "city.xfj", false},
        {"mediator_east", "1501", NULL, true},
        {"mediator_east", "1502", NULL, false},
        {"bureau_jia", "1501", NULL, true},
        {"bureau_jia", "1501", "west.tw", true},
        {"bureau_jia", "16", NULL, false},
        {"bureau_jia", "1501", "yi.xfj", false},
        {"bureau_jia", "1501", "city.xfj", false},
        {"bureau_city", "16", "yi.xfj", true},
        {"chief_town", "150", "big.town", false},
        {"admin_city", "1", "city.xfj", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct actor actor = user(rows[i].user);
        struct err err = {0};
        bool may = access_at(w->access, w->org, &actor, "case.open",
            org_place(w->org, rows[i].place), org_body(w->org, rows[i].body), w->today, &err);
        assert_int_equal(rows[i].may, may);
        assert_int_equal(may ? ERR_NONE : ERR_FORBIDDEN, err.code);
        err_clear(&err);
    }
}

/* --- refusals --------------------------------------------------------------------------------- */

static void a_refusal_names_the_offices_that_could_nearest_first(void **state)
{
    struct world *w = *state;
    struct casefile *c = kase("east.tw", "1501", "east.tw", NULL, NULL);
    struct actor leader = user("leader_jia");
    struct err err = {0};
    assert_false(access_case(w->access, w->org, &leader, "case.note", c, w->today, &err));
    const json_t *who = json_object_get(err.data, "who");
    assert_int_equal(3, json_array_size(who));
    const json_t *first = json_array_get(who, 0);
    assert_string_equal("mediator", json_text(first, "role"));
    assert_string_equal("调解员", json_text(first, "role_title"));
    assert_string_equal("east.tw", json_text(first, "body"));
    assert_string_equal("东村调委会", json_text(first, "body_name"));
    assert_string_equal("jia.xfj", json_text(json_array_get(who, 1), "body"));
    assert_string_equal("city.xfj", json_text(json_array_get(who, 2), "body"));
    assert_string_equal("case.note", json_text(err.data, "right"));
    assert_non_null(strstr(err.hint, "东村调委会"));
    assert_non_null(strstr(err.message, "领导"));
    assert_null(strstr(err.hint, "mediator_east"));
    err_clear(&err);
    casefile_free(c);
}

static void the_reason_tells_no_office_from_no_right_from_not_here(void **state)
{
    struct world *w = *state;
    const struct body *west = org_body(w->org, "west.tw");
    static const char *const users[] = {"stranger", "leader_jia", "mediator_east"};
    char reasons[3][1024];
    for (size_t i = 0; i < 3; i++) {
        struct actor actor = user(users[i]);
        struct err err = {0};
        assert_false(access_at(w->access, w->org, &actor, "case.open", NULL, west, w->today, &err));
        snprintf(reasons[i], sizeof reasons[i], "%s", err.message);
        err_clear(&err);
    }
    assert_non_null(strstr(reasons[0], "2026-11-24"));
    assert_non_null(strstr(reasons[1], "甲区农牧局"));
    assert_non_null(strstr(reasons[2], "东村调委会"));
    assert_string_not_equal(reasons[1], reasons[2]);
}

static void a_refusal_reads_well_in_chinese(void **state)
{
    struct world *w = *state;
    lang_init();
    lang_use(LANG_ZH);
    struct actor leader = user("leader_jia");
    struct err err = {0};
    assert_false(access_at(w->access, w->org, &leader, "case.note", NULL,
        org_body(w->org, "east.tw"), w->today, &err));
    assert_string_equal("无权添加案件记录：甲区农牧局领导没有这项权限", err.message);
    assert_string_equal(
        "可由下列岗位办理：东村调委会调解员、甲区信访局信访员、市信访局信访员", err.hint);
    struct actor mediator = user("mediator_east");
    assert_false(access_at(w->access, w->org, &mediator, "case.note", NULL,
        org_body(w->org, "west.tw"), w->today, &err));
    assert_string_equal(
        "无权在此添加案件记录：您以东村调委会调解员身份只能在本处行使这项权限", err.message);
    struct actor stranger = user("stranger");
    assert_false(
        access_at(w->access, w->org, &stranger, "flow.deploy", NULL, NULL, w->today, &err));
    assert_string_equal("无权部署流程：您在 2026-11-24 没有任何在任职务", err.message);
    err_clear(&err);
}

static void things_that_stand_nowhere_need_the_right_anywhere(void **state)
{
    struct world *w = *state;
    struct actor admin = user("admin_city"), mediator = user("mediator_east");
    struct err err = {0};
    assert_true(access_at(w->access, w->org, &admin, "flow.deploy", NULL, NULL, w->today, &err));
    assert_true(access_at(w->access, w->org, &mediator, "flow.read", NULL, NULL, w->today, &err));
    assert_false(
        access_at(w->access, w->org, &mediator, "flow.deploy", NULL, NULL, w->today, &err));
    const json_t *who = json_object_get(err.data, "who");
    assert_int_equal(1, json_array_size(who));
    assert_string_equal("admin", json_text(json_array_get(who, 0), "role"));
    err_clear(&err);
}

static void an_unknown_right_is_refused_to_everyone(void **state)
{
    struct world *w = *state;
    struct actor admin = user("admin_city");
    admin.local_admin = true;
    struct err err = {0};
    assert_false(access_at(w->access, w->org, &admin, "no.such", NULL, NULL, w->today, &err));
    assert_int_equal(ERR_FORBIDDEN, err.code);
    struct casefile *c = kase("east.tw", "1501", "east.tw", NULL, NULL);
    struct actor mediator = user("mediator_east");
    assert_false(access_case(w->access, w->org, &mediator, "no.such", c, w->today, &err));
    assert_int_equal(ERR_FORBIDDEN, err.code);
    casefile_free(c);
    err_clear(&err);
    /* The answer alone may be asked for. */
    assert_false(access_at(w->access, w->org, &admin, "no.such", NULL, NULL, w->today, NULL));
}

static void a_body_that_is_asked_after_many_requests_to_others_reads_the_case(void **state)
{
    struct world *w = *state;
    struct casefile *c = kase("east.tw", "1501", "east.tw", NULL, NULL);
    for (int i = 0; i < 100; i++) {
        json_array_append_new(c->tasks, json_pack("{s:s}", "body", "east.tw"));
    }
    struct actor asked = user("bureau_yi");
    assert_false(access_case(w->access, w->org, &asked, "case.read", c, w->today, NULL));
    json_array_append_new(c->tasks, json_pack("{s:s}", "body", "yi.xfj"));
    assert_true(access_case(w->access, w->org, &asked, "case.read", c, w->today, NULL));
    casefile_free(c);
}

static void a_case_whose_bodies_are_gone_is_nobodys_not_everybodys(void **state)
{
    struct world *w = *state;
    struct casefile *c = kase("gone.tw", "9999", "gone.tw", NULL, "gone.too");
    struct actor city = user("bureau_city");
    struct err err = {0};
    assert_false(access_case(w->access, w->org, &city, "case.read", c, w->today, &err));
    assert_int_equal(ERR_NOT_FOUND, err.code);
    struct casefile *half = kase("gone.tw", "1501", "gone.tw", NULL, NULL);
    assert_true(access_case(w->access, w->org, &city, "case.read", half, w->today, &err));
    assert_false(access_case(w->access, w->org, &city, "case.classify", half, w->today, &err));
    assert_int_equal(ERR_FORBIDDEN, err.code);
    casefile_free(half);
    casefile_free(c);
    err_clear(&err);
}

/* --- days and offices ------------------------------------------------------------------------- */

static void rights_end_with_the_last_day_of_the_office(void **state)
{
    struct world *w = *state;
    struct casefile *c = kase("east.tw", "1501", "east.tw", NULL, NULL);
    struct actor retired = user("retired");
    struct date last, after;
    date_parse("2020-06-30", &last);
    date_parse("2020-07-01", &after);
    assert_true(access_case(w->access, w->org, &retired, "case.read", c, last, NULL));
    assert_false(access_case(w->access, w->org, &retired, "case.read", c, after, NULL));
    assert_true(access_holds(w->org, &retired, "mediator", "east.tw", last));
    assert_false(access_holds(w->org, &retired, "mediator", "east.tw", after));
    casefile_free(c);
}

static void an_office_is_held_in_its_body_only(void **state)
{
    struct world *w = *state;
    struct actor two = user("two_hats");
    assert_true(access_holds(w->org, &two, "mediator", "west.tw", w->today));
    assert_true(access_holds(w->org, &two, "chief", "big.town", w->today));
    assert_false(access_holds(w->org, &two, "mediator", "big.town", w->today));
    assert_false(access_holds(w->org, &two, "mediator", "no.body", w->today));
    assert_false(access_holds(w->org, &two, "mediator", NULL, w->today));
    struct actor nobody = {.kind = ACTOR_USER};
    assert_false(access_holds(w->org, &nobody, "mediator", "west.tw", w->today));
}

/* --- others than users ------------------------------------------------------------------------ */

static void the_engine_itself_may_everything(void **state)
{
    struct world *w = *state;
    struct actor system = {.kind = ACTOR_SYSTEM, .user = "system"};
    struct casefile *c = kase("gone.tw", "9999", "gone.tw", NULL, NULL);
    assert_true(access_case(w->access, w->org, &system, "case.assign", c, w->today, NULL));
    assert_true(access_at(w->access, w->org, &system, "clock.set", NULL, NULL, w->today, NULL));
    assert_true(access_holds(w->org, &system, "chief", "big.town", w->today));
    casefile_free(c);
}

static void a_plugin_has_the_rights_of_its_role_city_wide_and_no_others(void **state)
{
    struct world *w = *state;
    struct actor notify = {.kind = ACTOR_PLUGIN, .user = "plugin:notify", .role = "notifier"};
    struct actor bare = {.kind = ACTOR_PLUGIN, .user = "plugin:x"};
    struct actor clerk = {.kind = ACTOR_PLUGIN, .user = "plugin:y", .role = "mediator"};
    struct casefile *c = kase("west.tw", "1502", "west.tw", NULL, NULL);
    struct err err = {0};
    assert_true(access_at(w->access, w->org, &notify, "effects.read", NULL, NULL, w->today, &err));
    assert_false(
        access_at(w->access, w->org, &notify, "effects.retry", NULL, NULL, w->today, &err));
    assert_non_null(strstr(err.message, "notifier"));
    assert_false(access_case(w->access, w->org, &notify, "case.read", c, w->today, &err));
    assert_false(access_at(w->access, w->org, &bare, "effects.read", NULL, NULL, w->today, &err));
    assert_true(access_case(w->access, w->org, &clerk, "case.read", c, w->today, &err));
    assert_true(access_holds(w->org, &clerk, "mediator", "anywhere", w->today));
    assert_false(access_holds(w->org, &clerk, "chief", "big.town", w->today));
    assert_false(access_holds(w->org, &bare, "mediator", "west.tw", w->today));
    casefile_free(c);
    err_clear(&err);
}

static void the_local_administrator_administers_and_sees_no_case(void **state)
{
    struct world *w = *state;
    static const char *const has[] = {"user.manage", "calendar.load", "calendar.read",
        "flow.deploy", "flow.read", "org.read", "clock.set", "admin.health", "effects.read",
        "effects.retry", "import.run", "report.read", "events.read"};
    static const char *const lacks[] = {"case.open", "case.read", "case.note", "case.assign",
        "case.claim", "case.classify", "case.pause"};
    struct actor root = {.kind = ACTOR_USER, .user = "root", .local_admin = true};
    struct casefile *c = kase("east.tw", "1501", "east.tw", NULL, NULL);
    for (size_t i = 0; i < sizeof has / sizeof has[0]; i++) {
        assert_true(access_at(w->access, w->org, &root, has[i], NULL, NULL, w->today, NULL));
    }
    for (size_t i = 0; i < sizeof lacks / sizeof lacks[0]; i++) {
        struct err err = {0};
        assert_false(access_at(
            w->access, w->org, &root, lacks[i], NULL, org_body(w->org, "east.tw"), w->today, NULL));
        assert_false(access_case(w->access, w->org, &root, lacks[i], c, w->today, &err));
        assert_int_equal(ERR_NOT_FOUND, err.code);
        err_clear(&err);
    }
    /* Holding an office as well, it has that office's rights too. */
    root.user = "mediator_east";
    assert_true(access_case(w->access, w->org, &root, "case.read", c, w->today, NULL));
    casefile_free(c);
}

/* --- lists and portraits ---------------------------------------------------------------------- */

static void filter_is(struct world *w, struct actor actor, const char *right, const char *expected)
{
    json_t *filter = access_filter(w->access, w->org, &actor, right, w->today);
    char *text = json_canonical(filter);
    assert_string_equal(expected, text);
    free(text);
    json_decref(filter);
}

static void the_filter_lists_own_bodies_and_outermost_places(void **state)
{
    struct world *w = *state;
    filter_is(w, user("mediator_east"), "case.read",
        "{\"all\":false,\"bodies\":[\"east.tw\"],\"paths\":[]}");
    filter_is(w, user("bureau_jia"), "case.read",
        "{\"all\":false,\"bodies\":[\"jia.xfj\"],\"paths\":[\"/1/15/\"]}");
    filter_is(w, user("two_hats"), "case.read",
        "{\"all\":false,\"bodies\":[\"west.tw\",\"big.town\"],\"paths\":[\"/1/15/150/\"]}");
    filter_is(w, user("admin_city"), "case.read", "{\"all\":false,\"bodies\":[],\"paths\":[]}");
    filter_is(w, user("stranger"), "case.read", "{\"all\":false,\"bodies\":[],\"paths\":[]}");
    filter_is(w, user("bureau_jia"), "no.such", "{\"all\":false,\"bodies\":[],\"paths\":[]}");
    filter_is(w, (struct actor){.kind = ACTOR_SYSTEM}, "case.read",
        "{\"all\":true,\"bodies\":[],\"paths\":[]}");
    filter_is(w, (struct actor){.kind = ACTOR_PLUGIN, .role = "leader"}, "case.read",
        "{\"all\":true,\"bodies\":[],\"paths\":[]}");
    filter_is(w, (struct actor){.kind = ACTOR_USER, .user = "root", .local_admin = true},
        "case.read", "{\"all\":false,\"bodies\":[],\"paths\":[]}");
    filter_is(w, (struct actor){.kind = ACTOR_USER, .user = "root", .local_admin = true},
        "report.read", "{\"all\":true,\"bodies\":[],\"paths\":[]}");
}

static void whoever_asks_who_am_i_is_told_offices_and_rights(void **state)
{
    struct world *w = *state;
    struct actor mediator = user("mediator_east");
    json_t *me = access_whoami(w->access, w->org, &mediator, w->today);
    char *text = json_canonical(me);
    assert_string_equal(
        "{\"members\":[{\"body\":\"east.tw\",\"body_name\":\"东村调委会\",\"place\":\"1501\","
        "\"role\":\"mediator\",\"role_title\":\"调解员\"}],\"name\":\"演示调解员\",\"rights\":["
        "\"case.open\",\"case.read\",\"case.note\",\"case.claim\",\"flow.read\"],"
        "\"user\":\"mediator_east\"}",
        text);
    free(text);
    json_decref(me);
    struct actor stranger = user("stranger");
    me = access_whoami(w->access, w->org, &stranger, w->today);
    assert_int_equal(0, json_array_size(json_object_get(me, "rights")));
    json_decref(me);
}

/* --- the table -------------------------------------------------------------------------------- */

static void malformed_tables_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *says;
    } bad[] = {
        {"{}", ""},
        {"[1]", ""},
        {"[{'title':'x'}]", "role"},
        {"[{'role':'a','rights':{'case.raed':'body'}}]", "case.raed"},
        {"[{'role':'a','rights':{'case.read':'everywhere'}}]", "case.read"},
        {"[{'role':'a','rights':{'case.read':1}}]", "case.read"},
        {"[{'role':'a','rights':[]}]", "rights"},
        {"[{'role':'a'},{'role':'a'}]", "[2]"},
        {"[{'role':'a','right':{}}]", "right"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        json_t *rows = parse(bad[i].rows);
        struct err err = {0};
        assert_null(access_load(rows, &err));
        assert_int_equal(ERR_FORM, err.code);
        assert_non_null(strstr(err.message, bad[i].says));
        err_clear(&err);
        json_decref(rows);
    }
    assert_null(access_load(NULL, NULL));
    access_free(NULL);
}

static void a_mistyped_right_gets_the_nearest_name(void **state)
{
    (void)state;
    json_t *rows = parse("[{'role':'a','rights':{'case.raed':'body'}}]");
    struct err err = {0};
    assert_null(access_load(rows, &err));
    assert_non_null(strstr(err.hint, "case.read"));
    err_clear(&err);
    json_decref(rows);
}

static void an_empty_table_refuses_everything(void **state)
{
    struct world *w = *state;
    json_t *rows = json_array();
    struct access *none = access_load(rows, NULL);
    struct actor admin = user("admin_city");
    assert_false(access_at(none, w->org, &admin, "flow.deploy", NULL, NULL, w->today, NULL));
    access_free(none);
    json_decref(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_seat_and_right_and_case_is_as_the_table_says),
        cmocka_unit_test(opening_is_decided_by_the_body_that_registers),
        cmocka_unit_test(a_refusal_names_the_offices_that_could_nearest_first),
        cmocka_unit_test(the_reason_tells_no_office_from_no_right_from_not_here),
        cmocka_unit_test(a_refusal_reads_well_in_chinese),
        cmocka_unit_test(things_that_stand_nowhere_need_the_right_anywhere),
        cmocka_unit_test(an_unknown_right_is_refused_to_everyone),
        cmocka_unit_test(a_body_that_is_asked_after_many_requests_to_others_reads_the_case),
        cmocka_unit_test(a_case_whose_bodies_are_gone_is_nobodys_not_everybodys),
        cmocka_unit_test(rights_end_with_the_last_day_of_the_office),
        cmocka_unit_test(an_office_is_held_in_its_body_only),
        cmocka_unit_test(the_engine_itself_may_everything),
        cmocka_unit_test(a_plugin_has_the_rights_of_its_role_city_wide_and_no_others),
        cmocka_unit_test(the_local_administrator_administers_and_sees_no_case),
        cmocka_unit_test(the_filter_lists_own_bodies_and_outermost_places),
        cmocka_unit_test(whoever_asks_who_am_i_is_told_offices_and_rights),
        cmocka_unit_test(malformed_tables_are_refused_with_their_place),
        cmocka_unit_test(a_mistyped_right_gets_the_nearest_name),
        cmocka_unit_test(an_empty_table_refuses_everything),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
