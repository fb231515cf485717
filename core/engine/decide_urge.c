/* engine/decide_urge.c — supervision from above: 催办, 督办, 挂牌督办 (DOMAIN §2.a.10). It never
 * takes the case from its handler: the host is asked for a reply, by a date, and answers it like
 * any task. The period is the register's (DB.REPLY) unless whoever urges sets a day; a reminder has
 * none. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/outcome.h"
#include "engine/task_rights.h"
#include "engine/tasks.h"
#include "engine/urge.h"

static const char reply_term[] = "DB.REPLY";

static const struct rung {
    const char *level, *title;
    bool watches; /* the body that urges becomes the supervisor */
    bool replies; /* a reply is due, even if no day was set */
} rungs[] = {
    {"remind", N_("reminder"), false, false},
    {"urge", N_("supervision"), true, true},
    {"listed", N_("listed supervision"), true, true},
};
enum { RUNGS = sizeof rungs / sizeof rungs[0] };

const char *urge_level(size_t rung)
{
    return rung < RUNGS ? rungs[rung].level : NULL;
}

size_t urge_rung(const char *level)
{
    size_t i = 0;
    while (i < RUNGS && !text_equal(rungs[i].level, level)) {
        i++;
    }
    return i;
}

const char *urge_title(const char *level)
{
    size_t rung = urge_rung(level);
    return rung < RUNGS ? _(rungs[rung].title) : level;
}

const char *urge_next(const struct casefile *c)
{
    size_t reached = 0;
    bool owed = false; /* the last rung stays without the reply it wanted */
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        size_t rung = task_is(task, "urge") ? urge_rung(json_text(task, "level")) : RUNGS;
        if (rung < RUNGS && rung + 1 >= reached) {
            reached = rung + 1;
            owed = task_is_open(task) && json_flag(task, "late");
        }
    }
    return owed ? urge_level(reached) : NULL;
}

/* --- the command ---------------------------------------------------------------------------- */

static const struct rung *pick_rung(const json_t *args, struct err *err)
{
    const char *level = json_text(args, "level");
    size_t rung = urge_rung(level);
    if (rung < RUNGS) {
        return &rungs[rung];
    }
    err_set(err, ERR_PARAMS, _("There is no such supervision: %s"), level != NULL ? level : "");
    err_hint(err, "remind urge listed");
    err_data(err, "field", json_string("level"));
    return NULL;
}

static bool pick_day(
    const struct decision *d, const json_t *args, struct task_ask *ask, struct err *err)
{
    const char *text = json_text(args, "reply_by");
    if (text == NULL) {
        return true;
    }
    if (!date_parse(text, &ask->by)) {
        err_set(err, ERR_PARAMS, _("%s: there is no such date: %s"), "reply_by", text);
    } else if (date_compare(ask->by, decision_desk_day(d)) < 0) {
        err_set(err, ERR_FORM, _("The limit lies in the past: %s"), text);
    } else {
        ask->has_by = true;
        return true;
    }
    return err_data(err, "field", json_string("reply_by"));
}

/* The same body does not urge twice at the same level before it was answered. */
static bool is_new(const struct decision *d, const struct task_ask *ask, struct err *err)
{
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (task_is(task, "urge") && task_is_open(task) &&
            text_equal(json_text(task, "from"), ask->from->id) &&
            text_equal(json_text(task, "level"), ask->level)) {
            err_set(err, ERR_STATE, _("%s was asked that already and has not answered yet"),
                ask->body->name);
            return err_data(err, "task", json_string(json_text(task, "id")));
        }
    }
    return true;
}

/* A higher rung takes the place of what the same body asked before. */
static void supersede(struct decision *d, const struct task_ask *ask)
{
    json_t *before = json_incref(d->kase->tasks);
    char *reason = task_words_zh(N_("followed by: %s"), ask->title);
    for (size_t i = 0; i < json_array_size(before); i++) {
        const json_t *task = json_array_get(before, i);
        if (task_is(task, "urge") && task_is_open(task) &&
            text_equal(json_text(task, "from"), ask->from->id) &&
            urge_rung(json_text(task, "level")) < urge_rung(ask->level)) {
            task_end(d, task, "cancelled", json_pack("{s:s}", "reason", reason));
        }
    }
    mem_free(reason);
    json_decref(before);
}

static void watch(struct decision *d, const struct task_ask *ask)
{
    const char *id = d->kase->supervisor;
    const struct body *now = id == NULL ? NULL : org_body(d->engine->org, id);
    if (now == NULL || now->place->level < ask->from->place->level) {
        outcome_watch(d, ask->from, ask->title);
    }
}

static void list(struct decision *d)
{
    if (!json_array_has(d->kase->marks, "listed")) {
        json_t *change = change_new("mark");
        json_put_text(change, "name", "listed");
        decision_change(d, change);
    }
}

bool decide_urge(struct decision *d, const struct command *c, struct err *err)
{
    const struct rung *rung = pick_rung(c->args, err);
    const char *text = json_text(c->args, "text");
    if (rung == NULL || !task_text(text, "text", _("text"), err)) {
        return false;
    }
    struct task_ask ask = {.kind = "urge",
        .name = rung->level,
        .level = rung->level,
        .text = text,
        .body = org_body(d->engine->org, d->kase->host),
        .from = task_may_urge(d, rung->level, err)};
    if (ask.from == NULL || !pick_day(d, c->args, &ask, err) || !is_new(d, &ask, err)) {
        return false;
    }
    if (rung->replies && !ask.has_by) {
        ask.term = terms_find(d->engine->terms, reply_term, decision_desk_day(d));
    }
    if (rung->replies && !ask.has_by && ask.term == NULL) {
        err_set(err, ERR_FORM, _("Say until when a reply is due"));
        return err_data(err, "field", json_string("reply_by"));
    }
    char *title = task_words_zh(rung->title, NULL);
    ask.title = title;
    supersede(d, &ask);
    bool ok = task_ask(d, &ask, err);
    if (ok && rung->watches) {
        watch(d, &ask);
    }
    if (ok && text_equal(rung->level, "listed")) {
        list(d);
    }
    buf_addf(&d->search, "%s\n", text);
    mem_free(title);
    return ok;
}
