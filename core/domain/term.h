/* domain/term.h — the register of legal time limits (DOMAIN §2.l), effective-dated data. */
#ifndef FQ_DOMAIN_TERM_H
#define FQ_DOMAIN_TERM_H

#include "domain/due.h"

struct term {
    char *id;    /* "XF.HANDLE" */
    char *title; /* 办结 */
    struct span span;
    enum due_kind kind;
    enum due_roll roll;
    char *start;           /* what starts it, in words */
    struct span extension; /* n 0: none */
    int extension_times;
    char *extension_by; /* who approves, in words; may be NULL */
    char **excludable;  /* reasons that stop it (DOMAIN §3.3); NULL-terminated, often empty */
    bool litigation, clear_days;
    char *law;            /* "信访条例 第三十三条" */
    char mark;            /* A B U D; see DOMAIN §0.1 */
    struct date from, to; /* days it is in force, both inclusive */
    int version;
};

struct terms; /* opaque */

/* rows: array of objects with the members above (span "60 d", from/to dates or absent).
 * NULL and an ERR_FORM that names the row and member. */
struct terms *terms_load(const json_t *rows, struct err *err);
void terms_free(struct terms *t); /* accepts NULL */
/* The row of id in force on day d; NULL when none is. Borrowed. */
const struct term *terms_find(const struct terms *t, const char *id, struct date d);
/* The id closest to a mistyped one; NULL when none is near. Borrowed. */
const char *terms_nearest(const struct terms *t, const char *id);
size_t terms_count(const struct terms *t);
const struct term *terms_at(const struct terms *t, size_t index);
json_t *term_json(const struct term *t); /* new reference */
/* [id] of the terms whose rows are not the same in both; new reference. */
json_t *terms_changed(const struct terms *was, const struct terms *now);
/* What a second person must see before confirming: [{id, title, before:[row], after:[row]}] with
 * the rows that only one of the two has. New reference. */
json_t *terms_differences(const struct terms *was, const struct terms *now);

#endif
