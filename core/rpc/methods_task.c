/* rpc/methods_task.c — what other bodies are asked inside a case, and supervision from above. */
#include "rpc/service.h"

#include "base/json.h"
#include "rpc/case_rows.h"

static void task_ask(struct call *c)
{
    case_submit(c, COMMAND_TASK_ASK, service_pick(c, "task body user text limit"));
}

static void task_answer(struct call *c)
{
    case_submit(c, COMMAND_TASK_ANSWER, service_pick(c, "id text opinion"));
}

static void task_return(struct call *c)
{
    case_submit(c, COMMAND_TASK_RETURN, service_pick(c, "id reason"));
}

static void task_cancel(struct call *c)
{
    case_submit(c, COMMAND_TASK_CANCEL, service_pick(c, "id reason"));
}

static void case_urge(struct call *c)
{
    case_submit(c, COMMAND_URGE, service_pick(c, "level text reply_by"));
}

/* --- the table -------------------------------------------------------------------------------- */

#define TASK_PARAM NEED("id", PARAM_NAME, N_("id of the task on the case page: t1"))
#define WORDS_PARAM(doc_)                                                                          \
    {                                                                                              \
        .name = "text", .type = PARAM_TEXT, .flags = PARAM_REQUIRED, .doc = (doc_), .min = 1,      \
        .max = 2000                                                                                \
    }
#define TASK_EXAMPLE(changed_)                                                                     \
    "{\"case\":\"羊调26-0001\",\"id\":\"12\",\"version\":5,\"changed\":\"" changed_                \
    "\",\"state\":\"mediating\",\"state_title\":\"调解中\",\"closed\":false}"

static const struct method rows[] = {
    {"case.task.ask", task_ask, METHOD_MUTATING,
        N_("Asks a body, or one of its people, for something while the case stays where it is."),
        PARAMS(CASE_PARAM,
            NEED("task", PARAM_NAME,
                N_("task the state offers, by name or title; \"joint\" for one body more in joint "
                   "handling")),
            MAY("body", PARAM_NAME,
                N_("body that is asked, by id or name; not where the workflow "
                   "names it")),
            MAY("user", PARAM_NAME, N_("login name of the one person asked")),
            MAY("text", PARAM_TEXT, N_("what is wanted"), .max = 2000),
            MAY("limit", PARAM_NAME, N_("\"5 workdays\" or a day; else the workflow's")),
            EXPECT_PARAM),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"task\":\"走访\",\"body\":\"巴音陶亥镇司法所\",\"text\":"
        "\"请核实现场\"}",
        TASK_EXAMPLE("“走访”：请巴音陶亥镇司法所于2026-12-01前答复")},
    {"case.task.answer", task_answer, METHOD_MUTATING,
        N_("Answers what the caller's body was asked in a case."),
        PARAMS(CASE_PARAM, TASK_PARAM, WORDS_PARAM(N_("the answer")),
            MAY("opinion", PARAM_TEXT, N_("in a word: agreed, not agreed …"), .max = 100),
            EXPECT_PARAM),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"id\":\"t1\",\"text\":\"经核算欠发工资三个月\",\"opinion\":\"同意\"}",
        TASK_EXAMPLE("海南区人社局答复“会办意见”：同意")},
    {"case.task.return", task_return, METHOD_MUTATING,
        N_("Gives a request back: it is not for the caller's body to answer."),
        PARAMS(CASE_PARAM, TASK_PARAM, REASON_PARAM(N_("why; kept in the history")), EXPECT_PARAM),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"id\":\"t1\",\"reason\":\"不属本单位职责\"}",
        TASK_EXAMPLE("海南区人社局退回“会办意见”：不属本单位职责")},
    {"case.task.cancel", task_cancel, METHOD_MUTATING,
        N_("Takes a request back that was not answered yet."),
        PARAMS(CASE_PARAM, TASK_PARAM, REASON_PARAM(N_("why; kept in the history")), EXPECT_PARAM),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"id\":\"t1\",\"reason\":\"已当面说明\"}",
        TASK_EXAMPLE("“会办意见”不再请海南区人社局办理：已当面说明")},
    {"case.urge", case_urge, METHOD_MUTATING,
        N_("Urges whoever handles the case, from above; the case stays with them."),
        PARAMS(CASE_PARAM,
            {.name = "level",
                .type = PARAM_CHOICE,
                .flags = PARAM_REQUIRED,
                .doc = N_("reminder, supervision or listed supervision"),
                .choices = "remind urge listed"},
            WORDS_PARAM(N_("what is demanded")),
            MAY("reply_by", PARAM_DATE, N_("day by which a reply is due; else the register's")),
            EXPECT_PARAM),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"level\":\"urge\",\"text\":\"请说明办理进展\"}",
        TASK_EXAMPLE("“督办”：请羊路井村人民调解委员会于2026-12-08前答复")},
};

const struct method_table task_table = METHOD_TABLE(rows);
