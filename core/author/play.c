/* author/play.c — see play.h.
 *
 * Everything goes through engine_submit, as a client's command would; only who acts is chosen
 * here when the scenario does not say: the first person whose role the flow allows. */
#include "author/play_private.h"

#include "author/expect.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { TURNS_MAX = 100000 }; /* of one wait; a scenario that needs more goes in circles */

struct play {
    struct engine *engine; /* owned */
    struct store *store;   /* owned */
    struct wallclock clock;
    const struct flow *flow; /* the engine's; the one that is tested */
    const struct flow *here; /* that of the case at hand */
    char *kase;              /* owned; id of the case at hand; NULL before */
    int64_t began_ms;
    json_t *states, *actions; /* owned */
};

struct play *play_open(const struct world *world, const struct siblings *siblings,
    struct flow *flow, struct script *script, struct err *err)
{
    struct play *p = mem_alloc(sizeof *p);
    int64_t start = 0;
    instant_parse("2000-01-01 00:00", &start);
    wallclock_init_virtual(&p->clock, start);
    p->states = json_array();
    p->actions = json_array();
    p->store = store_open(&(struct store_options){.path = ":memory:", .flags = STORE_INLINE}, err);
    p->engine =
        p->store != NULL
            ? engine_open(&(struct engine_options){.store = p->store, .clock = &p->clock}, err)
            : NULL;
    if (p->engine == NULL || !world_furnish(world, p->engine, err)) {
        flow_free(flow);
        script_free(script);
        play_free(p);
        return NULL;
    }
    engine_add_flow(p->engine, flow, script);
    siblings_furnish(siblings, p->engine);
    p->flow = p->here = engine_flow(p->engine, flow->id);
    return p;
}

void play_free(struct play *p)
{
    if (p != NULL) {
        engine_free(p->engine);
        store_close(p->store);
        json_decref(p->states);
        json_decref(p->actions);
        mem_free(p->kase);
    }
    mem_free(p);
}

const struct engine *play_engine(const struct play *p)
{
    return p->engine;
}

const json_t *play_states(const struct play *p)
{
    return p->states;
}

const json_t *play_actions(const struct play *p)
{
    return p->actions;
}

int play_days(const struct play *p)
{
    return p->began_ms == 0 ? 0 : (int)((wallclock_now_ms(&p->clock) - p->began_ms) / MS_PER_DAY);
}

/* --- commands
 * ------------------------------------------------------------------------------------------ */

struct answer {
    bool done;
    json_t *result; /* owned */
    struct err *err;
};

static void take_answer(const struct command_result *r, void *ctx)
{
    struct answer *a = ctx;
    a->done = true;
    if (r->err != NULL) {
        err_set(a->err, r->err->code, "%s", r->err->message);
        err_hint(a->err, "%s", r->err->hint);
        json_t *ground = json_member(r->err->data, "ground");
        if (ground != NULL) {
            err_data(a->err, "ground", json_incref(ground));
        }
    } else {
        a->result = json_incref((json_t *)r->result);
    }
}

static void turn(struct play *p)
{
    engine_flush(p->engine);
    store_poll(p->store);
}

/* Until nothing is on its way: only then the engine knows what is due next. */
static void settle(struct play *p)
{
    turn(p);
    for (int i = 0; i < TURNS_MAX && !engine_idle(p->engine); i++) {
        turn(p);
    }
}

/* New reference to the result, or NULL with err. */
json_t *play_submit(struct play *p, enum command_kind kind, const struct actor *actor,
    const json_t *args, struct err *err)
{
    struct answer a = {.err = err};
    struct command c = {.kind = kind,
        .number = kind == COMMAND_OPEN ? NULL : p->kase,
        .actor = *actor,
        .args = args};
    engine_submit(p->engine, &c, take_answer, &a);
    for (int i = 0; i < TURNS_MAX && !a.done; i++) {
        turn(p);
    }
    if (!a.done) {
        err_set(err, ERR_INTERNAL, _("the engine gave no answer"));
    }
    return a.result;
}

