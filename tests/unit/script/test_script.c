#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "domain/flow.h"
#include "script/script.h"

#include <stdlib.h>
#include <string.h>

static const char small_flow[] =
    "local limit = 5\n"
    "return workflow 'small' {\n"
    "  title = '小流程', track = 'people',\n"
    "  roles = { mediator = at 'host' { 'mediator', 'chief', title = '调解员' } },\n"
    "  fields = {\n"
    "    kind = choice { '邻里', '其他', title = '类型', required = true },\n"
    "    brief = text '简况',\n"
    "  },\n"
    "  clocks = {\n"
    "    work = clock { title = '办理', limit = '10 days', from = 'open', to = 'done|dropped',\n"
    "      warn = { '7 days left', left '3 workdays' { mark 'yellow', notify 'acting' } },\n"
    "      late = { mark 'red',\n"
    "        after '15 days' { escalate { to = 'parent', unless = 'party_refused' } } } },\n"
    "  },\n"
    "  states = {\n"
    "    open = { title = '在办', initial = true, work = 'mediator' },\n"
    "    done = { title = '办结', final = true },\n"
    "    dropped = { title = '撤回', final = true },\n"
    "  },\n"
    "  actions = {\n"
    "    finish = on 'open -> done' { title = '办结', by = 'mediator', form = { 'kind', 'brief?' "
    "},\n"
    "      when = 'few', run = 'tell' },\n"
    "    drop = on '* -> dropped' { title = '撤回', by = 'mediator', reason = true },\n"
    "  },\n"
    "  guards = {\n"
    "    few = function(case, input, today)\n"
    "      return count(case.parties) < limit, '当事人太多', '第五条'\n"
    "    end,\n"
    "  },\n"
    "  hooks = { tell = function(case) return { mark 'yellow', set { brief = case.number },\n"
    "    notify 'mediator' { reason = '办结' }, supervise { to = kind 'sfs' { level = 'town' } } } "
    "end },\n"
    "  tests = { scenario '办结' { open { at = '2026-01-05' }, act 'finish' { kind = '邻里' },\n"
    "    expect { state = 'done' } } },\n"
    "}\n";

static struct script *load(const char *source, struct flow **flow)
{
    struct err err = {0};
    struct script *s = script_load(source, strlen(source), "small.lua", NULL, flow, &err);
    if (s == NULL) {
        fail_msg("%s (%s)", err.message, err.hint);
    }
    return s;
}

static void a_script_becomes_a_flow_in_the_order_written(void **state)
{
    (void)state;
    struct flow *f;
    struct script *s = load(small_flow, &f);
    assert_string_equal("small", f->id);
    assert_string_equal("open", f->states[0].name);
    assert_string_equal("done", f->states[1].name);
    assert_string_equal("dropped", f->states[2].name);
    assert_string_equal("finish", f->actions[0].name);
    assert_true(f->actions[0].form[0].required);
    assert_false(f->actions[0].form[1].required);
    assert_string_equal("few", f->actions[0].guard);
    assert_string_equal("open", f->actions[1].from[0]);
    assert_null(f->actions[1].from[1]);
    const struct flow_clock *k = flow_clock(f, "办理");
    assert_int_equal(4, k->step_count);
    assert_int_equal(STEP_LEFT, k->steps[0].when);
    assert_int_equal(7, k->steps[0].span.n);
    assert_int_equal(DO_NOTIFY, k->steps[0].outcomes[0].kind);
    assert_null(k->steps[1].outcomes[1].name);
    assert_int_equal(STEP_LATE, k->steps[2].when);
    assert_int_equal(0, k->steps[2].span.n);
    assert_int_equal(DO_ESCALATE, k->steps[3].outcomes[0].kind);
    assert_int_equal(TO_PARENT, k->steps[3].outcomes[0].target.kind);
    assert_string_equal("party_refused", k->steps[3].outcomes[0].unless);
    assert_string_equal("small.lua", f->file);
    flow_free(f);
    script_free(s);
}

static void every_part_knows_its_line(void **state)
{
    (void)state;
    struct flow *f;
    struct script *s = load(small_flow, &f);
    assert_int_equal(10, script_line(s, "clocks.work"));
    assert_int_equal(12, script_line(s, "clocks.work.late"));
    assert_int_equal(13, script_line(s, "clocks.work.late[2]"));
    assert_int_equal(16, script_line(s, "states.open.work"));
    assert_int_equal(21, script_line(s, "actions.finish.to")); /* falls back to the action */
    assert_int_equal(0, script_line(s, "nothing"));
    const json_t *step =
        json_array_get(json_object_get(json_array_get(script_tests(s), 0), "steps"), 1);
    assert_string_equal("act", json_text(step, "do"));
    assert_string_equal("finish", json_text(step, "name"));
    assert_int_equal(32, json_number(step, "line", 0));
    flow_free(f);
    script_free(s);
}

