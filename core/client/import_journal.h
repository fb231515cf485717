/* client/import_journal.h — which steps of an import are done. A convenience that makes --resume
 * quick: correctness rests on the idempotency keys alone, so losing the journal loses nothing. */
#ifndef FQ_CLIENT_IMPORT_JOURNAL_H
#define FQ_CLIENT_IMPORT_JOURNAL_H

#include "client/import_row.h"

#include <stdio.h>

/* Path of the journal of this map at this server; caller owns. */
char *import_journal_path(const char *server, const char *map_id);
/* {row id: {"next","case","body"}} of earlier runs; new reference, perhaps empty. */
json_t *import_journal_load(const char *path);
/* For appending; NULL (without harm) when the file cannot be written. */
FILE *import_journal_open(const char *path);
void import_journal_done(FILE *journal, const struct import_row *row); /* its step `next` is done */
void import_journal_close(FILE *journal);                              /* accepts NULL */
/* Moves a row behind the steps that are done; how many those are. */
size_t import_journal_apply(const json_t *done, const struct import_map *m, struct import_row *row);

#endif
