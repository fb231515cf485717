/* Acts on a case beside its workflow: recusal, a choice of mediator, a look at what is masked. */
#include "world.h"

#include "base/text.h"
#include "engine/decide.h"

static const char rights[] =
    "[{\"role\":\"mediator\",\"title\":\"调解员\",\"rights\":{\"case.open\":\"subtree\","
    "\"case.read\":\"body\",\"case.note\":\"body\",\"case.assign\":\"body\",\"case.claim\":"
    "\"body\","
    "\"case.pause\":\"body\",\"case.classify\":\"body\",\"case.reveal\":\"body\","
    "\"case.recuse\":\"body\"}},{\"role\":\"overseer\",\"title\":\"督办员\",\"rights\":{"
    "\"case.read\":\"subtree\",\"case.note\":\"subtree\",\"case.reveal\":\"body\"}}]";

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct err err = {0};
    world_open(w, NULL, "2026-03-02T10:00:00");
    json_t *doc = json_lit(rights), *flow_doc = json_lit(world_flow);
    engine_set_access(w->engine, access_load(doc, &err));
    json_t *secret = json_lit("{\"name\":\"informant\",\"title\":\"举报人\",\"type\":\"text\","
                              "\"open\":true,\"max\":50,\"secret\":\"case_team\"}");
    json_array_append_new(json_object_get(flow_doc, "fields"), secret);
    engine_add_flow(w->engine, flow_compile(flow_doc, &err), NULL);
    assert_string_equal("", err.message);
    json_decref(doc);
    json_decref(flow_doc);
    world_ok(w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"fields\":{\"subject\":\"两户地界之争\",\"informant\":\"知情人己\"},"
        "\"parties\":[{\"role\":\"申请人\",\"name\":\"演示当事人甲\",\"phone\":\"13900001234\","
        "\"id_number\":\"150303199001010012\"},{\"role\":\"被申请人\",\"name\":\"演示当事人乙\","
        "\"phone\":13900005678}]}");
    *state = w;
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

/* --- recusal -----------------------------------------------------------------------------------
 */

static void whoever_is_recused_does_nothing_in_the_case_but_read_and_note(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_RECUSE, "1", "v2", "{\"user\":\"v1\",\"reason\":\"与被申请人是近亲属\"}");
    static const struct {
        enum command_kind kind;
        const char *args;
    } acts[] = {
        {COMMAND_ACT, "{\"action\":\"accept\"}"},
        {COMMAND_CLAIM, "{}"},
        {COMMAND_ASSIGN, "{\"user\":\"v2\"}"},
        {COMMAND_CLASSIFY, "{\"category\":\"邻里\",\"reason\":\"x\"}"},
        {COMMAND_PAUSE, "{\"clock\":\"handle\",\"from\":\"2026-03-02\",\"reason\":\"鉴定\"}"},
        {COMMAND_REVEAL, "{\"what\":\"all\",\"reason\":\"x\"}"},
    };
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        refused(w, acts[i].kind, "v1", acts[i].args, ERR_FORBIDDEN, "近亲属");
    }
    refused(w, COMMAND_ASSIGN, "v2", "{\"user\":\"v1\"}", ERR_FORBIDDEN, "演示调解员01");
    world_ok(w, COMMAND_NOTE, "1", "v1", "{\"text\":\"材料在柜中\"}");
    world_ok(w, COMMAND_ACT, "1", "v2", "{\"action\":\"accept\"}");
}

static void the_refusal_names_who_can_instead(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_RECUSE, "1", "v1", "{\"user\":\"v1\",\"reason\":\"亲属\"}");
    struct answer a = world_do(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}", NULL);
    const json_t *who = json_array_get(json_object_get(a.data, "who"), 0);
    assert_string_equal("村调委会", json_text(who, "body_name"));
    assert_true(json_array_has(json_object_get(who, "users"), "v2"));
    assert_false(json_array_has(json_object_get(who, "users"), "v1"));
    assert_string_equal("v1", json_text(a.data, "recused"));
    answer_free(&a);
}

