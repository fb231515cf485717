/* domain/taxonomy.h — categories and the index of their words; private to taxonomy.c, which
 * builds them, and classify.c, which asks them. */
#ifndef FQ_DOMAIN_TAXONOMY_H
#define FQ_DOMAIN_TAXONOMY_H

#include "domain/classify.h"

#include <stdbool.h>
#include <stdint.h>

struct unit {
    char *text;    /* owned */
    size_t pairs;  /* distinct */
    double mass;   /* rarity of all its pairs together */
    size_t *users; /* owned; indexes into uses */
    size_t user_count;
};

struct category {
    char *path;   /* owned */
    char *agency; /* owned; may be NULL */
    bool rest;    /* its last name says "other" */
};

struct use { /* a unit speaks for a category */
    size_t unit, category;
    int weight;
};

/* pair -> unit; sorted by pair */
struct posting {
    uint64_t pair;
    size_t unit;
};

struct taxonomy {
    struct category *categories; /* owned; in the order of the rows */
    size_t category_count;
    struct unit *units; /* owned; sorted by text */
    size_t unit_count;
    struct use *uses; /* owned */
    size_t use_count;
    struct posting *index; /* owned */
    size_t index_count;
    uint64_t *ignored; /* owned; pairs every letter has, ascending */
    size_t ignored_count;
};

/* The distinct pairs of neighbouring Chinese characters, ascending; at most max of them. */
size_t taxonomy_pairs(const char *text, uint64_t out[], size_t max);
bool taxonomy_ignores(const struct taxonomy *t, uint64_t pair);
/* The first posting not below pair; the one behind the last of its pair. */
size_t taxonomy_find(const struct taxonomy *t, uint64_t pair);
size_t taxonomy_posting_end(const struct taxonomy *t, size_t i);
/* A pair in few units tells more than one in many. */
double taxonomy_rarity(const struct taxonomy *t, size_t units);

#endif
