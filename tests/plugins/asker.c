/* tests/plugins/asker.c — a plugin whose methods pass a question on for the person who asked:
 * asker.ask {method} answers with what the method said, or fails as it failed. */
#include "fengqiao/host.h"

#include <stdio.h>
#include <string.h>

struct asker {
    const struct fq_host *host;
    int64_t asked; /* one at a time is enough for a test */
};

static void on_answer(struct fq_text result, struct fq_text error, void *ctx)
{
    struct asker *a = ctx;
    if (result.data != NULL) {
        a->host->call_reply(a->host, a->asked, result);
    } else {
        a->host->call_fail(a->host, a->asked, error);
    }
    /* Answered: nothing can be asked or failed for it any more. */
    if (a->host->rpc_call_as(a->host, a->asked, "who", (struct fq_text){0}, on_answer, a) !=
            FQ_ERROR ||
        a->host->call_fail(a->host, a->asked, error) != FQ_ERROR) {
        a->host->log(a->host, FQ_LOG_ERROR, "asked_twice", "");
    }
}

static int asker_ask(void *self, const struct fq_call *call)
{
    struct asker *a = self;
    char method[64] = "";
    /* {"method":"who"} */
    sscanf(call->params.data, "{\"method\":\"%63[a-z]", method);
    a->asked = call->id;
    if (strcmp(method, "nonsense") == 0) {
        return a->host->call_fail(a->host, call->id, (struct fq_text){"[1", 2});
    }
    return a->host->rpc_call_as(a->host, call->id, method, (struct fq_text){0}, on_answer, a);
}

static int asker_open(const struct fq_host *host, void **self_out, char *error, size_t error_size)
{
    (void)error;
    (void)error_size;
    struct asker *a = host->alloc(host, sizeof(*a));
    a->host = host;
    *self_out = a;
    return FQ_HAS(host, rpc_call_as) ? FQ_OK : FQ_ERROR;
}

static void asker_close(void *self)
{
    struct asker *a = self;
    a->host->free(a->host, a);
}

static const struct fq_param params[] = {
    {.name = "method", .kind = FQ_PARAM_TEXT, .required = 1, .help = "what to ask"}, {0}};

static const struct fq_method methods[] = {
    {.name = "asker.ask",
        .right = "admin.health",
        .handle = asker_ask,
        .summary = "Asks another method for the caller.",
        .params = params,
        .param_size = sizeof(params[0]),
        .example = "{\"method\":\"who\"}"},
    {0},
};

const struct fq_plugin fq_plugin = {
    .abi = FQ_ABI,
    .size = sizeof(struct fq_plugin),
    .name = "asker",
    .version = "1",
    .needs = (const char *const[]){"rpc", "method", NULL},
    .methods = methods,
    .method_size = sizeof(methods[0]),
    .open = asker_open,
    .close = asker_close,
};
