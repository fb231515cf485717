/* client/complete.c — see complete.h. */
#include "client/complete.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/cmd.h"
#include "client/home.h"
#include "client/number.h"
#include "client/remote.h"

#include <dirent.h>
#include <string.h>

enum { COMPLETE_TIMEOUT_MS = 2000, FILES_MAX = 200 }; /* Tab must not hang on a bad line */

static void offer(json_t *list, const char *word, const char *about, const char *begin)
{
    if (word == NULL || !text_starts(word, begin)) {
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (text_equal(json_text(json_array_get(list, i), "word"), word)) {
            return;
        }
    }
    json_t *row = json_object();
    json_put_text(row, "word", word);
    json_put_text(row, "about", about != NULL ? about : "");
    json_array_append_new(list, row);
}

/* Next words of commands that begin with what stands there; Chinese ones after a Chinese letter. */
static void offer_commands(json_t *list, const char *const words[], size_t depth, const char *begin)
{
    bool chinese = (unsigned char)*begin >= 0x80;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &command_table[i];
        char path[64];
        char alias[64];
        bool fits = !command->hidden;
        for (size_t k = 0; k < depth && fits; k++) {
            fits = command_word(command->path, k, path) && command_word(command->alias, k, alias) &&
                   (strcmp(path, words[k]) == 0 || strcmp(alias, words[k]) == 0);
        }
        if (fits && command_word(command->path, depth, path)) {
            char next[64];
            bool last = !command_word(command->path, depth + 1, next);
            bool has_alias = command_word(command->alias, depth, alias);
            bool after_chinese = depth > 0 && (unsigned char)*words[depth - 1] >= 0x80;
            const char *about = last ? _(command->summary) : alias;
            if (!chinese && !after_chinese) {
                offer(list, path, about, begin);
            }
            if (has_alias && (chinese || after_chinese)) {
                offer(list, alias, last ? _(command->summary) : path, begin);
            }
        }
    }
}

static void offer_option_rows(json_t *list, const struct command_option *rows, const char *begin)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        char *word = mem_printf("--%s", rows->name);
        offer(list, word, _(rows->help), begin);
        mem_free(word);
    }
}

static void offer_seen(json_t *list, const char *begin)
{
    json_t *seen = seen_load();
    for (size_t i = 0; i < json_array_size(seen); i++) {
        const char *number = json_string_value(json_array_get(seen, i));
        const char *dash = strrchr(number, '-');
        offer(list, number, "", begin);
        /* Digits are typed without leaving a Latin keyboard: 0412 finds 枫26-0412. */
        if (dash != NULL && *begin != '\0' && text_starts(dash + 1, begin)) {
            offer(list, number, "", "");
        }
    }
    json_decref(seen);
}

static json_t *quiet_call(struct client *c, const char *method, json_t *params)
{
    if (json_text(c->login, "token") == NULL && !text_starts(c->server, "unix:")) {
        json_decref(params);
        return NULL;
    }
    int timeout_ms = c->timeout_ms;
    c->timeout_ms = COMPLETE_TIMEOUT_MS;
    bool tried = c->pending_tried;
    c->pending_tried = true; /* Tab sends nothing */
    json_t *asked = json_incref(params);
    json_t *result = remote_call(c, method, params, NULL);
    if (result == NULL) {
        result = remote_copy(c, method, asked, NULL);
    }
    json_decref(asked);
    c->pending_tried = tried;
    c->timeout_ms = timeout_ms;
    return result;
}

static json_t *case_page(struct client *c, const char *typed)
{
    char *number =
        number_canonical(strcmp(typed, ".") == 0 && c->last_case != NULL ? c->last_case : typed);
    json_t *page = quiet_call(c, "case.get", json_pack("{s:s}", "case", number));
    mem_free(number);
    return page;
}

static void offer_actions(struct client *c, json_t *list, const char *number, const char *begin)
{
    json_t *page = case_page(c, number);
    const json_t *actions = json_member(page, "actions");
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *a = json_array_get(actions, i);
        const json_t *allowed = json_object_get(a, "allowed");
        if (allowed == NULL || json_is_true(allowed)) {
            bool latin = *begin != '\0' && (unsigned char)*begin < 0x80;
            offer(list, json_text(a, latin ? "name" : "title"),
                json_text(a, latin ? "title" : "name"), begin);
        }
    }
    json_decref(page);
}