/* --- the case as it stands
 * --------------------------------------------------------------------------------- */

static const struct actor system_actor = {.kind = ACTOR_SYSTEM, .user = "system"};

struct reading {
    bool done;
    struct casefile *copy; /* owned */
};

static void take_case(const struct casefile *c, const struct err *err, void *ctx)
{
    struct reading *r = ctx;
    r->done = true;
    r->copy = err == NULL ? casefile_copy(c) : NULL;
}

/* Caller frees; NULL before anything was opened. */
struct casefile *play_case(struct play *p)
{
    struct reading r = {false, NULL};
    if (p->kase == NULL) {
        return NULL;
    }
    engine_read(p->engine, p->kase, &system_actor, "case.read", take_case, &r);
    for (int i = 0; i < TURNS_MAX && !r.done; i++) {
        turn(p);
    }
    return r.copy;
}

static void note_state(struct play *p)
{
    struct casefile *c = p->here == p->flow ? play_case(p) : NULL;
    size_t n = json_array_size(p->states);
    const char *last = n > 0 ? json_string_value(json_array_get(p->states, n - 1)) : NULL;
    if (c != NULL && !text_equal(last, c->state)) {
        json_array_append_new(p->states, json_string(c->state));
    }
    casefile_free(c);
}

/* --- who acts
 * ------------------------------------------------------------------------------------------------
 */

struct choice {
    char *const *roles; /* membership roles that fit; NULL: any */
    const struct play *play;
    const struct body *body;
    const char *user; /* found; borrowed from the organisation */
};

struct date play_today(const struct play *p)
{
    return date_of_instant(wallclock_now_ms(&p->clock));
}

static void choose_by_role(const struct member *m, void *ctx)
{
    struct choice *c = ctx;
    if (c->user == NULL && name_in(c->roles, m->role)) {
        c->user = m->user;
    }
}

static void choose_by_right(const struct member *m, void *ctx)
{
    struct choice *c = ctx;
    struct actor actor = {.kind = ACTOR_USER, .user = m->user};
    if (c->user == NULL &&
        access_at(engine_access(c->play->engine), engine_org(c->play->engine), &actor, "case.open",
            m->body->place, m->body, play_today(c->play), NULL)) {
        c->user = m->user;
    }
}

static const struct body *seat_of(
    const struct play *p, const struct casefile *c, enum flow_seat seat)
{
    const struct org *org = engine_org(p->engine);
    const struct body *host = org_body(org, c->host);
    switch (seat) {
    case AT_SUPERVISOR:
        return c->supervisor != NULL ? org_body(org, c->supervisor) : NULL;
    case AT_ORIGIN:
        return org_body(org, c->origin);
    case AT_REVIEW:
        return host != NULL ? host->review : NULL;
    case AT_PARENT:
        return host != NULL ? org_superior(org, host, p->here->id, play_today(p)) : NULL;
    default:
        return host;
    }
}

/* The person named by the step, or the first who fills one of the action's roles; NULL: nobody. */
static const char *actor_for(struct play *p, const json_t *step, const struct flow_action *a)
{
    const char *named = json_text(step, "by");
    struct casefile *c = named == NULL ? play_case(p) : NULL;
    struct choice choice = {.play = p};
    for (char **role = a->by; c != NULL && *role != NULL && choice.user == NULL; role++) {
        const struct flow_role *r = flow_role(p->here, *role);
        const struct body *body = r != NULL ? seat_of(p, c, r->seat) : NULL;
        if (body != NULL) {
            choice.roles = r->members;
            org_members_in(engine_org(p->engine), body->id, play_today(p), choose_by_role, &choice);
        }
    }
    casefile_free(c);
    return named != NULL ? named : choice.user;
}

