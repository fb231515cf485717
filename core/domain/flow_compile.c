/* domain/flow_compile.c — from the canonical document (flow_doc.md) to struct flow.
 *
 * Only shape is checked here: types, words, members that do not exist. Whether the names in it
 * mean something and the whole makes sense is flow_verify's question, so that a script writer
 * gets all such findings at once and not one at a time. */
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "domain/docread.h"
#include "domain/flow_read.h"

#include <stdlib.h>
#include <string.h>

enum {
    FLOW_API = 1,
    FLOW_ITEMS_MAX = 500, /* of one section; people read lists of some dozen */
};

static const char *const field_types[] = {
    "text", "choice", "money", "integer", "date", "flag", "body", "place", NULL};
static const char *const seats[] = {
    "host", "parent", "supervisor", "origin", "review", "any", NULL};
static const char *const target_kinds[] = {"host", "parent", "origin", "review", "previous", "kind",
    "agency", "routes", "field", "common", NULL};
static const char *const outcome_kinds[] = {
    "mark", "unmark", "escalate", "supervise", "go", "notify", "effect", NULL};
static const char *const step_whens[] = {"left", "late", NULL};
static const char *const action_kinds[] = {"move", "extend", NULL};
static const char *const receipts[] = {"none", "accept", "return", NULL};
static const char *const due_kinds[] = {"max", "min", "back", "target", NULL};
static const char *const due_rolls[] = {"next", "prev", "none", NULL};

const char *field_type_name(enum field_type type)
{
    return field_types[type];
}

const char *flow_seat_name(enum flow_seat seat)
{
    return seats[seat];
}

const char *target_kind_name(enum target_kind kind)
{
    return target_kinds[kind];
}

const char *outcome_kind_name(enum outcome_kind kind)
{
    return outcome_kinds[kind];
}

bool outcome_kind_parse(const char *name, enum outcome_kind *kind_out)
{
    for (int i = 0; name != NULL && outcome_kinds[i] != NULL; i++) {
        if (strcmp(outcome_kinds[i], name) == 0) {
            *kind_out = (enum outcome_kind)i;
            return true;
        }
    }
    return false;
}

/* --- the parts, innermost first ----------------------------------------------------------------
 */

void flow_read_target(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"kind", "name", "min", "max", NULL};
    struct flow_target *t = out;
    docread_only(r, doc, members);
    if (json_member(doc, "kind") == NULL) {
        docread_fail(r, "kind", _("is missing"));
    }
    t->kind = (enum target_kind)docread_name(r, doc, "kind", target_kinds, TO_HOST);
    bool named = t->kind == TO_KIND || t->kind == TO_AGENCY || t->kind == TO_FIELD;
    t->name = docread_text(r, doc, "name", named);
    t->level_min = docread_int(r, doc, "min", 0, 9, 0);
    t->level_max = docread_int(r, doc, "max", 0, 9, 9);
    if (t->level_min > t->level_max) {
        docread_fail(r, "min", _("is above the highest level"));
    }
}

/* The member is a target; absent leaves *t at TO_HOST. */
bool flow_read_member_target(
    struct docread *r, const json_t *doc, const char *member, struct flow_target *t)
{
    const json_t *target = docread_object(r, doc, member);
    if (target == NULL) {
        return false;
    }
    size_t mark = docread_enter(r, member);
    flow_read_target(r, target, t);
    docread_leave(r, mark);
    return true;
}

bool flow_target_parse(const json_t *doc, struct flow_target *target_out, struct err *err)
{
    memset(target_out, 0, sizeof *target_out);
    struct docread r;
    docread_init(&r, err);
    if (!json_is_object(doc)) {
        return docread_fail(&r, "to", _("must be a table with names"));
    }
    flow_read_target(&r, doc, target_out);
    if (r.failed) {
        flow_target_close(target_out);
    }
    return !r.failed;
}

