/* tests/plugins/wrong.c — one source, many plugins that are wrong in exactly one way each.
 * CMakeLists.txt compiles it once per name with -DWRONG_<NAME>. */
#include "fengqiao/host.h"

#include <stdio.h>
#include <string.h>

/* What the test looks up by dlsym: how often something was called. */
extern FQ_EXPORT int wrong_calls, wrong_closes;
int wrong_calls, wrong_closes;

static void count_close(void *self)
{
    (void)self;
    wrong_closes++;
}

#if defined(WRONG_NOSYMBOL)
extern FQ_EXPORT const void *const something_else[];
const void *const something_else[] = {(const void *)count_close};
#else

#if defined(WRONG_UNRESOLVED)
extern int function_that_nobody_has(void);
#endif

#if defined(WRONG_HOOKS) || defined(WRONG_UNANNOUNCED)
static int bad_veto(void *self, const struct fq_command *command, char *reason, size_t reason_size)
{
    (void)self;
    (void)command;
    (void)reason;
    (void)reason_size;
    wrong_calls++;
    return FQ_REFUSED; /* without a reason */
}
static int bad_event(void *self, const struct fq_event *event)
{
    (void)self;
    (void)event;
    wrong_calls++;
    return 42;
}
static int bad_effect(void *self, const struct fq_effect *effect)
{
    (void)self;
    (void)effect;
    wrong_calls++;
    return FQ_ERROR;
}
#endif

#if defined(WRONG_OPTION)
static const struct fq_option options[] = {
    {.name = "count", .kind = FQ_OPTION_NUMBER, .otherwise = "many"}, {0}};
#endif

#if defined(WRONG_NEWER)
/* As if a later header had one hook more: the bytes behind fq_plugin are the next object's. */
#define PLUGIN_SIZE (sizeof(struct fq_plugin) + sizeof(void (*)(void)))
#elif defined(WRONG_SIZE)
#define PLUGIN_SIZE 24
#else
#define PLUGIN_SIZE sizeof(struct fq_plugin)
#endif

#if defined(WRONG_NAME)
#define NAME "No Such Name"
#elif defined(WRONG_TWIN)
#define NAME "hooks"
#else
#define NAME "wrong"
#endif

#if !defined(WRONG_NOOPEN)
static int wrong_open(const struct fq_host *host, void **self_out, char *error, size_t error_size)
{
    *self_out = (void *)(size_t)host;
    memset(error, 0, error_size);
#if defined(WRONG_UNRESOLVED)
    return function_that_nobody_has();
#elif defined(WRONG_FAILOPEN)
    snprintf(error, error_size, "the folder is not mine");
    return FQ_ERROR;
#elif defined(WRONG_SILENTOPEN)
    return FQ_ERROR;
#elif defined(WRONG_RUDEOPEN)
    memset(error, 0xff, error_size);
    return 77;
#else
    return FQ_OK;
#endif
}
#endif

const struct fq_plugin fq_plugin = {
#if defined(WRONG_ABI)
    .abi = 99,
#else
    .abi = FQ_ABI,
#endif
    .size = PLUGIN_SIZE,
#if defined(WRONG_HOOKS)
    .name = "hooks",
#else
    .name = NAME,
#endif
    .version = "1",
    .close = count_close,
#if !defined(WRONG_NOOPEN)
    .open = wrong_open,
#endif
#if defined(WRONG_NEED)
    .needs = (const char *const[]){"teleport", NULL},
#elif defined(WRONG_HOOKLESS)
    .needs = (const char *const[]){"veto", NULL},
#elif defined(WRONG_HOOKS)
    .needs = (const char *const[]){"veto", "event", "effect", NULL},
    .effects = (const char *const[]){"wrong", NULL},
    .before_command = bad_veto,
    .after_event = bad_event,
    .handle_effect = bad_effect,
#elif defined(WRONG_UNANNOUNCED)
    .before_command = bad_veto,
#endif
#if defined(WRONG_OPTION)
    .options = options,
    .option_size = sizeof(options[0]),
#endif
};

#if defined(WRONG_UNANNOUNCED)
extern FQ_EXPORT const void *const unused[];
const void *const unused[] = {(const void *)bad_event, (const void *)bad_effect};
#endif
#endif
