/* client/cmd_tasks.c — what others are asked to do in a case: ask, answer, give back, take back;
 * and supervision, which takes nothing from its handler. */
#include "client/cmd.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/change.h"
#include "client/page.h"
#include "client/page_links.h"
#include "client/remote.h"
#include "client/view.h"
#include "client/when.h"

#include <string.h>

/* The one task of the page that this user may answer, return or cancel: its id, borrowed; NULL:
 * none, or several. */
static const char *only_task(const json_t *page, const char *what)
{
    const char *found = NULL;
    const json_t *tasks = json_member(page, "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *t = json_array_get(tasks, i);
        if (json_array_has(json_member(t, "may"), what)) {
            if (found != NULL) {
                return NULL;
            }
            found = json_text(t, "id");
        }
    }
    return found;
}

/* The task of the second word as params.id; without one, the only task it can be. False with err
 * when that is not told. */
static bool put_task(
    struct client *c, const struct args *a, const char *what, json_t *params, struct err *err)
{
    const char *number = json_text(params, "case"), *word = args_word(a, 1);
    char *id = word != NULL ? page_find_item(c, number, "tasks", word) : NULL;
    if (word == NULL) {
        json_t *page = remote_read(c, "case.get", json_pack("{s:s}", "case", number), NULL);
        id = only_task(page, what) != NULL ? mem_strdup(only_task(page, what)) : NULL;
        json_decref(page);
    }
    if (id == NULL) {
        err_set(err, ERR_PARAMS, "%s", _("Which task? None, or more than one, can be meant."));
        return err_hint(err, _("The tasks stand on the page: fengqiao case show %s"), number);
    }
    json_put_text(params, "id", id);
    mem_free(id);
    return true;
}

/* "t1": a task, even where there is none of that number. */
static bool is_task_id(const char *word)
{
    return word[0] == 't' && word[1] != '\0' && word[1 + strspn(word + 1, "0123456789")] == '\0';
}

/* params.id and params.text: where the second word names no task and only one waits for this user,
 * it is that one, and all the words are the answer. */
static json_t *answer_params(struct client *c, const struct args *a)
{
    json_t *params = page_case_params(c, a);
    const char *number = json_text(params, "case");
    json_t *item = page_item(c, number, "tasks", args_word(a, 1));
    json_t *page = item == NULL && !is_task_id(args_word(a, 1))
                       ? remote_read(c, "case.get", json_pack("{s:s}", "case", number), NULL)
                       : NULL;
    const char *id = item != NULL ? json_text(item, "id") : only_task(page, "answer");
    bool named = item != NULL || id == NULL;
    json_put_text(params, "id", id != NULL ? id : args_word(a, 1));
    char *text = change_text(a, named ? 2 : 1);
    json_put_text(params, "text", text);
    mem_free(text);
    json_decref(page);
    json_decref(item);
    return params;
}

/* What may be asked of others here, when nothing is named. */
static bool what_can_be_asked(struct client *c, const struct args *a, struct err *err)
{
    json_t *page = remote_read(c, "case.get", page_case_params(c, a), err);
    if (page == NULL) {
        return false;
    }
    if (!view_raw(c, json_member(page, "adhoc")) && !page_print_adhoc(c, page)) {
        fprintf(c->out, "%s\n", _("Nothing can be asked of others at this stage."));
    }
    json_decref(page);
    return true;
}

bool cmd_case_ask(struct client *c, const struct args *a, struct err *err)
{
    if (args_word(a, 1) == NULL) {
        return what_can_be_asked(c, a, err);
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "task", args_word(a, 1));
    json_put_text(params, "body", args_option(a, "body"));
    json_put_text(params, "user", args_option(a, "user"));
    json_put_text(params, "limit", args_option(a, "limit"));
    char *text = change_text(a, 2);
    json_put_text(params, "text", *text != '\0' ? text : NULL);
    mem_free(text);
    bool ok = change_send(c, "case.task.ask", params, err);
    if (!ok && (err->code == ERR_PARAMS || err->code == ERR_FORM) &&
        args_option(a, "body") == NULL && err->hint[0] == '\0') {
        err_hint(err, "%s", _("Name it: --body BODY; which there are: fengqiao org bodies PLACE"));
    }
    return ok;
}

bool cmd_case_answer(struct client *c, const struct args *a, struct err *err)
{
    if (args_word(a, 1) == NULL) {
        err_set(err, ERR_PARAMS, "%s", _("What is the answer?"));
        return err_hint(
            err, _("Write it behind the number: fengqiao case answer %s TEXT"), args_word(a, 0));
    }
    json_t *params = answer_params(c, a);
    json_put_text(params, "opinion", args_option(a, "opinion"));
    return change_send(c, "case.task.answer", params, err);
}

/* what: "return" or "cancel". */
static bool end_task(struct client *c, const struct args *a, const char *what, struct err *err)
{
    json_t *params = page_case_params(c, a);
    if (!change_reason(a, params, err) || !put_task(c, a, what, params, err)) {
        json_decref(params);
        return false;
    }
    char *method = mem_printf("case.task.%s", what);
    bool ok = change_send(c, method, params, err);
    mem_free(method);
    return ok;
}

bool cmd_case_return(struct client *c, const struct args *a, struct err *err)
{
    return end_task(c, a, "return", err);
}

bool cmd_case_cancel(struct client *c, const struct args *a, struct err *err)
{
    return end_task(c, a, "cancel", err);
}

/* 催办, 督办, 挂牌督办, or the words of the wire; NULL: none of them. */
static const char *level_of(const char *word)
{
    static const struct {
        const char *word, *level;
    } rows[] = {
        {"remind", "remind"},
        {"催办", "remind"},
        {"urge", "urge"},
        {"督办", "urge"},
        {"listed", "listed"},
        {"挂牌督办", "listed"},
        {"挂牌", "listed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(rows[i].word, word)) {
            return rows[i].level;
        }
    }
    return NULL;
}

bool cmd_case_urge(struct client *c, const struct args *a, struct err *err)
{
    const char *word = args_option(a, "level");
    const char *level = word != NULL ? level_of(word) : "remind";
    if (level == NULL) {
        err_set(err, ERR_PARAMS, _("“%s” is none of remind, urge, listed."), word);
        return err_hint(err, "%s", _("remind 催办, urge 督办, listed 挂牌督办"));
    }
    json_t *params = page_case_params(c, a);
    json_put_text(params, "level", level);
    char *text = change_text(a, 1);
    json_put_text(params, "text", text);
    mem_free(text);
    if (!when_put(c, a, "reply-by", params, "reply_by", err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, "case.urge", params, err);
}