static void read_outcome(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"do", "name", "to", "unless", "reason", NULL};
    struct flow_outcome *o = out;
    docread_only(r, doc, members);
    if (json_member(doc, "do") == NULL) {
        docread_fail(r, "do", _("is missing"));
    }
    o->kind = (enum outcome_kind)docread_name(r, doc, "do", outcome_kinds, DO_MARK);
    bool moves = o->kind == DO_ESCALATE || o->kind == DO_SUPERVISE;
    o->name = docread_text(r, doc, "name", !moves && o->kind != DO_NOTIFY);
    if (!flow_read_member_target(r, doc, "to", &o->target) && moves) {
        docread_fail(r, "to", _("is missing"));
    }
    o->unless = docread_text(r, doc, "unless", false);
    o->reason = docread_text(r, doc, "reason", false);
}

void *flow_read_list(struct docread *r, const json_t *owner, const char *member, size_t size,
    size_t *count_out, flow_read_fn read)
{
    const json_t *list = docread_array(r, owner, member);
    size_t count = json_array_size(list);
    if (count > FLOW_ITEMS_MAX) {
        docread_fail(r, member, _("has more than %d entries"), FLOW_ITEMS_MAX);
        count = 0;
    }
    char *items = count > 0 ? mem_array(count, size) : NULL;
    size_t mark = docread_enter(r, member);
    for (size_t i = 0; i < count && !r->failed; i++) {
        const json_t *item = json_array_get(list, i);
        const char *name = json_text(item, "name");
        size_t inner = name != NULL && read != read_outcome ? docread_enter(r, name)
                                                            : docread_enter_index(r, i);
        if (json_is_object(item)) {
            read(r, item, items + i * size);
        } else {
            docread_fail(r, NULL, _("must be a table with names"));
        }
        docread_leave(r, inner);
    }
    docread_leave(r, mark);
    *count_out = count;
    return items;
}

struct flow_outcome *flow_read_outcomes(
    struct docread *r, const json_t *owner, const char *member, size_t *count_out)
{
    return flow_read_list(r, owner, member, sizeof(struct flow_outcome), count_out, read_outcome);
}

void flow_read_step(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "when", "span", "outcomes", NULL};
    struct flow_step *s = out;
    docread_only(r, doc, members);
    s->name = docread_text(r, doc, "name", true);
    s->when = (enum step_when)docread_name(r, doc, "when", step_whens, STEP_LATE);
    s->span = docread_span(r, doc, "span");
    s->outcomes = flow_read_outcomes(r, doc, "outcomes", &s->outcome_count);
}

static void read_pause(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"state", "reason", NULL};
    struct flow_pause *p = out;
    docread_only(r, doc, members);
    p->state = docread_text(r, doc, "state", true);
    p->reason = docread_text(r, doc, "reason", true);
}

static void read_extension(struct docread *r, const json_t *clock, struct flow_clock *k)
{
    static const char *const members[] = {"by", "times", "approve", "consent", NULL};
    static const char *const consents[] = {"parties", NULL};
    const json_t *doc = docread_object(r, clock, "extend");
    if (doc == NULL) {
        return;
    }
    size_t mark = docread_enter(r, "extend");
    docread_only(r, doc, members);
    k->extension = docread_span(r, doc, "by");
    if (k->extension.n == 0) {
        docread_fail(r, "by", _("is missing"));
    }
    k->extension_times = docread_int(r, doc, "times", 1, 100, 1);
    k->extension_by = docread_text(r, doc, "approve", false);
    if (docread_name(r, doc, "consent", consents, -1) == 0) {
        k->extension_consent = mem_strdup("parties");
    }
    docread_leave(r, mark);
}

