/* domain/flow_graph.c — can every state be reached, left, and left towards an end? */
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow_check.h"

#include <string.h>

/* The graph as a matrix: one byte per pair of states; a flow has some dozen. */
struct graph {
    size_t count;
    bool *edge;  /* [from * count + to] */
    bool *acted; /* a person can do something here, even if the case stays */
};

static size_t index_of(const struct flow *f, const char *state)
{
    for (size_t i = 0; state != NULL && i < f->state_count; i++) {
        if (text_equal(f->states[i].name, state)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void connect(struct graph *g, size_t from, size_t to)
{
    if (from != SIZE_MAX && to != SIZE_MAX) {
        g->edge[from * g->count + to] = true;
    }
}

static void add_actions(struct graph *g, const struct flow *f)
{
    for (size_t i = 0; i < f->action_count; i++) {
        const struct flow_action *a = &f->actions[i];
        for (char **from = a->from; *from != NULL; from++) {
            size_t at = index_of(f, *from);
            connect(g, at, index_of(f, a->to));
            if (at != SIZE_MAX) {
                g->acted[at] = true;
            }
        }
    }
}

static void connect_reactions(struct graph *g, const struct flow *f, size_t from,
    const struct flow_outcome *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i].kind == DO_GO) {
            connect(g, from, index_of(f, outcomes[i].name));
        }
    }
}

/* A letter of the linked case finds this one where the hand-over left it, or where an earlier
 * letter took it. */
static void add_reactions(
    struct graph *g, const struct flow *f, const struct flow_hand_over *h, size_t from)
{
    connect_reactions(g, f, from, h->received, h->received_count);
    for (size_t i = 0; i <= h->received_count; i++) {
        bool goes = i < h->received_count && h->received[i].kind == DO_GO;
        size_t at = goes ? index_of(f, h->received[i].name) : from;
        if (i < h->received_count && !goes) {
            continue;
        }
        connect_reactions(g, f, at, h->returned, h->returned_count);
        for (size_t k = 0; k < h->closed_count; k++) {
            connect_reactions(g, f, at, h->closed[k].outcomes, h->closed[k].outcome_count);
        }
    }
}

static void add_hand_overs(struct graph *g, const struct flow *f)
{
    for (size_t i = 0; i < f->action_count; i++) {
        const struct flow_action *a = &f->actions[i];
        if (a->hand_over != NULL && a->to != NULL) {
            add_reactions(g, f, a->hand_over, index_of(f, a->to));
        }
        for (char **from = a->from; a->hand_over != NULL && a->to == NULL && *from != NULL;
             from++) {
            add_reactions(g, f, a->hand_over, index_of(f, *from));
        }
    }
}

/* A clock that goes somewhere can fire in every state it runs through: from its start until one of
 * its ends. Only states reached without passing an end count; walking the actions finds them. */
static void add_clock(struct graph *g, const struct flow *f, const struct flow_clock *k, size_t to)
{
    bool *runs = mem_array(g->count + 1, sizeof *runs);
    bool changed = true;
    for (char **from = k->from; *from != NULL; from++) {
        size_t at = index_of(f, *from);
        if (at != SIZE_MAX) {
            runs[at] = true;
        }
    }
    while (changed) {
        changed = false;
        for (size_t i = 0; i < g->count; i++) {
            for (size_t j = 0; runs[i] && j < g->count; j++) {
                bool ends = name_in(k->to, f->states[j].name) || f->states[j].final;
                if (g->edge[i * g->count + j] && !runs[j] && !ends) {
                    runs[j] = changed = true;
                }
            }
        }
    }
    for (size_t i = 0; i < g->count; i++) {
        if (runs[i]) {
            connect(g, i, to);
        }
    }
    mem_free(runs);
}

static void add_clocks(struct graph *g, const struct flow *f)
{
    for (size_t i = 0; i < f->clock_count; i++) {
        for (size_t s = 0; s < f->clocks[i].step_count; s++) {
            const struct flow_step *step = &f->clocks[i].steps[s];
            for (size_t o = 0; o < step->outcome_count; o++) {
                if (step->outcomes[o].kind == DO_GO) {
                    add_clock(g, f, &f->clocks[i], index_of(f, step->outcomes[o].name));
                }
            }
        }
    }
}

/* A joint task, or one that may be added, moves the case on from the states that ask it. */
static void add_task(struct graph *g, const struct flow *f, const struct flow_task *t, size_t at)
{
    for (size_t s = 0; t != NULL && s < t->clock.step_count; s++) {
        for (size_t o = 0; o < t->clock.steps[s].outcome_count; o++) {
            if (t->clock.steps[s].outcomes[o].kind == DO_GO) {
                connect(g, at, index_of(f, t->clock.steps[s].outcomes[o].name));
            }
        }
    }
}

