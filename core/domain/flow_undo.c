/* domain/flow_undo.c — how long a person may take back what they did: "10 minutes". Spans of law
 * (span.h) know no minutes, and no law speaks of this one. */
#include "base/text.h"
#include "domain/flow.h"

#include <stdlib.h>

enum { UNDO_MINUTES_DEFAULT = 10 };

bool flow_undo_parse(const char *text, int64_t *ms_out)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{" minute", MS_PER_MINUTE}, {" minutes", MS_PER_MINUTE}, {" hour", MS_PER_HOUR},
        {" hours", MS_PER_HOUR}};
    if (text == NULL || text_equal(text, "never")) {
        *ms_out = text == NULL ? UNDO_MINUTES_DEFAULT * MS_PER_MINUTE : 0;
        return true;
    }
    char *end;
    long n = strtol(text, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (text[0] >= '0' && text[0] <= '9' && text_equal(end, units[i].unit)) {
            *ms_out = n * units[i].ms;
            return n >= 1 && n <= MS_PER_DAY / units[i].ms;
        }
    }
    return false;
}
