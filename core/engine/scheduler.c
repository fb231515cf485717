/* engine/scheduler.c — a binary heap, bounded: when it outgrows twice its window the later half is
 * forgotten and left to the disk. */
#include "engine/scheduler.h"

#include "base/memory.h"

#include <stdlib.h>

struct entry {
    int64_t wake_ms, case_id;
};

struct scheduler {
    struct entry *heap;
    size_t count, cap, window;
    int64_t end_ms; /* wakes from here on may be on disk only */
};

struct scheduler *scheduler_open(size_t window)
{
    struct scheduler *s = mem_alloc(sizeof *s);
    s->window = window;
    s->cap = 2 * window + 1;
    s->heap = mem_array(s->cap, sizeof *s->heap);
    s->end_ms = INT64_MIN; /* nothing was read yet */
    return s;
}

void scheduler_free(struct scheduler *s)
{
    if (s != NULL) {
        mem_free(s->heap);
        mem_free(s);
    }
}

static void swap(struct entry *a, struct entry *b)
{
    struct entry t = *a;
    *a = *b;
    *b = t;
}

static void sift_up(struct scheduler *s, size_t i)
{
    while (i > 0 && s->heap[i].wake_ms < s->heap[(i - 1) / 2].wake_ms) {
        swap(&s->heap[i], &s->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void sift_down(struct scheduler *s, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++) {
            if (child < s->count && s->heap[child].wake_ms < s->heap[least].wake_ms) {
                least = child;
            }
        }
        if (least == i) {
            return;
        }
        swap(&s->heap[i], &s->heap[least]);
        i = least;
    }
}

static int by_wake(const void *a, const void *b)
{
    int64_t x = ((const struct entry *)a)->wake_ms, y = ((const struct entry *)b)->wake_ms;
    return (x > y) - (x < y);
}

/* Keeps the earlier half; a sorted array is a heap. */
static void shrink(struct scheduler *s)
{
    qsort(s->heap, s->count, sizeof *s->heap, by_wake);
    s->count = s->window;
    if (s->heap[s->count].wake_ms < s->end_ms) {
        s->end_ms = s->heap[s->count].wake_ms;
    }
}

void scheduler_push(struct scheduler *s, int64_t case_id, int64_t wake_ms)
{
    if (wake_ms == INT64_MAX || wake_ms >= s->end_ms) {
        return;
    }
    if (s->count == 2 * s->window) {
        shrink(s);
        if (wake_ms >= s->end_ms) {
            return;
        }
    }
    s->heap[s->count] = (struct entry){wake_ms, case_id};
    sift_up(s, s->count++);
}

int64_t scheduler_next_ms(const struct scheduler *s)
{
    return s->count == 0 ? INT64_MAX : s->heap[0].wake_ms;
}

bool scheduler_take(struct scheduler *s, int64_t now_ms, int64_t *case_id_out, int64_t *wake_out)
{
    if (s->count == 0 || s->heap[0].wake_ms > now_ms) {
        return false;
    }
    *case_id_out = s->heap[0].case_id;
    *wake_out = s->heap[0].wake_ms;
    s->heap[0] = s->heap[--s->count];
    sift_down(s, 0);
    return true;
}

size_t scheduler_count(const struct scheduler *s)
{
    return s->count;
}

size_t scheduler_window(const struct scheduler *s)
{
    return s->window;
}

bool scheduler_wants_refill(const struct scheduler *s)
{
    return s->count == 0 && s->end_ms != INT64_MAX;
}

void scheduler_begin_refill(struct scheduler *s)
{
    s->end_ms = INT64_MAX;
}

/* Never later than the end is already: the heap may have shrunk while the page was pushed. */
void scheduler_end_refill(struct scheduler *s, int64_t last_wake_ms)
{
    s->end_ms = last_wake_ms < s->end_ms ? last_wake_ms : s->end_ms;
}

int64_t scheduler_end_ms(const struct scheduler *s)
{
    return s->end_ms;
}

void scheduler_forget(struct scheduler *s)
{
    s->count = 0;
    s->end_ms = INT64_MIN;
}
