/* domain/due_course.h — the way from the start to the raw end, step by step. Private to due.c,
 * which walks it, and due_explain.c, which tells it. */
#ifndef FQ_DOMAIN_DUE_COURSE_H
#define FQ_DOMAIN_DUE_COURSE_H

#include "domain/due.h"

struct course {
    struct date start;                     /* day of the start event; not counted */
    struct date plain;                     /* end of the bare span, before the extension */
    struct date raw;                       /* end of everything, before rolling */
    int64_t from_ms, to_ms;                /* hours only */
    struct span taken[DUE_EXCLUSIONS_MAX]; /* what each exclusion took out, in the unit that ran */
    bool clamped;                          /* a month had no such day (R4) */
};

struct course due_course(const struct calendar *c, const struct due_ask *ask);
bool due_is_backward(const struct due_ask *ask);

#endif
