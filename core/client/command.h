/* client/command.h — one table of commands: parsing, help, completion, the shell and the manual
 * page come from it (table.c). */
#ifndef FQ_CLIENT_COMMAND_H
#define FQ_CLIENT_COMMAND_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct args;
struct client;

/* What completion offers for an argument or an option's value. */
enum value_kind {
    VALUE_TEXT, /* nothing to offer */
    VALUE_CASE,
    VALUE_ACTION,   /* of the case named before */
    VALUE_TASK,     /* of the case: asked of others */
    VALUE_ADHOC,    /* tasks its state offers */
    VALUE_LINK,     /* linked cases */
    VALUE_PARTY,    /* members of a party, as phone= */
    VALUE_ATTACHED, /* its files */
    VALUE_FIELD,    /* field=value of the flow or action named before */
    VALUE_FLOW,
    VALUE_FILE,
    VALUE_COMMAND,
    VALUE_SHELL,
};

struct command_arg {
    const char *name; /* N_ */
    enum value_kind kind;
    bool optional;
    bool many; /* the last one only: takes the rest */
};

struct command_option {
    const char *name;  /* without the dashes */
    const char *value; /* N_ name of the value; NULL: a flag */
    const char *help;  /* N_ */
    enum value_kind kind;
};

enum { COMMAND_ARGS_MAX = 4, COMMAND_WORDS_MAX = 3 };

enum command_need { NEEDS_NOTHING, NEEDS_SERVER, NEEDS_LOGIN };

struct command {
    const char *path;    /* "case act" */
    const char *alias;   /* "案件 办理": word for word the same command in Chinese */
    const char *summary; /* N_ one line */
    struct command_arg args[COMMAND_ARGS_MAX];
    const struct command_option *options; /* ended by a row without name; NULL: none */
    const char *examples;                 /* one per line, each a whole command line */
    enum command_need needs;
    bool changes; /* takes --dry-run and --expect, goes through the outbox */
    bool hidden;  /* for programs; not in help */
    /* Prints to the client's output. false with err when it failed. */
    bool (*exec)(struct client *c, const struct args *a, struct err *err);
};

extern const struct command command_table[];
extern const size_t command_count;
/* Options every command takes. */
extern const struct command_option common_options[];
extern const struct command_option change_options[];

/* Finds the command that the first words name, in either language; words may be mixed, and a
 * Chinese second word alone ("办理") is enough when only one command has it. *used_out gets the
 * number of words taken. NULL and ERR_METHOD with the nearest command when there is none. */
const struct command *command_find(
    const char *const words[], size_t count, size_t *used_out, struct err *err);
/* Is the word the first of a command of several words ("case")? The English word, or NULL. */
const char *command_group(const char *word);
/* The i-th word of a path or alias into out; false when there are fewer. */
bool command_word(const char *path, size_t i, char out[64]);
const struct command *command_by_path(const char *path); /* NULL: none */
/* "case act NUMBER ACTION [FIELD=VALUE …]"; caller owns. */
char *command_usage(const struct command *command);

#endif
