/* engine/page.c — see page.h. Needs no disk: everything is in the case and the reference data. */
#include "engine/page.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/action_words.h"
#include "engine/cache.h"
#include "engine/decide.h"
#include "engine/links.h"
#include "engine/recusal.h"
#include "engine/page_order.h"
#include "engine/page_tasks.h"
#include "engine/roles.h"
#include "engine/seal.h"
#include "engine/undo.h"
#include "engine/veil.h"
#include "engine/words.h"

static void put_id(json_t *o, const char *key, int64_t id)
{
    char *text = case_id_text(id);
    json_put_text(o, key, text);
    mem_free(text);
}

json_t *page_next(const struct engine *e, const struct flow *flow, const struct casefile *c)
{
    const struct flow_state *state = flow_state(flow, c->state);
    if (state == NULL || state->work == NULL) {
        return NULL;
    }
    const struct flow_role *role = flow_role(flow, state->work);
    const struct body *seat = role == NULL ? NULL : role_seat(e, c, role->seat);
    json_t *o = json_pack("{s:s,s:s?,s:s?,s:s?}", "role", state->work, "role_title",
        role == NULL ? NULL : role->title, "body", seat == NULL ? NULL : seat->id, "body_name",
        seat == NULL ? NULL : seat->name);
    if (c->assignee != NULL) {
        json_put_text(o, "user", c->assignee);
        json_put_text(o, "user_name", person_name(e, c->assignee));
    }
    return o;
}

static json_t *due_of(const struct engine *e, const struct casefile *c)
{
    const struct case_clock *k = casefile_pressing_clock(c);
    return k == NULL ? json_null() : clock_words(e, k, worst_colour(c));
}

/* --- the answer to a command ------------------------------------------------------------------ */

static const char *state_title(const struct flow *flow, const char *name)
{
    const struct flow_state *s = name == NULL ? NULL : flow_state(flow, name);
    return s == NULL ? name : s->title;
}

static const json_t *change_named(const json_t *changes, const char *op)
{
    for (size_t i = json_array_size(changes); i-- > 0;) {
        const json_t *change = json_array_get(changes, i);
        if (text_equal(json_text(change, "op"), op)) {
            return change;
        }
    }
    return NULL;
}

/* Numbers are veiled here too: the answer is kept for whoever repeats the key. */
static char *corrected_result_words(const struct decision *d)
{
    json_t *event = json_pack("{s:O}", "changes", d->changes);
    json_t *shown = veil_event(event, d->entry->flow, false);
    char *words = event_act_words(d->engine, d->entry->flow, d->type, shown);
    json_decref(shown);
    json_decref(event);
    return words != NULL ? words : mem_strdup(event_type_words(d->type));
}

/* "受理：已登记 → 办理中" */
static char *changed_words(const struct decision *d)
{
    const struct flow *flow = d->entry->flow;
    const char *name = json_text(d->event, "action");
    const struct flow_action *action = name == NULL ? NULL : flow_action(flow, name);
    const json_t *state = change_named(d->changes, "state");
    const char *to = state_title(flow, d->kase->state);
    if (text_equal(d->type, "opened") || text_equal(d->type, "arrived")) {
        return mem_printf(_("registered: %s"), to);
    }
    if (action != NULL && state != NULL) {
        return mem_printf(
            _("%s: %s → %s"), action->title, state_title(flow, json_text(d->event, "from")), to);
    }
    if (action != NULL) {
        return mem_strdup(action->title);
    }
    if (text_equal(d->type, "assigned")) {
        const char *who = person_name(d->engine, d->kase->assignee);
        return mem_printf(_("assigned to %s"), who != NULL ? who : _("nobody"));
    }
    if (text_equal(d->type, "classified")) {
        return mem_printf(_("category: %s"), d->kase->category);
    }
    if (text_equal(d->type, "documented")) {
        const json_t *item = json_object_get(change_named(d->changes, "put"), "item");
        return mem_printf(_("\"%s\" %s"), json_text(item, "title"), json_text(item, "number"));
    }
    if (text_equal(d->type, "attached") || text_equal(d->type, "detached")) {
        return event_file_words(d->type, d->event, d->changes);
    }
    if (text_equal(d->type, "recused")) {
        return event_recused_words(d->engine, d->event, d->changes);
    }
    if (text_equal(d->type, "revealed")) {
        return event_revealed_words(flow, d->event);
    }
    if (text_equal(d->type, "party") || text_equal(d->type, "corrected")) {
        return corrected_result_words(d);
    }
    if (text_equal(d->type, "undone")) {
        return event_undone_words(flow, d->event);
    }
    if (text_equal(d->type, "linked") || text_equal(d->type, "unlinked")) {
        return mem_strdup(text_equal(d->type, "linked") ? _("linked") : _("link removed"));
    }
    char *asked = task_result_words(d);
    if (asked != NULL) {
        return asked;
    }
    return mem_strdup(text_equal(d->type, "noted") ? _("note added") : _("clocks updated"));
}

