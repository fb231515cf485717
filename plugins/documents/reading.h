/* reading.h — a case is read for a document: its page and its whole history, one question after the
 * other, with the rights of whoever asked or of the plugin. */
#ifndef DOCUMENTS_READING_H
#define DOCUMENTS_READING_H

#include "documents.h"

/* values (owned by the callback) or error (the wire's error object, borrowed). */
typedef void (*reading_cb)(json_t *page, json_t *values, struct fq_text error, void *ctx);

/* call 0: as the plugin. FQ_ERROR: not begun, cb never comes. */
int reading_begin(struct documents *d, int64_t call, const char *number, reading_cb cb, void *ctx);

/* Asks as the caller of `call`, or as the plugin when call is 0. Takes params. */
int ask(
    struct documents *d, int64_t call, const char *method, json_t *params, fq_rpc_cb cb, void *ctx);

#endif
