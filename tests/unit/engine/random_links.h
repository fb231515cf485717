/* tests/unit/engine/random_links.h — what goes between cases and bodies in test_random.c: the
 * commands of it, and what must hold once all letters are delivered. */
#ifndef FQ_TEST_RANDOM_LINKS_H
#define FQ_TEST_RANDOM_LINKS_H

#include "random_office.h"

#include "engine/links.h"
#include "engine/recusal.h"
#include "engine/tasks.h"

/* --- the cases as they stand --------------------------------------------------------------------
 */

struct standing {
    struct casefile *c[CASES_MAX * 6]; /* linked ones come on top of those people open */
    bool returned[CASES_MAX * 6];
    int64_t by_letter; /* events of all cases that a letter caused */
    size_t count;
};

static void standing_close(struct standing *s)
{
    for (size_t i = 0; i < s->count; i++) {
        casefile_free(s->c[i]);
    }
}

static size_t standing_at(const struct standing *s, int64_t id)
{
    size_t i = 0;
    while (i < s->count && s->c[i]->id != id) {
        i++;
    }
    return i;
}

/* --- who never acts -----------------------------------------------------------------------------
 */

/* Called with the case as it was before the event. */
static void recused_stay_out(
    struct office *o, const struct casefile *before, const char *type, const json_t *data)
{
    static const char *const free_to[] = {"noted", "recused", "undone",
        /* a letter only carries a name */ "letter", "arrived", "opened"};
    const char *actor = json_text(data, "actor");
    for (size_t i = 0; i < sizeof free_to / sizeof free_to[0]; i++) {
        if (text_equal(type, free_to[i])) {
            return;
        }
    }
    if (recused(before, actor)) {
        fail_msg("seed %llu step %d: %s is recused from %s and was let do \"%s\"",
            (unsigned long long)o->seed, o->step, actor, before->number, type);
    }
}

/* Did the event give a hand-over back? */
static bool gave_back(struct office *o, const struct casefile *c, const json_t *data)
{
    const char *action = json_text(data, "action");
    const struct flow *flow = engine_flow(o->engines[0], c->flow);
    const struct flow_action *a = action == NULL ? NULL : flow_action(flow, action);
    return a != NULL && a->receipt == RECEIPT_RETURN;
}

/* --- letters ------------------------------------------------------------------------------------
 */

static json_t *ask(struct office *o, enum store_question question, json_t *args)
{
    struct err err = {0};
    json_t *answer = store_ask_now(o->store, question, args, &err);
    assert_string_equal("", err.message);
    return answer;
}

/* A letter whose delivery was cut off waits for the next look; after it none is left. */
static void deliver_all(struct office *o)
{
    for (int tries = 0; tries < 5; tries++) {
        json_t *waiting = ask(o, ASK_LETTERS, json_pack("{s:i}", "limit", 1000));
        size_t n = json_array_size(waiting);
        json_decref(waiting);
        if (n == 0) {
            return;
        }
        engine_look_letters(o->engines[0]);
        engine_look_letters(o->engines[1]);
        settle(o);
    }
    CHECK(o, !"every letter is delivered");
}

/* What a letter did bears its key: as many keys as events, so that none was taken twice. */
static void each_letter_once(struct office *o, const struct standing *s)
{
    json_t *letters =
        ask(o, ASK_EFFECTS, json_pack("{s:s,s:i}", "kind", LETTER_KIND, "limit", 100000));
    int64_t taken = 0;
    for (size_t i = 0; i < json_array_size(letters); i++) {
        const json_t *letter = json_array_get(letters, i);
        char key[40];
        snprintf(key, sizeof key, "letter:%lld", (long long)json_number(letter, "id", 0));
        if (!text_equal(json_text(letter, "status"), "done")) {
            fail_msg("seed %llu step %d: the letter %s is %s: %s", (unsigned long long)o->seed,
                o->step, key, json_text(letter, "status"), json_text(letter, "error"));
        }
        json_t *row = ask(o, ASK_KEY, json_pack("{s:s}", "key", key));
        taken += json_is_object(row);
        json_decref(row);
    }
    CHECK(o, taken == s->by_letter);
    json_decref(letters);
}

/* --- both ends ----------------------------------------------------------------------------------
 */

struct pair {
    const struct standing *all;
    const struct casefile *c; /* the end that is looked at */
    const json_t *link;
    size_t other; /* in `all` */
};

/* What happened to the links of a case, for whoever reads a failure. */
static void tell_links(struct office *o, int64_t id)
{
    json_t *events =
        ask(o, ASK_HISTORY, json_pack("{s:I,s:i}", "case", (json_int_t)id, "limit", 10000));
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i), *data = json_object_get(event, "data");
        json_t *said = json_array();
        for (size_t k = 0; k < json_array_size(json_object_get(data, "changes")); k++) {
            json_t *change = json_array_get(json_object_get(data, "changes"), k);
            bool links = text_equal(json_text(change, "list"), "links");
            bool state = text_equal(json_text(change, "op"), "state") ||
                         text_equal(json_text(change, "op"), "host");
            if (links || state) {
                json_array_append(said, change);
            }
        }
        char *text = json_compact(said);
        const char *act = json_text(data, "action"), *letter = json_text(data, "letter");
        print_message("c%lld v%zu seq %lld %s %s by %s: %s\n", (long long)id, i + 1,
            (long long)json_number(event, "seq", 0), json_text(event, "type"),
            act != NULL ? act : letter, json_text(data, "actor"), text);
        free(text);
        json_decref(said);
    }
    json_decref(events);
}

