/* author/play_task.c — steps of a scenario in which other bodies are asked, answer, and urge. Who
 * acts when the step does not say: the first of the body whose right it is. */
#include "author/play_private.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/joint.h"

#include <stdio.h>

/* --- who ------------------------------------------------------------------------------------ */

/* The person the step names, else the first in the body with the right; NULL with err. New
 * reference: a text. */
static json_t *who(
    struct play *p, const json_t *step, const char *right, const char *body, struct err *err)
{
    const char *named = json_text(step, "by");
    if (named != NULL) {
        return json_string(named);
    }
    const struct engine *e = play_engine(p);
    json_t *people =
        body == NULL ? NULL
                     : access_people(engine_access(e), engine_org(e), right, body, play_today(p));
    json_t *first = json_incref(json_array_get(people, 0));
    json_decref(people);
    if (first == NULL) {
        err_set(err, ERR_FORBIDDEN, _("nobody at %s may do that"), body != NULL ? body : "?");
    }
    return first;
}

static bool submit_as(
    struct play *p, enum command_kind kind, json_t *user, json_t *args, struct err *err)
{
    struct actor actor = {.kind = ACTOR_USER, .user = json_string_value(user)};
    json_t *result = user == NULL ? NULL : play_submit(p, kind, &actor, args, err);
    bool ok = result != NULL;
    json_decref(result);
    json_decref(args);
    json_decref(user);
    return ok;
}

static json_t *args_of(const json_t *step, const char *const members[])
{
    json_t *args = json_object();
    for (size_t i = 0; members[i] != NULL; i++) {
        if (json_member(step, members[i]) != NULL) {
            json_object_set(args, members[i], json_member(step, members[i]));
        }
    }
    return args;
}

/* --- steps ---------------------------------------------------------------------------------- */

bool step_ask(struct play *p, const json_t *step, struct err *err)
{
    static const char *const members[] = {"body", "user", "text", "limit", NULL};
    struct casefile *c = play_case(p);
    if (c == NULL) {
        return err_set(err, ERR_FORM, _("no case was opened before"));
    }
    json_t *args = args_of(step, members);
    json_put_text(args, "task", json_text(step, "name"));
    json_t *user = who(p, step, "case.task", c->assignee != NULL ? NULL : c->host, err);
    if (user == NULL && c->assignee != NULL) {
        err_clear(err);
        user = json_string(c->assignee);
    }
    casefile_free(c);
    return submit_as(p, COMMAND_TASK_ASK, user, args, err);
}

/* The open task of that name, title or body; with `body` in the step, of that body. */
static const json_t *task_meant(const struct casefile *c, const json_t *step)
{
    const char *name = json_text(step, "name"), *body = json_text(step, "body");
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        bool named = text_equal(json_text(task, "name"), name) ||
                     text_equal(json_text(task, "title"), name) ||
                     text_equal(json_text(task, "body"), name);
        if (named && json_number(task, "ended_ms", 0) == 0 &&
            (body == NULL || text_equal(json_text(task, "body"), body))) {
            return task;
        }
    }
    return NULL;
}

/* answer "joint" { body, text, opinion }; with a reason instead of a text it is given back. */
bool step_answer(struct play *p, const json_t *step, struct err *err)
{
    static const char *const members[] = {"text", "opinion", "reason", NULL};
    struct casefile *c = play_case(p);
    const json_t *task = c == NULL ? NULL : task_meant(c, step);
    if (task == NULL) {
        casefile_free(c);
        return err_set(err, ERR_FORM, _("nobody is asked “%s”"),
            json_text(step, "name") != NULL ? json_text(step, "name") : "");
    }
    json_t *args = args_of(step, members);
    json_put_text(args, "id", json_text(task, "id"));
    const char *asked = json_text(task, "user");
    json_t *user = asked != NULL && json_text(step, "by") == NULL
                       ? json_string(asked)
                       : who(p, step, "case.task", json_text(task, "body"), err);
    casefile_free(c);
    bool back = json_text(step, "reason") != NULL;
    return submit_as(p, back ? COMMAND_TASK_RETURN : COMMAND_TASK_ANSWER, user, args, err);
}

/* urge "remind|urge|listed" { body or by, text, reply_by } */
bool step_urge(struct play *p, const json_t *step, struct err *err)
{
    static const char *const members[] = {"text", "reply_by", NULL};
    const char *level = json_text(step, "name");
    json_t *args = args_of(step, members);
    json_put_text(args, "level", level);
    json_t *user = who(p, step, text_equal(level, "listed") ? "case.listed" : "case.urge",
        json_text(step, "body"), err);
    return submit_as(p, COMMAND_URGE, user, args, err);
}

/* --- expectations --------------------------------------------------------------------------- */

static bool tasks_fit(
    const struct casefile *c, const char *name, const char *state, char *found, size_t size)
{
    snprintf(found, size, "%s = —", name);
    for (size_t i = json_array_size(c->tasks); i-- > 0;) { /* the latest one counts */
        const json_t *task = json_array_get(c->tasks, i);
        if (text_equal(json_text(task, "name"), name) ||
            text_equal(json_text(task, "title"), name) ||
            text_equal(json_text(task, "body"), name)) {
            bool late = json_flag(task, "late");
            snprintf(found, size, "%s = %s%s", name, json_text(task, "state"), late ? " late" : "");
            return text_equal(json_text(task, "state"), state) ||
                   (late && text_equal(state, "late"));
        }
    }
    return false;
}

bool task_expected(const struct flow *flow, const struct casefile *c, const char *word,
    const json_t *wanted, char *found, size_t size)
{
    if (text_equal(word, "joint")) {
        const struct flow_state *state = flow_state(flow, c->state);
        struct join j = join_count(state == NULL ? NULL : state->joint, c);
        snprintf(found, size, "%s", j.rule == NULL ? "—" : j.done ? "done" : "open");
        return text_equal(json_string_value(wanted), found);
    }
    const char *name;
    json_t *state;
    json_object_foreach((json_t *)(uintptr_t)wanted, name, state)
    {
        if (!tasks_fit(c, name, json_string_value(state), found, size)) {
            return false;
        }
    }
    return true;
}
