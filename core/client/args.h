/* client/args.h — the words of one command line, sorted by the command's row of the table. */
#ifndef FQ_CLIENT_ARGS_H
#define FQ_CLIENT_ARGS_H

#include "client/command.h"

#include <stdint.h>

enum { ARGS_MAX = 512, OPTIONS_MAX = 64 };

struct args {
    const struct command *command; /* NULL when no command was named */
    const char *group;             /* "case" when only a group was named */
    const char *words[ARGS_MAX];   /* arguments behind the command; borrowed from argv */
    size_t count;
    struct {
        const struct command_option *option;
        const char *value; /* NULL for a flag, or for --json without fields */
    } options[OPTIONS_MAX];
    size_t option_count;
    bool help; /* -h or --help stands somewhere */
};

/* argv without the program's name. ERR_METHOD or ERR_PARAMS with the nearest name. Full-width
 * dashes count as dashes. A lone group or nothing at all is no error: then command is NULL. */
bool args_parse(struct args *a, const char *const argv[], size_t count, struct err *err);

bool args_flag(const struct args *a, const char *option);
const char *args_option(const struct args *a, const char *option); /* the last one; NULL: absent */
/* The i-th argument or NULL. */
const char *args_word(const struct args *a, size_t i);
/* An integer option; false and ERR_PARAMS when it is none or out of range. Absent leaves *out. */
bool args_number(const struct args *a, const char *option, int64_t min, int64_t max, int64_t *out,
    struct err *err);
/* Splits a line of the shell into words in place ('…', "…" and \ quote; full-width spaces
 * separate too). Returns the count; -1 when a quote is not closed. */
int args_split(char *line, const char *words[], size_t max);

#endif
