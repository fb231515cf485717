/* domain/flow_tasks.c — joint handling and discretionary tasks of a flow: from the document, and
 * whether they make sense. */
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow_check.h"
#include "domain/flow_read.h"

#include <string.h>

enum { QUORUM_MAX = 500 };

static const char *const join_rules[] = {"all", "lead", "quorum", NULL};

const char *join_rule_name(enum join_rule rule)
{
    return join_rules[rule];
}

/* --- from the document -------------------------------------------------------------------------
 */

/* Name, title, whom to ask, the limit: what both kinds have. */
static void read_common(struct docread *r, const json_t *doc, struct flow_task *t)
{
    t->clock.name = mem_strdup(t->name);
    t->clock.title = mem_strdup(t->title);
    t->clock.term = docread_text(r, doc, "term", false);
    t->clock.limit = docread_span(r, doc, "limit");
    if (t->clock.term != NULL && json_member(doc, "limit") != NULL) {
        docread_fail(r, "term", _("a request has either a term of the register or a limit"));
    }
    t->clock.kind = DUE_TARGET;
    t->clock.roll = ROLL_NEXT;
    t->clock.level = -1;
    t->clock.steps = flow_read_list(
        r, doc, "steps", sizeof *t->clock.steps, &t->clock.step_count, flow_read_step);
    t->to = flow_read_list(r, doc, "to", sizeof *t->to, &t->to_count, flow_read_target);
}

static void read_joint(struct docread *r, const json_t *doc, struct flow_task *t)
{
    static const char *const members[] = {
        "title", "lead", "to", "when", "term", "limit", "steps", "done", "quorum", NULL};
    docread_only(r, doc, members);
    t->name = mem_strdup("joint");
    t->title = docread_text(r, doc, "title", true);
    t->has_lead = flow_read_member_target(r, doc, "lead", &t->lead);
    t->guard = docread_text(r, doc, "when", false);
    t->done = (enum join_rule)docread_name(r, doc, "done", join_rules, JOIN_ALL);
    t->quorum = docread_int(r, doc, "quorum", 1, QUORUM_MAX, 0);
    if ((t->done == JOIN_QUORUM) != (t->quorum > 0)) {
        docread_fail(r, "quorum", _("a quorum says how many answers suffice: quorum(2)"));
    }
    read_common(r, doc, t);
}

void flow_read_task(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {
        "name", "title", "to", "by", "term", "limit", "steps", "hand_over", "lead", "stays", NULL};
    struct flow_task *t = out;
    docread_only(r, doc, members);
    t->name = docread_text(r, doc, "name", true);
    t->title = docread_text(r, doc, "title", true);
    t->by = docread_texts(r, doc, "by", false);
    t->opens = flow_read_hand_over(r, doc);
    t->leads = docread_flag(r, doc, "lead", false);
    t->stays = docread_flag(r, doc, "stays", false);
    read_common(r, doc, t);
}

void flow_read_state_tasks(struct docread *r, const json_t *doc, struct flow_state *s)
{
    s->adhoc = docread_texts(r, doc, "adhoc", false);
    const json_t *joint = docread_object(r, doc, "joint");
    if (joint != NULL) {
        size_t mark = docread_enter(r, "joint");
        s->joint = mem_alloc(sizeof *s->joint);
        read_joint(r, joint, s->joint);
        docread_leave(r, mark);
    }
}

static void task_close(struct flow_task *t)
{
    for (size_t i = 0; i < t->to_count; i++) {
        flow_target_close(&t->to[i]);
    }
    flow_target_close(&t->lead);
    flow_clock_close(&t->clock);
    mem_free(t->to);
    mem_free(t->name);
    mem_free(t->title);
    mem_free(t->guard);
    texts_free(t->by);
    flow_hand_over_free(t->opens);
}

void flow_task_free(struct flow_task *t)
{
    if (t != NULL) {
        task_close(t);
        mem_free(t);
    }
}

void flow_tasks_free(struct flow *f)
{
    for (size_t i = 0; i < f->task_count; i++) {
        task_close(&f->tasks[i]);
    }
    mem_free(f->tasks);
}

/* --- does it make sense? -----------------------------------------------------------------------
 */

static void check_outcomes(struct flow_check *c, const struct flow_task *t, const char *path)
{
    for (size_t i = 0; i < t->clock.step_count; i++) {
        for (size_t k = 0; k < t->clock.steps[i].outcome_count; k++) {
            flow_check_outcome(c, &t->clock.steps[i].outcomes[k], path);
        }
    }
}

static void check_targets(struct flow_check *c, const struct flow_task *t, const char *path)
{
    for (size_t i = 0; i < t->to_count; i++) {
        flow_check_outcome_target(c, &t->to[i], path);
    }
    if (t->has_lead) {
        flow_check_outcome_target(c, &t->lead, path);
    }
}

