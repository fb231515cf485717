/* client/shell.c — the interactive shell: the same commands without the program's name, over one
 * connection.
 *
 * With FQ_READLINE lines are edited by GNU readline; without it they are read plainly. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/complete.h"
#include "client/home.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef FQ_READLINE
#include <locale.h>
#include <readline/history.h>
#include <readline/readline.h>

enum { HISTORY_MAX = 1000 };

static struct client *completing; /* readline's callbacks have no context of their own */
static json_t *candidates;
static char *before_word; /* what readline takes for a part of the word and we do not; owned */

#define FULL_WIDTH_SPACE "\xE3\x80\x80"

static char *next_candidate(const char *text, int state)
{
    static size_t at;
    (void)text;
    if (state == 0) {
        at = 0;
    }
    const char *word = json_text(json_array_get(candidates, at++), "word");
    if (word == NULL) {
        return NULL;
    }
    char *whole = NULL; /* readline frees it */
    return asprintf(&whole, "%s%s", before_word != NULL ? before_word : "", word) >= 0 ? whole
                                                                                       : NULL;
}

/* Readline breaks words at bytes, so it does not know the full-width space of an input method: the
 * word begins behind the last one. */
static const char *word_begin(const char *text)
{
    for (const char *at; (at = strstr(text, FULL_WIDTH_SPACE)) != NULL;) {
        text = at + strlen(FULL_WIDTH_SPACE);
    }
    return text;
}

static char **complete_at(const char *text, int start, int end)
{
    (void)end;
    const char *word = word_begin(text);
    mem_free(before_word);
    before_word = mem_strndup(text, (size_t)(word - text));
    char *line = mem_printf("%.*s%s", start, rl_line_buffer, before_word);
    const char *words[ARGS_MAX];
    int n = args_split(line, words, ARGS_MAX - 1);
    rl_attempted_completion_over = 1;
    if (n < 0) {
        mem_free(line);
        return NULL;
    }
    words[n] = word;
    json_decref(candidates);
    candidates = complete_words(completing, words, (size_t)n + 1);
    mem_free(line);
    if (json_array_size(candidates) == 1) {
        bool open = text_ends(json_text(json_array_get(candidates, 0), "word"), "=") ||
                    text_ends(json_text(json_array_get(candidates, 0), "word"), "/");
        rl_completion_append_character = open ? '\0' : ' ';
    }
    return rl_completion_matches(text, next_candidate);
}

static char *history_path(void)
{
    char *folder = home_path(HOME_STATE, NULL);
    home_make(folder, NULL);
    mem_free(folder);
    return home_path(HOME_STATE, "history");
}

/* Ctrl-C drops the line. Readline calls this ten times a second while it waits: after a signal it
 * goes on waiting by itself, and only here a line can be ended without a jump. */
static int drop_interrupted(void)
{
    if (link_interrupted()) {
        rl_replace_line("", 0);
        rl_done = 1;
    }
    return 0;
}

static void editor_open(struct client *c)
{
    completing = c;
    /* readline reads the environment anew and would fall back to bytes under LANG=C, which is what
     * a bare Debian has; it is told the UTF-8 locale that lang_init() found. */
    setenv("LC_ALL", setlocale(LC_CTYPE, NULL), 1);
    rl_readline_name = "fengqiao";
    rl_basic_word_break_characters = " \t";
    rl_completer_word_break_characters = " \t";
    rl_attempted_completion_function = complete_at;
    rl_event_hook = drop_interrupted;
    using_history();
    stifle_history(HISTORY_MAX);
    char *path = history_path();
    read_history(path);
    mem_free(path);
}

static void editor_close(void)
{
    char *path = history_path();
    write_history(path);
    mem_free(path);
    json_decref(candidates);
    candidates = NULL;
    mem_free(before_word);
    before_word = NULL;
    clear_history();
    rl_clear_history();
}

/* A password has no place in the history; the client never takes one on a line, so all lines do. */
static char *editor_line(const char *prompt)
{
    char *line = readline(prompt);
    if (line != NULL && line[strspn(line, " \t")] != '\0') {
        add_history(line);
    }
    return line;
}
#endif

static char *plain_line(struct client *c, const char *prompt)
{
    if (isatty(STDIN_FILENO)) {
        fputs(prompt, c->out);
        fflush(c->out);
    }
    char *line = NULL;
    size_t cap = 0;
    if (getline(&line, &cap, stdin) < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

/* The next line, malloc'd; NULL at the end of input. */
static char *read_line(struct client *c, bool edited)
{
    const char *user = json_text(c->login, "user");
    bool color = edited && isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    /* \001 and \002 tell readline that what stands between takes no cells. */
    char *prompt = mem_printf("%s%s%s%s%s> ", color ? "\001\x1b[32m\002" : "", _("fengqiao"),
        user != NULL ? " " : "", user != NULL ? user : "", color ? "\001\x1b[0m\002" : "");
    char *line;
#ifdef FQ_READLINE
    line = edited ? editor_line(prompt) : plain_line(c, prompt);
#else
    line = plain_line(c, prompt);
#endif
    mem_free(prompt);
    return line;
}

static bool is_leave(const char *word)
{
    static const char *const words[] = {"exit", "quit", "退出", "离开"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int run_line(struct client *c, char *line)
{
    const char *words[ARGS_MAX];
    int n = args_split(line, words, ARGS_MAX);
    if (n < 0) {
        fprintf(c->talk, "%s", _("A quotation mark is not closed.\n"));
        return 64;
    }
    size_t skip = n > 0 && strcmp(words[0], "fengqiao") == 0 ? 1 : 0;
    if ((size_t)n == skip) {
        return 0;
    }
    if (is_leave(words[skip])) {
        c->leave = true;
        return 0;
    }
    return client_run(c, words + skip, (size_t)n - skip);
}

bool cmd_shell(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    if (c->in_shell) {
        return err_set(err, ERR_PARAMS, "%s", _("This is the shell already."));
    }
    bool edited = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    c->in_shell = true;
    link_catch_interrupt();
    if (edited) {
        fprintf(c->out, "%s",
            _("Commands without “fengqiao”; Tab completes; help helps; exit or Ctrl-D leaves.\n"));
    }
#ifdef FQ_READLINE
    if (edited) {
        editor_open(c);
    }
#endif
    int last = 0;
    char *line;
    while (!c->leave && (line = read_line(c, edited)) != NULL) {
        last = run_line(c, line);
        free(line);
    }
#ifdef FQ_READLINE
    if (edited) {
        editor_close();
    }
#endif
    /* A script of commands on standard input fails when its last one failed. */
    c->exit_code = edited ? 0 : last;
    c->in_shell = false;
    return true;
}
