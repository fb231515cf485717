/* client/editor.h — the user's own editor on a file that is kept until what was written is safe. */
#ifndef FQ_CLIENT_EDITOR_H
#define FQ_CLIENT_EDITOR_H

#include "base/err.h"

/* Writes `text` to a file of its own below the outbox's drafts, lets the user edit it ($VISUAL,
 * $EDITOR, else editor or vi) and gives back what it holds then; *path_out is the file, which the
 * caller removes (editor_done) once the text is no longer needed. NULL: no editor, it failed, or
 * nothing was changed; then the file is gone. Caller owns both. */
char *editor_run(const char *text, char **path_out, struct err *err);
void editor_done(char *path); /* removes the file and frees the path; accepts NULL */

#endif
