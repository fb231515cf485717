/* client/transfer.h — the content of files on its way, in parts, by its SHA-256: what the server
 * has is not sent again, and what broke off goes on where it stopped. */
#ifndef FQ_CLIENT_TRANSFER_H
#define FQ_CLIENT_TRANSFER_H

#include "base/digest.h"
#include "client/client.h"

enum { TRANSFER_PART_BYTES = 192 << 10 }; /* as text it fits a line of the wire */

/* Params of file.begin, and of file.put for the n bytes that stand at `at`: for a caller that does
 * not wait (the desk). New references. */
json_t *transfer_begin(const char *hash, size_t len);
json_t *transfer_part(const char *hash, size_t at, const void *data, size_t n);
/* Sends what the server lacks of `data`. True: it has all of it, durably. */
bool transfer_send(struct client *c, const char *name, const void *data, size_t len,
    char hash_out[DIGEST_TEXT], struct err *err);
/* Fetches the file of the case into `path`, which must not be there yet; half of it waits beside as
 * path.part. item is the case page's ("id", "hash", "size", "name"). */
bool transfer_fetch(
    struct client *c, const char *number, const json_t *item, const char *path, struct err *err);

#endif
