/* client/number.c — see number.h. */
#include "client/number.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SERIAL_DIGITS = 4 };

/* "#12", "12号", and the dashes an input method puts for a hyphen. Caller owns. */
static char *fold_marks(const char *typed)
{
    static const char *const dashes[] = {"—", "–", "－", "−", "_", "~"};
    char *folded = text_fold(typed);
    struct buf out = {0};
    for (const char *p = folded + (*folded == '#'); *p != '\0';) {
        size_t skip = 0;
        for (size_t i = 0; skip == 0 && i < sizeof dashes / sizeof dashes[0]; i++) {
            skip = text_starts(p, dashes[i]) ? strlen(dashes[i]) : 0;
        }
        if (skip > 0) {
            buf_addc(&out, '-');
        } else if (strcmp(p, "号") == 0) {
            break;
        } else {
            buf_addc(&out, *p);
            skip = 1;
        }
        p += skip;
    }
    mem_free(folded);
    char *text = mem_strdup(buf_text(&out));
    buf_close(&out);
    return text;
}

char *number_canonical(const char *typed)
{
    char *folded = fold_marks(typed);
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

char *number_sought(const char *typed)
{
    char *canonical = number_canonical(typed);
    size_t digits = strspn(canonical, "0123456789");
    if (digits == 0 || digits >= SERIAL_DIGITS || canonical[digits] != '\0') {
        return canonical;
    }
    char *full = mem_printf("%0*d%s", (int)(SERIAL_DIGITS - digits), 0, canonical);
    mem_free(canonical);
    return full;
}

/* Behind the last dash, or the whole of a bare serial. */
static const char *serial_of(const char *number)
{
    const char *dash = strrchr(number, '-');
    return dash != NULL ? dash + 1 : number;
}

bool number_may_equal(const char *a, const char *b)
{
    char *x = number_canonical(a);
    char *y = number_canonical(b);
    bool whole = strchr(x, '-') != NULL && strchr(y, '-') != NULL;
    bool same =
        whole ? text_ends(x, y) || text_ends(y, x) : atoll(serial_of(x)) == atoll(serial_of(y));
    mem_free(x);
    mem_free(y);
    return same;
}
