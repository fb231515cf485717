/* io/watch.h — watch a file descriptor that belongs to somebody else (libcurl's sockets). */
#ifndef FQ_IO_WATCH_H
#define FQ_IO_WATCH_H

struct loop;
struct watch; /* opaque */

enum watch_event { WATCH_READ = 1, WATCH_WRITE = 2, WATCH_ERROR = 4 /* reported only */ };

typedef void (*watch_fn)(int fd, unsigned events, void *ctx);
/* Not watching yet. NULL when the system cannot watch this fd (a plain file). fd stays the caller's
 * and must stay open until watch_free(). */
struct watch *watch_open(struct loop *l, int fd, watch_fn fn, void *ctx);
void watch_set(struct watch *w, unsigned events); /* 0: stop watching */
void watch_free(struct watch *w);                 /* accepts NULL; fd may be closed after it */

#endif
