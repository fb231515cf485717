/* skeleton — the smallest whole plugin: copy the folder, rename it, delete what you do not need.
 *
 * It refuses notes that contain a configured word (a veto), answers effects of the kind "skeleton",
 * and tells its counters by a method. plugins/README.md explains each step. */
#include "fengqiao/host.h"

#include <stdio.h>
#include <string.h>

#define N_(msgid) msgid /* marks words for translation: their Chinese stands in zh_CN.po */

/* What the plugin remembers; gone when the daemon stops. What must last is an effect. */
struct skeleton {
    const struct fq_host *host;
    int64_t vetoes, effects;
};

/* The options table is documentation, check and defaults in one. */
static const struct fq_option options[] = {
    {.name = "forbidden",
        .kind = FQ_OPTION_TEXT,
        .help = N_("notes containing this word are refused; empty: none")},
    {0},
};

static int skeleton_open(const struct fq_host *host, void **self_out, char *error, size_t size)
{
    struct fq_text word = host->option_text(host, "forbidden");
    if (word.len > 100) { /* an error is a sentence for the administrator */
        snprintf(error, size, "%s", host->text(host, NULL, N_("the word is too long")));
        return FQ_ERROR;
    }
    struct skeleton *s = host->alloc(host, sizeof(*s));
    s->host = host; /* may be kept: it lives until close() returned */
    *self_out = s;
    return FQ_OK;
}

static void skeleton_close(void *self)
{
    struct skeleton *s = self;
    s->host->free(s->host, s);
}

/* Text comes with its length and is borrowed: look at it now or copy it. */
static int skeleton_veto(void *self, const struct fq_command *c, char *reason, size_t size)
{
    struct skeleton *s = self;
    struct fq_text word = s->host->option_text(s->host, "forbidden");
    if (word.len == 0 || c->kind.len != 4 || memcmp(c->kind.data, "note", 4) != 0 ||
        memmem(c->args.data, c->args.len, word.data, word.len) == NULL) {
        return FQ_OK;
    }
    s->vetoes++;
    snprintf(reason, size, s->host->text(s->host, NULL, N_("the note contains \"%s\"")), word.data);
    return FQ_REFUSED;
}

/* Effects are answered by id: here at once, elsewhere from a timer or a socket's callback. */
static int skeleton_handle_effect(void *self, const struct fq_effect *effect)
{
    struct skeleton *s = self;
    s->effects++;
    return s->host->effect_done(s->host, effect->id);
}

static int skeleton_status(void *self, const struct fq_call *call)
{
    struct skeleton *s = self;
    char text[96];
    int len = snprintf(text, sizeof(text), "{\"vetoes\":%lld,\"effects\":%lld}",
        (long long)s->vetoes, (long long)s->effects);
    return s->host->call_reply(s->host, call->id, (struct fq_text){text, (size_t)len});
}

static const struct fq_method methods[] = {
    {.name = "skeleton.status",
        .right = "admin.health",
        .handle = skeleton_status,
        .summary = N_("What the skeleton plugin has seen.")},
    {0},
};

const struct fq_plugin fq_plugin = {
    .abi = FQ_ABI,
    .size = sizeof(struct fq_plugin),
    .name = "skeleton",
    .version = "1.0",
    .needs = (const char *const[]){"veto", "effect", "method", NULL},
    .options = options,
    .option_size = sizeof(options[0]),
    .methods = methods,
    .method_size = sizeof(methods[0]),
    .effects = (const char *const[]){"skeleton", NULL},
    .open = skeleton_open,
    .close = skeleton_close,
    .before_command = skeleton_veto,
    .handle_effect = skeleton_handle_effect,
};
