/* client/help.c — see help.h. */
#include "client/help.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cells.h"

#include <string.h>

enum { NAME_CELLS = 24, OPTION_CELLS = 24 };

static void print_pair(struct client *c, const char *name, const char *text, int cells)
{
    int pad = cells - cells_width(name);
    fprintf(c->out, "  %s%*s%s\n", name, pad > 1 ? pad : 2, "", text);
}

static const char *shown_path(const struct command *command)
{
    return lang_current() == LANG_ZH ? command->alias : command->path;
}

static void print_row(struct client *c, const struct command *command)
{
    char *name = lang_current() == LANG_ZH ? mem_printf("%s  %s", command->path, command->alias)
                                           : mem_strdup(command->path);
    print_pair(c, name, _(command->summary), lang_current() == LANG_ZH ? 36 : NAME_CELLS);
    mem_free(name);
}

static void print_options(struct client *c, const char *title, const struct command_option *list)
{
    if (list == NULL || list->name == NULL) {
        return;
    }
    fprintf(c->out, "\n%s\n", title);
    for (; list->name != NULL; list++) {
        const char *equal = strcmp(list->name, "json") == 0 ? "[=" : " ";
        const char *close = strcmp(list->name, "json") == 0 ? "]" : "";
        char *name = list->value != NULL
                         ? mem_printf("--%s%s%s%s", list->name, equal, _(list->value), close)
                         : mem_printf("--%s", list->name);
        print_pair(c, name, _(list->help), OPTION_CELLS);
        mem_free(name);
    }
}

static void print_examples(struct client *c, const char *examples)
{
    if (*examples == '\0') {
        return;
    }
    fprintf(c->out, "\n%s\n", _("Examples"));
    while (*examples != '\0') {
        size_t len = strcspn(examples, "\n");
        fprintf(c->out, "  %.*s\n", (int)len, examples);
        examples += len + (examples[len] == '\n');
    }
}

static void print_command(struct client *c, const struct command *command)
{
    char *usage = command_usage(command);
    fprintf(c->out, "fengqiao %s\n  %s\n", usage, _(command->summary));
    if (strcmp(command->path, command->alias) != 0) {
        fprintf(c->out, _("  In Chinese: fengqiao %s\n"), command->alias);
    }
    mem_free(usage);
    print_options(c, _("Options"), command->options);
    if (command->changes) {
        print_options(c, _("Options of changes"), change_options);
    }
    print_options(c, _("Options of every command"), common_options);
    print_examples(c, command->examples);
}

static void print_group(struct client *c, const char *group)
{
    char first[64];
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &command_table[i];
        if (!command->hidden && command_word(command->path, 0, first) &&
            strcmp(first, group) == 0) {
            print_row(c, command);
        }
    }
    fprintf(c->out, _("More about one: fengqiao help %s WORD\n"), group);
}

static void print_short(struct client *c)
{
    fprintf(c->out, "%s\n\n",
        _("Fengqiao — petitions and mediation, every time limit kept and explained"));
    static const char *const paths[] = {"login", "inbox", "case show", "case act", "case open"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        print_row(c, command_by_path(paths[i]));
    }
    fprintf(c->out, "\n%s\n", _("Examples"));
    fprintf(c->out, "  fengqiao inbox\n  fengqiao case show 26-0412\n");
    fprintf(c->out, "  fengqiao %s 412 %s\n", shown_path(command_by_path("case act")), _("ACTION"));
    fprintf(c->out, "%s\n", _("All commands: fengqiao help all   Topics: fengqiao help topics"));
}

void help_all(struct client *c)
{
    for (size_t i = 0; i < command_count; i++) {
        if (!command_table[i].hidden) {
            print_row(c, &command_table[i]);
        }
    }
}

void help_print(struct client *c, const struct command *command, const char *group)
{
    if (command != NULL) {
        print_command(c, command);
    } else if (group != NULL) {
        print_group(c, group);
    } else {
        print_short(c);
    }
}

bool cmd_help(struct client *c, const struct args *a, struct err *err)
{
    if (a->count == 0) {
        print_short(c);
        return true;
    }
    if (a->count == 1 && (strcmp(a->words[0], "all") == 0 || strcmp(a->words[0], "全部") == 0)) {
        help_all(c);
        return true;
    }
    if (a->count == 1 && help_topic(c, a->words[0])) {
        return true;
    }
    const char *group = a->count == 1 ? command_group(a->words[0]) : NULL;
    if (group != NULL && command_by_path(group) == NULL) {
        print_group(c, group);
        return true;
    }
    size_t used = 0;
    const struct command *command = command_find(a->words, a->count, &used, err);
    if (command == NULL) {
        return false;
    }
    print_command(c, command);
    return true;
}

bool cmd_version(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    (void)err;
    fprintf(c->out, "fengqiao %s\n", FENGQIAO_VERSION);
    return true;
}

bool cmd_docs(struct client *c, const struct args *a, struct err *err)
{
    (void)a;
    (void)err;
    fprintf(
        c->out, "| %s | %s | %s |\n|---|---|---|\n", _("Command"), _("Chinese"), _("What it does"));
    for (size_t i = 0; i < command_count; i++) {
        if (!command_table[i].hidden) {
            char *usage = command_usage(&command_table[i]);
            fprintf(c->out, "| `%s` | %s | %s |\n", usage, command_table[i].alias,
                _(command_table[i].summary));
            mem_free(usage);
        }
    }
    return true;
}
