/* client/twofold.h — what two administrators bring into force: one loads a file, another the same
 * file or the name of what waits. Calendars and the register of terms come so. */
#ifndef FQ_CLIENT_TWOFOLD_H
#define FQ_CLIENT_TWOFOLD_H

#include "client/client.h"

struct twofold {
    const char *method;                                    /* takes doc or confirm */
    const char *command;                                   /* "term load" */
    const char *stays;                                     /* N_: hint when its state refuses */
    void (*first)(struct client *c, const json_t *result); /* told before all else; may be NULL */
};

/* Sends the file or the name in `word`, and tells what came of it. */
bool twofold_load(struct client *c, const struct twofold *kind, const char *word, struct err *err);

#endif
