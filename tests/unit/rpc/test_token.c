#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/token.h"

#include <stdio.h>
#include <string.h>

static void new_tokens_differ_and_are_well_formed(void **state)
{
    (void)state;
    char a[TOKEN_TEXT], b[TOKEN_TEXT], hash[DIGEST_TEXT];
    token_new(a);
    token_new(b);
    assert_string_not_equal(a, b);
    assert_memory_equal("fqt_", a, 4);
    assert_int_equal(TOKEN_TEXT - 1, strlen(a));
    assert_true(token_digest(a, hash));
    assert_null(strstr(hash, a + 4));
}

static void what_is_not_shaped_like_a_token_is_refused(void **state)
{
    (void)state;
    char hash[DIGEST_TEXT];
    assert_false(token_digest("", hash));
    assert_false(token_digest("fqt_", hash));
    assert_false(token_digest("密码", hash));
    char huge[5000];
    memset(huge, 'f', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    assert_false(token_digest(huge, hash));
}

static void a_cached_token_is_found_until_it_is_dropped(void **state)
{
    (void)state;
    struct token_cache *c = token_cache_new(8);
    char token[TOKEN_TEXT], hash[DIGEST_TEXT];
    token_digest(token_new(token), hash);
    assert_null(token_cache_find(c, hash));
    token_cache_put(c, hash, "demo01", 100, 50);
    struct token_entry *e = token_cache_find(c, hash);
    assert_non_null(e);
    assert_string_equal("demo01", e->user);
    assert_int_equal(100, e->expires_ms);
    token_cache_drop(c, hash);
    assert_null(token_cache_find(c, hash));
    token_cache_put(c, hash, "demo01", 100, 50);
    token_cache_drop_user(c, "demo02");
    assert_non_null(token_cache_find(c, hash));
    token_cache_drop_user(c, "demo01");
    assert_null(token_cache_find(c, hash));
    token_cache_free(c);
}

static void a_full_cache_forgets_and_never_confuses(void **state)
{
    (void)state;
    struct token_cache *c = token_cache_new(4);
    char token[TOKEN_TEXT], hash[64][DIGEST_TEXT], user[64][16];
    for (int i = 0; i < 64; i++) {
        token_digest(token_new(token), hash[i]);
        snprintf(user[i], sizeof(user[i]), "u%d", i);
        token_cache_put(c, hash[i], user[i], 1, 1);
    }
    int kept = 0;
    for (int i = 0; i < 64; i++) {
        struct token_entry *e = token_cache_find(c, hash[i]);
        if (e != NULL) {
            kept++;
            assert_string_equal(user[i], e->user);
        }
    }
    assert_in_range(kept, 1, 4);
    token_cache_free(c);
}

static void an_overlong_user_is_not_cached(void **state)
{
    (void)state;
    struct token_cache *c = token_cache_new(4);
    char token[TOKEN_TEXT], hash[DIGEST_TEXT], user[200];
    memset(user, 'u', sizeof(user) - 1);
    user[sizeof(user) - 1] = '\0';
    token_digest(token_new(token), hash);
    assert_null(token_cache_put(c, hash, user, 1, 1));
    assert_null(token_cache_find(c, hash));
    token_cache_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_tokens_differ_and_are_well_formed),
        cmocka_unit_test(what_is_not_shaped_like_a_token_is_refused),
        cmocka_unit_test(a_cached_token_is_found_until_it_is_dropped),
        cmocka_unit_test(a_full_cache_forgets_and_never_confuses),
        cmocka_unit_test(an_overlong_user_is_not_cached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
