/* rpc/methods_acts.c — acts on a case beside its workflow: undo. */
#include "rpc/service.h"

#include "rpc/case_rows.h"

static void case_undo(struct call *c)
{
    case_submit(c, COMMAND_UNDO, service_pick(c, "reason"));
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct method rows[] = {
    {"case.undo", case_undo, METHOD_MUTATING,
        N_("Takes back what the caller did last, within minutes and while nobody acted after."),
        PARAMS(CASE_PARAM, MAY("reason", PARAM_TEXT, N_("kept in the history"), .max = 2000),
            EXPECT_PARAM, MAY("dry_run", PARAM_BOOL, N_("only say what would happen"))),
        COMMAND_RESULT, COMMAND_ERRORS,
        "{\"case\":\"26-1\",\"expect_version\":3,\"reason\":\"点错了\"}", COMMAND_EXAMPLE},
};

const struct method_table acts_table = METHOD_TABLE(rows);
