/* engine/decide_act.c — a person takes an action of the workflow. */
#include "engine/action_words.h"
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/case_view.h"
#include "engine/clocks.h"
#include "engine/form.h"
#include "engine/hand_over.h"
#include "engine/outcome.h"
#include "engine/roles.h"
#include "engine/tasks.h"

/* Recorded later than that after the act: flagged (DOMAIN §4.3). */
#define LATE_ENTRY_MS MS_PER_DAY

static const char *state_title(const struct flow *flow, const char *name)
{
    const struct flow_state *s = flow_state(flow, name);
    return s == NULL ? name : s->title;
}

static bool state_fits(const struct decision *d, const struct flow_action *action, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    if (name_in(action->from, d->kase->state)) {
        return true;
    }
    if (d->kase->closed_ms != 0) {
        err_set(err, ERR_STATE, _("Case %s is closed"), d->kase->number);
        err_data(err, "current_version", json_integer(d->kase->version));
        return err_data(err, "current", json_string(d->kase->state));
    }
    err_set(err, ERR_STATE, _("\"%s\" is not possible while the case is \"%s\""), action->title,
        state_title(flow, d->kase->state));
    if (action->from[0] != NULL) {
        err_hint(err, _("It is possible in: %s"), state_title(flow, action->from[0]));
    }
    err_data(err, "current_version", json_integer(d->kase->version));
    return err_data(err, "current", json_string(d->kase->state));
}

static bool profile_fits(
    const struct decision *d, const struct flow_action *action, struct err *err)
{
    if (action->profile == NULL || text_equal(action->profile, d->kase->profile)) {
        return true;
    }
    const struct flow *flow = d->entry->flow;
    const char *rules = d->kase->profile != NULL ? d->kase->profile : "—";
    for (size_t i = 0; i < flow->profile_count; i++) {
        if (text_equal(flow->profiles[i].id, d->kase->profile)) {
            rules = flow->profiles[i].title;
        }
    }
    return err_set(err, ERR_GUARD, _("\"%s\" does not exist under the rules of this case (%s)"),
        action->title, rules);
}

static bool extends_something(
    const struct decision *d, const struct flow_action *action, struct err *err)
{
    return action->kind != ACTION_EXTEND ||
           clock_may_extend(d, flow_clock(d->entry->flow, action->clock), err);
}

bool action_possible(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err)
{
    return state_fits(d, action, err) && profile_fits(d, action, err) &&
           role_allows(
               d->engine, d->kase, d->entry->flow, action, d->actor, decision_desk_day(d), err) &&
           tasks_needs_met(d, action, err) && hand_over_allows(d, action, err) &&
           extends_something(d, action, err) && case_lets(d, action, input, err);
}

static bool pick_occurred(struct decision *d, const json_t *args, struct err *err)
{
    const char *text = json_text(args, "occurred_at");
    if (text == NULL) {
        return true;
    }
    int64_t at;
    if (!instant_parse(text, &at)) {
        err_set(err, ERR_PARAMS, _("occurred_at: there is no such date or time: %s"), text);
    } else if (at > d->now_ms) {
        err_set(err, ERR_PARAMS, _("occurred_at lies in the future: %s"), text);
    } else if (at < d->kase->received_ms) {
        err_set(err, ERR_PARAMS, _("occurred_at lies before the case was received: %s"), text);
    } else if (at < d->kase->acted_ms) {
        err_set(
            err, ERR_PARAMS, _("occurred_at lies before the act that this one follows: %s"), text);
    } else {
        d->at_ms = at;
        if (d->now_ms - at > LATE_ENTRY_MS) {
            json_object_set_new(d->event, "late_entry", json_true());
        }
        return true;
    }
    return err_data(err, "field", json_string("occurred_at"));
}

static bool reason_given(struct decision *d, const struct flow_action *action, const char *reason,
    const char *note, struct err *err)
{
    if (action->reason && (reason == NULL || *reason == '\0')) {
        err_set(err, ERR_FORM, _("\"%s\" needs a reason"), action->title);
        return err_data(err, "fields",
            json_pack("[{s:s,s:s,s:s}]", "name", "reason", "label", _("reason"), "problem",
                _("must be filled in")));
    }
    json_put_text(d->event, "reason", reason);
    json_put_text(d->event, "note", note);
    return true;
}

