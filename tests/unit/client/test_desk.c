/* The desk without a terminal: keys in, screens out as text. */
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
#include "client/desk/spec.h"

#include <string.h>

static const char inbox[] =
    "{\"items\":[{\"number\":\"羊调26-0001\",\"title\":\"院墙滴水\",\"state_title\":\"调解中\","
    "\"parties\":\"某甲／某乙\",\"host_name\":\"羊路井村人民调解委员会\",\"due\":{\"days\":-3,"
    "\"colour\":\"red\",\"words\":\"已超期2个工作日\",\"legal\":\"2026-07-07\"}},"
    "{\"number\":\"羊调26-0002\",\"title\":\"因承包地边界和多年出行道路产生的长期纠纷\","
    "\"state_title\":\"已登记（征求意愿）\",\"due\":{\"days\":9,\"colour\":\"plain\","
    "\"words\":\"还剩7个工作日\",\"legal\":\"2026-07-20\"}}],\"next\":null}";

static const char page[] =
    "{\"number\":\"羊调26-0001\",\"flow_title\":\"人民调解\",\"state_title\":\"调解中\",\"version\":4,"
    "\"host\":{\"id\":\"b\",\"name\":\"羊路井村人民调解委员会\"},\"parties\":[{\"role\":\"申请人\","
    "\"name\":\"某甲\"},{\"role\":\"被申请人\",\"name\":\"某乙\"}],\"fields\":[],\"clocks\":[],"
    "\"due\":{\"title\":\"调解\",\"days\":-3,\"colour\":\"red\",\"words\":\"已超期2个工作日\","
    "\"legal\":\"2026-07-07\"},\"actions\":[{\"name\":\"agree\",\"title\":\"达成协议\",\"allowed\":true,"
    "\"now\":true,\"to_title\":\"等待签字\",\"form\":[{\"name\":\"terms\",\"title\":\"协议内容\","
    "\"type\":\"text\",\"required\":true,\"max_chars\":10000},{\"name\":\"paid\",\"title\":\"金额\","
    "\"type\":\"money\",\"required\":false},{\"name\":\"by\",\"title\":\"履行期限\",\"type\":\"date\","
    "\"required\":true},{\"name\":\"way\",\"title\":\"协议形式\",\"type\":\"choice\",\"required\":true,"
    "\"choices\":[\"书面\",\"口头\"]}]},{\"name\":\"confirm\",\"title\":\"司法确认\",\"allowed\":false,"
    "\"now\":true,\"form\":[],\"why\":\"须先“达成协议”\"},{\"name\":\"old\",\"title\":\"受理\","
    "\"allowed\":false,\"now\":false,\"form\":[],\"why\":\"不在这个环节\"}]}";

static struct desk desk;

static void put(const char *method, const char *number, const char *text)
{
    json_t *params = number != NULL ? json_pack("{s:s}", "case", number) : NULL;
    json_t *result = json_loads(text, 0, NULL);
    assert_non_null(result);
    if (strcmp(method, "inbox.list") == 0) {
        params = json_pack("{s:i}", "limit", 200);
    }
    reads_put(desk.reads, method, params, result);
    json_decref(params);
    json_decref(result);
}

static int open_desk(void **state)
{
    (void)state;
    desk_init(&desk, NULL);
    board_resize(&desk.board, 24, 80);
    put("inbox.list", NULL, inbox);
    put("case.get", "羊调26-0001", page);
    put("server.clock", NULL, "{\"now\":\"2026-07-10T09:00:00+08:00\"}");
    desk_show(&desk, screen_inbox(&desk));
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    desk_close(&desk);
    return 0;
}

static char *screen(void)
{
    desk_draw(&desk);
    return board_text(&desk.board);
}

static void shows(const char *wanted)
{
    char *text = screen();
    if (strstr(text, wanted) == NULL) {
        print_message("%s\nwanted: %s\n", text, wanted);
    }
    assert_non_null(strstr(text, wanted));
    mem_free(text);
}

static void hides(const char *unwanted)
{
    char *text = screen();
    assert_null(strstr(text, unwanted));
    mem_free(text);
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

static void check_width(int rows, int cols)
{
    board_resize(&desk.board, rows, cols);
    char *text = screen();
    int lines = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        assert_int_equal(cols, cells_width(line));
        lines++;
    }
    assert_int_equal(rows, lines);
    mem_free(text);
}

static void the_inbox_marks_what_is_late_in_words_and_sign(void **state)
{
    (void)state;
    shows("! 已超期 1   今日到期 0   7日内到期 0   共 2 件");
    shows("│▸ 1  羊调26-0001  某甲／某乙 院墙滴水   调解中              ! 已超期2个工作日 │");
    shows("│  2  羊调26-0002  因承包地边界和多年…   已登记（征求意愿）  还剩7个工作日     │");
    shows("羊调26-0001 摘要");
}

static void in_a_narrow_window_the_matter_stands_alone(void **state)
{
    (void)state;
    board_resize(&desk.board, 20, 66);
    shows("│▸ 1  羊调26-0001  院墙滴水      调解中        ! 已超期2个工作日 │");
}

static void every_screen_fits_every_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{24, 80}, {20, 66}, {40, 120}, {25, 133}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_width(sizes[i][0], sizes[i][1]);
    }
    type("1");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_width(sizes[i][0], sizes[i][1]);
    }
    type("1");
    type("一、双方以现有围墙中心线为界，互不侵占。");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_width(sizes[i][0], sizes[i][1]);
    }
    board_resize(&desk.board, 10, 40);
    shows("窗口太小");
}

