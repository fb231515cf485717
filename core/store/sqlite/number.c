/* store/sqlite/number.c — the parts of a case number: sign, year and serial. */
#include "store/sqlite/db.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SERIAL_DIGITS_MAX = 15 }; /* fits int64_t with room to spare */

static bool all_digits(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)s[i])) {
            return false;
        }
    }
    return len > 0;
}

/* "羊调26" -> "羊调/26"; without a year at the end it stays as it is. */
static char *series_of(const char *text, size_t len)
{
    if (len >= 2 && all_digits(text + len - 2, 2)) {
        return mem_printf("%.*s/%.*s", (int)(len - 2), text, 2, text + len - 2);
    }
    return mem_strndup(text, len);
}

struct case_number case_number_parse(const char *number)
{
    const char *dash = strrchr(number, '-');
    if (dash != NULL && dash != number) {
        size_t digits = strlen(dash + 1);
        if (digits <= SERIAL_DIGITS_MAX && all_digits(dash + 1, digits)) {
            return (struct case_number){
                series_of(number, (size_t)(dash - number)), strtoll(dash + 1, NULL, 10)};
        }
    }
    return (struct case_number){mem_strdup(number), 0};
}

bool case_number_tail(const char *text, struct case_number *tail_out)
{
    size_t len = strlen(text);
    if (len <= SERIAL_DIGITS_MAX && all_digits(text, len)) {
        *tail_out = (struct case_number){mem_strdup(""), strtoll(text, NULL, 10)};
        return true;
    }
    *tail_out = case_number_parse(text);
    if (tail_out->serial == 0) {
        mem_free(tail_out->series);
        return false;
    }
    return true;
}
