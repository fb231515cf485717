#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "domain/term.h"

#include <string.h>

#define ROW(more)                                                                                  \
    "{\"id\":\"XF.HANDLE\",\"title\":\"办结\",\"span\":\"60 d\",\"kind\":\"max\","               \
    "\"start\":\"受理\",\"law\":\"信访条例 第三十三条\",\"mark\":\"A\"" more "}"

static int use_catalogue(void **state)
{
    (void)state;
    lang_init();
    return 0;
}

static struct date day(const char *text)
{
    struct date d;
    assert_true(date_parse(text, &d));
    return d;
}

static struct terms *load(const char *text, struct err *err)
{
    json_t *rows = json_loads(text, 0, NULL);
    assert_non_null(rows);
    struct terms *t = terms_load(rows, err);
    json_decref(rows);
    return t;
}

static struct terms *load_sound(const char *text)
{
    struct err err = {0};
    struct terms *t = load(text, &err);
    if (t == NULL) {
        fail_msg("%s", err.message);
    }
    return t;
}

static void row_is_read_whole(void **state)
{
    (void)state;
    struct terms *t = load_sound(
        "[" ROW(",\"extension\":\"30 d\",\"extension_by\":\"负责人\",\"excludable\":["
                "\"听证\"],\"from\":\"2005-05-01\",\"to\":\"2022-04-30\",\"version\":2") "]");
    const struct term *row = terms_at(t, 0);
    assert_string_equal("XF.HANDLE", row->id);
    assert_int_equal(60, row->span.n);
    assert_int_equal(UNIT_DAY, row->span.unit);
    assert_int_equal(30, row->extension.n);
    assert_int_equal(1, row->extension_times);
    assert_string_equal("听证", row->excludable[0]);
    assert_null(row->excludable[1]);
    assert_int_equal('A', row->mark);
    assert_int_equal(2, row->version);
    json_t *json = term_json(row);
    assert_string_equal("60 d", json_string_value(json_object_get(json, "span")));
    assert_string_equal("2022-04-30", json_string_value(json_object_get(json, "to")));
    json_decref(json);
    terms_free(t);
}

static void absent_members_have_safe_defaults(void **state)
{
    (void)state;
    struct terms *t =
        load_sound("[" ROW("") ","
                               "{\"id\":\"TD.HEAR\",\"title\":\"开庭\",\"span\":\"5 wd\","
                               "\"kind\":\"back\",\"start\":\"开庭日\",\"law\":\"x\","
                               "\"mark\":\"A\",\"clear_days\":true,\"excludable\":{}}]");
    assert_int_equal(0, terms_at(t, 0)->extension.n);
    assert_int_equal(0, terms_at(t, 0)->extension_times);
    assert_null(terms_at(t, 0)->excludable[0]);
    assert_int_equal(ROLL_NEXT, terms_at(t, 0)->roll);
    assert_int_equal(ROLL_PREVIOUS, terms_at(t, 1)->roll);
    assert_true(terms_at(t, 1)->clear_days);
    assert_int_equal(2, terms_count(t));
    assert_null(terms_at(t, 2));
    terms_free(t);
}

static void row_in_force_on_the_day_is_found(void **state)
{
    (void)state;
    struct terms *t = load_sound("[" ROW(",\"to\":\"2022-04-30\"") "," ROW(
        ",\"from\":\"2022-05-01\",\"to\":\"2030-12-31\"") "]");
    assert_ptr_equal(terms_at(t, 0), terms_find(t, "XF.HANDLE", day("2022-04-30")));
    assert_ptr_equal(terms_at(t, 1), terms_find(t, "XF.HANDLE", day("2022-05-01")));
    assert_null(terms_find(t, "XF.HANDLE", day("2031-01-01")));
    assert_null(terms_find(t, "XF.OBJ", day("2022-05-01")));
    assert_null(terms_find(t, NULL, day("2022-05-01")));
    terms_free(t);
}

static void nearest_id_is_offered_for_a_slip(void **state)
{
    (void)state;
    struct terms *t = load_sound("[" ROW("") "]");
    assert_string_equal("XF.HANDLE", terms_nearest(t, "XF.HANDEL"));
    assert_string_equal("XF.HANDLE", terms_nearest(t, "xf.handle"));
    assert_null(terms_nearest(t, "LD.MED"));
    assert_null(terms_nearest(t, ""));
    terms_free(t);
}

static void empty_register_is_sound(void **state)
{
    (void)state;
    struct terms *t = load_sound("[]");
    assert_int_equal(0, terms_count(t));
    assert_null(terms_nearest(t, "XF.HANDLE"));
    terms_free(t);
    terms_free(NULL);
}

struct wrong_row {
    const char *text, *member;
};

static void malformed_rows_name_row_and_member(void **state)
{
    static const struct wrong_row rows[] = {
        {"[7]", "1"},
        {"[{}]", "id"},
        {"[" ROW(",\"spam\":1") "]", "spam"},
        {"[" ROW(",\"roll\":\"up\"") "]", "roll"},
        {"[" ROW(",\"from\":\"2022-02-30\"") "]", "from"},
        {"[" ROW(",\"from\":\"2022-02-03\",\"to\":\"2022-02-01\"") "]", "to"},
        {"[" ROW(",\"extension\":\"thirty\"") "]", "extension"},
        {"[" ROW(",\"extension\":\"3 h\"") "]", "extension"},
        {"[" ROW(",\"extension_times\":2") "]", "extension_times"},
        {"[" ROW(",\"excludable\":\"听证\"") "]", "excludable"},
        {"[" ROW(",\"excludable\":[1]") "]", "excludable"},
        {"[" ROW(",\"litigation\":1") "]", "litigation"},
        {"[" ROW(",\"version\":-1") "]", "version"},
        {"[" ROW("") "," ROW("") "]", "2"},
        {"[{\"id\":\"xf\",\"title\":\"x\"}]", "id"},
        {"[{\"id\":\"X\",\"title\":\"\"}]", "title"},
        {"[{\"id\":\"X\",\"title\":\"x\",\"span\":\"5 moons\"}]", "span"},
        {"[{\"id\":\"X\",\"title\":\"x\",\"span\":\"5 d\",\"kind\":\"most\"}]", "kind"},
        {"[{\"id\":\"X\",\"title\":\"x\",\"span\":\"5 d\",\"kind\":\"max\",\"mark\":\"Z\"}]",
            "mark"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = {0};
        assert_null(load(rows[i].text, &err));
        assert_int_equal(ERR_FORM, err.code);
        if (strstr(err.message, rows[i].member) == NULL) {
            fail_msg("“%s” does not name %s", err.message, rows[i].member);
        }
        err_clear(&err);
    }
}

static void register_that_is_no_list_or_too_long_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(load("{\"a\":1}", &err));
    err_clear(&err);
    json_t *rows = json_array();
    for (int i = 0; i < 5001; i++) {
        json_array_append_new(rows, json_object());
    }
    assert_null(terms_load(rows, &err));
    assert_int_equal(ERR_FORM, err.code);
    json_decref(rows);
    err_clear(&err);
    assert_null(terms_load(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_is_read_whole),
        cmocka_unit_test(absent_members_have_safe_defaults),
        cmocka_unit_test(row_in_force_on_the_day_is_found),
        cmocka_unit_test(nearest_id_is_offered_for_a_slip),
        cmocka_unit_test(empty_register_is_sound),
        cmocka_unit_test(malformed_rows_name_row_and_member),
        cmocka_unit_test(register_that_is_no_list_or_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, use_catalogue, NULL);
}
