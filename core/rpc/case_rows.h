/* rpc/case_rows.h — what the rows of methods that change a case have in common. */
#ifndef FQ_RPC_CASE_ROWS_H
#define FQ_RPC_CASE_ROWS_H

#include "rpc/case_call.h"

#define COMMAND_RESULT                                                                             \
    PARAMS(NEED("case", PARAM_TEXT, N_("case number")),                                            \
        NEED("id", PARAM_ID, N_("id of the case")),                                                \
        NEED("version", PARAM_INT, N_("number of the case's last event")),                         \
        NEED("changed", PARAM_TEXT, N_("what changed, in words")),                                 \
        NEED("state", PARAM_NAME, N_("state of the case")),                                        \
        NEED("state_title", PARAM_TEXT, N_("title of the state")),                                 \
        MAY("next", PARAM_OBJECT, N_("who must act now")),                                         \
        MAY("due", PARAM_OBJECT, N_("until when, and why")),                                       \
        MAY("actions", PARAM_LIST, N_("what can be done now")),                                    \
        NEED("closed", PARAM_BOOL, N_("the case is closed")))
#define COMMAND_ERRORS                                                                             \
    ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_FORM, ERR_STATE, ERR_VERSION, ERR_KEY_REUSED,         \
        ERR_GUARD, ERR_DUPLICATE, ERR_SCRIPT, ERR_LIMIT, ERR_OVERLOADED, ERR_READ_ONLY,            \
        ERR_SHUTDOWN, ERR_PLUGIN)
#define COMMAND_EXAMPLE                                                                                         \
    "{\"case\":\"羊调26-0001\",\"id\":\"12\",\"version\":3,\"changed\":\"受理：已登记 → 已受理\"," \
    "\"state\":\"accepted\",\"state_title\":\"已受理\",\"closed\":false}"
/* A text a person gives as the reason; kept in the history. */
#define REASON_PARAM(doc_)                                                                         \
    {                                                                                              \
        .name = "reason", .type = PARAM_TEXT, .flags = PARAM_REQUIRED, .doc = (doc_), .min = 1,    \
        .max = 2000                                                                                \
    }
#define EXPECT_PARAM                                                                               \
    MAY("expect_version", PARAM_INT, N_("refuse if the case is at another version"), .min = 1,     \
        .max = INT64_C(1) << 53)

#endif
