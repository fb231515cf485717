/* engine/task_rights.c — see task_rights.h. */
#include "engine/task_rights.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/roles.h"
#include "engine/tasks.h"
#include "engine/words.h"

bool task_may_ask(struct decision *d, char **by, const char *title, struct err *err)
{
    if (by != NULL && by[0] != NULL) {
        struct flow_action asking = {.title = (char *)(uintptr_t)title, .by = by};
        return role_allows(
            d->engine, d->kase, d->entry->flow, &asking, d->actor, decision_desk_day(d), err);
    }
    return access_case(d->engine->access, d->engine->org, d->actor, "case.task", d->kase,
        decision_desk_day(d), err);
}

/* --- answering ------------------------------------------------------------------------------ */

struct helpers {
    const struct engine *engine;
    json_t *who, *users;
};

/* The offices of those who could, each once; the people are not named. */
static void add_helper(const struct member *m, void *ctx)
{
    struct helpers *h = ctx;
    if (!json_array_has(h->users, m->user)) {
        return;
    }
    for (size_t i = 0; i < json_array_size(h->who); i++) {
        if (text_equal(json_text(json_array_get(h->who, i), "role"), m->role)) {
            return;
        }
    }
    json_array_append_new(h->who, json_pack("{s:s,s:s,s:s}", "role", m->role, "body", m->body->id,
                                      "body_name", m->body->name));
}

static json_t *who_answers(const struct decision *d, const char *body)
{
    struct date day = decision_desk_day(d);
    struct helpers h = {d->engine, json_array(),
        access_people(d->engine->access, d->engine->org, "case.task", body, day)};
    org_members_in(d->engine->org, body, day, add_helper, &h);
    json_decref(h.users);
    return h.who;
}

static bool is_head(const struct decision *d, const char *body)
{
    struct date day = decision_desk_day(d);
    return access_holds(d->engine->org, d->actor, "chief", body, day) ||
           access_holds(d->engine->org, d->actor, "head", body, day);
}

bool task_may_answer(const struct decision *d, const json_t *task, struct err *err)
{
    const char *body = json_text(task, "body"), *user = json_text(task, "user");
    if (task_is(task, "sub")) {
        return err_set(err, ERR_FORBIDDEN, _("\"%s\" is answered by the end of the linked case"),
            json_text(task, "title"));
    }
    if (d->actor->kind == ACTOR_SYSTEM || text_equal(user, d->actor->user)) {
        return true;
    }
    bool own = access_own(
        d->engine->access, d->engine->org, d->actor, "case.task", body, decision_desk_day(d));
    if (own && (user == NULL || is_head(d, body))) {
        return true;
    }
    if (user != NULL) {
        err_set(err, ERR_FORBIDDEN, _("\"%s\" was asked of %s (%s)"), json_text(task, "title"),
            person_name(d->engine, user), body_name(d->engine, body));
        err_hint(err, _("That person answers, or the head of the body"));
    } else {
        err_set(err, ERR_FORBIDDEN, _("\"%s\" was asked of %s: only its people answer"),
            json_text(task, "title"), body_name(d->engine, body));
    }
    return err_data(err, "who", who_answers(d, body));
}

bool task_may_cancel(struct decision *d, const json_t *task, struct err *err)
{
    const char *from = json_text(task, "from");
    if (from != NULL) {
        if (access_own(d->engine->access, d->engine->org, d->actor, "case.urge", from,
                decision_desk_day(d))) {
            return true;
        }
        return err_set(err, ERR_FORBIDDEN, _("%s urged: only its people take that back"),
            body_name(d->engine, from));
    }
    const struct flow_task *rule =
        !task_is(task, "joint") ? flow_task(d->entry->flow, json_text(task, "name")) : NULL;
    return task_may_ask(d, rule == NULL ? NULL : rule->by, json_text(task, "title"), err);
}

/* --- urging --------------------------------------------------------------------------------- */

struct urging {
    const struct decision *d;
    const struct body *host;
    const char *right;
    const struct body *found; /* the nearest */
};

/* Its supervisor, or a body whose right covers the host; never the host itself nor one below. */
static void find_seat(const struct member *m, void *ctx)
{
    struct urging *u = ctx;
    const struct decision *d = u->d;
    struct date day = decision_desk_day(d);
    if (m->body == u->host ||
        !access_own(d->engine->access, d->engine->org, d->actor, u->right, m->body->id, day)) {
        return;
    }
    bool watches = text_equal(m->body->id, d->kase->supervisor);
    bool reaches =
        m->body->place->level >= u->host->place->level &&
        place_within(u->host->place, m->body->place) &&
        access_at(d->engine->access, d->engine->org, d->actor, u->right, NULL, u->host, day, NULL);
    if ((watches || reaches) &&
        (u->found == NULL || m->body->place->level < u->found->place->level)) {
        u->found = m->body;
    }
}

const struct body *task_may_urge(const struct decision *d, const char *level, struct err *err)
{
    const char *right = text_equal(level, "listed") ? "case.listed" : "case.urge";
    struct urging u = {d, org_body(d->engine->org, d->kase->host), right, NULL};
    if (u.host != NULL && d->actor->user != NULL) {
        org_members_of(d->engine->org, d->actor->user, decision_desk_day(d), find_seat, &u);
    }
    if (u.found == NULL) {
        access_case(
            d->engine->access, d->engine->org, d->actor, right, d->kase, decision_desk_day(d), err);
        if (err != NULL && err->code == ERR_NONE) { /* the right is there, but not from above */
            err_set(err, ERR_FORBIDDEN, _("Only a body above %s, or its supervisor, can urge it"),
                u.host == NULL ? d->kase->host : u.host->name);
        }
    }
    return u.found;
}
