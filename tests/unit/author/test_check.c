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

static const char sound[] =
    "return workflow 'x' { title = '试', \n"
    "roles = { m = at 'host' { 'mediator', title = '调解员' } },\n"
    "fields = { note = text { title = '记录' } },\n"
    "clocks = { work = clock { title = '办理', limit = '10 days', from = 'open',\n"
    "  to = 'done', warn = { '3 days left' }, late = { mark 'red' } } },\n"
    "states = { open = { title = '在办', initial = true, work = 'm' },\n"
    "  done = { title = '办结', final = true } },\n"
    "actions = { finish = on 'open -> done' { title = '办结案件', by = 'm',\n"
    "  form = { 'note' } } },\n"
    "guards = { ok = function() return true end } }\n";

static json_t *check(const char *source)
{
    return author_check_source(source, strlen(source), "x.lua", NULL);
}

static const json_t *find(const json_t *report, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(report, "diagnostics"), i, row)
    {
        if (text_equal(json_text(row, "id"), id)) {
            return row;
        }
    }
    return NULL;
}

static void a_sound_flow_has_no_findings(void **state)
{
    (void)state;
    json_t *report = check(sound);
    char *text = author_check_text(report);
    if (json_array_size(json_object_get(report, "diagnostics")) != 0) {
        fail_msg("%s", text);
    }
    assert_string_equal("OK", json_text(report, "result"));
    assert_string_equal("x", json_text(report, "flow"));
    mem_free(text);
    json_decref(report);
}

struct mistake {
    const char *old, *fresh, *id;
    int line;
    const char *near;
};

static void every_unsound_flow_is_found_with_line_and_nearest_name(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"'open -> done'", "'open -> dome'", "F001", 8, "done"},
        {"'open -> done'", "'opne -> done'", "F001", 8, "open"},
        {"done = { title = '办结', final = true }",
            "done = { title = '办结', final = true }, lost = { title = '丢', work = 'm' }", "F002",
            7, NULL},
        {"done = { title = '办结', final = true }", "done = { title = '办结', work = 'm' }", "F003",
            7, NULL},
        {"'open -> done'", "'open'", "F004", 6, NULL},
        {"by = 'm'", "by = 'n'", "F005", 8, NULL},
        {"work = 'm'", "work = 'mm'", "F005", 6, "m"},
        {"form = { 'note' }", "form = { 'noet' }", "F006", 9, "note"},
        {"title = '办结', final", "title = '在办', final", "F007", 7, NULL},
        {"initial = true, ", "", "F008", 6, NULL},
        {"form = {", "when = 'okk', form = {", "F013", 9, "ok"},
        {"form = {", "run = 'tell', form = {", "F014", 9, NULL},
        {"form = {", "extends = 'wrok', form = {", "F011", 9, "work"},
        {"form = {", "extends = 'work', form = {", "F016", 9, NULL},
        {"form = {", "profile = 'XF05', form = {", "F012", 9, NULL},
        {"form = {", "route = 'routes', form = {", "F015", 9, NULL},
        {"'open -> done'", "'open|done -> done'", "F017", 8, NULL},
        {"'记录'", "'记录', required = true, open = false", "F018", 3, NULL},
        {"from = 'open'", "from = 'opn'", "F001", 4, "open"},
        {"to = 'done', warn", "to = 'open', warn", "F022", 5, NULL},
        {"{ '3 days left' }", "{ '3 days left', '7 days left' }", "F021", 5, NULL},
        {"{ '3 days left' }", "{ '3 days left', '3 days left' }", "F021", 5, NULL},
        {"{ mark 'red' }", "{ go 'dnoe' }", "F001", 5, "done"},
        {"{ mark 'red' }", "{ notify 'mm' }", "F005", 5, "m"},
        {"{ mark 'red' }", "{ escalate { to = 'routes' } }", "F015", 5, NULL},
        {"title = '在办'", "title = 'open'", "F101", 6, NULL},
        {", late = { mark 'red' }", "", "F102", 4, NULL},
        {"limit = '10 days'", "level = 'town', limit = '10 days'", "", 0, NULL},
        {"from = 'open',", "from = 'done',", "F105", 6, NULL},
        {", work = 'm'", "", "F106", 6, NULL},
        {"text { title", "txet { title", "L001", 3, NULL},
        {"fields = {", "feilds = {", "L002", 3, NULL},
        {"title = '记录'", "标题 = '记录'", "L001", 3, NULL},
        {"return true", "return true, while", "L001", 10, NULL},
        {"return workflow", "while true do end return workflow", "L003", 1, NULL},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const struct mistake *m = &mistakes[i];
        const char *at = strstr(sound, m->old);
        assert_non_null(at);
        char source[4096];
        snprintf(source, sizeof source, "%.*s%s%s", (int)(at - sound), sound, m->fresh,
            at + strlen(m->old));
        json_t *report = check(source);
        char *text = author_check_text(report);
        const json_t *row = find(report, m->id);
        if (m->id[0] != '\0' &&
            (row == NULL || json_number(row, "line", 0) != m->line ||
                (m->near != NULL && !text_equal(json_text(row, "near"), m->near)))) {
            fail_msg("%s: wanted %s at line %d near %s\n%s", m->fresh, m->id, m->line,
                m->near != NULL ? m->near : "-", text);
        }
        if (m->id[0] != '\0' && m->id[1] == '0') {
            assert_string_equal("FAIL", json_text(report, "result"));
        }
        mem_free(text);
        json_decref(report);
    }
}

