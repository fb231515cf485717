/* domain/classify.h — which category a text belongs to, by words it shares with the category's
 * names; deterministic, explainable, always overridable by a person. */
#ifndef FQ_DOMAIN_CLASSIFY_H
#define FQ_DOMAIN_CLASSIFY_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct taxonomy; /* opaque */

/* rows, in one array:
 *   {"path":"城乡建设/市政/道路","words":["路面","坑"],"agency":"zjj"}  — words, agency optional;
 *   {"一级分类":…,"二级分类":…,"三级分类":…}  — a row of a subject table, other members ignored;
 *   {"like":"公共汽车","words":["公交","班车"]}  — everyday words for every category of the array
 *   one of whose names contains 公共汽车; none may. Such rows may stand anywhere.
 *   {"ignore":["希望","请求"]}  — what every letter says and so tells nothing.
 * NULL and ERR_FORM naming the row. */
struct taxonomy *taxonomy_load(const json_t *rows, struct err *err);
void taxonomy_free(struct taxonomy *t);          /* accepts NULL */
size_t taxonomy_count(const struct taxonomy *t); /* categories */
/* Is there a category of that path, or one below it? When not, near_out (may be NULL) is the
 * nearest path, or NULL; borrowed. */
bool taxonomy_knows(const struct taxonomy *t, const char *path, const char **near_out);
/* {"path":"城乡建设/…","score":612,"words":["路面",…],"agency"?} of the best category: score in
 * hundredths, words the names and words that were found, the weightiest first. The subject weighs
 * three times the text; either may be NULL. NULL when nothing fits (then a person must choose).
 * New reference. */
json_t *taxonomy_classify(const struct taxonomy *t, const char *subject, const char *text);

#endif
