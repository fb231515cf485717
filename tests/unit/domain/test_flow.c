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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char small_doc[] =
    "{'api':1,'id':'x','title':'试','roles':[{'name':'m','title':'调解员','at':'host','members':['"
    "mediator']}],"
    "'fields':[{'name':'note','title':'记录','type':'text','max':5},"
    "{'name':'kind','title':'类型','type':'choice','choices':['邻里','婚姻家庭']},"
    "{'name':'amount','title':'金额','type':'money'},{'name':'people','title':'人数','type':'"
    "integer'},"
    "{'name':'reps','title':'代表人数','type':'integer','max':5},"
    "{'name':'day','title':'日期','type':'date'},{'name':'urgent','title':'紧急','type':'flag'},"
    "{'name':'to','title':'单位','type':'body'}],"
    "'profiles':[{'name':'A','title':'旧','to':'2022-04-30'},{'name':'B','title':'新','from':'2022-"
    "05-01'}],"
    "'clocks':[{'name':'work','title':'办理','limit':'10 d','from':['open'],'to':['done'],"
    "'steps':[{'name':'late','when':'late','outcomes':[{'do':'mark','name':'red'}]}]}],"
    "'states':[{'name':'open','title':'在办','initial':true,'work':'m'},"
    "{'name':'done','title':'办结','final':true}],"
    "'actions':[{'name':'finish','title':'办结案件','from':['open'],'to':'done','by':['m'],"
    "'route':{'kind':'agency','name':'rsj','min':3,'max':3}}]}";

static json_t *doc_of(const char *single_quoted)
{
    char *text = mem_strdup(single_quoted);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    json_t *doc = json_loads(text, 0, NULL);
    assert_non_null(doc);
    mem_free(text);
    return doc;
}

static struct flow *compile_small(void)
{
    json_t *doc = doc_of(small_doc);
    struct err err = {0};
    struct flow *f = flow_compile(doc, &err);
    if (f == NULL) {
        fail_msg("%s", err.message);
    }
    json_decref(doc);
    return f;
}

static void names_and_titles_find_the_same_part(void **state)
{
    (void)state;
    struct flow *f = compile_small();
    assert_ptr_equal(flow_state(f, "open"), flow_state(f, "在办"));
    assert_ptr_equal(flow_action(f, "finish"), flow_action(f, "办结案件"));
    assert_ptr_equal(flow_field(f, "kind"), flow_field(f, "类型"));
    assert_ptr_equal(flow_clock(f, "work"), flow_clock(f, "办理"));
    assert_null(flow_state(f, "nowhere"));
    assert_null(flow_action(f, NULL));
    assert_string_equal("open", flow_initial(f)->name);
    assert_int_equal(TO_AGENCY, f->actions[0].route.kind);
    assert_int_equal(3, f->actions[0].route.level_min);
    flow_free(f);
    flow_free(NULL);
}

static void the_profile_is_chosen_by_the_day(void **state)
{
    (void)state;
    struct flow *f = compile_small();
    struct date before, after;
    date_parse("2022-04-30", &before);
    date_parse("2022-05-01", &after);
    assert_string_equal("A", flow_profile_on(f, before)->id);
    assert_string_equal("B", flow_profile_on(f, after)->id);
    flow_free(f);
}

static void equal_documents_have_equal_versions(void **state)
{
    (void)state;
    struct flow *a = compile_small(), *b = compile_small();
    assert_string_equal(a->version, b->version);
    json_t *other = json_deep_copy(a->doc);
    json_object_set_new(other, "title", json_string("另"));
    struct flow *c = flow_compile(other, NULL);
    assert_string_not_equal(a->version, c->version);
    json_decref(other);
    flow_free(a);
    flow_free(b);
    flow_free(c);
}

struct value_case {
    const char *field, *given, *kept; /* kept NULL: refused */
};

