#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "domain/due_query.h"
#include "unit/domain/notices.h"

#include <string.h>

static struct calendar *cal;
static struct terms *terms;

static const char register_text[] =
    "[{\"id\":\"XF.FWD\",\"title\":\"转送\",\"span\":\"15 d\",\"kind\":\"max\",\"start\":\"收件\","
    "\"law\":\"信访条例 第二十一条\",\"mark\":\"A\",\"from\":\"2005-05-01\",\"to\":\"2022-04-30\"},"
    "{\"id\":\"XF.FWD\",\"title\":\"转送\",\"span\":\"15 d\",\"kind\":\"max\",\"start\":\"收件\","
    "\"law\":\"信访工作条例 第二十二条\",\"mark\":\"A\",\"from\":\"2022-05-01\"},"
    "{\"id\":\"XF.OBJ\",\"title\":\"异议\",\"span\":\"5 wd\",\"kind\":\"max\",\"start\":\"收件\","
    "\"law\":\"信访工作条例 第二十三条\",\"mark\":\"A\",\"from\":\"2022-05-01\"},"
    "{\"id\":\"XF.HANDLE\",\"title\":\"办结\",\"span\":\"60 "
    "d\",\"kind\":\"max\",\"start\":\"受理\","
    "\"extension\":\"30 d\",\"extension_by\":\"负责人\",\"law\":\"信访条例 第三十三条\","
    "\"mark\":\"A\"},"
    "{\"id\":\"XF.FH.DO\",\"title\":\"复核\",\"span\":\"30 d\",\"kind\":\"max\","
    "\"start\":\"收到复核请求\",\"excludable\":[\"听证\"],\"law\":\"信访工作条例 第三十六条\","
    "\"mark\":\"A\"},"
    "{\"id\":\"TD.HEAR\",\"title\":\"开庭通知\",\"span\":\"5 wd\",\"kind\":\"back\","
    "\"start\":\"开庭日\",\"clear_days\":true,\"law\":\"仲裁法 第三十一条\",\"mark\":\"A\"},"
    "{\"id\":\"ZD.PLAN\",\"title\":\"方案公告\",\"span\":\"30 d\",\"kind\":\"min\","
    "\"start\":\"发布公告\",\"law\":\"土地管理法\",\"mark\":\"A\"}]";

static int open_register(void **state)
{
    (void)state;
    lang_init();
    cal = calendar_of_notices();
    json_t *rows = json_loads(register_text, 0, NULL);
    terms = terms_load(rows, NULL);
    json_decref(rows);
    return terms == NULL ? -1 : 0;
}

static int close_register(void **state)
{
    (void)state;
    calendar_free(cal);
    terms_free(terms);
    return 0;
}

static json_t *ask(const char *params_text, struct err *err)
{
    json_t *params = json_loads(params_text, JSON_DECODE_ANY, NULL);
    assert_non_null(params);
    json_t *answer = due_query(cal, terms, params, err);
    json_decref(params);
    return answer;
}

/* Asks and compares one member of the answer. */
static void answers(const char *params_text, const char *member, const char *expected)
{
    struct err err = {0};
    json_t *answer = ask(params_text, &err);
    if (answer == NULL) {
        fail_msg("%s", err.message);
    }
    assert_string_equal(expected, json_string_value(json_object_get(answer, member)));
    json_decref(answer);
}

static void term_of_the_day_answers_with_its_law(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *answer = ask("{\"start\":\"2020-01-10\",\"term\":\"XF.FWD\"}", &err);
    assert_non_null(answer);
    assert_string_equal("2020-01-25", json_string_value(json_object_get(answer, "raw")));
    assert_string_equal("2020-02-03", json_string_value(json_object_get(answer, "legal")));
    assert_string_equal("2020-01-23", json_string_value(json_object_get(answer, "internal")));
    assert_string_equal("15日，自收件次日2020-01-11起算，末日01-25为春节假期，顺延至02-03",
        json_string_value(json_object_get(answer, "explain")));
    json_t *term = json_object_get(answer, "term");
    assert_string_equal("信访条例 第二十一条", json_string_value(json_object_get(term, "law")));
    assert_int_equal(
        2, json_integer_value(json_object_get(json_object_get(answer, "calendar"), "2020")));
    json_decref(answer);
}

