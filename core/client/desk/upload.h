/* client/desk/upload.h — a file on its way into a case, part by part between the turns of the loop:
 * the screen never waits for it, and what broke off goes on where it stopped. */
#ifndef FQ_CLIENT_DESK_UPLOAD_H
#define FQ_CLIENT_DESK_UPLOAD_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct desk;
struct upload; /* opaque */

/* NULL with err when the file cannot be read or is empty. */
struct upload *upload_open(const char *number, const char *path, struct err *err);
void upload_free(struct upload *u); /* accepts NULL; the line must be closed before */
/* Does a little; true: it wants another turn at once. */
bool upload_work(struct upload *u, struct desk *d);
/* The file is attached, its attaching waits in the outbox, or it was refused and that was said. */
bool upload_over(const struct upload *u);
/* "照片.jpg 1.2 MiB／3.0 MiB（40%）". Caller owns. */
char *upload_words(const struct upload *u, const struct desk *d);

#endif
