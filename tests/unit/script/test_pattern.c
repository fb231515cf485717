#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "script/pattern.h"

#include <string.h>

static size_t charged;

static void count(void *ctx, size_t steps)
{
    (void)ctx;
    charged += steps;
}

struct sample {
    const char *text, *pattern, *part; /* part NULL: no match */
};

static void patterns_match_characters(void **state)
{
    (void)state;
    static const struct sample samples[] = {{"欠薪12345元", "%d+", "12345"},
        {"欠薪12345元", "(%d+)元", "12345"}, {"甲乙丙", "^.乙", "甲乙"}, {"甲乙丙", "^乙", NULL},
        {"甲乙丙", "丙$", "丙"}, {"甲乙丙", "乙$", NULL}, {"甲乙丙", "[乙丁]", "乙"},
        {"甲乙丙", "[^甲乙]", "丙"}, {"abc", "[b-z]+", "bc"}, {"aaa", "a-", ""},
        {"aaab", "a-b", "aaab"}, {"ab", "ac?b", "ab"}, {"acb", "ac?b", "acb"}, {"a.b", "%.", "."},
        {"a]b", "[%]]", "]"}, {"", "^$", ""}, {"", ".", NULL}, {"甲甲甲", "甲*", "甲甲甲"},
        {"甲甲乙", "甲*乙", "甲甲乙"}, {" 文 ", "^%s*(.-)%s*$", "文"},
        {"150303104201", "^%d%d%d%d%d%d", "150303"}, {"Ab", "%u%l", "Ab"}, {"a-b", "a%-b", "a-b"},
        {"中a", "%A", "中"}};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *s = &samples[i];
        struct pattern_match m = {0};
        assert_null(pattern_problem(s->pattern, strlen(s->pattern)));
        bool found =
            pattern_find(s->text, strlen(s->text), s->pattern, strlen(s->pattern), count, NULL, &m);
        bool same = found && s->part != NULL &&
                    (size_t)(m.part_to - m.part_from) == strlen(s->part) &&
                    memcmp(m.part_from, s->part, strlen(s->part)) == 0;
        if (found != (s->part != NULL) || (found && !same)) {
            fail_msg("%s in %s", s->pattern, s->text);
        }
    }
}

static void what_cannot_be_a_pattern_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"[", "[a", "%", "(", ")", "(a", "a)", "(a)(b)", "((a))", "%1",
        "%b()", "%f[a]", "a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_non_null(pattern_problem(bad[i], strlen(bad[i])));
    }
}

static void work_is_charged(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'a', sizeof text);
    struct pattern_match m = {0};
    charged = 0;
    assert_false(pattern_find(text, sizeof text, "a-a-b", 5, count, NULL, &m));
    assert_true(charged > 400 * 400 / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_characters),
        cmocka_unit_test(what_cannot_be_a_pattern_is_refused),
        cmocka_unit_test(work_is_charged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
