/* client/fields.h — "name=value" words of the command line. */
#ifndef FQ_CLIENT_FIELDS_H
#define FQ_CLIENT_FIELDS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Adds one word to object: name=text, name=@file (the file's text), name=@- (standard input),
 * name=@@text (a text that starts with @). A full-width ＝ or ＠ is taken too. */
bool fields_add(json_t *object, const char *word, struct err *err);
/* All words from `words`; new reference, or NULL. */
json_t *fields_of(const char *const words[], size_t count, struct err *err);
/* "3d", "90 days", "2 hours", "1天" as milliseconds of the wall clock. */
bool fields_duration(const char *text, int64_t *ms_out, struct err *err);
/* A length of legal time "15d", "3 workdays", "3个工作日", "1月": number and the register's unit (h
 * d wd mon yr; borrowed constant). False when it is none. */
bool fields_span(const char *text, int *n_out, const char **unit_out);

#endif