static void add_tasks(struct graph *g, const struct flow *f)
{
    for (size_t i = 0; i < f->state_count; i++) {
        add_task(g, f, f->states[i].joint, i);
        for (char **name = f->states[i].adhoc; name != NULL && *name != NULL; name++) {
            add_task(g, f, flow_task(f, *name), i);
        }
    }
}

/* Marks what can be reached from the marked ones; against the arrows when backward. */
static void spread(const struct graph *g, bool *marked, bool backward)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < g->count; i++) {
            for (size_t j = 0; marked[i] && j < g->count; j++) {
                size_t edge = backward ? j * g->count + i : i * g->count + j;
                if (g->edge[edge] && !marked[j]) {
                    marked[j] = changed = true;
                }
            }
        }
    }
}

static bool leads_on(const struct graph *g, size_t from)
{
    for (size_t j = 0; j < g->count; j++) {
        if (j != from && g->edge[from * g->count + j]) {
            return true;
        }
    }
    return false;
}

static bool clock_goes_on(const struct flow_clock *k)
{
    for (size_t s = 0; s < k->step_count; s++) {
        for (size_t o = 0; o < k->steps[s].outcome_count; o++) {
            if (k->steps[s].outcomes[o].kind == DO_GO) {
                return true;
            }
        }
    }
    return false;
}

/* Does a clock start in the state — one that moves the case on by itself, when `goes`? */
static bool clock_starts(const struct flow *f, const char *state, bool goes)
{
    for (size_t i = 0; i < f->clock_count; i++) {
        if (name_in(f->clocks[i].from, state) && (!goes || clock_goes_on(&f->clocks[i]))) {
            return true;
        }
    }
    return false;
}

static void judge_state(
    struct flow_check *c, const struct graph *g, size_t i, bool reached, bool ends)
{
    const struct flow_state *s = &c->flow->states[i];
    const char *path = flow_path(c, "states.%s", s->name);
    if (!reached) {
        flow_finding(c, "F002", path, _("nothing leads to “%s”"), s->title);
    }
    if (s->final) {
        return;
    }
    if (!g->acted[i] && !leads_on(g, i)) {
        json_t *finding = flow_finding(c, "F003", path,
            _("“%s” has no action and no clock that ends it, and it is no end"), s->title);
        json_object_set_new(
            finding, "hint", json_string(_("add final = true, an action or a clock with go")));
    } else if (!ends) {
        flow_finding(c, "F004", path, _("no way leads from “%s” to an end"), s->title);
    }
    if (s->work == NULL && !clock_starts(c->flow, s->name, true) &&
        (g->acted[i] || !leads_on(g, i))) {
        flow_finding(
            c, "F106", path, _("nobody is named who works in “%s”: work = role"), s->title);
    }
    if (s->work != NULL && !clock_starts(c->flow, s->name, false)) {
        flow_finding(c, "F105", path,
            _("no clock starts in “%s”: people work there without a limit"), s->title);
    }
}

void flow_check_graph(struct flow_check *c)
{
    const struct flow *f = c->flow;
    struct graph g = {f->state_count, mem_array(f->state_count * f->state_count + 1, 1),
        mem_array(f->state_count + 1, 1)};
    bool *reached = mem_array(g.count + 1, 1), *ends = mem_array(g.count + 1, 1);
    add_actions(&g, f);
    add_hand_overs(&g, f);
    add_clocks(&g, f);
    add_tasks(&g, f);
    for (size_t i = 0; i < g.count; i++) {
        reached[i] = f->states[i].initial || f->states[i].arrival;
        ends[i] = f->states[i].final;
    }
    spread(&g, reached, false);
    spread(&g, ends, true);
    for (size_t i = 0; i < g.count; i++) {
        judge_state(c, &g, i, reached[i] || flow_initial(f) == NULL, ends[i]);
    }
    mem_free(g.edge);
    mem_free(g.acted);
    mem_free(reached);
    mem_free(ends);
}

/* Two actions may share a title where no state offers both (or under different profiles); a
 * client that types the title must find one. */
void flow_check_titles_of_actions(struct flow_check *c)
{
    const struct flow *f = c->flow;
    for (size_t i = 0; i < f->action_count; i++) {
        const struct flow_action *a = &f->actions[i];
        const char *path = flow_path(c, "actions.%s", a->name);
        if (text_equal(a->name, a->title)) {
            flow_finding(c, "F101", path, _("“%s” has no title people can read"), a->name);
        }
        for (size_t j = 0; j < i; j++) {
            const struct flow_action *b = &f->actions[j];
            if (text_equal(a->name, b->name) || text_equal(a->title, b->title)) {
                flow_finding(
                    c, "F007", path, _("“%s” is named like “%s” before"), a->title, b->name);
            }
        }
    }
}
