/* base/json.h — jansson with the project's limits, and short readers.
 *
 * jansson's own depth limit is 2048 and it takes duplicate keys by default, so
 * bytes from outside pass json_parse(), which scans before it parses. */
#ifndef FQ_BASE_JSON_H
#define FQ_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JSON_DEPTH_MAX = 64,      /* deeper nesting has no use here and costs stack */
    JSON_BYTES_MAX = 1 << 20, /* one line of the wire */
};

/* Parses untrusted bytes: at most JSON_BYTES_MAX long and JSON_DEPTH_MAX deep, valid UTF-8,
 * no NUL, no duplicate keys, nothing behind the value. New reference, or NULL and ERR_PARSE. */
json_t *json_parse(const char *text, size_t len, struct err *err);
/* Parses text the project itself wrote (snapshots, events). NULL when it is damaged. */
json_t *json_parse_own(const char *text);
enum json_order { JSON_AS_SET, JSON_SORTED };
/* Adds value, which is not NULL and does not contain itself, without blanks. */
void json_write(struct buf *out, const json_t *value, enum json_order order);
/* Parts of it, for records that are written without being values first. */
void json_write_text(struct buf *out, const char *text, size_t len);
void json_write_number(struct buf *out, int64_t number);
/* Sorted keys, compact: equal values give equal bytes. Caller frees with free(). */
char *json_canonical(const json_t *value); /* NULL gives NULL, as below */
char *json_compact(const json_t *value);   /* insertion order; caller frees with free() */

/* Members of an object; absent or of another type gives the default. object may be NULL. */
const char *json_text(const json_t *object, const char *key); /* NULL when absent */
int64_t json_number(const json_t *object, const char *key, int64_t otherwise);
bool json_flag(const json_t *object, const char *key);      /* false when absent */
json_t *json_member(const json_t *object, const char *key); /* borrowed; NULL for JSON null too */

/* Sets key unless text is NULL. */
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_number(json_t *object, const char *key, int64_t number);
bool json_array_has(const json_t *array, const char *text);
/* Adds text to array unless it is there; true when added. */
bool json_array_add_once(json_t *array, const char *text);

#endif
