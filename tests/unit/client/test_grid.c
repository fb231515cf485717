/* Tables, tab-separated text and CSV. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "base/memory.h"
#include "client/cells.h"
#include "client/grid.h"

#include <stdlib.h>
#include <string.h>

static char *printed(const struct grid *g, enum grid_mode mode, int width, bool color)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    grid_print(g, mode, width, color, out);
    fclose(out);
    return text;
}

static struct grid *two_rows(void)
{
    struct grid *g = grid_new();
    grid_column(g, "编号", false);
    grid_column(g, "事项", true);
    grid_column(g, "剩余", false);
    const char *cells[] = {"枫26-0398", "反映路灯损坏问题的来信", "! 已超期2个工作日", "枫26-12",
        "x", "还剩9个工作日"};
    for (size_t i = 0; i < 6; i++) {
        grid_cell(g, cells[i], i == 2 ? PAINT_RED : PAINT_PLAIN);
    }
    return g;
}

static void columns_line_up_by_cells(void **state)
{
    (void)state;
    struct grid *g = two_rows();
    char *text = printed(g, GRID_TABLE, 0, false);
    assert_string_equal("编号       事项                    剩余\n"
                        "枫26-0398  反映路灯损坏问题的来信  ! 已超期2个工作日\n"
                        "枫26-12    x                       还剩9个工作日\n",
        text);
    free(text);
    grid_free(g);
}

static void what_every_row_says_is_taken_out_of_a_wide_table(void **state)
{
    (void)state;
    struct grid *g = grid_new();
    grid_column(g, "编号", false);
    grid_column(g, "流程", true);
    const char *cells[] = {"枫26-0398", "信访事项", "枫26-0012", "信访事项"};
    for (size_t i = 0; i < 4; i++) {
        grid_cell(g, cells[i], PAINT_PLAIN);
    }
    assert_null(grid_take_same(g, 80));
    assert_null(grid_take_same(g, 0));
    char *said = grid_take_same(g, 12);
    assert_string_equal("流程 信访事项", said);
    mem_free(said);
    char *text = printed(g, GRID_TABLE, 12, false);
    assert_string_equal("编号\n枫26-0398\n枫26-0012\n", text);
    free(text);
    assert_null(grid_take_same(g, 5)); /* a column that is not flexible stays */
    grid_free(g);
}

static void a_narrow_terminal_cuts_the_flexible_column_only(void **state)
{
    (void)state;
    struct grid *g = two_rows();
    char *text = printed(g, GRID_TABLE, 40, false);
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        assert_true(cells_width(line) <= 40);
    }
    free(text);
    text = printed(g, GRID_TABLE, 40, false);
    assert_non_null(strstr(text, "反映路"));
    assert_non_null(strstr(text, "…"));
    assert_non_null(strstr(text, "! 已超期2个工作日"));
    assert_non_null(strstr(text, "枫26-0398"));
    free(text);
    grid_free(g);
}

static void colour_wraps_the_cell_and_not_its_padding(void **state)
{
    (void)state;
    struct grid *g = two_rows();
    char *text = printed(g, GRID_TABLE, 0, true);
    assert_non_null(strstr(text, "\x1b[1;31m! 已超期2个工作日\x1b[0m\n"));
    free(text);
    grid_free(g);
}

static void csv_has_a_mark_quotes_and_runs_no_formula(void **state)
{
    (void)state;
    struct grid *g = grid_new();
    grid_column(g, "a", false);
    grid_column(g, "b", false);
    grid_cell(g, "x,\"y\"", PAINT_PLAIN);
    grid_cell(g, "=1+1", PAINT_PLAIN);
    char *text = printed(g, GRID_CSV, 10, false);
    assert_string_equal("\xEF\xBB\xBF"
                        "a,b\r\n\"x,\"\"y\"\"\",\"'=1+1\"\r\n",
        text);
    free(text);
    grid_free(g);
}

static void plain_text_is_never_cut(void **state)
{
    (void)state;
    struct grid *g = grid_new();
    grid_column(g, "a", true);
    grid_column(g, "b", true);
    grid_cell(g, "很长很长很长很长很长很长的一句话", PAINT_PLAIN);
    grid_cell(g, "带\t制表符", PAINT_PLAIN);
    char *text = printed(g, GRID_PLAIN, 10, false);
    assert_string_equal("很长很长很长很长很长很长的一句话\t带 制表符\n", text);
    free(text);
    grid_free(g);
}

static void an_empty_grid_prints_its_titles(void **state)
{
    (void)state;
    struct grid *g = grid_new();
    grid_column(g, "编号", false);
    char *text = printed(g, GRID_TABLE, 80, false);
    assert_string_equal("编号\n", text);
    assert_int_equal(0, grid_rows(g));
    free(text);
    grid_free(g);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_line_up_by_cells),
        cmocka_unit_test(what_every_row_says_is_taken_out_of_a_wide_table),
        cmocka_unit_test(a_narrow_terminal_cuts_the_flexible_column_only),
        cmocka_unit_test(colour_wraps_the_cell_and_not_its_padding),
        cmocka_unit_test(csv_has_a_mark_quotes_and_runs_no_formula),
        cmocka_unit_test(plain_text_is_never_cut),
        cmocka_unit_test(an_empty_grid_prints_its_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
