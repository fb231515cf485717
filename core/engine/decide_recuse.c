/* engine/decide_recuse.c — somebody must not handle this case (回避), or may again. Anybody may
 * step back; who decides for others holds the right case.recuse, and nobody lets himself back in.
 */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/recusal.h"
#include "engine/words.h"

enum { RECUSED_MAX = 100 };

static bool may_decide(const struct decision *d, const char *user, bool lift, struct err *err)
{
    const struct engine *e = d->engine;
    if (text_equal(user, d->actor->user)) {
        return !lift || err_set(err, ERR_FORBIDDEN,
                            _("Nobody decides on their own recusal; ask the head of the body"));
    }
    return access_case(
        e->access, e->org, d->actor, "case.recuse", d->kase, decision_desk_day(d), err);
}

static bool fits(const struct decision *d, const char *user, bool lift, struct err *err)
{
    if (org_person(d->engine->org, user) == NULL) {
        err_set(err, ERR_PARAMS, _("There is no person \"%s\""), user);
        return err_data(err, "field", json_string("user"));
    }
    if (recused(d->kase, user) != lift) {
        return err_set(err, ERR_STATE, lift ? _("%s is not recused") : _("%s is recused already"),
            person_name(d->engine, user));
    }
    return lift || json_array_size(d->kase->recused) < RECUSED_MAX ||
           err_set(err, ERR_STATE, _("More than %d people cannot be recused"), RECUSED_MAX);
}

/* The case is taken from who must not have it, and those who must act now hear of it. */
static void take_away(struct decision *d, const char *user)
{
    if (text_equal(d->kase->assignee, user)) {
        decide_assignee(d, NULL);
        const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
        decision_notify(d, state->work, "assigned", state->title);
    }
}

bool decide_recuse(struct decision *d, const struct command *c, struct err *err)
{
    const char *user = json_text(c->args, "user"), *reason = json_text(c->args, "reason");
    bool lift = json_flag(c->args, "lift");
    if (!decide_text(user, "user", err) || !decide_text(reason, "reason", err) ||
        !may_decide(d, user, lift, err) || !fits(d, user, lift, err)) {
        return false;
    }
    json_put_text(d->event, "user", user);
    json_put_text(d->event, "reason", reason);
    if (lift) {
        decision_drop(d, "recused", user);
        return true;
    }
    decision_put(d, "recused",
        json_pack("{s:s,s:s,s:s,s:I}", "id", user, "reason", reason, "by", d->actor->user, "at_ms",
            (json_int_t)d->now_ms));
    take_away(d, user);
    return true;
}
