/* client/import_map.h — the mapping file of an import: which column of a row goes where. */
#ifndef FQ_CLIENT_IMPORT_MAP_H
#define FQ_CLIENT_IMPORT_MAP_H

#include "base/err.h"

#include <regex.h>
#include <stdint.h>

struct import_step {
    const char *action; /* id or title in the flow */
    const char *at;     /* column with the time it happened */
    const json_t *form; /* field -> column; NULL: none */
    const json_t *set;  /* field -> the same text for every row; NULL: none */
    const json_t *by;   /* membership roles that take it; NULL: the account at hand */
    const char *reason; /* the same for every row; NULL: none */
};

enum { IMPORT_STEPS_MAX = 32 };

/* Everything is borrowed from doc. */
struct import_map {
    json_t *doc;    /* owned */
    const char *id; /* part of every idempotency key: change it and everything is new */
    const char *flow, *row, *received;
    const char *source;    /* may be NULL */
    const json_t *fields;  /* field -> column */
    const json_t *set;     /* field -> constant; NULL: none */
    const json_t *parties; /* [{role, name = column}]; NULL: none */
    const json_t *place;   /* NULL: the server decides by the account */
    regex_t tokens;        /* of place.tokens */
    bool has_tokens;
    const char *body_kind; /* that registers: the body of this kind at the place; may be NULL */
    const char *open_role; /* of the person there who registers; NULL: the account at hand */
    struct import_step steps[IMPORT_STEPS_MAX];
    size_t step_count;
    bool replay;
    const char *clock_body, *clock_role; /* whose account moves the virtual clock; may be NULL */
    int64_t finish_ms;                   /* the clock goes on after the last step */
    const char *password_env;            /* NULL: everything is done by the account at hand */
};

bool import_map_load(struct import_map *m, const char *path, struct err *err);
/* Takes the reference of doc; name is for messages. */
bool import_map_read(struct import_map *m, json_t *doc, const char *name, struct err *err);
void import_map_close(struct import_map *m);

#endif
