/* io/work.h — slow computing (a password hash) off the loop thread. */
#ifndef FQ_IO_WORK_H
#define FQ_IO_WORK_H

struct loop;

/* run(ctx) on a worker thread, then done(ctx) on the loop thread: exactly once each, never before
 * the return. run touches nothing but ctx. */
typedef void (*work_fn)(void *ctx);
void work_start(struct loop *l, work_fn run, work_fn done, void *ctx);

#endif
