/* engine/outcome.c — see outcome.h. */
#include "engine/outcome.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/case_view.h"
#include "engine/roles.h"
#include "engine/tasks.h"

static bool is_true(const json_t *v)
{
    return json_is_true(v) || (json_is_string(v) && json_string_length(v) > 0) ||
           (json_is_integer(v) && json_integer_value(v) != 0);
}

static bool forbidden(const struct decision *d, const char *unless)
{
    return unless != NULL && (json_array_has(d->kase->marks, unless) ||
                                 is_true(json_object_get(d->kase->fields, unless)));
}

/* Told in the history, changes nothing. */
static void withhold(struct decision *d, const char *what, const char *unless)
{
    json_t *change = change_new("outcome.withheld");
    json_put_text(change, "do", what);
    json_put_text(change, "unless", unless);
    decision_change(d, change);
}

static const char *work_role(const struct decision *d)
{
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    return state == NULL ? NULL : state->work;
}

static void set_mark(struct decision *d, const char *name, const char *op)
{
    bool there = json_array_has(d->kase->marks, name);
    if (there == (text_equal(op, "mark"))) {
        return;
    }
    json_t *change = change_new(op);
    json_put_text(change, "name", name);
    decision_change(d, change);
}

static bool do_mark(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)k;
    (void)err;
    set_mark(d, o->name, "mark");
    return true;
}

static bool do_unmark(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)k;
    (void)err;
    set_mark(d, o->name, "unmark");
    return true;
}

static const char *reason_of(const struct flow_outcome *o, const struct flow_clock *k)
{
    return o->reason != NULL ? o->reason : k != NULL ? k->title : "";
}

/* A ladder that has no rung left stays where it is; that is not an error of the clock. */
static bool do_escalate(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)err;
    const struct body *to =
        d->kase->closed_ms != 0 ? NULL : target_body(d, &o->target, false, NULL);
    if (to == NULL || text_equal(to->id, d->kase->host)) {
        return true;
    }
    decision_move_host(d, to, reason_of(o, k));
    decision_notify(d, work_role(d), "escalated", reason_of(o, k));
    return true;
}

void outcome_watch(struct decision *d, const struct body *to, const char *why)
{
    json_t *change = change_new("supervisor");
    json_put_text(change, "from", d->kase->supervisor);
    json_put_text(change, "to", to->id);
    json_put_text(change, "why", why);
    decision_change(d, change);
    if (to->place->level > d->kase->level) {
        json_t *level = change_new("level");
        json_put_number(level, "from", d->kase->level);
        json_put_number(level, "to", to->place->level);
        decision_change(d, level);
    }
}

static bool do_supervise(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)err;
    const struct body *to = d->kase->closed_ms != 0 ? NULL : target_body(d, &o->target, true, NULL);
    if (to == NULL || text_equal(to->id, d->kase->supervisor) ||
        text_equal(to->id, d->kase->host)) {
        return true;
    }
    outcome_watch(d, to, reason_of(o, k));
    decision_notify(d, work_role(d), "supervised", reason_of(o, k));
    return true;
}

static bool do_go(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)k;
    return decision_enter(d, o->name, err);
}

static bool do_notify(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)err;
    const struct case_clock *clock = k == NULL ? NULL : casefile_clock(d->kase, k->name);
    bool late = clock != NULL && clock->state == CLOCK_LATE;
    const char *role = o->name != NULL ? o->name : work_role(d);
    decision_notify(d, role, k == NULL ? "told" : late ? "late" : "warning", reason_of(o, k));
    return true;
}

static bool do_effect(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err)
{
    (void)k;
    (void)err;
    decision_effect(d, o->name, json_object());
    return true;
}

typedef bool (*outcome_fn)(
    struct decision *d, const struct flow_outcome *o, const struct flow_clock *k, struct err *err);

