/* Hand-overs in a flow's document: what they compile to, what is wrong with them alone, and beside
 * the flows they lead to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"

#include <stdlib.h>
#include <string.h>

#define ROLES "'roles':[{'name':'m','title':'调解员','at':'host','members':['mediator']}],"

static const char sender_doc[] =
    "{'api':1,'id':'people','title':'人民调解'," ROLES
    "'fields':[{'name':'brief','title':'简况','type':'text'},"
    "{'name':'amount','title':'金额','type':'money'},"
    "{'name':'offer','title':'底价','type':'money','secret':'team'}],"
    "'clocks':[{'name':'work','title':'办理','limit':'10 "
    "d','from':['open','waiting'],'to':['done'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'}]}]}],"
    "'states':[{'name':'open','title':'在办','initial':true,'work':'m'},"
    "{'name':'waiting','title':'待确认'},{'name':'confirming','title':'确认中'},"
    "{'name':'done','title':'办结','final':true}],"
    "'actions':[{'name':'to_court','title':'申请确认','from':['open'],'to':'waiting','by':['m'],"
    "'hand_over':{'flow':'court','to':{'kind':'common','name':'xfj'},"
    "'carry':[{'name':'subject','from':'brief'},{'name':'sum','from':'amount'}],"
    "'received':[{'do':'go','name':'confirming'}],'returned':[{'do':'go','name':'open'}],"
    "'closed':[{'outcome':'确认有效','outcomes':[{'do':'go','name':'done'}]},"
    "{'outcomes':[{'do':'go','name':'open'}]}]}},"
    "{'name':'finish','title':'办结案件','from':['open'],'to':'done','by':['m'],'takes':true}]}";

static const char receiver_doc[] =
    "{'api':1,'id':'court','title':'司法确认'," ROLES
    "'fields':[{'name':'subject','title':'事由','type':'text'},"
    "{'name':'sum','title':'标的','type':'money'}],"
    "'clocks':[{'name':'sign','title':'签收','limit':'3 "
    "workdays','from':['incoming','new'],'to':['in'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'}]}]},"
    "{'name':'work','title':'审查','limit':'10 d','from':['in'],'to':['ok'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'}]}]}],"
    "'states':[{'name':'new','title':'已登记','initial':true,'work':'m'},"
    "{'name':'incoming','title':'已移送','arrival':true,'work':'m'},"
    "{'name':'in','title':'审查中','work':'m','handling':true},"
    "{'name':'ok','title':'确认','final':true,'outcome':'确认有效'},"
    "{'name':'back','title':'退回','final':true}],"
    "'actions':[{'name':'file','title':'立案','from':['new'],'to':'in','by':['m']},"
    "{'name':'receive','title':'签收','from':['incoming'],'to':'in','by':['m'],'receipt':'accept'},"
    "{'name':'give_back','title':'退件','from':['incoming'],'to':'back','by':['m'],'reason':true,"
    "'receipt':'return','within':'sign'},"
    "{'name':'confirm','title':'裁定','from':['in'],'to':'ok','by':['m']}]}";

/* text with the first `old` replaced, compiled. */
static struct flow *compile(const char *text, const char *old, const char *new)
{
    const char *at = old == NULL ? NULL : strstr(text, old);
    assert_true(old == NULL || at != NULL);
    char *changed = at == NULL
                        ? mem_strdup(text)
                        : mem_printf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    for (char *p = changed; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *doc = json_loads(changed, 0, NULL);
    assert_non_null(doc);
    struct err err = {0};
    struct flow *f = flow_compile(doc, &err);
    if (f == NULL) {
        fail_msg("%s at %s", err.message, json_text(err.data, "path"));
    }
    json_decref(doc);
    mem_free(changed);
    return f;
}

static const json_t *found(const json_t *findings, const char *id, const char *path)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *row = json_array_get(findings, i);
        if (text_equal(json_text(row, "id"), id) && text_starts(json_text(row, "path"), path)) {
            return row;
        }
    }
    char *text = json_dumps(findings, 0);
    print_message("%s\n", text);
    free(text);
    return NULL;
}

static void a_hand_over_is_compiled_with_three_hops_unless_told(void **state)
{
    (void)state;
    struct flow *f = compile(sender_doc, NULL, NULL), *g = compile(receiver_doc, NULL, NULL);
    const struct flow_hand_over *h = flow_action(f, "to_court")->hand_over;
    assert_string_equal("court", h->flow);
    assert_int_equal(3, h->max_hops);
    assert_false(h->sealed);
    assert_int_equal(TO_COMMON, h->to.kind);
    assert_string_equal("xfj", h->to.name);
    assert_string_equal("subject", h->carry[0].to);
    assert_string_equal("brief", h->carry[0].from);
    assert_string_equal("确认有效", h->closed[0].outcome);
    assert_null(h->closed[1].outcome);
    assert_true(flow_action(f, "finish")->takes);
    assert_null(flow_arrival(f));
    assert_string_equal("incoming", flow_arrival(g)->name);
    assert_int_equal(RECEIPT_ACCEPT, flow_action(g, "receive")->receipt);
    assert_string_equal("sign", flow_action(g, "give_back")->within);
    assert_true(flow_state(g, "in")->handling);
    flow_free(f);
    flow_free(g);
}

