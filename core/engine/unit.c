/* engine/unit.c — see unit.h. */
#include "engine/unit.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/apply.h"
#include "engine/links.h"
#include "engine/party.h"
#include "engine/tasks.h"
#include "engine/words.h"

#include <stdlib.h>

enum {
    TITLE_CHARS_MAX = 40,  /* a line of a list at 80 columns */
    SNAPSHOT_BYTES = 4000, /* of most cases */
};

const char *case_place_path(const struct engine *e, const struct casefile *c)
{
    const struct place *p = c->place == NULL || c->sealed ? NULL : org_place(e->org, c->place);
    return p == NULL ? "" : p->path;
}

char *case_title(const struct flow *flow, const struct casefile *c)
{
    for (size_t i = 0; i < flow->field_count; i++) {
        const struct flow_field *f = &flow->fields[i];
        const char *text = json_text(c->fields, f->name);
        if (f->type == FIELD_TEXT && f->open && f->secret == NULL && text != NULL) {
            return mem_strndup(text, utf8_offset(text, TITLE_CHARS_MAX));
        }
    }
    return mem_strdup(flow->title);
}

/* " a b c ": a body is found in it by " b ". */
static char *joined(const json_t *names)
{
    struct buf b = {0};
    for (size_t i = 0; i < json_array_size(names); i++) {
        buf_addf(&b, " %s", json_string_value(json_array_get(names, i)));
    }
    if (b.len > 0) {
        buf_addc(&b, ' ');
    }
    return buf_take(&b);
}

/* Bodies that were asked something read the case like its former hosts. */
static char *readers(const struct casefile *c)
{
    if (json_array_size(c->tasks) == 0) {
        return joined(c->participants);
    }
    json_t *names = json_copy(c->participants);
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        if (!task_is(task, "sub")) {
            json_array_add_once(names, json_text(task, "body"));
        }
    }
    char *list = joined(names);
    json_decref(names);
    return list;
}

/* What is still open, short: it is read with every row of a desk. */
static char *open_tasks(const struct casefile *c)
{
    static const char *const members[] = {
        "id", "kind", "name", "title", "body", "user", "due_ms", "legal", "level", "late", "lead"};
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(c->tasks); i++) {
        const json_t *task = json_array_get(c->tasks, i);
        json_t *row = json_object();
        bool owed = task_is_open(task) && !task_is(task, "sub"); /* that has a case of its own */
        for (size_t k = 0; owed && k < sizeof members / sizeof members[0]; k++) {
            json_t *value = json_object_get(task, members[k]);
            if (value != NULL) {
                json_object_set(row, members[k], value);
            }
        }
        if (owed) {
            json_array_append(list, row);
        }
        json_decref(row);
    }
    char *text = json_compact(list);
    json_decref(list);
    return text;
}

/* Contents that were put into its files by this event, " a b "; NULL when there are none. */
static char *hashes_attached(const struct decision *d)
{
    struct buf b = {0};
    for (size_t i = 0; i < json_array_size(d->changes); i++) {
        const json_t *change = json_array_get(d->changes, i);
        const char *hash = json_text(json_object_get(change, "item"), "hash");
        if (hash != NULL && text_equal(json_text(change, "list"), "files")) {
            buf_addf(&b, " %s ", hash);
        }
    }
    return b.len > 0 ? buf_take(&b) : NULL;
}

static bool root_changed(const struct decision *d)
{
    for (size_t i = 0; i < json_array_size(d->changes); i++) {
        if (text_equal(json_text(json_array_get(d->changes, i), "op"), "root")) {
            return true;
        }
    }
    return false;
}

/* A body that a sealed case is kept from finds it in no list. */
static const char *listed_for(const struct casefile *c, const char *body)
{
    return c->sealed && text_equal(body, c->sealed_from) ? NULL : body;
}

