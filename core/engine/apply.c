/* engine/apply.c — see apply.h. One row per kind of change. */
#include "engine/apply.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

typedef void (*apply_fn)(struct casefile *c, const json_t *change);

static void set_text(char **place, const char *text)
{
    char *copy = mem_strdup(text);
    mem_free(*place);
    *place = copy;
}

/* Arrays are shared with earlier states of the case: a change makes a new one. */
static void set_json(json_t **place, json_t *next)
{
    json_decref(*place);
    *place = next;
}

static void array_with(json_t **array, const char *text)
{
    if (!json_array_has(*array, text)) {
        json_t *next = json_copy(*array);
        json_array_append_new(next, json_string(text));
        set_json(array, next);
    }
}

static void array_without(json_t **array, const char *text)
{
    json_t *next = json_array();
    for (size_t i = 0; i < json_array_size(*array); i++) {
        json_t *item = json_array_get(*array, i);
        if (!text_equal(json_string_value(item), text)) {
            json_array_append(next, item);
        }
    }
    set_json(array, next);
}

/* --- the case ------------------------------------------------------------------------------- */

static void apply_parties(struct casefile *c, const json_t *change)
{
    json_t *parties = json_object_get(change, "parties");
    if (json_is_array(parties)) {
        set_json(&c->parties, json_incref(parties));
    }
}

static void apply_open(struct casefile *c, const json_t *change)
{
    const struct {
        const char *key;
        char **place;
    } texts[] = {
        {"number", &c->number},
        {"flow", &c->flow},
        {"flow_version", &c->flow_version},
        {"profile", &c->profile},
        {"host", &c->host},
        {"origin", &c->origin},
        {"place", &c->place},
        {"source", &c->source},
        {"category", &c->category},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        set_text(texts[i].place, json_text(change, texts[i].key));
    }
    c->id = json_number(change, "id", 0);
    c->level = (int)json_number(change, "level", 0);
    c->received_ms = json_number(change, "received_ms", 0);
    c->opened_ms = json_number(change, "opened_ms", 0);
    apply_parties(c, change);
}

static void apply_state(struct casefile *c, const json_t *change)
{
    set_text(&c->state, json_text(change, "to"));
    c->acted_ms = json_number(change, "at_ms", c->acted_ms);
}

static void apply_fields(struct casefile *c, const json_t *change)
{
    json_t *set = json_object_get(change, "set");
    if (json_object_size(set) > 0) {
        json_t *next = json_copy(c->fields); /* shared with earlier states of the case */
        json_object_update(next, set);
        set_json(&c->fields, next);
    }
}

static void apply_host(struct casefile *c, const json_t *change)
{
    set_text(&c->host, json_text(change, "to"));
    set_text(&c->assignee, NULL);
}

static void apply_assignee(struct casefile *c, const json_t *change)
{
    set_text(&c->assignee, json_text(change, "to"));
}

static void apply_sealing(struct casefile *c, const json_t *change)
{
    c->sealed = json_flag(change, "on");
    set_text(&c->sealed_from, json_text(change, "from"));
}

static void apply_supervisor(struct casefile *c, const json_t *change)
{
    set_text(&c->supervisor, json_text(change, "to"));
}

static void apply_level(struct casefile *c, const json_t *change)
{
    c->level = (int)json_number(change, "to", c->level);
}

static void apply_mark(struct casefile *c, const json_t *change)
{
    array_with(&c->marks, json_text(change, "name"));
}

static void apply_unmark(struct casefile *c, const json_t *change)
{
    array_without(&c->marks, json_text(change, "name"));
}

/* The latest one stands last: a case goes back to the body it came from, however often. */
static void apply_participant(struct casefile *c, const json_t *change)
{
    array_without(&c->participants, json_text(change, "body"));
    array_with(&c->participants, json_text(change, "body"));
}