static void read_clock(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "title", "term", "limit", "kind", "roll", "from",
        "to", "drop", "profile", "level", "restart_on_host", "start_field", "when", "right",
        "pause", "extend", "steps", NULL};
    struct flow_clock *k = out;
    docread_only(r, doc, members);
    k->name = docread_text(r, doc, "name", true);
    k->title = docread_text(r, doc, "title", true);
    k->term = docread_text(r, doc, "term", false);
    k->limit = docread_span(r, doc, "limit");
    k->start_field = docread_text(r, doc, "start_field", false);
    if ((k->term == NULL) == (json_member(doc, "limit") == NULL)) {
        docread_fail(r, "term", _("a clock has either a term of the register or a limit"));
    }
    if (k->term == NULL && k->limit.n == 0 && k->start_field == NULL) {
        docread_fail(r, "limit", _("a limit of 0 days needs the date it ends on: start_field"));
    }
    k->kind = (enum due_kind)docread_name(r, doc, "kind", due_kinds, DUE_TARGET);
    k->roll = (enum due_roll)docread_name(r, doc, "roll", due_rolls, ROLL_NEXT);
    k->from = docread_texts(r, doc, "from", true);
    k->right = docread_flag(r, doc, "right", false);
    k->to = docread_texts(r, doc, "to", !k->right); /* a right may simply lapse */
    k->drop = docread_texts(r, doc, "drop", false);
    k->profile = docread_text(r, doc, "profile", false);
    k->level = docread_int(r, doc, "level", 0, 9, -1);
    k->restart_on_host = docread_flag(r, doc, "restart_on_host", false);
    k->guard = docread_text(r, doc, "when", false);
    k->pauses = flow_read_list(r, doc, "pause", sizeof *k->pauses, &k->pause_count, read_pause);
    read_extension(r, doc, k);
    k->steps = flow_read_list(r, doc, "steps", sizeof *k->steps, &k->step_count, flow_read_step);
}

static void read_field(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {
        "name", "title", "type", "required", "open", "max", "choices", "secret", NULL};
    struct flow_field *f = out;
    docread_only(r, doc, members);
    f->name = docread_text(r, doc, "name", true);
    f->title = docread_text(r, doc, "title", true);
    f->type = (enum field_type)docread_name(r, doc, "type", field_types, FIELD_TEXT);
    f->required = docread_flag(r, doc, "required", false);
    f->open = docread_flag(r, doc, "open", true);
    /* A field of a hundred thousand characters still fits a line of the wire. */
    f->max_chars = docread_int(r, doc, "max", 1, 100000, f->type == FIELD_INTEGER ? 0 : 2000);
    f->choices = docread_texts(r, doc, "choices", f->type == FIELD_CHOICE);
    f->secret = docread_text(r, doc, "secret", false);
}

static void read_role(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "title", "at", "members", NULL};
    struct flow_role *role = out;
    docread_only(r, doc, members);
    role->name = docread_text(r, doc, "name", true);
    role->title = docread_text(r, doc, "title", true);
    role->seat = (enum flow_seat)docread_name(r, doc, "at", seats, AT_HOST);
    role->members = docread_texts(r, doc, "members", true);
}

static void read_state(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "title", "initial", "final", "work", "keep",
        "outcome", "joint", "adhoc", "arrival", "called_off", "handling", NULL};
    struct flow_state *s = out;
    docread_only(r, doc, members);
    s->name = docread_text(r, doc, "name", true);
    s->title = docread_text(r, doc, "title", true);
    s->initial = docread_flag(r, doc, "initial", false);
    s->final = docread_flag(r, doc, "final", false);
    s->work = docread_text(r, doc, "work", false);
    s->keep = docread_text(r, doc, "keep", false);
    s->outcome = docread_text(r, doc, "outcome", false);
    flow_read_state_tasks(r, doc, s);
    s->arrival = docread_flag(r, doc, "arrival", false);
    s->called_off = docread_flag(r, doc, "called_off", false);
    s->handling = docread_flag(r, doc, "handling", false);
}

static void read_form_field(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "required", NULL};
    struct flow_form_field *f = out;
    docread_only(r, doc, members);
    f->name = docread_text(r, doc, "name", true);
    f->required = docread_flag(r, doc, "required", true);
}

