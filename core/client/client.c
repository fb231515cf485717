/* client/client.c — see client.h. */
#include "client/client.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/help.h"
#include "client/home.h"
#include "client/number.h"
#include "client/remote.h"
#include "client/trust.h"
#include "client/view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define SOCKET_OF_PACKAGE "/run/fengqiao/fengqiao.sock"
#define PLAIN_ON_LOOPBACK "127.0.0.1:7719"

enum { TIMEOUT_MS = 30000 };

void client_init(struct client *c)
{
    memset(c, 0, sizeof *c);
    wallclock_init_real(&c->clock);
    c->out = stdout;
    c->talk = stderr;
    c->timeout_ms = TIMEOUT_MS;
    char *path = home_path(HOME_CONFIG, "client.json");
    c->config = home_load(path);
    mem_free(path);
}

void client_close(struct client *c)
{
    remote_close(c);
    trust_close(c);
    outbox_free(c->outbox);
    copies_free(c->copies);
    json_decref(c->login);
    json_decref(c->config);
    mem_free(c->server);
    mem_free(c->last_case);
}

static const char *chosen(const char *option, const char *variable, const char *configured)
{
    const char *environment = getenv(variable);
    if (option != NULL) {
        return option;
    }
    return environment != NULL && *environment != '\0' ? environment : configured;
}

static void choose_server(struct client *c, const char *option)
{
    const char *server = chosen(option, "FENGQIAO_SERVER", json_text(c->config, "server"));
    if (server == NULL) {
        bool packaged = access(SOCKET_OF_PACKAGE, R_OK | W_OK) == 0;
        server = packaged ? "unix:" SOCKET_OF_PACKAGE : PLAIN_ON_LOOPBACK;
    }
    if (!text_equal(server, c->server)) {
        remote_close(c);
        mem_free(c->server);
        c->server = mem_strdup(server);
        c->pending_tried = false;
        copies_free(c->copies);
        c->copies = NULL;
        json_decref(c->login);
        c->login = login_load(server);
    }
}

static bool choose_lang(const struct client *c, const char *option, struct err *err)
{
    enum lang lang = LANG_ZH;
    if (option != NULL && !lang_parse(option, &lang)) {
        return err_set(err, ERR_PARAMS, _("--lang is zh or en, not “%s”."), option);
    }
    /* LANG alone does not choose English: most machines of the offices run without a locale. */
    const char *other = chosen(NULL, "FENGQIAO_LANG", json_text(c->config, "lang"));
    if (option == NULL && other != NULL) {
        lang_parse(other, &lang);
    }
    const char *term = getenv("TERM");
    if (option == NULL && other == NULL && term != NULL && strcmp(term, "linux") == 0 &&
        isatty(STDOUT_FILENO)) {
        lang = LANG_EN; /* the Linux console shows no Han characters */
    }
    lang_use(lang);
    return true;
}

