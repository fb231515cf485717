#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"

#include <string.h>

/* Two states, one action; the members in brackets are put in. */
static const char frame[] =
    "{'api':1,'id':'x','title':'试','roles':[{'name':'m','title':'调解员','at':'host',"
    "'members':['mediator']}],'clocks':[],'fields':[{'name':'note','title':'记录','type':'text'}],"
    "'states':[{'name':'open','title':'在办','initial':true,'work':'m'%s},"
    "{'name':'done','title':'办结','final':true%s}],'tasks':[%s],"
    "'actions':[{'name':'finish','title':'结案','from':['open'],'to':'done','by':['m']%s}]}";

static struct flow *compile(
    const char *open, const char *done, const char *tasks, const char *action, struct err *err)
{
    char *text = mem_printf(frame, open, done, tasks, action);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *doc = json_loads(text, 0, NULL);
    assert_non_null(doc);
    struct flow *f = flow_compile(doc, err);
    json_decref(doc);
    mem_free(text);
    return f;
}

/* The first finding with the id; NULL: none. */
static json_t *finding(const json_t *findings, const char *id)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        json_t *one = json_array_get(findings, i);
        if (text_equal(json_text(one, "id"), id)) {
            return one;
        }
    }
    return NULL;
}

static void sound_tasks_give_no_error(void **state)
{
    (void)state;
    struct flow *f = compile(",'joint':{'title':'会办','limit':'5 workdays','to':[{'kind':'kind',"
                             "'name':'sfs'}],'lead':{'kind':'agency','name':'rsj'},'done':'lead'},"
                             "'adhoc':['visit']",
        "", "{'name':'visit','title':'走访','limit':'3 workdays'}", ",'needs':['joint']", NULL);
    json_t *findings = flow_verify(f, NULL);
    assert_false(flow_diagnostics_fail(findings));
    assert_null(finding(findings, "F203"));
    json_decref(findings);
    flow_free(f);
}

struct unsound {
    const char *open, *done, *tasks, *action, *id, *path;
};

static void what_makes_no_sense_is_found(void **state)
{
    (void)state;
#define LIMIT "'title':'会办','limit':'5 workdays'"
#define SFS "'to':[{'kind':'kind','name':'sfs'}]"
    static const struct unsound cases[] = {
        {",'joint':{" LIMIT "}", "", "", "", "F023", "states.open.joint"},
        {",'joint':{" LIMIT "," SFS ",'done':'lead'}", "", "", "", "F023", "states.open.joint"},
        {",'joint':{" LIMIT "," SFS ",'done':'quorum','quorum':2}", "", "", "", "F023",
            "states.open.joint"},
        {",'joint':{'title':'会办'," SFS "}", "", "", "", "F108", "states.open.joint"},
        {",'joint':{" LIMIT "," SFS "}", "", "", "", "F203", "states.open.joint"},
        {",'joint':{" LIMIT "," SFS ",'when':'mixed'}", "", "", "", "F013", "states.open.joint"},
        {",'joint':{" LIMIT ",'to':[{'kind':'field','name':'note'}]}", "", "", "", "F006",
            "states.open.joint"},
        {"", ",'joint':{" LIMIT "," SFS "}", "", "", "F023", "states.done.joint"},
        {",'adhoc':['visits']", "", "{'name':'visit','title':'走访'}", "", "F023",
            "states.open.adhoc"},
        {"", "", "{'name':'visit','title':'走访'}", "", "F109", "tasks.visit"},
        {",'adhoc':['visit']", "", "{'name':'visit','title':'走访','by':['n']}", "", "F005",
            "tasks.visit"},
        {"", "", "", ",'needs':['joint']", "F023", "actions.finish.needs"},
        {"", "", "", ",'needs':['visit']", "F023", "actions.finish.needs"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct unsound *u = &cases[i];
        struct flow *f = compile(u->open, u->done, u->tasks, u->action, NULL);
        assert_non_null(f);
        json_t *findings = flow_verify(f, NULL), *found = finding(findings, u->id);
        if (found == NULL || !text_equal(json_text(found, "path"), u->path)) {
            fail_msg("case %zu: no %s at %s", i, u->id, u->path);
        }
        json_decref(findings);
        flow_free(f);
    }
}

static void limits_of_requests_are_looked_up_in_the_register(void **state)
{
    (void)state;
    struct err err = {0};
    json_t *rows = json_loads("[{\"id\":\"L4.INFORM\",\"title\":\"知悉\",\"span\":\"2 h\",\"kind\":\"target\","
                              "\"start\":\"上提\",\"law\":\"本地默认\",\"mark\":\"D\"}]",
        0, NULL);
    struct terms *terms = terms_load(rows, &err);
    assert_non_null(terms);
    static const char *const joints[] = {"L4.INFORM", "L4.INFORN"};
    for (size_t i = 0; i < 2; i++) {
        char open[256];
        snprintf(open, sizeof open, ",'adhoc':['visit'],'joint':{'title':'会办','term':'%s'," SFS "}", joints[i]);
        struct flow *f =
            compile(open, "", "{'name':'visit','title':'走访','term':'L4.INFO'}", ",'needs':['joint']", NULL);
        json_t *findings = flow_verify(f, terms);
        assert_null(finding(findings, "F108")); /* it is a limit */
        const json_t *found = finding(findings, "F019");
        assert_string_equal(i == 0 ? "tasks.visit" : "states.open.joint", json_text(found, "path"));
        assert_string_equal("L4.INFORM", json_text(found, "near"));
        json_decref(findings);
        flow_free(f);
    }
    assert_null(compile(",'joint':{" LIMIT ",'term':'L4.INFORM'," SFS "}", "", "", "", &err));
    assert_non_null(strstr(err.message, "term"));
    err_clear(&err);
    terms_free(terms);
    json_decref(rows);
}

static void a_mistyped_task_names_the_nearest(void **state)
{
    (void)state;
    struct flow *f =
        compile(",'adhoc':['visits']", "", "{'name':'visit','title':'走访'}", "", NULL);
    json_t *findings = flow_verify(f, NULL);
    assert_string_equal("visit", json_text(finding(findings, "F023"), "near"));
    json_decref(findings);
    flow_free(f);
}

static void a_quorum_without_a_number_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(compile(",'joint':{" LIMIT "," SFS ",'done':'quorum'}", "", "", "", &err));
    assert_int_equal(ERR_FORM, err.code);
    err_clear(&err);
}

static void the_end_of_a_task_leads_on_like_a_clock(void **state)
{
    (void)state;
    struct flow *f = compile(",'joint':{" LIMIT "," SFS ",'steps':[{'name':'late','when':'late',"
                             "'outcomes':[{'do':'go','name':'done'}]}]}",
        "", "", "", NULL);
    json_t *findings = flow_verify(f, NULL);
    assert_null(finding(findings, "F002"));
    json_decref(findings);
    flow_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_tasks_give_no_error),
        cmocka_unit_test(what_makes_no_sense_is_found),
        cmocka_unit_test(limits_of_requests_are_looked_up_in_the_register),
        cmocka_unit_test(a_mistyped_task_names_the_nearest),
        cmocka_unit_test(a_quorum_without_a_number_is_refused),
        cmocka_unit_test(the_end_of_a_task_leads_on_like_a_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
