/* What registration left open: parties are added, completed and taken out, registered fields are
 * corrected. */
#include "world.h"

#include "base/text.h"
#include "engine/party.h"

static const char rights[] =
    "[{\"role\":\"mediator\",\"title\":\"调解员\",\"rights\":{\"case.open\":\"subtree\","
    "\"case.read\":\"body\",\"case.note\":\"body\",\"case.claim\":\"body\",\"case.party\":"
    "\"body\"}},{\"role\":\"overseer\",\"title\":\"督办员\",\"rights\":{\"case.read\":\"subtree\","
    "\"case.note\":\"subtree\",\"case.party\":\"body\"}}]";

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct err err = {0};
    world_open(w, NULL, "2026-03-02T10:00:00");
    json_t *doc = json_lit(rights);
    engine_set_access(w->engine, access_load(doc, &err));
    assert_string_equal("", err.message);
    json_decref(doc);
    world_ok(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"fields\":{\"subject\":\"两户地界之争\"},"
        "\"parties\":[{\"role\":\"申请人\",\"name\":\"演示当事人甲\",\"phone\":\"13900001234\"},"
        "{\"role\":\"被申请人\",\"name\":\"演示当事人乙\"}]}");
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

static void refused(struct world *w, enum command_kind kind, const char *user, const char *args,
    enum err_code code, const char *part)
{
    struct answer a = world_do(w, kind, "1", user, args, NULL);
    if (code != a.code || strstr(a.message, part) == NULL) {
        fail_msg("expected %d \"%s\", got %d \"%s\"", code, part, a.code, a.message);
    }
    answer_free(&a);
}

static const char *member(const struct casefile *c, size_t i, const char *key)
{
    const char *text = json_text(json_array_get(c->parties, i), key);
    return text != NULL ? text : "-";
}

static void a_party_is_added_completed_and_taken_out(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_PARTY, "1", "v1",
        "{\"do\":\"add\",\"values\":{\"role\":\"被申请人\",\"name\":\"演示当事人丙\"}}");
    world_ok(w, COMMAND_PARTY, "1", "v2",
        "{\"do\":\"set\",\"party\":2,\"values\":{\"address\":\"村东\",\"age\":41}}");
    world_ok(w, COMMAND_PARTY, "1", "v1",
        "{\"do\":\"set\",\"party\":1,\"values\":{\"phone\":\"\",\"name\":\"演示当事人丁\"}}");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(3, json_array_size(c->parties));
    assert_string_equal("演示当事人丁", member(c, 0, "name"));
    assert_string_equal("-", member(c, 0, "phone"));
    assert_string_equal("村东", member(c, 1, "address"));
    char *names = party_names(c);
    assert_string_equal("演示当事人丁／演示当事人乙等2人", names);
    mem_free(names);
    casefile_free(c);
    world_ok(
        w, COMMAND_PARTY, "1", "v1", "{\"do\":\"remove\",\"party\":3,\"reason\":\"登记错人\"}");
    c = world_case(w, "c1");
    assert_int_equal(2, json_array_size(c->parties));
    casefile_free(c);
}

static void what_does_not_fit_is_refused(void **state)
{
    struct world *w = *state;
    refused(
        w, COMMAND_PARTY, "v1", "{\"do\":\"add\",\"values\":{\"role\":\"证人\"}}", ERR_FORM, "");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"add\"}", ERR_FORM, "");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"swap\",\"party\":1}", ERR_PARAMS, "");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"set\",\"values\":{\"age\":1}}", ERR_PARAMS, "");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"set\",\"party\":3,\"values\":{\"age\":1}}",
        ERR_PARAMS, "3");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"set\",\"party\":1,\"values\":{\"phon\":\"1\"}}",
        ERR_FORM, "phon");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"set\",\"party\":1,\"values\":{\"name\":\"\"}}",
        ERR_FORM, "");
    refused(w, COMMAND_PARTY, "v1",
        "{\"do\":\"set\",\"party\":1,\"values\":{\"phone\":\"13900001234\"}}", ERR_STATE, "");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"set\",\"party\":1,\"values\":{\"person\":\"v9\"}}",
        ERR_FORM, "v9");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"set\",\"party\":1,\"values\":{\"age\":[1]}}",
        ERR_FORM, "");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"remove\",\"party\":1}", ERR_FORM, "reason");
    refused(w, COMMAND_PARTY, "d1", "{\"do\":\"remove\",\"party\":1,\"reason\":\"x\"}",
        ERR_FORBIDDEN, "");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(1, c->version);
    casefile_free(c);
}

