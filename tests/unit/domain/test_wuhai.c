/* The shipped organisation of Wuhai: it loads, and what must stay true of it is true. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/memory.h"
#include "domain/org.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct org *wuhai;
static struct date today;

static int load(void **state)
{
    (void)state;
    static const char *const tables[] = {"places", "bodies", "persons", "members"};
    const char *source = getenv("FENGQIAO_SOURCE");
    assert_non_null(source);
    json_t *doc = json_object();
    struct err err = {0};
    for (size_t i = 0; i < 4; i++) {
        char *path = mem_printf("%s/workflows/wuhai/%s.csv", source, tables[i]);
        json_t *rows = csv_load(path, &err);
        assert_string_equal("", err.message);
        json_object_set_new(doc, tables[i], rows);
        mem_free(path);
    }
    wuhai = org_load(doc, &err);
    assert_string_equal("", err.message);
    json_decref(doc);
    assert_true(date_make(2020, 1, 10, &today));
    return 0;
}

static int unload(void **state)
{
    (void)state;
    org_free(wuhai);
    return 0;
}

static size_t bodies_of_kind(const struct place *p, const char *kind)
{
    size_t count = 0;
    const struct body *b;
    for (size_t i = 0; (b = org_body_in(wuhai, p, i)) != NULL; i++) {
        count += strcmp(b->kind, kind) == 0;
    }
    return count;
}

static void the_tree_has_three_districts_twenty_towns_and_83_villages(void **state)
{
    (void)state;
    size_t at_level[8] = {0};
    static const size_t code_length[] = {0, 12, 9, 6, 6, 6, 0, 0};
    for (size_t i = 0; i < org_place_count(wuhai); i++) {
        const struct place *p = org_place_at(wuhai, i);
        at_level[p->level]++;
        assert_int_equal(code_length[p->level], strlen(p->code));
        if (p->level <= 3) {
            assert_int_equal(p->level + 1, p->parent->level);
        }
        if (p->level < 3) {
            assert_memory_equal(p->parent->code, p->code, strlen(p->parent->code));
        }
    }
    assert_int_equal(83, at_level[1]);
    assert_int_equal(20, at_level[2]);
    assert_int_equal(3, at_level[3]);
    assert_int_equal(1, at_level[4]);
    assert_int_equal(1, at_level[5]);
    assert_string_equal("/150000/150300/150303/150303104/150303104201/",
        org_place_find(wuhai, "羊路井村", NULL)->path);
}

static void five_towns_are_zhen_and_fifteen_jiedao(void **state)
{
    (void)state;
    size_t zhen = 0, jiedao = 0;
    for (size_t i = 0; i < org_place_count(wuhai); i++) {
        const struct place *p = org_place_at(wuhai, i);
        if (p->level == 2) {
            zhen += strstr(p->name, "镇") != NULL;
            jiedao += strstr(p->name, "街道") != NULL;
        }
    }
    assert_int_equal(5, zhen);
    assert_int_equal(15, jiedao);
}

static void every_place_has_the_bodies_of_its_level(void **state)
{
    (void)state;
    for (size_t i = 0; i < org_place_count(wuhai); i++) {
        const struct place *p = org_place_at(wuhai, i);
        bool village = p->level == 1, town = p->level == 2, upper = p->level == 3 || p->level == 4;
        assert_int_equal(village, bodies_of_kind(p, "vc"));
        assert_int_equal(village || town, bodies_of_kind(p, "tw"));
        assert_int_equal(town, bodies_of_kind(p, "town"));
        assert_int_equal(town, bodies_of_kind(p, "sfs"));
        assert_int_equal(p->level >= 3, bodies_of_kind(p, "xfj"));
        assert_int_equal(p->level >= 3, bodies_of_kind(p, "gov"));
        assert_int_equal(p->level >= 3, bodies_of_kind(p, "court"));
        assert_int_equal(upper, bodies_of_kind(p, "sgc"));
        assert_int_equal(upper, bodies_of_kind(p, "land_arb"));
        assert_int_equal(upper, bodies_of_kind(p, "labor_arb"));
        assert_int_equal(p->level >= 3, bodies_of_kind(p, "jjw"));
        assert_int_equal(p->level >= 3, bodies_of_kind(p, "joint_conf"));
        assert_int_equal(upper ? 16 : 0, bodies_of_kind(p, "agency"));
    }
}

static void every_review_chain_goes_up_and_ends_at_the_region(void **state)
{
    (void)state;
    for (size_t i = 0; i < org_body_count(wuhai); i++) {
        const struct body *b = org_body_at(wuhai, i);
        for (; b->review != NULL; b = b->review) {
            assert_true(b->review->place->level >= b->place->level);
            assert_true(place_within(b->place, b->review->place));
        }
        assert_int_equal(5, b->place->level);
    }
    assert_string_equal("hainan.gov", org_body(wuhai, "bayintaohai.town")->review->id);
    assert_string_equal("wuhai.nmj", org_body(wuhai, "hainan.nmj")->review->id);
    assert_string_equal("wuhai.gov", org_body(wuhai, "wuhai.nmj")->review->id);
    assert_string_equal("nmg.gov", org_body(wuhai, "wuhai.gov")->review->id);
}

static void case_signs_differ_and_are_short(void **state)
{
    (void)state;
    json_t *seen = json_object();
    for (size_t i = 0; i < org_body_count(wuhai); i++) {
        const struct body *b = org_body_at(wuhai, i);
        assert_null(json_object_get(seen, b->sign));
        json_object_set_new(seen, b->sign, json_true());
        assert_true(strlen(b->sign) <= strlen("巴音陶海调"));
        assert_true((unsigned char)b->sign[0] > 0x7F);
    }
    json_decref(seen);
    assert_string_equal("羊调", org_body(wuhai, "yanglujing.tw")->sign);
    assert_string_equal("海信", org_body(wuhai, "hainan.xfj")->sign);
}

static const char *superior(const char *body, const char *flow)
{
    const struct body *b = org_superior(wuhai, org_body(wuhai, body), flow, today);
    return b == NULL ? "none" : b->id;
}

static void cases_climb_village_town_district_city_and_no_further(void **state)
{
    (void)state;
    assert_string_equal("bayintaohai.town", superior("yanglujing.vc", "petition"));
    assert_string_equal("hainan.xfj", superior("bayintaohai.town", "petition"));
    assert_string_equal("wuhai.xfj", superior("hainan.xfj", "petition"));
    assert_string_equal("wuhai.xfj", superior("hainan.rsj", "petition"));
    assert_string_equal("none", superior("wuhai.xfj", "petition"));
    assert_string_equal("bayintaohai.tw", superior("yanglujing.tw", "people_mediation"));
    assert_string_equal("hainan.sgc", superior("bayintaohai.tw", "people_mediation"));
    assert_string_equal("hainan.sgc", superior("bayintaohai.sfs", "people_mediation"));
    assert_string_equal("wuhai.sgc", superior("hainan.sgc", "people_mediation"));
    assert_string_equal("none", superior("wuhai.sgc", "people_mediation"));
}

static void an_agency_of_each_kind_is_found_from_every_village(void **state)
{
    (void)state;
    static const char *const agencies[] = {"rsj", "nmj", "zrzyj", "sthjj", "zjj", "sfj", "gaj",
        "mzj", "jtj", "jyj", "wjw", "scjg", "swj", "fgj", "wlj", "gxj"};
    for (size_t i = 0; i < org_place_count(wuhai); i++) {
        const struct place *p = org_place_at(wuhai, i);
        for (size_t a = 0; a < 16 && p->level == 1; a++) {
            struct body_wish wish = {.agency = agencies[a], .flow = "petition", .level_max = 3};
            const struct body *b = org_nearest(wuhai, p, &wish, today);
            assert_non_null(b);
            assert_int_equal(3, b->place->level);
            assert_true(place_within(p, b->place));
        }
    }
}

struct roles {
    bool clerk, mediator, chief, handler, head, grid;
    size_t count;
};

static void note_role(const struct member *m, void *ctx)
{
    struct roles *r = ctx;
    r->count++;
    r->clerk = r->clerk || strcmp(m->role, "clerk") == 0;
    r->mediator = r->mediator || strcmp(m->role, "mediator") == 0;
    r->chief = r->chief || strcmp(m->role, "chief") == 0;
    r->handler = r->handler || strcmp(m->role, "handler") == 0;
    r->head = r->head || strcmp(m->role, "head") == 0;
    r->grid = r->grid || strcmp(m->role, "grid") == 0;
    const struct person *p = org_person(wuhai, m->user);
    assert_true(p->demo);
    assert_memory_equal("演示", p->name, strlen("演示"));
}

static void whoever_hosts_has_hands_to_work_with_and_all_of_them_are_demo(void **state)
{
    (void)state;
    for (size_t i = 0; i < org_body_count(wuhai); i++) {
        const struct body *b = org_body_at(wuhai, i);
        struct roles r = {0};
        org_members_in(wuhai, b->id, today, note_role, &r);
        if (body_can_host(b, "people_mediation")) {
            assert_true(r.mediator && r.chief);
        }
        if (body_can_host(b, "judicial_mediation") || body_can_host(b, "judicial_confirmation") ||
            body_can_host(b, "arbitration") || body_can_host(b, "administrative_mediation")) {
            assert_true(r.handler && r.head);
            assert_true(strcmp(b->kind, "gov") == 0 || r.clerk);
            assert_true(strcmp(b->kind, "court") != 0 || r.mediator); /* on its roster */
        }
        if (body_can_host(b, "petition")) {
            assert_true(r.head || (r.chief && strcmp(b->kind, "sfs") == 0));
            assert_true(strcmp(b->kind, "agency") != 0 || (r.clerk && r.handler));
            assert_true(strcmp(b->kind, "vc") != 0 || (r.clerk && r.grid));
        }
    }
    struct roles village = {0};
    org_members_of(wuhai, "yanglujing01", today, note_role, &village);
    assert_true(village.clerk);
    assert_int_equal(1, village.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_has_three_districts_twenty_towns_and_83_villages),
        cmocka_unit_test(five_towns_are_zhen_and_fifteen_jiedao),
        cmocka_unit_test(every_place_has_the_bodies_of_its_level),
        cmocka_unit_test(every_review_chain_goes_up_and_ends_at_the_region),
        cmocka_unit_test(case_signs_differ_and_are_short),
        cmocka_unit_test(cases_climb_village_town_district_city_and_no_further),
        cmocka_unit_test(an_agency_of_each_kind_is_found_from_every_village),
        cmocka_unit_test(whoever_hosts_has_hands_to_work_with_and_all_of_them_are_demo),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
