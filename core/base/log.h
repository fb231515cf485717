/* base/log.h — one line per event on stderr: time, level, module, event, key=value….
 *
 * Ids only: never petition text, names, phone numbers, tokens. */
#ifndef FQ_BASE_LOG_H
#define FQ_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_setup(enum log_level highest, bool as_json);
/* fmt gives the key=value part: log_event(LOG_INFO, "engine", "case_opened", "case=%s", n). */
void log_event(enum log_level level, const char *module, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
