/* client/desk/draft.h — forms that were begun and not sent. A line that drops, or a window that is
 * closed, must not cost what was typed. */
#ifndef FQ_CLIENT_DESK_DRAFT_H
#define FQ_CLIENT_DESK_DRAFT_H

#include <jansson.h>

/* The name of the draft of one form: of its method, case and action. Caller owns. */
char *draft_name(const json_t *spec);
/* New reference; NULL: there is none. folder NULL: none are kept. */
json_t *draft_load(const char *folder, const char *name);
/* {} removes it. Best effort: a full disk must not stop work. */
void draft_save(const char *folder, const char *name, const json_t *draft);

#endif
