/* domain/span.h — a length of legal time: a number and its unit. Units are never converted (DOMAIN
 * R13). */
#ifndef FQ_DOMAIN_SPAN_H
#define FQ_DOMAIN_SPAN_H

#include "base/err.h"

#include <stdbool.h>

enum span_unit { UNIT_HOUR, UNIT_DAY, UNIT_WORKDAY, UNIT_MONTH, UNIT_YEAR };

struct span {
    int n;
    enum span_unit unit;
};

/* "15 days", "1 day", "3 workdays", "1 month", "2 years", "24 hours"; also the register's
 * short units h d wd mon yr ("15 d"). n is 0..10000. */
bool span_parse(const char *text, struct span *span_out, struct err *err);
const char *span_unit_name(enum span_unit unit);                  /* h d wd mon yr */
bool span_unit_parse(const char *name, enum span_unit *unit_out); /* short or long form */
/* "15日", "3个工作日", "1个月", "2年", "24小时" or "15 days" … by the current language.
 * Static per thread; valid until the next call. */
const char *span_words(struct span span);

#endif