static void the_case_is_taken_from_who_is_recused(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_CLAIM, "1", "v1", "{}");
    world_ok(w, COMMAND_RECUSE, "1", "v2", "{\"user\":\"v1\",\"reason\":\"亲属\"}");
    struct casefile *c = world_case(w, "c1");
    assert_null(c->assignee);
    assert_int_equal(1, json_array_size(c->recused));
    casefile_free(c);
    json_t *rows = store_ask_now(w->store, ASK_EFFECTS, json_pack("{s:i}", "limit", 100), NULL);
    const json_t *last = json_array_get(rows, json_array_size(rows) - 1);
    const json_t *users =
        json_object_get(json_object_get(json_object_get(last, "data"), "to"), "users");
    assert_true(json_array_has(users, "v2"));
    assert_false(json_array_has(users, "v1"));
    json_decref(rows);
}

static void anybody_steps_back_but_nobody_lets_himself_back_in(void **state)
{
    struct world *w = *state;
    const char *back = "{\"user\":\"v1\",\"reason\":\"误\",\"lift\":true}";
    refused(w, COMMAND_RECUSE, "d1", "{\"user\":\"v1\",\"reason\":\"x\"}", ERR_FORBIDDEN, "");
    refused(w, COMMAND_RECUSE, "v2", back, ERR_STATE, "演示调解员01");
    world_ok(w, COMMAND_RECUSE, "1", "v1", "{\"user\":\"v1\",\"reason\":\"亲属\"}");
    refused(
        w, COMMAND_RECUSE, "v2", "{\"user\":\"v1\",\"reason\":\"x\"}", ERR_STATE, "演示调解员01");
    refused(w, COMMAND_RECUSE, "v1", back, ERR_FORBIDDEN, "");
    refused(w, COMMAND_RECUSE, "v2", "{\"user\":\"v9\",\"reason\":\"x\"}", ERR_PARAMS, "v9");
    refused(w, COMMAND_RECUSE, "v2", "{\"user\":\"v2\",\"reason\":\"\"}", ERR_FORM, "");
    world_ok(w, COMMAND_RECUSE, "1", "v2", back);
    world_ok(w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
}

static void when_nobody_is_left_the_body_above_is_named(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_RECUSE, "1", "v1", "{\"user\":\"v2\",\"reason\":\"亲属\"}");
    world_ok(w, COMMAND_RECUSE, "1", "v1", "{\"user\":\"v1\",\"reason\":\"亲属\"}");
    struct err err = {0};
    struct casefile *c = world_case(w, "c1");
    struct actor v1 = {ACTOR_USER, "v1", NULL, false};
    json_t *can = engine_can(w->engine, c, &v1, "accept", &err);
    assert_false(json_flag(can, "allowed"));
    assert_non_null(strstr(json_text(can, "hint"), "镇司法所"));
    json_decref(can);
    casefile_free(c);
}

/* --- choice of the mediator ---------------------------------------------------------------------
 */

static void the_history_tells_who_chose_the_mediator(void **state)
{
    struct world *w = *state;
    world_ok(w, COMMAND_ASSIGN, "1", "v1",
        "{\"user\":\"v2\",\"chosen_by\":\"parties\",\"reason\":\"双方共同选定\"}");
    json_t *rows = world_history(w, 1);
    json_t *shown = engine_event_page(w->engine, json_array_get(rows, 1), false);
    assert_true(json_array_has(json_object_get(shown, "words"), _("chosen by the parties")));
    assert_string_equal("双方共同选定", json_text(shown, "reason"));
    json_decref(shown);
    json_decref(rows);
    refused(w, COMMAND_ASSIGN, "v1", "{\"user\":\"v1\",\"chosen_by\":\"lot\"}", ERR_PARAMS,
        "chosen_by");
}

/* --- reveal -------------------------------------------------------------------------------------
 */

/* "party:1.phone=13900001234 …", or "! code". */
static char *seen(struct world *w, const char *user, const char *what)
{
    struct err err = {0};
    struct buf b = {0};
    struct casefile *c = world_case(w, "c1");
    struct actor actor = {ACTOR_USER, user, NULL, false};
    json_t *values = engine_reveal(w->engine, c, &actor, what, &err);
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *row = json_array_get(values, i);
        char *value = json_compact(json_object_get(row, "value"));
        buf_addf(&b, "%s%s=%s", i > 0 ? " " : "", json_text(row, "what"), value);
        free(value);
    }
    if (values == NULL) {
        buf_addf(&b, "! %s", err_info(err.code)->kind);
    }
    json_decref(values);
    casefile_free(c);
    err_clear(&err);
    return b.len > 0 ? buf_take(&b) : mem_strdup("");
}