static json_t *actions_of(const struct flow *flow, const struct casefile *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < flow->action_count; i++) {
        const struct flow_action *a = &flow->actions[i];
        if (name_in(a->from, c->state) &&
            (a->profile == NULL || text_equal(a->profile, c->profile))) {
            json_array_append_new(list, json_pack("{s:s,s:s}", "name", a->name, "title", a->title));
        }
    }
    return list;
}

/* By the workflow alone, so the same for every case in the state: made once, and shared. */
static json_t *possible_actions(const struct decision *d)
{
    const struct casefile *c = d->kase;
    char *key = mem_printf("%s %s", c->state, c->profile != NULL ? c->profile : "");
    json_t *list = json_object_get(d->entry->possible, key);
    if (list == NULL) {
        list = actions_of(d->entry->flow, c);
        json_object_set_new(d->entry->possible, key, list);
    }
    mem_free(key);
    return json_incref(list);
}

/* With whom it went to, when it was handed over. */
static char *answer_words(const struct decision *d)
{
    char *changed = changed_words(d), *sent = links_sent_words(d);
    if (sent == NULL) {
        return changed;
    }
    char *both = mem_printf(_("%s; %s"), changed, sent);
    mem_free(changed);
    mem_free(sent);
    return both;
}

json_t *page_result(const struct decision *d)
{
    const struct casefile *c = d->kase;
    const struct flow *flow = d->entry->flow;
    char *changed = answer_words(d);
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:b}", "case", c->number, "changed", changed,
        "state", c->state, "state_title", state_title(flow, c->state), "due", due_of(d->engine, c),
        "actions", possible_actions(d), "closed", c->closed_ms != 0);
    put_id(o, "id", c->id);
    json_t *next = page_next(d->engine, flow, c);
    json_object_set_new(o, "next", next != NULL ? next : json_null());
    json_put_text(o, "host", c->host);
    json_put_text(o, "host_name", body_name(d->engine, c->host));
    json_put_text(o, "category", c->sealed ? NULL : c->category);
    const json_t *item = json_object_get(change_named(d->changes, "put"), "item");
    if (text_equal(d->type, "documented")) {
        json_object_set(o, "document", (json_t *)(uintptr_t)item);
    }
    if (text_equal(d->type, "attached")) {
        json_object_set(o, "file", json_object_get(item, "id"));
    }
    json_t *recomputed = json_object_get(d->event, "changed");
    if (recomputed != NULL) {
        json_object_set(o, "changed", recomputed);
    }
    mem_free(changed);
    return o;
}

/* --- the page of a case ----------------------------------------------------------------------- */

bool engine_sees_secrets(
    const struct engine *e, const struct casefile *c, const struct actor *actor)
{
    static const char *const team[] = {"mediator", "handler", "chief", "head", "clerk", "bureau"};
    if (actor->kind == ACTOR_SYSTEM || c->sealed) {
        return seal_named(c, actor);
    }
    struct date today = date_of_instant(engine_now_ms(e));
    for (size_t i = 0; i < sizeof team / sizeof team[0]; i++) {
        if (access_holds(e->org, actor, team[i], c->host, today) ||
            (c->origin != NULL && access_holds(e->org, actor, team[i], c->origin, today))) {
            return true;
        }
    }
    return false;
}

