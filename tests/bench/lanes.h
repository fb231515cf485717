/* bench/lanes.h — connections at work: each with some requests on their way, as fast as the daemon
 * lets them or at a rate. */
#ifndef FQ_BENCH_LANES_H
#define FQ_BENCH_LANES_H

#include "bench/work.h"

struct loop;

struct lanes_plan {
    struct loop *loop;
    int port;
    const char *token;
    size_t connections, depth; /* depth: requests on their way on each */
    int64_t seconds;           /* measured, after a warm-up that is not */
    int64_t rate;              /* requests per second in all; 0: as many as are answered */
};

struct lanes_result {
    uint32_t *us; /* owned, sorted: from when a request was due until its answer */
    size_t count;
};

/* Until the time is over (while preparing: the work) and every answer has come. A refusal ends the
 * program: what is measured is work that succeeds. */
struct lanes_result lanes_run(const struct lanes_plan *plan, struct work *w);
int64_t lanes_share_us(const struct lanes_result *r, double share);
void lanes_close(struct lanes_result *r);

#endif
