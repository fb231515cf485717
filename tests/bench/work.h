/* bench/work.h — what people do: the next step of the next case, a note on it, or a look. */
#ifndef FQ_BENCH_WORK_H
#define FQ_BENCH_WORK_H

#include "base/buf.h"
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum work_kind { WORK_LIFE, WORK_NOTE, WORK_INBOX, WORK_SHOW, WORK_SEARCH, WORK_KINDS };

struct item; /* one case of the population */

struct work {
    enum work_kind kind;
    struct item *items; /* owned */
    size_t item_count, next;
    bool preparing; /* each case up to its own step, then over */
};

const char *work_name(enum work_kind kind);
bool work_kind_parse(const char *name, enum work_kind *kind_out);

/* A population still to be made, spread over all steps of a mediation. */
void work_prepare(struct work *w, size_t cases);
/* Writes the prepared cases, a line each; reads them again, with `clones` copies of each whose ids
 * are `id_step` apart (population.py makes them). */
void work_write(const struct work *w, const char *path);
void work_read(struct work *w, const char *path, size_t clones, int64_t id_step);
void work_close(struct work *w);

/* The next request: its method, and its params without the closing brace and _meta in `params`.
 * NULL: nothing to do (preparing), or every case is busy. *item_out is to be given to work_done. */
const char *work_next(struct work *w, struct buf *params, struct item **item_out);
/* The answer came. */
void work_done(struct work *w, struct item *item, const char *line, size_t len);
bool work_changes(enum work_kind kind); /* needs a key */
bool work_prepared(const struct work *w);

#endif
