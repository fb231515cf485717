/* The shipped calendars, term register and categories, read as the daemon reads them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "domain/classify.h"
#include "domain/due_query.h"
#include "script/script.h"
#include "unit/domain/notices.h"

#include <string.h>

static json_t *load(const char *path)
{
    const char *root = getenv("FENGQIAO_SOURCE");
    char *whole = mem_printf("%s/workflows/%s", root != NULL ? root : ".", path);
    struct err err = {0};
    json_t *data = datafile_load(whole, &err);
    if (data == NULL) {
        fail_msg("%s: %s", whole, err.message);
    }
    mem_free(whole);
    return data;
}

static struct terms *load_terms(void)
{
    struct err err = {0};
    json_t *rows = load("wuhai/terms.lua");
    struct terms *terms = terms_load(rows, &err);
    if (terms == NULL) {
        fail_msg("%s", err.message);
    }
    json_decref(rows);
    return terms;
}

static int use_catalogue(void **state)
{
    (void)state;
    lang_init();
    return 0;
}

static void calendar_files_say_the_same_as_the_notices(void **state)
{
    static const char *const files[] = {
        "2019", "2020-1", "2020-2", "2021", "2022", "2023", "2024", "2025", "2026"};
    (void)state;
    struct calendar *shipped = calendar_new(), *expected = calendar_of_notices();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[64];
        struct err err = {0};
        snprintf(path, sizeof path, "calendar/%s.lua", files[i]);
        json_t *doc = load(path);
        assert_true(strlen(json_string_value(json_object_get(doc, "paper"))) > 0);
        if (!calendar_add(shipped, doc, &err)) {
            fail_msg("%s: %s", path, err.message);
        }
        json_decref(doc);
    }
    for (struct date d = day("2018-12-01"); date_compare(d, day("2027-01-31")) < 0;
         d = date_add_days(d, 1)) {
        assert_int_equal(calendar_is_workday(expected, d), calendar_is_workday(shipped, d));
    }
    assert_int_equal(2, calendar_version_of(shipped, 2020));
    calendar_free(shipped);
    calendar_free(expected);
}

static void register_has_every_term_of_the_specification(void **state)
{
    static const char *const ids[] = {"XF.FWD", "XF.HOP.CITY", "XF.HOP.DIST", "XF.NOTICE", "XF.OBJ",
        "XF.HANDLE", "XF.FC.ASK", "XF.FC.DO", "XF.FH.ASK", "XF.FH.DO", "XF.FAST.HOP", "XF.FAST.ACC",
        "XF.FAST.DO", "RT.MED", "RT.SFQR.ASK", "ST.SFQR.ACC", "ST.SFQR.DO", "ST.SFQR.CAP",
        "ST.EXEC", "ST.FILE", "ST.WP", "ST.WT.ORD", "ST.WT.SUM", "ST.ON.PICK", "ST.ON.DESIG",
        "ST.ON.CONF", "ST.ON.ASK", "ST.TRIAL.ORD", "ST.TRIAL.SUM", "ST.TRIAL.SMALL", "XT.XFER",
        "XT.ACC", "XT.DO", "ZA.MED2", "ZA.XFER", "TD.BAR", "TD.ACC", "TD.RESP", "TD.ANS", "TD.HEAR",
        "TD.AWARD", "TD.SUE", "LD.MED", "LD.BAR", "LD.ACC", "LD.AWARD", "LD.SUE", "LJ.ACC", "LJ.DO",
        "ZD.PRE", "ZD.PLAN", "ZD.PUB", "FZ.COMMENT", "FY.ASK", "FY.ADMIT", "FY.CORR", "FY.DO",
        "XS.SUE", "XS.AFTER", "QS.SUE", "FX.COMMENT", "FX.HEAR", "FX.LEGAL", "FY2.AID",
        "FY2.ASSIGN", "L0.URGENT", "L0.START", "L0.LIMIT", "L1.START", "L1.LIMIT", "L2.START",
        "L2.LIMIT", "L3.START", "L3.LIMIT", "L4.START", "L4.LIMIT", "L4.INFORM", "L4.REVIEW", "JF.PUBLISH"};
    (void)state;
    struct terms *terms = load_terms();
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (terms_find(terms, ids[i], day("2026-03-02")) == NULL) {
            fail_msg("%s is not in force in 2026", ids[i]);
        }
    }
    assert_non_null(terms_find(terms, "XF.ADVICE", day("2020-06-19"))); /* ended with its law */
    assert_null(terms_find(terms, "XF.ADVICE", day("2022-05-01")));
    assert_non_null(terms_find(terms, "LJ.BLACK", day("2021-12-31")));
    assert_null(terms_find(terms, "LJ.BLACK", day("2022-01-01")));
    terms_free(terms);
}

