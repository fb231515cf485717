/* client/request_form.h — the parameters of a change as a form to fill in by hand: its fields by
 * title, and reason, note and the like as "--name" lines (form_text.h). */
#ifndef FQ_CLIENT_REQUEST_FORM_H
#define FQ_CLIENT_REQUEST_FORM_H

#include "client/client.h"

/* What a form asks for, read from the server or the copy: fields of an action of a case, or of a
 * flow. {"title","fields","reason"} as far as known; new reference, never NULL. */
json_t *request_asks(struct client *c, const char *method, const json_t *params);
/* Opens the form in the user's editor and puts what was written into params. *path_out keeps the
 * text until editor_done(). */
bool request_edit(
    struct client *c, const char *method, json_t *params, char **path_out, struct err *err);
/* Puts the form in a file ("-": standard input) into params; what params has already stays. */
bool request_read(
    struct client *c, const char *method, json_t *params, const char *file, struct err *err);

#endif