static void what_is_asked_for_is_shown_and_nothing_else(void **state)
{
    struct world *w = *state;
    static const char *const asked[][3] = {
        {"v1", "party:1.phone", "party:1.phone=\"13900001234\""},
        {"v1", "party:1", "party:1.phone=\"13900001234\" party:1.id_number=\"150303199001010012\""},
        {"v1", "party:2.phone", "party:2.phone=13900005678"},
        {"v1", "party:2.name", "party:2.name=\"演示当事人乙\""},
        {"v1", "field:informant", "field:informant=\"知情人己\""},
        {"v1", "field:举报人", "field:informant=\"知情人己\""},
        {"v1", "all",
            "party:1.phone=\"13900001234\" party:1.id_number=\"150303199001010012\" "
            "party:2.phone=13900005678 field:informant=\"知情人己\""},
        {"d1", "field:informant", "! forbidden"},
        {"d1", "all",
            "party:1.phone=\"13900001234\" party:1.id_number=\"150303199001010012\" "
            "party:2.phone=13900005678"},
        {"v1", "party:0.phone", "! invalid_params"},
        {"v1", "party:3.phone", "! invalid_params"},
        {"v1", "party:1.fax", "! invalid_params"},
        {"v1", "party:1.", "! invalid_params"},
        {"v1", "party:", "! invalid_params"},
        {"v1", "party:99999999999999999999.phone", "! invalid_params"},
        {"v1", "field:finding", "! invalid_params"},
        {"v1", "field:", "! invalid_params"},
        {"v1", "", "! invalid_params"},
        {"v1", "ALL", "! invalid_params"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        char *got = seen(w, asked[i][0], asked[i][1]);
        assert_string_equal(asked[i][2], got);
        mem_free(got);
    }
}

static void a_look_is_kept_with_who_what_and_why_but_never_the_value(void **state)
{
    struct world *w = *state;
    struct answer a = world_do(w, COMMAND_REVEAL, "1", "v1",
        "{\"what\":\"party:1.phone\",\"reason\":\"约定调解时间\"}", "k1");
    assert_string_equal("", a.message);
    char *text = json_compact(a.result);
    assert_null(strstr(text, "13900001234"));
    free(text);
    answer_free(&a);
    json_t *rows = world_history(w, 1);
    const json_t *event = json_array_get(rows, 1);
    text = json_compact(event);
    assert_null(strstr(text, "13900001234"));
    assert_string_equal("v1", json_text(event, "actor"));
    free(text);
    json_t *shown = engine_event_page(w->engine, event, false);
    text = json_compact(json_object_get(shown, "words"));
    assert_non_null(strstr(text, "申请人"));
    assert_non_null(strstr(text, _("telephone")));
    assert_string_equal("约定调解时间", json_text(shown, "reason"));
    free(text);
    json_decref(shown);
    json_decref(rows);
    refused(w, COMMAND_UNDO, "v1", "{}", ERR_STATE, _("Who has seen something cannot undo it"));
}

static void a_look_needs_the_right_at_the_host_and_a_reason(void **state)
{
    struct world *w = *state;
    const char *phone = "{\"what\":\"party:1.phone\",\"reason\":\"x\"}";
    refused(w, COMMAND_REVEAL, "d1", phone, ERR_FORBIDDEN, "");
    refused(w, COMMAND_REVEAL, "x1", phone, ERR_NOT_FOUND, "");
    refused(w, COMMAND_REVEAL, "v1", "{\"what\":\"party:1.phone\",\"reason\":\"\"}", ERR_FORM, "");
    refused(
        w, COMMAND_REVEAL, "v1", "{\"what\":\"party:9\",\"reason\":\"x\"}", ERR_PARAMS, "party:9");
    struct casefile *c = world_case(w, "c1");
    assert_int_equal(1, c->version);
    casefile_free(c);
}

/* --- attachments ---------------------------------------------------------------------------------
 */

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void names_of_files_hold_no_folder_and_nothing_hidden(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"照片.jpg", "照片.jpg"},
        {"/etc/passwd", "passwd"},
        {"..\\..\\证据.pdf", "证据.pdf"},
        {"a/", ""},
        {"..", ""},
        {" . .hidden. ", "hidden"},
        {"a\tb\x7f:c?.txt", "a_b__c_.txt"},
        {"\xE2\x80\xAEgpj.exe", "gpj.exe"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *clean = file_name_clean(names[i][0]);
        assert_string_equal(names[i][1], clean);
        mem_free(clean);
    }
    struct buf longest = {0};
    for (int i = 0; i < 126; i++) {
        buf_adds(&longest, "长");
    }
    buf_adds(&longest, ".pdf");
    char *clean = file_name_clean(buf_text(&longest));
    assert_int_equal(120, utf8_length(clean));
    assert_string_equal(".pdf", clean + strlen(clean) - 4);
    mem_free(clean);
    buf_close(&longest);
}

