/* author/datafolder.h — the folders in which the organisation and the law lie as data: how their
 * files are found and read, for the daemon and for scenarios alike. What is made of them, how much
 * is too much and whose name stands before an error is for those who ask. */
#ifndef FQ_AUTHOR_DATAFOLDER_H
#define FQ_AUTHOR_DATAFOLDER_H

#include "base/err.h"

#include <jansson.h>

/* {places, bodies, persons, members} from the four .csv; new reference, NULL with file and line. */
json_t *datafolder_org(const char *folder, struct err *err);
/* One data file of the folder; new reference, NULL with file and line. */
json_t *datafolder_file(const char *folder, const char *name, struct err *err);

/* Borrowed: the path, and the name within the folder. False ends the walk. */
typedef bool (*datafolder_fn)(void *ctx, const char *path, const char *name, struct err *err);
/* Every *.lua of the folder in the order of names; false when fn said so, when the folder cannot be
 * read (a missing one has none where `optional`), or has more than files_max (0: no limit). */
bool datafolder_each_lua(
    const char *folder, bool optional, int files_max, datafolder_fn fn, void *ctx, struct err *err);

#endif
