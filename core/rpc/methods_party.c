/* rpc/methods_party.c — completing what registration left open: parties, and registered fields. */
#include "rpc/service.h"

#include "base/json.h"
#include "rpc/case_rows.h"

static void case_party(struct call *c)
{
    case_submit(c, COMMAND_PARTY, service_pick(c, "do party values reason"));
}

static void case_correct(struct call *c)
{
    case_submit(c, COMMAND_CORRECT, service_pick(c, "fields reason"));
}

static const struct method rows[] = {
    {"case.party", case_party, METHOD_MUTATING,
        N_("Adds a party to a case, corrects or completes one, or takes out one entered wrongly."),
        PARAMS(CASE_PARAM,
            {.name = "do",
                .type = PARAM_CHOICE,
                .flags = PARAM_REQUIRED,
                .doc = N_("add, set or remove"),
                .choices = "add set remove"},
            MAY("party", PARAM_INT, N_("which party, from one; not for add"), .min = 1,
                .max = 1000),
            MAY("values", PARAM_OBJECT,
                N_("role, name, sex, nation, age, job, phone, id_number, address, representative, "
                   "person; an empty one is taken away")),
            MAY("reason", PARAM_TEXT, N_("kept in the history; needed for remove"), .max = 2000),
            EXPECT_PARAM, MAY("dry_run", PARAM_BOOL, N_("only say what would happen"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"do\":\"set\",\"party\":1,\"values\":{\"address\":\"羊路井村\"}}",
        COMMAND_EXAMPLE},
    {"case.correct", case_correct, METHOD_MUTATING,
        N_("Corrects or completes fields that are asked at registration only."),
        PARAMS(CASE_PARAM,
            {.name = "fields",
                .type = PARAM_OBJECT,
                .flags = PARAM_REQUIRED,
                .doc = N_("fields of the registration, by name or title")},
            REASON_PARAM(N_("why; kept in the history")), EXPECT_PARAM,
            MAY("dry_run", PARAM_BOOL, N_("only say what would happen"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"fields\":{\"subject\":\"院墙滴水\"},\"reason\":\"登记有误\"}",
        COMMAND_EXAMPLE},
};

const struct method_table party_table = METHOD_TABLE(rows);