static void read_action(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "title", "kind", "from", "to", "by", "form",
        "reason", "when", "run", "document", "profile", "reprofile", "route", "clock", "ground",
        "needs", "hand_over", "receipt", "within", "takes", NULL};
    struct flow_action *a = out;
    docread_only(r, doc, members);
    a->name = docread_text(r, doc, "name", true);
    a->title = docread_text(r, doc, "title", true);
    a->kind = (enum action_kind)docread_name(r, doc, "kind", action_kinds, ACTION_MOVE);
    a->from = docread_texts(r, doc, "from", true);
    a->to = docread_text(r, doc, "to", false);
    a->by = docread_texts(r, doc, "by", true);
    a->form = flow_read_list(r, doc, "form", sizeof *a->form, &a->form_count, read_form_field);
    a->reason = docread_flag(r, doc, "reason", false);
    a->guard = docread_text(r, doc, "when", false);
    a->hook = docread_text(r, doc, "run", false);
    a->document = docread_text(r, doc, "document", false);
    a->profile = docread_text(r, doc, "profile", false);
    a->reprofile = docread_flag(r, doc, "reprofile", false);
    a->has_route = flow_read_member_target(r, doc, "route", &a->route);
    a->clock = docread_text(r, doc, "clock", a->kind == ACTION_EXTEND);
    a->ground_field = docread_text(r, doc, "ground", false);
    a->needs = docread_texts(r, doc, "needs", false);
    a->hand_over = flow_read_hand_over(r, doc);
    a->receipt = (enum flow_receipt)docread_name(r, doc, "receipt", receipts, RECEIPT_NONE);
    a->within = docread_text(r, doc, "within", false);
    a->takes = docread_flag(r, doc, "takes", false);
}

static void read_profile(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "title", "from", "to", NULL};
    struct flow_profile *p = out;
    docread_only(r, doc, members);
    p->id = docread_text(r, doc, "name", true);
    p->title = docread_text(r, doc, "title", true);
    date_parse("1900-01-01", &p->from);
    date_parse("2199-12-31", &p->to);
    const char *from = json_text(doc, "from"), *to = json_text(doc, "to");
    if (from != NULL && !date_parse(from, &p->from)) {
        docread_fail(r, "from", _("is not a date: %s"), from);
    }
    if (to != NULL && !date_parse(to, &p->to)) {
        docread_fail(r, "to", _("is not a date: %s"), to);
    }
}

static void read_route(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"category", "place", "to", NULL};
    struct flow_route *route = out;
    docread_only(r, doc, members);
    route->category = docread_text(r, doc, "category", false);
    route->place = docread_text(r, doc, "place", false);
    if (!flow_read_member_target(r, doc, "to", &route->target)) {
        docread_fail(r, "to", _("is missing"));
    }
}

