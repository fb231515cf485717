/* Sealed bytes: they open with their key and subject, and with nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/seal.h"

#include <string.h>

#define TEXT "羊调26-0001 村口路灯坏了"

enum { LEN = sizeof TEXT };

static struct seal_key key;

static int make_key(void **state)
{
    (void)state;
    seal_key_make(&key);
    return 0;
}

static void what_is_sealed_opens_again(void **state)
{
    (void)state;
    uint8_t sealed[LEN + SEAL_EXTRA];
    char plain[LEN];
    seal_close(&key, "case", TEXT, LEN, sealed);
    assert_true(seal_open(&key, "case", sealed, sizeof sealed, plain));
    assert_string_equal(TEXT, plain);
    assert_null(memmem(sealed, sizeof sealed, "26-0001", 7));
}

static void the_same_bytes_never_look_the_same(void **state)
{
    (void)state;
    uint8_t one[LEN + SEAL_EXTRA];
    uint8_t two[LEN + SEAL_EXTRA];
    seal_close(&key, "", TEXT, LEN, one);
    seal_close(&key, "", TEXT, LEN, two);
    assert_memory_not_equal(one, two, sizeof one);
}

static void no_bytes_at_all_can_be_sealed(void **state)
{
    (void)state;
    uint8_t sealed[SEAL_EXTRA];
    seal_close(&key, "x", "", 0, sealed);
    char nothing[1];
    assert_true(seal_open(&key, "x", sealed, sizeof sealed, nothing));
}

static void another_key_subject_or_byte_opens_nothing(void **state)
{
    (void)state;
    uint8_t sealed[LEN + SEAL_EXTRA];
    char plain[LEN];
    struct seal_key other;
    seal_key_make(&other);
    seal_close(&key, "inbox", TEXT, LEN, sealed);
    assert_false(seal_open(&other, "inbox", sealed, sizeof sealed, plain));
    assert_false(seal_open(&key, "case", sealed, sizeof sealed, plain));
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        assert_false(seal_open(&key, "inbox", sealed, sizeof sealed, plain));
        sealed[i] ^= 1;
    }
    for (size_t len = 0; len < sizeof sealed; len++) {
        assert_false(seal_open(&key, "inbox", sealed, len, plain));
    }
}

static void a_key_is_read_as_it_was_written(void **state)
{
    (void)state;
    char text[SEAL_KEY_TEXT];
    struct seal_key again;
    assert_true(seal_key_parse(seal_key_text(&key, text), &again));
    assert_memory_equal(key.bytes, again.bytes, SEAL_KEY_SIZE);
    text[5] = 'g';
    assert_false(seal_key_parse(text, &again));
    assert_false(seal_key_parse("00", &again));
    assert_false(seal_key_parse(NULL, &again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_again),
        cmocka_unit_test(the_same_bytes_never_look_the_same),
        cmocka_unit_test(no_bytes_at_all_can_be_sealed),
        cmocka_unit_test(another_key_subject_or_byte_opens_nothing),
        cmocka_unit_test(a_key_is_read_as_it_was_written),
    };
    return cmocka_run_group_tests(tests, make_key, NULL);
}
