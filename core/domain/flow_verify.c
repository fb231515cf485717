/* domain/flow_verify.c — is a workflow sound? Every finding at once, each with an id.
 *
 * F0xx are errors: the flow is refused. F1xx are warnings a person should read, F2xx remarks.
 * The graph of states has an edge for every action (whoever may do it, whatever its guard says)
 * and for every `go` of a clock. What only a guard decides cannot be known here. */
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/flow.h"
#include "domain/flow_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- findings
 * --------------------------------------------------------------------------------------- */

json_t *flow_finding(struct flow_check *c, const char *id, const char *path, const char *fmt, ...)
{
    const char *level = id[1] == '0' ? "error" : id[1] == '1' ? "warning" : "info";
    char message[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    json_t *finding = json_pack(
        "{s:s, s:s, s:s, s:s}", "id", id, "level", level, "path", path, "message", message);
    if (finding == NULL) { /* a title cut in the middle of a character */
        finding = json_pack(
            "{s:s, s:s, s:s, s:s}", "id", id, "level", level, "path", path, "message", path);
    }
    json_array_append_new(c->findings, finding);
    return finding;
}

void flow_finding_near(json_t *finding, const char *near)
{
    if (near != NULL) {
        char hint[160];
        snprintf(hint, sizeof hint, _("did you mean %s?"), near);
        json_object_set_new(finding, "near", json_string(near));
        json_object_set_new(finding, "hint", json_string(hint));
    }
}

const char *flow_path(struct flow_check *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(c->path, sizeof c->path, fmt, args);
    va_end(args);
    return c->path;
}

/* --- names
 * -------------------------------------------------------------------------------------------- */

enum { NAMES_MAX = 1000 }; /* flow_compile allows 500 of each section, script 256 functions */

struct name_list {
    const char **names;
    size_t count;
};

#define NAMES_OF(f, list, list_count)                                                              \
    for (size_t i_ = 0; i_ < (f)->list_count; i_++) {                                              \
        n.names[n.count++] = (f)->list[i_].name;                                                   \
    }

static struct name_list names_of(const struct flow *f, enum flow_thing thing)
{
    struct name_list n = {mem_array(NAMES_MAX, sizeof *n.names), 0};
    switch (thing) {
    case THING_STATE:
        NAMES_OF(f, states, state_count)
        break;
    case THING_ROLE:
        NAMES_OF(f, roles, role_count)
        break;
    case THING_FIELD:
        NAMES_OF(f, fields, field_count)
        break;
    case THING_CLOCK:
        NAMES_OF(f, clocks, clock_count)
        break;
    case THING_TASK:
        NAMES_OF(f, tasks, task_count)
        break;
    case THING_PROFILE:
        for (size_t i = 0; i < f->profile_count; i++) {
            n.names[n.count++] = f->profiles[i].id;
        }
        break;
    case THING_GUARD:
    case THING_HOOK:
        for (char **p = thing == THING_GUARD ? f->guards : f->hooks; *p != NULL; p++) {
            if (n.count < NAMES_MAX) {
                n.names[n.count++] = *p;
            }
        }
    }
    return n;
}

bool flow_known(struct flow_check *c, enum flow_thing thing, const char *name, const char *path)
{
    /* Constant msgids, so that every one is in the catalogue. */
    static const char *const messages[] = {
        [THING_STATE] = N_("there is no state “%s”"),
        [THING_ROLE] = N_("there is no role “%s”"),
        [THING_FIELD] = N_("there is no field “%s”"),
        [THING_CLOCK] = N_("there is no clock “%s”"),
        [THING_PROFILE] = N_("there is no profile “%s”"),
        [THING_GUARD] = N_("there is no guard “%s”"),
        [THING_HOOK] = N_("there is no hook “%s”"),
        [THING_TASK] = N_("there is no task “%s”"),
    };
    static const char *const ids[] = {
        [THING_STATE] = "F001",
        [THING_ROLE] = "F005",
        [THING_FIELD] = "F006",
        [THING_CLOCK] = "F011",
        [THING_PROFILE] = "F012",
        [THING_GUARD] = "F013",
        [THING_HOOK] = "F014",
        [THING_TASK] = "F023",
    };
    if (name == NULL) {
        return true;
    }
    struct name_list n = names_of(c->flow, thing);
    bool known = false;
    for (size_t i = 0; i < n.count && !known; i++) {
        known = strcmp(n.names[i], name) == 0;
    }
    if (!known) {
        json_t *finding = flow_finding(c, ids[thing], path, _(messages[thing]), name);
        flow_finding_near(finding, text_nearest(name, n.names, n.count));
    }
    mem_free(n.names);
    return known;
}

static void check_all_known(
    struct flow_check *c, enum flow_thing thing, char *const *names, const char *path)
{
    for (; names != NULL && *names != NULL; names++) {
        flow_known(c, thing, *names, path);
    }
}

void flow_check_outcome_target(struct flow_check *c, const struct flow_target *t, const char *path)
{
    if (t->kind == TO_FIELD && flow_known(c, THING_FIELD, t->name, path)) {
        const struct flow_field *f = flow_field(c->flow, t->name);
        if (f->type != FIELD_BODY) {
            flow_finding(c, "F006", path,
                _("the field “%s” does not name an organisation: body { … }"), t->name);
        }
    }
    if (t->kind == TO_ROUTE && c->flow->route_count == 0) {
        flow_finding(c, "F015", path, _("there is no routing table: routes = { route { … } }"));
    }
}

/* --- parts
 * --------------------------------------------------------------------------------------------- */

static void check_actions(struct flow_check *c)
{
    for (size_t i = 0; i < c->flow->action_count; i++) {
        const struct flow_action *a = &c->flow->actions[i];
        const char *name = a->name;
        check_all_known(c, THING_STATE, a->from, flow_path(c, "actions.%s", name));
        flow_known(c, THING_STATE, a->to, flow_path(c, "actions.%s", name));
        check_all_known(c, THING_ROLE, a->by, flow_path(c, "actions.%s.by", name));
        flow_known(c, THING_GUARD, a->guard, flow_path(c, "actions.%s.when", name));
        flow_known(c, THING_HOOK, a->hook, flow_path(c, "actions.%s.run", name));
        flow_known(c, THING_PROFILE, a->profile, flow_path(c, "actions.%s.profile", name));
        flow_known(c, THING_CLOCK, a->clock, flow_path(c, "actions.%s.extends", name));
        flow_known(c, THING_FIELD, a->ground_field, flow_path(c, "actions.%s.ground", name));
        for (size_t j = 0; j < a->form_count; j++) {
            flow_known(c, THING_FIELD, a->form[j].name, flow_path(c, "actions.%s.form", name));
        }
        if (a->has_route) {
            flow_check_outcome_target(c, &a->route, flow_path(c, "actions.%s.route", name));
        }
        const struct flow_clock *k = a->clock != NULL ? flow_clock(c->flow, a->clock) : NULL;
        if (k != NULL && k->extension.n == 0) {
            flow_finding(c, "F016", flow_path(c, "actions.%s.extends", name),
                _("the clock “%s” says nothing of an extension: extend = { by = … }"), a->clock);
        }
        for (char **from = a->from; *from != NULL; from++) {
            const struct flow_state *s = flow_state(c->flow, *from);
            if (s != NULL && s->final) {
                flow_finding(c, "F017", flow_path(c, "actions.%s", name),
                    _("“%s” is an end: nothing leads out of it"), s->title);
            }
        }
    }
}

static void check_states(struct flow_check *c)
{
    size_t initial = 0, final = 0;
    for (size_t i = 0; i < c->flow->state_count; i++) {
        const struct flow_state *s = &c->flow->states[i];
        initial += s->initial;
        final += s->final;
        flow_known(c, THING_ROLE, s->work, flow_path(c, "states.%s.work", s->name));
        if (s->initial && s->final) {
            flow_finding(c, "F008", flow_path(c, "states.%s", s->name),
                _("“%s” is the first state and an end at once"), s->title);
        }
    }
    if (initial != 1) {
        flow_finding(c, "F008", "states",
            initial == 0 ? _("no state is the first one: initial = true")
                         : _("more than one state is the first one (initial)"));
    }
    if (final == 0) {
        flow_finding(c, "F004", "states", _("no state is an end: final = true"));
    }
}

static void check_seal(struct flow_check *c)
{
    const struct flow_seal *seal = &c->flow->seal;
    const struct flow_field *field = seal->field == NULL ? NULL : flow_field(c->flow, seal->field);
    const struct flow_field *never = seal->never == NULL ? NULL : flow_field(c->flow, seal->never);
    flow_known(c, THING_FIELD, seal->field, "sealed.field");
    flow_known(c, THING_FIELD, seal->never, "sealed.never");
    if (field != NULL && (field->type != FIELD_CHOICE || !name_in(field->choices, seal->is))) {
        flow_finding(
            c, "F030", "sealed.is", _("“%s” is no choice of “%s”"), seal->is, field->title);
    }
    if (never != NULL && never->type != FIELD_BODY) {
        flow_finding(
            c, "F030", "sealed.never", _("“%s” must be a field of type body"), never->title);
    }
}

static void check_rules(struct flow_check *c)
{
    const struct flow *f = c->flow;
    for (size_t i = 0; i < f->route_count; i++) {
        flow_check_outcome_target(c, &f->routes[i].target, flow_path(c, "routes[%zu].to", i + 1));
        if (f->routes[i].target.kind == TO_ROUTE) {
            flow_finding(c, "F015", flow_path(c, "routes[%zu].to", i + 1),
                _("the routing table cannot lead to itself"));
        }
    }
    for (size_t i = 0; i < f->jump_count; i++) {
        flow_known(
            c, THING_GUARD, f->jumps[i].guard, flow_path(c, "jumps.%s.when", f->jumps[i].name));
        flow_check_outcome_target(
            c, &f->jumps[i].target, flow_path(c, "jumps.%s.to", f->jumps[i].name));
    }
    char fields[256] = "";
    snprintf(fields, sizeof fields, "%s", f->classify != NULL ? f->classify : "");
    for (char *rest = fields, *name; (name = strtok_r(rest, ",", &rest)) != NULL;) {
        flow_known(c, THING_FIELD, name, "classify");
    }
    check_seal(c);
    for (size_t i = 0; i < f->field_count; i++) {
        if (f->fields[i].required && !f->fields[i].open) {
            flow_finding(c, "F018", flow_path(c, "fields.%s", f->fields[i].name),
                _("“%s” is required at registration but not asked for there"), f->fields[i].title);
        }
    }
}

static void check_profiles(struct flow_check *c)
{
    const struct flow *f = c->flow;
    for (size_t i = 0; i < f->profile_count; i++) {
        const struct flow_profile *p = &f->profiles[i];
        if (date_compare(p->from, p->to) > 0) {
            flow_finding(c, "F012", flow_path(c, "profiles.%s", p->id),
                _("the profile “%s” ends before it begins"), p->id);
        }
        for (size_t j = 0; j < i; j++) {
            if (date_compare(f->profiles[j].from, p->to) <= 0 &&
                date_compare(p->from, f->profiles[j].to) <= 0) {
                flow_finding(c, "F012", flow_path(c, "profiles.%s", p->id),
                    _("the profiles “%s” and “%s” are in force on the same days"),
                    f->profiles[j].id, p->id);
            }
        }
    }
}

/* --- names and titles given twice
 * ----------------------------------------------------------------------- */

struct label {
    const char *section, *name, *title;
};

static void check_labels(struct flow_check *c, const struct label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = flow_path(c, "%s.%s", labels[i].section, labels[i].name);
        if (text_equal(labels[i].name, labels[i].title)) {
            flow_finding(c, "F101", path, _("“%s” has no title people can read"), labels[i].name);
        }
        for (size_t j = 0; j < i; j++) {
            bool same_name = text_equal(labels[i].name, labels[j].name);
            if (same_name || text_equal(labels[i].title, labels[j].title)) {
                flow_finding(c, "F007", path, _("“%s” is named like “%s” before"), labels[i].title,
                    labels[j].name);
            }
        }
    }
}