static json_t *fields_page(const struct engine *e, const struct casefile *c,
    const struct flow *flow, const struct actor *actor)
{
    json_t *list = json_array();
    bool secrets = engine_sees_secrets(e, c, actor);
    for (size_t i = 0; i < flow->field_count; i++) {
        const struct flow_field *f = &flow->fields[i];
        json_t *value = json_object_get(c->fields, f->name);
        if (value != NULL && (secrets || f->secret == NULL)) {
            json_t *o =
                json_pack("{s:s,s:s,s:O}", "name", f->name, "title", f->title, "value", value);
            const char *text = json_string_value(value);
            if (f->type == FIELD_BODY) { /* an id is for programs */
                json_put_text(o, "words", body_name(e, text));
            } else if (f->type == FIELD_PLACE) {
                json_put_text(o, "words", place_name(e, text));
            }
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *form_page(const struct flow *flow, const struct flow_action *a)
{
    static const char *const types[] = {
        "text", "choice", "money", "integer", "date", "bool", "body", "place"};
    json_t *list = json_array();
    for (size_t i = 0; i < a->form_count; i++) {
        const struct flow_field *f = flow_field(flow, a->form[i].name);
        if (f == NULL) {
            continue;
        }
        json_t *choices = json_array();
        for (size_t k = 0; f->choices != NULL && f->choices[k] != NULL; k++) {
            json_array_append_new(choices, json_string(f->choices[k]));
        }
        json_array_append_new(
            list, json_pack("{s:s,s:s,s:s,s:b,s:o,s:i}", "name", f->name, "title", f->title, "type",
                      types[f->type], "required", a->form[i].required, "choices", choices,
                      "max_chars", f->max_chars));
    }
    return list;
}

static json_t *action_page(struct decision *d, const struct flow_action *a)
{
    const struct flow *flow = d->entry->flow;
    struct err err = {0};
    bool allowed = action_possible(d, a, NULL, &err);
    json_t *o = json_pack("{s:s,s:s,s:b,s:b,s:b,s:o,s:s?}", "name", a->name, "title", a->title,
        "allowed", allowed, "now", page_order_is_now(a, d->kase), "reason", a->reason, "form",
        form_page(flow, a), "to_title", state_title(flow, a->to));
    if (!allowed) {
        json_put_text(o, "why", err.message);
        json_put_text(o, "hint", err.hint);
        json_put_text(o, "kind", err_info(err.code)->kind);
        json_t *who = json_object_get(err.data, "who");
        if (who != NULL) {
            json_object_set(o, "who", who);
        }
    }
    err_clear(&err);
    return o;
}

static json_t *actions_page(
    struct engine *e, const struct casefile *c, const struct flow *flow, const struct actor *actor)
{
    json_t *list = json_array();
    struct decision d; /* a reader's: nothing of it is kept */
    decision_begin(&d, e, c, actor);
    const struct flow_action **ordered = page_order_actions(flow, c);
    for (size_t i = 0; c->closed_ms == 0 && i < flow->action_count; i++) {
        const struct flow_action *a = ordered[i];
        if (a->profile == NULL || text_equal(a->profile, c->profile)) {
            json_array_append_new(list, action_page(&d, a));
        }
    }
    mem_free(ordered);
    decision_end(&d);
    return list;
}

static void tasks_page(
    struct engine *e, const struct casefile *c, const struct actor *actor, json_t *page)
{
    struct decision d; /* a reader's: nothing of it is kept */
    decision_begin(&d, e, c, actor);
    page_put_tasks(&d, page);
    decision_end(&d);
}

static json_t *clocks_page(const struct engine *e, const struct casefile *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->clock_count; i++) {
        const struct case_clock *k = &c->clocks[i];
        json_t *o = clock_json(k);
        if (clock_is_open(k)) {
            json_t *words = clock_words(e, k, NULL);
            json_object_update_missing(o, words);
            json_decref(words);
        }
        json_array_append_new(list, o);
    }
    return list;
}

static void put_instant(json_t *o, const char *key, int64_t ms)
{
    char text[INSTANT_TEXT];
    if (ms != 0) {
        json_put_text(o, key, instant_format(ms, text));
    }
}

static json_t *named(const char *id, const char *name)
{
    return id == NULL ? json_null() : json_pack("{s:s,s:s}", "id", id, "name", name);
}

static json_t *bodies_page(const struct engine *e, const json_t *ids)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        json_array_append_new(list, named(id, body_name(e, id)));
    }
    return list;
}

static json_t *documents_page(const struct engine *e, const struct casefile *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(c->documents); i++) {
        const json_t *item = json_array_get(c->documents, i);
        const char *by = json_text(item, "by");
        json_t *o = json_pack("{s:O, s:O, s:O, s:O, s:O, s:O?, s:s?, s:s?}", "id",
            json_object_get(item, "id"), "template", json_object_get(item, "template"), "title",
            json_object_get(item, "title"), "number", json_object_get(item, "number"), "copies",
            json_object_get(item, "copies"), "file", json_object_get(item, "file"), "by", by,
            "by_name", person_name(e, by));
        json_put_text(o, "body_name", body_name(e, json_text(item, "body")));
        put_instant(o, "at", json_number(item, "at_ms", 0));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *files_page(const struct engine *e, const struct casefile *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(c->files); i++) {
        json_t *o = json_copy(json_array_get(c->files, i));
        put_instant(o, "at", json_number(o, "at_ms", 0));
        json_put_text(o, "by_name", person_name(e, json_text(o, "by")));
        json_object_del(o, "at_ms");
        json_array_append_new(list, o);
    }
    return list;
}

