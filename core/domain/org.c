/* domain/org.c — see org.h. Loading is in org_load.c. */
#include "domain/org.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/memory.h"
#include "base/text.h"
#include "domain/docread.h"
#include "domain/org_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 20 }; /* codes named when a name is not unique; more helps nobody */

/* --- indexes ---------------------------------------------------------------------------------- */

const char *org_place_code(const void *item)
{
    return ((const struct place *)item)->code;
}

const char *org_place_name(const void *item)
{
    return ((const struct place *)item)->name;
}

const char *org_body_id(const void *item)
{
    return ((const struct body *)item)->id;
}

const char *org_body_name(const void *item)
{
    return ((const struct body *)item)->name;
}

const char *org_body_sign(const void *item)
{
    return ((const struct body *)item)->sign;
}

const char *org_body_place(const void *item)
{
    return ((const struct body *)item)->place->code;
}

const char *org_person_id(const void *item)
{
    return ((const struct person *)item)->id;
}

const char *org_member_user(const void *item)
{
    return ((const struct member *)item)->user;
}

const char *org_member_body(const void *item)
{
    return ((const struct member *)item)->body->id;
}

static int compare_items(const void *a, const void *b, void *ctx)
{
    const struct org_index *x = ctx;
    const void *first = *(const void *const *)a, *second = *(const void *const *)b;
    int order = strcmp(x->key(first), x->key(second));
    return order != 0 ? order : (first > second) - (first < second);
}

void org_index_build(struct org_index *x, const void *records, size_t count, size_t size,
    const char *(*key)(const void *item))
{
    x->items = mem_array(count + 1, sizeof *x->items);
    x->count = count;
    x->key = key;
    for (size_t i = 0; i < count; i++) {
        x->items[i] = (const char *)records + i * size;
    }
    qsort_r(x->items, count, sizeof *x->items, compare_items, x);
}

size_t org_index_first(const struct org_index *x, const char *key)
{
    size_t low = 0, high = x->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(x->key(x->items[middle]), key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return org_index_at(x, low, key) == NULL ? x->count : low;
}

const void *org_index_at(const struct org_index *x, size_t i, const char *key)
{
    return i < x->count && strcmp(x->key(x->items[i]), key) == 0 ? x->items[i] : NULL;
}

const char *org_index_nearest(const struct org_index *x, const char *key)
{
    const char **names = mem_array(x->count + 1, sizeof *names);
    for (size_t i = 0; i < x->count; i++) {
        names[i] = x->key(x->items[i]);
    }
    const char *near = text_nearest(key, names, x->count);
    mem_free(names);
    return near;
}

static const void *find(const struct org_index *x, const char *key)
{
    return key == NULL ? NULL : org_index_at(x, org_index_first(x, key), key);
}

/* --- the whole -------------------------------------------------------------------------------- */

void org_free(struct org *o)
{
    if (o == NULL) {
        return;
    }
    for (size_t i = 0; i < o->place_count; i++) {
        mem_free(o->places[i].code);
        mem_free(o->places[i].name);
        mem_free(o->places[i].path);
    }
    for (size_t i = 0; i < o->body_count; i++) {
        struct body *b = &o->bodies[i];
        char *texts[] = {b->id, b->name, b->sign, b->kind, b->agency, b->track};
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
            mem_free(texts[j]);
        }
        texts_free(b->hosts);
    }
    for (size_t i = 0; i < o->person_count; i++) {
        mem_free(o->persons[i].id);
        mem_free(o->persons[i].name);
    }
    for (size_t i = 0; i < o->member_count; i++) {
        mem_free(o->members[i].user);
        mem_free(o->members[i].role);
    }
    struct org_index *const indexes[] = {&o->places_by_code, &o->places_by_name, &o->bodies_by_id,
        &o->bodies_by_name, &o->bodies_by_sign, &o->bodies_by_place, &o->persons_by_id,
        &o->members_by_user, &o->members_by_body};
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        mem_free(indexes[i]->items);
    }
    mem_free(o->places);
    mem_free(o->bodies);
    mem_free(o->persons);
    mem_free(o->members);
    json_decref(o->doc);
    mem_free(o);
}

const json_t *org_doc(const struct org *o)
{
    return o->doc;
}

/* --- finding one ------------------------------------------------------------------------------ */

/* By id, else by name as typed or folded. A name that several bear, or none, is an error that
 * says what to type instead. */