#define CHECK_LABELS(c, section_, list, list_count)                                                \
    do {                                                                                           \
        size_t count_ = (c)->flow->list_count;                                                     \
        struct label *labels_ = mem_array(count_ + 1, sizeof *labels_);                            \
        for (size_t i_ = 0; i_ < count_; i_++) {                                                   \
            labels_[i_] =                                                                          \
                (struct label){section_, (c)->flow->list[i_].name, (c)->flow->list[i_].title};     \
        }                                                                                          \
        check_labels(c, labels_, count_);                                                          \
        mem_free(labels_);                                                                         \
    } while (0)

/* --- the whole
 * -------------------------------------------------------------------------------------------- */

json_t *flow_verify(const struct flow *f, const struct terms *terms)
{
    struct flow_check c = {.flow = f, .terms = terms, .findings = json_array()};
    CHECK_LABELS(&c, "fields", fields, field_count);
    CHECK_LABELS(&c, "roles", roles, role_count);
    CHECK_LABELS(&c, "states", states, state_count);
    CHECK_LABELS(&c, "clocks", clocks, clock_count);
    CHECK_LABELS(&c, "tasks", tasks, task_count);
    check_states(&c);
    check_actions(&c);
    check_rules(&c);
    check_profiles(&c);
    flow_check_titles_of_actions(&c);
    flow_check_clocks(&c);
    flow_check_tasks(&c);
    flow_check_links(&c);
    flow_check_graph(&c);
    return c.findings;
}

bool flow_diagnostics_fail(const json_t *diagnostics)
{
    size_t i;
    json_t *finding;
    json_array_foreach((json_t *)diagnostics, i, finding)
    {
        if (text_equal(json_text(finding, "level"), "error")) {
            return true;
        }
    }
    return false;
}
