/* store/walk.c — see walk.h. */
#include "store/walk.h"

#include "base/lang.h"

#include <stddef.h>

void walk_begin(struct walk *w, enum walk_phase phase, long long total)
{
    if (w != NULL) {
        atomic_store(&w->phase, phase);
        atomic_store(&w->done, 0);
        atomic_store(&w->total, total);
    }
}

bool walk_on(struct walk *w, long long done, struct err *err)
{
    if (w == NULL) {
        return true;
    }
    atomic_fetch_add(&w->done, done);
    return !atomic_load(&w->stop) || err_set(err, ERR_SHUTDOWN, _("it was stopped before its end"));
}