static void digits_in_full_width_choose_too(void **state)
{
    (void)state;
    type("１");
    shows("羊调26-0001 人民调解");
    type("？");
    shows("帮助");
    press(PRESS_ESC);
    type("０");
    shows("菜单");
    press(PRESS_ESC);
    press(PRESS_ESC);
    type("、"); /* on the key of / */
    shows("查找：");
}

static void what_cannot_be_done_is_grey_with_its_reason(void **state)
{
    (void)state;
    type("1");
    shows(" 1  达成协议              → 等待签字  需填：协议内容、履行期限、协议形式");
    shows(" -  司法确认              须先“达成协议”");
    hides("不在这个环节");
    press(PRESS_DOWN);
    shows("现在不能办：须先“达成协议”");
    press(PRESS_ENTER);
    shows("司法确认");
}

static void a_form_checks_while_one_types(void **state)
{
    (void)state;
    type("1");
    type("1");
    shows("协议内容   * [");
    hides("必须填写");
    press(PRESS_TAB);
    shows("✗ 必须填写");
    type("12元");
    shows("✗ 请填金额");
    press(PRESS_ERASE);
    shows("元");
    hides("✗ 请填金额");
    press(PRESS_TAB);
    type("2026-02-30");
    shows("✗ 没有这个日期");
    for (int i = 0; i < 10; i++) {
        press(PRESS_ERASE);
    }
    type("１２月１５日");
    shows("2026-12-15 周二");
    press(PRESS_TAB);
    shows("1 书面");
    type("２");
    shows("(2)口头");
}

static void han_text_is_edited_where_the_cursor_stands(void **state)
{
    (void)state;
    type("1");
    type("1");
    type("甲方修复");
    press(PRESS_LEFT);
    press(PRESS_LEFT);
    type("自行");
    shows("甲方自行修复");
    desk_draw(&desk);
    assert_int_equal(1, desk.board.cursor_row);
    assert_int_equal(16 + 8, desk.board.cursor_col);
    press(PRESS_ERASE);
    shows("甲方自修复");
    press(PRESS_ENTER);
    type("二");
    shows("修复");
    desk_draw(&desk);
    assert_int_equal(2, desk.board.cursor_row);
    press(PRESS_UP);
    press(PRESS_HOME);
    press(PRESS_DELETE);
    shows("[方自 ");
    shows("[二修复");
}

static void nothing_ambiguous_is_drawn_where_it_would_be_wide(void **state)
{
    (void)state;
    desk.board.narrow = true;
    type("1");
    char *text = screen();
    static const char *const wide[] = {"─", "│", "┌", "…", "“", "”", "→", "▸", "●", "○", "·"};
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        assert_null(strstr(text, wide[i]));
    }
    assert_non_null(strstr(text, "\n+- ["));
    assert_non_null(strstr(text, "须先\"达成协议\""));
    mem_free(text);
}

static void a_menu_holds_every_key_of_the_screen(void **state)
{
    (void)state;
    type("0");
    shows("7  其他清单");
    type("7");
    shows("看哪个清单？");
    type("超期");
    shows("1  超期案件");
    hides("已结案件");
}

static void escape_leaves_everything_and_the_inbox_at_last(void **state)
{
    (void)state;
    type("1");
    type("1");
    press(PRESS_ESC);
    press(PRESS_ESC);
    shows("我的待办");
    assert_false(desk.leave);
    press(PRESS_F10);
    assert_true(desk.leave);
}

static void a_number_of_two_digits_waits_for_the_second(void **state)
{
    (void)state;
    struct picker k = {0};
    struct press one = {.code = PRESS_TEXT, .ch = '1'};
    struct press zero = {.code = PRESS_TEXT, .ch = '0'};
    struct press enter = {.code = PRESS_ENTER};
    assert_int_equal(1, picker_press(&k, one, 9));
    assert_int_equal(0, picker_press(&k, one, 12));
    assert_int_equal(11, picker_press(&k, one, 12));
    assert_int_equal(0, picker_press(&k, one, 12));
    assert_int_equal(10, picker_press(&k, zero, 12));
    assert_int_equal(0, picker_press(&k, one, 12));
    assert_int_equal(1, picker_press(&k, enter, 12));
    assert_int_equal(-1, picker_press(&k, zero, 12));
    assert_int_equal(-1, picker_press(&k, enter, 12));
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_inbox_marks_what_is_late_in_words_and_sign),
        DESK_TEST(in_a_narrow_window_the_matter_stands_alone),
        DESK_TEST(every_screen_fits_every_size),
        DESK_TEST(digits_in_full_width_choose_too),
        DESK_TEST(what_cannot_be_done_is_grey_with_its_reason),
        DESK_TEST(a_form_checks_while_one_types),
        DESK_TEST(han_text_is_edited_where_the_cursor_stands),
        DESK_TEST(nothing_ambiguous_is_drawn_where_it_would_be_wide),
        DESK_TEST(a_menu_holds_every_key_of_the_screen),
        DESK_TEST(escape_leaves_everything_and_the_inbox_at_last),
        cmocka_unit_test(a_number_of_two_digits_waits_for_the_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
