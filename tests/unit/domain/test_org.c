/* The organisation: what is refused at loading, what is found, and on which day. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "domain/org.h"

#include <stdio.h>
#include <string.h>

static struct date day(const char *text)
{
    struct date d;
    assert_true(date_parse(text, &d));
    return d;
}

static void add_place(
    json_t *doc, const char *code, const char *name, const char *level, const char *parent)
{
    json_array_append_new(
        json_object_get(doc, "places"), json_pack("{s:s,s:s,s:s,s:s}", "code", code, "name", name,
                                            "level", level, "parent", parent));
}

static void add_body(json_t *doc, const char *id, const char *place, const char *kind,
    const char *hosts, const char *review)
{
    json_array_append_new(json_object_get(doc, "bodies"),
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "id", id, "name", id, "place", place, "kind", kind,
            "hosts", hosts, "review", review));
}

static void add_person(json_t *doc, const char *id)
{
    json_array_append_new(
        json_object_get(doc, "persons"), json_pack("{s:s,s:s}", "id", id, "name", id));
}

static void add_member(json_t *doc, const char *user, const char *body, const char *role,
    const char *from, const char *to)
{
    json_array_append_new(
        json_object_get(doc, "members"), json_pack("{s:s,s:s,s:s,s:s,s:s}", "user", user, "body",
                                             body, "role", role, "from", from, "to", to));
}

/* A city with two districts, a town and two villages; children stand before their parents. */
static json_t *sample(void)
{
    json_t *doc = json_pack("{s:[],s:[],s:[],s:[]}", "places", "bodies", "persons", "members");
    add_place(doc, "1501", "东村", "1", "150");
    add_place(doc, "1502", "西村", "1", "150");
    add_place(doc, "150", "大镇", "2", "15");
    add_place(doc, "15", "甲区", "3", "1");
    add_place(doc, "16", "乙区", "3", "1");
    add_place(doc, "1601", "东村", "1", "16");
    add_place(doc, "1", "大市", "4", "");
    add_body(doc, "east.tw", "1501", "tw", "people", "big.town");
    add_body(doc, "east.vc", "1501", "vc", " petition   people ", "big.town");
    add_body(doc, "big.town", "150", "town", "petition", "jia.gov");
    add_body(doc, "jia.xfj", "15", "xfj", "petition", "");
    add_body(doc, "jia.gov", "15", "gov", "", "city.gov");
    add_body(doc, "jia.nmj", "15", "agency", "petition", "city.gov");
    add_body(doc, "city.gov", "1", "gov", "petition people", "");
    add_person(doc, "zhang");
    add_person(doc, "li");
    add_member(doc, "zhang", "east.tw", "mediator", "2020-01-01", "2020-12-31");
    add_member(doc, "zhang", "east.vc", "clerk", "", "");
    add_member(doc, "li", "east.tw", "chief", "2021-01-01", "");
    return doc;
}

static struct org *load(json_t *doc)
{
    struct err err = {0};
    struct org *o = org_load(doc, &err);
    json_decref(doc);
    assert_string_equal("", err.message);
    assert_non_null(o);
    return o;
}

/* The document is refused, and the message names these three. */
static void refused(json_t *doc, const char *file, int row, const char *column)
{
    struct err err = {0};
    assert_null(org_load(doc, &err));
    assert_int_equal(ERR_FORM, err.code);
    assert_string_equal(file, json_text(err.data, "file"));
    assert_int_equal(row, json_number(err.data, "row", 0));
    assert_string_equal(column, json_text(err.data, "column"));
    assert_non_null(strstr(err.message, file));
    assert_non_null(strstr(err.message, column));
    err_clear(&err);
    json_decref(doc);
}

static json_t *row_of(json_t *doc, const char *table, size_t i)
{
    return json_array_get(json_object_get(doc, table), i);
}

static json_t *with(const char *table, size_t i, const char *column, const char *value)
{
    json_t *doc = sample();
    json_object_set_new(row_of(doc, table, i), column, json_string(value));
    return doc;
}