static const struct {
    const char *name; /* as hooks say it */
    outcome_fn fn;
} outcomes[] = {
    [DO_MARK] = {"mark", do_mark},
    [DO_UNMARK] = {"unmark", do_unmark},
    [DO_ESCALATE] = {"escalate", do_escalate},
    [DO_SUPERVISE] = {"supervise", do_supervise},
    [DO_GO] = {"go", do_go},
    [DO_NOTIFY] = {"notify", do_notify},
    [DO_EFFECT] = {"effect", do_effect},
};

bool outcome_run(struct decision *d, const struct flow_outcome *o, const struct flow_clock *clock,
    struct err *err)
{
    if (!forbidden(d, o->unless)) {
        return outcomes[o->kind].fn(d, o, clock, err);
    }
    withhold(d, outcomes[o->kind].name, o->unless);
    return true;
}

/* --- hooks ---------------------------------------------------------------------------------- */

static bool set_field(struct decision *d, const json_t *item, struct err *err)
{
    const char *name = json_text(item, "field");
    const struct flow_field *field = name == NULL ? NULL : flow_field(d->entry->flow, name);
    if (field == NULL) {
        return err_set(err, ERR_SCRIPT, _("A hook sets a field that does not exist: %s"),
            name != NULL ? name : "?");
    }
    json_t *value = flow_field_value(field, json_object_get(item, "value"), err);
    if (value == NULL) {
        return false;
    }
    decision_set_fields(d, json_pack("{s:o}", field->name, value));
    return true;
}

static bool run_item(struct decision *d, const json_t *item, struct err *err)
{
    const char *word = json_text(item, "do");
    if (text_equal(word, "set")) {
        return set_field(d, item, err);
    }
    for (size_t i = 0; word != NULL && i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (!text_equal(outcomes[i].name, word)) {
            continue;
        }
        struct flow_outcome o = {.kind = (enum outcome_kind)i,
            .name = (char *)json_text(item, "name"),
            .reason = (char *)json_text(item, "reason"),
            .unless = (char *)json_text(item, "unless")};
        bool needs_target = i == DO_ESCALATE || i == DO_SUPERVISE;
        if (!needs_target && i != DO_NOTIFY && o.name == NULL) {
            break;
        }
        if (needs_target && !flow_target_parse(json_object_get(item, "to"), &o.target, err)) {
            return false;
        }
        bool ok = outcome_run(d, &o, NULL, err);
        flow_target_close(&o.target);
        return ok;
    }
    return err_set(
        err, ERR_SCRIPT, _("A hook returned something unknown: %s"), word != NULL ? word : "?");
}

bool outcome_run_hook(struct decision *d, const json_t *list, struct err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!run_item(d, json_array_get(list, i), err)) {
            return false;
        }
    }
    return true;
}

/* --- jumps ---------------------------------------------------------------------------------- */

/* Up, never down, and not over what forbids it. */
static void jump_up(struct decision *d, const struct flow_jump *jump)
{
    const struct body *to = target_body(d, &jump->target, false, NULL);
    if (to == NULL || to->place->level <= d->kase->level) {
        return;
    }
    if (forbidden(d, jump->unless)) {
        withhold(d, outcomes[DO_ESCALATE].name, jump->unless);
        return;
    }
    decision_move_host(d, to, jump->name);
    decision_notify(d, work_role(d), "escalated", jump->name);
}

/* Whoever must be told is told by the body that has the case now; a danger is told of whatever
 * forbids the move. */
static bool jump_run(struct decision *d, const struct flow_jump *jump, struct err *err)
{
    jump_up(d, jump);
    if (jump->mark != NULL) {
        set_mark(d, jump->mark, "mark");
    }
    bool ok = true;
    for (char **name = jump->asks; ok && name != NULL && *name != NULL; name++) {
        ok = task_ask_by_itself(d, flow_task(d->entry->flow, *name), jump->name, err);
    }
    return ok;
}

bool outcome_jump(struct decision *d, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    for (size_t i = 0; i < flow->jump_count; i++) {
        bool applies = false;
        if (!case_fits(d, flow->jumps[i].guard, &applies, err) ||
            (applies && !jump_run(d, &flow->jumps[i], err))) {
            return false;
        }
    }
    return true;
}