static void an_attachment_is_kept_by_hash_and_taken_away_by_who_may(void **state)
{
    struct world *w = *state;
    const char *args =
        "{\"hash\":\"" HASH "\",\"name\":\"../现场.JPG\",\"size\":5,\"kind\":\"证据\"}";
    world_ok(w, COMMAND_ATTACH, "1", "v1", args);
    refused(w, COMMAND_ATTACH, "v2", args, ERR_STATE, "现场.JPG");
    refused(w, COMMAND_ATTACH, "v1", "{\"hash\":\"xyz\",\"name\":\"a\",\"size\":5}", ERR_PARAMS,
        "hash");
    refused(w, COMMAND_ATTACH, "x1", args, ERR_NOT_FOUND, "");
    struct casefile *c = world_case(w, "c1");
    const json_t *item = json_array_get(c->files, 0);
    assert_string_equal("image/jpeg", json_text(item, "media"));
    assert_string_equal("现场.JPG", json_text(item, "name"));
    char *id = mem_strdup(json_text(item, "id"));
    casefile_free(c);
    json_t *found =
        store_ask_now(w->store, ASK_ATTACHED, json_pack("{s:[s,s]}", "hashes", HASH, "f00"), NULL);
    assert_int_equal(1, json_array_size(found));
    json_decref(found);
    char *away = mem_printf("{\"file\":\"%s\",\"reason\":\"传错了\"}", id);
    refused(w, COMMAND_DETACH, "d1", away, ERR_FORBIDDEN, "");
    refused(w, COMMAND_DETACH, "v2", "{\"file\":\"f99\",\"reason\":\"x\"}", ERR_PARAMS, "f99");
    world_ok(w, COMMAND_DETACH, "1", "v2", away);
    world_ok(w, COMMAND_ATTACH, "1", "v1", args);
    c = world_case(w, "c1");
    assert_string_not_equal(id, json_text(json_array_get(c->files, 0), "id")); /* a new one */
    casefile_free(c);
    world_ok(w, COMMAND_UNDO, "1", "v1", "{}");
    c = world_case(w, "c1");
    assert_int_equal(0, json_array_size(c->files));
    casefile_free(c);
    mem_free(id);
    mem_free(away);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
        T(whoever_is_recused_does_nothing_in_the_case_but_read_and_note),
        T(the_refusal_names_who_can_instead),
        T(the_case_is_taken_from_who_is_recused),
        T(anybody_steps_back_but_nobody_lets_himself_back_in),
        T(when_nobody_is_left_the_body_above_is_named),
        T(the_history_tells_who_chose_the_mediator),
        T(what_is_asked_for_is_shown_and_nothing_else),
        T(a_look_is_kept_with_who_what_and_why_but_never_the_value),
        T(a_look_needs_the_right_at_the_host_and_a_reason),
        T(names_of_files_hold_no_folder_and_nothing_hidden),
        T(an_attachment_is_kept_by_hash_and_taken_away_by_who_may),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
