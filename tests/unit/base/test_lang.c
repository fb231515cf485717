/* Chinese first, English second, each thread its own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"

#include <pthread.h>
#include <stdlib.h>

static int init(void **state)
{
    (void)state;
    lang_init();
    return 0;
}

static void chinese_comes_first_and_english_is_the_msgid(void **state)
{
    (void)state;
    assert_int_equal(LANG_ZH, lang_current());
    assert_string_equal("没有列名行", _("there is no row of titles"));
    lang_use(LANG_EN);
    assert_string_equal("there is no row of titles", _("there is no row of titles"));
    lang_use(LANG_ZH);
}

static void a_utf8_locale_for_characters_alone_is_enough(void **state)
{
    (void)state;
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    setenv("LANG", "C", 1);
    setenv("LC_CTYPE", "C.UTF-8", 1);
    lang_init();
    assert_string_equal("没有列名行", _("there is no row of titles"));
}

static void an_untranslated_text_is_shown_as_it_is(void **state)
{
    (void)state;
    assert_string_equal("nobody translated this", lang_text("nobody translated this"));
}

static void *in_english(void *arg)
{
    (void)arg;
    lang_use(LANG_EN);
    return (void *)(uintptr_t)_("there is no row of titles");
}

static void each_thread_has_its_own_language(void **state)
{
    (void)state;
    pthread_t thread;
    void *text;
    assert_int_equal(0, pthread_create(&thread, NULL, in_english, NULL));
    pthread_join(thread, &text);
    assert_string_equal("there is no row of titles", text);
    assert_string_equal("没有列名行", _("there is no row of titles"));
}

static void names_of_languages_are_read_as_systems_write_them(void **state)
{
    (void)state;
    enum lang lang;
    assert_true(lang_parse("zh", &lang) && lang == LANG_ZH);
    assert_true(lang_parse("zh_CN.UTF-8", &lang) && lang == LANG_ZH);
    assert_true(lang_parse("en", &lang) && lang == LANG_EN);
    assert_true(lang_parse("en_GB", &lang) && lang == LANG_EN);
    assert_false(lang_parse("mn", &lang));
    assert_false(lang_parse("", &lang));
    assert_false(lang_parse(NULL, &lang));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_comes_first_and_english_is_the_msgid),
        cmocka_unit_test(a_utf8_locale_for_characters_alone_is_enough),
        cmocka_unit_test(an_untranslated_text_is_shown_as_it_is),
        cmocka_unit_test(each_thread_has_its_own_language),
        cmocka_unit_test(names_of_languages_are_read_as_systems_write_them),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