/* Ids of what hangs on the case, with their titles. */
static void offer_items(
    struct client *c, json_t *list, const char *number, const char *member, const char *begin)
{
    json_t *page = case_page(c, number);
    const json_t *items = json_member(page, member);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *id =
            json_text(item, "id") != NULL ? json_text(item, "id") : json_text(item, "name");
        const char *about = json_text(item, "title") != NULL    ? json_text(item, "title")
                            : json_text(item, "number") != NULL ? json_text(item, "number")
                                                                : json_text(item, "name");
        offer(list, id, about, begin);
    }
    json_decref(page);
}

static void offer_form(json_t *list, const json_t *form, const char *begin)
{
    for (size_t i = 0; i < json_array_size(form); i++) {
        const json_t *f = json_array_get(form, i);
        const char *name = json_is_string(f) ? json_string_value(f) : json_text(f, "name");
        const char *title = json_text(f, "title");
        char *word = mem_printf("%s=", name != NULL ? name : "");
        offer(list, word, title, begin);
        mem_free(word);
    }
}

static void offer_fields(struct client *c, json_t *list, const struct args *a, const char *begin)
{
    if (strcmp(a->command->path, "case act") == 0 && a->count >= 2) {
        json_t *page = case_page(c, a->words[0]);
        const json_t *actions = json_member(page, "actions");
        for (size_t i = 0; i < json_array_size(actions); i++) {
            const json_t *row = json_array_get(actions, i);
            if (text_equal(json_text(row, "name"), a->words[1]) ||
                text_equal(json_text(row, "title"), a->words[1])) {
                offer_form(list, json_member(row, "form"), begin);
            }
        }
        json_decref(page);
    } else if (args_option(a, "flow") != NULL) {
        json_t *flow =
            quiet_call(c, "flow.get", json_pack("{s:s}", "flow", args_option(a, "flow")));
        const json_t *doc = json_member(flow, "doc") != NULL ? json_member(flow, "doc") : flow;
        offer_form(list, json_member(doc, "fields"), begin);
        json_decref(flow);
    }
}

static void offer_flows(struct client *c, json_t *list, const char *begin)
{
    json_t *flows = quiet_call(c, "flow.list", NULL);
    const json_t *rows = json_member(flows, "items") != NULL ? json_member(flows, "items")
                                                             : json_member(flows, "flows");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *id =
            json_text(row, "id") != NULL ? json_text(row, "id") : json_text(row, "flow");
        offer(list, id, json_text(row, "title"), begin);
    }
    json_decref(flows);
}

static void offer_party(json_t *list, const char *begin)
{
    static const char *const members[][2] = {{"role=", N_("role in the case")},
        {"name=", N_("name")}, {"sex=", N_("sex")}, {"nation=", N_("nationality")},
        {"age=", N_("age")}, {"job=", N_("occupation")}, {"phone=", N_("telephone")},
        {"id_number=", N_("identity card number")}, {"address=", N_("address")},
        {"representative=", N_("representative")}, {"person=", N_("login name of the person")}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        offer(list, members[i][0], _(members[i][1]), begin);
    }
}

static void offer_files(json_t *list, const char *begin)
{
    const char *slash = strrchr(begin, '/');
    size_t prefix = slash == NULL ? 0 : (size_t)(slash - begin) + 1;
    char *folder = slash == NULL ? mem_strdup(".") : mem_strndup(begin, prefix);
    DIR *dir = opendir(folder);
    int n = 0;
    for (struct dirent *e; dir != NULL && n < FILES_MAX && (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] != '.' && text_starts(e->d_name, begin + prefix)) {
            bool sub = e->d_type == DT_DIR;
            char *word = mem_printf("%.*s%s%s", (int)prefix, begin, e->d_name, sub ? "/" : "");
            offer(list, word, "", begin);
            mem_free(word);
            n++;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    mem_free(folder);
}

static void offer_value(
    struct client *c, json_t *list, enum value_kind kind, const struct args *a, const char *begin)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    switch (kind) {
    case VALUE_CASE:
        offer_seen(list, begin);
        break;
    case VALUE_ACTION:
        offer_actions(c, list, a->words[0], begin);
        break;
    case VALUE_TASK:
        offer_items(c, list, a->words[0], "tasks", begin);
        break;
    case VALUE_ADHOC:
        offer_items(c, list, a->words[0], "adhoc", begin);
        break;
    case VALUE_LINK:
        offer_items(c, list, a->words[0], "links", begin);
        break;
    case VALUE_PARTY:
        offer_party(list, begin);
        break;
    case VALUE_ATTACHED:
        offer_items(c, list, a->words[0], "files", begin);
        break;
    case VALUE_FIELD:
        offer_fields(c, list, a, begin);
        break;
    case VALUE_FLOW:
        offer_flows(c, list, begin);
        break;
    case VALUE_FILE:
        offer_files(list, begin);
        break;
    case VALUE_COMMAND:
        offer_commands(list, a->words, a->count, begin);
        break;
    case VALUE_SHELL:
        for (size_t i = 0; i < 3; i++) {
            offer(list, shells[i], "", begin);
        }
        break;
    case VALUE_TEXT:
        break;
    }
}

