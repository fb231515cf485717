/* rpc/methods_document.c — official documents of a case: their numbers, and what a printed one may
 * show. How they look is the matter of a plugin. */
#include "rpc/case_call.h"
#include "rpc/service.h"

static void case_document(struct call *c)
{
    case_submit(c, COMMAND_DOCUMENT, service_pick(c, "template title series content body"));
}

static void paper_it(struct call *c, const struct casefile *kase)
{
    struct err err = {0};
    json_t *paper = engine_case_paper(
        service_of(c)->with.engine, kase, call_actor(c), call_text(c, "document"), &err);
    if (paper != NULL) {
        call_reply(c, paper);
    } else {
        call_refuse(c, &err);
    }
}

static void case_paper(struct call *c)
{
    case_read(c, paper_it);
}

static const struct method rows[] = {
    {"case.document", case_document, METHOD_MUTATING,
        N_("Gives a document of the case its number; the same content again has the same number."),
        PARAMS(CASE_PARAM, NEED("template", PARAM_NAME, N_("template of the document")),
            NEED("title", PARAM_NAME, N_("title of the document")),
            NEED("series", PARAM_NAME,
                N_("series of its number; {sign} stands for the body's sign")),
            MAY("content", PARAM_NAME, N_("digest of what it says; else of all the case says")),
            MAY("body", PARAM_NAME, N_("plugins: the body that makes it"))),
        PARAMS(NEED("case", PARAM_TEXT, N_("case number")),
            NEED("version", PARAM_INT, N_("number of the case's last event")),
            NEED("changed", PARAM_TEXT, N_("what changed, in words")),
            NEED("document", PARAM_OBJECT, N_("the document: id, number, copies …"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_LIMIT, ERR_KEY_REUSED, ERR_OVERLOADED,
            ERR_READ_ONLY, ERR_SHUTDOWN, ERR_PLUGIN),
        "{\"case\":\"26-1\",\"template\":\"mediation_agreement\",\"title\":\"人民调解协议书\","
        "\"series\":\"乌（{sign}）人调字\"}",
        "{\"case\":\"羊调26-0001\",\"version\":4,\"changed\":\"《人民调解协议书》\",\"document\":{}"
        "}"},
    {"case.paper", case_paper, 0,
        N_("What a document may show of the parties, for whoever is on record for making it."),
        PARAMS(CASE_PARAM, NEED("document", PARAM_NAME, N_("id of the document in the case"))),
        PARAMS(NEED("document", PARAM_OBJECT, N_("the document: id, number, copies …")),
            NEED("parties", PARAM_LIST, N_("people and organisations concerned")),
            NEED("whole", PARAM_BOOL, N_("numbers are not masked"))),
        ERRORS(ERR_FORBIDDEN, ERR_NOT_FOUND), "{\"case\":\"26-1\",\"document\":\"d1\"}",
        "{\"document\":{\"id\":\"d1\"},\"parties\":[],\"whole\":true}"},
};
const struct method_table document_table = METHOD_TABLE(rows);
