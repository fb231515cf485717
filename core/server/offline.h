/* server/offline.h — what fengqiaod does with the data while no daemon runs: verify, heads,
 * restore. */
#ifndef FQ_SERVER_OFFLINE_H
#define FQ_SERVER_OFFLINE_H

#include "server/config.h"

/* --verify [FILE] [--heads FILE]: file NULL: the configured database. The exit code: 0 sound, 1
 * not. On a failure err is set. */
int offline_verify(const struct config *c, const char *file, const char *heads, struct err *err);
/* --restore FOLDER [--aside] */
bool offline_restore(const struct config *c, const char *folder, bool aside, struct err *err);

#endif
