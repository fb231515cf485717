/* Scripts that hand over to each other: checked beside the other, played with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "author/author.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROLES "roles = { m = at 'host' { 'mediator', 'handler', 'clerk', title = '办理人' } },\n"
#define CLOCK(name, from, to)                                                                      \
    name " = clock { title = '限" name "', limit = '3 workdays', from = '" from "', to = '" to     \
         "', late = { mark 'red' } }"

/* The ids are those of shipped workflows, so that bodies of the demonstration host them. */
static const char sender[] =
    "return workflow 'people_mediation' { title = '送', " ROLES
    "fields = { brief = text { title = '简况', required = true } },\n"
    "states = { open = { title = '在办', initial = true, work = 'm' }, away = { title = '移送中' "
    "},\n"
    "  done = { title = '办结', final = true } },\n"
    "clocks = { " CLOCK("work", "open",
        "done") " },\n"
                "actions = { pass = on 'open -> away' { title = '移送', by = 'm', hand_over = "
                "hand_over 'petition' {\n"
                "    to = kind 'xfj' { level = 'district' }, carry = { subject = 'brief' },\n"
                "    returned = { go 'open' }, closed = { ['办好'] = { go 'done' }, otherwise = { "
                "go 'open' } } } },\n"
                "  finish = on 'open -> done' { title = '办结案件', by = 'm' } },\n"
                "tests = {\n";

static const char receiver[] =
    "return workflow 'petition' { title = '收', " ROLES
    "fields = { subject = text { title = '事由' } },\n"
    "states = { new = { title = '登记', initial = true, work = 'm' },\n"
    "  incoming = { title = '已移送', arrival = true, work = 'm' }, work = { title = '办理', work "
    "= 'm' },\n"
    "  back = { title = '退回', final = true }, good = { title = '成', final = true, outcome = "
    "'办好' } },\n"
    "clocks = { " CLOCK("sign", "incoming|new", "work|back") ", " CLOCK("handle", "work",
        "good") " },\n"
                "actions = { begin = on 'new -> work' { title = '受理', by = 'm' },\n"
                "  receive = on 'incoming -> work' { title = '签收', by = 'm', receipt = 'accept' "
                "},\n"
                "  give_back = on 'incoming -> back' { title = '退件', by = 'm', reason = true, "
                "receipt = 'return', within = 'sign' },\n"
                "  finish = on 'work -> good' { title = '办成', by = 'm' } } }\n";

#define OPEN                                                                                       \
    "open { at = '2026-03-02 09:00', body = 'yanglujing.tw', fields = { brief = '两户地界' } }, "

struct stage {
    char folder[64];
    char *sender, *receiver;
    struct world *world;
};

static void write_file(const char *path, const char *head, const char *tail)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s%s", head, tail);
    fclose(file);
}

static void stage_open(struct stage *s)
{
    const char *root = getenv("FENGQIAO_SOURCE");
    char *workflows = mem_printf("%s/workflows", root != NULL ? root : ".");
    struct err err = {0};
    strcpy(s->folder, "/tmp/fq-links-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    s->sender = mem_printf("%s/sender.lua", s->folder);
    s->receiver = mem_printf("%s/receiver.lua", s->folder);
    s->world = world_load(workflows, NULL, &err);
    assert_string_equal("", err.message);
    write_file(s->receiver, receiver, "");
    mem_free(workflows);
}

static void stage_close(struct stage *s)
{
    unlink(s->sender);
    unlink(s->receiver);
    rmdir(s->folder);
    world_free(s->world);
    mem_free(s->sender);
    mem_free(s->receiver);
}

static json_t *play(struct stage *s, const char *scenarios)
{
    struct err err = {0};
    char *tail = mem_printf("%s } }\n", scenarios);
    write_file(s->sender, sender, tail);
    mem_free(tail);
    json_t *report = author_test(s->sender, s->world, &err);
    if (report == NULL) {
        json_t *check = author_check(s->sender, NULL, NULL);
        fail_msg("%s\n%s", err.message, author_check_text(check));
    }
    return report;
}

static void a_scenario_walks_to_the_linked_case_and_back(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s);
    json_t *report =
        play(&s, "scenario '办成' { " OPEN
                 "act 'pass', expect { state = 'away', link = 'sent', links = 1 },\n"
                 "  follow 'to', expect { state = 'incoming', fields = { subject = '两户地界' } }, "
                 "act 'receive',\n"
                 "  follow 'from', expect { link = 'received' },\n"
                 "  follow 'to' { flow = 'petition' }, act 'finish', follow 'from', expect { state "
                 "= 'done', link = 'closed' } },\n"
                 "scenario '退回' { " OPEN
                 "act 'pass', follow 'to', act 'give_back' { reason = '不归我管' },\n"
                 "  follow 'from', expect { state = 'open', link = 'returned' } },\n"
                 "scenario '过期不能退' { " OPEN
                 "act 'pass', wait '4 workdays', follow 'to', expect { mark = 'red' },\n"
                 "  denied 'give_back' { reason = '晚了', because = '只能在' } }");
    char *text = author_test_text(report);
    if (!text_equal("OK", json_text(report, "result"))) {
        fail_msg("%s", text);
    }
    mem_free(text);
    json_decref(report);
    stage_close(&s);
}

static void a_step_to_what_is_not_there_says_what_there_is(void **state)
{
    (void)state;
    struct stage s;
    stage_open(&s);
    json_t *report = play(&s,
        "scenario '一' { " OPEN "follow 'to' },\nscenario '二' { " OPEN
        "act 'pass', follow 'from' },\n"
        "scenario '三' { follow 'to' },\nscenario '四' { " OPEN
        "act 'pass', expect { link = 'closed' } },\n"
        "scenario '五' { " OPEN
        "expect { links = 2 } }, scenario '六' { open { flow = 'moon', body = 'yanglujing.tw' } }");
    static const char *const problems[] = {"“to”", "“from”", "打开", "sent", "0", "moon"};
    json_t *rows = json_object_get(report, "scenarios");
    assert_int_equal(6, json_number(report, "failed", 0));
    for (size_t i = 0; i < 6; i++) {
        const json_t *row = json_array_get(rows, i);
        if (i != 2 && strstr(json_text(row, "problem"), problems[i]) == NULL) {
            fail_msg("%zu: %s", i, json_text(row, "problem"));
        }
    }
    assert_non_null(strstr(json_text(json_array_get(rows, 1), "hint"), "to petition (sent)"));
    json_decref(report);
    stage_close(&s);
}

static void a_check_looks_beside_the_script(void **state)
{
    (void)state;
    struct stage s;
    struct err err = {0};
    stage_open(&s);
    write_file(s.sender, sender, "} }\n");
    json_t *report = author_check(s.sender, NULL, &err);
    assert_string_equal("OK", json_text(report, "result"));
    json_decref(report);
    write_file(s.receiver, "return workflow 'other' { title = '别的' }", "");
    report = author_check(s.sender, NULL, &err);
    assert_string_equal("FAIL", json_text(report, "result"));
    const json_t *row = json_array_get(json_object_get(report, "diagnostics"), 0);
    assert_string_equal("F023", json_text(row, "id"));
    assert_int_equal(6, json_number(row, "line", 0));
    json_decref(report);
    stage_close(&s);
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_walks_to_the_linked_case_and_back),
        cmocka_unit_test(a_step_to_what_is_not_there_says_what_there_is),
        cmocka_unit_test(a_check_looks_beside_the_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