static void paths_and_levels_follow_the_tree_in_any_order_of_rows(void **state)
{
    (void)state;
    struct org *o = load(sample());
    const struct place *east = org_place(o, "1501");
    assert_string_equal("/1/15/150/1501/", east->path);
    assert_int_equal(1, east->level);
    assert_string_equal("150", east->parent->code);
    assert_null(org_place(o, "1")->parent);
    assert_int_equal(7, org_place_count(o));
    assert_string_equal("1501", org_place_at(o, 0)->code);
    assert_int_equal(7, org_body_count(o));
    assert_string_equal("city.gov", org_body_at(o, 6)->id);
    assert_true(place_within(east, org_place(o, "15")));
    assert_true(place_within(east, east));
    assert_false(place_within(org_place(o, "15"), east));
    assert_false(place_within(org_place(o, "16"), org_place(o, "15")));
    assert_false(place_within(east, NULL));
    org_free(o);
}

static void a_code_that_begins_with_another_is_not_inside_it(void **state)
{
    (void)state;
    json_t *doc = json_pack("{s:[]}", "places");
    add_place(doc, "15", "a", "3", "");
    add_place(doc, "150", "b", "3", "");
    struct org *o = load(doc);
    assert_false(place_within(org_place(o, "150"), org_place(o, "15")));
    org_free(o);
}

static void wrong_cells_are_named_by_table_row_and_column(void **state)
{
    (void)state;
    refused(with("places", 0, "parent", "151"), "places", 2, "parent");
    refused(with("places", 1, "code", "1501"), "places", 3, "code");
    refused(with("places", 2, "level", "x"), "places", 4, "level");
    refused(with("places", 2, "level", "9"), "places", 4, "level");
    refused(with("places", 2, "level", ""), "places", 4, "level");
    refused(with("places", 2, "level", "22"), "places", 4, "level");
    refused(with("places", 2, "level", "3"), "places", 4, "parent");
    refused(with("places", 3, "name", ""), "places", 5, "name");
    refused(with("places", 3, "code", "1 5"), "places", 5, "code");
    refused(with("places", 3, "from", "2020-02-30"), "places", 5, "from");
    refused(with("places", 3, "to", "soon"), "places", 5, "to");
    refused(with("places", 6, "parent", "1501"), "places", 2, "parent");
    refused(with("bodies", 0, "id", "east.vc"), "bodies", 3, "id");
    refused(with("bodies", 0, "id", "东"), "bodies", 2, "id");
    refused(with("bodies", 1, "kind", ""), "bodies", 3, "kind");
    refused(with("bodies", 2, "place", "999"), "bodies", 4, "place");
    refused(with("bodies", 2, "place", ""), "bodies", 4, "place");
    refused(with("bodies", 3, "review", "nobody"), "bodies", 5, "review");
    refused(with("bodies", 6, "review", "jia.gov"), "bodies", 2, "review");
    refused(with("bodies", 1, "hosts", "petition,people"), "bodies", 3, "hosts");
    refused(with("bodies", 1, "sign", "羊 调"), "bodies", 3, "sign");
    refused(with("bodies", 1, "sign", "羊2"), "bodies", 3, "sign");
    refused(with("persons", 1, "id", "zhang"), "persons", 3, "id");
    refused(with("persons", 1, "demo", "yes"), "persons", 3, "demo");
    refused(with("members", 0, "user", "zheng"), "members", 2, "user");
    refused(with("members", 1, "body", "east.vd"), "members", 3, "body");
    refused(with("members", 2, "role", ""), "members", 4, "role");
    refused(with("members", 0, "to", "2019-12-31"), "members", 2, "to");
}

static void equal_signs_are_refused(void **state)
{
    (void)state;
    json_t *doc = with("bodies", 0, "sign", "羊调");
    json_object_set_new(row_of(doc, "bodies", 5), "sign", json_string("羊调"));
    refused(doc, "bodies", 7, "sign");
}

