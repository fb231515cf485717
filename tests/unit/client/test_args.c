/* Command lines: commands in two languages, options, nearest names, quotes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client/args.h"
#include "client/number.h"

#include <string.h>

static struct args a;
static struct err err;

static bool parse(const char *line)
{
    static char copy[1024];
    const char *words[ARGS_MAX];
    strncpy(copy, line, sizeof copy - 1);
    int n = args_split(copy, words, ARGS_MAX);
    assert_true(n >= 0);
    err_clear(&err);
    return args_parse(&a, words, (size_t)n, &err);
}

static void commands_are_found_in_both_languages_and_mixed(void **state)
{
    (void)state;
    const char *lines[] = {"case act 412 达成协议 terms=@x", "案件 办理 412 达成协议 terms=@x",
        "案件 act 412 达成协议 terms=@x", "办理 412 达成协议 terms=@x"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(parse(lines[i]));
        assert_string_equal("case act", a.command->path);
        assert_int_equal(3, a.count);
        assert_string_equal("412", args_word(&a, 0));
    }
}

static void a_short_alias_of_several_commands_means_the_one_about_cases(void **state)
{
    (void)state;
    assert_true(parse("查看 412"));
    assert_string_equal("case show", a.command->path);
    assert_true(parse("？"));
    assert_string_equal("help", a.command->path);
    assert_true(parse("列表"));
    assert_string_equal("case list", a.command->path);
    assert_false(parse("重发"));
    assert_int_equal(ERR_METHOD, err.code);
}

static void taking_back_my_step_is_not_a_party_withdrawing(void **state)
{
    (void)state;
    assert_true(parse("案件 撤销 412"));
    assert_string_equal("case undo", a.command->path);
    assert_true(parse("撤销 412"));
    assert_string_equal("case undo", a.command->path);
    const char *lines[] = {"案件 撤回 412", "case 撤回 412", "撤回 412", "案件 撤销上一步 412"};
    for (size_t i = 0; i < 4; i++) {
        assert_false(parse(lines[i]));
        assert_int_equal(ERR_METHOD, err.code);
        assert_non_null(strstr(err.hint, "case undo"));
        assert_int_equal(i < 3, strstr(err.hint, "case act") != NULL);
    }
    assert_false(parse("user 撤回"));
    assert_null(strstr(err.hint, "case undo"));
}

static void a_last_word_alone_is_answered_with_the_whole_command(void **state)
{
    (void)state;
    assert_false(parse("search 路灯"));
    assert_int_equal(ERR_METHOD, err.code);
    assert_non_null(strstr(err.hint, "case search"));
}

static void options_may_stand_anywhere(void **state)
{
    (void)state;
    assert_true(parse("--server unix:/x case --json list --flow=petition --late --limit 3"));
    assert_string_equal("case list", a.command->path);
    assert_string_equal("unix:/x", args_option(&a, "server"));
    assert_true(args_flag(&a, "json"));
    assert_null(args_option(&a, "json"));
    assert_string_equal("petition", args_option(&a, "flow"));
    int64_t limit = 0;
    assert_true(args_number(&a, "limit", 1, 500, &limit, &err));
    assert_int_equal(3, limit);
    assert_false(args_number(&a, "limit", 1, 2, &limit, &err));
    assert_true(parse("inbox --json=number,due"));
    assert_string_equal("number,due", args_option(&a, "json"));
}

static void dashes_of_an_input_method_are_dashes(void **state)
{
    (void)state;
    assert_true(parse("inbox ——json"));
    assert_true(args_flag(&a, "json"));
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    assert_true(parse("case note 1 -- --json"));
    assert_string_equal("--json", args_word(&a, 1));
    assert_false(args_flag(&a, "json"));
}

static void a_mistyped_word_names_the_nearest(void **state)
{
    (void)state;
    assert_false(parse("case shwo 1"));
    assert_int_equal(ERR_METHOD, err.code);
    assert_non_null(strstr(err.hint, "case show"));
    assert_false(parse("案件 办里 1"));
    assert_non_null(strstr(err.hint, "案件 办理"));
    assert_false(parse("inbxo"));
    assert_non_null(strstr(err.hint, "inbox"));
    assert_false(parse("case list --plase x"));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_non_null(strstr(err.hint, "--place"));
}

static void wrong_counts_show_the_usage(void **state)
{
    (void)state;
    assert_false(parse("case show"));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_non_null(strstr(err.hint, "case show"));
    assert_false(parse("case show 1 2"));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_false(parse("inbox --limit"));
    assert_false(parse("inbox --late"));
    assert_false(parse("inbox --plain=x"));
}

static void options_of_changes_are_for_changes_only(void **state)
{
    (void)state;
    assert_true(parse("case claim 1 --dry-run --expect 3"));
    assert_false(parse("case show 1 --dry-run"));
}

static void a_group_or_nothing_is_a_question_for_help(void **state)
{
    (void)state;
    assert_true(parse("case"));
    assert_null(a.command);
    assert_string_equal("case", a.group);
    assert_true(parse(""));
    assert_null(a.command);
    assert_null(a.group);
    assert_true(parse("case show -h"));
    assert_true(a.help);
}

static void lines_split_by_quotes_and_wide_spaces(void **state)
{
    (void)state;
    char line[] = "case note\u30001 '两 个' \"a \\\"b\\\"\" c\\ d ''";
    const char *words[16];
    assert_int_equal(7, args_split(line, words, 16));
    assert_string_equal("1", words[2]);
    assert_string_equal("两 个", words[3]);
    assert_string_equal("a \"b\"", words[4]);
    assert_string_equal("c d", words[5]);
    assert_string_equal("", words[6]);
    char open[] = "case 'note";
    assert_int_equal(-1, args_split(open, words, 16));
    char empty[] = "  ";
    assert_int_equal(0, args_split(empty, words, 16));
}

static void more_words_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    const char *words[ARGS_MAX + 1];
    for (size_t i = 0; i <= ARGS_MAX; i++) {
        words[i] = "x";
    }
    assert_false(args_parse(&a, words, ARGS_MAX + 1, &err));
    assert_int_equal(ERR_PARAMS, err.code);
}

static void every_row_of_the_table_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        assert_non_null(c->exec);
        assert_non_null(c->summary);
        assert_non_null(c->examples);
        char word[64];
        for (size_t k = 0; k < COMMAND_WORDS_MAX; k++) {
            assert_int_equal(command_word(c->path, k, word), command_word(c->alias, k, word));
        }
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(c->path, command_table[k].path);
            assert_string_not_equal(c->alias, command_table[k].alias);
        }
    }
}

static void every_example_parses(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        char *examples = mem_strdup(command_table[i].examples);
        char *rest = examples;
        for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
            if (*line != '\0') {
                assert_int_equal(0, strncmp(line, "fengqiao ", 9));
                assert_true(parse(line + 9));
                assert_string_equal(command_table[i].path, a.command->path);
            }
        }
        mem_free(examples);
    }
}

static void check_number(const char *expected, const char *typed)
{
    char *number = number_canonical(typed);
    assert_string_equal(expected, number);
    mem_free(number);
}

static void case_numbers_are_taken_as_people_type_them(void **state)
{
    (void)state;
    check_number("412", "412");
    check_number("412", "４１２");
    check_number("0412", "0412");
    check_number("26-0412", "26-412");
    check_number("枫26-0412", "枫26-0412");
    check_number("枫26-0412", " 枫26－412 ");
    check_number("羊调26-0001", "羊调26-1");
    check_number("羊调26-0001", "羊调26—1");
    check_number("羊调26-0001", "羊调26-0001号");
    check_number("412", "#412");
    check_number("枫26-12345", "枫26-12345");
    check_number("枫26-", "枫26-");
    check_number("-1", "-1");
    check_number("", "");
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_found_in_both_languages_and_mixed),
        cmocka_unit_test(a_short_alias_of_several_commands_means_the_one_about_cases),
        cmocka_unit_test(taking_back_my_step_is_not_a_party_withdrawing),
        cmocka_unit_test(a_last_word_alone_is_answered_with_the_whole_command),
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(dashes_of_an_input_method_are_dashes),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(a_mistyped_word_names_the_nearest),
        cmocka_unit_test(wrong_counts_show_the_usage),
        cmocka_unit_test(options_of_changes_are_for_changes_only),
        cmocka_unit_test(a_group_or_nothing_is_a_question_for_help),
        cmocka_unit_test(lines_split_by_quotes_and_wide_spaces),
        cmocka_unit_test(more_words_than_there_is_room_for_are_refused),
        cmocka_unit_test(every_row_of_the_table_is_whole),
        cmocka_unit_test(every_example_parses),
        cmocka_unit_test(case_numbers_are_taken_as_people_type_them),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    err_clear(&err);
    return failed;
}