static void the_same_source_has_the_same_version(void **state)
{
    (void)state;
    struct flow *a, *b;
    struct script *s = load(small_flow, &a), *t = load(small_flow, &b);
    assert_string_equal(a->version, b->version);
    assert_int_equal(64, strlen(a->version));
    flow_free(a);
    flow_free(b);
    script_free(s);
    script_free(t);
}

static struct script_call call_with_parties(int n)
{
    json_t *kase = json_pack("{s:s, s:[]}", "number", "羊调26-0001", "parties");
    for (int i = 0; i < n; i++) {
        json_array_append_new(json_object_get(kase, "parties"), json_pack("{s:s}", "name", "甲"));
    }
    return (struct script_call){.kase = kase, .today = "2026-01-05"};
}

static void a_guard_refuses_in_its_own_words(void **state)
{
    (void)state;
    struct flow *f;
    struct script *s = load(small_flow, &f);
    struct err err = {0};
    struct script_call call = call_with_parties(2);
    assert_true(script_guard(s, "few", &call, &err));
    json_decref((json_t *)call.kase);
    call = call_with_parties(5);
    assert_false(script_guard(s, "few", &call, &err));
    assert_int_equal(ERR_GUARD, err.code);
    assert_string_equal("当事人太多（第五条）", err.message);
    assert_string_equal("第五条", json_text(err.data, "ground"));
    json_decref((json_t *)call.kase);
    err_clear(&err);
    flow_free(f);
    script_free(s);
}

static void a_hook_returns_outcomes(void **state)
{
    (void)state;
    struct flow *f;
    struct script *s = load(small_flow, &f);
    struct err err = {0};
    struct script_call call = call_with_parties(1);
    json_t *outcomes = script_hook(s, "tell", &call, &err);
    assert_non_null(outcomes);
    char *text = json_canonical(outcomes);
    assert_string_equal("[{\"do\":\"mark\",\"name\":\"yellow\"},"
                        "{\"do\":\"set\",\"field\":\"brief\",\"value\":\"羊调26-0001\"},"
                        "{\"do\":\"notify\",\"name\":\"mediator\",\"reason\":\"办结\"},"
                        "{\"do\":\"supervise\",\"to\":{\"kind\":\"kind\",\"max\":2,\"min\":2,"
                        "\"name\":\"sfs\"}}]",
        text);
    free(text);
    json_decref(outcomes);
    json_decref((json_t *)call.kase);
    flow_free(f);
    script_free(s);
}

/* A case of two members that counts what is looked at. */
static int looked_at[2];

static const char *counted_name(size_t member)
{
    static const char *const names[] = {"number", "parties"};
    return member < 2 ? names[member] : NULL;
}

static json_t *counted_see(void *ctx, size_t member)
{
    looked_at[member]++;
    return json_incref(json_object_get(ctx, counted_name(member)));
}

static void only_what_a_guard_looks_at_is_made_and_once_for_an_unchanged_case(void **state)
{
    (void)state;
    struct flow *f;
    struct script *s = load(small_flow, &f);
    struct err err = {0};
    json_t *few = json_pack("{s:s, s:[]}", "number", "羊调26-0001", "parties");
    json_t *many =
        json_pack("{s:s, s:[i,i,i,i,i]}", "number", "羊调26-0002", "parties", 1, 2, 3, 4, 5);
    struct script_view view = {.stamp = 7, .name = counted_name, .see = counted_see, .ctx = few};
    struct script_call call = {.today = "2026-01-05", .view = &view};
    memset(looked_at, 0, sizeof looked_at);
    assert_true(script_guard(s, "few", &call, &err));
    assert_true(script_guard(s, "few", &call, &err));
    assert_int_equal(1, looked_at[1]);
    assert_int_equal(0, looked_at[0]);
    view.stamp = 8;
    view.ctx = many;
    assert_false(script_guard(s, "few", &call, &err));
    assert_int_equal(ERR_GUARD, err.code);
    assert_int_equal(2, looked_at[1]);
    err_clear(&err);
    json_decref(few);
    json_decref(many);
    flow_free(f);
    script_free(s);
}

/* What replaces `old` in the small flow must be refused with these words at this line. */
static void assert_refused(const char *old, const char *fresh, const char *place, const char *words)
{
    char source[8192];
    const char *at = strstr(small_flow, old);
    assert_non_null(at);
    snprintf(source, sizeof source, "%.*s%s%s", (int)(at - small_flow), small_flow, fresh,
        at + strlen(old));
    struct err err = {0};
    struct flow *f;
    struct script *s = script_load(source, strlen(source), "small.lua", NULL, &f, &err);
    if (s != NULL || strstr(err.message, place) == NULL ||
        (strstr(err.message, words) == NULL && strstr(err.hint, words) == NULL)) {
        fail_msg("%s gave: %s (%s)", fresh, s != NULL ? "a flow" : err.message, err.hint);
    }
    assert_int_equal(ERR_SCRIPT, err.code);
    err_clear(&err);
}

