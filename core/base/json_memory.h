/* base/json_memory.h — memory of JSON values on the thread that makes most of them.
 *
 * An act makes and drops some hundred small values; the C library keeps only seven freed blocks of
 * a size at hand, so that most went the long way. Between begin and end the calling thread keeps
 * them itself, bounded. Every block is an ordinary one of malloc: other threads may free it. */
#ifndef FQ_BASE_JSON_MEMORY_H
#define FQ_BASE_JSON_MEMORY_H

void json_memory_begin(void); /* on one thread, before others make JSON; sanitizers: does nothing */
void json_memory_end(void);   /* same thread; what was kept is freed */

#endif
