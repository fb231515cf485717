/* rpc/methods_case.c — cases: commands go to the engine, questions to the engine or the store. */
#include "rpc/service.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "rpc/case_call.h"
#include "rpc/case_list.h"
#include "rpc/case_rows.h"

#include <stdlib.h>
#include <string.h>

/* --- commands --------------------------------------------------------------------------------- */

static void case_open(struct call *c)
{
    case_submit(
        c, COMMAND_OPEN, service_pick(c, "flow place body fields parties source received_at note"));
}

static void case_act(struct call *c)
{
    json_t *args = service_pick(c, "action form reason note");
    json_put_text(args, "occurred_at", call_text(c, "occurred_at"));
    case_submit(c, COMMAND_ACT, args);
}

static void case_note(struct call *c)
{
    case_submit(c, COMMAND_NOTE, service_pick(c, "text"));
}

static void case_assign(struct call *c)
{
    json_t *args = service_pick(c, "chosen_by reason"), *user = call_param(c, "user");
    json_object_set_new(args, "user", user != NULL ? json_incref(user) : json_null());
    case_submit(c, COMMAND_ASSIGN, args);
}

static void case_claim(struct call *c)
{
    case_submit(c, COMMAND_CLAIM, json_object());
}

static void case_classify(struct call *c)
{
    case_submit(c, COMMAND_CLASSIFY, service_pick(c, "category reason"));
}

static void case_pause(struct call *c)
{
    case_submit(c, COMMAND_PAUSE, service_pick(c, "clock from to reason"));
}

/* --- one case --------------------------------------------------------------------------------- */

static void get_it(struct call *c, const struct casefile *kase)
{
    call_reply(c, engine_case_page(service_of(c)->with.engine, kase, call_actor(c)));
}

static void case_get(struct call *c)
{
    case_read(c, get_it);
}

static void can_it(struct call *c, const struct casefile *kase)
{
    struct err err = {0};
    json_t *answer =
        engine_can(service_of(c)->with.engine, kase, call_actor(c), call_text(c, "action"), &err);
    if (answer != NULL) {
        call_reply(c, answer);
    } else {
        call_refuse(c, &err);
    }
}

static void case_can(struct call *c)
{
    case_read(c, can_it);
}

static void why_it(struct call *c, const struct casefile *kase)
{
    call_reply(c, engine_why(service_of(c)->with.engine, kase, call_actor(c)));
}

static void case_why(struct call *c)
{
    case_read(c, why_it);
}

static void verified(struct call *c, json_t *answer)
{
    call_reply(c, json_incref(answer));
}

static void verify_it(struct call *c, const struct casefile *kase)
{
    service_ask(c, ASK_VERIFY, json_pack("{s:I}", "case", (json_int_t)kase->id), verified);
}

static void case_verify(struct call *c)
{
    case_read(c, verify_it);
}

struct timeline {
    struct call *call;
    bool secrets; /* the caller may see secret fields of this case */
    bool sealed;  /* events of before it was sealed are hidden too */
};

static void history_came(json_t *rows, const struct err *err, void *ctx)
{
    struct timeline t = *(struct timeline *)ctx;
    mem_free(ctx);
    call_enter(t.call);
    if (rows == NULL) {
        call_fail(t.call, err);
        return;
    }
    json_t *items = json_array(), *row;
    size_t i;
    int64_t last = 0;
    json_array_foreach(rows, i, row)
    {
        last = json_number(row, "version", 0);
        json_object_set_new(row, "sealed", json_boolean(t.sealed));
        json_array_append_new(
            items, engine_event_page(service_of(t.call)->with.engine, row, t.secrets));
    }
    bool more = (int64_t)json_array_size(rows) >= service_limit(t.call);
    char *next = more ? mem_printf("%lld", (long long)last) : NULL;
    call_reply(t.call, json_pack("{s:o, s:s?}", "items", items, "next", next));
    mem_free(next);
}

static void timeline_it(struct call *c, const struct casefile *kase)
{
    struct timeline *t = mem_alloc(sizeof(*t));
    *t = (struct timeline){
        c, engine_sees_secrets(service_of(c)->with.engine, kase, call_actor(c)), kase->sealed};
    json_t *args = json_pack(
        "{s:I, s:I}", "case", (json_int_t)kase->id, "limit", (json_int_t)service_limit(c));
    json_put_number(args, "after", call_int(c, "after", 0));
    store_ask(service_of(c)->with.store, ASK_HISTORY, args, history_came, t);
}

static void case_timeline(struct call *c)
{
    case_read(c, timeline_it);
}

/* --- the table -------------------------------------------------------------------------------- */

#define CASE CASE_PARAM