static void mistakes_name_line_and_nearest_name(void **state)
{
    (void)state;
    assert_refused("warn =", "wann =", "small.lua:11:", "warn");
    assert_refused("title = '小流程'", "titel = '小流程'", "small.lua:3:", "title");
    assert_refused("text '简况'", "txet '简况'", "small.lua:7:", "text");
    assert_refused("limit = '10 days'", "limit = '10 dsys'", "small.lua:10:", "10 dsys");
    assert_refused("to = 'parent'", "to = 'parnet'", "small.lua:13:", "parent");
    assert_refused("mark 'red'", "makr 'red'", "small.lua:12:", "mark");
    assert_refused("final = true },\n    dropped", "final = 1 },\n    dropped",
        "small.lua:17:", "true or false");
    assert_refused("when = 'few'", "when = function() end", "small.lua:22:", "function");
    assert_refused(
        "return workflow 'small'", "x = 1 return workflow 'small'", "small.lua:2:", "local");
    assert_refused("'其他', title", "'其他', title = nil, nil, 'x', titel", "small.lua:6:", "hole");
    assert_refused("expect {", "expekt {", "small.lua:33:", "expect");
}

static const char joint_flow[] =
    "return workflow 'joint' { title = '会办', roles = { m = at 'host' { 'mediator' } },\n"
    "  fields = { helper = body { title = '协办单位', open = false } },\n"
    "  states = { open = { title = '在办', initial = true, work = 'm',\n"
    "      joint = joint { lead = agency 'rsj' { level = 'district' },\n"
    "        to = { kind 'sfs' { level = 'town' }, field 'helper' }, title = '会办意见',\n"
    "        limit = '5 workdays', done = quorum(2), when = 'mixed', late = { mark 'red' } },\n"
    "      adhoc = 'visit' },\n"
    "    done = { title = '办结', final = true } },\n"
    "  tasks = { visit = task { title = '走访', term = 'L4.INFORM', to = 'origin', by = 'm' } "
    "},\n"
    "  actions = { finish = on 'open -> done' { title = '结案', by = 'm', needs = 'joint' } },\n"
    "  guards = { mixed = function(case) return true end },\n"
    "}\n";

static void other_bodies_are_asked_as_the_script_says(void **state)
{
    (void)state;
    struct flow *f;
    struct script *s = load(joint_flow, &f);
    const struct flow_task *t = f->states[0].joint;
    assert_string_equal("会办意见", t->title);
    assert_true(t->has_lead);
    assert_string_equal("rsj", t->lead.name);
    assert_int_equal(2, t->to_count);
    assert_int_equal(TO_FIELD, t->to[1].kind);
    assert_int_equal(JOIN_QUORUM, t->done);
    assert_int_equal(2, t->quorum);
    assert_string_equal("mixed", t->guard);
    assert_int_equal(5, t->clock.limit.n);
    assert_int_equal(2, t->clock.step_count); /* warned a working day before, then late */
    assert_int_equal(STEP_LEFT, t->clock.steps[0].when);
    assert_string_equal("L4.INFORM", f->tasks[0].clock.term);
    assert_int_equal(2, f->tasks[0].clock.step_count); /* a limit of the register is one, too */
    assert_int_equal(DO_MARK, t->clock.steps[1].outcomes[0].kind);
    assert_string_equal("visit", f->states[0].adhoc[0]);
    assert_string_equal("joint", f->actions[0].needs[0]);
    const struct flow_task *visit = flow_task(f, "走访");
    assert_string_equal("m", visit->by[0]);
    assert_int_equal(TO_ORIGIN, visit->to[0].kind);
    assert_null(f->states[1].joint);
    json_t *findings = flow_verify(f, NULL);
    assert_false(flow_diagnostics_fail(findings));
    json_decref(findings);
    flow_free(f);
    script_free(s);
}

static void what_is_no_workflow_is_refused(void **state)
{
    (void)state;
    static const char *const sources[] = {"", "return 1", "return {}", "return text {}",
        "return workflow {}", "return workflow 'x' { fields = 3 }",
        "return workflow 'x' { guards = { a = 1 } }", "return workflow 'x' { guards = 1 }"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct err err = {0};
        struct flow *f;
        assert_null(script_load(sources[i], strlen(sources[i]), "x.lua", NULL, &f, &err));
        assert_int_equal(ERR_SCRIPT, err.code);
        assert_non_null(strstr(err.message, "x.lua"));
        err_clear(&err);
    }
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_becomes_a_flow_in_the_order_written),
        cmocka_unit_test(every_part_knows_its_line),
        cmocka_unit_test(the_same_source_has_the_same_version),
        cmocka_unit_test(a_guard_refuses_in_its_own_words),
        cmocka_unit_test(a_hook_returns_outcomes),
        cmocka_unit_test(only_what_a_guard_looks_at_is_made_and_once_for_an_unchanged_case),
        cmocka_unit_test(mistakes_name_line_and_nearest_name),
        cmocka_unit_test(other_bodies_are_asked_as_the_script_says),
        cmocka_unit_test(what_is_no_workflow_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