static void apply_profile(struct casefile *c, const json_t *change)
{
    set_text(&c->profile, json_text(change, "to"));
}

static void apply_category(struct casefile *c, const json_t *change)
{
    set_text(&c->category, json_text(change, "to"));
}

/* --- lists of things that belong to the case ------------------------------------------------- */

static json_t **list_named(struct casefile *c, const char *name)
{
    const struct {
        const char *name;
        json_t **list;
    } lists[] = {
        {"links", &c->links},
        {"tasks", &c->tasks},
        {"files", &c->files},
        {"documents", &c->documents},
        {"recused", &c->recused},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (text_equal(lists[i].name, name)) {
            return lists[i].list;
        }
    }
    return NULL;
}

/* {"op":"put","list","item":{"id",…}}: the item takes the place of the one with its id, or stands
 * last. {"op":"drop","list","id"}: it is gone. */
static void list_without(struct casefile *c, const json_t *change, const json_t *id, json_t *item)
{
    json_t **list = list_named(c, json_text(change, "list"));
    if (list == NULL || id == NULL) {
        return;
    }
    json_t *next = json_array();
    bool placed = false;
    for (size_t i = 0; i < json_array_size(*list); i++) {
        json_t *old = json_array_get(*list, i);
        if (!json_equal(json_object_get(old, "id"), id)) {
            json_array_append(next, old);
        } else if (item != NULL && !placed) {
            json_array_append(next, item);
            placed = true;
        }
    }
    if (item != NULL && !placed) {
        json_array_append(next, item);
    }
    set_json(list, next);
}

static void apply_put(struct casefile *c, const json_t *change)
{
    json_t *item = json_object_get(change, "item");
    list_without(c, change, json_object_get(item, "id"), item);
}

static void apply_drop(struct casefile *c, const json_t *change)
{
    list_without(c, change, json_object_get(change, "id"), NULL);
}

static void apply_root(struct casefile *c, const json_t *change)
{
    c->root = json_number(change, "to", 0);
}

/* The case as it was before an event that was taken back; its history goes on. */
static void apply_restore(struct casefile *c, const json_t *change)
{
    struct casefile *was = casefile_restore(
        json_object_get(change, "snapshot"), json_object_get(change, "fields"), NULL);
    if (was != NULL) {
        was->version = c->version;
        was->head = c->head;
        was->changed_ms = c->changed_ms;
        struct casefile now = *c;
        *c = *was;
        *was = now;
        casefile_free(was);
    }
}

static void apply_close(struct casefile *c, const json_t *change)
{
    c->closed_ms = json_number(change, "at_ms", 0);
    set_text(&c->outcome, json_text(change, "outcome"));
}

/* --- clocks --------------------------------------------------------------------------------- */

static struct date date_member(const json_t *change, const char *key)
{
    struct date d = {0};
    const char *text = json_text(change, key);
    if (text != NULL) {
        (void)date_parse(text, &d);
    }
    return d;
}

static void put_date(json_t *change, const char *key, struct date d)
{
    char text[DATE_TEXT];
    json_put_text(change, key, date_format(d, text));
}

void change_put_due(json_t *change, const struct due *due, json_t *calendar, const char *explain)
{
    put_date(change, "raw", due->raw);
    put_date(change, "legal", due->legal);
    put_date(change, "internal", due->internal);
    json_put_number(change, "due_ms", due->due_ms);
    json_object_set_new(change, "provisional", json_boolean(due->provisional));
    json_put_number(change, "first_year", due->first_year);
    json_put_number(change, "last_year", due->last_year);
    json_object_set(change, "calendar", calendar);
    json_put_text(change, "explain", explain);
}

