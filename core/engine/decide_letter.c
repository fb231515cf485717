/* engine/decide_letter.c — news of a linked case: what is known of it here, and what follows.
 *
 * Letters may come late, twice or in another order: each says all it has to say, a status is taken
 * only from a newer version of the other case, and the outcomes of a hand-over run once each. A
 * letter that tells nothing new is refused with ERR_STATE and LETTER_KNOWN in its data, which the
 * courier takes as delivered. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/cache.h"
#include "engine/links.h"
#include "engine/outcome.h"
#include "engine/tasks.h"

/* The item a letter is about, as a copy to be changed. */
struct news {
    struct decision *d;
    const json_t *letter;
    json_t *link; /* owned copy until it is put */
    bool plain;   /* outcomes are left alone: they failed before */
    bool moved;   /* an outcome led the case to another state */
};

static bool nothing_new(struct err *err)
{
    err_set(err, ERR_STATE, "nothing new");
    return err_data(err, LETTER_KNOWN, json_true());
}

static const char *other_end(const char *kind)
{
    static const char *const ends[][2] = {
        {"to", "from"}, {"from", "to"}, {"sub", "whole"}, {"whole", "sub"}, {"same", "same"}};
    for (size_t i = 0; kind != NULL && i < sizeof ends / sizeof ends[0]; i++) {
        if (text_equal(ends[i][0], kind)) {
            return ends[i][1];
        }
    }
    return NULL;
}

/* By its id, unless that was given to a link with another case since. */
static const json_t *link_meant(const struct casefile *c, const json_t *letter)
{
    const char *id = json_text(letter, "link");
    int64_t from = json_number(letter, "from", 0);
    const json_t *link = id == NULL ? NULL : link_find(c, id);
    bool other = link != NULL && from != 0 && link_case(link) != 0 && link_case(link) != from;
    return id == NULL ? link_to_case(c, from, other_end(json_text(letter, "kind")))
           : other    ? NULL
                      : link;
}

static bool has_status(const struct news *n, const char *status)
{
    return text_equal(json_text(n->link, "status"), status);
}

static bool is_over(const struct news *n)
{
    return has_status(n, "returned") || has_status(n, "closed");
}

/* --- what follows here ------------------------------------------------------------------------ */

static const struct flow_hand_over *order_of(const struct news *n)
{
    const char *name = json_text(n->link, "action");
    const struct flow_action *a = name == NULL ? NULL : flow_action(n->d->entry->flow, name);
    return a == NULL ? NULL : a->hand_over;
}

/* A case that went on meanwhile is not called back: `go` finds it where the hand-over left it. */
static bool react(
    struct news *n, const struct flow_outcome *outcomes, size_t count, struct err *err)
{
    struct decision *d = n->d;
    for (size_t i = 0; !n->plain && d->kase->closed_ms == 0 && i < count; i++) {
        bool goes = outcomes[i].kind == DO_GO;
        if (goes && !text_equal(d->kase->state, json_text(n->link, "stands"))) {
            continue;
        }
        if (!outcome_run(d, &outcomes[i], NULL, err)) {
            return false;
        }
        if (goes) {
            n->moved = true;
            json_put_text(n->link, "stands", d->kase->state);
        }
    }
    return true;
}

/* `final`: no more will come, so that what is written for any other outcome counts too. A result
 * that had its consequences before the end is not followed by those of the end. */
static bool react_to_outcome(struct news *n, const char *outcome, bool final, struct err *err)
{
    const struct flow_hand_over *h = json_flag(n->link, "answered") ? NULL : order_of(n);
    const struct flow_ending *other = NULL;
    for (size_t i = 0; h != NULL && i < h->closed_count; i++) {
        const struct flow_ending *e = &h->closed[i];
        if (e->outcome != NULL && text_equal(e->outcome, outcome)) {
            json_object_set_new(n->link, "answered", json_true());
            return react(n, e->outcomes, e->outcome_count, err);
        }
        other = e->outcome == NULL ? e : other;
    }
    return !final || other == NULL || react(n, other->outcomes, other->outcome_count, err);
}

/* --- by letter -------------------------------------------------------------------------------- */

