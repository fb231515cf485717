/* Randomness and the keys made of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"

#include <string.h>

static void bytes_fill_exactly_what_was_asked(void **state)
{
    (void)state;
    unsigned char bytes[64], seen[64] = {0};
    for (int round = 0; round < 64; round++) {
        memset(bytes, 0, sizeof bytes);
        random_bytes(bytes + 1, sizeof bytes - 2);
        assert_int_equal(0, bytes[0]);
        assert_int_equal(0, bytes[63]);
        for (size_t i = 0; i < sizeof bytes; i++) {
            seen[i] |= bytes[i];
        }
    }
    for (size_t i = 1; i < 63; i++) {
        assert_true(seen[i] != 0); /* 64 zeros in a row: once in 2^512 */
    }
    random_bytes(bytes, 0);
}

static void a_key_has_the_form_of_rfc_9562(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        char uuid[UUID_TEXT];
        assert_ptr_equal(uuid, random_uuid7(INT64_C(1574041943000) + i, uuid));
        assert_int_equal(36, strlen(uuid));
        for (int p = 0; p < 36; p++) {
            if (p == 8 || p == 13 || p == 18 || p == 23) {
                assert_int_equal('-', uuid[p]);
            } else {
                assert_non_null(strchr("0123456789abcdef", uuid[p]));
            }
        }
        assert_int_equal('7', uuid[14]);
        assert_non_null(strchr("89ab", uuid[19]));
    }
}

static void keys_hold_their_time_and_sort_by_it(void **state)
{
    (void)state;
    char uuid[UUID_TEXT], later[UUID_TEXT];
    random_uuid7(INT64_C(0x017F22E279B0), uuid); /* the example of RFC 9562, appendix A.6 */
    assert_memory_equal("017f22e2-79b0-7", uuid, 15);
    for (int i = 0; i < 1000; i++) {
        random_uuid7(INT64_C(1700000000000) + i, uuid);
        random_uuid7(INT64_C(1700000000001) + i, later);
        assert_true(strcmp(uuid, later) < 0);
    }
}

static void keys_of_one_moment_differ(void **state)
{
    (void)state;
    char keys[200][UUID_TEXT];
    for (int i = 0; i < 200; i++) {
        random_uuid7(1, keys[i]);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(keys[j], keys[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_fill_exactly_what_was_asked),
        cmocka_unit_test(a_key_has_the_form_of_rfc_9562),
        cmocka_unit_test(keys_hold_their_time_and_sort_by_it),
        cmocka_unit_test(keys_of_one_moment_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
