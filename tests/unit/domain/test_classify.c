#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "domain/classify.h"

#include <string.h>

static const char rows_text[] =
    "[{\"path\":\"城建/市政/路面维修\",\"words\":[\"沉坑\",\"坑洼\"],\"agency\":\"zjj\"},"
    "{\"path\":\"城建/市政/其他\"},"
    "{\"path\":\"城建/物业/物业服务\"},"
    "{\"path\":\"劳动/报酬/工资发放\",\"words\":[\"欠薪\",\"包工头\"]},"
    "{\"path\":\"劳动/报酬/最低工资\"},"
    "{\"row\":6,\"一级分类\":\"教育\",\"二级分类\":\"教学\",\"三级分类\":\"教学管理\"},"
    "{\"row\":7,\"一级分类\":\"教育\",\"二级分类\":\"教学\",\"三级分类\":\"其他\"},"
    "{\"like\":\"教学\",\"words\":[\"补课\",\"老师\"]},"
    "{\"like\":\"没有这一类\",\"words\":[\"补课\"]},"
    "{\"ignore\":[\"管理\"]}]";

static struct taxonomy *taxonomy;

static struct taxonomy *load(const char *text, struct err *err)
{
    json_t *rows = json_loads(text, 0, NULL);
    assert_non_null(rows);
    struct taxonomy *t = taxonomy_load(rows, err);
    json_decref(rows);
    return t;
}

static int open_taxonomy(void **state)
{
    (void)state;
    lang_init();
    taxonomy = load(rows_text, NULL);
    return taxonomy == NULL ? -1 : 0;
}

static int close_taxonomy(void **state)
{
    (void)state;
    taxonomy_free(taxonomy);
    return 0;
}

static void falls_to(const char *path, const char *subject, const char *text)
{
    json_t *found = taxonomy_classify(taxonomy, subject, text);
    if (path == NULL) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_string_equal(path, json_string_value(json_object_get(found, "path")));
    json_decref(found);
}

static void words_and_names_lead_to_their_category(void **state)
{
    (void)state;
    falls_to("城建/市政/路面维修", "县城路面有沉坑", "");
    falls_to("城建/物业/物业服务", "小区物业服务差", "");
    falls_to("劳动/报酬/工资发放", "", "包工头欠薪半年");
    falls_to("劳动/报酬/最低工资", "最低工资是多少", NULL);
}

static void subject_weighs_more_than_the_text(void **state)
{
    (void)state;
    falls_to("城建/物业/物业服务", "物业服务", "包工头");
    falls_to("劳动/报酬/工资发放", "包工头", "物业服务");
}

static void category_called_other_is_meant_when_only_its_parents_speak(void **state)
{
    (void)state;
    falls_to("城建/市政/其他", "市政", "市政");
    falls_to("教育/教学/教学管理", "老师补课", ""); /* the everyday words sit at the last level */
}

static void answer_names_words_score_and_agency(void **state)
{
    (void)state;
    json_t *found = taxonomy_classify(taxonomy, "路面沉坑", NULL);
    assert_string_equal("zjj", json_string_value(json_object_get(found, "agency")));
    assert_true(json_integer_value(json_object_get(found, "score")) > 0);
    json_t *words = json_object_get(found, "words");
    assert_string_equal("沉坑", json_string_value(json_array_get(words, 0)));
    json_decref(found);
}

static void nothing_fitting_leaves_the_choice_to_a_person(void **state)
{
    (void)state;
    falls_to(NULL, "天气很好", "今天晴");
    falls_to(NULL, "", "");
    falls_to(NULL, NULL, NULL);
    falls_to(NULL, "hello", "12345 !?");
    falls_to(NULL, "加强管理", "管理"); /* said by every letter */
    falls_to(NULL, "坑", "坑");         /* one character is no word */
}

static void punctuation_and_letters_part_words(void **state)
{
    (void)state;
    falls_to(NULL, "沉,坑", "欠A薪");
    falls_to("城建/市政/路面维修", "“沉坑”", "");
}

