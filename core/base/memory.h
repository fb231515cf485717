/* base/memory.h — allocation that dies at once when memory is gone.
 *
 * The log is durable and restart is recovery, so C code has no out-of-memory
 * paths. Lua has its own limited allocator and refuses instead of dying. */
#ifndef FQ_BASE_MEMORY_H
#define FQ_BASE_MEMORY_H

#include <stddef.h>

void *mem_alloc(size_t size);               /* zeroed; never NULL */
void *mem_resize(void *p, size_t size);     /* new bytes are not zeroed */
void *mem_array(size_t count, size_t size); /* zeroed; dies on overflow */
char *mem_strdup(const char *s);            /* NULL gives NULL */
char *mem_strndup(const char *s, size_t len);
void *mem_dup(const void *p, size_t size);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void mem_free(void *p); /* accepts NULL */

#endif