static void differ(struct office *o, const struct pair *p, const char *what, const char *expected)
{
    char *text = json_canonical((json_t *)(uintptr_t)p->link);
    const struct casefile *x = p->all->c[p->other];
    tell_links(o, p->c->id);
    tell_links(o, x->id);
    fail_msg("seed %llu step %d: %s of c%lld for c%lld (%s at %s) should be %s: %s",
        (unsigned long long)o->seed, o->step, what, (long long)p->c->id, (long long)x->id, x->state,
        x->host, expected, text);
}

static void must_say(
    struct office *o, const struct pair *p, const char *member, const char *expected)
{
    if (!text_equal(json_text(p->link, member), expected)) {
        differ(o, p, member, expected);
    }
}

static const char *status_of(struct office *o, const struct casefile *c)
{
    return links_status(engine_flow(o->engines[0], c->flow), c);
}

/* A hand-over or a sub-case, seen from where it came. */
static void given_away(struct office *o, const struct pair *p)
{
    const struct casefile *x = p->all->c[p->other];
    const json_t *origin = link_origin(x);
    bool sub = text_equal(json_text(p->link, "kind"), "sub");
    CHECK(o, origin != NULL && link_case(origin) == p->c->id);
    must_say(o, p, "peer", json_text(origin, "id"));
    CHECK(o, text_equal(json_text(origin, "peer"), json_text(p->link, "id")));
    CHECK(o, text_equal(json_text(origin, "kind"), sub ? "whole" : "from"));
    const char *status = status_of(o, x);
    must_say(o, p, "status",
        p->all->returned[p->other]                  ? "returned"
        : !text_equal(status, "open")               ? status
        : json_number(origin, "received_ms", 0) > 0 ? "received"
                                                    : "sent");
    if (x->closed_ms == 0) {
        must_say(o, p, "body", x->host);
    }
    if (link_sealed(x)) {
        CHECK(o, x->root == 0);
        must_say(o, p, "number", NULL);
    } else {
        CHECK(o, x->root != 0 && x->root == p->c->root);
    }
    const struct flow_action *a =
        sub ? NULL
            : flow_action(engine_flow(o->engines[0], p->c->flow), json_text(p->link, "action"));
    CHECK(o,
        sub || json_array_size(json_object_get(origin, "trail")) <= (size_t)a->hand_over->max_hops);
}

static void seen_from_here(struct office *o, const struct pair *p)
{
    const struct casefile *x = p->all->c[p->other];
    const char *kind = json_text(p->link, "kind");
    if (text_equal(kind, "to") || text_equal(kind, "sub")) {
        given_away(o, p);
        return;
    }
    must_say(o, p, "status", status_of(o, x));
    const char *peer =
        json_text(p->link, "peer"); /* news of a case that was closed already may lack it */
    const json_t *back = peer != NULL ? link_find(x, peer) : link_to_case(x, p->c->id, "same");
    if (back == NULL || link_case(back) != p->c->id) {
        differ(o, p, "peer", "a link that leads back");
    }
}

static void links_agree(struct office *o, const struct standing *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const json_t *links = s->c[i]->links;
        for (size_t k = 0; k < json_array_size(links); k++) {
            const json_t *link = json_array_get(links, k);
            struct pair p = {s, s->c[i], link, standing_at(s, link_case(link))};
            if (link_case(link) == 0) { /* nobody could take it */
                CHECK(o, text_equal(json_text(link, "status"), "returned"));
            } else {
                CHECK(o, p.other < s->count);
                seen_from_here(o, &p);
            }
        }
    }
}

/* --- requests -----------------------------------------------------------------------------------
 */

static void tasks_make_sense(struct office *o, const struct casefile *c)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        CHECK(o, json_array_add_once(ids, json_text(task, "id")));
        CHECK(o, !task_is_open(task) || c->closed_ms == 0);
        CHECK(o, !task_is_open(task) || !json_flag(task, "past"));
        if (task_is_open(task) && task_is(task, "sub")) {
            const json_t *link = link_find(c, json_text(task, "link"));
            CHECK(o, link != NULL);
            CHECK(o, !text_equal(json_text(link, "status"), "closed"));
            CHECK(o, !text_equal(json_text(link, "status"), "returned"));
        }
    }
    CHECK(o, !recused(c, c->assignee));
    json_decref(ids);
}

/* --- what is in memory --------------------------------------------------------------------------
 */

struct memory {
    struct office *office;
    const struct casefile *stored;
};

static void same_as_stored(const struct casefile *c, const struct err *err, void *ctx)
{
    struct memory *m = ctx;
    struct office *o = m->office;
    CHECK(o, err == NULL && c->version <= m->stored->version);
    if (c->version == m->stored->version) { /* the other engine may have gone on */
        json_t *a = casefile_snapshot(c), *b = casefile_snapshot(m->stored);
        CHECK(o, json_equal(a, b));
        CHECK(o, json_equal(c->fields, m->stored->fields));
        json_decref(a);
        json_decref(b);
    }
}

static void memory_agrees(struct office *o, const struct casefile *stored)
{
    struct actor system = {.kind = ACTOR_SYSTEM, .user = "system"};
    struct memory *m = &(struct memory){o, stored};
    engine_read(o->engines[any(o, 2)], stored->number, &system, "case.read", same_as_stored, m);
    settle(o);
}

#endif