static void same_question_gives_the_same_answer(void **state)
{
    (void)state;
    json_t *first = taxonomy_classify(taxonomy, "路面沉坑", "老师补课");
    for (int i = 0; i < 50; i++) {
        json_t *again = taxonomy_classify(taxonomy, "路面沉坑", "老师补课");
        assert_true(json_equal(first, again));
        json_decref(again);
    }
    json_decref(first);
}

static void very_long_and_broken_text_is_survived(void **state)
{
    (void)state;
    size_t len = 3 * 200000;
    char *text = mem_alloc(len + 1);
    for (size_t i = 0; i < len; i += 3) {
        memcpy(text + i, i % 2 == 0 ? "坑" : "洼", 3);
    }
    falls_to("城建/市政/路面维修", "", text);
    memset(text, 0xE5, len);
    falls_to(NULL, text, text);
    mem_free(text);
}

static void empty_taxonomy_finds_nothing(void **state)
{
    (void)state;
    struct taxonomy *t = load("[]", NULL);
    assert_non_null(t);
    assert_int_equal(0, taxonomy_count(t));
    assert_null(taxonomy_classify(t, "路面", "沉坑"));
    taxonomy_free(t);
    taxonomy_free(NULL);
    t = load("[{\"path\":\"abc/1\",\"words\":[\"\",\"x\"]}]", NULL);
    assert_null(taxonomy_classify(t, "abc", "x"));
    taxonomy_free(t);
}

static void malformed_rows_are_refused_by_number(void **state)
{
    static const char *const wrong[] = {"[7]", "[{}]", "[{\"path\":\"\"}]", "[{\"path\":7}]",
        "[{\"path\":\"a\",\"words\":\"b\"}]", "[{\"path\":\"a\",\"words\":[1]}]",
        "[{\"path\":\"a\",\"agency\":1}]", "[{\"like\":1}]", "[{\"like\":\"\"}]",
        "[{\"ignore\":\"a\"}]", "[{\"一级分类\":null}]"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct err err = {0};
        assert_null(load(wrong[i], &err));
        assert_int_equal(ERR_FORM, err.code);
        assert_non_null(strstr(err.message, "1"));
        err_clear(&err);
    }
    struct err err = {0};
    assert_null(load("{}", &err));
    assert_int_equal(ERR_FORM, err.code);
    err_clear(&err);
}

static void a_category_is_known_whole_or_by_its_first_levels(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *rows =
        json_pack("[{s:s},{s:s}]", "path", "城乡建设/市政/道路", "path", "农村农牧业/村务");
    struct taxonomy *t = taxonomy_load(rows, &err);
    json_decref(rows);
    assert_non_null(t);
    const char *near = NULL;
    assert_true(taxonomy_knows(t, "城乡建设/市政/道路", &near));
    assert_true(taxonomy_knows(t, "城乡建设", NULL));
    assert_null(near);
    assert_false(taxonomy_knows(t, "城乡", NULL)); /* half a name is none */
    assert_false(taxonomy_knows(t, "", NULL));
    assert_false(taxonomy_knows(t, "城乡建设/市政/道", &near));
    assert_string_equal("城乡建设/市政/道路", near);
    taxonomy_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_category_is_known_whole_or_by_its_first_levels),
        cmocka_unit_test(words_and_names_lead_to_their_category),
        cmocka_unit_test(subject_weighs_more_than_the_text),
        cmocka_unit_test(category_called_other_is_meant_when_only_its_parents_speak),
        cmocka_unit_test(answer_names_words_score_and_agency),
        cmocka_unit_test(nothing_fitting_leaves_the_choice_to_a_person),
        cmocka_unit_test(punctuation_and_letters_part_words),
        cmocka_unit_test(same_question_gives_the_same_answer),
        cmocka_unit_test(very_long_and_broken_text_is_survived),
        cmocka_unit_test(empty_taxonomy_finds_nothing),
        cmocka_unit_test(malformed_rows_are_refused_by_number),
    };
    return cmocka_run_group_tests(tests, open_taxonomy, close_taxonomy);
}
