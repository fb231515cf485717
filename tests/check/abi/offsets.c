/* tests/check/abi/offsets.c — the ABI against its golden file.
 *
 * Prints every member of every struct of include/fengqiao as "struct member offset size"; with a
 * golden file it demands that each line there still holds. So members may be appended, and nothing
 * else. Members missing in the list below show as a hole and fail too. `check_abi > abi1.txt` makes
 * the file when an ABI begins. */
#include "fengqiao/host.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct member {
    const char *type, *name;
    size_t offset, size;
};

#define M(t, m)                                                                                    \
    {                                                                                              \
#t, #m, offsetof(struct t, m), sizeof(((struct t *)0)->m)                                  \
    }
#define END(t)                                                                                     \
    {                                                                                              \
#t, "sizeof", sizeof(struct t), 0                                                          \
    }

static const struct member members[] = {
    M(fq_text, data),
    M(fq_text, len),
    END(fq_text),
    M(fq_option, name),
    M(fq_option, kind),
    M(fq_option, required),
    M(fq_option, otherwise),
    M(fq_option, min),
    M(fq_option, max),
    M(fq_option, help),
    END(fq_option),
    M(fq_param, name),
    M(fq_param, kind),
    M(fq_param, required),
    M(fq_param, help),
    END(fq_param),
    M(fq_method, name),
    M(fq_method, right),
    M(fq_method, summary),
    M(fq_method, params),
    M(fq_method, param_size),
    M(fq_method, reserved),
    M(fq_method, example),
    M(fq_method, example_result),
    M(fq_method, handle),
    END(fq_method),
    M(fq_call, size),
    M(fq_call, reserved),
    M(fq_call, id),
    M(fq_call, user),
    M(fq_call, params),
    END(fq_call),
    M(fq_command, size),
    M(fq_command, dry_run),
    M(fq_command, kind),
    M(fq_command, user),
    M(fq_command, number),
    M(fq_command, flow),
    M(fq_command, state),
    M(fq_command, host),
    M(fq_command, args),
    END(fq_command),
    M(fq_event, size),
    M(fq_event, reserved),
    M(fq_event, seq),
    M(fq_event, json),
    END(fq_event),
    M(fq_effect, size),
    M(fq_effect, attempts),
    M(fq_effect, id),
    M(fq_effect, at_ms),
    M(fq_effect, kind),
    M(fq_effect, number),
    M(fq_effect, data),
    END(fq_effect),
    M(fq_plugin, abi),
    M(fq_plugin, size),
    M(fq_plugin, name),
    M(fq_plugin, version),
    M(fq_plugin, needs),
    M(fq_plugin, options),
    M(fq_plugin, option_size),
    M(fq_plugin, method_size),
    M(fq_plugin, methods),
    M(fq_plugin, effects),
    M(fq_plugin, open),
    M(fq_plugin, close),
    M(fq_plugin, before_command),
    M(fq_plugin, after_event),
    M(fq_plugin, handle_effect),
    END(fq_plugin),
    M(fq_host, abi),
    M(fq_host, size),
    M(fq_host, core),
    M(fq_host, daemon_version),
    M(fq_host, log),
    M(fq_host, now_ms),
    M(fq_host, text),
    M(fq_host, option_text),
    M(fq_host, option_number),
    M(fq_host, alloc),
    M(fq_host, free),
    M(fq_host, effect_done),
    M(fq_host, effect_retry),
    M(fq_host, effect_failed),
    M(fq_host, timer_start),
    M(fq_host, timer_stop),
    M(fq_host, watch),
    M(fq_host, work),
    M(fq_host, rpc_call),
    M(fq_host, call_reply),
    M(fq_host, call_refuse),
    M(fq_host, rpc_call_as),
    M(fq_host, call_fail),
    END(fq_host),
};
enum { COUNT = sizeof(members) / sizeof(members[0]) };

/* The list must cover its struct: the next member begins where the last ended, but for alignment.
 */
static bool covered(void)
{
    size_t end = 0;
    bool good = true;
    for (size_t i = 0; i < COUNT; i++) {
        const struct member *m = &members[i];
        if (m->offset < end || m->offset - end >= sizeof(void *)) {
            fprintf(stderr, "%s: a member before \"%s\" is not listed here\n", m->type, m->name);
            good = false;
        }
        end = m->size == 0 ? 0 : m->offset + m->size;
    }
    return good;
}

/* A golden line holds when a member stands where it stood; a size may grow. */
static bool holds(const char *type, const char *name, size_t offset, size_t size)
{
    for (size_t i = 0; i < COUNT; i++) {
        const struct member *m = &members[i];
        if (strcmp(m->type, type) == 0 && strcmp(m->name, name) == 0) {
            return size == 0 ? m->offset >= offset : m->offset == offset && m->size == size;
        }
    }
    return false;
}

static bool compare(const char *path)
{
    FILE *golden = fopen(path, "r");
    if (golden == NULL) {
        perror(path);
        return false;
    }
    char type[64], name[64];
    size_t offset, size, lines = 0;
    unsigned abi = 0;
    bool good = fscanf(golden, "abi %u\n", &abi) == 1 && abi == FQ_ABI;
    if (!good) {
        fprintf(stderr, "%s is of ABI %u, the headers of ABI %u\n", path, abi, FQ_ABI);
    }
    while (fscanf(golden, "%63s %63s %zu %zu\n", type, name, &offset, &size) == 4) {
        lines++;
        if (!holds(type, name, offset, size)) {
            fprintf(stderr, "struct %s: %s moved, changed or went; within an ABI only append\n",
                type, name);
            good = false;
        }
    }
    fclose(golden);
    return good && lines > 0;
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        return covered() && compare(argv[1]) ? 0 : 1;
    }
    printf("abi %u\n", FQ_ABI);
    for (size_t i = 0; i < COUNT; i++) {
        printf("%s %s %zu %zu\n", members[i].type, members[i].name, members[i].offset,
            members[i].size);
    }
    return 0;
}
