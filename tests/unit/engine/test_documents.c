/* Numbers of documents: one series per body and year, the same content the same number, none given
 * twice and none lost. */
#include "unit/engine/world.h"

#include "base/text.h"
#include "engine/counter.h"

#include <unistd.h>

static const char open_args[] =
    "{\"flow\":\"demo\",\"fields\":{\"subject\":\"路灯\"},\"parties\":["
    "{\"role\":\"申请人\",\"name\":\"演示申请人01\",\"phone\":\"13000000001\","
    "\"id_number\":\"150303200001010011\"}]}";
static const char agreement[] =
    "{\"template\":\"agreement\",\"title\":\"人民调解协议书\",\"series\":"
    "\"乌（{sign}）人调字\"}";

/* The number the document got. Caller owns. */
static char *make(struct world *w, const char *number, const char *user, const char *args)
{
    struct answer a = world_do(w, COMMAND_DOCUMENT, number, user, args, NULL);
    assert_string_equal("", a.message);
    char *made = mem_strdup(json_text(json_member(a.result, "document"), "number"));
    answer_free(&a);
    return made;
}

static void expect(
    struct world *w, const char *number, const char *user, const char *args, const char *expected)
{
    char *made = make(w, number, user, args);
    assert_string_equal(expected, made);
    mem_free(made);
}

