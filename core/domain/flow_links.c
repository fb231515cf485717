/* domain/flow_links.c — hand-overs of a flow to other flows: reading, releasing, judging. */
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow_check.h"
#include "domain/flow_read.h"

#include <string.h>

enum { HOPS_DEFAULT = 3, HOPS_MAX = 9 }; /* nine places are no way a matter should go */

/* --- from the document --------------------------------------------------------------------------
 */

static void read_carry(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "from", NULL};
    struct flow_carry *c = out;
    docread_only(r, doc, members);
    c->to = docread_text(r, doc, "name", true);
    c->from = docread_text(r, doc, "from", true);
}

static void read_ending(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"outcome", "outcomes", NULL};
    struct flow_ending *e = out;
    docread_only(r, doc, members);
    e->outcome = docread_text(r, doc, "outcome", false);
    e->outcomes = flow_read_outcomes(r, doc, "outcomes", &e->outcome_count);
}

struct flow_hand_over *flow_read_hand_over(struct docread *r, const json_t *action)
{
    static const char *const members[] = {
        "flow", "to", "carry", "max_hops", "sealed", "received", "returned", "closed", NULL};
    const json_t *doc = docread_object(r, action, "hand_over");
    if (doc == NULL) {
        return NULL;
    }
    struct flow_hand_over *h = mem_alloc(sizeof *h);
    size_t mark = docread_enter(r, "hand_over");
    docread_only(r, doc, members);
    h->flow = docread_text(r, doc, "flow", true);
    if (!flow_read_member_target(r, doc, "to", &h->to)) {
        docread_fail(r, "to", _("is missing"));
    }
    h->carry = flow_read_list(r, doc, "carry", sizeof *h->carry, &h->carry_count, read_carry);
    h->max_hops = docread_int(r, doc, "max_hops", 1, HOPS_MAX, HOPS_DEFAULT);
    h->sealed = docread_flag(r, doc, "sealed", false);
    h->received = flow_read_outcomes(r, doc, "received", &h->received_count);
    h->returned = flow_read_outcomes(r, doc, "returned", &h->returned_count);
    h->closed = flow_read_list(r, doc, "closed", sizeof *h->closed, &h->closed_count, read_ending);
    docread_leave(r, mark);
    return h;
}

void flow_hand_over_free(struct flow_hand_over *h)
{
    if (h == NULL) {
        return;
    }
    for (size_t i = 0; i < h->carry_count; i++) {
        mem_free(h->carry[i].to);
        mem_free(h->carry[i].from);
    }
    for (size_t i = 0; i < h->closed_count; i++) {
        mem_free(h->closed[i].outcome);
        flow_outcomes_free(h->closed[i].outcomes, h->closed[i].outcome_count);
    }
    flow_outcomes_free(h->received, h->received_count);
    flow_outcomes_free(h->returned, h->returned_count);
    flow_target_close(&h->to);
    mem_free(h->flow);
    mem_free(h->carry);
    mem_free(h->closed);
    mem_free(h);
}

/* --- by itself ----------------------------------------------------------------------------------
 */

static void check_reactions(
    struct flow_check *c, const struct flow_outcome *outcomes, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        flow_check_outcome(c, &outcomes[i], path);
    }
}

static void check_hand_over(struct flow_check *c, const struct flow_action *a)
{
    const struct flow_hand_over *h = a->hand_over;
    const char *name = a->name;
    flow_check_outcome_target(c, &h->to, flow_path(c, "actions.%s.hand_over.to", name));
    for (size_t i = 0; i < h->carry_count; i++) {
        flow_known(
            c, THING_FIELD, h->carry[i].from, flow_path(c, "actions.%s.hand_over.carry", name));
    }
    check_reactions(
        c, h->received, h->received_count, flow_path(c, "actions.%s.hand_over.received", name));
    check_reactions(
        c, h->returned, h->returned_count, flow_path(c, "actions.%s.hand_over.returned", name));
    for (size_t i = 0; i < h->closed_count; i++) {
        check_reactions(c, h->closed[i].outcomes, h->closed[i].outcome_count,
            flow_path(c, "actions.%s.hand_over.closed", name));
    }
    if (a->receipt != RECEIPT_NONE) {
        flow_finding(c, "F024", flow_path(c, "actions.%s.receipt", name),
            _("“%s” answers one hand-over and begins another: make two actions of it"), a->title);
    }
}