/* The option whose value the last word is, or NULL. */
static const struct command_option *pending_option(
    const struct command *command, const char *before)
{
    if (before == NULL || !text_starts(before, "--") || strchr(before, '=') != NULL) {
        return NULL;
    }
    const struct command_option *lists[] = {common_options, command->options, change_options};
    for (size_t i = 0; i < 3; i++) {
        for (const struct command_option *o = lists[i]; o != NULL && o->name != NULL; o++) {
            if (strcmp(o->name, before + 2) == 0 && o->value != NULL &&
                strcmp(o->name, "json") != 0) {
                return o;
            }
        }
    }
    return NULL;
}

static void complete_command(
    struct client *c, json_t *list, const struct args *a, const char *before, const char *last)
{
    const struct command_option *option = pending_option(a->command, before);
    if (option != NULL) {
        offer_value(c, list, option->kind, a, last);
        return;
    }
    if (text_starts(last, "-")) {
        offer_option_rows(list, a->command->options, last);
        offer_option_rows(list, a->command->changes ? change_options : NULL, last);
        offer_option_rows(list, common_options, last);
        return;
    }
    size_t i = a->count;
    while (i > 0 && (i >= COMMAND_ARGS_MAX || a->command->args[i].name == NULL)) {
        i--;
    }
    if (a->command->args[i].name != NULL && (i == a->count || a->command->args[i].many)) {
        offer_value(c, list, a->command->args[i].kind, a, last);
    }
}

json_t *complete_words(struct client *c, const char *const words[], size_t count)
{
    json_t *list = json_array();
    const char *last = count > 0 ? words[count - 1] : "";
    size_t done = count > 0 ? count - 1 : 0;
    struct args a;
    const char *parsed[ARGS_MAX];
    size_t n = 0;
    const char *before = done > 0 ? words[done - 1] : NULL;
    for (size_t i = 0; i < done && n + 2 < ARGS_MAX; i++) {
        parsed[n++] = words[i];
    }
    if (n > 0 && before != NULL && text_starts(before, "--") && strchr(before, '=') == NULL) {
        n--; /* its value is what is being typed */
    }
    parsed[n++] = "--help"; /* too few words so far is no error then */
    if (args_parse(&a, parsed, n, NULL) && a.command != NULL) {
        complete_command(c, list, &a, before, last);
    } else {
        offer_commands(list, words, done, last);
    }
    return list;
}

bool cmd_complete(struct client *c, const struct args *a, struct err *err)
{
    (void)err;
    json_t *list = complete_words(c, a->words, a->count);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        fprintf(c->out, "%s\t%s\n", json_text(row, "word"), json_text(row, "about"));
    }
    json_decref(list);
    return true;
}

static const char bash_script[] =
    "# bash completion of fengqiao: eval \"$(fengqiao completion bash)\"\n"
    "_fengqiao() {\n"
    "    local IFS=$'\\n'\n"
    "    COMPREPLY=($(fengqiao __complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null | cut "
    "-f1))\n"
    "    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
    "}\n"
    "complete -F _fengqiao fengqiao\n";

static const char zsh_script[] =
    "#compdef fengqiao\n"
    "_fengqiao() {\n"
    "    local -a rows\n"
    "    rows=(\"${(@f)$(fengqiao __complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
    "    rows=(\"${(@)rows/$'\\t'/:}\")\n"
    "    _describe fengqiao rows\n"
    "}\n"
    "compdef _fengqiao fengqiao\n";

static const char fish_script[] =
    "complete -c fengqiao -f -a '(fengqiao __complete -- (commandline -opc)[2..] "
    "(commandline -ct) 2>/dev/null)'\n";

bool cmd_completion(struct client *c, const struct args *a, struct err *err)
{
    static const struct {
        const char *shell, *script;
    } scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(a->words[0], scripts[i].shell) == 0) {
            fputs(scripts[i].script, c->out);
            return true;
        }
    }
    return err_set(
        err, ERR_PARAMS, _("There is no completion for “%s”: bash, zsh or fish."), a->words[0]);
}