/* --- steps
 * -----------------------------------------------------------------------------------------------------
 */

static bool step_open(struct play *p, const json_t *step, struct err *err)
{
    static const char *const members[] = {"place", "body", "parties", "source", "received_at"};
    const char *at = json_text(step, "at"), *body = json_text(step, "body");
    int64_t ms = wallclock_now_ms(&p->clock);
    if (at != NULL && (!instant_parse(at, &ms) || ms < wallclock_now_ms(&p->clock))) {
        return err_set(err, ERR_FORM, _("at: no such time, or it lies before: %s"), at);
    }
    wallclock_set(&p->clock, ms);
    p->began_ms = p->began_ms == 0 ? ms : p->began_ms;
    struct choice choice = {.play = p};
    if (body != NULL) {
        org_members_in(engine_org(p->engine), body, play_today(p), choose_by_right, &choice);
    }
    const char *user = json_text(step, "by") != NULL ? json_text(step, "by") : choice.user;
    if (user == NULL) {
        return err_set(
            err, ERR_FORM, _("nobody at %s may register a case"), body != NULL ? body : "?");
    }
    json_t *fields = json_member(step, "fields");
    const char *other = json_text(step, "flow");
    const struct flow *flow = other == NULL ? p->flow : engine_flow(p->engine, other);
    if (flow == NULL) {
        return err_set(err, ERR_FORM, _("there is no workflow “%s” beside the script"), other);
    }
    json_t *args = json_pack("{s:s, s:o}", "flow", flow->id, "fields",
        fields != NULL ? json_incref(fields) : json_object());
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (json_member(step, members[i]) != NULL) {
            json_object_set(args, members[i], json_member(step, members[i]));
        }
    }
    struct actor actor = {.kind = ACTOR_USER, .user = user};
    json_t *result = play_submit(p, COMMAND_OPEN, &actor, args, err);
    if (result != NULL) {
        mem_free(p->kase);
        p->kase = mem_strdup(json_text(result, "id"));
        p->here = flow;
    }
    bool ok = result != NULL;
    json_decref(args);
    json_decref(result);
    if (ok && json_text(step, "category") != NULL) {
        args =
            json_pack("{s:s, s:s}", "category", json_text(step, "category"), "reason", "scenario");
        result = play_submit(p, COMMAND_CLASSIFY, &system_actor, args, err);
        ok = result != NULL;
        json_decref(args);
        json_decref(result);
    }
    return ok;
}

/* Everything of an act step that is no word of its own is a form field. */
static json_t *act_args(const json_t *step, const char *action)
{
    static const char *const words[] = {
        "do", "name", "line", "by", "reason", "because", "note", "occurred_at"};
    json_t *form = json_copy((json_t *)step);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        json_object_del(form, words[i]);
    }
    json_t *args = json_pack("{s:s, s:o}", "action", action, "form", form);
    json_put_text(args, "reason", json_text(step, "reason"));
    json_put_text(args, "note", json_text(step, "note"));
    json_put_text(args, "occurred_at", json_text(step, "occurred_at"));
    return args;
}

static bool act(struct play *p, const json_t *step, struct err *err)
{
    const char *name = json_text(step, "name");
    const struct flow_action *a = name != NULL ? flow_action(p->here, name) : NULL;
    if (a == NULL) {
        return err_set(err, ERR_FORM, _("there is no action “%s”"), name != NULL ? name : "");
    }
    const char *user = actor_for(p, step, a);
    if (user == NULL) {
        return err_set(err, ERR_FORBIDDEN, _("nobody fills a role that may do “%s”"), a->title);
    }
    struct actor actor = {.kind = ACTOR_USER, .user = user};
    json_t *args = act_args(step, a->name);
    json_t *result = play_submit(p, COMMAND_ACT, &actor, args, err);
    json_decref(args);
    json_decref(result);
    if (result != NULL) {
        if (p->here == p->flow) {
            json_array_add_once(p->actions, a->name);
        }
    }
    return result != NULL;
}

