/* io/timer.h — run a function after a while, once or again and again. */
#ifndef FQ_IO_TIMER_H
#define FQ_IO_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct timer; /* opaque */

typedef void (*timer_fn)(void *ctx);
struct timer *timer_open(struct loop *l, timer_fn fn, void *ctx); /* not running yet */
void timer_free(struct timer *t);                                 /* accepts NULL */
void timer_once(struct timer *t, int64_t delay_ms);               /* moves a running one */
void timer_every(struct timer *t, int64_t period_ms);             /* first after one period */
void timer_stop(struct timer *t);
bool timer_running(const struct timer *t);

#endif
