/* domain/docread.h — reading a document member by member, remembering the place.
 *
 * Errors stick: after the first one every further read gives an empty value, so that a reader
 * is written straight down and asked once at the end. Shared by the compilers of this room. */
#ifndef FQ_DOMAIN_DOCREAD_H
#define FQ_DOMAIN_DOCREAD_H

#include "base/err.h"
#include "domain/span.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { DOC_PATH_MAX = 256 }; /* longer paths are cut: they only help a person to find the place */

struct docread {
    struct err *err; /* borrowed; may be NULL */
    bool failed;
    char path[DOC_PATH_MAX]; /* "actions.accept" */
};

void docread_init(struct docread *r, struct err *err);
size_t docread_enter(struct docread *r, const char *name);   /* gives what docread_leave takes */
size_t docread_enter_index(struct docread *r, size_t index); /* "[1]": people count from one */
void docread_leave(struct docread *r, size_t mark);
/* ERR_FORM at path.member (member may be NULL), data.path set; always false. */
bool docread_fail(struct docread *r, const char *member, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Refuses members that are not in the NULL-terminated list, with the nearest name. */
void docread_only(struct docread *r, const json_t *object, const char *const allowed[]);
char *docread_text(struct docread *r, const json_t *object, const char *member, bool required);
bool docread_flag(struct docread *r, const json_t *object, const char *member, bool otherwise);
int docread_int(
    struct docread *r, const json_t *object, const char *member, int min, int max, int otherwise);
struct span docread_span(struct docread *r, const json_t *object, const char *member);
/* Array of texts as an owned NULL-terminated list; NULL when absent. */
char **docread_texts(struct docread *r, const json_t *object, const char *member, bool required);
/* Member that must be an array / object; NULL when absent. Borrowed. */
const json_t *docread_array(struct docread *r, const json_t *object, const char *member);
const json_t *docread_object(struct docread *r, const json_t *object, const char *member);
/* Index of the text in names (NULL-terminated); `otherwise` when absent. */
int docread_name(struct docread *r, const json_t *object, const char *member,
    const char *const names[], int otherwise);

void texts_free(char **texts); /* NULL-terminated; accepts NULL */

#endif
