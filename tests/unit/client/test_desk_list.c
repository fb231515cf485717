/* The list of an officer with forty cases, as text: nothing overflows, nothing shifts, the place is
 * kept. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"
#include "client/desk/screens.h"
#include "client/number.h"

#include <string.h>

enum { CASES = 40 };

static struct desk desk;

/* Every fourth late, states and persons mixed, long and short words, one listed for supervision. */
static json_t *case_row(int i, int version)
{
    static const char *const states[] = {"已登记", "办理中", "已登记（征求意愿）"};
    static const char *const matters[] = {
        "欠薪", "因承包地边界和多年出行道路产生的长期纠纷", "院墙滴水——“多年”纠纷"};
    bool late = i % 4 == 0;
    json_t *due = json_pack("{s:i, s:s, s:s, s:b, s:b}", "days", late ? -50 + i : i, "colour",
        late ? "red" : "plain", "words",
        late         ? "已超期132个工作日"
        : i % 4 == 1 ? "还剩42个工作日（2027年放假安排未发布，暂估）"
                     : "还剩3个工作日",
        "provisional", i % 4 == 1, "listed", i == 8);
    json_t *row = json_pack("{s:o, s:s, s:o, s:s, s:s, s:o, s:i}", "number",
        json_sprintf("巴音陶镇26-%04d", i + 1), "title", matters[i % 3], "parties",
        json_sprintf("演示村民%02d／演示村民%02d等6人", i, i + 1), "state_title", states[i % 3],
        "host_name", "巴音陶亥镇人民政府", "due", due, "version", version);
    if (i % 5 == 0) {
        json_put_text(row, "assignee_name", "演示承办人（巴音陶亥镇人民政府）");
    }
    return row;
}

/* The answer of inbox.list; case `moved` was worked on and stands last. */
static void put_cases(int moved)
{
    json_t *params = json_pack("{s:i}", "limit", 200);
    json_t *rows = json_array();
    for (int i = 0; i < CASES; i++) {
        if (i != moved) {
            json_array_append_new(rows, case_row(i, 3));
        }
    }
    if (moved >= 0) {
        json_array_append_new(rows, case_row(moved, 4));
    }
    json_t *result = json_pack("{s:o, s:n}", "items", rows, "next");
    reads_put(desk.reads, "inbox.list", params, result);
    json_decref(params);
    json_decref(result);
}

static int open_desk(void **state)
{
    (void)state;
    desk_init(&desk, NULL);
    board_resize(&desk.board, 24, 80);
    put_cases(-1);
    desk_show(&desk, screen_inbox(&desk));
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    desk_close(&desk);
    return 0;
}

static bool on_screen(const char *wanted)
{
    desk_draw(&desk);
    char *text = board_text(&desk.board);
    bool found = strstr(text, wanted) != NULL;
    if (!found) {
        print_message("%s\nnot there: %s\n", text, wanted);
    }
    mem_free(text);
    return found;
}

static void press(enum press_code code)
{
    desk_press(&desk, (struct press){.code = code});
}

static void type(const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        desk_press(&desk, (struct press){.code = PRESS_TEXT, .ch = utf8_next(&text, end)});
    }
}

/* Where the words begin in the line, in cells; -1: not in it. */
static int column_of(const char *line, const char *words)
{
    const char *at = strstr(line, words);
    if (at == NULL) {
        return -1;
    }
    char *before = mem_printf("%.*s", (int)(at - line), line);
    int column = cells_width(before);
    mem_free(before);
    return column;
}

/* Rows with a number: each line as wide as the window, states under their head, numbers whole. */
static int straight_rows(int cols)
{
    desk_draw(&desk);
    char *text = board_text(&desk.board);
    char *rest = NULL;
    int rows = 0;
    int state_column = -1;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        assert_int_equal(cols, cells_width(line));
        if (state_column < 0 && column_of(line, "编号") >= 0) {
            state_column = column_of(line, "环节");
        } else if (column_of(line, "巴音陶镇26-0") == 6 && state_column > 0) {
            int at = column_of(line, "已登记") >= 0 ? column_of(line, "已登记")
                                                    : column_of(line, "办理中");
            assert_int_equal(state_column, at);
            if (column_of(line, "个工作日") <= state_column &&
                column_of(line, "! ") <= state_column) {
                print_message("no time left: %s\n", line);
                fail();
            }
            rows++;
        }
    }
    mem_free(text);
    return rows;
}

static void nothing_overflows_or_shifts_at_any_size_on_any_page(void **state)
{
    (void)state;
    static const int sizes[][2] = {{24, 80}, {30, 100}, {43, 132}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (int narrow = 0; narrow < 2; narrow++) {
            board_resize(&desk.board, sizes[i][0], sizes[i][1]);
            desk.board.narrow = narrow == 1;
            press(PRESS_HOME);
            int shown = straight_rows(sizes[i][1]);
            assert_int_equal(sizes[i][0] - 14, shown);
            for (int page = 0; page < 4; page++) {
                press(PRESS_PAGE_DOWN);
                assert_int_equal(shown, straight_rows(sizes[i][1]));
            }
        }
    }
}