/* The due date and the next step, as far as the change carries them. */
static void take_due(struct case_clock *k, const json_t *change)
{
    if (json_text(change, "legal") != NULL) {
        k->due = (struct due){
            .raw = date_member(change, "raw"),
            .legal = date_member(change, "legal"),
            .internal = date_member(change, "internal"),
            .due_ms = json_number(change, "due_ms", 0),
            .provisional = json_flag(change, "provisional"),
            .first_year = (int)json_number(change, "first_year", 0),
            .last_year = (int)json_number(change, "last_year", 0),
        };
        set_text(&k->explain, json_text(change, "explain"));
        json_decref(k->calendar);
        k->calendar = json_incref(json_object_get(change, "calendar"));
    }
    k->step_next = (int)json_number(change, "step_next", k->step_next);
    k->wake_ms = json_number(change, "wake_ms", k->wake_ms);
}

static void take_span(const json_t *change, const char *key, struct span *span)
{
    const char *text = json_text(change, key);
    if (text != NULL) {
        (void)span_parse(text, span, NULL);
    }
}

static void clock_start(struct casefile *c, const json_t *change)
{
    struct case_clock *k = casefile_add_clock(c);
    set_text(&k->name, json_text(change, "clock"));
    set_text(&k->title, json_text(change, "title"));
    set_text(&k->term, json_text(change, "term"));
    set_text(&k->law, json_text(change, "law"));
    k->state = CLOCK_RUNNING;
    k->term_version = (int)json_number(change, "term_version", 0);
    k->start_ms = json_number(change, "start_ms", 0);
    take_span(change, "span", &k->span);
    (void)due_kind_parse(json_text(change, "kind"), &k->kind);
    (void)due_roll_parse(json_text(change, "roll"), &k->roll);
    k->litigation = json_flag(change, "litigation");
    k->clear_days = json_flag(change, "clear_days");
    k->right = json_flag(change, "right");
    k->wake_ms = INT64_MAX;
    take_due(k, change);
}

static void end_clock(struct case_clock *k, enum clock_state state, const json_t *change)
{
    k->state = state;
    k->ended_ms = json_number(change, "at_ms", 0);
    k->wake_ms = INT64_MAX;
}

static void clock_late(struct case_clock *k, const json_t *change)
{
    (void)change;
    k->state = CLOCK_LATE;
    k->was_late = true;
}

static void clock_met(struct case_clock *k, const json_t *change)
{
    k->was_late = k->was_late || json_flag(change, "late");
    end_clock(k, CLOCK_MET, change);
}

static void clock_cancel(struct case_clock *k, const json_t *change)
{
    end_clock(k, CLOCK_CANCELLED, change);
}

static void clock_pause(struct case_clock *k, const json_t *change)
{
    k->state = CLOCK_PAUSED;
    k->paused_from = date_member(change, "from");
    k->wake_ms = INT64_MAX;
}

bool exclusions_add(struct exclusion list[], size_t *count, struct exclusion add)
{
    struct exclusion all[DUE_EXCLUSIONS_MAX + 1];
    size_t n = 0;
    bool placed = false;
    for (size_t i = 0; i < *count; i++) {
        struct exclusion x = list[i];
        if (date_compare(x.to, add.from) < 0) {
            all[n++] = x;
        } else if (date_compare(x.from, add.to) > 0) {
            if (!placed) {
                all[n++] = add;
                placed = true;
            }
            all[n++] = x;
        } else {
            add.from = date_compare(x.from, add.from) < 0 ? x.from : add.from;
            add.to = date_compare(x.to, add.to) > 0 ? x.to : add.to;
        }
    }
    if (!placed) {
        all[n++] = add;
    }
    if (n > DUE_EXCLUSIONS_MAX) {
        return false;
    }
    memcpy(list, all, n * sizeof *all);
    *count = n;
    return true;
}

/* A due date that was computed anew also says whether the clock is late by it. */
static void take_new_due(struct case_clock *k, const json_t *change)
{
    if (k->state != CLOCK_PAUSED) {
        k->was_late = json_flag(change, "late");
        k->state = k->was_late ? CLOCK_LATE : CLOCK_RUNNING;
    }
    take_due(k, change);
}

