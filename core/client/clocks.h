/* client/clocks.h — the clocks of a case as people want to see them: each once. */
#ifndef FQ_CLIENT_CLOCKS_H
#define FQ_CLIENT_CLOCKS_H

#include "client/client.h"

/* Those that run, in their order; then what has ended: the last of each name, and every one that
 * was late, for lateness is never folded away. A clock that was started several times tells in
 * "times" how often. New reference. */
json_t *clocks_folded(const json_t *clocks);
bool clock_is_over(const json_t *clock);
/* Its title, with how often it was started; caller owns. */
char *clock_title(const json_t *clock);
/* How it stands: paused, or how and when it ended; "" while it runs. Caller owns. */
char *clock_outcome(const json_t *clock);

#endif
