/* client/number.c — see number.h. */
#include "client/number.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { SERIAL_DIGITS = 4 };

char *number_canonical(const char *typed)
{
    char *folded = text_fold(typed);
    char *dash = strrchr(folded, '-');
    if (dash == NULL || dash == folded || !isdigit((unsigned char)dash[-1])) {
        return folded;
    }
    const char *serial = dash + 1;
    size_t digits = strspn(serial, "0123456789");
    if (digits == 0 || serial[digits] != '\0' || digits >= SERIAL_DIGITS) {
        return folded;
    }
    char *full = mem_printf(
        "%.*s-%0*d%s", (int)(dash - folded), folded, (int)(SERIAL_DIGITS - digits), 0, serial);
    mem_free(folded);
    return full;
}
