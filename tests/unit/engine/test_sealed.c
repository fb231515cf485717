/* What is told of a sealed case to those it is kept from: every kind of event, as a page. */
#include "world.h"

#include "engine/seal.h"

/* An event that carries a planted word in every member an act may have. */
static json_t *row_of(const char *type)
{
    json_t *row = json_lit(
        "{\"version\":3,\"seq\":9,\"at_ms\":0,\"actor\":\"v1\",\"data\":{\"sealed\":true,"
        "\"action\":\"accept\",\"what\":\"植一\",\"role\":\"植二\",\"user\":\"植三\",\"reason\":"
        "\"植四\",\"undoes_action\":\"植五\",\"undoes_type\":\"植六\",\"file\":\"植七\",\"kind\":"
        "\"植八\",\"chosen_by\":\"parties\",\"changes\":[{\"op\":\"put\",\"list\":\"files\","
        "\"item\":{\"id\":\"植九\",\"kind\":\"植十\"}}]}}");
    json_object_set_new(row, "type", json_string(type));
    return row;
}

static void every_kind_of_event_is_told_without_its_words(void **state)
{
    struct world *w = *state;
    static const char *const types[] = {"opened", "advanced", "noted", "assigned", "classified",
        "documented", "clock", "arrived", "letter", "linked", "unlinked", "recomputed", "undone",
        "attached", "detached", "recused", "revealed", "task.asked", "task.answered",
        "task.returned", "task.cancelled", "urged"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        json_t *row = row_of(types[i]);
        json_t *page = engine_event_page(w->engine, row, false);
        char *text = json_compact(page);
        if (strstr(text, "植") != NULL || strstr(text, "null") != NULL) {
            fail_msg("%s: %s", types[i], text);
        }
        mem_free(text);
        json_decref(page);
        json_decref(row);
    }
}

static void an_event_of_before_is_told_as_one_of_a_sealed_case(void **state)
{
    struct world *w = *state;
    json_t *row = row_of("noted");
    json_object_set_new(json_object_get(row, "data"), "sealed", json_false());
    json_object_set_new(json_object_get(row, "data"), "note", json_string("植"));
    json_object_set_new(row, "sealed", json_true());
    json_t *page = engine_event_page(w->engine, row, false);
    char *text = json_compact(page);
    assert_null(strstr(text, "植"));
    mem_free(text);
    json_decref(page);
    json_decref(row);
}

static void the_page_keeps_reasons_and_bodies_back(void **state)
{
    (void)state;
    json_t *page =
        json_lit("{\"recused\":[{\"user\":\"v1\",\"reason\":\"植\"}],\"joint\":{\"missing\":"
                 "[{\"body_name\":\"植\"}]},\"supervision\":{\"supervisor_name\":\"植\"},"
                 "\"clocks\":[{\"name\":\"task:t1\",\"title\":\"植\"},{\"name\":\"handle\"}]}");
    seal_page(page);
    char *text = json_compact(page);
    assert_null(strstr(text, "植"));
    assert_non_null(strstr(text, "\"v1\"")); /* who may not be named for it must be known */
    assert_non_null(strstr(text, "handle"));
    mem_free(text);
    json_decref(page);
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
#define ONE(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        ONE(every_kind_of_event_is_told_without_its_words),
        ONE(an_event_of_before_is_told_as_one_of_a_sealed_case),
        ONE(the_page_keeps_reasons_and_bodies_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