static void law_of_a_petition_follows_the_day_of_its_start(void **state)
{
    (void)state;
    struct terms *terms = load_terms();
    assert_string_equal(
        "信访条例 第三十三条", terms_find(terms, "XF.HANDLE", day("2022-04-30"))->law);
    assert_string_equal(
        "信访工作条例 第三十四条", terms_find(terms, "XF.HANDLE", day("2022-05-01"))->law);
    assert_null(terms_find(terms, "XF.OBJ", day("2022-04-30")));
    assert_int_equal(30, terms_find(terms, "XF.HANDLE", day("2026-01-01"))->extension.n);
    assert_null(terms_find(terms, "XF.HANDLE", day("2026-01-01"))->excludable[0]);
    assert_string_equal("听证", terms_find(terms, "XF.FH.DO", day("2026-01-01"))->excludable[0]);
    terms_free(terms);
}

static void every_term_can_be_computed_on_every_row(void **state)
{
    (void)state;
    struct terms *terms = load_terms();
    struct calendar *c = calendar_of_notices();
    for (size_t i = 0; i < terms_count(terms); i++) {
        const struct term *t = terms_at(terms, i);
        struct date start =
            date_compare(t->from, day("2020-06-22")) > 0 ? t->from : day("2020-06-22");
        char text[DATE_TEXT];
        struct err err = {0};
        json_t *params = json_pack("{ssssso}", "start",
            date_format(date_compare(start, t->to) > 0 ? t->to : start, text), "term", t->id,
            "extension", json_boolean(t->extension.n > 0));
        json_t *answer = due_query(c, terms, params, &err);
        if (answer == NULL) {
            fail_msg("%s: %s", t->id, err.message);
        }
        json_decref(answer);
        json_decref(params);
    }
    calendar_free(c);
    terms_free(terms);
}

static void categories_load_and_find_the_usual_disputes(void **state)
{
    static const char *const usual[][2] = {
        {"包工头拖欠农民工工资", "劳动社保/农民工工资"},
        {"村里承包地被邻村占用", "农村农牧业/土地承包"},
        {"征地补偿款一直没有发放", "自然资源/征地"},
        {"焦化厂粉尘刺鼻", "生态环境/废气粉尘"},
        {"小区物业乱收物业费", "城乡建设/物业"},
    };
    (void)state;
    struct err err = {0};
    json_t *rows = load("wuhai/categories.lua"), *words = load("words.lua");
    json_array_extend(rows, words);
    json_decref(words);
    struct taxonomy *t = taxonomy_load(rows, &err);
    if (t == NULL) {
        fail_msg("%s", err.message);
    }
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        json_t *found = taxonomy_classify(t, usual[i][0], "");
        assert_non_null(found);
        assert_string_equal(usual[i][1], json_string_value(json_object_get(found, "path")));
        json_decref(found);
    }
    taxonomy_free(t);
    json_decref(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_files_say_the_same_as_the_notices),
        cmocka_unit_test(register_has_every_term_of_the_specification),
        cmocka_unit_test(law_of_a_petition_follows_the_day_of_its_start),
        cmocka_unit_test(every_term_can_be_computed_on_every_row),
        cmocka_unit_test(categories_load_and_find_the_usual_disputes),
    };
    return cmocka_run_group_tests(tests, use_catalogue, NULL);
}