static void check_receipt(struct flow_check *c, const struct flow_action *a)
{
    const struct flow_state *arrival = flow_arrival(c->flow);
    const char *path = flow_path(c, "actions.%s.receipt", a->name);
    if (arrival == NULL) {
        json_t *finding = flow_finding(c, "F024", path,
            _("“%s” answers a hand-over, but no state is marked arrival = true"), a->title);
        json_object_set_new(finding, "hint",
            json_string(_("mark the state in which a case that was handed over begins")));
        return;
    }
    if (a->receipt == RECEIPT_ACCEPT && !name_in(a->from, arrival->name)) {
        flow_finding(c, "F024", path, _("“%s” signs for a case but is not possible in “%s”"),
            a->title, arrival->title);
    }
    const struct flow_state *to = a->to == NULL ? NULL : flow_state(c->flow, a->to);
    if (a->receipt == RECEIPT_RETURN && (to == NULL || !to->final)) {
        flow_finding(c, "F108", path,
            _("“%s” gives the case back, but does not end it here: the matter would stand twice"),
            a->title);
    }
}

static bool some_receipt(const struct flow *f, enum flow_receipt receipt)
{
    for (size_t i = 0; i < f->action_count; i++) {
        if (f->actions[i].receipt == receipt) {
            return true;
        }
    }
    return false;
}

static void check_arrival(struct flow_check *c)
{
    const struct flow *f = c->flow;
    const struct flow_state *first = flow_arrival(f);
    for (size_t i = 0; first != NULL && i < f->state_count; i++) {
        const struct flow_state *s = &f->states[i];
        if (s->arrival && s != first) {
            flow_finding(c, "F008", flow_path(c, "states.%s.arrival", s->name),
                _("a case that was handed over begins in one state: “%s” and “%s” are both marked"),
                first->title, s->title);
        }
    }
    if (first != NULL && first->final) {
        flow_finding(c, "F008", flow_path(c, "states.%s", first->name),
            _("“%s” is where a case begins and an end at once"), first->title);
    }
    if (first != NULL && !some_receipt(f, RECEIPT_ACCEPT)) {
        json_t *finding = flow_finding(c, "F110", flow_path(c, "states.%s.arrival", first->name),
            _("nobody can sign for a case that was handed over"));
        json_object_set_new(
            finding, "hint", json_string(_("an action with receipt = \"accept\" says it arrived")));
    }
}

static void check_called_off(struct flow_check *c)
{
    const struct flow *f = c->flow;
    const struct flow_state *first = flow_called_off(f);
    for (size_t i = 0; first != NULL && i < f->state_count; i++) {
        const struct flow_state *s = &f->states[i];
        const char *path = flow_path(c, "states.%s.called_off", s->name);
        if (s->called_off && !s->final) {
            flow_finding(c, "F008", path,
                _("“%s” ends a sub-case nobody asks for any more: it must be final"), s->title);
        }
        if (s->called_off && s != first) {
            flow_finding(c, "F008", path,
                _("a sub-case nobody asks for any more ends in one state: “%s” and “%s” are both "
                  "marked"),
                first->title, s->title);
        }
    }
}

void flow_check_links(struct flow_check *c)
{
    check_called_off(c);
    for (size_t i = 0; i < c->flow->action_count; i++) {
        const struct flow_action *a = &c->flow->actions[i];
        if (a->hand_over != NULL) {
            check_hand_over(c, a);
        }
        if (a->receipt != RECEIPT_NONE) {
            check_receipt(c, a);
        }
        flow_known(c, THING_CLOCK, a->within, flow_path(c, "actions.%s.within", a->name));
    }
    check_arrival(c);
}

/* --- beside the others --------------------------------------------------------------------------
 */

struct neighbours {
    struct flow_check check;
    const struct flow *const *known;
    size_t count;
    bool complete;
};

/* A hand-over of an action, or the sub-case a task opens. */
struct leads_out {
    const struct flow_hand_over *to;
    char place[160]; /* "actions.to_court.hand_over", "tasks.count" */
};

