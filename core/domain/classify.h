/* domain/classify.h — which category a text belongs to, by words it shares with the category's
 * names; deterministic, explainable, always overridable by a person. */
#ifndef FQ_DOMAIN_CLASSIFY_H
#define FQ_DOMAIN_CLASSIFY_H

#include "base/err.h"

#include <jansson.h>

struct taxonomy; /* opaque */

/* rows: [{"path":"城乡建设/市政/道路","words":["路面","坑"]}] — or rows of the subject tables with
 * members 一级分类 二级分类 三级分类. NULL and ERR_FORM naming the row. */
struct taxonomy *taxonomy_load(const json_t *rows, struct err *err);
void taxonomy_free(struct taxonomy *t); /* accepts NULL */
/* {"path":"城乡建设/…","score":…,"words":[…]} of the best category; the subject weighs three times
 * the text. NULL when nothing fits (then a person must choose). New reference. */
json_t *taxonomy_classify(const struct taxonomy *t, const char *subject, const char *text);

#endif
