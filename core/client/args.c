/* client/args.c — see args.h. */
#include "client/args.h"

#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FULL_WIDTH_SPACE "\xE3\x80\x80"
#define EM_DASH "\xE2\x80\x94"

static const struct command_option *option_in(
    const struct command_option *list, const char *name, size_t len)
{
    for (; list != NULL && list->name != NULL; list++) {
        if (strlen(list->name) == len && strncmp(list->name, name, len) == 0) {
            return list;
        }
    }
    return NULL;
}

static const struct command_option *find_option(
    const struct command *c, const char *name, size_t len)
{
    const struct command_option *found = option_in(common_options, name, len);
    if (found == NULL && c != NULL) {
        found = option_in(c->options, name, len);
    }
    if (found == NULL && c != NULL && c->changes) {
        found = option_in(change_options, name, len);
    }
    return found;
}

static size_t add_names(const struct command_option *list, const char *names[], size_t n)
{
    for (; list != NULL && list->name != NULL && n < OPTIONS_MAX; list++) {
        names[n++] = list->name;
    }
    return n;
}

static bool unknown_option(const struct command *c, const char *name, struct err *err)
{
    const char *names[OPTIONS_MAX];
    size_t n = add_names(common_options, names, 0);
    n = add_names(c != NULL ? c->options : NULL, names, n);
    n = add_names(c != NULL && c->changes ? change_options : NULL, names, n);
    char *bare = mem_strndup(name, strcspn(name, "="));
    err_set(err, ERR_PARAMS, _("There is no option --%s here."), bare);
    const char *nearest = text_nearest(bare, names, n);
    if (nearest != NULL) {
        err_hint(err, _("Did you mean: --%s"), nearest);
    } else {
        err_hint(err, _("See: fengqiao help %s"), c != NULL ? c->path : "");
    }
    mem_free(bare);
    return false;
}

/* Behind the dashes of an option, or NULL when the word is none. IMEs turn -- into ——. */
static const char *option_name(const char *word)
{
    if (text_starts(word, "--")) {
        return word + 2;
    }
    if (strcmp(word, "-f") == 0) {
        return "form"; /* what every tool calls a file to read from */
    }
    if (text_starts(word, EM_DASH EM_DASH)) {
        return word + 2 * strlen(EM_DASH);
    }
    return text_starts(word, EM_DASH) ? word + strlen(EM_DASH) : NULL;
}

static bool is_help(const char *word)
{
    return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0;
}

/* First pass: the command's words are those that are neither options nor their values. */
static bool find_command(
    struct args *a, const char *const argv[], size_t count, bool taken[], struct err *err)
{
    const char *words[COMMAND_WORDS_MAX];
    size_t at[COMMAND_WORDS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < count && n < COMMAND_WORDS_MAX; i++) {
        const char *name = option_name(argv[i]);
        if (name == NULL && !is_help(argv[i])) {
            at[n] = i;
            words[n++] = argv[i];
        } else if (name != NULL) {
            if (*name == '\0') {
                break;
            }
            const struct command_option *o = find_option(NULL, name, strcspn(name, "="));
            bool apart = o != NULL && o->value != NULL && strcmp(o->name, "json") != 0;
            i += apart && strchr(name, '=') == NULL ? 1 : 0;
        }
        a->help = a->help || is_help(argv[i < count ? i : count - 1]);
    }
    if (n == 0) {
        return true;
    }
    if (n == 1) {
        a->group = command_group(words[0]);
        if (a->group != NULL && command_by_path(a->group) == NULL) {
            return true;
        }
    }
    size_t used = 0;
    a->command = command_find(words, n, &used, err);
    for (size_t i = 0; a->command != NULL && i < used; i++) {
        taken[at[i]] = true;
    }
    return a->command != NULL;
}

static bool add_option(
    struct args *a, const char *const argv[], size_t count, size_t *i, struct err *err)
{
    const char *name = option_name(argv[*i]);
    size_t len = strcspn(name, "=");
    const struct command_option *o = find_option(a->command, name, len);
    if (o == NULL) {
        return unknown_option(a->command, name, err);
    }
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    bool bare_allowed = strcmp(o->name, "json") == 0;
    if (o->value == NULL && value != NULL) {
        return err_set(err, ERR_PARAMS, _("--%s takes no value."), o->name);
    }
    if (o->value != NULL && value == NULL && !bare_allowed) {
        if (*i + 1 >= count) {
            return err_set(err, ERR_PARAMS, _("--%s needs a value: %s"), o->name, _(o->value));
        }
        value = argv[++*i];
    }
    if (a->option_count == OPTIONS_MAX) {
        return err_set(err, ERR_PARAMS, _("More than %d options."), OPTIONS_MAX);
    }
    a->options[a->option_count].option = o;
    a->options[a->option_count++].value = value;
    return true;
}