static void the_caret_stands_below_the_wrong_name(void **state)
{
    (void)state;
    json_t *report = check("return workflow 'x' { title = '试',\n"
                           "states = { a = { title = '一', initial = true },\n"
                           "  b = { title = '二', final = true } },\n"
                           "actions = { go1 = on 'a -> bb' { title = '走', by = 'x' } } }");
    const json_t *row = find(report, "F001");
    assert_int_equal(4, json_number(row, "line", 0));
    assert_int_equal(28, json_number(row, "column", 0));
    char *text = author_check_text(report);
    assert_non_null(strstr(text, "                           ^^\n"));
    mem_free(text);
    json_decref(report);
}

static void a_missing_file_is_an_error_of_the_call(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(author_check("/nonexistent.lua", NULL, &err));
    assert_int_equal(ERR_FILE, err.code);
    err_clear(&err);
}

/* A scenario that fails is told with its line; one that cannot begin fails, too. */
static void failing_scenarios_say_where_and_why(void **state)
{
    (void)state;
    const char *root = getenv("FENGQIAO_SOURCE");
    char folder[] = "/tmp/fq-author-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/x.lua", folder);
    char *workflows = mem_printf("%s/workflows", root != NULL ? root : ".");
    struct err err = {0};
    struct world *world = world_load(workflows, NULL, &err);
    assert_non_null(world);
    const char *end = strstr(sound, " } }\n");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
        "%.*s },\ntests = {\nscenario '一' { open { body = 'yanglujing.vc' } },\n"
        "scenario '二' { expect { state = 'open' } },\n"
        "scenario '三' { wait '1 fortnight' },\n"
        "scenario '四' {\n  open { body = 'nowhere.tw' } },\n"
        "scenario '五' { act 'finsh' {} } } }\n",
        (int)(strstr(end + 1, "\n") - sound) - 4, sound);
    fclose(file);
    json_t *report = author_test(path, world, &err);
    if (report == NULL) {
        fail_msg("%s", err.message);
    }
    assert_string_equal("FAIL", json_text(report, "result"));
    assert_int_equal(5, json_number(report, "failed", 0));
    char *text = author_test_text(report);
    assert_non_null(strstr(text, "x.lua:16  "));
    assert_non_null(strstr(text, "finsh"));
    assert_non_null(strstr(text, "actions no scenario does: finish"));
    mem_free(text);
    json_decref(report);
    unlink(path);
    rmdir(folder);
    world_free(world);
    mem_free(path);
    mem_free(workflows);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_flow_has_no_findings),
        cmocka_unit_test(every_unsound_flow_is_found_with_line_and_nearest_name),
        cmocka_unit_test(the_caret_stands_below_the_wrong_name),
        cmocka_unit_test(a_missing_file_is_an_error_of_the_call),
        cmocka_unit_test(failing_scenarios_say_where_and_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
