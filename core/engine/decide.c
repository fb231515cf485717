/* engine/decide.c — the table of commands, and what all of them share. */
#include "engine/decide.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/text.h"
#include "engine/links.h"
#include "engine/page.h"
#include "engine/recusal.h"
#include "engine/seal.h"

#include <assert.h>

static const struct {
    const char *type;  /* of the event */
    const char *right; /* asked before; NULL: the decision asks itself */
    bool (*fn)(struct decision *d, const struct command *c, struct err *err);
    bool open_only;      /* refused on a closed case */
    bool recused_may;    /* also by who is recused from the case */
    bool unnamed_may;    /* also in a sealed case that is not one's own */
    const char *lasting; /* why it cannot be undone (undo.c); NULL: it can */
} kinds[COMMAND_COUNT] = {
    [COMMAND_OPEN] = {"opened", NULL, decide_open, .lasting = "opened"},
    [COMMAND_ACT] = {"advanced", "case.read", decide_act, false},
    [COMMAND_NOTE] = {"noted", "case.note", decide_note, .recused_may = true, .unnamed_may = true},
    [COMMAND_ASSIGN] = {"assigned", "case.assign", decide_assign, true, .unnamed_may = true},
    [COMMAND_CLAIM] = {"assigned", "case.claim", decide_claim, true},
    [COMMAND_CLASSIFY] = {"classified", "case.classify", decide_classify, true},
    [COMMAND_PAUSE] = {"clock", "case.pause", decide_pause, true},
    [COMMAND_DOCUMENT] = {"documented", "case.document", decide_document, false},
    [COMMAND_REVEAL] = {"revealed", "case.reveal", decide_reveal, .lasting = "revealed"},
    [COMMAND_RECUSE] = {"recused", "case.read", decide_recuse, .recused_may = true,
        .unnamed_may = true},
    [COMMAND_PARTY] = {"party", "case.party", decide_party, true},
    [COMMAND_CORRECT] = {"corrected", "case.party", decide_correct, true},
    [COMMAND_ATTACH] = {"attached", "case.note", decide_attach},
    [COMMAND_DETACH] = {"detached", "case.note", decide_detach},
    [COMMAND_UNDO] = {"undone", "case.read", decide_undo, .recused_may = true, .lasting = "undone"},
    [COMMAND_LINK] = {"linked", "case.classify", decide_link, false},
    [COMMAND_UNLINK] = {"unlinked", "case.classify", decide_unlink, false},
    [COMMAND_ARRIVE] = {"arrived", NULL, decide_arrive, .lasting = "opened"},
    [COMMAND_LETTER] = {"letter", NULL, decide_letter, .lasting = "letter"},
    [COMMAND_TASK_ASK] = {"task.asked", "case.read", decide_task_ask, true},
    [COMMAND_TASK_ANSWER] = {"task.answered", "case.read", decide_task_answer, true},
    [COMMAND_TASK_RETURN] = {"task.returned", "case.read", decide_task_return, true},
    [COMMAND_TASK_CANCEL] = {"task.cancelled", "case.read", decide_task_cancel, true},
    [COMMAND_URGE] = {"urged", "case.read", decide_urge, true},
    [COMMAND_DUE] = {"clock", NULL, decide_due, false}, /* rights outlive the case */
    [COMMAND_RECOMPUTE] = {"recomputed", NULL, decide_recompute, false},
};

bool command_makes_case(enum command_kind kind)
{
    return kind == COMMAND_OPEN || kind == COMMAND_ARRIVE;
}

static bool expected(const struct decision *d, const struct command *c, struct err *err)
{
    if (c->expect_version == 0 || c->expect_version == d->kase->version) {
        return true;
    }
    err_set(err, ERR_VERSION,
        _("The case has changed on the server: it is at version %lld, you saw %lld"),
        (long long)d->kase->version, (long long)c->expect_version);
    err_hint(err, _("Look at the case again, then repeat the act"));
    return err_data(err, "current_version", json_integer(d->kase->version));
}

static bool vetoed(struct decision *d, const struct command *c, struct err *err)
{
    const struct engine *e = d->engine;
    for (size_t i = 0; i < e->veto_count; i++) {
        if (!e->vetoes[i].fn(c, d->kase, e->vetoes[i].ctx, err)) {
            assert(err->code != ERR_NONE);
            return true;
        }
    }
    return false;
}

static bool may_begin(struct decision *d, const struct command *c, struct err *err)
{
    const struct engine *e = d->engine;
    if (command_makes_case(c->kind)) {
        return true;
    }
    const char *right = kinds[c->kind].right;
    if (right != NULL && c->actor.kind != ACTOR_SYSTEM &&
        !access_case(e->access, e->org, &c->actor, right, d->kase, decision_desk_day(d), err)) {
        return false;
    }
    if (d->entry == NULL) {
        return err_set(
            err, ERR_SCRIPT, _("The workflow version of case %s is not loaded"), d->kase->number);
    }
    if (kinds[c->kind].open_only && d->kase->closed_ms != 0) {
        return err_set(err, ERR_STATE, _("Case %s is closed"), d->kase->number);
    }
    /* A letter or a clock carries a name and is nobody's act on this case. */
    if (c->actor.kind != ACTOR_SYSTEM && !kinds[c->kind].recused_may &&
        !recusal_allows(e, d->kase, c->actor.user, err)) {
        return false;
    }
    if (!kinds[c->kind].unnamed_may && !seal_lets_act(d->kase, &c->actor, err)) {
        return false;
    }
    return expected(d, c, err);
}

/* What was told to another case, and what has a number, stays. */
static const char *why_lasting(const struct decision *d, const struct command *c)
{
    size_t i;
    const json_t *item;
    json_array_foreach(d->effects, i, item)
    {
        if (text_equal(json_text(item, "kind"), "letter")) {
            return "letter";
        }
    }
    json_array_foreach(d->changes, i, item)
    {
        const char *op = json_text(item, "op"), *list = json_text(item, "list");
        if (text_equal(op, "root") || text_equal(list, "links")) {
            return "letter";
        }
        if (text_equal(list, "documents")) {
            return "document";
        }
    }
    return kinds[c->kind].lasting;
}

static void describe(struct decision *d, const struct command *c)
{
    json_put_text(d->event, "lasting", why_lasting(d, c));
    json_put_text(d->event, "type", d->type);
    json_put_number(d->event, "at", d->now_ms);
    json_put_text(d->event, "actor", c->actor.user);
    if (d->at_ms != d->now_ms) {
        json_put_number(d->event, "occurred", d->at_ms);
    }
    if (d->entry != NULL) {
        json_put_text(d->event, "flow_version", d->entry->flow->version);
    }
}

bool decide(struct decision *d, const struct command *c, json_t **result_out, struct err *err)
{
    d->type = kinds[c->kind].type;
    if (!may_begin(d, c, err)) {
        return false;
    }
    struct links_before before;
    links_before(d, &before);
    bool ok = kinds[c->kind].fn(d, c, err);
    if (ok) {
        links_after(d, &before);
    }
    links_forget(&before);
    if (!ok || vetoed(d, c, err)) {
        return false;
    }
    describe(d, c);
    *result_out = page_result(d);
    return true;
}