/* In its words, its advice or the article it rests on. */
static bool says(const struct err *refusal, const char *because)
{
    const char *ground = json_text(refusal->data, "ground");
    return strstr(refusal->message, because) != NULL || strstr(refusal->hint, because) != NULL ||
           (ground != NULL && strstr(ground, because) != NULL);
}

/* Must be refused; `because` must stand in the words of the refusal. "open": the registration. */
static bool step_denied(struct play *p, const json_t *step, struct err *err)
{
    struct err refusal = {0};
    const char *because = json_text(step, "because"), *name = json_text(step, "name");
    bool ok = true;
    bool opens = text_equal(name, "open") && flow_action(p->here, name) == NULL;
    if (opens ? step_open(p, step, &refusal) : act(p, step, &refusal)) {
        ok = err_set(err, ERR_FORM, _("“%s” was expected to be refused, but was done"), name);
    } else if (because != NULL && !says(&refusal, because)) {
        ok = err_set(
            err, ERR_FORM, _("“%s” was refused for another reason: %s"), name, refusal.message);
    }
    err_clear(&refusal);
    return ok;
}

/* "1 month 1 day" from now, or a day or time by itself. */
static bool wait_target(struct play *p, const char *text, int64_t *ms_out, struct err *err)
{
    if (instant_parse(text, ms_out)) {
        return true;
    }
    int64_t ms = wallclock_now_ms(&p->clock);
    char copy[128];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *number; (number = strtok_r(rest, " ", &rest)) != NULL;) {
        char *unit = strtok_r(rest, " ", &rest), span_text[64];
        struct span s;
        snprintf(span_text, sizeof span_text, "%s %s", number, unit != NULL ? unit : "");
        if (!span_parse(span_text, &s, err)) {
            return false;
        }
        struct date d = date_of_instant(ms), to = d;
        to = s.unit == UNIT_DAY       ? date_add_days(d, s.n)
             : s.unit == UNIT_WORKDAY ? calendar_add_workdays(engine_calendar(p->engine), d, s.n)
             : s.unit == UNIT_MONTH   ? date_add_months(d, s.n)
             : s.unit == UNIT_YEAR    ? date_add_months(d, 12 * s.n)
                                      : d;
        ms += date_start_ms(to) - date_start_ms(d) + (s.unit == UNIT_HOUR ? s.n * MS_PER_HOUR : 0);
    }
    *ms_out = ms;
    return true;
}

/* Time passes from one due clock to the next, so that each fires at its own moment. */
static bool step_wait(struct play *p, const json_t *step, struct err *err)
{
    int64_t target = 0;
    const char *text = json_text(step, "name");
    if (text == NULL) {
        return err_set(err, ERR_FORM, _("wait needs a length of time"));
    }
    if (!wait_target(p, text, &target, err)) {
        return false;
    }
    for (int i = 0; i < TURNS_MAX; i++) {
        settle(p);
        int64_t next = engine_next_ms(p->engine);
        bool due = next <= target;
        int64_t now = wallclock_now_ms(&p->clock);
        wallclock_set(&p->clock, due ? (next > now ? next : now) : target);
        engine_run_due(p->engine);
        settle(p);
        note_state(p);
        if (!due && engine_next_ms(p->engine) > target) {
            return true;
        }
    }
    return err_set(err, ERR_INTERNAL, _("the clocks did not come to rest"));
}

static bool step_expect(struct play *p, const json_t *step, struct err *err)
{
    struct casefile *c = play_case(p);
    if (c == NULL) {
        return err_set(err, ERR_FORM, _("no case was opened before"));
    }
    bool ok = expect_check(p->here, c, step, err);
    casefile_free(c);
    return ok;
}

