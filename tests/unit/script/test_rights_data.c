/* The shipped rights table: every role x right x place against a table written here by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/memory.h"
#include "domain/access.h"
#include "script/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One letter per right, in this order: - none, b in the own body, s in the place and below. */
static const char *const rights[] = {"case.open", "case.read", "case.note", "case.assign",
    "case.claim", "case.classify", "case.pause", "flow.read", "flow.deploy", "calendar.read",
    "calendar.load", "org.read", "user.manage", "report.read", "effects.read", "effects.retry",
    "events.read", "clock.set", "admin.health", "import.run", "case.document", "case.reveal",
    "case.recuse", "case.party"};

enum { RIGHTS = sizeof rights / sizeof rights[0] };

static const struct {
    const char *role, *scopes;
} expected[] = {
    /*            case:orn acl p flow cal  org user rep eff  ev clk adm imp doc rev rec par */
    {"clerk", "sbb-bb-b-b-b--------bb-b"},
    {"grid", "sbb----b-b-b------------"},
    {"mediator", "sbb-bbbb-b-b--------bb-b"},
    {"chief", "ssbbbbbb-b-b-s------bbbb"},
    {"handler", "sbb-bbbb-b-b--------bb-b"},
    {"head", "sbbbbbbb-b-b-b------bbbb"},
    {"bureau", "sssbbsbb-b-b-s--s---bbbb"},
    {"conference", "-ss----b-b-b-s--s-------"},
    {"overseer", "-ss----b-b-b-s--s-------"},
    {"leader", "-ss----b-b-b-s----------"},
    {"admin", "-------sssssssss-sss----"},
    {"security", "-----------ss-----s-----"},
    {"auditor", "-s-----s-s-s-ss-s-s-----"},
    {"importer", "sss--s-b-b-b-s-----s----"},
    {"notifier", "-----------s--s---------"},
    {"documenter", "-ss----s------------s---"},
};

enum { ROLES = sizeof expected / sizeof expected[0] };

static struct access *access_table;
static struct org *wuhai;
static struct date today;

static char *source_path(const char *name)
{
    const char *source = getenv("FENGQIAO_SOURCE");
    assert_non_null(source);
    return mem_printf("%s/workflows/wuhai/%s", source, name);
}

static json_t *table(const char *name)
{
    char *path = source_path(name);
    struct err err = {0};
    json_t *rows = csv_load(path, &err);
    assert_string_equal("", err.message);
    mem_free(path);
    return rows;
}

/* The shipped organisation, and one person more for each role, seated in a town's office. */
static int load(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *doc = json_pack("{s:o,s:o,s:o,s:o}", "places", table("places.csv"), "bodies",
        table("bodies.csv"), "persons", table("persons.csv"), "members", table("members.csv"));
    for (size_t i = 0; i < ROLES; i++) {
        char id[32];
        snprintf(id, sizeof id, "probe.%s", expected[i].role);
        json_array_append_new(
            json_object_get(doc, "persons"), json_pack("{s:s,s:s}", "id", id, "name", id));
        json_array_append_new(
            json_object_get(doc, "members"), json_pack("{s:s,s:s,s:s}", "user", id, "body",
                                                 "bayintaohai.town", "role", expected[i].role));
    }
    wuhai = org_load(doc, &err);
    assert_string_equal("", err.message);
    json_decref(doc);
    char *path = source_path("rights.lua");
    json_t *rows = datafile_load(path, &err);
    assert_string_equal("", err.message);
    mem_free(path);
    access_table = access_load(rows, &err);
    assert_string_equal("", err.message);
    assert_int_equal(ROLES, json_array_size(rows));
    json_decref(rows);
    assert_true(date_make(2020, 1, 10, &today));
    return 0;
}

static int unload(void **state)
{
    (void)state;
    access_free(access_table);
    org_free(wuhai);
    return 0;
}

static bool may(const char *user, const char *right, const char *body)
{
    struct actor actor = {.kind = ACTOR_USER, .user = user};
    return access_at(access_table, wuhai, &actor, right, NULL, org_body(wuhai, body), today, NULL);
}

static void every_role_and_right_and_place_is_as_the_table_says(void **state)
{
    (void)state;
    static const char *const below[] = {"yanglujing.tw", "yanglujing.vc", "saihanwusu.vc"};
    static const char *const outside[] = {"hainan.xfj", "hainan.nmj", "wuhai.xfj", "nmg.gov",
        "qianlishan.town", "xindi.vc", "lasengmiao.town"};
    for (size_t i = 0; i < ROLES; i++) {
        char user[32];
        snprintf(user, sizeof user, "probe.%s", expected[i].role);
        assert_int_equal(RIGHTS, strlen(expected[i].scopes));
        for (size_t r = 0; r < RIGHTS; r++) {
            char scope = expected[i].scopes[r];
            if (may(user, rights[r], "bayintaohai.town") != (scope != '-')) {
                fail_msg("%s %s in the own body", expected[i].role, rights[r]);
            }
            /* Beside it at the same place: another body, the same subtree. */
            if (may(user, rights[r], "bayintaohai.sfs") != (scope == 's')) {
                fail_msg("%s %s beside", expected[i].role, rights[r]);
            }
            for (size_t b = 0; b < sizeof below / sizeof below[0]; b++) {
                if (may(user, rights[r], below[b]) != (scope == 's')) {
                    fail_msg("%s %s in %s", expected[i].role, rights[r], below[b]);
                }
            }
            for (size_t b = 0; b < sizeof outside / sizeof outside[0]; b++) {
                if (may(user, rights[r], outside[b])) {
                    fail_msg("%s %s in %s", expected[i].role, rights[r], outside[b]);
                }
            }
        }
    }
}

static void whoever_keeps_the_system_does_not_read_cases(void **state)
{
    (void)state;
    assert_false(may("wuhai.admin01", "case.read", "wuhai.xfj"));
    assert_false(may("wuhai.security01", "case.read", "wuhai.gov"));
    assert_true(may("wuhai.auditor01", "case.read", "yanglujing.tw"));
    assert_false(may("wuhai.auditor01", "case.note", "yanglujing.tw"));
}

struct tally {
    const char *unknown;
};

static void check_role(const struct member *m, void *ctx)
{
    struct tally *t = ctx;
    bool known = false;
    for (size_t i = 0; i < ROLES; i++) {
        known = known || strcmp(expected[i].role, m->role) == 0;
    }
    t->unknown = known ? t->unknown : m->role;
}

static void every_role_that_someone_holds_is_in_the_table(void **state)
{
    (void)state;
    struct tally t = {0};
    for (size_t i = 0; i < org_body_count(wuhai); i++) {
        org_members_in(wuhai, org_body_at(wuhai, i)->id, today, check_role, &t);
    }
    assert_null(t.unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_and_right_and_place_is_as_the_table_says),
        cmocka_unit_test(whoever_keeps_the_system_does_not_read_cases),
        cmocka_unit_test(every_role_that_someone_holds_is_in_the_table),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
