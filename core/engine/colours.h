/* engine/colours.h — yellow and red, as far as clocks give them. */
#ifndef FQ_ENGINE_COLOURS_H
#define FQ_ENGINE_COLOURS_H

#include "engine/decision.h"

/* A colour the clock gave goes with it, or with its old due date, unless another clock gives it. */
void colours_drop(struct decision *d, const struct flow_clock *fc);

#endif