/* Is the letter newer than what was heard of the other case? Then its body and status count. */
static bool take_status(struct news *n, const char *status)
{
    int64_t version = json_number(n->letter, "version", 0);
    if (version <= json_number(n->link, "seen", 0) || is_over(n)) {
        return false;
    }
    json_put_number(n->link, "seen", version);
    json_put_text(n->link, "status", status);
    if (json_text(n->letter, "body") != NULL) {
        json_put_text(n->link, "body", json_text(n->letter, "body"));
        json_put_text(n->link, "body_name", json_text(n->letter, "body_name"));
    }
    return true;
}

static void know_case(struct news *n)
{
    int64_t from = json_number(n->letter, "from", 0); /* 0: what came back was never opened */
    char *id = case_id_text(from);
    if (from != 0 && json_text(n->link, "case") == NULL) {
        json_put_text(n->link, "case", id);
    }
    json_put_text(n->link, "number", json_text(n->letter, "from_number"));
    json_put_text(n->link, "peer", json_text(n->letter, "peer"));
    mem_free(id);
}

/* Tells the other end how things are here. */
static void tell_status(struct decision *d, const json_t *link)
{
    bool closed = d->kase->closed_ms != 0;
    letter_send(d, letter_new(d, closed ? "closed" : "handling", link));
}

/* The linked case was opened: it has a number now. */
static bool on_arrived(struct news *n, struct err *err)
{
    if (json_text(n->link, "case") != NULL) {
        return nothing_new(err);
    }
    know_case(n);
    const char *told = json_text(n->link, "told"); /* when it was opened */
    if (!text_equal(links_status(n->d->entry->flow, n->d->kase), told != NULL ? told : "open")) {
        tell_status(n->d, n->link);
    }
    link_call_off_known(n->d, n->link);
    return true;
}

static bool on_received(struct news *n, struct err *err)
{
    if (is_over(n) || json_number(n->link, "received_ms", 0) != 0) {
        return nothing_new(err);
    }
    know_case(n);
    json_put_number(n->link, "received_ms", json_number(n->letter, "at_ms", n->d->now_ms));
    bool handling = text_equal(json_text(n->letter, "status"), "handling");
    if (!take_status(n, handling ? "handling" : "received") && has_status(n, "sent")) {
        json_put_text(n->link, "status", "received");
    }
    const struct flow_hand_over *h = order_of(n);
    return h == NULL || react(n, h->received, h->received_count, err);
}

static bool on_returned(struct news *n, struct err *err)
{
    if (is_over(n)) {
        return nothing_new(err);
    }
    know_case(n);
    json_put_text(n->link, "status", "returned");
    json_put_text(n->link, "reason", json_text(n->letter, "reason"));
    const struct flow_hand_over *h = order_of(n);
    return h == NULL || react(n, h->returned, h->returned_count, err);
}

static bool on_closed(struct news *n, struct err *err)
{
    if (is_over(n)) {
        return nothing_new(err);
    }
    know_case(n);
    json_put_text(n->link, "status", "closed");
    json_put_text(n->link, "outcome", json_text(n->letter, "outcome"));
    return react_to_outcome(n, json_text(n->letter, "outcome"), true, err);
}

/* The linked case has come to a result, and goes on (performance, archive). */
static bool on_result(struct news *n, struct err *err)
{
    bool handling = text_equal(json_text(n->letter, "status"), "handling");
    if (!take_status(n, handling ? "handling" : "received")) {
        return nothing_new(err);
    }
    know_case(n);
    json_put_text(n->link, "outcome", json_text(n->letter, "outcome"));
    return react_to_outcome(n, json_text(n->letter, "outcome"), false, err);
}

static bool on_handling(struct news *n, struct err *err)
{
    bool given = text_equal(json_text(n->link, "kind"), "to") ||
                 text_equal(json_text(n->link, "kind"), "sub");
    bool handling = text_equal(json_text(n->letter, "status"), "handling");
    const char *calm = !given ? "open" : json_flag(n->letter, "signed") ? "received" : "sent";
    if (!take_status(n, handling ? "handling" : calm)) {
        return nothing_new(err);
    }
    know_case(n);
    return true;
}

