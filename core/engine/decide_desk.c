/* engine/decide_desk.c — notes, assignment, classification: what is done at a desk besides the
 * workflow. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/clocks.h"
#include "engine/outcome.h"
#include "engine/recusal.h"

bool decide_text(const char *text, const char *field, struct err *err)
{
    if (text == NULL || *text == '\0') {
        err_set(err, ERR_FORM, _("%s must be filled in"), field);
    } else if (utf8_length(text) > NOTE_CHARS_MAX) {
        err_set(err, ERR_FORM, _("%s is longer than %d characters"), field, NOTE_CHARS_MAX);
    } else {
        return true;
    }
    return err_data(err, "field", json_string(field));
}

bool decide_note(struct decision *d, const struct command *c, struct err *err)
{
    const char *text = json_text(c->args, "text");
    if (!decide_text(text, "text", err)) {
        return false;
    }
    json_put_text(d->event, "note", text);
    buf_adds(&d->search, text);
    return true;
}

struct membership {
    const char *body;
    bool found;
};

static void is_there(const struct member *m, void *ctx)
{
    struct membership *wanted = ctx;
    wanted->found = wanted->found || text_equal(m->body->id, wanted->body);
}

void decide_assignee(struct decision *d, const char *user)
{
    json_t *change = change_new("assignee");
    json_put_text(change, "from", d->kase->assignee);
    json_put_text(change, "to", user);
    decision_change(d, change);
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    if (user != NULL) {
        decision_notify(d, state->work, "assigned", state->title);
    }
}

bool works_at_host(const struct decision *d, const char *user)
{
    struct membership wanted = {d->kase->host, false};
    org_members_of(d->engine->org, user, decision_desk_day(d), is_there, &wanted);
    return wanted.found;
}

/* Who chose the mediator: the committee assigns, or the parties choose (RTL 19). */
static bool chosen(struct decision *d, const json_t *args, struct err *err)
{
    const char *by = json_text(args, "chosen_by"), *reason = json_text(args, "reason");
    if (by != NULL && !text_equal(by, "committee") && !text_equal(by, "parties")) {
        err_set(err, ERR_PARAMS, _("chosen_by is \"committee\" or \"parties\""));
        return err_data(err, "field", json_string("chosen_by"));
    }
    if (reason != NULL && !decide_text(reason, "reason", err)) {
        return false;
    }
    json_put_text(d->event, "chosen_by", by);
    json_put_text(d->event, "reason", reason);
    return true;
}

bool decide_assign(struct decision *d, const struct command *c, struct err *err)
{
    const char *user = json_text(c->args, "user");
    if (text_equal(user, d->kase->assignee)) {
        return err_set(err, ERR_STATE,
            user == NULL ? _("The case is assigned to nobody")
                         : _("The case is assigned to them already"));
    }
    if (user != NULL && !works_at_host(d, user)) {
        const struct body *host = org_body(d->engine->org, d->kase->host);
        err_set(err, ERR_PARAMS, _("%s does not work at %s"), user,
            host == NULL ? d->kase->host : host->name);
        return err_data(err, "field", json_string("user"));
    }
    if (user != NULL && !recusal_allows(d->engine, d->kase, user, err)) {
        return false;
    }
    if (!chosen(d, c->args, err)) {
        return false;
    }
    decide_assignee(d, user);
    return true;
}

bool decide_claim(struct decision *d, const struct command *c, struct err *err)
{
    (void)c;
    if (d->kase->assignee != NULL) {
        return err_set(err, ERR_STATE, _("The case is assigned to %s"), d->kase->assignee);
    }
    if (!works_at_host(d, d->actor->user)) {
        return err_set(
            err, ERR_FORBIDDEN, _("Only people of the body that has the case can claim it"));
    }
    decide_assignee(d, d->actor->user);
    return true;
}

/* The clock's own commands (scenarios, imports of old data) may name what no table has. */
static bool category_exists(const struct decision *d, const char *category, struct err *err)
{
    const struct taxonomy *t = d->engine->taxonomy;
    const char *near = NULL;
    if (t == NULL || d->actor->kind == ACTOR_SYSTEM || taxonomy_knows(t, category, &near)) {
        return true;
    }
    err_set(err, ERR_FORM, _("There is no category \"%s\""), category);
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
        err_hint(err, _("Did you mean %s?"), near);
    }
    return err_data(err, "field", json_string("category"));
}

bool decide_classify(struct decision *d, const struct command *c, struct err *err)
{
    const char *category = json_text(c->args, "category"), *reason = json_text(c->args, "reason");
    if (!decide_text(category, "category", err) || !decide_text(reason, "reason", err)) {
        return false;
    }
    if (!category_exists(d, category, err)) {
        return false;
    }
    json_t *change = change_new("category");
    json_put_text(change, "from", d->kase->category);
    json_put_text(change, "to", category);
    decision_change(d, change);
    json_put_text(d->event, "reason", reason);
    return d->kase->closed_ms != 0 || outcome_jump(d, err); /* who is to lead goes by it */
}

static bool date_arg(
    const json_t *args, const char *key, struct date otherwise, struct date *out, struct err *err)
{
    const char *text = json_text(args, key);
    *out = otherwise;
    if (text == NULL || date_parse(text, out)) {
        return true;
    }
    err_set(err, ERR_PARAMS, _("%s: there is no such date: %s"), key, text);
    return err_data(err, "field", json_string(key));
}

bool decide_pause(struct decision *d, const struct command *c, struct err *err)
{
    struct date from, to, today = decision_today(d);
    const char *reason = json_text(c->args, "reason"), *clock = json_text(c->args, "clock");
    if (!decide_text(reason, "reason", err) || !decide_text(clock, "clock", err) ||
        !date_arg(c->args, "from", today, &from, err) ||
        !date_arg(c->args, "to", today, &to, err)) {
        return false;
    }
    json_put_text(d->event, "reason", reason);
    return clock_exclude(d, clock, from, to, reason, err);
}

/* Nothing due (the clock was met meanwhile, or another daemon fired it): refused quietly. */
bool decide_due(struct decision *d, const struct command *c, struct err *err)
{
    (void)c;
    if (clocks_fire(d, err)) {
        return true;
    }
    return err->code != ERR_NONE ? false : err_set(err, ERR_STATE, "nothing is due");
}

bool decide_recompute(struct decision *d, const struct command *c, struct err *err)
{
    json_t *changed = json_array();
    json_t *terms = json_object_get(c->args, "terms");
    if (terms != NULL) {
        clocks_take_terms(d, terms, changed);
    } else {
        clocks_recompute(d, (int)json_number(c->args, "year", 0), changed);
    }
    json_object_set_new(d->event, "changed", changed);
    if (json_array_size(d->changes) == 0) {
        return err_set(err, ERR_STATE, "nothing to recompute");
    }
    if (terms != NULL) {
        json_object_set(d->event, "terms", terms);
    } else {
        json_put_number(d->event, "year", json_number(c->args, "year", 0));
    }
    return true;
}