static void the_nearest_name_is_offered(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *doc = with("members", 1, "body", "east.vd");
    assert_null(org_load(doc, &err));
    assert_string_equal("east.vc", json_text(err.data, "did_you_mean"));
    assert_non_null(strstr(err.hint, "east.vc"));
    json_decref(doc);
    doc = with("places", 0, "parents", "x");
    assert_null(org_load(doc, &err));
    assert_string_equal("parent", json_text(err.data, "did_you_mean"));
    json_decref(doc);
    err_clear(&err);
}

static void columns_of_the_administrator_are_left_alone(void **state)
{
    (void)state;
    json_t *doc = with("bodies", 0, "电话备注", "无");
    json_object_set_new(row_of(doc, "members", 0), "demo", json_string("1"));
    org_free(load(doc));
}

static void documents_of_another_shape_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"[]", "null", "{\"places\":{}}", "{\"places\":[1]}",
        "{\"places\":[{}]}", "{\"places\":[{\"code\":1}]}", "{\"bodies\":\"x\"}",
        "{\"persons\":[[]]}", "{\"members\":[{\"user\":\"a\"}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *doc = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        struct err err = {0};
        assert_null(org_load(doc, &err));
        assert_int_equal(ERR_FORM, err.code);
        err_clear(&err);
        json_decref(doc);
    }
    assert_null(org_load(NULL, NULL));
}

static void an_empty_organisation_loads_and_finds_nothing(void **state)
{
    (void)state;
    struct org *o = load(json_object());
    assert_int_equal(0, org_place_count(o));
    assert_null(org_place(o, "1"));
    assert_null(org_place(o, NULL));
    assert_null(org_body(o, ""));
    assert_null(org_person(o, "zhang"));
    org_free(o);
    org_free(NULL);
}

static void a_circle_far_from_the_row_is_found_too(void **state)
{
    (void)state;
    json_t *doc = json_pack("{s:[]}", "places");
    add_place(doc, "a", "a", "1", "b");
    add_place(doc, "b", "b", "2", "c");
    add_place(doc, "c", "c", "3", "b");
    refused(doc, "places", 2, "parent");
}

static void deeper_than_the_limit_is_refused_and_at_the_limit_is_not(void **state)
{
    (void)state;
    for (int depth = ORG_DEPTH_MAX; depth <= ORG_DEPTH_MAX + 1; depth++) {
        json_t *doc = json_pack("{s:[]}", "places");
        for (int i = 0; i < depth; i++) {
            char code[16], parent[16] = "", level[16];
            snprintf(code, sizeof code, "p%d", i);
            snprintf(level, sizeof level, "%d", 7 - i < 0 ? 0 : 7 - i);
            if (i > 0) {
                snprintf(parent, sizeof parent, "p%d", i - 1);
            }
            add_place(doc, code, code, level, parent);
        }
        struct err err = {0};
        struct org *o = org_load(doc, &err);
        assert_int_equal(depth == ORG_DEPTH_MAX, o != NULL);
        org_free(o);
        err_clear(&err);
        json_decref(doc);
    }
}

static void places_are_found_by_code_or_name_and_ambiguity_lists_the_codes(void **state)
{
    (void)state;
    struct org *o = load(sample());
    struct err err = {0};
    assert_string_equal("1502", org_place_find(o, "西村", &err)->code);
    assert_string_equal("1502", org_place_find(o, " １５０２ ", &err)->code);
    assert_null(org_place_find(o, "东村", &err));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_non_null(strstr(err.message, "1501 1601"));
    assert_int_equal(2, json_array_size(json_object_get(err.data, "several")));
    assert_null(org_place_find(o, "大真", &err));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_non_null(strstr(err.hint, "大"));
    assert_null(org_place_find(o, "", &err));
    assert_string_equal("east.tw", org_body_find(o, "east.tw", &err)->id);
    assert_null(org_body_find(o, "east.tx", &err));
    assert_string_equal("east.tw", json_text(err.data, "did_you_mean"));
    err_clear(&err);
    org_free(o);
}

