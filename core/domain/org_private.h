/* domain/org_private.h — what org.c (asking) and org_load.c (reading) share. */
#ifndef FQ_DOMAIN_ORG_PRIVATE_H
#define FQ_DOMAIN_ORG_PRIVATE_H

#include "domain/org.h"

/* Records sorted by one of their texts, equal texts in the order of the data. Ten thousand people
 * ask for their bodies all day: nothing here is looked up by walking the data. */
struct org_index {
    const void **items; /* owned array of borrowed records of one array */
    size_t count;
    const char *(*key)(const void *item);
};

struct org {
    json_t *doc; /* owned reference */
    struct place *places;
    size_t place_count;
    struct body *bodies;
    size_t body_count;
    struct person *persons;
    size_t person_count;
    struct member *members;
    size_t member_count;
    struct org_index places_by_code, places_by_name;
    struct org_index bodies_by_id, bodies_by_name, bodies_by_sign, bodies_by_place;
    struct org_index persons_by_id, members_by_user, members_by_body;
};

void org_index_build(struct org_index *x, const void *records, size_t count, size_t size,
    const char *(*key)(const void *item));
size_t org_index_first(const struct org_index *x, const char *key); /* x->count: none */
/* The record at i when its key is still `key`, else NULL: ends a walk over equal keys. */
const void *org_index_at(const struct org_index *x, size_t i, const char *key);
/* The key closest to a mistyped one; NULL when none is near. */
const char *org_index_nearest(const struct org_index *x, const char *key);

const char *org_place_code(const void *item);
const char *org_place_name(const void *item);
const char *org_body_id(const void *item);
const char *org_body_name(const void *item);
const char *org_body_sign(const void *item);
const char *org_body_place(const void *item);
const char *org_person_id(const void *item);
const char *org_member_user(const void *item);
const char *org_member_body(const void *item);

#endif