json_t *engine_case_page(struct engine *e, const struct casefile *c, const struct actor *actor)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    json_t *o = json_object();
    put_id(o, "id", c->id);
    const struct {
        const char *key, *text;
    } texts[] = {
        {"number", c->number},
        {"flow", c->flow},
        {"flow_version", c->flow_version},
        {"profile", c->profile},
        {"state", c->state},
        {"category", c->category},
        {"source", c->source},
        {"outcome", c->outcome},
        {"mark", worst_colour(c)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_put_text(o, texts[i].key, texts[i].text);
    }
    json_object_set_new(o, "host", named(c->host, body_name(e, c->host)));
    json_object_set_new(o, "origin", named(c->origin, body_name(e, c->origin)));
    json_object_set_new(o, "supervisor", named(c->supervisor, body_name(e, c->supervisor)));
    json_object_set_new(o, "assignee", named(c->assignee, person_name(e, c->assignee)));
    json_object_set_new(o, "place", named(c->place, place_name(e, c->place)));
    json_object_set_new(o, "participants", bodies_page(e, c->participants));
    json_put_number(o, "level", c->level);
    json_put_number(o, "version", c->version);
    put_instant(o, "received_at", c->received_ms);
    put_instant(o, "opened_at", c->opened_ms);
    put_instant(o, "closed_at", c->closed_ms);
    json_object_set(o, "marks", c->marks);
    json_object_set_new(o, "documents", documents_page(e, c));
    json_object_set_new(o, "recused", recusal_page(e, c));
    json_object_set_new(o, "files", files_page(e, c));
    json_object_set_new(o, "parties", veil_parties(c->parties));
    json_object_set_new(o, "links", links_page(e, c));
    json_object_set_new(o, "due", due_of(e, c));
    json_object_set_new(o, "clocks", clocks_page(e, c));
    json_t *undo = undo_page(e, flow, c, actor->user);
    if (undo != NULL) {
        json_object_set_new(o, "undo", undo);
    }
    if (flow != NULL) {
        json_put_text(o, "flow_title", flow->title);
        json_put_text(o, "state_title", state_title(flow, c->state));
        json_object_set_new(o, "fields", fields_page(e, c, flow, actor));
        json_object_set_new(o, "actions", actions_page(e, c, flow, actor));
        tasks_page(e, c, actor, o);
        json_t *next = page_next(e, flow, c);
        json_object_set_new(o, "next", next != NULL ? next : json_null());
    }
    if (c->sealed) {
        json_object_set_new(o, "sealed", json_true());
    }
    if (!seal_named(c, actor)) {
        seal_page(o);
    }
    return o;
}

json_t *engine_can(struct engine *e, const struct casefile *c, const struct actor *actor,
    const char *name, struct err *err)
{
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    if (flow == NULL) {
        err_set(err, ERR_SCRIPT, _("The workflow version of case %s is not loaded"), c->number);
        return NULL;
    }
    const struct flow_action *a = action_named(flow, name, err);
    if (a == NULL) {
        return NULL;
    }
    struct decision d;
    decision_begin(&d, e, c, actor);
    json_t *page = action_page(&d, a);
    decision_end(&d);
    return page;
}

json_t *engine_why(struct engine *e, const struct casefile *c, const struct actor *actor)
{
    const struct case_clock *k = casefile_pressing_clock(c);
    const struct flow *flow = engine_flow_version(e, c->flow_version);
    struct date none = {0};
    json_t *o = json_object();
    json_put_text(o, "case", c->number);
    json_t *clocks = clocks_page(e, c);
    json_object_set_new(o, "clocks", clocks);
    if (!seal_named(c, actor)) {
        seal_clocks(clocks);
    }
    json_object_set_new(o, "urgency",
        urgency(e, k == NULL ? none : k->due.legal, k != NULL, worst_colour(c), c->level));
    json_t *next = flow == NULL ? NULL : page_next(e, flow, c);
    json_object_set_new(o, "assignment", next != NULL ? next : json_null());
    json_object_set_new(o, "supervisor", named(c->supervisor, body_name(e, c->supervisor)));
    json_put_text(o, "category", c->sealed ? NULL : c->category);
    json_put_text(o, "profile", c->profile);
    return o;
}
