/* Tables of text: what RFC 4180 allows is read, anything else is named by line and column. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void reads(const char *text, const char *expected)
{
    struct err err = {0};
    json_t *rows = csv_parse(text, strlen(text), "t.csv", &err);
    assert_string_equal("", err.message);
    char *got = json_compact(rows);
    assert_string_equal(expected, got);
    free(got);
    json_decref(rows);
}

static void refuses_bytes(const char *text, size_t len, int line, int column)
{
    struct err err = {0};
    assert_null(csv_parse(text, len, "t.csv", &err));
    assert_int_equal(ERR_FORM, err.code);
    assert_string_equal("t.csv", json_text(err.data, "file"));
    assert_int_equal(line, json_number(err.data, "line", 0));
    assert_int_equal(column, json_number(err.data, "column", 0));
    assert_memory_equal("t.csv", err.message, 5);
    err_clear(&err);
}

static void refuses(const char *text, int line, int column)
{
    refuses_bytes(text, strlen(text), line, column);
}

static void rows_become_objects_in_the_order_of_the_titles(void **state)
{
    (void)state;
    reads("b,a\n1,2\n3,4\n", "[{\"b\":\"1\",\"a\":\"2\"},{\"b\":\"3\",\"a\":\"4\"}]");
    reads("名称,层级\n羊路井村,1", "[{\"名称\":\"羊路井村\",\"层级\":\"1\"}]");
}

static void line_ends_marks_and_missing_last_newline_do_not_matter(void **state)
{
    (void)state;
    const char *same = "[{\"a\":\"1\",\"b\":\"2\"}]";
    reads("a,b\n1,2\n", same);
    reads("a,b\r\n1,2\r\n", same);
    reads("a,b\n1,2", same);
    reads("\xEF\xBB\xBF"
          "a,b\r\n1,2",
        same);
    reads("a,b\n\n1,2\n\n\n", same);
    reads("\n\na,b\n1,2\n", same);
}

static void quotes_keep_commas_quotes_and_lines(void **state)
{
    (void)state;
    reads("a,b\n\"1,2\",\"say \"\"x\"\"\"\n", "[{\"a\":\"1,2\",\"b\":\"say \\\"x\\\"\"}]");
    reads("a\n\"one\r\ntwo\"\n", "[{\"a\":\"one\\r\\ntwo\"}]");
    reads("\"a\",\"b\"\n\"\",\"\"\n", "[{\"a\":\"\",\"b\":\"\"}]");
    reads("a,b\n\"\"\"\",x\n", "[{\"a\":\"\\\"\",\"b\":\"x\"}]");
}

static void spaces_and_empty_cells_are_kept(void **state)
{
    (void)state;
    reads("a,b,c\n , x ,\n,,\n",
        "[{\"a\":\" \",\"b\":\" x \",\"c\":\"\"},{\"a\":\"\",\"b\":\"\",\"c\":\"\"}]");
    reads("a\rb,c\nx,y\n", "[{\"a\\rb\":\"x\",\"c\":\"y\"}]"); /* a lone CR is no line end */
}

static void a_table_of_titles_only_has_no_rows(void **state)
{
    (void)state;
    reads("a,b\n", "[]");
    reads("a", "[]");
}

static void what_is_wrong_is_named_by_line_and_column(void **state)
{
    (void)state;
    refuses("", 1, 0);
    refuses("\n\n", 1, 0);
    refuses("a,b\n1\n", 2, 0);
    refuses("a,b\n1,2,3\n", 2, 0);
    refuses("a,b\n1,2\n\n3\n", 4, 0);
    refuses("a,b\n1,x\"y\n", 2, 2);
    refuses("a,b\n\"1\"x,2\n", 2, 1);
    refuses("a,b\n1,2\n3,\"open\n4,5\n", 3, 2);
    refuses("a,b\n\"1\n\n2\",\"3\"x\n", 4, 2);
    refuses("a,,c\n", 1, 2);
    refuses("a,b,a\n", 1, 3);
}