static void check_joint(struct flow_check *c, const struct flow_state *s)
{
    const struct flow_task *t = s->joint;
    char path[128];
    snprintf(path, sizeof path, "states.%s.joint", s->name);
    size_t asked = t->to_count + t->has_lead;
    if (s->final) {
        flow_finding(c, "F023", path, _("“%s” is an end: nobody is asked there"), s->title);
    }
    if (asked == 0) {
        flow_finding(c, "F023", path, _("joint handling asks nobody: lead = … or to = { … }"));
    }
    if (t->done == JOIN_LEAD && !t->has_lead) {
        flow_finding(c, "F023", path, _("done = \"lead\" needs a body in charge: lead = …"));
    }
    if (t->done == JOIN_QUORUM && asked > 0 && (size_t)t->quorum > asked) {
        flow_finding(c, "F023", path, _("%d answers are wanted, but only %zu bodies are asked"),
            t->quorum, asked);
    }
    if (t->clock.limit.n == 0 && t->clock.term == NULL) {
        flow_finding(c, "F108", path,
            _("bodies are asked in “%s” without a limit: limit = \"5 workdays\""), s->title);
    }
    flow_check_term(c, t->clock.term, path);
    flow_known(c, THING_GUARD, t->guard, path);
    check_targets(c, t, path);
    check_outcomes(c, t, path);
}

static bool is_needed(const struct flow *f, const struct flow_state *s)
{
    for (size_t i = 0; i < f->action_count; i++) {
        if (name_in(f->actions[i].from, s->name) && name_in(f->actions[i].needs, "joint")) {
            return true;
        }
    }
    return false;
}

static void check_state(struct flow_check *c, const struct flow_state *s)
{
    char path[128];
    snprintf(path, sizeof path, "states.%s.adhoc", s->name);
    for (char **name = s->adhoc; name != NULL && *name != NULL; name++) {
        flow_known(c, THING_TASK, *name, path);
    }
    if (s->final && s->adhoc != NULL && s->adhoc[0] != NULL) {
        flow_finding(c, "F023", path, _("“%s” is an end: nobody is asked there"), s->title);
    }
    if (s->joint != NULL) {
        check_joint(c, s);
        snprintf(path, sizeof path, "states.%s.joint", s->name);
        if (!is_needed(c->flow, s)) {
            flow_finding(c, "F203", path,
                _("no action waits for the answers asked in “%s”: needs = { \"joint\" }"),
                s->title);
        }
    }
}

static void check_task(struct flow_check *c, const struct flow_task *t)
{
    char path[128];
    snprintf(path, sizeof path, "tasks.%s", t->name);
    bool offered = false;
    for (size_t i = 0; i < c->flow->state_count; i++) {
        offered = offered || name_in(c->flow->states[i].adhoc, t->name);
    }
    for (size_t i = 0; i < c->flow->jump_count; i++) {
        offered = offered || name_in(c->flow->jumps[i].asks, t->name);
    }
    if (!offered) {
        flow_finding(
            c, "F109", path, _("no state offers “%s”: adhoc = { \"%s\" }"), t->title, t->name);
    }
    if (text_equal(t->name, "joint")) {
        flow_finding(c, "F007", path, _("“joint” is the name of joint handling"));
    }
    if (t->to_count > 1) {
        flow_finding(c, "F023", path, _("“%s” asks one body: add it again for another"), t->title);
    }
    for (char **role = t->by; role != NULL && *role != NULL; role++) {
        flow_known(c, THING_ROLE, *role, path);
    }
    if (t->opens != NULL) {
        flow_check_outcome_target(c, &t->opens->to, path);
        for (size_t i = 0; i < t->opens->carry_count; i++) {
            flow_known(c, THING_FIELD, t->opens->carry[i].from, path);
        }
    }
    flow_check_term(c, t->clock.term, path);
    check_targets(c, t, path);
    check_outcomes(c, t, path);
}

/* "joint" needs a state of the action where bodies are asked; another name must be a task. */
static void check_needs(struct flow_check *c, const struct flow_action *a)
{
    char path[128];
    snprintf(path, sizeof path, "actions.%s.needs", a->name);
    for (char **name = a->needs; name != NULL && *name != NULL; name++) {
        if (!text_equal(*name, "joint")) {
            flow_known(c, THING_TASK, *name, path);
            continue;
        }
        bool asked = false;
        for (char **from = a->from; *from != NULL; from++) {
            const struct flow_state *s = flow_state(c->flow, *from);
            asked = asked || (s != NULL && s->joint != NULL);
        }
        if (!asked) {
            flow_finding(c, "F023", path,
                _("“%s” waits for joint handling, but none of its states has any: joint = …"),
                a->title);
        }
    }
}

/* A jump asks by itself: there must be a body to ask, and no linked case to begin. */
static void check_asks(struct flow_check *c, const struct flow_jump *j)
{
    char path[160];
    snprintf(path, sizeof path, "jumps.%s.asks", j->name);
    for (char **name = j->asks; name != NULL && *name != NULL; name++) {
        const struct flow_task *t = flow_task(c->flow, *name);
        if (flow_known(c, THING_TASK, *name, path) && (t->to_count == 0 || t->opens != NULL)) {
            flow_finding(c, "F023", path,
                _("“%s” cannot be asked by itself: it needs a body to ask (to = …) and opens no "
                  "case"),
                t->title);
        }
    }
}

void flow_check_tasks(struct flow_check *c)
{
    for (size_t i = 0; i < c->flow->jump_count; i++) {
        check_asks(c, &c->flow->jumps[i]);
    }
    for (size_t i = 0; i < c->flow->state_count; i++) {
        check_state(c, &c->flow->states[i]);
    }
    for (size_t i = 0; i < c->flow->task_count; i++) {
        check_task(c, &c->flow->tasks[i]);
    }
    for (size_t i = 0; i < c->flow->action_count; i++) {
        check_needs(c, &c->flow->actions[i]);
    }
}
