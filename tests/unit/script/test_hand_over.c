/* hand_over "workflow" { … } and its neighbours, from the script to the document. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "domain/flow.h"
#include "script/script.h"

#include <stdlib.h>
#include <string.h>

static const char head[] =
    "return workflow 'people' { title = '人民调解',\n"
    "roles = { m = at 'host' { 'mediator', title = '调解员' } },\n"
    "fields = { brief = text '简况' },\n"
    "states = { open = { title = '在办', initial = true, work = 'm', handling = true },\n"
    "  incoming = { title = '已移送', arrival = true, work = 'm' },\n"
    "  waiting = { title = '待确认' }, done = { title = '办结', final = true } },\n"
    "actions = {\n"
    "receive = on 'incoming -> open' { title = '签收', by = 'm', receipt = 'accept', takes = true "
    "},\n"
    "give_back = on 'incoming -> done' { title = '退件', by = 'm', receipt = 'return', within = "
    "'c' },\n"
    "to_court = on 'open -> waiting' { title = '申请确认', by = 'm',\n"
    "  hand_over = ";
static const char tail[] = " } } }\n";

static const char good[] =
    "hand_over 'court' { to = common 'xfj', carry = { subject = 'brief', sum = 'brief' },\n"
    "  max_hops = 2, sealed = true, received = { mark 'yellow' }, returned = { go 'open' },\n"
    "  closed = { ['确认有效'] = { go 'done', unmark 'yellow' }, otherwise = { go 'open' },\n"
    "    ['撤回'] = {} } }";

static struct flow *load(const char *hand_over, struct err *err)
{
    char *source = mem_printf("%s%s%s", head, hand_over, tail);
    struct flow *flow = NULL;
    struct script *s = script_load(source, strlen(source), "x.lua", NULL, &flow, err);
    script_free(s);
    mem_free(source);
    return flow;
}

static void the_words_become_a_document(void **state)
{
    (void)state;
    struct err err = {0};
    struct flow *f = load(good, &err);
    assert_string_equal("", err.message);
    const struct flow_hand_over *h = flow_action(f, "to_court")->hand_over;
    assert_string_equal("court", h->flow);
    assert_int_equal(TO_COMMON, h->to.kind);
    assert_int_equal(2, h->max_hops);
    assert_true(h->sealed);
    assert_int_equal(2, h->carry_count);
    assert_int_equal(1, h->received_count);
    assert_int_equal(DO_GO, h->returned[0].kind);
    assert_int_equal(3, h->closed_count);
    const struct flow_ending *by_name[3] = {NULL};
    for (size_t i = 0; i < 3; i++) {
        const char *o = h->closed[i].outcome;
        by_name[o == NULL ? 0 : strcmp(o, "确认有效") == 0 ? 1 : 2] = &h->closed[i];
    }
    assert_int_equal(1, by_name[0]->outcome_count);
    assert_int_equal(2, by_name[1]->outcome_count);
    assert_int_equal(0, by_name[2]->outcome_count);
    assert_true(flow_state(f, "incoming")->arrival);
    assert_true(flow_state(f, "open")->handling);
    assert_true(flow_action(f, "receive")->takes);
    assert_int_equal(RECEIPT_RETURN, flow_action(f, "give_back")->receipt);
    flow_free(f);
}

static void the_common_superior_needs_no_kind(void **state)
{
    (void)state;
    struct err err = {0};
    struct flow *f = load("hand_over 'court' { to = 'common' }", &err);
    assert_string_equal("", err.message);
    assert_int_equal(TO_COMMON, flow_action(f, "to_court")->hand_over->to.kind);
    assert_null(flow_action(f, "to_court")->hand_over->to.name);
    flow_free(f);
}

static void a_mistake_names_its_place(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"'court'", "actions.to_court.hand_over"},
        {"hand_over { to = 'parent' }", "actions.to_court.hand_over"},
        {"hand_over 'court' { }", "actions.to_court.hand_over.to"},
        {"hand_over 'court' { to = 'moon' }", "actions.to_court.hand_over.to"},
        {"hand_over 'court' { to = 'parent', carri = {} }", "actions.to_court.hand_over.carri"},
        {"hand_over 'court' { to = 'parent', max_hops = 0 }",
            "actions.to_court.hand_over.max_hops"},
        {"hand_over 'court' { to = 'parent', carry = { subject = 3 } }",
            "actions.to_court.hand_over.carry.subject"},
        {"hand_over 'court' { to = 'parent', received = { 'open' } }",
            "actions.to_court.hand_over.received[1]"},
        {"hand_over 'court' { to = 'parent', received = go 'open' }",
            "actions.to_court.hand_over.received"},
        {"hand_over 'court' { to = 'parent', closed = { otherwise = go 'open' } }",
            "actions.to_court.hand_over.closed.otherwise"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        assert_null(load(cases[i][0], &err));
        const char *path = json_text(err.data, "path");
        if (path == NULL || strncmp(path, cases[i][1], strlen(cases[i][1])) != 0) {
            fail_msg("%s: %s at %s", cases[i][0], err.message, path);
        }
        err_clear(&err);
    }
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_become_a_document),
        cmocka_unit_test(the_common_superior_needs_no_kind),
        cmocka_unit_test(a_mistake_names_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