/* --- consequences --------------------------------------------------------------------------- */

/* A new stage of procedure follows the rules in force on its own day (DOMAIN §0.2). */
static void choose_profile(struct decision *d, const struct flow_action *action)
{
    const struct flow_profile *p = flow_profile_on(d->entry->flow, decision_today(d));
    if (action->reprofile && p != NULL && !text_equal(p->id, d->kase->profile)) {
        json_t *change = change_new("profile");
        json_put_text(change, "from", d->kase->profile);
        json_put_text(change, "to", p->id);
        decision_change(d, change);
    }
}

static bool go_route(
    struct decision *d, const struct flow_action *action, const char *reason, struct err *err)
{
    if (!action->has_route) {
        return true;
    }
    const struct body *to = target_body(d, &action->route, false, err);
    if (to == NULL) {
        return false;
    }
    decision_move_host(d, to, reason != NULL ? reason : action->title);
    return true;
}

static bool run_hook(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err)
{
    if (action->hook == NULL) {
        return true;
    }
    json_t *outcomes = case_follow(d, action, input, err);
    bool ok = outcomes != NULL && outcome_run_hook(d, outcomes, err);
    json_decref(outcomes);
    return ok;
}

static bool extend(
    struct decision *d, const struct flow_action *action, const json_t *input, struct err *err)
{
    if (action->kind != ACTION_EXTEND) {
        return true;
    }
    const struct flow_clock *fc = flow_clock(d->entry->flow, action->clock);
    return clock_extend(d, fc, json_number(input, "extend_days", -1), err);
}

/* The body whose step it was: the step itself may have given the case away. */
static const char *acting_body(const struct decision *d)
{
    for (size_t i = 0; i < json_array_size(d->changes); i++) {
        const json_t *change = json_array_get(d->changes, i);
        if (text_equal(json_text(change, "op"), "host")) {
            return json_text(change, "from");
        }
    }
    return d->kase->host;
}

static void follow_up(struct decision *d, const struct flow_action *action)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    if (action->document != NULL) {
        decision_effect(d, "document",
            json_pack("{s:s, s:s?}", "template", action->document, "body", acting_body(d)));
    }
    if (state->work != NULL) {
        decision_notify(d, state->work, "assigned", state->title);
    }
}

static bool consequences(struct decision *d, const struct flow_action *action, json_t *values,
    const char *reason, struct err *err)
{
    json_t *input = json_incref(values);
    decision_set_fields(d, values);
    choose_profile(d, action);
    bool ok = extend(d, action, input, err) && go_route(d, action, reason, err) &&
              (action->to == NULL || decision_enter(d, action->to, err)) &&
              run_hook(d, action, input, err) && hand_over_follow(d, action, err) &&
              (d->kase->closed_ms != 0 || !d->fields_changed || outcome_jump(d, err));
    json_decref(input);
    if (ok) {
        follow_up(d, action);
    }
    return ok;
}

bool decide_act(struct decision *d, const struct command *c, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    const struct flow_action *action = action_named(flow, json_text(c->args, "action"), err);
    if (action == NULL || !pick_occurred(d, c->args, err) || !state_fits(d, action, err) ||
        !profile_fits(d, action, err) ||
        !role_allows(d->engine, d->kase, flow, action, d->actor, decision_desk_day(d), err) ||
        !tasks_needs_met(d, action, err) || !hand_over_allows(d, action, err)) {
        return false;
    }
    char *reason = NULL;
    json_t *form = action_form(flow, action, c->args, &reason);
    json_t *values = form_for_action(flow, action, form, err);
    bool ok = values != NULL && reason_given(d, action, reason, json_text(c->args, "note"), err) &&
              case_lets(d, action, values, err);
    if (ok) {
        json_put_text(d->event, "action", action->name);
        json_put_text(d->event, "from", d->kase->state);
        ok = consequences(d, action, values, reason, err);
    } else {
        json_decref(values);
    }
    json_decref(form);
    mem_free(reason);
    return ok;
}
