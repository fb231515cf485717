/* domain/due_query.h — the wire's question "when does this period end?" (method calendar.due),
 * from JSON to JSON. */
#ifndef FQ_DOMAIN_DUE_QUERY_H
#define FQ_DOMAIN_DUE_QUERY_H

#include "domain/calendar.h"
#include "domain/term.h"

/* params: {"start": day or instant, and either
 *            "term": id of the register, the row in force on the day of start, or
 *            "n": 0..10000, "unit": "h|d|wd|mon|yr" or a long form, "kind"?, "roll"?;
 *          "excluded"?: [{"from","to"}] in any order, both days inclusive,
 *          "extension"?: "30 d", or true for the whole extension of the term,
 *          "litigation"?, "clear_days"?: bool; the term's own value stands when absent}
 * A term's extension and excluded time are taken only as far as the law allows them.
 *
 * Result: what due_json() gives, and {"start","span","words","kind","roll","extension"?,"term"?:
 * {id,title,law,mark,…}}; new reference. NULL with ERR_PARAMS (data.field names the member) or
 * ERR_NOT_FOUND (no such term, or not on that day; data.did_you_mean). terms may be NULL. */
json_t *due_query(
    const struct calendar *c, const struct terms *terms, const json_t *params, struct err *err);

#endif
