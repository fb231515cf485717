/* How text becomes words of the index, and what people type becomes a question to it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "store/store.h"

#include <string.h>

static void index_is(const char *expected, const char *text)
{
    char *words = bigram_index_text(text);
    assert_string_equal(expected, words);
    mem_free(words);
}

static void query_is(const char *expected, const char *text)
{
    char *query = bigram_query(text);
    if (expected == NULL) {
        assert_null(query);
    } else {
        assert_non_null(query);
        assert_string_equal(expected, query);
    }
    mem_free(query);
}

static void a_run_becomes_its_pairs_and_its_last_character(void **state)
{
    (void)state;
    index_is("拖欠 欠工 工资 资", "拖欠工资");
    index_is("枫", "枫");
    index_is("欠薪 薪 枫桥 桥", "欠薪，枫桥。");
}

static void letters_and_digits_stay_whole_in_lower_case(void **state)
{
    (void)state;
    index_is("羊调 调 26 0001", "羊调26-0001");
    index_is("abc 公司 司 7", "ABC公司7");
    index_is("abc123 x", "ＡＢＣ１２３　ｘ");
}

static void nothing_to_index_gives_no_words(void **state)
{
    (void)state;
    index_is("", "");
    index_is("", "，。！ \t\n");
    index_is("", "\xff\xfe");
}

static void every_word_asked_for_is_needed(void **state)
{
    (void)state;
    query_is("\"欠薪\"", "欠薪");
    query_is("\"拖欠 欠工 工资\"", "拖欠工资");
    query_is("\"欠薪\" AND \"工地\"", "欠薪 工地");
    query_is("\"枫\" *", "枫");
    query_is("\"羊调\" AND \"26\" AND \"0001\"", "羊调26-0001");
}

static void operators_and_quotes_of_the_index_are_only_text(void **state)
{
    (void)state;
    query_is("\"a\" AND \"or\" AND \"b\"", "a\" OR b*");
    query_is("\"near\" AND \"x\"", "NEAR(x)");
    query_is(NULL, "\"*()");
    query_is(NULL, "");
    query_is(NULL, "   ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_becomes_its_pairs_and_its_last_character),
        cmocka_unit_test(letters_and_digits_stay_whole_in_lower_case),
        cmocka_unit_test(nothing_to_index_gives_no_words),
        cmocka_unit_test(every_word_asked_for_is_needed),
        cmocka_unit_test(operators_and_quotes_of_the_index_are_only_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
