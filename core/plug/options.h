/* plug/options.h — the configured options of a plugin against its table. */
#ifndef FQ_PLUG_OPTIONS_H
#define FQ_PLUG_OPTIONS_H

#include "plug/loader.h"

#include <jansson.h>

/* given: object as the configuration wrote it, nested tables or dotted names alike; NULL: nothing.
 * Answers {name: text | number}: spans in ms, flags 1 or 0, maps as the text of an object, defaults
 * filled in, absent ones left out. NULL and ERR_CONFIG naming plugin, option and what would be
 * right (nearest name, kind, limits). New reference. */
json_t *options_check(const struct module *m, const json_t *given, struct err *err);

/* "30s" "10m" "2h" "1d" "250ms" -> ms; false when it is not a span. */
bool options_span(const char *text, int64_t *ms_out);

#endif