static bool check_count(const struct args *a, struct err *err)
{
    size_t least = 0;
    size_t most = 0;
    const struct command *c = a->command;
    for (size_t i = 0; i < COMMAND_ARGS_MAX && c->args[i].name != NULL; i++) {
        least += c->args[i].optional ? 0 : 1;
        most = c->args[i].many ? ARGS_MAX : most + 1;
    }
    if (a->help || (a->count >= least && a->count <= most)) {
        return true;
    }
    if (a->count < least) {
        err_set(err, ERR_PARAMS, _("Missing: %s"), _(c->args[a->count].name));
    } else {
        err_set(err, ERR_PARAMS, _("“%s” is one word too many."), a->words[most]);
    }
    char *usage = command_usage(c);
    err_hint(err, _("Usage: fengqiao %s"), usage);
    mem_free(usage);
    return false;
}

bool args_parse(struct args *a, const char *const argv[], size_t count, struct err *err)
{
    memset(a, 0, sizeof *a);
    if (count > ARGS_MAX) {
        return err_set(err, ERR_PARAMS, _("More than %d words."), ARGS_MAX);
    }
    bool taken[ARGS_MAX + 1] = {false};
    if (!find_command(a, argv, count, taken, err)) {
        return false;
    }
    bool options_end = false;
    for (size_t i = 0; i < count; i++) {
        const char *name = options_end || taken[i] ? NULL : option_name(argv[i]);
        if (!options_end && is_help(argv[i])) {
            a->help = true;
        } else if (name != NULL && *name == '\0') {
            options_end = true;
        } else if (name != NULL) {
            if (!add_option(a, argv, count, &i, err)) {
                return false;
            }
        } else if (!taken[i]) {
            a->words[a->count++] = argv[i];
        }
    }
    return a->command == NULL || check_count(a, err);
}

bool args_flag(const struct args *a, const char *option)
{
    for (size_t i = 0; i < a->option_count; i++) {
        if (strcmp(a->options[i].option->name, option) == 0) {
            return true;
        }
    }
    return false;
}

const char *args_option(const struct args *a, const char *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < a->option_count; i++) {
        if (strcmp(a->options[i].option->name, option) == 0) {
            value = a->options[i].value;
        }
    }
    return value;
}

const char *args_word(const struct args *a, size_t i)
{
    return i < a->count ? a->words[i] : NULL;
}

bool args_number(const struct args *a, const char *option, int64_t min, int64_t max, int64_t *out,
    struct err *err)
{
    const char *text = args_option(a, option);
    if (text == NULL) {
        return true;
    }
    char *folded = text_fold(text);
    char *end = NULL;
    errno = 0;
    long long value = strtoll(folded, &end, 10);
    bool good = errno == 0 && end != folded && *end == '\0' && value >= min && value <= max;
    mem_free(folded);
    if (!good) {
        return err_set(err, ERR_PARAMS, _("--%s must be a number from %lld to %lld, not “%s”."),
            option, (long long)min, (long long)max, text);
    }
    *out = value;
    return true;
}

int args_split(char *line, const char *words[], size_t max)
{
    size_t n = 0;
    char *p = line;
    for (;;) {
        while (*p == ' ' || *p == '\t' || text_starts(p, FULL_WIDTH_SPACE)) {
            p += *p == ' ' || *p == '\t' ? 1 : strlen(FULL_WIDTH_SPACE);
        }
        if (*p == '\0' || n == max) {
            return (int)n;
        }
        char *out = p;
        char quote = 0;
        words[n++] = out;
        bool more = true;
        while (more) {
            if (*p == '\0' && quote != 0) {
                return -1;
            }
            if (*p == '\0' ||
                (quote == 0 && (*p == ' ' || *p == '\t' || text_starts(p, FULL_WIDTH_SPACE)))) {
                more = false;
            } else if (quote != 0 ? *p == quote : *p == '"' || *p == '\'') {
                quote = quote != 0 ? 0 : *p;
                p++;
            } else {
                p += *p == '\\' && quote != '\'' && p[1] != '\0' ? 1 : 0;
                *out++ = *p++;
            }
        }
        size_t skip = *p == '\0' ? 0 : *p == ' ' || *p == '\t' ? 1 : strlen(FULL_WIDTH_SPACE);
        p += skip;
        *out = '\0';
        if (skip == 0) {
            return (int)n;
        }
    }
}
