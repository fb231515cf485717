/* client/command.c — see command.h. */
#include "client/command.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum { NAMES_MAX = 512 };

bool command_word(const char *path, size_t i, char out[64])
{
    while (i > 0) {
        path = strchr(path, ' ');
        if (path == NULL) {
            return false;
        }
        path++;
        i--;
    }
    size_t len = strcspn(path, " ");
    if (len == 0 || len >= 64) {
        return false;
    }
    memcpy(out, path, len);
    out[len] = '\0';
    return true;
}

static size_t word_count(const char *path)
{
    size_t n = 1;
    for (; *path != '\0'; path++) {
        n += *path == ' ';
    }
    return n;
}

static bool word_is(const char *path, size_t i, const char *wanted)
{
    char word[64];
    return command_word(path, i, word) && strcmp(word, wanted) == 0;
}

/* How many of the given words the command's own words match from the first on. */
static size_t words_matched(const struct command *c, const char *const words[], size_t count)
{
    size_t n = word_count(c->path);
    size_t i = 0;
    while (
        i < n && i < count && (word_is(c->path, i, words[i]) || word_is(c->alias, i, words[i]))) {
        i++;
    }
    return i;
}

/* "办理" for "case act": a Chinese last word that only one command has. Where several have it, the
 * one about cases is meant: they are the daily work. */
static const struct command *by_short_alias(const char *word)
{
    const struct command *found = NULL;
    size_t count = 0;
    if ((unsigned char)*word < 0x80) {
        return NULL;
    }
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        size_t n = word_count(c->path);
        if (n > 1 && word_is(c->alias, n - 1, word)) {
            if (word_is(c->path, 0, "case")) {
                return c;
            }
            found = c;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

/* "search" alone: the command about cases that ends with it, for the hint. */
static const struct command *by_last_word(const char *word)
{
    const struct command *found = NULL;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        size_t n = word_count(c->path);
        bool ends = n > 1 && (word_is(c->path, n - 1, word) || word_is(c->alias, n - 1, word));
        if (ends && (found == NULL || word_is(c->path, 0, "case"))) {
            found = c;
        }
    }
    return found;
}

const char *command_group(const char *word)
{
    static _Thread_local char group[64];
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        if (word_count(c->path) > 1 && (word_is(c->path, 0, word) || word_is(c->alias, 0, word))) {
            return command_word(c->path, 0, group) ? group : NULL;
        }
    }
    return NULL;
}

const struct command *command_by_path(const char *path)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].path, path) == 0) {
            return &command_table[i];
        }
    }
    return NULL;
}

/* Names that could have been meant at `depth` below the words that did match. */
static size_t candidate_names(
    const char *const words[], size_t depth, const char *names[], char store[][64])
{
    size_t n = 0;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        if (c->hidden || words_matched(c, words, depth) < depth) {
            continue;
        }
        const char *both[] = {c->path, c->alias};
        for (size_t k = 0; k < 2 && n < NAMES_MAX; k++) {
            if (command_word(both[k], depth, store[n])) {
                names[n] = store[n];
                n++;
            }
        }
    }
    return n;
}

/* What people say, or what a command was called once, where the words alone would mislead: “撤回”
 * is what a party does to its application, not what one does to one's own last step. */
static bool hint_said(const char *const words[], size_t depth, struct err *err)
{
    static const struct {
        const char *word, *hint;
    } said[] = {
        {"撤回",
            N_("Your own last step: fengqiao case undo NUMBER; a party withdraws: fengqiao case "
               "act NUMBER 撤回")},
        {"撤销上一步", N_("Did you mean: fengqiao case undo NUMBER")},
    };
    const char *group = depth > 0 ? command_group(words[0]) : "case";
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (strcmp(said[i].word, words[depth]) == 0 && group != NULL &&
            strcmp(group, "case") == 0) {
            err_hint(err, "%s", _(said[i].hint));
            return true;
        }
    }
    return false;
}

static void refuse(const char *const words[], size_t depth, struct err *err)
{
    static char store[NAMES_MAX][64];
    const char *names[NAMES_MAX];
    size_t n = candidate_names(words, depth, names, store);
    char prefix[128] = "";
    for (size_t i = 0; i < depth; i++) {
        strncat(prefix, words[i], sizeof prefix - strlen(prefix) - 2);
        strcat(prefix, " ");
    }
    err_set(err, ERR_METHOD, _("There is no command “%s%s”."), prefix, words[depth]);
    if (hint_said(words, depth, err)) {
        return;
    }
    const char *nearest = text_nearest(words[depth], names, n);
    const struct command *whole = depth == 0 ? by_last_word(words[0]) : NULL;
    if (whole != NULL) {
        err_hint(err, _("Did you mean: fengqiao %s%s"), "", whole->path);
    } else if (nearest != NULL) {
        err_hint(err, _("Did you mean: fengqiao %s%s"), prefix, nearest);
    } else {
        err_hint(err, _("All commands: fengqiao help"));
    }
}

const struct command *command_find(
    const char *const words[], size_t count, size_t *used_out, struct err *err)
{
    size_t deepest = 0;
    const struct command *best = NULL;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        size_t matched = words_matched(c, words, count);
        if (matched == word_count(c->path) && (best == NULL || matched > word_count(best->path))) {
            best = c;
        }
        deepest = matched > deepest ? matched : deepest;
    }
    if (best != NULL) {
        *used_out = word_count(best->path);
        return best;
    }
    bool asks = count > 0 && (strcmp(words[0], "?") == 0 || strcmp(words[0], "？") == 0);
    best = asks ? command_by_path("help") : count > 0 ? by_short_alias(words[0]) : NULL;
    if (best != NULL) {
        *used_out = 1;
        return best;
    }
    if (deepest < count) {
        refuse(words, deepest, err);
    } else {
        err_set(err, ERR_METHOD, _("“%s” needs one more word."), count > 0 ? words[0] : "");
        err_hint(err, _("See: fengqiao help %s"), count > 0 ? words[0] : "");
    }
    return NULL;
}

char *command_usage(const struct command *command)
{
    struct buf out = {0};
    buf_adds(&out, command->path);
    for (size_t i = 0; i < COMMAND_ARGS_MAX && command->args[i].name != NULL; i++) {
        const struct command_arg *a = &command->args[i];
        buf_addf(&out, " %s%s%s%s", a->optional ? "[" : "", _(a->name), a->many ? " …" : "",
            a->optional ? "]" : "");
    }
    return buf_take(&out);
}
