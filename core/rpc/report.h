/* rpc/report.h — rows of ASK_REPORT (store/README.md) summed up for people. Pure.
 *
 * A share is never given without its counts (DOMAIN §4.3): on time are the clocks met in time out
 * of all whose end has come — met in time, met late, or still late. Running ones do not count yet,
 * cancelled ones never; provisional ones (a year's calendar is missing) are counted beside. */
#ifndef FQ_RPC_REPORT_H
#define FQ_RPC_REPORT_H

#include "domain/org.h"

#include <jansson.h>

/* {cases:{total, open, closed, answered, median_days}, clocks:[sum…], by_year:[group…],
 * by_category:[…], by_body:[…]} with
 *   sum   {clock, title, term, started, met, met_late, late_open, open, cancelled, provisional,
 *          ended, on_time_share}   share null when nothing ended
 *   group {key, name, cases, open, closed, answered, median_days, clocks:[sum…]}
 * org names the bodies; may be NULL. New reference. */
json_t *report_overview(const json_t *rows, const struct org *org);

#endif
