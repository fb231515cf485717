/* store/store.c — the interface: calls become jobs, jobs pass a thread, completions come back.
 *
 * The writer takes all batches that wait and writes them in one transaction (group commit): a
 * sync costs the same for one unit and for a thousand. While it writes, the next batches gather.
 * Completions are handed over only after the commit is on the disk.
 *
 * Failure: a group that cannot be written fails whole, each unit with the reason. Later batches
 * are tried again: those that build on a failed one are in conflict by their versions. */
#include "store/store.h"

#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "store/queue.h"
#include "store/sqlite/backend.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    READERS_DEFAULT = 2, /* a long report leaves one for the lists */
    READERS_MAX = 16,
    GROUP_UNITS_MAX = 1024, /* a commit stays below a tenth of a second, also on a slow disk */
    IDLE_MS = 1000,         /* after this long without a batch the writer tidies up */
    FOLD_EVENTS = 500,      /* about 5 ms of reading between two groups */
};

struct store {
    char *path; /* owned */
    bool threads;
    void (*wake)(void *ctx);
    void *wake_ctx;
    struct db *writer; /* used by the writer thread only, once it runs */
    struct db *readers[READERS_MAX];
    struct db *now; /* store_ask_now's own, opened at first use */
    size_t reader_count, readers_started;
    pthread_t writer_thread, reader_threads[READERS_MAX];
    bool writer_started;
    atomic_size_t backlog;
    /* Since the start; units per commit is what grouping gives. */
    atomic_llong commits, commit_units;
    struct queue to_write, to_read, finished;
    /* Readers are numbered as they start. */
    atomic_size_t next_reader;
};

static struct job *job_new(enum job_kind kind)
{
    struct job *job = mem_alloc(sizeof *job);
    job->kind = kind;
    job->lang = lang_current();
    return job;
}

static void finish(struct store *s, struct job *job)
{
    queue_put(&s->finished, job);
}

static void wake(struct store *s)
{
    if (s->wake != NULL) {
        s->wake(s->wake_ctx);
    }
}

/* --- the writer ------------------------------------------------------------------------------ */

static size_t units_of(const struct job *jobs)
{
    size_t n = 0;
    for (; jobs != NULL; jobs = jobs->next) {
        n += jobs->count;
    }
    return n;
}

/* All units of the chain as one array, one transaction, and the outcome back to each job. */
static void write_group(struct store *s, struct job *jobs)
{
    size_t count = units_of(jobs), at = 0;
    struct store_unit **units = mem_array(count + 1, sizeof *units);
    struct written *written = mem_array(count + 1, sizeof *written);
    struct err err = {0};
    for (struct job *job = jobs; job != NULL; job = job->next) {
        for (size_t i = 0; i < job->count; i++) {
            units[at++] = job->units[i];
        }
    }
    lang_use(jobs->lang);
    bool ok = db_write(s->writer, units, count, written, &err);
    if (ok) {
        atomic_fetch_add(&s->commits, 1);
        atomic_fetch_add(&s->commit_units, (long long)count);
    }
    at = 0;
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        next = job->next;
        job->written = mem_array(job->count + 1, sizeof *written);
        for (size_t i = 0; i < job->count; i++) {
            job->written[i] = written[at++];
        }
        if (!ok) {
            err_set(&job->err, err.code, "%s", err.message);
        }
        finish(s, job);
    }
    err_clear(&err);
    mem_free(units);
    mem_free(written);
}

static void hand_to_readers(struct store *s, struct job *job)
{
    job->kind = JOB_ASK;
    queue_put(&s->to_read, job);
}

/* A few events more; when some are left the job goes behind the batches that came meanwhile. */
static void fold_step(struct store *s, struct job *job)
{
    bool more = false;
    if (db_fold(s->writer, FOLD_EVENTS, &more, &job->err) && more) {
        queue_put(&s->to_write, job);
    } else {
        err_clear(&job->err); /* the answer says up to which event it goes */
        hand_to_readers(s, job);
    }
}

static void probe(struct store *s, struct job *job)
{
    lang_use(job->lang);
    job->ok = db_probe(s->writer, &job->err);
    finish(s, job);
}

