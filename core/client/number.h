/* client/number.h — the forms in which people write a case number. */
#ifndef FQ_CLIENT_NUMBER_H
#define FQ_CLIENT_NUMBER_H

#include <stdbool.h>

/* "４１２" → "412", "26-412" → "26-0412", "枫26－412" → "枫26-0412": half-width, and the serial of
 * a full form filled up to four digits as numbers are issued. A bare serial or id stays as it is;
 * whether it is unique only the server knows. Caller owns. */
char *number_canonical(const char *typed);
/* What to search for: a bare serial as it stands in full numbers ("22" → "0022"), for two digits
 * alone are in too many words; anything else as number_canonical(). Caller owns. */
char *number_sought(const char *typed);
/* Could both mean the same case? Yes when in doubt: "412" and "枫26-0412" could. */
bool number_may_equal(const char *a, const char *b);

#endif
