#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/memory.h"
#include "rpc/password.h"

#include <string.h>

static void a_hash_is_yescrypt_and_salted(void **state)
{
    (void)state;
    char *a = password_hash("枫桥经验2020");
    char *b = password_hash("枫桥经验2020");
    assert_non_null(a);
    assert_memory_equal("$y$", a, 3);
    assert_string_not_equal(a, b);
    assert_true(password_check("枫桥经验2020", a));
    assert_true(password_check("枫桥经验2020", b));
    assert_false(password_check("枫桥经验2021", a));
    mem_free(a);
    mem_free(b);
}

static void an_unknown_user_is_refused_whatever_is_typed(void **state)
{
    (void)state;
    assert_false(password_check("", NULL));
    assert_false(password_check("password", NULL));
    assert_false(password_check("password", ""));
}

static void a_damaged_hash_lets_nobody_in(void **state)
{
    (void)state;
    assert_false(password_check("x", "*"));
    assert_false(password_check("x", "*0"));
    assert_false(password_check("x", "plain"));
    assert_false(password_check("", "$y$j9T$"));
}

static void unfit_passwords_say_why(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(password_fit("short", "demo01", &err));
    assert_int_equal(ERR_FORM, err.code);
    assert_false(password_fit("clerk-demo", "clerk-demo", &err));
    char huge[1000];
    memset(huge, 'a', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    assert_false(password_fit(huge, "demo01", &err));
    assert_false(password_fit("\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff", "demo01", &err));
    err_clear(&err);
    assert_true(password_fit("一二三四五六七八", "demo01", &err));
    assert_true(password_fit("12345678", "demo01", &err));
    err_clear(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_yescrypt_and_salted),
        cmocka_unit_test(an_unknown_user_is_refused_whatever_is_typed),
        cmocka_unit_test(a_damaged_hash_lets_nobody_in),
        cmocka_unit_test(unfit_passwords_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