static void two_flows_that_fit_have_no_findings(void **state)
{
    (void)state;
    struct flow *f = compile(sender_doc, NULL, NULL), *g = compile(receiver_doc, NULL, NULL);
    const struct flow *known[] = {f, g};
    json_t *lists[] = {flow_verify(f, NULL), flow_verify(g, NULL),
        flow_verify_links(f, known, 2, true), flow_verify_links(g, known, 2, true)};
    for (size_t i = 0; i < 4; i++) {
        char *text = json_dumps(lists[i], 0);
        assert_string_equal("[]", text);
        free(text);
        json_decref(lists[i]);
    }
    flow_free(f);
    flow_free(g);
}

struct wrong {
    bool receiver;
    const char *old, *new, *id, *path;
};

static void what_is_wrong_with_a_hand_over_alone_is_told(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {false, "'from':'brief'", "'from':'brif'", "F006", "actions.to_court.hand_over.carry"},
        {false, "{'do':'go','name':'confirming'}", "{'do':'go','name':'confirmed'}", "F001",
            "actions.to_court.hand_over.received"},
        {false, "{'outcomes':[{'do':'go','name':'open'}]}",
            "{'outcomes':[{'do':'go','name':'opne'}]}", "F001",
            "actions.to_court.hand_over.closed"},
        {false, "{'kind':'common','name':'xfj'}", "{'kind':'field','name':'brief'}", "F006",
            "actions.to_court.hand_over.to"},
        {false, "'takes':true", "'receipt':'accept'", "F024", "actions.finish.receipt"},
        {false, "'title':'申请确认'", "'title':'申请确认','receipt':'accept'", "F024",
            "actions.to_court.receipt"},
        {true, "'within':'sign'", "'within':'sing'", "F011", "actions.give_back.within"},
        {true, "'from':['incoming'],'to':'in'", "'from':['new'],'to':'in'", "F024",
            "actions.receive.receipt"},
        {true, "'to':'back'", "'to':'in'", "F108", "actions.give_back.receipt"},
        {true, "'handling':true", "'arrival':true", "F008", "states.in.arrival"},
        {true, "'receipt':'accept'", "'takes':true", "F110", "states.incoming.arrival"},
        {true, "'arrival':true,'work':'m'", "'arrival':true,'final':true", "F008",
            "states.incoming"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct flow *f =
            compile(cases[i].receiver ? receiver_doc : sender_doc, cases[i].old, cases[i].new);
        json_t *findings = flow_verify(f, NULL);
        assert_non_null(found(findings, cases[i].id, cases[i].path));
        json_decref(findings);
        flow_free(f);
    }
}

static void a_hand_over_to_what_is_not_there_names_the_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *sender_old, *sender_new, *receiver_old, *receiver_new, *id, *path, *near;
    } cases[] = {
        {"'flow':'court'", "'flow':'cuort'", NULL, NULL, "F023", "actions.to_court.hand_over",
            "court"},
        {"'name':'subject','from'", "'name':'subjekt','from'", NULL, NULL, "F023",
            "actions.to_court.hand_over.carry.subjekt", "subject"},
        {"'outcome':'确认有效'", "'outcome':'确认有郊'", NULL, NULL, "F112",
            "actions.to_court.hand_over.closed", "确认有效"},
        {NULL, NULL, "'arrival':true", "'handling':true", "F023", "actions.to_court.hand_over",
            NULL},
        {"'name':'sum','from':'amount'", "'name':'sum','from':'brief'", NULL, NULL, "F023",
            "actions.to_court.hand_over.carry.sum", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct flow *f = compile(sender_doc, cases[i].sender_old, cases[i].sender_new);
        struct flow *g = compile(receiver_doc, cases[i].receiver_old, cases[i].receiver_new);
        const struct flow *known[] = {f, g};
        json_t *findings = flow_verify_links(f, known, 2, true);
        const json_t *row = found(findings, cases[i].id, cases[i].path);
        assert_non_null(row);
        if (cases[i].near != NULL) {
            assert_string_equal(cases[i].near, json_text(row, "near"));
        }
        json_decref(findings);
        flow_free(f);
        flow_free(g);
    }
}

static void a_flow_that_may_still_come_is_a_warning(void **state)
{
    (void)state;
    struct flow *f = compile(sender_doc, NULL, NULL);
    const struct flow *known[] = {f};
    json_t *findings = flow_verify_links(f, known, 1, false);
    assert_non_null(found(findings, "F111", "actions.to_court.hand_over"));
    assert_false(flow_diagnostics_fail(findings));
    json_decref(findings);
    flow_free(f);
}

static void a_secret_that_is_carried_into_the_open_is_a_warning(void **state)
{
    (void)state;
    struct flow *f = compile(sender_doc, "'from':'amount'", "'from':'offer'");
    struct flow *g = compile(receiver_doc, NULL, NULL);
    const struct flow *known[] = {g};
    json_t *findings = flow_verify_links(f, known, 1, true);
    assert_non_null(found(findings, "F109", "actions.to_court.hand_over.carry.sum"));
    json_decref(findings);
    flow_free(f);
    flow_free(g);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hand_over_is_compiled_with_three_hops_unless_told),
        cmocka_unit_test(two_flows_that_fit_have_no_findings),
        cmocka_unit_test(what_is_wrong_with_a_hand_over_alone_is_told),
        cmocka_unit_test(a_hand_over_to_what_is_not_there_names_the_nearest),
        cmocka_unit_test(a_flow_that_may_still_come_is_a_warning),
        cmocka_unit_test(a_secret_that_is_carried_into_the_open_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