static void numbers_run_per_series_body_and_year(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-12-30T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(&w, COMMAND_OPEN, NULL, "t1", open_args);
    expect(&w, "村调26-0001", "v1", agreement, "乌（村调）人调字〔2026〕第0001号");
    expect(&w, "村调26-0002", "v1", agreement, "乌（村调）人调字〔2026〕第0002号");
    expect(&w, "镇司26-0001", "t1", agreement, "乌（镇司）人调字〔2026〕第0001号");
    expect(&w, "村调26-0001", "v1",
        "{\"template\":\"visit\",\"title\":\"回访记录\",\"series\":\"人调访字\"}",
        "村调人调访字〔2026〕第0001号"); /* without {sign} it stands in front */
    world_go(&w, "2027-01-04T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    expect(&w, "村调27-0001", "v1", agreement, "乌（村调）人调字〔2027〕第0001号");
    world_close(&w);
}

static void the_same_content_has_the_same_number_and_a_changed_case_a_new_one(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    expect(&w, "1", "v1", agreement, "乌（村调）人调字〔2026〕第0001号");
    world_ok(&w, COMMAND_NOTE, "1", "v1", "{\"text\":\"走访\"}"); /* a note is not in it */
    expect(&w, "1", "v2", agreement, "乌（村调）人调字〔2026〕第0001号");
    world_ok(&w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
    expect(&w, "1", "v1", agreement, "乌（村调）人调字〔2026〕第0002号");
    /* The plugin knows better what stands in it. */
    static const char said[] =
        "{\"template\":\"t\",\"title\":\"t\",\"series\":\"字\",\"content\":\"abc\"}";
    expect(&w, "1", "v1", said, "村调字〔2026〕第0001号");
    world_ok(&w, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}");
    expect(&w, "1", "v1", said, "村调字〔2026〕第0001号");
    struct casefile *c = world_case(&w, "1");
    assert_int_equal(3, json_array_size(c->documents));
    const json_t *first = json_array_get(c->documents, 0);
    assert_int_equal(2, json_number(first, "copies", 0));
    assert_true(json_array_has(json_object_get(first, "printed_by"), "v2"));
    assert_string_equal("v1", json_text(first, "by"));
    casefile_free(c);
    json_t *history = world_history(&w, 1);
    json_t *page = engine_event_page(w.engine, json_array_get(history, 3), false);
    assert_string_equal("《人民调解协议书》乌（村调）人调字〔2026〕第0001号，第2次印制",
        json_string_value(json_array_get(json_member(page, "words"), 0)));
    assert_string_equal("文书", json_text(page, "title"));
    json_decref(page);
    json_decref(history);
    world_close(&w);
}

static void a_repeated_key_is_the_same_document(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer first = world_do(&w, COMMAND_DOCUMENT, "1", "v1", agreement, "k1");
    struct answer again = world_do(&w, COMMAND_DOCUMENT, "1", "v1", agreement, "k1");
    assert_int_equal(ERR_NONE, first.code);
    assert_non_null(again.stored);
    assert_non_null(strstr(again.stored, "第0001号"));
    answer_free(&first);
    answer_free(&again);
    struct casefile *c = world_case(&w, "1");
    assert_int_equal(1, json_number(json_array_get(c->documents, 0), "copies", 0));
    casefile_free(c);
    world_close(&w);
}

static void who_has_no_right_gets_no_number_and_takes_none(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer a = world_do(&w, COMMAND_DOCUMENT, "1", "d1", agreement, NULL);
    assert_int_equal(ERR_FORBIDDEN, a.code);
    answer_free(&a);
    a = world_do(&w, COMMAND_DOCUMENT, "1", "x1", agreement, NULL);
    assert_int_equal(ERR_NOT_FOUND, a.code);
    answer_free(&a);
    static const char *const wrong[] = {"{\"title\":\"t\",\"series\":\"s\"}",
        "{\"template\":\"t\",\"title\":\"\",\"series\":\"s\"}",
        "{\"template\":\"t\",\"title\":\"a\\nb\",\"series\":\"s\"}",
        "{\"template\":\"t\",\"title\":\"t\",\"series\":"
        "\"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
        "一二三四五六七八九十一\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        a = world_do(&w, COMMAND_DOCUMENT, "1", "v1", wrong[i], NULL);
        assert_int_equal(ERR_PARAMS, a.code);
        answer_free(&a);
    }
    expect(&w, "1", "v1", agreement, "乌（村调）人调字〔2026〕第0001号");
    world_close(&w);
}

static void only_who_is_on_record_sees_the_numbers_of_the_parties(void **state)
{
    (void)state;
    struct world w;
    struct err err = {0};
    world_open(&w, NULL, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    char *made = make(&w, "1", "v1", agreement);
    mem_free(made);
    struct casefile *c = world_case(&w, "1");
    struct actor v1 = {.kind = ACTOR_USER, .user = "v1"}, v2 = {.kind = ACTOR_USER, .user = "v2"};
    json_t *paper = engine_case_paper(w.engine, c, &v1, "d1", &err);
    const json_t *party = json_array_get(json_member(paper, "parties"), 0);
    assert_string_equal("150303200001010011", json_text(party, "id_number"));
    json_decref(paper);
    assert_null(engine_case_paper(w.engine, c, &v2, "d1", &err));
    assert_int_equal(ERR_FORBIDDEN, err.code);
    err_clear(&err);
    assert_null(engine_case_paper(w.engine, c, &v1, "d2", &err));
    assert_int_equal(ERR_NOT_FOUND, err.code);
    err_clear(&err);
    json_t *page = engine_case_page(w.engine, c, &v1);
    party = json_array_get(json_member(page, "parties"), 0);
    assert_string_not_equal("150303200001010011", json_text(party, "id_number"));
    assert_int_equal(1, json_array_size(json_member(page, "documents")));
    json_decref(page);
    casefile_free(c);
    world_close(&w);
}

static void a_restart_goes_on_with_the_next_number(void **state)
{
    (void)state;
    struct world w;
    char path[] = "/tmp/fengqiao-documents-XXXXXX";
    assert_non_null(mkdtemp(path));
    char *file = mem_printf("%s/fq.db", path);
    world_open(&w, file, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    expect(&w, "1", "v1", agreement, "乌（村调）人调字〔2026〕第0001号");
    world_close(&w);
    world_open(&w, file, "2026-03-02T10:00:00");
    expect(&w, "1", "v1", agreement, "乌（村调）人调字〔2026〕第0001号");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    expect(&w, "2", "v1", agreement, "乌（村调）人调字〔2026〕第0002号");
    world_close(&w);
    char *remove = mem_printf("rm -r %s", path);
    assert_int_equal(0, system(remove));
    mem_free(remove);
    mem_free(file);
}

/* Two daemons over one store believe the same number to be free. */
static void two_engines_give_no_number_twice(void **state)
{
    (void)state;
    struct world a, b;
    world_open(&a, NULL, "2026-03-02T10:00:00");
    world_ok(&a, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(&a, COMMAND_OPEN, NULL, "v1", open_args);
    b = a;
    world_engine(&b);
    expect(&b, "1", "v1", agreement, "乌（村调）人调字〔2026〕第0001号");
    expect(&a, "2", "v1", agreement, "乌（村调）人调字〔2026〕第0002号");
    expect(&b, "1", "v1",
        "{\"template\":\"other\",\"title\":\"t\",\"series\":\"乌（{sign}）人调字\"}",
        "乌（村调）人调字〔2026〕第0003号");
    engine_free(b.engine);
    world_close(&a);
}

static void a_number_that_was_not_written_is_given_again(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    json_t *event = json_pack("{s:{s:s, s:i}}", "numbered", "series", "S", "serial", 1);
    counter_take_document(w.engine, event);
    assert_int_equal(1, counter_named(w.engine, "S")->last);
    counter_give_back_document(w.engine, event);
    assert_int_equal(0, counter_named(w.engine, "S")->last);
    counter_give_back_document(w.engine, event); /* not twice */
    assert_int_equal(0, counter_named(w.engine, "S")->last);
    json_decref(event);
    world_close(&w);
}

int main(void)
{
    lang_init();
    lang_use(LANG_ZH);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_run_per_series_body_and_year),
        cmocka_unit_test(the_same_content_has_the_same_number_and_a_changed_case_a_new_one),
        cmocka_unit_test(a_repeated_key_is_the_same_document),
        cmocka_unit_test(who_has_no_right_gets_no_number_and_takes_none),
        cmocka_unit_test(only_who_is_on_record_sees_the_numbers_of_the_parties),
        cmocka_unit_test(a_restart_goes_on_with_the_next_number),
        cmocka_unit_test(two_engines_give_no_number_twice),
        cmocka_unit_test(a_number_that_was_not_written_is_given_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
