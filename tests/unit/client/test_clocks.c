/* Clocks as people see them: each once, and lateness never folded away. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/clocks.h"

static json_t *folded(const char *text)
{
    json_t *all = json_parse_own(text);
    assert_non_null(all);
    json_t *list = clocks_folded(all);
    json_decref(all);
    return list;
}

static void assert_title(const char *expected, const json_t *list, size_t at)
{
    char *title = clock_title(json_array_get(list, at));
    assert_string_equal(expected, title);
    mem_free(title);
}

static void assert_outcome(const char *expected, const char *clock)
{
    json_t *k = json_parse_own(clock);
    char *words = clock_outcome(k);
    assert_string_equal(expected, words);
    mem_free(words);
    json_decref(k);
}

static void what_began_again_and_again_stands_once_at_the_end(void **state)
{
    (void)state;
    json_t *list = folded("[{\"name\":\"fast\",\"title\":\"F\",\"state\":\"cancelled\"},"
                          "{\"name\":\"fast\",\"title\":\"F\",\"state\":\"cancelled\"},"
                          "{\"name\":\"handle\",\"title\":\"H\",\"state\":\"running\"},"
                          "{\"name\":\"fast\",\"title\":\"F\",\"state\":\"met\"}]");
    assert_int_equal(2, json_array_size(list));
    assert_title("H", list, 0);
    assert_title("F (3 times)", list, 1);
    assert_string_equal("met", json_text(json_array_get(list, 1), "state"));
    json_decref(list);
}

static void what_runs_again_hides_how_it_ended_before_unless_that_was_late(void **state)
{
    (void)state;
    json_t *list = folded("[{\"name\":\"a\",\"state\":\"met\"},"
                          "{\"name\":\"b\",\"state\":\"met\",\"late\":true},"
                          "{\"name\":\"a\",\"state\":\"running\"},"
                          "{\"name\":\"b\",\"state\":\"paused\"}]");
    assert_int_equal(3, json_array_size(list));
    assert_title("a (2 times)", list, 0);
    assert_title("b (2 times)", list, 1);
    assert_true(json_flag(json_array_get(list, 2), "late"));
    json_decref(list);
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    json_t *list = folded("[]"), *none = clocks_folded(NULL);
    assert_int_equal(0, json_array_size(list));
    assert_int_equal(0, json_array_size(none));
    json_decref(list);
    json_decref(none);
}

static void a_right_is_used_or_lapses_and_is_never_done(void **state)
{
    (void)state;
    assert_outcome("used in time (2026-01-02)",
        "{\"state\":\"met\",\"right\":true,\"ended\":\"2026-01-02T09:00:00+08:00\","
        "\"due_at\":\"2026-01-05T23:59:59+08:00\"}");
    assert_outcome("lapsed",
        "{\"state\":\"cancelled\",\"right\":true,\"ended\":\"2026-01-06T00:00:00+08:00\","
        "\"due_at\":\"2026-01-05T23:59:59+08:00\"}");
    assert_outcome(
        "done in time (2026-01-02)", "{\"state\":\"met\",\"ended\":\"2026-01-02T09:00:00+08:00\"}");
    assert_outcome("", "{\"state\":\"running\",\"right\":true}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_began_again_and_again_stands_once_at_the_end),
        cmocka_unit_test(what_runs_again_hides_how_it_ended_before_unless_that_was_late),
        cmocka_unit_test(nothing_gives_nothing),
        cmocka_unit_test(a_right_is_used_or_lapses_and_is_never_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
