/* io/signal.h — signals as events of the loop. */
#ifndef FQ_IO_SIGNAL_H
#define FQ_IO_SIGNAL_H

struct loop;
struct signal_watch; /* opaque */

typedef void (*signal_fn)(int signum, void *ctx);
struct signal_watch *signal_open(struct loop *l, int signum, signal_fn fn, void *ctx);
void signal_free(struct signal_watch *s); /* accepts NULL */
void signal_ignore_pipe(void); /* a peer that went away is an error of write, not a death */

#endif
