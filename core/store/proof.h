/* store/proof.h — is the history in a file the one that was written, and what shall be kept of it
 * elsewhere to show that later?
 *
 * Inside the file each event is chained to the one before it in its case, and seq has no gap; that
 * tells an edit, a deletion and a move. It cannot tell a history that was shortened or written anew
 * by somebody who knows how: for that its heads (store/heads.h) leave the machine every day. */
#ifndef FQ_STORE_PROOF_H
#define FQ_STORE_PROOF_H

#include "base/err.h"
#include "store/walk.h"

#include <jansson.h>
#include <stdint.h>

/* From a daemon at work, on a connection of its own: the pages of the file are not checked. Never
 * opens the file but through SQLite (closing it would drop the daemon's locks). */
enum { PROOF_BESIDE_WRITER = 1 };

/* {ok, schema, last_seq, events, cases, audit, history, audit_head, kept_seq?, bad_count?, bad?}
 * where bad is at most 100 of {what: event|case|audit, problem, seq?, until?, case?, number?,
 * version?, after_seq?, id?}, the first bad event first. heads: text of a file of heads, or NULL.
 * New reference; NULL with err when the file cannot be read. `walk` may be NULL. */
json_t *proof_verify(
    const char *path, int flags, const char *heads, struct walk *walk, struct err *err);
/* One line about an entry of `bad`, in the language in use; caller owns. */
char *proof_words(const json_t *entry);
/* The heads as text; caller owns. Refuses with ERR_INTERNAL when the history is bad already. */
char *proof_heads(const char *path, int flags, int64_t now_ms, struct walk *walk, struct err *err);

#endif