static void fill_columns(struct store_case_unit *k, const struct decision *d)
{
    const struct casefile *c = d->kase;
    const struct case_clock *pressing = casefile_pressing_clock(c);
    k->number = mem_strdup(c->number);
    k->flow = mem_strdup(c->flow);
    k->state = mem_strdup(c->state);
    k->host = mem_strdup(c->host);
    k->assignee = mem_strdup(c->assignee);
    k->supervisor = mem_strdup(listed_for(c, c->supervisor));
    k->origin = mem_strdup(listed_for(c, c->origin));
    k->place_path = mem_strdup(case_place_path(d->engine, c));
    k->category = c->sealed ? NULL : mem_strdup(c->category);
    k->title = c->sealed ? NULL : case_title(d->entry->flow, c);
    k->parties = party_names(c);
    k->listed = json_array_has(c->marks, "listed");
    k->participants = c->sealed ? mem_strdup("") : readers(c);
    k->mark = mem_strdup(worst_colour(c));
    k->asked = d->tasks_changed ? open_tasks(c) : NULL;
    k->attached = hashes_attached(d);
    k->root = root_changed(d) ? c->root : 0;
    k->level = c->level;
    k->opened_ms = c->opened_ms;
    k->received_ms = c->received_ms;
    k->closed_ms = c->closed_ms;
    /* A clock that stands still has no end that lists could call late. */
    k->due_ms = pressing == NULL || pressing->state == CLOCK_PAUSED ? 0 : pressing->due.due_ms;
    k->wake_ms = casefile_wake_ms(c);
}

/* Bodies whose answer is awaited, or was until this event. */
static json_t *bodies_asked(const struct decision *d)
{
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(d->kase->tasks); i++) {
        const json_t *task = json_array_get(d->kase->tasks, i);
        if (task_is_open(task) || json_number(task, "ended_ms", 0) == d->at_ms) {
            json_array_add_once(names, json_text(task, "body"));
        }
    }
    return names;
}

static void for_listeners(const struct decision *d, struct pending *p)
{
    const struct casefile *c = d->kase;
    p->event = json_pack("{s:I,s:s,s:s,s:I,s:I,s:s,s:s,s:O,s:s?,s:s?,s:s?,s:s}", "case",
        (json_int_t)c->id, "number", c->number, "flow", c->flow, "version", (json_int_t)c->version,
        "at_ms", (json_int_t)d->now_ms, "type", d->type, "actor", p->user, "data", d->event, "host",
        c->host, "origin", listed_for(c, c->origin), "supervisor", listed_for(c, c->supervisor),
        "place_path", case_place_path(d->engine, c));
    if (!c->sealed && json_array_size(c->tasks) > 0) {
        json_object_set_new(p->event, "asked", bodies_asked(d));
    }
}

struct store_unit *unit_make(struct decision *d, struct pending *p)
{
    struct casefile *c = d->kase;
    struct store_unit *u = store_unit_new();
    struct store_case_unit *k = mem_alloc(sizeof *k);
    json_object_set(d->event, "changes", d->changes);
    if (c->sealed) {
        json_object_set_new(d->event, "sealed", json_true());
    }
    k->data = json_canonical(d->event);
    c->version++;
    k->prev = c->head; /* another daemon may have opened another case under this id */
    c->head = k->hash = event_hash(&c->head, k->data);
    apply_seal(c, d->event);
    k->case_id = c->id;
    k->version = c->version;
    k->at_ms = d->now_ms;
    k->type = mem_strdup(d->type);
    k->actor = mem_strdup(p->user);
    struct buf snapshot = {0};
    buf_reserve(&snapshot, SNAPSHOT_BYTES);
    casefile_write(c, &snapshot);
    k->snapshot = buf_take(&snapshot);
    k->fields = d->fields_changed || c->version == 1 ? json_compact(c->fields) : NULL;
    /* What was handed over under seal is not found by search (DOMAIN §2.k). */
    k->search = d->search.len > 0 && !link_sealed(c) && !c->sealed ? buf_take(&d->search) : NULL;
    k->effects = json_array_size(d->effects) > 0 ? json_incref(d->effects) : NULL;
    k->withdraw = json_incref(d->withdraw);
    fill_columns(k, d);
    const json_t *numbered = json_object_get(d->event, "numbered");
    k->series = mem_strdup(json_text(numbered, "series"));
    k->serial = json_number(numbered, "serial", 0);
    u->kase = k;
    json_put_number(p->result, "version", c->version);
    if (p->key != NULL) {
        u->key = mem_strdup(p->key);
        u->user = mem_strdup(p->user);
        u->method = mem_strdup(p->method);
        u->params_hash = p->command.params_hash;
        u->response = json_compact(p->result);
        p->text = mem_strdup(u->response);
        /* Real time: a virtual clock that jumps a year must not make answers forgotten. */
        u->key_at_ms = wallclock_now_ms(&(struct wallclock){0});
    }
    for_listeners(d, p);
    return u;
}