static void values_are_checked_by_their_type(void **state)
{
    (void)state;
    static const struct value_case cases[] = {{"note", "\"五个字以内\"", "\"五个字以内\""},
        {"note", "\"六个字太多了\"", NULL}, {"note", "3", NULL}, {"note", "null", NULL},
        {"kind", "\"邻里\"", "\"邻里\""}, {"kind", "\"邻居\"", NULL}, {"kind", "1", NULL},
        {"amount", "1234", "\"1234.00\""}, {"amount", "12.5", "\"12.50\""},
        {"amount", "\"0.1\"", "\"0.10\""}, {"amount", "\"12\"", "\"12.00\""},
        {"amount", "-1", NULL}, {"amount", "\"1.234\"", NULL}, {"amount", "\"1,000\"", NULL},
        {"amount", "\"\"", NULL}, {"amount", "\"9999999999999\"", NULL}, {"amount", "1e300", NULL},
        {"people", "12", "12"}, {"people", "\"12\"", "12"}, {"people", "\"-3\"", "-3"},
        {"people", "1.5", NULL}, {"people", "\"12人\"", NULL}, {"people", "\"\"", NULL},
        {"reps", "5", "5"}, {"reps", "0", "0"}, {"reps", "6", NULL}, {"reps", "-1", NULL},
        {"people", "9007199254740993", NULL}, {"people", "\"99999999999999999999\"", NULL},
        {"day", "\"2024-02-29\"", "\"2024-02-29\""}, {"day", "\"2023-02-29\"", NULL},
        {"day", "\"2024-2-9\"", "\"2024-02-09\""},
        {"day", "\"２０２４－０２－０９\"", "\"2024-02-09\""},
        {"day", "\"2024年2月9日\"", "\"2024-02-09\""}, {"day", "\"2024/2/9\"", "\"2024-02-09\""},
        {"day", "\"2023年2月29日\"", NULL}, {"day", "\"24-2-9\"", NULL},
        {"day", "\"2024-2-9x\"", NULL}, {"day", "\"2024-2\"", NULL}, {"people", "\"１２\"", "12"},
        {"amount", "\"２０００元\"", "\"2000.00\""}, {"amount", "\"元\"", NULL},
        {"urgent", "true", "true"}, {"urgent", "\"是\"", "true"}, {"urgent", "\"no\"", "false"},
        {"urgent", "\"maybe\"", NULL}, {"to", "\"hainan.nmj\"", "\"hainan.nmj\""},
        {"to", "[]", NULL}};
    struct flow *f = compile_small();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *given = json_loads(cases[i].given, JSON_DECODE_ANY, NULL);
        struct err err = {0};
        json_t *kept = flow_field_value(flow_field(f, cases[i].field), given, &err);
        char *text = kept != NULL ? json_dumps(kept, JSON_ENCODE_ANY) : NULL;
        if (!text_equal(text, cases[i].kept)) {
            fail_msg(
                "%s %s gave %s", cases[i].field, cases[i].given, text != NULL ? text : err.message);
        }
        assert_int_equal(kept == NULL ? ERR_FORM : ERR_NONE, err.code);
        free(text);
        json_decref(kept);
        json_decref(given);
        err_clear(&err);
    }
    flow_free(f);
}

static void a_mistyped_choice_is_told_the_nearest(void **state)
{
    (void)state;
    struct flow *f = compile_small();
    struct err err = {0};
    json_t *given = json_string("婚姻家廷");
    assert_null(flow_field_value(flow_field(f, "kind"), given, &err));
    assert_non_null(strstr(err.hint, "婚姻家庭"));
    err_clear(&err);
    json_decref(given);
    flow_free(f);
}

