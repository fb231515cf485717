/* wire/envelope.h — JSON-RPC 2.0 messages: what is a request, what a reply looks like.
 *
 * Server and client share it. Lines are written without their LF. Texts in replies never hold a
 * raw U+2028 or U+2029, which some readers take for line ends. */
#ifndef FQ_WIRE_ENVELOPE_H
#define FQ_WIRE_ENVELOPE_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    ENVELOPE_ID_MAX = 128,     /* bytes; a UUID with a prefix fits, a document does not */
    ENVELOPE_METHOD_MAX = 128, /* bytes */
};

/* A request as it was read. Everything is borrowed from `doc`. */
struct request {
    json_t *doc;        /* owned */
    const json_t *id;   /* NULL: none, or none that can be used */
    bool notification;  /* there was no id: nobody waits for an answer */
    const char *method; /* never NULL after success */
    json_t *params;     /* object or array; NULL when absent or null */
};

/* Reads one message of a line or one element of a batch; takes a reference of doc. On false (an
 * ERR_REQUEST) `id` is set when it could be made out, so that the refusal finds its asker. */
bool request_read(struct request *r, json_t *doc, struct err *err);
void request_close(struct request *r);

/* --- writing, server ------------------------------------------------------------------------- */

/* id NULL is written as null. */
void envelope_result(struct buf *out, const json_t *id, const json_t *result);
/* text: an object, copied byte for byte; `replayed` adds "_meta":{"replayed":true} behind its
 * other members. */
void envelope_result_raw(struct buf *out, const json_t *id, const char *text, bool replayed);
/* data = {kind, hint?, retryable, trace?, …err->data}. trace may be NULL. */
void envelope_error(struct buf *out, const json_t *id, const struct err *err, const char *trace);
void envelope_notification(struct buf *out, const char *method, const json_t *params);

/* --- client ---------------------------------------------------------------------------------- */

void envelope_request(struct buf *out, const json_t *id, const char *method, const json_t *params);

enum response_kind {
    RESPONSE_RESULT,
    RESPONSE_ERROR,
    RESPONSE_NOTIFICATION, /* the server's own message: method and params */
};

struct response {
    json_t *doc; /* owned */
    enum response_kind kind;
    const json_t *id; /* NULL for notifications and for null */
    json_t *result;
    struct err err;     /* owned; the server's error, told apart by its kind */
    const char *method; /* of a notification */
    json_t *params;
};

/* Reads one line. ERR_PARSE or ERR_REQUEST when it is no JSON-RPC reply. */
bool response_read(struct response *r, const char *line, size_t len, struct err *err);
void response_close(struct response *r);

#endif
