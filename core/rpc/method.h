/* rpc/method.h — the method table: one row holds all that is known about a method.
 *
 * Argument checks, rpc.discover, help and documentation come from the row; there is no second
 * list. Texts are English msgids marked N_(), their Chinese stands in zh_CN.po. Rows come in
 * several tables (methods_case.c, methods_auth.c, …, plugins) joined in one registry. */
#ifndef FQ_RPC_METHOD_H
#define FQ_RPC_METHOD_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call; /* rpc/call.h */

enum param_type {
    PARAM_TEXT = 1, /* string; max: most characters (0: 10000), min: least */
    PARAM_NAME,     /* string of 1..128 characters without control characters: ids and titles */
    PARAM_CASE,     /* case number, its unique tail, or id: string, or integer */
    PARAM_ID,       /* decimal id: string of digits, or integer >= 0 */
    PARAM_INT,      /* integer within min..max (both 0: unbounded) */
    PARAM_BOOL,
    PARAM_DATE,    /* "2026-12-01" */
    PARAM_INSTANT, /* what instant_parse() takes */
    PARAM_CHOICE,  /* one of `choices` */
    PARAM_OBJECT,  /* checked further by the method */
    PARAM_LIST,    /* array; max: most items (0: 1000) */
    PARAM_ANY,
};

enum param_flag {
    PARAM_REQUIRED = 1,
    PARAM_NULLABLE = 2, /* JSON null is a value; elsewhere null counts as absent */
    PARAM_SECRET = 4,   /* left out of the record of a repeated key's content; never logged */
};

struct param {
    const char *name; /* NULL ends the list */
    enum param_type type;
    unsigned flags;
    const char *doc; /* N_("…") */
    int64_t min, max;
    const char *choices; /* "plain yellow red"; PARAM_CHOICE only */
};

/* NEED("case", PARAM_CASE, N_("case number")),
 * MAY("limit", PARAM_INT, N_("rows of one page"), .min = 1, .max = 500) — further members by name.
 * .flags in a NEED must repeat PARAM_REQUIRED. */
#define NEED(n, t, ...)                                                                            \
    {                                                                                              \
        .name = (n), .type = (t), .flags = PARAM_REQUIRED, .doc = __VA_ARGS__                      \
    }
#define MAY(n, t, ...)                                                                             \
    {                                                                                              \
        .name = (n), .type = (t), .doc = __VA_ARGS__                                               \
    }
#define PARAMS(...) ((const struct param[]){__VA_ARGS__, {0}})
#define NO_PARAMS ((const struct param[]){{0}})
#define ERRORS(...) ((const enum err_code[]){__VA_ARGS__, ERR_NONE})
#define NO_ERRORS ((const enum err_code[]){ERR_NONE})

enum method_flag {
    METHOD_MUTATING = 1,    /* needs _meta.key; never executed as a notification */
    METHOD_ANONYMOUS = 2,   /* works without login */
    METHOD_LOCAL = 4,       /* over the UNIX socket as local admin only */
    METHOD_DEPRECATED = 8,  /* answers carry _meta.deprecated */
    METHOD_CONNECTION = 16, /* needs a connection (subscriptions, login): not for plugins' calls */
};

typedef void (*method_fn)(struct call *call);

struct method {
    const char *name; /* "noun.verb", ASCII, stable */
    method_fn fn;     /* answers the call exactly once, at once or later */
    unsigned flags;
    const char *summary;        /* N_("…"): one sentence */
    const struct param *params; /* PARAMS(…) or NO_PARAMS; never NULL */
    const struct param
        *result; /* members of the result, which is always an object; docs optional */
    const enum err_code *errors; /* beyond the ones every method has (parse … internal, 1001) */
    const char *example;         /* params as JSON text, without _meta; "{}" when there are none */
    const char *example_result;  /* JSON text */
};

struct methods; /* opaque: the registry */

struct methods *methods_open(void);
void methods_free(struct methods *m); /* accepts NULL */
/* Adds rows (borrowed: they outlive the registry or are removed before). ctx is what call_ctx()
 * gives in their functions. Refuses a name that is taken and rows that methods_check() refuses;
 * then none of them is added. */
bool methods_add(
    struct methods *m, const struct method rows[], size_t count, void *ctx, struct err *err);
void methods_remove(struct methods *m, const struct method rows[], size_t count); /* absent: fine */
/* Is the row complete: summary, params with docs, result, example that its own checks accept? */
bool method_check(const struct method *row, struct err *err);

struct method_entry {
    const struct method *row;
    void *ctx;
};
const struct method_entry *methods_find(const struct methods *m, const char *name); /* or NULL */
const char *methods_nearest(const struct methods *m, const char *name); /* NULL: none is near */
size_t methods_count(const struct methods *m);
uint64_t methods_changes(const struct methods *m); /* how often rows came or went */
const struct method_entry *methods_at(const struct methods *m, size_t i); /* sorted by name */

/* The OpenRPC 1.3 document of all methods, in the language of this thread. New reference. */
json_t *methods_discover(const struct methods *m);

/* Checks params (an object without _meta, or NULL) against the row. Collects every problem:
 * ERR_PARAMS, data.fields[] = {name, problem, did_you_mean?}; field and did_you_mean of the
 * first one stand beside it. */
bool params_check(const struct method *row, const json_t *params, struct err *err);

#endif
