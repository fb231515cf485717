/* base/json_memory.c — see json_memory.h. */
#include "base/json_memory.h"

#include <jansson.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP = 16,       /* sizes of glibc's blocks: 24, 40, 56 … bytes */
    CLASSES = 17,    /* up to 264 bytes; larger ones are rare */
    KEPT_MAX = 4096, /* of a class: what a turn with many acts drops at once; 2 MiB in all */
};

#ifdef __SANITIZE_ADDRESS__ /* wants to see every block freed */
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

struct block {
    struct block *next;
};

static _Thread_local struct {
    bool on;
    struct {
        struct block *first;
        size_t count;
    } kept[CLASSES];
} mine;

/* Blocks of a class have room for this many bytes at least, whatever the allocator calls usable. */
static size_t room(size_t class)
{
    return class * STEP + STEP / 2;
}

static void *take(size_t size)
{
    size_t class = size <= room(1) ? 1 : (size - STEP / 2 + STEP - 1) / STEP;
    struct block *block = class < CLASSES ? mine.kept[class].first : NULL;
    if (block == NULL) {
        return malloc(class < CLASSES ? room(class) : size);
    }
    mine.kept[class].first = block->next;
    mine.kept[class].count--;
    return block;
}

static void give(void *p)
{
    size_t usable = mine.on && p != NULL ? malloc_usable_size(p) : 0;
    size_t class = usable < room(1) ? CLASSES : (usable - STEP / 2) / STEP;
    if (class >= CLASSES || mine.kept[class].count == KEPT_MAX) {
        free(p);
        return;
    }
    struct block *block = p;
    block->next = mine.kept[class].first;
    mine.kept[class].first = block;
    mine.kept[class].count++;
}

void json_memory_begin(void)
{
    if (!SANITIZED) {
        mine.on = true;
        json_set_alloc_funcs(take, give);
    }
}

void json_memory_end(void)
{
    mine.on = false;
    for (size_t class = 0; class < CLASSES; class ++) {
        while (mine.kept[class].first != NULL) {
            struct block *block = mine.kept[class].first;
            mine.kept[class].first = block->next;
            free(block);
        }
        mine.kept[class].count = 0;
    }
}
