/* rpc/methods_upkeep.c — server.backup, server.verify, server.heads, server.job: for the
 * administrator on the machine itself. */
#include "rpc/upkeep.h"

#include "base/json.h"

static void backup(struct call *c)
{
    struct err err = {0};
    const char *folder = call_text(c, "folder");
    if (folder[0] != '/') {
        err_set(&err, ERR_PARAMS, _("folder: must be a whole path on the server"));
        err_data(&err, "field", json_string("folder"));
        call_refuse(c, &err);
        return;
    }
    upkeep_start(c, UPKEEP_BACKUP, folder);
}

static void verify(struct call *c)
{
    upkeep_start(c, UPKEEP_VERIFY, call_text(c, "heads"));
}

static void heads(struct call *c)
{
    upkeep_start(c, UPKEEP_HEADS, NULL);
}

static void job(struct call *c)
{
    json_t *told = upkeep_tell(service_of(c)->upkeep);
    struct err err = {0};
    if (told == NULL || json_number(told, "job", 0) != call_int(c, "job", 0)) {
        json_decref(told);
        err_set(&err, ERR_NOT_FOUND, _("there is no such work; a newer one took its place"));
        call_refuse(c, &err);
        return;
    }
    call_reply(c, told);
}

#define JOB_RESULT PARAMS(NEED("job", PARAM_INT, N_("number of the work, for server.job")))

static const struct method rows[] = {
    {"server.backup", backup, METHOD_LOCAL,
        N_("Starts a backup of database and attachments while work goes on."),
        PARAMS(NEED("folder", PARAM_TEXT, N_("folder of backups on the server, a whole path"),
            .max = 1000)),
        JOB_RESULT, ERRORS(ERR_FORBIDDEN, ERR_OVERLOADED), "{\"folder\":\"/var/backups/fengqiao\"}",
        "{\"job\":1}"},
    {"server.verify", verify, METHOD_LOCAL,
        N_("Starts a check of the whole history: every case's chain, the audit, kept heads."),
        PARAMS(MAY("heads", PARAM_TEXT, N_("a kept file of heads, its text"), .max = 100000)),
        JOB_RESULT, ERRORS(ERR_FORBIDDEN, ERR_OVERLOADED), "{}", "{\"job\":1}"},
    {"server.heads", heads, METHOD_LOCAL,
        N_("Starts making the heads of the history, to be kept on another machine."), NO_PARAMS,
        JOB_RESULT, ERRORS(ERR_FORBIDDEN, ERR_OVERLOADED), "{}", "{\"job\":1}"},
    {"server.job", job, METHOD_LOCAL, N_("Tells how far such a work is, and how it ended."),
        PARAMS(NEED("job", PARAM_INT, N_("number of the work"), .min = 1, .max = INT32_MAX)),
        PARAMS(NEED("job", PARAM_INT, N_("number of the work")),
            NEED("work", PARAM_TEXT, N_("backup, verify or heads")),
            NEED("running", PARAM_BOOL, N_("it has not ended")),
            NEED("phase", PARAM_TEXT, N_("copy, check or files")),
            NEED("done", PARAM_INT, N_("pages, events or files of the phase")),
            NEED("total", PARAM_INT, N_("of how many; 0: not known")),
            MAY("result", PARAM_OBJECT, N_("once it ended well")),
            MAY("error", PARAM_OBJECT, N_("once it failed: kind, message, hint"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"job\":1}",
        "{\"job\":1,\"work\":\"verify\",\"running\":true,\"phase\":\"check\",\"done\":2000,"
        "\"total\":9000}"},
};
const struct method_table upkeep_table = METHOD_TABLE(rows);
