/* SHA-256 against the published vectors (FIPS 180-4 examples), also from several threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static void hex_is(const char *expected, struct digest d)
{
    char hex[DIGEST_TEXT];
    assert_string_equal(expected, digest_hex(&d, hex));
}

static const char of_empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char of_abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void known_texts_have_their_known_digests(void **state)
{
    (void)state;
    hex_is(of_empty, digest_of("", 0));
    hex_is(of_abc, digest_of("abc", 3));
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    hex_is("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        digest_of(two_blocks, strlen(two_blocks)));
    char *million = mem_alloc(1000000);
    memset(million, 'a', 1000000);
    hex_is("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        digest_of(million, 1000000));
    mem_free(million);
}

static void two_parts_are_as_one_wherever_they_are_cut(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= 3; cut++) {
        hex_is(of_abc, digest_of2("abc", cut, "abc" + cut, 3 - cut));
    }
}

static void *hash_often(void *arg)
{
    bool *same = arg;
    *same = true;
    struct digest expected = digest_of("abc", 3);
    for (int i = 0; i < 5000; i++) {
        struct digest d = digest_of("abc", 3);
        *same = *same && memcmp(&d, &expected, sizeof d) == 0;
    }
    return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
    (void)state;
    pthread_t threads[4];
    bool same[4];
    for (int i = 0; i < 4; i++) {
        assert_int_equal(0, pthread_create(&threads[i], NULL, hash_often, &same[i]));
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_true(same[i]);
    }
    hex_is(of_abc, digest_of("abc", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_have_their_known_digests),
        cmocka_unit_test(two_parts_are_as_one_wherever_they_are_cut),
        cmocka_unit_test(threads_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
