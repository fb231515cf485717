/* rpc/proposals.h — what one administrator asked for and a second one must confirm (DOMAIN §2.m).
 *
 * Held in memory only: after a restart it is asked for again. Nothing waits for long, and nothing
 * that was not confirmed can come into force by itself. */
#ifndef FQ_RPC_PROPOSALS_H
#define FQ_RPC_PROPOSALS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct proposals; /* opaque */

enum {
    PROPOSALS_MAX = 16, /* more than that nobody reads; the oldest falls out */
    PROPOSAL_TEXT = 13, /* twelve hex digits and the end: enough to tell sixteen apart */
};

struct proposals *proposals_open(void);
void proposals_free(struct proposals *p); /* accepts NULL */

/* The name of a content: begins its SHA-256. */
const char *proposal_name(const json_t *doc, char name_out[PROPOSAL_TEXT]);
/* Keeps it once: who asked first stays who asked. Takes nothing. */
void proposals_add(
    struct proposals *p, const char *kind, const json_t *doc, const char *by, int64_t at_ms);
/* The content waiting under that name; borrowed. by_out (may be NULL): who asked; borrowed. */
const json_t *proposals_find(
    const struct proposals *p, const char *kind, const char *name, const char **by_out);
void proposals_drop(struct proposals *p, const char *kind, const char *name);
/* [{confirm, by, at, doc}], oldest first; new reference. */
json_t *proposals_list(const struct proposals *p, const char *kind);

#endif