/* Whoever asked for this sub-case does so no more. */
static bool on_called_off(struct news *n, struct err *err)
{
    if (n->d->kase->closed_ms != 0 || json_text(n->link, "called_off") != NULL) {
        return nothing_new(err);
    }
    return link_called_off(n->d, n->link, json_text(n->letter, "reason"), n->plain, err);
}

/* The sub-case could not be ended: its result comes, but nobody waits for it. */
static bool on_kept_on(struct news *n, struct err *err)
{
    if (is_over(n) || json_flag(n->link, "kept_on")) {
        return nothing_new(err);
    }
    json_object_set_new(n->link, "kept_on", json_true());
    return true;
}

static bool on_unlinked(struct news *n, struct err *err)
{
    (void)err;
    decision_drop(n->d, "links", json_text(n->link, "id"));
    return true;
}

/* --- the same matter, said by a person -------------------------------------------------------- */

static bool links_full(const struct casefile *c)
{
    return json_array_size(c->links) >= CASE_LINKS_MAX;
}

static json_t *same_matter(struct decision *d, const json_t *other, const char *reason)
{
    const struct flow *flow = engine_flow(d->engine, json_text(other, "flow"));
    const struct body *body = org_body(d->engine->org, json_text(other, "body"));
    if (flow == NULL || body == NULL) {
        return NULL;
    }
    json_t *link = link_new(d, "same", flow, body, json_text(other, "status"));
    json_put_text(link, "case", json_text(other, "case"));
    json_put_text(link, "number", json_text(other, "number"));
    json_put_text(link, "reason", reason);
    json_object_set(link, "root", json_object_get(other, "root"));
    json_put_number(link, "seen", json_number(other, "version", 0));
    return link;
}

/* What the other end of a new link must know of this case. */
static void tell_linked(struct decision *d, const json_t *link, const char *reason)
{
    json_t *letter = letter_new(d, "linked", link);
    json_put_text(letter, "flow", d->kase->flow);
    json_put_text(letter, "reason", reason);
    json_put_number(letter, "root", d->kase->root != 0 ? d->kase->root : d->kase->id);
    letter_send(d, letter);
}

/* No room for one more here: the other end takes its link away too. */
static bool refuse_link(struct decision *d, const json_t *letter)
{
    json_t *half = json_pack("{s:s,s:O}", "kind", "same", "peer", json_object_get(letter, "peer"));
    char *id = case_id_text(json_number(letter, "from", 0));
    json_put_text(half, "case", id);
    letter_send(d, letter_new(d, "unlinked", half));
    mem_free(id);
    json_decref(half);
    return true;
}

static bool on_linked(struct decision *d, const json_t *letter, struct err *err)
{
    const json_t *there = link_to_case(d->kase, json_number(letter, "from", 0), "same");
    if (there != NULL && json_text(there, "peer") != NULL) {
        return nothing_new(err);
    }
    if (there == NULL && links_full(d->kase)) {
        return refuse_link(d, letter);
    }
    char *id = case_id_text(json_number(letter, "from", 0));
    json_t *other = json_pack("{s:s,s:s?,s:s?,s:s?,s:s?,s:O?,s:O?}", "case", id, "number",
        json_text(letter, "from_number"), "flow", json_text(letter, "flow"), "body",
        json_text(letter, "body"), "status", json_text(letter, "status"), "root",
        json_object_get(letter, "root"), "version", json_object_get(letter, "version"));
    json_t *link = there != NULL ? json_copy((json_t *)there)
                                 : same_matter(d, other, json_text(letter, "reason"));
    json_decref(other);
    mem_free(id);
    if (link == NULL) {
        return err_set(err, ERR_STATE, "its workflow or body is not known here");
    }
    json_put_text(link, "peer", json_text(letter, "peer"));
    /* The answer says how things are here now, whatever the person saw. */
    tell_status(d, link);
    link_put(d, link, "linked");
    return true;
}

