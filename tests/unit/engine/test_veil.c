/* What the history shows, and to whom. */
#include "world.h"

#include "engine/veil.h"

#include <stdlib.h>
#include <string.h>

static struct flow *flow_with_secret(void)
{
    json_t *doc = json_lit(world_flow);
    json_t *finding = json_array_get(json_object_get(doc, "fields"), 1);
    json_object_set_new(finding, "secret", json_string("case_team"));
    struct err err = {0};
    struct flow *flow = flow_compile(doc, &err);
    assert_string_equal("", err.message);
    json_decref(doc);
    return flow;
}

static void assert_number(const char *shown, const char *number)
{
    char *text = veil_text(number);
    assert_string_equal(shown, text);
    mem_free(text);
}

static void telephones_and_identity_numbers_lose_their_middle(void **state)
{
    (void)state;
    assert_number("电话138****2207，请回电", "电话13800002207，请回电");
    assert_number("150****001X", "15030219800101001X");
    assert_number("村调26-0001 2026-03-05 12345678元", "村调26-0001 2026-03-05 12345678元");
    assert_number("", "");
}

static void a_party_is_shown_without_its_numbers(void **state)
{
    (void)state;
    json_t *parties =
        json_lit("[{\"name\":\"演示当事人甲\",\"role\":\"applicant\",\"phone\":\"12345\","
                 "\"mobile\":13800002207,\"consent\":true,\"age\":63}]");
    json_t *shown = veil_parties(parties), *first = json_array_get(shown, 0);
    assert_string_equal("****", json_text(first, "phone"));
    assert_string_equal("138****2207", json_text(first, "mobile"));
    assert_string_equal("演示当事人甲", json_text(first, "name"));
    assert_int_equal(63, json_number(first, "age", 0));
    assert_true(json_flag(first, "consent"));
    json_decref(shown);
    json_decref(parties);
}

static const char event[] =
    "{\"type\":\"advanced\",\"note\":\"已电话13800002207联系\",\"changes\":["
    "{\"op\":\"fields\",\"set\":{\"subject\":\"地界\",\"finding\":\"内情\"}},"
    "{\"op\":\"open\",\"parties\":[{\"name\":\"甲\",\"id_number\":\"150302198001010010\"}]}]}";

static void secret_fields_are_for_the_team_and_numbers_for_nobody(void **state)
{
    (void)state;
    struct flow *flow = flow_with_secret();
    json_t *data = json_lit(event);
    for (int team = 0; team < 2; team++) {
        json_t *shown = veil_event(data, flow, team == 1);
        char *text = json_compact(shown);
        assert_non_null(strstr(text, "地界"));
        assert_int_equal(team == 1, strstr(text, "内情") != NULL);
        assert_null(strstr(text, "13800002207"));
        assert_null(strstr(text, "150302198001010010"));
        free(text);
        json_decref(shown);
    }
    json_t *kept = json_lit(event);
    assert_true(json_equal(kept, data)); /* what is stored is not touched */
    json_decref(kept);
    json_decref(data);
    flow_free(flow);
}

static void without_the_flow_every_field_is_taken_for_secret(void **state)
{
    (void)state;
    json_t *data = json_lit(event), *shown = veil_event(data, NULL, false);
    char *text = json_compact(shown);
    assert_null(strstr(text, "地界"));
    free(text);
    json_decref(shown);
    json_decref(data);
}

static void the_timeline_of_an_overseer_has_no_secrets(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    engine_add_flow(w.engine, flow_with_secret(), NULL);
    world_ok(&w, COMMAND_OPEN, NULL, "v1", "{\"flow\":\"demo\",\"fields\":{\"subject\":\"地界\"}}");
    world_ok(&w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
    world_ok(&w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"内情\"}}");
    struct casefile *c = world_case(&w, "c1");
    static const char *const users[] = {"d1", "v1"};
    for (int team = 0; team < 2; team++) {
        struct actor actor = {ACTOR_USER, users[team], NULL, false};
        json_t *rows = world_history(&w, 1);
        bool secrets = engine_sees_secrets(w.engine, c, &actor);
        json_t *page = engine_event_page(w.engine, json_array_get(rows, 2), secrets);
        char *text = json_compact(page);
        assert_int_equal(team == 1, strstr(text, "内情") != NULL);
        free(text);
        json_decref(page);
        page = engine_case_page(w.engine, c, &actor);
        text = json_compact(page);
        assert_int_equal(team == 1, strstr(text, "内情") != NULL);
        free(text);
        json_decref(page);
        json_decref(rows);
    }
    casefile_free(c);
    world_close(&w);
}

static void a_sealed_event_says_what_kind_of_thing_happened_and_no_word_more(void **state)
{
    (void)state;
    json_t *data =
        json_lit("{\"type\":\"advanced\",\"sealed\":true,\"action\":\"accept\",\"note\":\"植说明\","
                 "\"changes\":["
                 "{\"op\":\"fields\",\"set\":{\"subject\":\"植事由\"}},"
                 "{\"op\":\"seal\",\"on\":true,\"from\":\"植单位\"},"
                 "{\"op\":\"category\",\"to\":\"植分类\"},"
                 "{\"op\":\"put\",\"list\":\"files\",\"item\":{\"id\":\"f1\",\"name\":\"植文件\"}},"
                 "{\"op\":\"host\",\"to\":\"hainan.jjw\",\"why\":\"植原因\"}]}");
    json_t *shown = veil_event(data, NULL, false);
    char *text = json_compact(shown);
    assert_null(strstr(text, "植"));
    assert_non_null(strstr(text, "hainan.jjw"));
    assert_int_equal(5, json_array_size(json_object_get(shown, "changes")));
    free(text);
    json_decref(shown);
    shown = veil_event(data, NULL, true); /* the person named */
    text = json_compact(shown);
    assert_non_null(strstr(text, "植文件"));
    free(text);
    json_decref(shown);
    json_decref(data);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_event_says_what_kind_of_thing_happened_and_no_word_more),
        cmocka_unit_test(telephones_and_identity_numbers_lose_their_middle),
        cmocka_unit_test(a_party_is_shown_without_its_numbers),
        cmocka_unit_test(secret_fields_are_for_the_team_and_numbers_for_nobody),
        cmocka_unit_test(without_the_flow_every_field_is_taken_for_secret),
        cmocka_unit_test(the_timeline_of_an_overseer_has_no_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
