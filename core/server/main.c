/* server/main.c — the command line of fengqiaod. */
#include "base/json.h"
#include "base/json_memory.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/config.h"
#include "server/offline.h"
#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mode { MODE_RUN, MODE_CHECK, MODE_PRINT, MODE_HELP, MODE_VERSION, MODE_VERIFY, MODE_RESTORE };

struct command_line {
    enum mode mode;
    const char *file;    /* NULL: none */
    const char *subject; /* of --verify: a database, or NULL; of --restore: a backup */
    const char *heads;   /* NULL: none */
    bool aside;
    json_t *flags; /* owned: {"name":"value"} */
};

static void print_help(void)
{
    printf("%s\n\n", _("fengqiaod [CONFIG] [--NAME=VALUE …]: the Fengqiao case engine"));
    printf("  --config FILE          %s\n", _("configuration, a Lua table (also as the argument)"));
    printf("  --check                %s\n",
        _("check configuration and reference data, change nothing"));
    printf("  --print-config         %s\n", _("print every option as in force, with its origin"));
    printf("  --verify [FILE]        %s\n",
        _("check the history of the database or of FILE, change nothing"));
    printf("    --heads FILE         %s\n", _("… and compare it with heads kept elsewhere"));
    printf("  --restore FOLDER       %s\n", _("check a backup and bring it back"));
    printf("    --aside              %s\n", _("… and keep the database that is there beside it"));
    printf("  --version, --help\n\n");
    printf("%s\n",
        _("Options, in the file, as FENGQIAO_NAME in the environment, or as --NAME=VALUE:"));
    config_help(stdout);
}

static bool take_option(struct command_line *line, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL) {
        fprintf(stderr, _("fengqiaod: --%s needs a value: --%s=VALUE\n"), text, text);
        return false;
    }
    char *name = mem_strndup(text, (size_t)(equals - text));
    json_object_set_new(line->flags, name, json_string(equals + 1));
    mem_free(name);
    return true;
}

/* --verify [FILE], --restore FOLDER, --heads FILE, --aside; false: none of them. */
static bool take_upkeep(struct command_line *line, int argc, char **argv, int *i)
{
    const char *word = argv[*i];
    bool more = *i + 1 < argc && argv[*i + 1][0] != '-';
    if (strcmp(word, "--verify") == 0) {
        line->mode = MODE_VERIFY;
        line->subject = more ? argv[++*i] : NULL;
    } else if (strcmp(word, "--restore") == 0 && more) {
        line->mode = MODE_RESTORE;
        line->subject = argv[++*i];
    } else if (strcmp(word, "--heads") == 0 && more) {
        line->heads = argv[++*i];
    } else if (strcmp(word, "--aside") == 0) {
        line->aside = true;
    } else {
        return false;
    }
    return true;
}

static bool parse(struct command_line *line, int argc, char **argv)
{
    static const struct {
        const char *name;
        enum mode mode;
    } modes[] = {{"--check", MODE_CHECK}, {"--print-config", MODE_PRINT}, {"--help", MODE_HELP},
        {"-h", MODE_HELP}, {"--version", MODE_VERSION}};
    for (int i = 1; i < argc; i++) {
        bool found = false;
        for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
            if (strcmp(argv[i], modes[m].name) == 0) {
                line->mode = modes[m].mode;
                found = true;
            }
        }
        if (found || take_upkeep(line, argc, argv, &i)) {
            continue;
        }
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
            line->file = argv[++i];
        } else if (text_starts(argv[i], "--config=")) {
            line->file = argv[i] + strlen("--config=");
        } else if (text_starts(argv[i], "--")) {
            if (!take_option(line, argv[i] + 2)) {
                return false;
            }
        } else {
            line->file = argv[i];
        }
    }
    return true;
}

static int fail(const struct err *err)
{
    fprintf(stderr, "fengqiaod: %s\n", err->message);
    if (err->hint[0] != '\0') {
        fprintf(stderr, "  %s\n", err->hint);
    }
    return err_info(err->code)->exit_code;
}

static int check(struct config *config, struct err *err)
{
    bool ok = server_check(config, err);
    config_free(config);
    if (!ok) {
        return fail(err);
    }
    puts(_("the configuration and the reference data are fine"));
    return 0;
}

/* The same for what is done without a daemon. */
static int without_daemon(const struct command_line *line, struct config *config, struct err *err)
{
    int code = 0;
    if (line->mode == MODE_VERIFY) {
        code = offline_verify(config, line->subject, line->heads, err);
    } else {
        offline_restore(config, line->subject, line->aside, err);
    }
    config_free(config);
    return err->code != ERR_NONE ? fail(err) : code;
}

/* The configuration is loaded; takes it. */
static int act(const struct command_line *line, struct config *config, struct err *err)
{
    if (line->mode == MODE_CHECK) {
        return check(config, err);
    }
    if (line->mode == MODE_PRINT) {
        config_print(config, stdout);
        config_free(config);
        return 0;
    }
    if (line->mode == MODE_VERIFY || line->mode == MODE_RESTORE) {
        return without_daemon(line, config, err);
    }
    config_use_log(config);
    struct server *server = server_open(config, line->flags, err);
    if (server == NULL) {
        return fail(err);
    }
    int code = server_run(server);
    server_free(server);
    log_event(LOG_INFO, "server", "stopped", "%s", "clean=1");
    return code;
}

int main(int argc, char **argv)
{
    struct command_line line = {.flags = json_object()};
    struct err err = {0};
    enum lang lang;
    json_memory_begin();
    lang_init();
    if (lang_parse(getenv("FENGQIAO_LANG"), &lang)) {
        lang_use(lang);
    }
    int code = 64;
    if (!parse(&line, argc, argv)) {
        fprintf(stderr, "%s\n", _("fengqiaod --help lists all options"));
    } else if (line.mode == MODE_HELP) {
        print_help();
        code = 0;
    } else if (line.mode == MODE_VERSION) {
        puts("fengqiaod " FENGQIAO_VERSION);
        code = 0;
    } else {
        struct config *config = config_load(line.file, line.flags, &err);
        code = config != NULL ? act(&line, config, &err) : fail(&err);
    }
    err_clear(&err);
    json_decref(line.flags);
    json_memory_end();
    return code;
}
