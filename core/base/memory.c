/* base/memory.c — see memory.h. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *p, size_t size)
{
    if (p == NULL && size != 0) {
        fprintf(stderr, "fengqiao: out of memory (%zu bytes)\n", size);
        abort();
    }
    return p;
}

/* malloc and memset: glibc's calloc passes by its quick lists of freed blocks. */
void *mem_alloc(size_t size)
{
    void *p = or_die(malloc(size), size);
    return size == 0 ? p : memset(p, 0, size);
}

void *mem_resize(void *p, size_t size)
{
    return or_die(realloc(p, size), size);
}

void *mem_array(size_t count, size_t size)
{
    return or_die(calloc(count, size), count != 0 && size != 0);
}

char *mem_strdup(const char *s)
{
    return s == NULL ? NULL : mem_strndup(s, strlen(s));
}

char *mem_strndup(const char *s, size_t len)
{
    char *copy = or_die(malloc(len + 1), len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

void *mem_dup(const void *p, size_t size)
{
    void *copy = or_die(malloc(size), size);
    return size == 0 ? copy : memcpy(copy, p, size);
}

char *mem_printf(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = NULL;
    int len = vasprintf(&text, fmt, args);
    va_end(args);
    return or_die(len < 0 ? NULL : text, 1);
}

void mem_free(void *p)
{
    free(p);
}