static int terminal_width(const struct client *c)
{
    const char *columns = getenv("COLUMNS");
    if (columns != NULL && atoi(columns) > 0) {
        return atoi(columns);
    }
    struct winsize size;
    if (isatty(fileno(c->out)) && ioctl(fileno(c->out), TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 0) {
        return size.ws_col;
    }
    return 0;
}

static bool apply_options(struct client *c, const struct args *a, struct err *err)
{
    if (!choose_lang(c, args_option(a, "lang"), err)) {
        return false;
    }
    choose_server(c, args_option(a, "server"));
    trust_choose(c, args_option(a, "ca"), args_option(a, "pin"));
    c->output = args_flag(a, "json")    ? OUTPUT_JSON
                : args_flag(a, "csv")   ? OUTPUT_CSV
                : args_flag(a, "plain") ? OUTPUT_PLAIN
                                        : OUTPUT_TABLE;
    c->json_fields = args_option(a, "json");
    c->json_refused = false;
    c->color =
        !args_flag(a, "no-color") && c->output == OUTPUT_TABLE && paint_wanted(fileno(c->out));
    c->no_input = args_flag(a, "no-input");
    c->dry_run = args_flag(a, "dry-run");
    c->width = terminal_width(c);
    c->exit_code = 0;
    c->title_cells = 0;
    c->copy_at_ms = 0;
    c->pending_tried = false;
    c->expect_version = 0;
    int64_t seconds = TIMEOUT_MS / 1000;
    bool ok = args_number(a, "expect", 1, INT64_MAX, &c->expect_version, err) &&
              args_number(a, "timeout", 1, 3600, &seconds, err);
    c->timeout_ms = (int)seconds * 1000;
    return ok;
}

bool client_interactive(const struct client *c)
{
    return !c->no_input && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool client_confirm(struct client *c, const char *question, bool otherwise)
{
    if (!client_interactive(c)) {
        return otherwise;
    }
    char answer[64];
    fprintf(c->talk, "%s [y/n] ", question);
    fflush(c->talk);
    if (fgets(answer, sizeof answer, stdin) == NULL) {
        return false;
    }
    return strchr("yY", answer[0]) != NULL || text_starts(answer, "是") ||
           text_starts(answer, "ｙ");
}

char *client_ask_secret(const char *prompt)
{
    if (!isatty(STDIN_FILENO)) {
        return NULL;
    }
    struct termios before;
    tcgetattr(STDIN_FILENO, &before);
    struct termios quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%s", prompt);
    fflush(stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    char *line = NULL;
    size_t cap = 0;
    ssize_t len = getline(&line, &cap, stdin);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    if (len < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

void client_remember_case(struct client *c, const char *number)
{
    if (number != NULL) {
        mem_free(c->last_case);
        c->last_case = mem_strdup(number);
        seen_add(&number, 1);
    }
}

static const char *general_hint(const struct client *c, enum err_code code)
{
    bool about_case = text_starts(c->command != NULL ? c->command : "case", "case");
    if ((code == ERR_STATE || code == ERR_NOT_FOUND) && !about_case) {
        return _("All commands: fengqiao help");
    }
    switch (code) {
    case ERR_UNAUTHENTICATED:
        return _("Log in first: fengqiao login");
    case ERR_NOT_FOUND:
        return _("Look for it: fengqiao case search WORDS");
    case ERR_STATE:
    case ERR_VERSION:
        return _("Somebody acted meanwhile. Look again: fengqiao case show NUMBER");
    case ERR_OVERLOADED:
    case ERR_SHUTDOWN:
        return _("Try again in a moment; nothing was lost.");
    case ERR_READ_ONLY:
        return _("The server takes no changes just now; tell the administrator. fengqiao health "
                 "says why.");
    case ERR_OFFLINE:
        return _("Check the network and the address: fengqiao health --server HOST:PORT");
    case ERR_FILE:
        return _("Check the path, and whether you may read and write there.");
    default:
        return _("All commands: fengqiao help");
    }
}

/* Each field with its problem; the label once, though many problems begin with it. */
static void say_fields(struct client *c, const json_t *fields)
{
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *f = json_array_get(fields, i);
        const char *label = json_text(f, "label");
        label = label != NULL ? label : json_text(f, "title");
        label = label != NULL ? label : json_text(f, "name");
        label = label != NULL ? label : "";
        const char *problem = json_text(f, "problem");
        problem = problem != NULL ? problem : _("missing");
        bool named = text_starts(problem, label);
        const char *hint = json_text(f, "hint");
        char *line = mem_printf("%s%s%s%s%s", named ? "" : label,
            named || *label == '\0' ? "" : view_colon(), problem,
            hint != NULL ? view_semicolon() : "", hint != NULL ? hint : "");
        view_item(c, c->talk, "  ", line, PAINT_PLAIN);
        mem_free(line);
    }
}

/* In the shell the program's name is not typed. Shortens in place. */
static void without_program(char *hint)
{
    static const char name[] = "fengqiao ";
    for (char *at = hint; (at = strstr(at, name)) != NULL;) {
        memmove(at, at + strlen(name), strlen(at + strlen(name)) + 1);
    }
}

/* A hint for programmers is none for people: they get the command's own help. */
static char *best_hint(const struct client *c, const struct err *err)
{
    bool technical = strstr(err->hint, "rpc.discover") != NULL;
    if (err->hint[0] != '\0' && !technical) {
        return mem_strdup(err->hint);
    }
    if ((technical || err->code == ERR_PARAMS || err->code == ERR_FORM) && c->command != NULL) {
        return mem_printf(_("See: fengqiao help %s"), c->command);
    }
    return mem_strdup(general_hint(c, err->code));
}

void client_complain(struct client *c, const struct err *err)
{
    enum paint red = paint_wanted(fileno(c->talk)) ? PAINT_RED : PAINT_PLAIN;
    if (c->output == OUTPUT_JSON) {
        json_t *error = json_pack("{s:{s:s, s:s, s:s, s:i, s:O?}}", "error", "kind",
            err_info(err->code)->kind, "message", err->message, "hint", err->hint, "exit",
            err_info(err->code)->exit_code, "data", err->data);
        char *text = json_compact(error);
        fprintf(c->talk, "%s\n", text);
        free(text);
        json_decref(error);
        return;
    }
    const json_t *fields = json_member(err->data, "fields");
    bool many = json_array_size(fields) > 0;
    view_item(c, c->talk, "", many ? _("Something must be put right:") : err->message, red);
    say_fields(c, fields);
    char *hint = best_hint(c, err);
    if (c->in_shell) {
        without_program(hint);
    }
    char *mark = mem_printf("  %s%s", _("What next"), view_colon());
    view_item(c, c->talk, mark, hint, PAINT_PLAIN);
    mem_free(mark);
    mem_free(hint);
}

static bool logged_in(const struct client *c)
{
    return json_text(c->login, "token") != NULL || getenv("FENGQIAO_TOKEN") != NULL ||
           text_starts(c->server, "unix:");
}

static bool run_command(struct client *c, const struct args *a, struct err *err)
{
    if (a->help || a->command == NULL) {
        help_print(c, a->command, a->command == NULL ? a->group : NULL);
        return true;
    }
    if (a->command->needs == NEEDS_LOGIN && !logged_in(c)) {
        err_set(err, ERR_UNAUTHENTICATED, _("You are not logged in at %s."), c->server);
        return err_hint(err, _("Log in first: fengqiao login"));
    }
    return a->command->exec(c, a, err);
}

int client_run(struct client *c, const char *const words[], size_t count)
{
    struct args args;
    struct err err = {0};
    /* The language must stand before the first word is printed, even if the line is wrong. */
    choose_lang(c, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        bool apart = strcmp(words[i], "--lang") == 0 && i + 1 < count;
        const char *given = apart                              ? words[i + 1]
                            : text_starts(words[i], "--lang=") ? words[i] + 7
                                                               : NULL;
        enum lang lang;
        if (lang_parse(given, &lang)) {
            lang_use(lang);
        }
    }
    c->command = NULL;
    bool parsed = args_parse(&args, words, count, &err);
    c->command = parsed && args.command != NULL ? args.command->path : NULL;
    bool ok = parsed && apply_options(c, &args, &err) && run_command(c, &args, &err);
    int code = c->exit_code;
    if (!ok) {
        fflush(c->out);
        client_complain(c, &err);
        code = link_interrupted() ? 130 : err_info(err.code)->exit_code;
    }
    if (ok && c->json_refused) {
        code = err_info(ERR_PARAMS)->exit_code;
    }
    err_clear(&err);
    fflush(c->out);
    return code;
}
