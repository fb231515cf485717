/* io/wake.h — the one call of this room that other threads may make: wake the loop up. */
#ifndef FQ_IO_WAKE_H
#define FQ_IO_WAKE_H

struct loop;
struct wake; /* opaque */

typedef void (*wake_fn)(void *ctx);
/* fn runs on the loop thread, once for one or more io_wake() since it last ran. */
struct wake *wake_open(struct loop *l, wake_fn fn, void *ctx);
void wake_free(struct wake *w); /* no thread may call io_wake() any more; accepts NULL */
void io_wake(struct wake *w);   /* any thread, any time between open and free */

#endif
