/* rpc/methods_inbox.c — what is on the caller's desk. */
#include "rpc/case_list.h"
#include "rpc/service.h"

static const struct method rows[] = {
    {"inbox.list", inbox_list, 0,
        N_("Open cases of the caller's bodies and those assigned to the caller, most urgent "
           "first."),
        PARAMS(PAGE_LIMIT, PAGE_AFTER), PAGE_RESULT, NO_ERRORS, "{\"limit\":10}", PAGE_EXAMPLE},
};
const struct method_table inbox_table = METHOD_TABLE(rows);