static void bytes_that_are_not_utf8_are_named_by_line(void **state)
{
    (void)state;
    refuses("a,b\n1,2\n\xD1\xF2,2\n", 3, 0);
    refuses("a\n\xED\xA0\x80\n", 2, 0);
    refuses_bytes("a\n1\0", 4, 2, 0);
}

static void the_message_shows_the_title_of_the_column(void **state)
{
    (void)state;
    struct err err = {0};
    const char *text = "编码,名称\n1,x\"y\n";
    assert_null(csv_parse(text, strlen(text), "places.csv", &err));
    assert_non_null(strstr(err.message, "名称"));
    err_clear(&err);
}

static void limits_hold_on_columns_and_cells(void **state)
{
    (void)state;
    char wide[CSV_COLUMNS_MAX * 8 + 16] = "";
    size_t len = 0;
    for (int i = 0; i < CSV_COLUMNS_MAX; i++) {
        len += (size_t)sprintf(wide + len, "%sc%d", i > 0 ? "," : "", i);
    }
    reads(wide, "[]");
    strcat(wide, ",more");
    refuses(wide, 1, 0);
    char *big = mem_alloc(CSV_CELL_MAX + 16);
    memcpy(big, "a\n", 2);
    memset(big + 2, 'x', CSV_CELL_MAX);
    json_t *rows = csv_parse(big, strlen(big), "t.csv", NULL);
    assert_int_equal(1, json_array_size(rows));
    json_decref(rows);
    memset(big + 2, 'x', CSV_CELL_MAX + 1);
    refuses(big, 2, 1);
    big[2] = '"';
    memset(big + 3, 'x', CSV_CELL_MAX + 2);
    refuses(big, 2, 1);
    mem_free(big);
}

static void a_file_is_read_and_a_missing_one_is_named(void **state)
{
    (void)state;
    char folder[] = "/tmp/fq-csv-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/t.csv", folder);
    struct err err = {0};
    assert_null(csv_load(path, &err));
    assert_int_equal(ERR_FILE, err.code);
    assert_non_null(strstr(err.message, path));
    FILE *file = fopen(path, "w");
    fputs("a\n1\n", file);
    fclose(file);
    json_t *rows = csv_load(path, &err);
    assert_int_equal(1, json_array_size(rows));
    json_decref(rows);
    assert_null(csv_load(folder, &err));
    assert_int_equal(ERR_FILE, err.code);
    err_clear(&err);
    unlink(path);
    rmdir(folder);
    mem_free(path);
}

/* Any bytes give rows or an error, never a crash; what is read has a text for every title. */
static void random_bytes_never_crash(void **state)
{
    (void)state;
    static const char alphabet[] = "ab,\"\n\r,\"\xE7\x81\xAB ";
    uint64_t seed = 42;
    for (int i = 0; i < 20000; i++) {
        char text[24];
        size_t len = 0;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        for (uint64_t x = seed; len < (seed >> 59) % sizeof text; x = x * 31 + 7) {
            text[len++] = alphabet[(x >> 33) % (sizeof alphabet - 1)];
        }
        struct err err = {0};
        json_t *rows = csv_parse(text, len, "t", &err);
        assert_int_equal(rows == NULL, err.code == ERR_FORM);
        json_decref(rows);
        err_clear(&err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_objects_in_the_order_of_the_titles),
        cmocka_unit_test(line_ends_marks_and_missing_last_newline_do_not_matter),
        cmocka_unit_test(quotes_keep_commas_quotes_and_lines),
        cmocka_unit_test(spaces_and_empty_cells_are_kept),
        cmocka_unit_test(a_table_of_titles_only_has_no_rows),
        cmocka_unit_test(what_is_wrong_is_named_by_line_and_column),
        cmocka_unit_test(bytes_that_are_not_utf8_are_named_by_line),
        cmocka_unit_test(the_message_shows_the_title_of_the_column),
        cmocka_unit_test(limits_hold_on_columns_and_cells),
        cmocka_unit_test(a_file_is_read_and_a_missing_one_is_named),
        cmocka_unit_test(random_bytes_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
