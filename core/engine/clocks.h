/* engine/clocks.h — starting, ending, pausing, extending and firing the clocks of a case. */
#ifndef FQ_ENGINE_CLOCKS_H
#define FQ_ENGINE_CLOCKS_H

#include "engine/decision.h"

/* After the case entered its present state. */
bool clocks_after_move(struct decision *d, struct err *err);
/* After the host or the level changed: clocks of a level or of a host end and start anew. */
void clocks_after_host(struct decision *d);
/* Is there anything to extend: it runs, the law gives more, and not all of that was taken? */
bool clock_may_extend(const struct decision *d, const struct flow_clock *fc, struct err *err);
/* Extends a running clock once by `days_wished` (negative: all the law gives). */
bool clock_extend(
    struct decision *d, const struct flow_clock *fc, int64_t days_wished, struct err *err);
/* Takes days out of the clock, whose pause ends with it when it has one. */
bool clock_take_out(struct decision *d, const struct case_clock *k, struct date from,
    struct date to, const char *reason, struct err *err);
bool clock_too_often(const struct case_clock *k, struct err *err); /* ERR_STATE; false */
/* Takes days out of a clock's period; only for reasons the law lists (DOMAIN §3.3). */
bool clock_exclude(struct decision *d, const char *clock, struct date from, struct date to,
    const char *reason, struct err *err);
/* Fires everything that is due by now, in order of its time; false when nothing was. */
bool clocks_fire(struct decision *d, struct err *err);
/* Computes every open clock that touches `year` anew; adds {case,clock,from,to} to changed. */
void clocks_recompute(struct decision *d, int year, json_t *changed);
/* The open clocks of these terms [id], by the row now in force on the day each started. */
void clocks_take_terms(struct decision *d, const json_t *terms, json_t *changed);

#endif
