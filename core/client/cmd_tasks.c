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
#include "client/when.h"

/* The task of the second word as params.id. */
static json_t *task_params(struct client *c, const struct args *a)
{
    json_t *params = page_case_params(c, a);
    char *id = page_find_item(c, json_text(params, "case"), "tasks", args_word(a, 1));
    json_put_text(params, "id", id);
    mem_free(id);
    return params;
}

bool cmd_case_ask(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = page_case_params(c, a);
    json_put_text(params, "task", args_word(a, 1));
    json_put_text(params, "body", args_option(a, "body"));
    json_put_text(params, "user", args_option(a, "user"));
    json_put_text(params, "limit", args_option(a, "limit"));
    char *text = change_text(a, 2);
    json_put_text(params, "text", *text != '\0' ? text : NULL);
    mem_free(text);
    return change_send(c, "case.task.ask", params, err);
}

bool cmd_case_answer(struct client *c, const struct args *a, struct err *err)
{
    json_t *params = task_params(c, a);
    char *text = change_text(a, 2);
    json_put_text(params, "text", text);
    mem_free(text);
    json_put_text(params, "opinion", args_option(a, "opinion"));
    return change_send(c, "case.task.answer", params, err);
}

static bool end_task(struct client *c, const struct args *a, const char *method, struct err *err)
{
    json_t *params = task_params(c, a);
    if (!change_reason(a, params, err)) {
        json_decref(params);
        return false;
    }
    return change_send(c, method, params, err);
}

bool cmd_case_return(struct client *c, const struct args *a, struct err *err)
{
    return end_task(c, a, "case.task.return", err);
}

bool cmd_case_cancel(struct client *c, const struct args *a, struct err *err)
{
    return end_task(c, a, "case.task.cancel", err);
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