static void number_and_unit_answer_without_a_register(void **state)
{
    (void)state;
    answers("{\"start\":\"2022-09-29\",\"n\":5,\"unit\":\"wd\"}", "legal", "2022-10-11");
    answers("{\"start\":\"2022-09-29\",\"n\":5,\"unit\":\"workdays\"}", "legal", "2022-10-11");
    answers("{\"start\":\"2024-01-31T23:59:59+08:00\",\"n\":1,\"unit\":\"month\"}", "legal",
        "2024-02-29");
    answers("{\"start\":\"2020-10-15\",\"n\":5,\"unit\":\"wd\",\"kind\":\"back\"}", "legal",
        "2020-10-09");
    answers("{\"start\":\"2020-10-15\",\"n\":5,\"unit\":\"wd\",\"kind\":\"back\","
            "\"clear_days\":true}",
        "legal", "2020-09-30");
    answers("{\"start\":\"2020-04-30\",\"n\":5,\"unit\":\"d\",\"roll\":\"prev\"}", "legal",
        "2020-04-30");
    answers("{\"start\":\"2020-04-30\",\"n\":5,\"unit\":\"d\",\"roll\":\"none\"}", "legal",
        "2020-05-05");
    answers("{\"start\":\"2020-01-10T10:20\",\"n\":24,\"unit\":\"h\",\"litigation\":true}",
        "due_at", "2020-01-11T11:00:00+08:00");
    answers(
        "{\"start\":\"2020-01-10\",\"n\":15,\"unit\":\"d\",\"term\":null}", "legal", "2020-02-03");
}

static void minimum_tells_when_the_next_act_may_follow(void **state)
{
    (void)state;
    answers("{\"start\":\"2020-12-25\",\"term\":\"ZD.PLAN\"}", "next_act", "2021-01-26");
}

static void clear_days_of_the_term_may_be_answered_otherwise(void **state)
{
    (void)state;
    answers("{\"start\":\"2020-10-15\",\"term\":\"TD.HEAR\"}", "legal", "2020-09-30");
    answers("{\"start\":\"2020-10-15\",\"term\":\"TD.HEAR\",\"clear_days\":false}", "legal",
        "2020-10-09");
}

static void extension_is_the_terms_own_or_shorter(void **state)
{
    (void)state;
    answers("{\"start\":\"2020-08-03\",\"term\":\"XF.HANDLE\",\"extension\":true}", "legal",
        "2020-11-02");
    answers("{\"start\":\"2020-08-03\",\"term\":\"XF.HANDLE\",\"extension\":\"30 days\"}", "legal",
        "2020-11-02");
    answers("{\"start\":\"2020-08-03\",\"term\":\"XF.HANDLE\",\"extension\":\"10 d\"}", "raw",
        "2020-10-12");
    answers("{\"start\":\"2020-08-03\",\"term\":\"XF.HANDLE\",\"extension\":false}", "legal",
        "2020-10-09");
    answers("{\"start\":\"2020-08-03\",\"n\":60,\"unit\":\"d\",\"extension\":\"30 d\"}",
        "extension", "30 d");
}

static void excluded_time_is_taken_in_any_order(void **state)
{
    (void)state;
    answers(
        "{\"start\":\"2022-05-23\",\"term\":\"XF.FH.DO\",\"excluded\":[{\"from\":\"2022-06-10\","
        "\"to\":\"2022-06-20\"}]}",
        "legal", "2022-07-04");
    answers("{\"start\":\"2022-05-23\",\"n\":30,\"unit\":\"d\",\"excluded\":["
            "{\"from\":\"2022-06-16\",\"to\":\"2022-06-20\"},"
            "{\"from\":\"2022-06-10\",\"to\":\"2022-06-15\"}]}",
        "legal", "2022-07-04");
}

static void provisional_result_says_so(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *answer = ask("{\"start\":\"2026-12-20\",\"n\":15,\"unit\":\"d\"}", &err);
    assert_true(json_is_true(json_object_get(answer, "provisional")));
    assert_non_null(
        strstr(json_string_value(json_object_get(answer, "explain")), "暂按周末规则估算"));
    json_decref(answer);
}

struct refusal {
    const char *params, *field;
    enum err_code code;
};

