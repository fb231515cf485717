/* base/wallclock.h — the only place that reads time; real, or virtual for the demo,
 * the scenario tests and the simulator. */
#ifndef FQ_BASE_WALLCLOCK_H
#define FQ_BASE_WALLCLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct wallclock {
    bool is_virtual;
    int64_t virtual_ms; /* stands still until wallclock_set */
};

void wallclock_init_real(struct wallclock *w);
void wallclock_init_virtual(struct wallclock *w, int64_t now_ms);
int64_t wallclock_now_ms(const struct wallclock *w);
void wallclock_set(struct wallclock *w, int64_t now_ms); /* virtual only; may go back */

int64_t monotonic_us(void); /* for durations only; never stored */

#endif
