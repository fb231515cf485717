/* tests/plugins/listener.c — writes down all a plugin is told, one line each: the arguments of
 * every command before it is decided, and every event after it. The option `file` says where. */
#include "fengqiao/host.h"

#include <stdio.h>

struct listener {
    const struct fq_host *host;
    FILE *out;
};

static void told(struct listener *l, const char *what, struct fq_text text)
{
    fprintf(l->out, "%s %.*s\n", what, (int)text.len, text.data == NULL ? "" : text.data);
    fflush(l->out);
}

static int listener_veto(void *self, const struct fq_command *c, char *reason, size_t size)
{
    (void)reason;
    (void)size;
    told(self, "command", c->args);
    return FQ_OK;
}

static int listener_event(void *self, const struct fq_event *event)
{
    told(self, "event", event->json);
    return FQ_OK;
}

static int listener_open(const struct fq_host *host, void **self_out, char *error, size_t size)
{
    struct listener *l = host->alloc(host, sizeof(*l));
    l->host = host;
    l->out = fopen(host->option_text(host, "file").data, "ae");
    *self_out = l;
    if (l->out == NULL) {
        snprintf(error, size, "the file cannot be opened");
        host->free(host, l);
        return FQ_ERROR;
    }
    return FQ_OK;
}

static void listener_close(void *self)
{
    struct listener *l = self;
    fclose(l->out);
    l->host->free(l->host, l);
}

static const struct fq_option options[] = {
    {.name = "file", .kind = FQ_OPTION_TEXT, .help = "what is told goes here"}, {0}};

const struct fq_plugin fq_plugin = {
    .abi = FQ_ABI,
    .size = sizeof(struct fq_plugin),
    .name = "listener",
    .version = "1",
    .needs = (const char *const[]){"veto", "event", NULL},
    .options = options,
    .option_size = sizeof(options[0]),
    .open = listener_open,
    .close = listener_close,
    .before_command = listener_veto,
    .after_event = listener_event,
};
