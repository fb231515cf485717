/* engine/seal.c — see seal.h. */
#include "engine/seal.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/tasks.h"

#define HIDDEN "***"

/* --- sealing ---------------------------------------------------------------------------------- */

struct desk {
    const char *body;
    bool there;
};

static void note_desk(const struct member *m, void *ctx)
{
    struct desk *desk = ctx;
    desk->there = desk->there || text_equal(m->body->id, desk->body);
}

static void name_whoever_sealed(struct decision *d)
{
    struct desk desk = {d->kase->host, false};
    if (d->actor->kind == ACTOR_USER && d->actor->user != NULL) {
        org_members_of(d->engine->org, d->actor->user, decision_desk_day(d), note_desk, &desk);
    }
    if (desk.there && d->kase->assignee == NULL) {
        json_t *change = change_new("assignee");
        json_put_text(change, "to", d->actor->user);
        decision_change(d, change);
    }
}

void seal_follow(struct decision *d)
{
    const struct flow_seal *seal = &d->entry->flow->seal;
    const struct casefile *c = d->kase;
    if (seal->field == NULL) {
        return;
    }
    bool on = text_equal(json_text(c->fields, seal->field), seal->is);
    const char *from = on && seal->never != NULL ? json_text(c->fields, seal->never) : NULL;
    if (on == c->sealed && text_equal(from, c->sealed_from)) {
        return;
    }
    json_t *change = change_new("seal");
    json_object_set_new(change, "on", json_boolean(on));
    json_put_text(change, "from", from);
    decision_change(d, change);
    if (on) {
        name_whoever_sealed(d);
    }
}

/* --- asking ----------------------------------------------------------------------------------- */

bool seal_named(const struct casefile *c, const struct actor *actor)
{
    return !c->sealed || actor->kind == ACTOR_SYSTEM ||
           (actor->kind == ACTOR_USER && c->assignee != NULL &&
               text_equal(actor->user, c->assignee));
}

bool engine_shows_words(const struct casefile *c, const struct actor *actor)
{
    return seal_named(c, actor);
}

bool seal_lets_act(const struct casefile *c, const struct actor *actor, struct err *err)
{
    if (seal_named(c, actor)) {
        return true;
    }
    err_set(err, ERR_FORBIDDEN, _("The case is sealed: only the person named for it acts in it"));
    return err_hint(err, _("The head of the body names the person (case assign)"));
}

bool seal_keeps_from(const struct casefile *c, const struct body *b)
{
    return c->sealed && b != NULL && text_equal(c->sealed_from, b->id);
}

/* --- showing ---------------------------------------------------------------------------------- */

/* Who is kept from it is known, not why: that may say who spoke. */
static void seal_recused(json_t *recused)
{
    for (size_t i = 0; i < json_array_size(recused); i++) {
        json_object_del(json_array_get(recused, i), "reason");
    }
}

/* A task's clock has its title and body for a name. */
void seal_clocks(json_t *clocks)
{
    for (size_t i = json_array_size(clocks); i-- > 0;) {
        if (clock_is_task(json_text(json_array_get(clocks, i), "name"))) {
            json_array_remove(clocks, i);
        }
    }
}

void seal_page(json_t *page)
{
    static const char *const lists[] = {
        "fields", "parties", "files", "documents", "tasks", "links", "participants"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (json_object_get(page, lists[i]) != NULL) {
            json_object_set_new(page, lists[i], json_array());
        }
    }
    seal_recused(json_object_get(page, "recused"));
    seal_clocks(json_object_get(page, "clocks"));
    json_object_del(page, "joint");
    json_object_del(page, "supervision");
    json_object_del(page, "category");
    json_object_del(page, "place");
    json_object_del(page, "source");
}

/* What remains of a change: which kind it is, and what has no words in it. */
static json_t *seal_change(const json_t *change)
{
    static const char *const kept[] = {"op", "clock", "legal", "when", "late", "at_ms", "on"};
    static const char *const moves[] = {"state", "host", "assignee", "supervisor", "level", "mark"};
    const char *op = json_text(change, "op");
    json_t *shown = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        json_t *value = json_object_get(change, kept[i]);
        if (value != NULL) {
            json_object_set(shown, kept[i], value);
        }
    }
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (text_equal(op, moves[i])) {
            json_object_update_missing(shown, (json_t *)(uintptr_t)change);
            json_object_del(shown, "why");
        }
    }
    return shown;
}

json_t *seal_event(const json_t *data)
{
    static const char *const words[] = {"note", "reason"};
    static const char *const kept[] = {"type", "at", "actor", "action", "from", "flow_version",
        "occurred", "late_entry", "sealed"};
    json_t *shown = json_object(), *list = json_array(),
           *changes = json_object_get(data, "changes");
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        json_t *value = json_object_get(data, kept[i]);
        if (value != NULL) {
            json_object_set(shown, kept[i], value);
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (json_object_get(data, words[i]) != NULL) {
            json_object_set_new(shown, words[i], json_string(HIDDEN));
        }
    }
    for (size_t i = 0; i < json_array_size(changes); i++) {
        json_array_append_new(list, seal_change(json_array_get(changes, i)));
    }
    json_object_set_new(shown, "changes", list);
    return shown;
}