static void malformed_documents_name_the_place(void **state)
{
    (void)state;
    static const char *const cases[][3] = {{"'id':'x'", "'id':3", "id"},
        {"'title':'试'", "'titel':'试'", "titel"},
        {"'type':'text'", "'type':'txet'", "fields.note.type"},
        {"'limit':'10 d'", "'limit':'10 fortnights'", "clocks.work.limit"},
        {"'limit':'10 d',", "", "clocks.work.term"},
        {"'limit':'10 d'", "'limit':'0 d'", "clocks.work.limit"},
        {"'initial':true", "'initial':1", "states.open.initial"},
        {"'do':'mark'", "'do':'paint'", "clocks.work.steps.late.outcomes[1].do"},
        {"'by':['m']", "'by':'m'", "actions.finish.by"},
        {"'by':['m']", "'by':[1]", "actions.finish.by"}, {"'by':['m'],", "", "actions.finish.by"},
        {"'min':3,'max':3", "'min':4,'max':3", "actions.finish.route.min"},
        {"'kind':'agency','name':'rsj'", "'kind':'agency'", "actions.finish.route.name"},
        {"'to':'2022-04-30'", "'to':'2022-04-31'", "profiles.A.to"}, {"'api':1", "'api':2", "api"},
        {"'states':[", "'states':[7,", "states[1]"},
        {"'choices':['邻里','婚姻家庭']", "'choices':[]", "fields.kind.choices"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *at = strstr(small_doc, cases[i][0]);
        assert_non_null(at);
        char *text = mem_printf(
            "%.*s%s%s", (int)(at - small_doc), small_doc, cases[i][1], at + strlen(cases[i][0]));
        json_t *doc = doc_of(text);
        struct err err = {0};
        assert_null(flow_compile(doc, &err));
        if (err.code != ERR_FORM || !text_equal(json_text(err.data, "path"), cases[i][2])) {
            fail_msg("%s: %s at %s", cases[i][1], err.message, json_text(err.data, "path"));
        }
        err_clear(&err);
        json_decref(doc);
        mem_free(text);
    }
}

static void what_is_no_object_is_refused(void **state)
{
    (void)state;
    json_t *list = json_array();
    struct err err = {0};
    assert_null(flow_compile(list, &err));
    assert_int_equal(ERR_FORM, err.code);
    assert_null(flow_compile(NULL, NULL));
    err_clear(&err);
    json_decref(list);
}

static void a_section_has_a_limit(void **state)
{
    (void)state;
    json_t *doc = doc_of(small_doc);
    json_t *states = json_object_get(doc, "states");
    for (int i = 0; i < 600; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        json_array_append_new(states, json_pack("{s:s, s:s}", "name", name, "title", name));
    }
    struct err err = {0};
    assert_null(flow_compile(doc, &err));
    assert_string_equal("states", json_text(err.data, "path"));
    err_clear(&err);
    json_decref(doc);
}

static void targets_of_hooks_are_read_alone(void **state)
{
    (void)state;
    struct flow_target t;
    struct err err = {0};
    json_t *doc = doc_of("{'kind':'kind','name':'xfj','min':3}");
    assert_true(flow_target_parse(doc, &t, &err));
    assert_string_equal("xfj", t.name);
    assert_int_equal(9, t.level_max);
    flow_target_close(&t);
    json_decref(doc);
    doc = doc_of("{'kind':'moon'}");
    assert_false(flow_target_parse(doc, &t, &err));
    assert_false(flow_target_parse(NULL, &t, NULL));
    err_clear(&err);
    json_decref(doc);
}

int main(void)
{
    lang_init();
    lang_use(LANG_EN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_titles_find_the_same_part),
        cmocka_unit_test(the_profile_is_chosen_by_the_day),
        cmocka_unit_test(equal_documents_have_equal_versions),
        cmocka_unit_test(values_are_checked_by_their_type),
        cmocka_unit_test(a_mistyped_choice_is_told_the_nearest),
        cmocka_unit_test(malformed_documents_name_the_place),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(a_section_has_a_limit),
        cmocka_unit_test(targets_of_hooks_are_read_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