/* One turn's worth: a group of batches, or one other job. */
static void work(struct store *s, struct job *jobs)
{
    if (jobs->kind == JOB_BATCH) {
        write_group(s, jobs);
    } else if (jobs->kind == JOB_PROBE) {
        probe(s, jobs);
    } else {
        fold_step(s, jobs);
        return; /* nothing finished */
    }
    wake(s);
}

static void tidy(struct store *s)
{
    bool more = false;
    struct err err = {0};
    db_fold(s->writer, FOLD_EVENTS, &more, &err);
    err_clear(&err);
    db_tend(s->writer, true);
}

static void *writer_main(void *ctx)
{
    struct store *s = ctx;
    struct job *jobs;
    for (;;) {
        switch (queue_take(&s->to_write, IDLE_MS, GROUP_UNITS_MAX, &jobs)) {
        case TAKEN_END:
            return NULL;
        case TAKEN_NOTHING:
            tidy(s);
            break;
        case TAKEN_JOBS:
            work(s, jobs);
            db_tend(s->writer, false);
            break;
        }
    }
}

/* --- the readers ----------------------------------------------------------------------------- */

static json_t *ask(
    struct store *s, struct db *db, enum store_question q, json_t *args, struct err *err)
{
    json_t *found = db_ask(db, q, args, err);
    if (q == ASK_STAT && found != NULL) {
        json_put_number(found, "commits", atomic_load(&s->commits));
        json_put_number(found, "commit_units", atomic_load(&s->commit_units));
    }
    return found;
}

static void answer(struct store *s, struct db *db, struct job *job)
{
    lang_use(job->lang);
    job->answer = ask(s, db, job->question, job->args, &job->err);
    job->ok = job->answer != NULL;
}

static void *reader_main(void *ctx)
{
    struct store *s = ctx;
    struct db *db = s->readers[atomic_fetch_add(&s->next_reader, 1)];
    struct job *job;
    while (queue_take(&s->to_read, -1, 0, &job) == TAKEN_JOBS) {
        answer(s, db, job);
        finish(s, job);
        wake(s);
    }
    return NULL;
}

/* --- opening and closing ---------------------------------------------------------------------- */

static bool open_readers(struct store *s, struct err *err)
{
    for (size_t i = 0; i < s->reader_count; i++) {
        s->readers[i] = db_open_reader(s->path, err);
        if (s->readers[i] == NULL) {
            return false;
        }
    }
    return true;
}

static bool start_threads(struct store *s, struct err *err)
{
    if (!open_readers(s, err)) {
        return false;
    }
    s->writer_started = pthread_create(&s->writer_thread, NULL, writer_main, s) == 0;
    bool ok = s->writer_started;
    for (size_t i = 0; ok && i < s->reader_count; i++) {
        ok = pthread_create(&s->reader_threads[i], NULL, reader_main, s) == 0;
        s->readers_started += ok;
    }
    return ok || err_set(err, ERR_INTERNAL, _("no more threads can be started"));
}

struct store *store_open(const struct store_options *options, struct err *err)
{
    struct store *s = mem_alloc(sizeof *s);
    s->path = mem_strdup(options->path);
    s->threads = !(options->flags & STORE_INLINE);
    s->wake = options->wake;
    s->wake_ctx = options->wake_ctx;
    int wanted = options->readers <= 0 ? READERS_DEFAULT : options->readers;
    s->reader_count = (size_t)(wanted > READERS_MAX ? READERS_MAX : wanted);
    queue_init(&s->to_write);
    queue_init(&s->to_read);
    queue_init(&s->finished);
    s->writer = db_open_writer(s->path, err);
    if (s->writer == NULL || (s->threads && !start_threads(s, err))) {
        store_close(s);
        return NULL;
    }
    return s;
}

void store_close(struct store *s)
{
    if (s == NULL) {
        return;
    }
    queue_end(&s->to_write);
    if (s->writer_started) {
        pthread_join(s->writer_thread, NULL);
    }
    queue_end(&s->to_read); /* after the writer: it may still hand a question over */
    for (size_t i = 0; i < s->readers_started; i++) {
        pthread_join(s->reader_threads[i], NULL);
    }
    for (size_t i = 0; i < READERS_MAX; i++) {
        db_close(s->readers[i]);
    }
    db_close(s->now);
    db_close(s->writer); /* last: it copies the log into the file */
    queue_close(&s->to_write);
    queue_close(&s->to_read);
    queue_close(&s->finished);
    mem_free(s->path);
    mem_free(s);
}

