/* store/files.h — contents of attachments, by their SHA-256, in a folder beside the database.
 *
 * A content comes in pieces into parts/<key> and is sealed to <two letters>/<hash>: checked,
 * synced, renamed, its folder synced. The key is of the hash and of who sends it: an interrupted
 * content goes on where it stopped, for its sender alone, and nobody learns from an answer what
 * others have sent. Two who send the same keep one content; that each of them had it is marked in
 * sent/<key>, so that to know a hash is not to have its content. Every call waits for the disk:
 * none belongs on the loop thread. Any number of threads and processes may call; the file locks
 * order them.
 *
 * `by` is who sends, a user; NULL: whoever it was (the caller has made sure that the content may be
 * known).
 *
 * Errors: ERR_PARAMS (hash, offset, size), ERR_STATE (not there, not whole, another content),
 * ERR_READ_ONLY (disk full; nothing is left half written), ERR_INTERNAL (the disk). */
#ifndef FQ_STORE_FILES_H
#define FQ_STORE_FILES_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FILES_PIECE_MAX = 192 * 1024,      /* of a content in one message: base64 of it fits a line */
    FILES_ROOM_MIN = 64 * 1024 * 1024, /* stays free on the disk: the database needs it more */
};

struct files; /* opaque */

/* Makes nothing on the disk yet. */
struct files *files_open(const char *folder, int64_t size_max);
void files_free(struct files *f); /* accepts NULL */
int64_t files_size_max(const struct files *f);

bool files_hash_valid(const char *hash); /* 64 small hex digits */

/* How much of it has `by` sent already? Refuses what is too large for the limit or the disk. */
bool files_begin(struct files *f, const char *by, const char *hash, int64_t size, int64_t *have_out,
    bool *complete_out, struct err *err);
/* Adds bytes at offset. What is there already is not written again; a gap is refused with
 * data.have.
 */
bool files_put(struct files *f, const char *by, const char *hash, int64_t offset, const void *data,
    size_t len, int64_t *have_out, struct err *err);
/* The content is whole: checked against the hash and on the disk for good. Again is fine. Another
 * content than the hash says is thrown away. */
bool files_seal(
    struct files *f, const char *by, const char *hash, int64_t *size_out, struct err *err);
/* Size of a content that `by` sealed; it is spared by the sweep for a while from now. */
bool files_keep(
    struct files *f, const char *by, const char *hash, int64_t *size_out, struct err *err);
/* Adds a piece to out; size is what it must have. A content that is gone or cut: ERR_INTERNAL. */
bool files_read(struct files *f, const char *hash, int64_t size, int64_t offset, size_t len,
    struct buf *out, struct err *err);

/* Sealed contents untouched since before_s (Unix seconds), as an array of hashes; parts and marks
 * that old are removed. New reference. */
json_t *files_old(struct files *f, int64_t before_s);
/* Removes a content unless it was kept since. */
void files_remove(struct files *f, const char *hash, int64_t before_s);

#endif
