/* engine/decision.c — see decision.h. */
#include "engine/decision.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/apply.h"
#include "engine/cache.h"
#include "engine/clocks.h"
#include "engine/recusal.h"
#include "engine/roles.h"
#include "engine/seal.h"
#include "engine/tasks.h"

enum { MOVES_MAX = 16 }; /* states one command may run through by itself */

void decision_begin(
    struct decision *d, struct engine *e, const struct casefile *kase, const struct actor *actor)
{
    *d = (struct decision){
        .engine = e,
        .actor = actor,
        .kase = kase == NULL ? casefile_new() : casefile_copy(kase),
        .now_ms = engine_now_ms(e),
        .event = json_object(),
        .changes = json_array(),
        .effects = json_array(),
    };
    d->at_ms = d->now_ms;
    d->stamp = ++e->stamps;
    d->entry = kase == NULL ? NULL : engine_entry(e, kase->flow_version);
}

void decision_end(struct decision *d)
{
    casefile_free(d->kase);
    json_decref(d->event);
    json_decref(d->changes);
    json_decref(d->effects);
    json_decref(d->withdraw);
    buf_close(&d->search);
}

json_t *change_new(const char *op)
{
    return json_pack("{s:s}", "op", op);
}

void decision_change(struct decision *d, json_t *change)
{
    apply_change(d->kase, change);
    json_array_append_new(d->changes, change);
    d->stamp = ++d->engine->stamps;
}

void decision_effect(struct decision *d, const char *kind, json_t *data)
{
    json_put_text(data, "case", d->kase->number);
    if (d->kase->sealed) { /* a notice leaves the house: that something came, never what */
        json_object_del(data, "words");
    }
    json_array_append_new(d->effects, json_pack("{s:s,s:o}", "kind", kind, "data", data));
}

struct date decision_today(const struct decision *d)
{
    return date_of_instant(d->at_ms);
}

struct date decision_desk_day(const struct decision *d)
{
    return date_of_instant(d->now_ms);
}

void decision_notify(struct decision *d, const char *role, const char *event, const char *words)
{
    const struct flow_role *r = role == NULL ? NULL : flow_role(d->entry->flow, role);
    if (r == NULL) {
        return; /* final states have nobody to tell */
    }
    const struct body *seat = role_seat(d->engine, d->kase, r->seat);
    bool taken = seat != NULL && r->seat == AT_HOST && d->kase->assignee != NULL;
    json_t *users =
        taken ? json_pack("[s]", d->kase->assignee)
              : recusal_without(d->kase, role_users(d->engine, r, seat, decision_desk_day(d)));
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    json_t *data = json_pack("{s:{s:s,s:s?,s:o},s:s,s:s,s:s?,s:s}", "to", "role", role, "body",
        seat == NULL ? NULL : seat->id, "users", users, "event", event, "title",
        d->entry->flow->title, "state", state == NULL ? NULL : state->title, "words", words);
    const struct case_clock *k = casefile_pressing_clock(d->kase);
    if (k != NULL) {
        char day[DATE_TEXT];
        json_put_text(data, "due", date_format(k->due.legal, day));
    }
    decision_effect(d, "notify", data);
}

void decision_set_fields(struct decision *d, json_t *values)
{
    if (json_object_size(values) == 0) {
        json_decref(values);
        return;
    }
    decision_correct_fields(d, values, NULL);
}

void decision_correct_fields(struct decision *d, json_t *values, json_t *was)
{
    const char *name;
    json_t *value;
    json_object_foreach(values, name, value)
    {
        const struct flow_field *field = flow_field(d->entry->flow, name);
        if (field != NULL && field->type == FIELD_TEXT && field->secret == NULL) {
            buf_addf(&d->search, "%s\n", json_string_value(value));
        }
    }
    d->fields_changed = true;
    json_t *change = change_new("fields");
    json_object_set_new(change, "set", values);
    if (was != NULL) {
        json_object_set_new(change, "was", was);
    }
    decision_change(d, change);
    seal_follow(d);
}

static void list_changed(struct decision *d, const char *list, json_t *change)
{
    json_put_text(change, "list", list);
    d->tasks_changed = d->tasks_changed || text_equal(list, "tasks");
    decision_change(d, change);
}

void decision_put(struct decision *d, const char *list, json_t *item)
{
    json_t *change = change_new("put");
    json_object_set_new(change, "item", item);
    list_changed(d, list, change);
}

void decision_drop(struct decision *d, const char *list, const char *id)
{
    json_t *change = change_new("drop");
    json_put_text(change, "id", id);
    list_changed(d, list, change);
}

bool decision_enter(struct decision *d, const char *name, struct err *err)
{
    const struct flow *flow = d->entry->flow;
    const struct flow_state *state = flow_state(flow, name);
    if (state == NULL) {
        return err_set(err, ERR_SCRIPT, _("Workflow %s has no state \"%s\""), flow->id, name);
    }
    if (++d->moves > MOVES_MAX) {
        return err_set(
            err, ERR_SCRIPT, _("Workflow %s goes in circles at state \"%s\""), flow->id, name);
    }
    if (d->kase->closed_ms != 0) {
        return err_set(
            err, ERR_SCRIPT, _("Workflow %s moves a closed case to \"%s\""), flow->id, name);
    }
    char *from = mem_strdup(d->kase->state);
    json_t *change = change_new("state");
    json_put_text(change, "from", from);
    json_put_text(change, "to", state->name);
    if (d->actor->kind != ACTOR_SYSTEM) {
        json_put_number(change, "at_ms", d->at_ms);
    }
    decision_change(d, change);
    tasks_after_leaving(d, from);
    mem_free(from);
    bool ok = clocks_after_move(d, err) && tasks_after_entering(d, err);
    if (ok && state->final) {
        change = change_new("close");
        json_put_number(change, "at_ms", d->at_ms);
        json_put_text(change, "outcome", state->outcome != NULL ? state->outcome : state->title);
        decision_change(d, change);
    }
    return ok;
}

void decision_move_host(struct decision *d, const struct body *to, const char *why)
{
    struct casefile *c = d->kase;
    if (text_equal(c->host, to->id)) {
        return;
    }
    if (c->host != NULL) {
        json_t *stays = change_new("participant");
        json_put_text(stays, "body", c->host);
        decision_change(d, stays);
    }
    char *former = mem_strdup(c->host);
    json_t *change = change_new("host");
    json_put_text(change, "from", former);
    json_put_text(change, "to", to->id);
    json_put_text(change, "why", why);
    decision_change(d, change);
    if (to->place->level != c->level) {
        json_t *level = change_new("level");
        json_put_number(level, "from", c->level);
        json_put_number(level, "to", to->place->level);
        decision_change(d, level);
    }
    clocks_after_host(d);
    tasks_after_host(d, former);
    mem_free(former);
}