/* Another row of the register of terms: the same start, another length or way of counting. */
static void clock_take_term(struct case_clock *k, const json_t *change)
{
    set_text(&k->law, json_text(change, "law"));
    k->term_version = (int)json_number(change, "term_version", 0);
    take_span(change, "span", &k->span);
    (void)due_kind_parse(json_text(change, "kind"), &k->kind);
    (void)due_roll_parse(json_text(change, "roll"), &k->roll);
    k->litigation = json_flag(change, "litigation");
    k->clear_days = json_flag(change, "clear_days");
    take_new_due(k, change);
}

/* Excluded days, with the new due date; ends a pause when there was one. */
static void clock_exclude(struct case_clock *k, const json_t *change)
{
    (void)exclusions_add(k->excluded, &k->excluded_count,
        (struct exclusion){date_member(change, "from"), date_member(change, "to")});
    k->state = k->state == CLOCK_PAUSED ? CLOCK_RUNNING : k->state;
    take_new_due(k, change);
}

static void clock_extend(struct case_clock *k, const json_t *change)
{
    take_span(change, "extension", &k->extension);
    k->extended++;
    take_new_due(k, change);
}

typedef void (*clock_fn)(struct case_clock *k, const json_t *change);

static const struct {
    const char *op;
    clock_fn fn;
} clock_ops[] = {
    {"clock.step", take_due},
    {"clock.late", clock_late},
    {"clock.met", clock_met},
    {"clock.cancel", clock_cancel},
    {"clock.pause", clock_pause},
    {"clock.exclude", clock_exclude},
    {"clock.extend", clock_extend},
    {"clock.recompute", take_new_due},
    {"clock.term", clock_take_term},
};

static const struct {
    const char *op;
    apply_fn fn;
} case_ops[] = {
    {"open", apply_open},
    {"state", apply_state},
    {"fields", apply_fields},
    {"parties", apply_parties},
    {"host", apply_host},
    {"assignee", apply_assignee},
    {"supervisor", apply_supervisor},
    {"seal", apply_sealing},
    {"level", apply_level},
    {"mark", apply_mark},
    {"unmark", apply_unmark},
    {"participant", apply_participant},
    {"profile", apply_profile},
    {"category", apply_category},
    {"close", apply_close},
    {"restore", apply_restore},
    {"root", apply_root},
    {"put", apply_put},
    {"drop", apply_drop},
    {"clock.start", clock_start},
};

void apply_change(struct casefile *c, const json_t *change)
{
    const char *op = json_text(change, "op");
    for (size_t i = 0; i < sizeof case_ops / sizeof case_ops[0]; i++) {
        if (text_equal(case_ops[i].op, op)) {
            case_ops[i].fn(c, change);
            return;
        }
    }
    const char *name = json_text(change, "clock");
    struct case_clock *k = name == NULL ? NULL : casefile_clock(c, name);
    for (size_t i = 0; k != NULL && i < sizeof clock_ops / sizeof clock_ops[0]; i++) {
        if (text_equal(clock_ops[i].op, op)) {
            clock_ops[i].fn(k, change);
            return;
        }
    }
}

void apply_event(struct casefile *c, const json_t *event, int64_t version, struct digest head)
{
    json_t *changes = json_object_get(event, "changes");
    for (size_t i = 0; i < json_array_size(changes); i++) {
        apply_change(c, json_array_get(changes, i));
    }
    c->version = version;
    c->head = head;
    apply_seal(c, event);
}

void apply_seal(struct casefile *c, const json_t *event)
{
    c->changed_ms = json_number(event, "at", 0);
    set_text(&c->last_actor, json_text(event, "actor"));
    set_text(&c->lasting, json_text(event, "lasting"));
}

struct digest event_hash(const struct digest *head, const char *data)
{
    return digest_of2(head->bytes, sizeof head->bytes, data, strlen(data));
}