static const char *nearest(const struct org *o, const char *place, struct body_wish wish)
{
    const struct body *b = org_nearest(o, org_place(o, place), &wish, day("2026-11-24"));
    return b == NULL ? "none" : b->id;
}

static void the_nearest_body_is_here_or_above_and_the_first_of_a_place(void **state)
{
    (void)state;
    struct org *o = load(sample());
    assert_string_equal("east.tw", nearest(o, "1501", (struct body_wish){0}));
    assert_string_equal("east.vc", nearest(o, "1501", (struct body_wish){.flow = "petition"}));
    assert_string_equal("big.town", nearest(o, "1502", (struct body_wish){.flow = "petition"}));
    assert_string_equal(
        "jia.xfj", nearest(o, "1501", (struct body_wish){.flow = "petition", .level_min = 3}));
    assert_string_equal("none",
        nearest(o, "1501", (struct body_wish){.kind = "gov", .level_min = 1, .level_max = 2}));
    assert_string_equal("jia.gov", nearest(o, "1501", (struct body_wish){.kind = "gov"}));
    assert_string_equal("city.gov", nearest(o, "1601", (struct body_wish){.kind = "gov"}));
    assert_string_equal("none", nearest(o, "1601", (struct body_wish){.kind = "town"}));
    assert_string_equal("none", nearest(o, "1501", (struct body_wish){.agency = "nmj"}));
    org_free(o);
    o = load(with("bodies", 5, "agency", "nmj"));
    assert_string_equal("jia.nmj", nearest(o, "1501", (struct body_wish){.agency = "nmj"}));
    org_free(o);
}

static void a_body_is_found_only_while_it_is_in_force(void **state)
{
    (void)state;
    json_t *doc = with("bodies", 2, "to", "2022-04-30");
    struct org *o = load(doc);
    struct body_wish wish = {.flow = "petition"};
    const struct place *west = org_place(o, "1502");
    assert_string_equal("big.town", org_nearest(o, west, &wish, day("2022-04-30"))->id);
    assert_string_equal("jia.xfj", org_nearest(o, west, &wish, day("2022-05-01"))->id);
    org_free(o);
}

static void the_superior_stands_above_never_beside(void **state)
{
    (void)state;
    struct org *o = load(sample());
    struct date d = day("2026-11-24");
    /* east.vc hosts both; beside it east.tw hosts people: not a superior. */
    assert_string_equal("city.gov", org_superior(o, org_body(o, "east.tw"), "people", d)->id);
    assert_string_equal("big.town", org_superior(o, org_body(o, "east.vc"), "petition", d)->id);
    assert_string_equal("jia.xfj", org_superior(o, org_body(o, "big.town"), "petition", d)->id);
    assert_string_equal("city.gov", org_superior(o, org_body(o, "jia.nmj"), "petition", d)->id);
    assert_null(org_superior(o, org_body(o, "city.gov"), "petition", d));
    assert_null(org_superior(o, org_body(o, "east.vc"), "no_such_flow", d));
    org_free(o);
}

static void hosts_are_a_list_of_words(void **state)
{
    (void)state;
    struct org *o = load(sample());
    const struct body *vc = org_body(o, "east.vc");
    assert_true(body_can_host(vc, "petition"));
    assert_true(body_can_host(vc, "people"));
    assert_false(body_can_host(vc, "pet"));
    assert_false(body_can_host(vc, ""));
    assert_false(body_can_host(org_body(o, "jia.gov"), "petition"));
    assert_string_equal("big.town", vc->review->id);
    assert_string_equal("east.vc", vc->sign);
    org_free(o);
}

static void note_member(const struct member *m, void *ctx)
{
    char *list = ctx;
    size_t len = strlen(list);
    snprintf(list + len, 200 - len, "%s/%s/%s ", m->user, m->body->id, m->role);
}

