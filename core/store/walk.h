/* store/walk.h — a long walk over the data, watched and stopped from another thread. */
#ifndef FQ_STORE_WALK_H
#define FQ_STORE_WALK_H

#include "base/err.h"

#include <stdatomic.h>

enum walk_phase { WALK_COPY, WALK_CHECK, WALK_FILES };

struct walk {
    atomic_int phase;
    atomic_llong done, total; /* of the phase, in its own measure */
    atomic_bool stop;         /* end at the next step */
};

void walk_begin(struct walk *w, enum walk_phase phase, long long total); /* w may be NULL */
/* False when the walk is to end: err says so. */
bool walk_on(struct walk *w, long long done, struct err *err);

#endif