static void who_becomes_a_party_loses_the_case_and_handles_it_no_more(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_CLAIM, "1", "v1", "{}");
    world_ok(
        w, COMMAND_PARTY, "1", "v2", "{\"do\":\"set\",\"party\":2,\"values\":{\"person\":\"v1\"}}");
    struct casefile *c = world_case(w, "c1");
    assert_null(c->assignee);
    casefile_free(c);
    refused(w, COMMAND_ACT, "v1", "{\"action\":\"accept\"}", ERR_FORBIDDEN, "演示调解员01");
    refused(w, COMMAND_PARTY, "v1", "{\"do\":\"remove\",\"party\":2,\"reason\":\"x\"}",
        ERR_FORBIDDEN, "");
    world_ok(
        w, COMMAND_PARTY, "1", "v2", "{\"do\":\"set\",\"party\":2,\"values\":{\"person\":\"\"}}");
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
}

static void a_registered_field_is_corrected_with_a_reason(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_CORRECT, "1", "v1",
        "{\"fields\":{\"subject\":\"两户滴水之争\"},\"reason\":\"登记有误\"}");
    struct casefile *c = world_case(w, "c1");
    assert_string_equal("两户滴水之争", json_text(c->fields, "subject"));
    casefile_free(c);
    refused(w, COMMAND_CORRECT, "v1",
        "{\"fields\":{\"subject\":\"两户滴水之争\"},\"reason\":\"x\"}", ERR_STATE, "");
    refused(
        w, COMMAND_CORRECT, "v1", "{\"fields\":{\"subject\":\"\"},\"reason\":\"x\"}", ERR_FORM, "");
    refused(w, COMMAND_CORRECT, "v1", "{\"fields\":{\"subjekt\":\"x\"},\"reason\":\"x\"}", ERR_FORM,
        "");
    refused(w, COMMAND_CORRECT, "v1", "{\"fields\":{\"subject\":\"x\"}}", ERR_FORM, "reason");
    refused(w, COMMAND_CORRECT, "d1", "{\"fields\":{\"subject\":\"x\"},\"reason\":\"x\"}",
        ERR_FORBIDDEN, "");
}

static void an_undo_brings_back_parties_and_fields(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_PARTY, "1", "v1", "{\"do\":\"remove\",\"party\":2,\"reason\":\"错\"}");
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    world_ok(w, COMMAND_CORRECT, "1", "v1", "{\"fields\":{\"subject\":\"甲\"},\"reason\":\"错\"}");
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(2, json_array_size(c->parties));
    assert_string_equal("两户地界之争", json_text(c->fields, "subject"));
    casefile_free(c);
}

static void lists_name_the_sides_without_numbers_and_nothing_of_a_sealed_case(void **state)
{
    (void)state;
    struct casefile *c = casefile_new();
    assert_null(party_names(c));
    json_decref(c->parties);
    c->parties =
        json_lit("[{\"role\":\"信访人\",\"name\":\"甲\",\"phone\":\"13900001234\"},"
                 "{\"role\":\"信访人\",\"name\":\"乙\"},{\"role\":\"信访人\",\"name\":\"丙\"}]");
    char *names = party_names(c);
    assert_string_equal("甲等3人", names);
    mem_free(names);
    c->sealed = true;
    assert_null(party_names(c));
    casefile_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_party_is_added_completed_and_taken_out, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(
            who_becomes_a_party_loses_the_case_and_handles_it_no_more, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_registered_field_is_corrected_with_a_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(an_undo_brings_back_parties_and_fields, setup, teardown),
        cmocka_unit_test(lists_name_the_sides_without_numbers_and_nothing_of_a_sealed_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