static void where_ambiguous_characters_are_wide_no_line_of_the_list_has_any(void **state)
{
    (void)state;
    static const char *const wide[] = {"│", "─", "▸", "…", "“", "—", "·"};
    desk.board.narrow = true;
    for (int page = 0; page < 4; page++) {
        desk_draw(&desk);
        char *text = board_text(&desk.board);
        for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
            assert_null(strstr(text, wide[i]));
        }
        mem_free(text);
        press(PRESS_PAGE_DOWN);
    }
}

static void a_page_turns_by_a_whole_screen_and_says_which_part_it_is(void **state)
{
    (void)state;
    assert_true(on_screen("共 40 件，本页第1-10件"));
    press(PRESS_PAGE_DOWN);
    assert_true(on_screen("共 40 件，本页第11-20件"));
    assert_true(on_screen("▸11  巴音陶镇26-0011"));
    press(PRESS_END);
    assert_true(on_screen("▸40  巴音陶镇26-0040"));
    press(PRESS_PAGE_UP);
    assert_true(on_screen("▸30  巴音陶镇26-0030"));
    press(PRESS_HOME);
    assert_true(on_screen("▸ 1  巴音陶镇26-0001"));
}

static void after_an_act_the_cursor_is_in_its_place_though_the_case_went_down(void **state)
{
    (void)state;
    type("3");
    press(PRESS_ENTER); /* not 30 to 39 */
    assert_true(on_screen("巴音陶镇26-0003"));
    put_cases(2);
    press(PRESS_ESC);
    assert_true(on_screen("▸ 3  巴音陶镇26-0004"));
    press(PRESS_DOWN);
    assert_true(on_screen("▸ 4  巴音陶镇26-0005"));
}

static void a_case_that_was_only_read_is_followed(void **state)
{
    (void)state;
    press(PRESS_DOWN);
    press(PRESS_ENTER);
    put_cases(0); /* the first one went away */
    press(PRESS_ESC);
    assert_true(on_screen("▸ 1  巴音陶镇26-0002"));
}

static void the_list_is_narrowed_to_what_is_late_then_to_a_person(void **state)
{
    (void)state;
    press(PRESS_F6);
    assert_true(on_screen("只看哪些？"));
    assert_true(on_screen("1  时限：已超期"));
    assert_true(on_screen("10 件（共 40 件）"));
    type("1");
    assert_true(on_screen("我的待办 · 时限：已超期"));
    assert_true(on_screen("! 已超期 10   今日到期 0   7日内到期 0   共 10 件"));
    press(PRESS_F6);
    type("演示承办人");
    press(PRESS_ENTER);
    assert_true(on_screen("共 2 件"));
    assert_true(on_screen(" 2  巴音陶镇26-0021"));
    press(PRESS_F6);
    assert_true(on_screen("只看哪些？"));
    press(PRESS_ESC);
    press(PRESS_ESC);
    press(PRESS_ESC);
    assert_true(on_screen("共 40 件"));
}

static void a_list_of_one_has_nothing_to_narrow_by(void **state)
{
    (void)state;
    type("、没有");
    press(PRESS_ESC);
    json_t *params = json_pack("{s:i}", "limit", 200);
    json_t *result = json_pack("{s:[o], s:n}", "items", case_row(1, 1), "next");
    reads_put(desk.reads, "inbox.list", params, result);
    json_decref(params);
    json_decref(result);
    press(PRESS_F6);
    assert_true(on_screen("没有可筛选的区别"));
}

static void a_bare_serial_is_sought_as_it_is_issued(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"22", "0022"}, {"１", "0001"}, {"0412", "0412"},
        {"12号", "0012"}, {"26-12", "26-0012"}, {"13000000001", "13000000001"}, {"演示", "演示"},
        {"第22户", "第22户"}, {"", ""}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *sought = number_sought(pairs[i][0]);
        assert_string_equal(pairs[i][1], sought);
        mem_free(sought);
    }
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
#define LIST_TEST(f) cmocka_unit_test_setup_teardown(f, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        LIST_TEST(nothing_overflows_or_shifts_at_any_size_on_any_page),
        LIST_TEST(where_ambiguous_characters_are_wide_no_line_of_the_list_has_any),
        LIST_TEST(a_page_turns_by_a_whole_screen_and_says_which_part_it_is),
        LIST_TEST(after_an_act_the_cursor_is_in_its_place_though_the_case_went_down),
        LIST_TEST(a_case_that_was_only_read_is_followed),
        LIST_TEST(the_list_is_narrowed_to_what_is_late_then_to_a_person),
        LIST_TEST(a_list_of_one_has_nothing_to_narrow_by),
        cmocka_unit_test(a_bare_serial_is_sought_as_it_is_issued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