static const struct flow *neighbour(struct neighbours *n, const struct leads_out *out)
{
    const char *wanted = out->to->flow;
    const char **names = mem_array(n->count + 1, sizeof *names);
    const struct flow *found = NULL;
    for (size_t i = 0; i < n->count; i++) {
        names[i] = n->known[i]->id;
        found = text_equal(n->known[i]->id, wanted) ? n->known[i] : found;
    }
    if (found == NULL) {
        json_t *finding = flow_finding(&n->check, n->complete ? "F023" : "F111", out->place,
            _("there is no workflow “%s” to hand over to"), wanted);
        flow_finding_near(finding, text_nearest(wanted, names, n->count));
    }
    mem_free(names);
    return found;
}

static void check_carried(struct neighbours *n, const struct leads_out *out,
    const struct flow *other, const struct flow_carry *carry)
{
    struct flow_check *c = &n->check;
    const struct flow_field *from = flow_field(c->flow, carry->from);
    const struct flow_field *to = flow_field(other, carry->to);
    const char *path = flow_path(c, "%s.carry.%s", out->place, carry->to);
    if (to == NULL) {
        const char **names = mem_array(other->field_count + 1, sizeof *names);
        for (size_t i = 0; i < other->field_count; i++) {
            names[i] = other->fields[i].name;
        }
        json_t *finding =
            flow_finding(c, "F023", path, _("“%s” has no field “%s”"), other->title, carry->to);
        flow_finding_near(finding, text_nearest(carry->to, names, other->field_count));
        mem_free(names);
    } else if (from != NULL && from->type != to->type &&
               !(to->type == FIELD_TEXT && from->type != FIELD_BOOL)) {
        flow_finding(c, "F023", path, _("the field “%s” is %s there and %s here"), to->title,
            field_type_name(to->type), field_type_name(from->type));
    } else if (from != NULL && from->secret != NULL && to->secret == NULL) {
        flow_finding(
            c, "F109", path, _("“%s” is secret here, but not where it is carried to"), from->title);
    }
}

static bool can_end_with(const struct flow *f, const char *outcome)
{
    for (size_t i = 0; i < f->state_count; i++) {
        const struct flow_state *s = &f->states[i];
        const char *has = s->outcome != NULL || !s->final ? s->outcome : s->title;
        if (has != NULL && text_equal(has, outcome)) {
            return true;
        }
    }
    return false;
}

static void check_endings(
    struct neighbours *n, const struct leads_out *out, const struct flow *other)
{
    const char **names = mem_array(other->state_count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < other->state_count; i++) {
        const struct flow_state *s = &other->states[i];
        if (s->final || s->outcome != NULL) {
            names[count++] = s->outcome != NULL ? s->outcome : s->title;
        }
    }
    for (size_t i = 0; i < out->to->closed_count; i++) {
        const char *outcome = out->to->closed[i].outcome;
        if (outcome != NULL && !can_end_with(other, outcome)) {
            json_t *finding =
                flow_finding(&n->check, "F112", flow_path(&n->check, "%s.closed", out->place),
                    _("“%s” never ends with “%s”"), other->title, outcome);
            flow_finding_near(finding, text_nearest(outcome, names, count));
        }
    }
    mem_free(names);
}

static void check_neighbour(struct neighbours *n, const struct leads_out *out)
{
    const struct flow *other = neighbour(n, out);
    if (other == NULL) {
        return;
    }
    if (flow_arrival(other) == NULL) {
        flow_finding(&n->check, "F023", out->place,
            _("“%s” cannot be handed over to: none of its states is marked arrival = true"),
            other->title);
    }
    for (size_t j = 0; j < out->to->carry_count; j++) {
        check_carried(n, out, other, &out->to->carry[j]);
    }
    check_endings(n, out, other);
}

json_t *flow_verify_links(
    const struct flow *f, const struct flow *const known[], size_t known_count, bool complete)
{
    struct neighbours n = {{.flow = f, .findings = json_array()}, known, known_count, complete};
    for (size_t i = 0; i < f->action_count; i++) {
        struct leads_out out = {.to = f->actions[i].hand_over};
        snprintf(out.place, sizeof out.place, "actions.%s.hand_over", f->actions[i].name);
        if (out.to != NULL) {
            check_neighbour(&n, &out);
        }
    }
    for (size_t i = 0; i < f->task_count; i++) {
        struct leads_out out = {.to = f->tasks[i].opens};
        snprintf(out.place, sizeof out.place, "tasks.%s", f->tasks[i].name);
        if (out.to != NULL) {
            check_neighbour(&n, &out);
        }
    }
    return n.check.findings;
}