static const struct method rows[] = {
    {"case.open", case_open, METHOD_MUTATING, N_("Registers a case."),
        PARAMS(NEED("flow", PARAM_NAME, N_("workflow, by id or title")),
            MAY("place", PARAM_NAME, N_("where the matter arose: place code or name")),
            MAY("body", PARAM_NAME, N_("body that registers; else the caller's own at that place")),
            {.name = "fields",
                .type = PARAM_OBJECT,
                .flags = PARAM_REQUIRED,
                .doc = N_("fields of the workflow")},
            MAY("parties", PARAM_LIST, N_("people and organisations concerned"), .max = 200),
            MAY("source", PARAM_TEXT, N_("how it came: visit, letter, hotline …"), .max = 100),
            MAY("received_at", PARAM_INSTANT,
                N_("when the matter reached the body; now unless said")),
            MAY("note", PARAM_TEXT, N_("kept in the history"), .max = 2000)),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"flow\":\"petition\",\"place\":\"150303104201\",\"fields\":{\"subject\":\"道路积水\","
        "\"text\":\"村口道路雨后积水，无法通行。\"}}",
        COMMAND_EXAMPLE},
    {"case.act", case_act, METHOD_MUTATING, N_("Takes a step in a case."),
        PARAMS(CASE, NEED("action", PARAM_NAME, N_("action, by id or title")),
            MAY("form", PARAM_OBJECT, N_("what the action asks for")),
            MAY("reason", PARAM_TEXT, N_("reason, where one must be given"), .max = 2000),
            MAY("note", PARAM_TEXT, N_("kept in the history"), .max = 2000),
            MAY("occurred_at", PARAM_INSTANT, N_("when it really happened; now unless said")),
            MAY("expect_version", PARAM_INT, N_("refuse if the case is at another version"),
                .min = 1, .max = INT64_C(1) << 53),
            MAY("dry_run", PARAM_BOOL, N_("only say what would happen"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"羊调26-0001\",\"action\":\"受理\",\"expect_version\":2}", COMMAND_EXAMPLE},
    {"case.note", case_note, METHOD_MUTATING, N_("Adds a note to the history of a case."),
        PARAMS(CASE, {.name = "text",
                         .type = PARAM_TEXT,
                         .flags = PARAM_REQUIRED,
                         .doc = N_("the note"),
                         .min = 1,
                         .max = 2000}),
        COMMAND_RESULT, COMMAND_ERRORS, "{\"case\":\"26-1\",\"text\":\"已电话联系来访人\"}",
        COMMAND_EXAMPLE},
    {"case.assign", case_assign, METHOD_MUTATING, N_("Gives a case to a person of its body."),
        PARAMS(CASE,
            {.name = "user",
                .type = PARAM_NAME,
                .flags = PARAM_REQUIRED | PARAM_NULLABLE,
                .doc = N_("login name; null takes the assignment away")},
            MAY("chosen_by", PARAM_CHOICE, N_("who chose the mediator"),
                .choices = "committee parties"),
            MAY("reason", PARAM_TEXT, N_("kept in the history"), .max = 2000)),
        COMMAND_RESULT, COMMAND_ERRORS, "{\"case\":\"26-1\",\"user\":\"yanglujing01\"}",
        COMMAND_EXAMPLE},
    {"case.claim", case_claim, METHOD_MUTATING, N_("Takes an unassigned case for oneself."),
        PARAMS(CASE), COMMAND_RESULT, COMMAND_ERRORS, "{\"case\":\"26-1\"}", COMMAND_EXAMPLE},
    {"case.classify", case_classify, METHOD_MUTATING, N_("Corrects the category of a case."),
        PARAMS(CASE,
            {.name = "category",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED,
                .doc = N_("category path"),
                .min = 1,
                .max = 200},
            {.name = "reason",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED,
                .doc = N_("why; kept in the history"),
                .min = 1,
                .max = 2000}),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"category\":\"城乡建设/市政/道路\",\"reason\":\"实为道路问题\"}",
        COMMAND_EXAMPLE},
    {"case.pause", case_pause, METHOD_MUTATING,
        N_("Excludes a time the law lists from a clock of a case."),
        PARAMS(CASE, NEED("clock", PARAM_NAME, N_("clock of the workflow")),
            NEED("from", PARAM_DATE, N_("first day that does not count")),
            MAY("to", PARAM_DATE, N_("last day that does not count; open unless said")),
            {.name = "reason",
                .type = PARAM_TEXT,
                .flags = PARAM_REQUIRED,
                .doc = N_("reason the law lists"),
                .min = 1,
                .max = 2000}),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"clock\":\"final_review\",\"from\":\"2026-03-02\",\"to\":\"2026-03-"
        "06\","
        "\"reason\":\"听证\"}",
        COMMAND_EXAMPLE},
    {"case.get", case_get, 0,
        N_("The page of a case: fields, clocks, what can be done and what not."), PARAMS(CASE),
        PARAMS(NEED("id", PARAM_ID, N_("id of the case")),
            NEED("number", PARAM_TEXT, N_("case number")),
            NEED("version", PARAM_INT, N_("number of the case's last event")),
            NEED("state", PARAM_NAME, N_("state of the case")),
            NEED("fields", PARAM_LIST, N_("fields with titles and values")),
            NEED("clocks", PARAM_LIST, N_("legal clocks with their explanation")),
            NEED("actions", PARAM_LIST, N_("what can be done now, and why the rest cannot"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\"}",
        "{\"id\":\"12\",\"number\":\"羊调26-0001\",\"version\":3,\"state\":\"accepted\",\"fields\":"
        "[],"
        "\"clocks\":[],\"actions\":[]}"},
    {"case.timeline", case_timeline, 0, N_("The history of a case, oldest first."),
        PARAMS(CASE, MAY("after", PARAM_ID, N_("cursor of the page before")), PAGE_LIMIT),
        PAGE_RESULT, ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\"}", PAGE_EXAMPLE},
    {"case.can", case_can, 0,
        N_("Says whether an action is possible now, and if not, why and who could."),
        PARAMS(CASE, NEED("action", PARAM_NAME, N_("action, by id or title"))),
        PARAMS(NEED("allowed", PARAM_BOOL, N_("the caller may do it now")),
            MAY("reason", PARAM_TEXT, N_("why not")), MAY("who", PARAM_ANY, N_("who could"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\",\"action\":\"受理\"}", "{\"allowed\":true}"},
    {"case.why", case_why, 0,
        N_("Explains the due dates, the urgency and why the case is where it is."), PARAMS(CASE),
        PARAMS(NEED("clocks", PARAM_LIST, N_("legal clocks with their explanation")),
            NEED("assignment", PARAM_LIST, N_("how it came to its body and person")),
            NEED("urgency", PARAM_OBJECT, N_("points that order the desk"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\"}",
        "{\"clocks\":[],\"assignment\":[],\"urgency\":{\"total\":0,\"parts\":[]}}"},
    {"case.verify", case_verify, 0, N_("Checks the hash chain of a case's history."), PARAMS(CASE),
        PARAMS(NEED("ok", PARAM_BOOL, N_("the history is whole and unchanged")),
            NEED("events", PARAM_INT, N_("events checked")),
            MAY("first_bad", PARAM_OBJECT, N_("the first event that does not fit"))),
        ERRORS(ERR_NOT_FOUND), "{\"case\":\"26-1\"}", "{\"ok\":true,\"events\":3}"},
    {"case.list", case_list, 0, N_("Cases the caller may read, filtered and sorted."),
        PARAMS(MAY("flow", PARAM_NAME, N_("workflow, by id or title")),
            MAY("state", PARAM_NAME, N_("state, by id or title")),
            MAY("host", PARAM_NAME, N_("body that must act, by id or name")),
            MAY("place", PARAM_NAME, N_("place code or name; everything below counts")),
            MAY("category", PARAM_TEXT, N_("category path or its beginning"), .max = 200),
            MAY("assignee", PARAM_NAME, N_("login name")),
            MAY("open", PARAM_BOOL, N_("only open ones, or only closed ones")),
            MAY("late", PARAM_BOOL, N_("only late ones")),
            MAY("listed", PARAM_BOOL, N_("only those under listed supervision")),
            MAY("since", PARAM_INSTANT, N_("received at or after")),
            MAY("sort", PARAM_CHOICE, N_("order"), .choices = "due opened changed"), PAGE_LIMIT,
            PAGE_AFTER, MAY("total", PARAM_BOOL, N_("count all of them too"))),
        PAGE_RESULT, ERRORS(ERR_NOT_FOUND), "{\"open\":true,\"sort\":\"due\",\"limit\":10}",
        PAGE_EXAMPLE},
    {"case.search", case_search, 0,
        N_("Cases whose number or words contain all that is asked for."),
        PARAMS({.name = "text",
                   .type = PARAM_TEXT,
                   .flags = PARAM_REQUIRED,
                   .doc = N_("words; two characters suffice"),
                   .min = 1,
                   .max = 200},
            PAGE_LIMIT, PAGE_AFTER),
        PAGE_RESULT, NO_ERRORS, "{\"text\":\"道路 积水\"}", PAGE_EXAMPLE},
};
const struct method_table case_table = METHOD_TABLE(rows);
