/* Base64: the vectors of RFC 4648, and texts that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base64.h"
#include "base/memory.h"

#include <string.h>

static void the_vectors_of_the_standard_hold_both_ways(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = base64_encode(rows[i][0], strlen(rows[i][0]));
        assert_string_equal(rows[i][1], text);
        size_t len = 99;
        char *data = base64_decode(text, &len);
        assert_int_equal(strlen(rows[i][0]), len);
        assert_string_equal(rows[i][0], data);
        mem_free(data);
        mem_free(text);
    }
}

static void every_byte_comes_back(void **state)
{
    (void)state;
    uint8_t all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (uint8_t)i;
    }
    for (size_t n = 250; n <= sizeof all; n++) {
        char *text = base64_encode(all, n);
        assert_int_equal(BASE64_LEN(n), strlen(text));
        size_t len = 0;
        uint8_t *data = base64_decode(text, &len);
        assert_int_equal(n, len);
        assert_memory_equal(all, data, n);
        mem_free(data);
        mem_free(text);
    }
}

static void what_is_not_exactly_it_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"A", "AA", "AAA", "A===", "====", "AA=A", "A=AA",
        "Zg==Zg==", "Zg= =", "Zm9v\n", " Zm9v", "Zh==", "Zm9=", "Zm9*", "Z-9v", "Zm8=A"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t len = 0;
        assert_null(base64_decode(bad[i], &len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_standard_hold_both_ways),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(what_is_not_exactly_it_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