static bool step_simple(
    struct play *p, enum command_kind kind, const char *member, const json_t *step, struct err *err)
{
    json_t *args = json_pack("{s:s, s:s}", member, json_text(step, "name"), "reason", "scenario");
    json_t *result = args != NULL ? play_submit(p, kind, &system_actor, args, err) : NULL;
    bool ok = result != NULL;
    json_decref(args);
    json_decref(result);
    return ok;
}

static bool step_note(struct play *p, const json_t *step, struct err *err)
{
    return step_simple(p, COMMAND_NOTE, "text", step, err);
}

static bool step_classify(struct play *p, const json_t *step, struct err *err)
{
    return step_simple(p, COMMAND_CLASSIFY, "category", step, err);
}

/* --- linked cases -------------------------------------------------------------------------------
 */

/* "handed over to, sub-case": what the case has, for somebody who looks for another. */
static void tell_links(const struct casefile *c, struct err *err)
{
    struct buf list = {0};
    for (size_t i = 0; i < json_array_size(c->links); i++) {
        const json_t *link = json_array_get(c->links, i);
        buf_addf(&list, "%s%s %s (%s)", i > 0 ? "、" : "", json_text(link, "kind"),
            json_text(link, "flow"), json_text(link, "status"));
    }
    err_hint(err, list.len > 0 ? _("it has: %s") : _("it has none%s"), buf_text(&list));
    buf_close(&list);
}

/* The latest link of the kind, to this flow unless NULL. */
static const json_t *link_of(const struct casefile *c, const char *kind, const char *flow)
{
    for (size_t i = json_array_size(c->links); i-- > 0;) {
        const json_t *link = json_array_get(c->links, i);
        if (text_equal(json_text(link, "kind"), kind) &&
            (flow == NULL || text_equal(json_text(link, "flow"), flow))) {
            return link;
        }
    }
    return NULL;
}

/* From here on the steps are about the linked case: follow "to", follow "from", follow "sub" … */
static bool step_follow(struct play *p, const json_t *step, struct err *err)
{
    const char *kind = json_text(step, "name"), *flow = json_text(step, "flow");
    struct casefile *c = play_case(p);
    if (c == NULL || kind == NULL) {
        casefile_free(c);
        return err_set(err, ERR_FORM,
            kind == NULL
                ? _("follow says where to: \"to\", \"from\", \"sub\", \"whole\" or \"same\"")
                : _("no case was opened before"));
    }
    const json_t *link = link_of(c, kind, flow);
    const char *id = json_text(link, "case");
    const struct flow *next = id == NULL ? NULL : engine_flow(p->engine, json_text(link, "flow"));
    if (link == NULL) {
        err_set(err, ERR_FORM, _("the case has no link “%s”%s%s"), kind, flow != NULL ? " " : "",
            flow != NULL ? flow : "");
        tell_links(c, err);
    } else if (next == NULL) {
        err_set(err, ERR_FORM, _("no case was opened at %s: %s"), json_text(link, "body_name"),
            json_text(link, "reason") != NULL ? json_text(link, "reason") : "—");
    } else {
        mem_free(p->kase);
        p->kase = mem_strdup(id);
        p->here = next;
    }
    casefile_free(c);
    return next != NULL;
}

bool play_step(struct play *p, const json_t *step, struct err *err)
{
    static const struct {
        const char *word;
        bool (*fn)(struct play *p, const json_t *step, struct err *err);
    } steps[] = {{"open", step_open}, {"act", act}, {"denied", step_denied}, {"wait", step_wait},
        {"expect", step_expect}, {"note", step_note}, {"classify", step_classify},
        {"follow", step_follow}, {"ask", step_ask}, {"answer", step_answer}, {"urge", step_urge}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (text_equal(steps[i].word, json_text(step, "do"))) {
            bool ok = steps[i].fn(p, step, err);
            settle(p); /* letters between cases arrive before the next step */
            note_state(p);
            return ok;
        }
    }
    return err_set(err, ERR_FORM, _("no such step"));
}
