/* rpc/likeness.h — how alike two cases look: a proposal for a person, never a decision. */
#ifndef FQ_RPC_LIKENESS_H
#define FQ_RPC_LIKENESS_H

#include "engine/engine.h"

enum { LIKENESS_SHOWN = 40 }; /* below: neighbours, not the same matter */

/* 0..100 for a row of ASK_MATCHES (decorated); the reasons in words are added to why. */
int likeness(const struct engine *e, const struct casefile *kase, const json_t *row, json_t *why);
/* Share of the bigrams two texts have in common, 0..100. */
int likeness_texts(const char *a, const char *b);

#endif