/* --- calls ------------------------------------------------------------------------------------ */

/* Without threads the work is done here and now; only the completion waits for store_poll. */
static void give_to_writer(struct store *s, struct job *job)
{
    if (s->threads) {
        queue_put(&s->to_write, job);
        return;
    }
    work(s, job);
    db_tend(s->writer, false);
}

void store_append(struct store *s, struct store_unit *units[], size_t count)
{
    struct job *job = job_new(JOB_BATCH);
    job->units = mem_dup(units, count * sizeof *units);
    job->count = count;
    atomic_fetch_add(&s->backlog, 1);
    give_to_writer(s, job);
}

size_t store_backlog(const struct store *s)
{
    return atomic_load(&((struct store *)s)->backlog);
}

void store_probe(struct store *s, store_unit_cb done, void *ctx)
{
    struct job *job = job_new(JOB_PROBE);
    job->done = done;
    job->ctx = ctx;
    give_to_writer(s, job);
}

static bool fold_all(struct store *s, struct err *err)
{
    bool more = true;
    while (more) {
        if (!db_fold(s->writer, FOLD_EVENTS, &more, err)) {
            return false;
        }
    }
    return true;
}

void store_ask(
    struct store *s, enum store_question q, json_t *args, store_answer_cb done, void *ctx)
{
    struct job *job = job_new(JOB_ASK);
    job->question = q;
    job->args = args;
    job->answered = done;
    job->ctx = ctx;
    if (!s->threads) {
        if (q == ASK_REPORT && !fold_all(s, &job->err)) {
            err_clear(&job->err);
        }
        answer(s, s->writer, job);
        finish(s, job);
        wake(s);
    } else if (q == ASK_REPORT) {
        job->kind = JOB_FOLD;
        queue_put(&s->to_write, job);
    } else {
        queue_put(&s->to_read, job);
    }
}

json_t *store_ask_now(struct store *s, enum store_question q, json_t *args, struct err *err)
{
    json_t *result = NULL;
    if (s->threads && s->now == NULL) {
        s->now = db_open_reader(s->path, err);
    }
    if (!s->threads && q == ASK_REPORT) {
        fold_all(s, NULL);
    }
    struct db *db = s->threads ? s->now : s->writer;
    if (db != NULL) {
        result = ask(s, db, q, args, err);
    }
    json_decref(args);
    return result;
}

/* --- completions ------------------------------------------------------------------------------ */

static void deliver_batch(struct store *s, struct job *job)
{
    atomic_fetch_sub(&s->backlog, 1);
    for (size_t i = 0; i < job->count; i++) {
        const struct written *w = &job->written[i];
        struct store_result result = {.status = w->status,
            .seq = w->seq,
            .response = w->response,
            .err = w->status == STORE_FAILED ? &job->err : NULL};
        if (job->units[i]->done != NULL) {
            job->units[i]->done(&result, job->units[i]->ctx);
        }
    }
}

static void deliver(struct store *s, struct job *job)
{
    switch (job->kind) {
    case JOB_BATCH:
        deliver_batch(s, job);
        break;
    case JOB_PROBE: {
        struct store_result result = {
            .status = job->ok ? STORE_DURABLE : STORE_FAILED, .err = job->ok ? NULL : &job->err};
        if (job->done != NULL) {
            job->done(&result, job->ctx);
        }
        break;
    }
    case JOB_ASK:
    case JOB_FOLD:
        if (job->answered != NULL) {
            job->answered(job->answer, job->ok ? NULL : &job->err, job->ctx);
        }
        break;
    }
}

size_t store_poll(struct store *s)
{
    size_t n = 0;
    for (struct job *job = queue_take_all(&s->finished), *next; job != NULL; job = next) {
        next = job->next;
        deliver(s, job);
        job_free(job);
        n++;
    }
    return n;
}
