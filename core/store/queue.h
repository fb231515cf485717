/* store/queue.h — jobs handed from thread to thread, first in first out. */
#ifndef FQ_STORE_QUEUE_H
#define FQ_STORE_QUEUE_H

#include "base/lang.h"
#include "store/store.h"

#include <pthread.h>

enum job_kind {
    JOB_BATCH, /* units to write */
    JOB_PROBE,
    JOB_ASK,
    JOB_FOLD, /* bring the report tables up to date, then become a JOB_ASK */
};

/* One call of the interface on its way through a thread and back. The thread that took it from a
 * queue owns it. */
struct job {
    struct job *next;
    enum job_kind kind;
    enum lang lang; /* of the caller: errors are words for people */
    /* JOB_BATCH */
    struct store_unit **units; /* owned, with its content */
    size_t count;
    struct written *written; /* owned; one for each unit */
    /* JOB_ASK, JOB_FOLD */
    enum store_question question;
    json_t *args;   /* owned */
    json_t *answer; /* owned */
    store_answer_cb answered;
    /* JOB_PROBE */
    store_unit_cb done;
    void *ctx;
    bool ok;
    struct err err;
};

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct job *first, **last;
    size_t length;
    bool ended;
};

void queue_init(struct queue *q);
void queue_close(struct queue *q); /* frees what is still in it */
void queue_put(struct queue *q, struct job *job);
void queue_end(struct queue *q); /* no more jobs will come: waiting threads wake up */
size_t queue_length(struct queue *q);

enum taken { TAKEN_JOBS, TAKEN_NOTHING /* wait_ms passed */, TAKEN_END /* ended and empty */ };
/* Waits for a job (wait_ms < 0: for as long as it takes) and takes it. When it is a batch, the
 * batches right behind it come along, chained by next, as long as all their units are at most
 * units_max. */
enum taken queue_take(struct queue *q, int wait_ms, size_t units_max, struct job **jobs_out);
struct job *queue_take_all(struct queue *q); /* never waits; NULL when empty */

void job_free(struct job *job); /* accepts NULL */

#endif