static void read_jump(struct docread *r, const json_t *doc, void *out)
{
    static const char *const members[] = {"name", "when", "to", "mark", "unless", "asks", NULL};
    struct flow_jump *j = out;
    docread_only(r, doc, members);
    j->name = docread_text(r, doc, "name", true);
    j->guard = docread_text(r, doc, "when", true);
    if (!flow_read_member_target(r, doc, "to", &j->target)) {
        docread_fail(r, "to", _("is missing"));
    }
    j->mark = docread_text(r, doc, "mark", false);
    j->unless = docread_text(r, doc, "unless", false);
    j->asks = docread_texts(r, doc, "asks", false);
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static char **names_or_empty(char **names)
{
    return names != NULL ? names : mem_array(1, sizeof *names);
}

static void read_classify(struct docread *r, const json_t *doc, struct flow *f)
{
    char **fields = docread_texts(r, doc, "classify", false);
    if (fields == NULL) {
        return;
    }
    if (fields[1] != NULL && fields[2] != NULL) {
        docread_fail(r, "classify", _("takes one or two fields: the subject and the text"));
    }
    f->classify =
        fields[1] != NULL ? mem_printf("%s,%s", fields[0], fields[1]) : mem_strdup(fields[0]);
    texts_free(fields);
}

static void read_seal(struct docread *r, const json_t *doc, struct flow_seal *seal)
{
    static const char *const members[] = {"field", "is", "never", NULL};
    const json_t *row = docread_object(r, doc, "sealed");
    if (row == NULL) {
        return;
    }
    size_t mark = docread_enter(r, "sealed");
    docread_only(r, row, members);
    seal->field = docread_text(r, row, "field", true);
    seal->is = docread_text(r, row, "is", true);
    seal->never = docread_text(r, row, "never", false);
    docread_leave(r, mark);
}

static void read_undo(struct docread *r, const json_t *doc, struct flow *f)
{
    char *text = docread_text(r, doc, "undo", false);
    if (!flow_undo_parse(text, &f->undo_ms)) {
        docread_fail(r, "undo", _("“%.40s” is neither a time up to 24 hours nor “never”"), text);
        err_hint(r->err, _("Write “10 minutes”, “1 hour” or “never”."));
    }
    mem_free(text);
}

static void read_flow(struct docread *r, const json_t *doc, struct flow *f)
{
    static const char *const members[] = {"api", "source", "id", "title", "track", "undo",
        "classify", "registers", "sealed", "fields", "roles", "clocks", "states", "actions",
        "profiles", "routes", "jumps", "guards", "hooks", "tasks", NULL};
    docread_only(r, doc, members);
    f->api = docread_int(r, doc, "api", 1, FLOW_API, FLOW_API);
    f->id = docread_text(r, doc, "id", true);
    f->title = docread_text(r, doc, "title", true);
    f->track = docread_text(r, doc, "track", false);
    read_undo(r, doc, f);
    read_classify(r, doc, f);
    f->registers = docread_texts(r, doc, "registers", false);
    read_seal(r, doc, &f->seal);
    f->fields = flow_read_list(r, doc, "fields", sizeof *f->fields, &f->field_count, read_field);
    f->roles = flow_read_list(r, doc, "roles", sizeof *f->roles, &f->role_count, read_role);
    f->clocks = flow_read_list(r, doc, "clocks", sizeof *f->clocks, &f->clock_count, read_clock);
    f->states = flow_read_list(r, doc, "states", sizeof *f->states, &f->state_count, read_state);
    f->actions =
        flow_read_list(r, doc, "actions", sizeof *f->actions, &f->action_count, read_action);
    f->profiles =
        flow_read_list(r, doc, "profiles", sizeof *f->profiles, &f->profile_count, read_profile);
    f->routes = flow_read_list(r, doc, "routes", sizeof *f->routes, &f->route_count, read_route);
    f->jumps = flow_read_list(r, doc, "jumps", sizeof *f->jumps, &f->jump_count, read_jump);
    f->tasks = flow_read_list(r, doc, "tasks", sizeof *f->tasks, &f->task_count, flow_read_task);
    f->guards = names_or_empty(docread_texts(r, doc, "guards", false));
    f->hooks = names_or_empty(docread_texts(r, doc, "hooks", false));
}

struct flow *flow_compile(json_t *doc, struct err *err)
{
    if (!json_is_object(doc)) {
        err_set(err, ERR_FORM, _("a workflow must be a table with names"));
        return NULL;
    }
    struct flow *f = mem_alloc(sizeof *f);
    f->doc = json_incref(doc);
    struct docread r;
    docread_init(&r, err);
    read_flow(&r, doc, f);
    if (r.failed) {
        flow_free(f);
        return NULL;
    }
    char *text = json_canonical(doc);
    f->hash = digest_of(text, strlen(text));
    digest_hex(&f->hash, f->version);
    free(text);
    return f;
}
