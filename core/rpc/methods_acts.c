/* rpc/methods_acts.c — acts on a case beside its workflow: undo, recusal, a look at what is
 * masked. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "rpc/case_rows.h"

static void case_undo(struct call *c)
{
    case_submit(c, COMMAND_UNDO, service_pick(c, "reason"));
}

static void case_recuse(struct call *c)
{
    case_submit(c, COMMAND_RECUSE, service_pick(c, "user reason lift"));
}

/* --- reveal: the event first, the values from the case once it is on the disk -------------------
 */

struct reveal {
    struct call *call;
    json_t *result; /* owned: the command's, to which the values are added */
};

static void reveal_read(const struct casefile *kase, const struct err *failure, void *ctx)
{
    struct reveal r = *(struct reveal *)ctx;
    struct err err = {0};
    mem_free(ctx);
    call_enter(r.call);
    struct engine *e = service_of(r.call)->with.engine;
    json_t *values =
        kase == NULL ? NULL
                     : engine_reveal(e, kase, call_actor(r.call), call_text(r.call, "what"), &err);
    if (values != NULL) {
        json_object_set_new(r.result, "values", values);
        call_reply(r.call, json_incref(r.result));
    } else {
        call_fail(r.call, kase == NULL ? failure : &err);
    }
    json_decref(r.result);
    err_clear(&err);
}

/* The kept answer holds no values either: whoever repeats the key must still have the right. */
static void revealed(const struct command_result *result, void *ctx)
{
    struct call *c = ctx;
    call_enter(c);
    if (result->err != NULL) {
        call_fail(c, result->err);
        return;
    }
    struct reveal *r = mem_alloc(sizeof(*r));
    r->call = c;
    r->result =
        result->stored != NULL ? json_parse_own(result->stored) : json_deep_copy(result->result);
    if (result->stored != NULL) {
        json_object_set_new(r->result, "_meta", json_pack("{s:b}", "replayed", 1));
    }
    engine_read(service_of(c)->with.engine, call_text(c, "case"), call_actor(c), "case.reveal",
        reveal_read, r);
}

static void case_reveal(struct call *c)
{
    json_t *args = service_pick(c, "what reason");
    struct command command = case_command(c, COMMAND_REVEAL, args);
    engine_submit(service_of(c)->with.engine, &command, revealed, c);
    json_decref(args);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct method rows[] = {
    {"case.undo", case_undo, METHOD_MUTATING,
        N_("Takes back what the caller did last, within minutes and while nobody acted after."),
        PARAMS(CASE_PARAM, MAY("reason", PARAM_TEXT, N_("kept in the history"), .max = 2000),
            EXPECT_PARAM, MAY("dry_run", PARAM_BOOL, N_("only say what would happen"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"expect_version\":3,\"reason\":\"点错了\"}", COMMAND_EXAMPLE},
    {"case.recuse", case_recuse, METHOD_MUTATING,
        N_("Keeps a person from handling a case, or lets them again."),
        PARAMS(CASE_PARAM, NEED("user", PARAM_NAME, N_("login name; one's own to step back")),
            REASON_PARAM(N_("why; kept in the history")),
            MAY("lift", PARAM_BOOL, N_("they may handle it again"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"user\":\"yanglujing02\",\"reason\":\"与被申请人是近亲属\"}",
        COMMAND_EXAMPLE},
    {"case.reveal", case_reveal, METHOD_MUTATING,
        N_("Shows what is masked in a case, once, for a reason the history keeps."),
        PARAMS(CASE_PARAM,
            {.name = "what",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED,
                .doc = N_("party:1.phone, party:1, field:name or all"),
                .min = 1,
                .max = 200},
            REASON_PARAM(N_("why; kept in the history"))),
        PARAMS(NEED("case", PARAM_TEXT, N_("case number")),
            NEED("version", PARAM_INT, N_("number of the case's last event")),
            NEED("changed", PARAM_TEXT, N_("what changed, in words")),
            NEED("values", PARAM_LIST, N_("what was asked for: {what, title, value}"))),
        COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"what\":\"party:1.phone\",\"reason\":\"电话约定调解时间\"}",
        "{\"case\":\"羊调26-0001\",\"version\":3,\"changed\":\"查看了：申请人（第1方）：电话\","
        "\"values\":[{\"what\":\"party:1.phone\",\"title\":\"电话\",\"value\":\"13900000000\"}]}"},
};

const struct method_table acts_table = METHOD_TABLE(rows);