static const struct {
    const char *letter;
    bool (*fn)(struct news *n, struct err *err);
    bool tells; /* those who work on the case are told */
} kinds[] = {
    {"arrived", on_arrived, false},
    {"received", on_received, true},
    {"returned", on_returned, true},
    {"closed", on_closed, true},
    {"result", on_result, true},
    {"handling", on_handling, false},
    {"called_off", on_called_off, false},
    {"kept_on", on_kept_on, true},
    {"unlinked", on_unlinked, true},
};

static void tell(struct news *n)
{
    struct decision *d = n->d;
    const struct flow_state *state = flow_state(d->entry->flow, d->kase->state);
    if (d->kase->closed_ms == 0 && state != NULL && state->work != NULL) {
        decision_notify(d, state->work, n->moved ? "assigned" : "told",
            n->moved ? state->title : json_text(n->link, "flow_title"));
    }
}

static bool on_link(struct decision *d, const json_t *letter, struct err *err)
{
    const json_t *link = link_meant(d->kase, letter);
    const char *name = json_text(letter, "letter");
    if (link == NULL) {
        return nothing_new(err); /* unlinked meanwhile */
    }
    struct news n = {d, letter, json_copy((json_t *)link), json_flag(letter, "plain"), false};
    bool ok = false, known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (text_equal(kinds[i].letter, name)) {
            known = true;
            ok = kinds[i].fn(&n, err);
            if (ok && kinds[i].fn != on_unlinked) {
                link_put(d, json_incref(n.link), name);
                tasks_after_letter(d, n.link);
            }
            if (ok && kinds[i].tells) {
                tell(&n);
            }
        }
    }
    json_decref(n.link);
    return known ? ok : err_set(err, ERR_PARAMS, "no such letter: %s", name);
}

bool decide_letter(struct decision *d, const struct command *c, struct err *err)
{
    const char *name = json_text(c->args, "letter");
    json_put_text(d->event, "letter", name);
    json_put_text(d->event, "reason", json_text(c->args, "reason"));
    return text_equal(name, "linked") ? on_linked(d, c->args, err) : on_link(d, c->args, err);
}

bool decide_link(struct decision *d, const struct command *c, struct err *err)
{
    const json_t *other = json_object_get(c->args, "other");
    const char *reason = json_text(c->args, "reason"), *id = json_text(other, "case");
    int64_t case_id = id == NULL ? 0 : case_id_parse(id);
    if (case_id == d->kase->id) {
        return err_set(err, ERR_PARAMS, _("A case is not linked with itself"));
    }
    if (link_sealed(d->kase)) { /* the other case would tell of it */
        return err_set(err, ERR_STATE, _("A sealed case is linked with no other"));
    }
    const json_t *there = link_to_case(d->kase, case_id, NULL);
    if (there != NULL) {
        return err_set(err, ERR_STATE, _("The cases are linked already: %s"),
            json_text(there, "number") != NULL ? json_text(there, "number") : id);
    }
    if (links_full(d->kase)) {
        return err_set(
            err, ERR_STATE, _("A case is linked with %d others at most"), CASE_LINKS_MAX);
    }
    json_t *link = same_matter(d, other, reason);
    if (link == NULL) {
        return err_set(err, ERR_NOT_FOUND, _("There is no such case"));
    }
    tell_linked(d, link, reason);
    link_put(d, link, "linked");
    json_put_text(d->event, "reason", reason);
    return true;
}

bool decide_unlink(struct decision *d, const struct command *c, struct err *err)
{
    const char *id = json_text(c->args, "link");
    const json_t *link = id == NULL ? NULL : link_find(d->kase, id);
    if (link == NULL) {
        err_set(err, ERR_PARAMS, _("The case has no link \"%s\""), id != NULL ? id : "");
        return err_data(err, "field", json_string("link"));
    }
    if (!text_equal(json_text(link, "kind"), "same")) {
        err_set(err, ERR_STATE, _("This link is part of what was done and stays"));
        return err_hint(err, _("Only a link that says \"the same matter\" can be removed"));
    }
    json_put_text(d->event, "reason", json_text(c->args, "reason"));
    json_put_text(d->event, "other", json_text(link, "number"));
    json_t *letter = letter_new(d, "unlinked", link);
    json_put_text(letter, "reason", json_text(c->args, "reason"));
    letter_send(d, letter);
    decision_drop(d, "links", id);
    return true;
}
