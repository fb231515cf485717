/* engine/decide_party.c — what registration left open or got wrong: the parties of a case, and the
 * fields that are asked only then. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/form.h"
#include "engine/outcome.h"
#include "engine/party.h"
#include "engine/recusal.h"

#include <stdint.h>

/* --- parties ---------------------------------------------------------------------------------- */

static bool is_empty(const json_t *v)
{
    return json_is_null(v) || (json_is_string(v) && json_string_length(v) == 0);
}

static bool unknown_member(const char *word, struct err *err)
{
    const char *near = party_member_near(word);
    err_set(err, ERR_FORM, _("A party has no \"%s\""), word);
    if (near != NULL) {
        err_data(err, "did_you_mean", json_string(near));
        err_hint(err, _("Did you mean %s?"), near);
    }
    return err_data(err, "field", json_string(word));
}

/* A copy of the party with the values put in; empty ones take a member away. */
static json_t *party_with(const json_t *party, const json_t *values, struct err *err)
{
    json_t *next = party != NULL ? json_copy((json_t *)(uintptr_t)party) : json_object(), *value;
    const char *word;
    json_object_foreach((json_t *)(uintptr_t)values, word, value)
    {
        const char *key = party_member_key(word);
        key = key == NULL && json_object_get(party, word) != NULL ? word : key; /* of an import */
        if (key == NULL) {
            unknown_member(word, err);
            json_decref(next);
            return NULL;
        }
        if (is_empty(value)) {
            json_object_del(next, key);
        } else {
            json_object_set(next, key, value);
        }
    }
    return next;
}

static bool known_person(const struct decision *d, const json_t *party, struct err *err)
{
    const char *person = json_text(party, "person");
    if (person == NULL || org_person(d->engine->org, person) != NULL) {
        return true;
    }
    err_set(err, ERR_FORM, _("There is no person \"%s\""), person);
    return err_data(err, "field", json_string("person"));
}

/* The parties without or with another one at its place; now NULL: taken out. At the end: added. */
static json_t *parties_with(const struct casefile *c, size_t at, json_t *now)
{
    json_t *next = json_copy(c->parties);
    if (now == NULL) {
        json_array_remove(next, at);
    } else if (at < json_array_size(next)) {
        json_array_set(next, at, now);
    } else {
        json_array_append(next, now);
    }
    return next;
}

static json_t *alone(json_t *party)
{
    return party == NULL ? json_array() : json_pack("[O]", party);
}

/* Who became a party does not handle it any more, as if it had been so at registration. */
static void take_from_party(struct decision *d)
{
    if (d->kase->assignee != NULL && recused(d->kase, d->kase->assignee)) {
        decide_assignee(d, NULL);
    }
}

static bool record(struct decision *d, size_t at, json_t *was, json_t *now, struct err *err)
{
    json_t *next = parties_with(d->kase, at, now);
    bool ok = form_check_parties(next, err) && (now == NULL || known_person(d, now, err));
    if (ok) {
        const char *name = json_text(now, "name");
        json_t *change = change_new("parties");
        json_object_set(change, "parties", next);
        json_object_set_new(change, "was", alone(was));
        json_object_set_new(change, "now", alone(now));
        if (name != NULL && !text_equal(name, json_text(was, "name"))) {
            buf_addf(&d->search, "%s\n", name);
        }
        decision_change(d, change);
        take_from_party(d);
    }
    json_decref(next);
    return ok;
}

/* The party by its number from one. */
static bool which(const struct decision *d, const json_t *args, size_t *at_out, struct err *err)
{
    int64_t no = json_number(args, "party", 0), count = (int64_t)json_array_size(d->kase->parties);
    if (no < 1 || no > count) {
        err_set(err, ERR_PARAMS, _("The case has %lld parties; there is no party %lld"),
            (long long)count, (long long)no);
        return err_data(err, "field", json_string("party"));
    }
    *at_out = (size_t)no - 1;
    return true;
}

static bool add_party(struct decision *d, const json_t *args, struct err *err)
{
    json_t *now = party_with(NULL, json_member(args, "values"), err);
    bool ok = now != NULL && record(d, json_array_size(d->kase->parties), NULL, now, err);
    json_decref(now);
    return ok;
}

static bool set_party(struct decision *d, const json_t *args, struct err *err)
{
    size_t at;
    if (!which(d, args, &at, err)) {
        return false;
    }
    json_t *was = json_incref(json_array_get(d->kase->parties, at));
    json_t *now = party_with(was, json_member(args, "values"), err);
    bool ok = now != NULL &&
              (!json_equal(was, now) || err_set(err, ERR_STATE, _("Nothing of that would change")));
    ok = ok && record(d, at, was, now, err);
    json_decref(was);
    json_decref(now);
    return ok;
}

static bool remove_party(struct decision *d, const json_t *args, struct err *err)
{
    size_t at;
    if (!decide_text(json_text(args, "reason"), "reason", err) || !which(d, args, &at, err)) {
        return false;
    }
    json_t *was = json_incref(json_array_get(d->kase->parties, at));
    bool ok = record(d, at, was, NULL, err);
    json_decref(was);
    return ok;
}

bool decide_party(struct decision *d, const struct command *c, struct err *err)
{
    static const struct {
        const char *name;
        bool (*fn)(struct decision *d, const json_t *args, struct err *err);
    } ways[] = {{"add", add_party}, {"set", set_party}, {"remove", remove_party}};
    const char *wanted = json_text(c->args, "do"), *reason = json_text(c->args, "reason");
    if (reason != NULL && !decide_text(reason, "reason", err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (text_equal(ways[i].name, wanted)) {
            json_put_text(d->event, "reason", reason);
            return ways[i].fn(d, c->args, err) && outcome_jump(d, err);
        }
    }
    err_set(err, ERR_PARAMS, _("A party is added, set or removed"));
    return err_data(err, "field", json_string("do"));
}

/* --- fields of the registration --------------------------------------------------------------- */

static json_t *what_was(const struct casefile *c, json_t *values)
{
    json_t *was = json_object(), *value;
    const char *name;
    void *next;
    json_object_foreach_safe(values, next, name, value)
    {
        json_t *old = json_object_get(c->fields, name);
        if (old != NULL && json_equal(old, value)) {
            json_object_del(values, name);
        } else if (old != NULL) {
            json_object_set(was, name, old);
        }
    }
    return was;
}

bool decide_correct(struct decision *d, const struct command *c, struct err *err)
{
    const char *reason = json_text(c->args, "reason");
    if (!decide_text(reason, "reason", err)) {
        return false;
    }
    json_t *values = form_for_correction(d->entry->flow, json_member(c->args, "fields"), err);
    if (values == NULL) {
        return false;
    }
    json_t *was = what_was(d->kase, values);
    if (json_object_size(values) == 0) {
        json_decref(values);
        json_decref(was);
        return err_set(err, ERR_STATE, _("Nothing of that would change"));
    }
    json_put_text(d->event, "reason", reason);
    decision_correct_fields(d, values, was);
    opening_classify(d, d->kase->fields);
    return outcome_jump(d, err);
}
