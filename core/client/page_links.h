/* client/page_links.h — what hangs on a case: linked cases, tasks, files, documents, recusals. */
#ifndef FQ_CLIENT_PAGE_LINKS_H
#define FQ_CLIENT_PAGE_LINKS_H

#include "client/client.h"

/* The sections of a case page (result of case.get) that are not empty. */
void page_print_links(struct client *c, const json_t *page);
void page_print_tasks(struct client *c, const json_t *page);
/* What this user was asked and may answer, as the next command. */
void page_print_asked(struct client *c, const json_t *page);
void page_print_files(struct client *c, const json_t *page);
/* What may be asked of others at this stage, and how; false when nothing. */
bool page_print_adhoc(struct client *c, const json_t *page);
/* The kind of a link in words ("移送来自"); the kind itself when it has none. */
const char *page_link_kind(const char *kind);
/* 2 300 000 as "2.2 MiB"; caller owns. */
char *page_size(int64_t bytes);
/* The id of the item of page[list] that `typed` means: its id, number, title or name, as far as one
 * item has it; otherwise what was typed, for the server to answer. Caller owns. */
char *page_find_item(struct client *c, const char *number, const char *list, const char *typed);
/* The item itself; new reference or NULL. */
json_t *page_item(struct client *c, const char *number, const char *list, const char *typed);

#endif
