/* server/units.c — durations and sizes as people write them; see config.h. */
#include "server/config.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit durations[] = {
    {"ms", 1},
    {"s", 1000},
    {"min", 60000},
    {"h", 3600000},
    {"d", 86400000},
    {NULL, 0},
};

static const struct unit sizes[] = {
    {"", 1},
    {"B", 1},
    {"KiB", 1 << 10},
    {"MiB", 1 << 20},
    {"GiB", 1 << 30},
    {NULL, 0},
};

static bool parse(const char *text, const struct unit *units, int64_t *out)
{
    enum { DIGITS_MAX = 10 }; /* with the largest factor still far from overflow */
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX) {
        return false;
    }
    const char *unit = text + digits;
    while (*unit == ' ') {
        unit++;
    }
    for (; units->name != NULL; units++) {
        if (strcmp(unit, units->name) == 0) {
            *out = strtoll(text, NULL, 10) * units->factor;
            return true;
        }
    }
    return false;
}

bool duration_parse(const char *text, int64_t *ms_out)
{
    return parse(text, durations, ms_out);
}

bool size_parse(const char *text, int64_t *bytes_out)
{
    return parse(text, sizes, bytes_out);
}
