/* domain/org.h — the territory tree, the bodies in it, people and their memberships.
 *
 * Everything is data from CSV and valid from–to a day; lookups take the day they ask for.
 * Rights follow the subtree of a body's place. */
#ifndef FQ_DOMAIN_ORG_H
#define FQ_DOMAIN_ORG_H

#include "base/civil.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { ORG_DEPTH_MAX = 8 }; /* grid, village, town, district, city, region and room to spare */

struct place {
    char *code;                 /* "150303104201" */
    char *name;                 /* 羊路井村 */
    int level;                  /* 0 grid, 1 village, 2 town, 3 district, 4 city, 5 region */
    const struct place *parent; /* NULL at the root */
    char *path; /* codes from the root down, "/150300/150303/150303104/150303104201/" — a prefix
                 * of the path of every place below */
    struct date from, to;
};

struct body {
    char *id;     /* ASCII: "yanglujing.tw", "hainan.rsj" */
    char *name;   /* 羊路井村人民调解委员会 */
    char *sign;   /* prefix of its case numbers: 羊调; unique; the id when none is given */
    char *kind;   /* vc tw sfs town xfj agency court zzzx … (DOMAIN §1.3 tokens) */
    char *agency; /* agency code for routing by subject: rsj nmj sthjj zrzyj zjj …; may be NULL */
    char *track;  /* petition people administrative judicial; may be NULL */
    const struct place *place;
    const struct body *review; /* 复查机关: the organ that reviews its opinions; may be NULL */
    char **hosts;              /* flow ids it can host; NULL-terminated */
    struct date from, to;
};

struct member {
    char *user; /* person id */
    const struct body *body;
    char *role; /* mediator chief handler clerk head bureau overseer leader admin … */
    struct date from, to;
};

struct person {
    char *id; /* login name, ASCII */
    char *name;
    bool demo; /* made by a rule, for demonstration */
};

struct org; /* opaque */

/* doc: {"places":[…],"bodies":[…],"persons":[…],"members":[…]} — arrays of objects whose members
 * are the CSV columns (all strings). Refuses unknown parents, cycles, duplicate ids, bad dates,
 * naming file row and column in the message. */
struct org *org_load(const json_t *doc, struct err *err);
void org_free(struct org *o);               /* accepts NULL */
const json_t *org_doc(const struct org *o); /* borrowed: what it was loaded from */

const struct place *org_place(const struct org *o, const char *code);
/* By code or name; several of that name give NULL and ERR_PARAMS that lists the codes. */
const struct place *org_place_find(const struct org *o, const char *code_or_name, struct err *err);
const struct body *org_body(const struct org *o, const char *id);
const struct body *org_body_find(const struct org *o, const char *id_or_name, struct err *err);
const struct person *org_person(const struct org *o, const char *id);
size_t org_place_count(const struct org *o);
const struct place *org_place_at(const struct org *o, size_t i);
size_t org_body_count(const struct org *o);
const struct body *org_body_at(const struct org *o, size_t i);

bool place_within(const struct place *inner, const struct place *outer); /* same counts */

/* What a search for a body asks. NULL members do not matter. */
struct body_wish {
    const char *kind, *agency, *flow;
    int level_min, level_max; /* of the body's place; level_max 0: no bound above */
};
/* The nearest such body at `from` or above it in the tree, in force on day d; then, when none
 * stands above, NULL. Among several at one place the first in the data wins. */
const struct body *org_nearest(
    const struct org *o, const struct place *from, const struct body_wish *wish, struct date d);
/* The nearest body strictly above the level of `host` that can host `flow`. */
const struct body *org_superior(
    const struct org *o, const struct body *host, const char *flow, struct date d);
/* The i-th body at a place, in the order of the data, in force or not; NULL behind the last. */
const struct body *org_body_in(const struct org *o, const struct place *place, size_t i);
bool body_can_host(const struct body *b, const char *flow);
bool body_in_force(const struct body *b, struct date d);

/* Memberships of a user, or in a body, in force on day d (the body must be in force too); calls
 * back each, in the order of the data. */
typedef void (*org_member_fn)(const struct member *m, void *ctx);
void org_members_of(
    const struct org *o, const char *user, struct date d, org_member_fn fn, void *ctx);
void org_members_in(
    const struct org *o, const char *body, struct date d, org_member_fn fn, void *ctx);

#endif