static const char *members_of(const struct org *o, const char *user, const char *on)
{
    static char list[200];
    list[0] = '\0';
    org_members_of(o, user, day(on), note_member, list);
    return list;
}

static void memberships_hold_from_their_first_to_their_last_day(void **state)
{
    (void)state;
    struct org *o = load(sample());
    assert_string_equal("zhang/east.vc/clerk ", members_of(o, "zhang", "2019-12-31"));
    assert_string_equal(
        "zhang/east.tw/mediator zhang/east.vc/clerk ", members_of(o, "zhang", "2020-01-01"));
    assert_string_equal(
        "zhang/east.tw/mediator zhang/east.vc/clerk ", members_of(o, "zhang", "2020-12-31"));
    assert_string_equal("zhang/east.vc/clerk ", members_of(o, "zhang", "2021-01-01"));
    assert_string_equal("", members_of(o, "nobody", "2021-01-01"));
    char list[200] = "";
    org_members_in(o, "east.tw", day("2021-06-01"), note_member, list);
    assert_string_equal("li/east.tw/chief ", list);
    org_free(o);
}

static void a_membership_ends_with_its_body(void **state)
{
    (void)state;
    struct org *o = load(with("bodies", 1, "to", "2020-06-30"));
    assert_string_equal("zhang/east.tw/mediator ", members_of(o, "zhang", "2020-07-01"));
    org_free(o);
}

static void count_member(const struct member *m, void *ctx)
{
    (void)m;
    ++*(size_t *)ctx;
}

static void a_hundred_thousand_members_are_asked_for_quickly(void **state)
{
    (void)state;
    enum { PEOPLE = 100000 };
    json_t *doc = sample();
    char id[16];
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(id, sizeof id, "u%06d", i);
        add_person(doc, id);
        add_member(doc, id, "big.town", "handler", "", "");
    }
    struct org *o = load(doc);
    size_t seen = 0;
    /* A walk over all of them per question would take minutes here. */
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(id, sizeof id, "u%06d", i);
        assert_non_null(org_person(o, id));
        org_members_of(o, id, day("2026-01-01"), count_member, &seen);
    }
    assert_int_equal(PEOPLE, seen);
    org_free(o);
}

static void the_document_is_kept(void **state)
{
    (void)state;
    json_t *doc = sample();
    struct org *o = org_load(doc, NULL);
    assert_ptr_equal(doc, org_doc(o));
    org_free(o);
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_and_levels_follow_the_tree_in_any_order_of_rows),
        cmocka_unit_test(a_code_that_begins_with_another_is_not_inside_it),
        cmocka_unit_test(wrong_cells_are_named_by_table_row_and_column),
        cmocka_unit_test(equal_signs_are_refused),
        cmocka_unit_test(the_nearest_name_is_offered),
        cmocka_unit_test(columns_of_the_administrator_are_left_alone),
        cmocka_unit_test(documents_of_another_shape_are_refused),
        cmocka_unit_test(an_empty_organisation_loads_and_finds_nothing),
        cmocka_unit_test(a_circle_far_from_the_row_is_found_too),
        cmocka_unit_test(deeper_than_the_limit_is_refused_and_at_the_limit_is_not),
        cmocka_unit_test(places_are_found_by_code_or_name_and_ambiguity_lists_the_codes),
        cmocka_unit_test(the_nearest_body_is_here_or_above_and_the_first_of_a_place),
        cmocka_unit_test(a_body_is_found_only_while_it_is_in_force),
        cmocka_unit_test(the_superior_stands_above_never_beside),
        cmocka_unit_test(hosts_are_a_list_of_words),
        cmocka_unit_test(memberships_hold_from_their_first_to_their_last_day),
        cmocka_unit_test(a_membership_ends_with_its_body),
        cmocka_unit_test(a_hundred_thousand_members_are_asked_for_quickly),
        cmocka_unit_test(the_document_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
