/* client/complete.h — what could stand at the cursor; the shell's Tab and the completion scripts.
 */
#ifndef FQ_CLIENT_COMPLETE_H
#define FQ_CLIENT_COMPLETE_H

#include "client/client.h"

/* Candidates for the last of `words` (it may be ""): [{"word","about"}]; those that begin with it.
 * Asks the server only for actions, fields and flows, and only over an open connection or a saved
 * login; silence is no error. New reference. */
json_t *complete_words(struct client *c, const char *const words[], size_t count);

#endif
