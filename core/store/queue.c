/* store/queue.c — see queue.h. */
#include "store/queue.h"

#include "base/memory.h"
#include "store/sqlite/backend.h"

#include <errno.h>
#include <time.h>

void queue_init(struct queue *q)
{
    *q = (struct queue){0};
    q->last = &q->first;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&q->filled, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&q->mutex, NULL);
}

void queue_close(struct queue *q)
{
    for (struct job *job = queue_take_all(q); job != NULL;) {
        struct job *next = job->next;
        job_free(job);
        job = next;
    }
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->mutex);
}

void queue_put(struct queue *q, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&q->mutex);
    *q->last = job;
    q->last = &job->next;
    q->length++;
    pthread_cond_signal(&q->filled);
    pthread_mutex_unlock(&q->mutex);
}

void queue_end(struct queue *q)
{
    pthread_mutex_lock(&q->mutex);
    q->ended = true;
    pthread_cond_broadcast(&q->filled);
    pthread_mutex_unlock(&q->mutex);
}

size_t queue_length(struct queue *q)
{
    pthread_mutex_lock(&q->mutex);
    size_t length = q->length;
    pthread_mutex_unlock(&q->mutex);
    return length;
}

/* Cuts the first n jobs off. The mutex is held. */
static struct job *cut(struct queue *q, struct job *last, size_t n)
{
    struct job *first = q->first;
    q->first = last->next;
    if (q->first == NULL) {
        q->last = &q->first;
    }
    last->next = NULL;
    q->length -= n;
    return first;
}

static struct job *take_group(struct queue *q, size_t units_max)
{
    struct job *last = q->first;
    size_t n = 1, units = last->count;
    while (last->kind == JOB_BATCH && last->next != NULL && last->next->kind == JOB_BATCH &&
           units + last->next->count <= units_max) {
        last = last->next;
        units += last->count;
        n++;
    }
    return cut(q, last, n);
}

static struct timespec after_ms(int ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

enum taken queue_take(struct queue *q, int wait_ms, size_t units_max, struct job **jobs_out)
{
    struct timespec until = after_ms(wait_ms < 0 ? 0 : wait_ms);
    enum taken taken = TAKEN_JOBS;
    pthread_mutex_lock(&q->mutex);
    while (q->first == NULL && !q->ended && taken == TAKEN_JOBS) {
        if (wait_ms < 0) {
            pthread_cond_wait(&q->filled, &q->mutex);
        } else if (pthread_cond_timedwait(&q->filled, &q->mutex, &until) == ETIMEDOUT) {
            taken = TAKEN_NOTHING;
        }
    }
    if (q->first != NULL) {
        *jobs_out = take_group(q, units_max);
        taken = TAKEN_JOBS;
    } else if (q->ended) {
        taken = TAKEN_END;
    }
    pthread_mutex_unlock(&q->mutex);
    return taken;
}

struct job *queue_take_all(struct queue *q)
{
    pthread_mutex_lock(&q->mutex);
    struct job *first = q->first;
    q->first = NULL;
    q->last = &q->first;
    q->length = 0;
    pthread_mutex_unlock(&q->mutex);
    return first;
}

void job_free(struct job *job)
{
    if (job == NULL) {
        return;
    }
    for (size_t i = 0; i < job->count; i++) {
        store_unit_free(job->units[i]);
        mem_free(job->written == NULL ? NULL : job->written[i].response);
    }
    mem_free(job->units);
    mem_free(job->written);
    json_decref(job->args);
    json_decref(job->answer);
    err_clear(&job->err);
    mem_free(job);
}