static void wrong_questions_are_refused_and_name_the_member(void **state)
{
    static const struct refusal refusals[] = {
        {"{}", "start", ERR_PARAMS},
        {"{\"start\":7,\"n\":1,\"unit\":\"d\"}", "start", ERR_PARAMS},
        {"{\"start\":\"2026-02-30\",\"n\":1,\"unit\":\"d\"}", "start", ERR_PARAMS},
        {"{\"start\":\"2026-13-01\",\"term\":\"XF.FWD\"}", "start", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\"}", "term", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":7}", "term", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.FWB\"}", "term", ERR_NOT_FOUND},
        {"{\"start\":\"2026-02-03\",\"term\":\"NOSUCH\"}", "term", ERR_NOT_FOUND},
        {"{\"start\":\"2020-02-03\",\"term\":\"XF.OBJ\"}", "term", ERR_NOT_FOUND},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.FWD\",\"n\":5}", "n", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.FWD\",\"unit\":\"d\"}", "unit", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.FWD\",\"kind\":\"min\"}", "kind", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":-1,\"unit\":\"d\"}", "n", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":1.5,\"unit\":\"d\"}", "n", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":10001,\"unit\":\"d\"}", "n", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":\"5\",\"unit\":\"d\"}", "n", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5}", "unit", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"weeks\"}", "unit", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"kind\":\"most\"}", "kind", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"roll\":1}", "roll", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"kind\":\"back\",\"roll\":\"next\"}",
            "roll", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"exclude\":[]}", "exclude", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"litigation\":\"yes\"}", "litigation",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"extension\":true}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"extension\":30}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"extension\":\"much\"}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"d\",\"extension\":\"3 h\"}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.FWD\",\"extension\":true}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.HANDLE\",\"extension\":\"31 d\"}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.HANDLE\",\"extension\":\"1 mon\"}", "extension",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"term\":\"XF.HANDLE\",\"excluded\":[{\"from\":\"2026-02-04\","
         "\"to\":\"2026-02-05\"}]}",
            "excluded", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":30,\"unit\":\"d\",\"excluded\":7}", "excluded",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":30,\"unit\":\"d\",\"excluded\":[7]}", "excluded",
            ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":30,\"unit\":\"d\",\"excluded\":[{\"from\":"
         "\"2026-02-30\",\"to\":\"2026-03-02\"}]}",
            "excluded", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":30,\"unit\":\"d\",\"excluded\":[{\"from\":"
         "\"2026-02-10\"}]}",
            "excluded", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":30,\"unit\":\"d\",\"excluded\":[{\"from\":"
         "\"2026-02-10\",\"to\":\"2026-02-09\"}]}",
            "excluded", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":30,\"unit\":\"d\",\"excluded\":[{\"from\":"
         "\"2026-02-10\",\"to\":\"2026-02-12\"},{\"from\":\"2026-02-12\",\"to\":\"2026-02-13\"}]}",
            "excluded", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":9000,\"unit\":\"yr\"}", "n", ERR_PARAMS},
        {"{\"start\":\"2026-02-03\",\"n\":5,\"unit\":\"h\",\"excluded\":[{\"from\":"
         "\"2026-02-10\",\"to\":\"2026-02-12\"}]}",
            "excluded", ERR_PARAMS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct err err = {0};
        if (ask(refusals[i].params, &err) != NULL) {
            fail_msg("answered: %s", refusals[i].params);
        }
        assert_int_equal(refusals[i].code, err.code);
        assert_string_equal(
            refusals[i].field, json_string_value(json_object_get(err.data, "field")));
        assert_true(err.message[0] != '\0');
        err_clear(&err);
    }
}

static void nearest_term_is_offered(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(ask("{\"start\":\"2026-02-03\",\"term\":\"XF.HANDEL\"}", &err));
    assert_string_equal("XF.HANDLE", json_string_value(json_object_get(err.data, "did_you_mean")));
    assert_non_null(strstr(err.hint, "XF.HANDLE"));
    err_clear(&err);
}

static void question_that_is_no_object_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(ask("[]", &err));
    assert_int_equal(ERR_PARAMS, err.code);
    err_clear(&err);
    assert_null(due_query(cal, NULL, NULL, NULL));
}

static void too_many_exclusions_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *params =
        json_pack("{ss si ss s[]}", "start", "2022-01-03", "n", 30, "unit", "d", "excluded");
    for (int i = 0; i <= DUE_EXCLUSIONS_MAX; i++) {
        json_array_append_new(json_object_get(params, "excluded"), json_object());
    }
    assert_null(due_query(cal, terms, params, &err));
    assert_int_equal(ERR_PARAMS, err.code);
    json_decref(params);
    err_clear(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(term_of_the_day_answers_with_its_law),
        cmocka_unit_test(number_and_unit_answer_without_a_register),
        cmocka_unit_test(minimum_tells_when_the_next_act_may_follow),
        cmocka_unit_test(clear_days_of_the_term_may_be_answered_otherwise),
        cmocka_unit_test(extension_is_the_terms_own_or_shorter),
        cmocka_unit_test(excluded_time_is_taken_in_any_order),
        cmocka_unit_test(provisional_result_says_so),
        cmocka_unit_test(wrong_questions_are_refused_and_name_the_member),
        cmocka_unit_test(nearest_term_is_offered),
        cmocka_unit_test(question_that_is_no_object_is_refused),
        cmocka_unit_test(too_many_exclusions_are_refused),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
