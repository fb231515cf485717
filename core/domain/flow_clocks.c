/* domain/flow_clocks.c — do the clocks of a flow make sense, and do they keep to the register? */
#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "domain/flow_check.h"

#include <stdio.h>
#include <string.h>

/* Only for putting steps in order; never for computing a date (R13). */
static double rough_days(struct span s)
{
    static const double days[] = {[UNIT_HOUR] = 1.0 / 24,
        [UNIT_DAY] = 1,
        [UNIT_WORKDAY] = 1.4,
        [UNIT_MONTH] = 30.4,
        [UNIT_YEAR] = 365};
    return s.n * days[s.unit];
}

/* A row of any day, since a flow outlives its versions. */
const struct term *flow_check_term(struct flow_check *c, const char *term, const char *path)
{
    const struct term *found = NULL;
    if (c->terms == NULL || term == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < terms_count(c->terms); i++) {
        if (text_equal(terms_at(c->terms, i)->id, term)) {
            found = terms_at(c->terms, i);
        }
    }
    if (found == NULL) {
        json_t *finding = flow_finding(c, "F019", path, _("the register has no term “%s”"), term);
        flow_finding_near(finding, terms_nearest(c->terms, term));
    }
    return found;
}

static void check_term(struct flow_check *c, const struct flow_clock *k)
{
    const struct term *t = flow_check_term(c, k->term, flow_path(c, "clocks.%s.term", k->name));
    if (t == NULL) {
        return;
    }
    if (k->extension.n > 0 && t->extension.n > 0 &&
        rough_days(k->extension) > rough_days(t->extension)) {
        flow_finding(c, "F020", flow_path(c, "clocks.%s.extend", k->name),
            _("the law extends “%s” by %s at most"), k->title, span_words(t->extension));
    }
    if (k->extension.n > 0 && t->extension.n == 0 && t->kind != DUE_TARGET) {
        flow_finding(c, "F020", flow_path(c, "clocks.%s.extend", k->name),
            _("the law knows no extension of “%s”"), k->title);
    }
    if (k->pause_count > 0 && (t->excludable == NULL || t->excludable[0] == NULL)) {
        flow_finding(c, "F107", flow_path(c, "clocks.%s.pause", k->name),
            _("the register names nothing that stops “%s”"), k->title);
    }
}

void flow_check_outcome(struct flow_check *c, const struct flow_outcome *o, const char *path)
{
    if (o->kind == DO_GO) {
        flow_known(c, THING_STATE, o->name, path);
    } else if (o->kind == DO_NOTIFY) {
        flow_known(c, THING_ROLE, o->name, path);
    } else if (o->kind == DO_ESCALATE || o->kind == DO_SUPERVISE) {
        flow_check_outcome_target(c, &o->target, path);
    }
}

static void check_outcome(struct flow_check *c, const struct flow_clock *k,
    const struct flow_step *s, const struct flow_outcome *o)
{
    const char *part = s->when == STEP_LEFT ? "warn" : "late";
    const char *path = flow_path(c, "clocks.%s.%s", k->name, part);
    flow_check_outcome(c, o, path);
    if (o->kind == DO_ESCALATE) {
        bool same = o->target.kind == TO_HOST ||
                    (k->level >= 0 && (o->target.kind == TO_KIND || o->target.kind == TO_AGENCY) &&
                        o->target.level_max <= k->level);
        if (same) {
            flow_finding(c, "F103", path, _("“%s” escalates to the level it is at"), k->title);
        }
    }
}

/* The sign of a step's time: before the end it is negative. */
static double step_time(const struct flow_step *s)
{
    return s->when == STEP_LEFT ? -rough_days(s->span) : rough_days(s->span);
}

static void check_steps(struct flow_check *c, const struct flow_clock *k)
{
    bool late_does_something = false;
    for (size_t i = 0; i < k->step_count; i++) {
        const struct flow_step *s = &k->steps[i];
        const char *part = s->when == STEP_LEFT ? "warn" : "late";
        if (i > 0 && step_time(&k->steps[i - 1]) > step_time(s)) {
            flow_finding(c, "F021", flow_path(c, "clocks.%s.%s", k->name, part),
                _("the steps of “%s” are not in order of time: %s comes too late"), k->title,
                s->name);
        }
        for (size_t j = 0; j < i; j++) {
            if (text_equal(k->steps[j].name, s->name)) {
                flow_finding(c, "F021", flow_path(c, "clocks.%s.%s", k->name, part),
                    _("“%s” has the step %s twice"), k->title, s->name);
            }
        }
        for (size_t o = 0; o < s->outcome_count; o++) {
            check_outcome(c, k, s, &s->outcomes[o]);
            late_does_something = late_does_something || s->when == STEP_LATE;
        }
    }
    if (!late_does_something && !k->right) {
        flow_finding(c, "F102", flow_path(c, "clocks.%s", k->name),
            _("nothing happens when “%s” has run out: late = { … }"), k->title);
    }
}

static void check_ends(struct flow_check *c, const struct flow_clock *k)
{
    for (char **from = k->from; *from != NULL; from++) {
        flow_known(c, THING_STATE, *from, flow_path(c, "clocks.%s.from", k->name));
        const struct flow_state *s = flow_state(c->flow, *from);
        if (name_in(k->to, *from) || name_in(k->drop, *from)) {
            flow_finding(c, "F022", flow_path(c, "clocks.%s.to", k->name),
                _("“%s” begins and ends in the same state"), k->title);
        } else if (s != NULL && s->final && !k->right) {
            flow_finding(c, "F022", flow_path(c, "clocks.%s.from", k->name),
                _("“%s” begins in an end"), k->title);
        }
    }
    for (char **to = k->to; to != NULL && *to != NULL; to++) {
        flow_known(c, THING_STATE, *to, flow_path(c, "clocks.%s.to", k->name));
    }
    for (char **drop = k->drop; drop != NULL && *drop != NULL; drop++) {
        flow_known(c, THING_STATE, *drop, flow_path(c, "clocks.%s.drop", k->name));
    }
    for (size_t i = 0; i < k->pause_count; i++) {
        flow_known(c, THING_STATE, k->pauses[i].state, flow_path(c, "clocks.%s.pause", k->name));
    }
}

void flow_check_clocks(struct flow_check *c)
{
    for (size_t i = 0; i < c->flow->clock_count; i++) {
        const struct flow_clock *k = &c->flow->clocks[i];
        check_ends(c, k);
        check_steps(c, k);
        check_term(c, k);
        flow_known(c, THING_PROFILE, k->profile, flow_path(c, "clocks.%s.profile", k->name));
        flow_known(c, THING_GUARD, k->guard, flow_path(c, "clocks.%s.when", k->name));
        flow_known(c, THING_ROLE, k->extension_by, flow_path(c, "clocks.%s.extend", k->name));
        const struct flow_field *f =
            k->start_field != NULL ? flow_field(c->flow, k->start_field) : NULL;
        if (flow_known(
                c, THING_FIELD, k->start_field, flow_path(c, "clocks.%s.start_field", k->name)) &&
            f != NULL && f->type != FIELD_DATE) {
            flow_finding(c, "F006", flow_path(c, "clocks.%s.start_field", k->name),
                _("the field “%s” is no date"), f->title);
        }
    }
}
