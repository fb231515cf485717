/* The growing byte string. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/memory.h"

#include <string.h>

static void a_zeroed_one_is_empty_text(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_string_equal("", buf_text(&b));
    buf_add(&b, NULL, 0);
    buf_cut(&b, 0);
    buf_clear(&b);
    assert_string_equal("", buf_text(&b));
    buf_close(&b);
    char *taken = buf_take(&b);
    assert_string_equal("", taken);
    mem_free(taken);
    buf_close(&b);
}

static void pieces_of_all_kinds_join(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_adds(&b, "羊");
    buf_addc(&b, '-');
    buf_add(&b, "abc", 2);
    buf_addf(&b, "%04d%s", 7, "!");
    assert_string_equal("羊-ab0007!", buf_text(&b));
    assert_int_equal(strlen("羊-ab0007!"), b.len);
    buf_close(&b);
    assert_int_equal(0, b.len);
}

static void zero_bytes_are_bytes(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_add(&b, "a\0b", 3);
    buf_addc(&b, '\0');
    assert_int_equal(4, b.len);
    assert_memory_equal("a\0b\0\0", b.data, 5);
    buf_close(&b);
}

static void it_grows_byte_by_byte_and_stays_terminated(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 100000; i++) {
        buf_addc(&b, (char)('a' + i % 26));
        assert_int_equal('\0', b.data[b.len]);
    }
    assert_int_equal(100000, b.len);
    for (int i = 0; i < 100000; i++) {
        assert_int_equal('a' + i % 26, b.data[i]);
    }
    buf_close(&b);
}

static void a_formatted_piece_may_be_long(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_addf(&b, "%65536s|", "x");
    assert_int_equal(65537, b.len);
    assert_int_equal('|', b.data[65536]);
    buf_close(&b);
}

static void cutting_drops_the_first_bytes(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_adds(&b, "line one\nrest");
    buf_cut(&b, 9);
    assert_string_equal("rest", buf_text(&b));
    buf_cut(&b, 4);
    assert_string_equal("", buf_text(&b));
    buf_adds(&b, "again");
    assert_string_equal("again", buf_text(&b));
    buf_close(&b);
}

static void clearing_keeps_the_memory_and_taking_gives_it_away(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_adds(&b, "text");
    char *before = b.data;
    buf_clear(&b);
    buf_adds(&b, "more");
    assert_ptr_equal(before, b.data);
    char *taken = buf_take(&b);
    assert_string_equal("more", taken);
    assert_null(b.data);
    buf_adds(&b, "new");
    assert_string_equal("more", taken);
    mem_free(taken);
    buf_close(&b);
}

static void reserving_makes_room_without_changing_the_text(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_reserve(&b, 1000);
    assert_true(b.cap >= 1001);
    assert_string_equal("", buf_text(&b));
    char *before = b.data;
    for (int i = 0; i < 1000; i++) {
        buf_addc(&b, 'x');
    }
    assert_ptr_equal(before, b.data);
    buf_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_one_is_empty_text),
        cmocka_unit_test(pieces_of_all_kinds_join),
        cmocka_unit_test(zero_bytes_are_bytes),
        cmocka_unit_test(it_grows_byte_by_byte_and_stays_terminated),
        cmocka_unit_test(a_formatted_piece_may_be_long),
        cmocka_unit_test(cutting_drops_the_first_bytes),
        cmocka_unit_test(clearing_keeps_the_memory_and_taking_gives_it_away),
        cmocka_unit_test(reserving_makes_room_without_changing_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
