/* engine/counter.h — the last serial number of each body and year: 羊调26 -> 17. */
#ifndef FQ_ENGINE_COUNTER_H
#define FQ_ENGINE_COUNTER_H

#include "engine/engine_private.h"

struct counter {
    char *name; /* "羊调/26" */
    int64_t last;
    UT_hash_handle hh;
};

/* Reads all of them, and the last case id, from an answer to ASK_META. */
void counters_load(struct engine *e, const json_t *meta);
/* The same without going back: numbers of units in flight stay taken. */
void counters_raise(struct engine *e, const json_t *meta);
void counters_free(struct engine *e);
struct counter *counter_find(struct engine *e, const char *sign, int year); /* 0..99; never NULL */
struct counter *counter_named(struct engine *e, const char *name);          /* never NULL */
/* A case of this number was accepted; or was not written after all, so that the number is free. */
void counter_take(struct engine *e, const char *number);
void counter_give_back(struct engine *e, const char *number);
/* The same for the document an event numbered: its member "numbered" {series, serial}; events
 * without one are fine. */
void counter_take_document(struct engine *e, const json_t *event);
void counter_give_back_document(struct engine *e, const json_t *event);

#endif
