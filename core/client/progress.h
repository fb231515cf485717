/* client/progress.h — how far a long transfer is: a bar on a terminal, a line each ten seconds
 * elsewhere, nothing for what is over in a second. */
#ifndef FQ_CLIENT_PROGRESS_H
#define FQ_CLIENT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *out;        /* borrowed */
    const char *name; /* borrowed */
    size_t total;
    int64_t begun_ms, said_ms;
    size_t begun_at; /* what was there before: no part of the speed */
    bool terminal, begun, shown;
};

void progress_begin(struct progress *p, FILE *out, const char *name, size_t total);
void progress_at(struct progress *p, size_t done);
void progress_end(struct progress *p); /* clears the bar */

#endif