static const void *find_named(
    const struct org_index *ids, const struct org_index *names, const char *wanted, struct err *err)
{
    char *folded = text_fold(wanted);
    const void *found = find(ids, wanted);
    size_t first = names->count;
    const char *name = wanted;
    if (found == NULL) {
        found = find(ids, folded);
    }
    if (found == NULL) {
        first = org_index_first(names, wanted);
        if (first == names->count) {
            first = org_index_first(names, folded);
            name = folded;
        }
        found = org_index_at(names, first, name);
    }
    if (found == NULL) {
        const char *near = org_index_nearest(names, folded);
        near = near == NULL ? org_index_nearest(ids, folded) : near;
        err_set(err, ERR_PARAMS, _("\"%.100s\" does not exist"), wanted);
        if (near != NULL && err != NULL) {
            err_hint(err, _("did you mean \"%s\"?"), near);
            err_data(err, "did_you_mean", json_string(near));
        }
    } else if (first < names->count && org_index_at(names, first + 1, name) != NULL) {
        struct buf list = {0};
        json_t *several = json_array();
        for (size_t i = first; org_index_at(names, i, name) != NULL && i < first + LISTED_MAX;
             i++) {
            buf_addf(&list, "%s%s", i == first ? "" : " ", ids->key(names->items[i]));
            json_array_append_new(several, json_string(ids->key(names->items[i])));
        }
        err_set(err, ERR_PARAMS, _("several are called \"%s\": %s"), name, buf_text(&list));
        err_hint(err, _("name it by its code"));
        err_data(err, "several", several);
        buf_close(&list);
        found = NULL;
    }
    mem_free(folded);
    return found;
}

const struct place *org_place(const struct org *o, const char *code)
{
    return find(&o->places_by_code, code);
}

const struct place *org_place_find(const struct org *o, const char *code_or_name, struct err *err)
{
    return find_named(&o->places_by_code, &o->places_by_name, code_or_name, err);
}

const struct body *org_body(const struct org *o, const char *id)
{
    return find(&o->bodies_by_id, id);
}

const struct body *org_body_find(const struct org *o, const char *id_or_name, struct err *err)
{
    return find_named(&o->bodies_by_id, &o->bodies_by_name, id_or_name, err);
}

const struct person *org_person(const struct org *o, const char *id)
{
    return find(&o->persons_by_id, id);
}

size_t org_place_count(const struct org *o)
{
    return o->place_count;
}

const struct place *org_place_at(const struct org *o, size_t i)
{
    assert(i < o->place_count);
    return &o->places[i];
}

size_t org_body_count(const struct org *o)
{
    return o->body_count;
}

const struct body *org_body_at(const struct org *o, size_t i)
{
    assert(i < o->body_count);
    return &o->bodies[i];
}

const struct body *org_body_in(const struct org *o, const struct place *place, size_t i)
{
    size_t first = org_index_first(&o->bodies_by_place, place->code);
    return org_index_at(&o->bodies_by_place, first + i, place->code);
}

/* --- finding the way -------------------------------------------------------------------------- */

bool place_within(const struct place *inner, const struct place *outer)
{
    return inner != NULL && outer != NULL && text_starts(inner->path, outer->path);
}

static bool in_force(struct date from, struct date to, struct date d)
{
    return date_compare(from, d) <= 0 && date_compare(d, to) <= 0;
}

bool body_in_force(const struct body *b, struct date d)
{
    return in_force(b->from, b->to, d);
}

bool body_can_host(const struct body *b, const char *flow)
{
    for (char **host = b->hosts; *host != NULL; host++) {
        if (strcmp(*host, flow) == 0) {
            return true;
        }
    }
    return false;
}

static bool body_fits(const struct body *b, const struct body_wish *wish)
{
    return (wish->kind == NULL || strcmp(b->kind, wish->kind) == 0) &&
           (wish->agency == NULL || text_equal(b->agency, wish->agency)) &&
           (wish->flow == NULL || body_can_host(b, wish->flow));
}

const struct body *org_nearest(
    const struct org *o, const struct place *from, const struct body_wish *wish, struct date d)
{
    for (const struct place *p = from; p != NULL; p = p->parent) {
        if (p->level < wish->level_min || (wish->level_max > 0 && p->level > wish->level_max)) {
            continue;
        }
        const struct org_index *x = &o->bodies_by_place;
        const struct body *b;
        for (size_t i = org_index_first(x, p->code); (b = org_index_at(x, i, p->code)) != NULL;
             i++) {
            if (body_in_force(b, d) && body_fits(b, wish)) {
                return b;
            }
        }
    }
    return NULL;
}

const struct body *org_superior(
    const struct org *o, const struct body *host, const char *flow, struct date d)
{
    struct body_wish wish = {.flow = flow};
    return org_nearest(o, host->place->parent, &wish, d);
}

/* --- memberships ------------------------------------------------------------------------------ */

static void each_member(
    const struct org_index *x, const char *key, struct date d, org_member_fn fn, void *ctx)
{
    const struct member *m;
    for (size_t i = org_index_first(x, key); (m = org_index_at(x, i, key)) != NULL; i++) {
        if (in_force(m->from, m->to, d) && body_in_force(m->body, d)) {
            fn(m, ctx);
        }
    }
}

void org_members_of(
    const struct org *o, const char *user, struct date d, org_member_fn fn, void *ctx)
{
    each_member(&o->members_by_user, user, d, fn, ctx);
}

void org_members_in(
    const struct org *o, const char *body, struct date d, org_member_fn fn, void *ctx)
{
    each_member(&o->members_by_body, body, d, fn, ctx);
}
