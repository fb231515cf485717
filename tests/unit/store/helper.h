/* tests/unit/store/helper.h — units, waiting and questions for the tests of the store. */
#ifndef FQ_TEST_STORE_HELPER_H
#define FQ_TEST_STORE_HELPER_H

#include "base/json.h"
#include "base/memory.h"
#include "store/store.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A store of one of three kinds over its own folder. */
enum store_kind { KIND_MEMORY, KIND_FILE, KIND_THREADS, KIND_COUNT };

struct fixture {
    enum store_kind kind;
    char folder[64];
    char path[96];
    struct store *store;
    pthread_mutex_t mutex;
    pthread_cond_t woken;
    int wakes;
};

static inline void fixture_wake(void *ctx)
{
    struct fixture *f = ctx;
    pthread_mutex_lock(&f->mutex);
    f->wakes++;
    pthread_cond_signal(&f->woken);
    pthread_mutex_unlock(&f->mutex);
}

static inline void fixture_open(struct fixture *f)
{
    struct store_options o = {.path = f->kind == KIND_MEMORY ? ":memory:" : f->path};
    if (f->kind == KIND_THREADS) {
        o.wake = fixture_wake;
        o.wake_ctx = f;
    } else {
        o.flags = STORE_INLINE;
    }
    struct err err = {0};
    f->store = store_open(&o, &err);
    if (f->store == NULL) {
        fprintf(stderr, "store_open: %s\n", err.message);
    }
    assert_non_null(f->store);
}

static inline void fixture_folder(struct fixture *f, enum store_kind kind)
{
    memset(f, 0, sizeof *f);
    f->kind = kind;
    pthread_mutex_init(&f->mutex, NULL);
    pthread_cond_init(&f->woken, NULL);
    strcpy(f->folder, "/tmp/fq_store_XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/fengqiao.db", f->folder);
}

static inline void fixture_init(struct fixture *f, enum store_kind kind)
{
    fixture_folder(f, kind);
    fixture_open(f);
}

static inline void fixture_close(struct fixture *f)
{
    store_close(f->store);
    DIR *dir = opendir(f->folder);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] != '.') {
            char path[512];
            snprintf(path, sizeof path, "%s/%s", f->folder, e->d_name);
            unlink(path);
        }
    }
    closedir(dir);
    rmdir(f->folder);
    pthread_cond_destroy(&f->woken);
    pthread_mutex_destroy(&f->mutex);
}

/* Polls until `wanted` completions have been delivered; waits for wakes, never sleeps. */
static inline void fixture_poll(struct fixture *f, size_t wanted)
{
    size_t got = store_poll(f->store);
    while (got < wanted) {
        assert_int_equal(KIND_THREADS, f->kind);
        pthread_mutex_lock(&f->mutex);
        while (f->wakes == 0) {
            pthread_cond_wait(&f->woken, &f->mutex);
        }
        f->wakes = 0;
        pthread_mutex_unlock(&f->mutex);
        got += store_poll(f->store);
    }
}

/* What a unit came to. */
struct outcome {
    int calls;
    enum store_status status;
    int64_t seq;
    char response[128];
    enum err_code code;
    char message[1024];
};

static inline void outcome_cb(const struct store_result *r, void *ctx)
{
    struct outcome *o = ctx;
    o->calls++;
    o->status = r->status;
    o->seq = r->seq;
    snprintf(o->response, sizeof o->response, "%s", r->response == NULL ? "" : r->response);
    o->code = r->err == NULL ? ERR_NONE : r->err->code;
    snprintf(o->message, sizeof o->message, "%s", r->err == NULL ? "" : r->err->message);
}

/* An event of a case in the village body "v<n>.tw" … chained behind prev (zeros for the first). */
static inline struct store_unit *unit_case(
    int64_t id, int64_t version, struct digest *head, struct outcome *o)
{
    struct store_unit *u = store_unit_new();
    struct store_case_unit *k = mem_alloc(sizeof *k);
    u->kase = k;
    u->done = o == NULL ? NULL : outcome_cb;
    u->ctx = o;
    k->case_id = id;
    k->version = version;
    k->at_ms = 1000000 + version * 1000;
    k->type = mem_strdup(version == 1 ? "opened" : "advanced");
    k->actor = mem_strdup("u1");
    k->data = mem_printf(
        "{\"changes\":[],\"note\":\"case %lld version %lld\"}", (long long)id, (long long)version);
    struct digest none = {{0}};
    k->hash = digest_of2((version == 1 || head == NULL ? &none : head)->bytes, DIGEST_SIZE, k->data,
        strlen(k->data));
    if (head != NULL) {
        *head = k->hash;
    }
    k->snapshot = mem_printf("{\"id\":%lld,\"version\":%lld}", (long long)id, (long long)version);
    k->fields = version == 1 ? mem_strdup("{\"subject\":\"欠薪\"}") : NULL;
    k->number = mem_printf("羊调26-%04lld", (long long)id);
    k->flow = mem_strdup("petition");
    k->state = mem_strdup("open");
    k->host = mem_strdup("v1.tw");
    k->origin = mem_strdup("v1.tw");
    k->place_path = mem_strdup("/150300/150303/150303104/");
    k->title = mem_printf("案件%lld", (long long)id);
    k->opened_ms = k->received_ms = 1000000;
    k->wake_ms = INT64_MAX;
    return u;
}

static inline void put_text(char **field, const char *text)
{
    mem_free(*field);
    *field = mem_strdup(text);
}

/* Hands the units over as one batch and waits until they are done. */
static inline void append(struct fixture *f, struct store_unit *units[], size_t count)
{
    store_append(f->store, units, count);
    fixture_poll(f, 1);
}

static inline struct outcome append_one(struct fixture *f, struct store_unit *u)
{
    struct outcome o = {0};
    u->done = outcome_cb;
    u->ctx = &o;
    append(f, &u, 1);
    assert_int_equal(1, o.calls);
    return o;
}

static inline struct outcome append_record(
    struct fixture *f, enum store_record record, json_t *args)
{
    struct store_unit *u = store_unit_new();
    u->record = record;
    u->args = args;
    assert_non_null(args);
    return append_one(f, u);
}

static inline void answer_cb(json_t *answer, const struct err *err, void *ctx)
{
    json_t **out = ctx;
    assert_null(*out);
    if (answer == NULL) {
        fprintf(stderr, "question failed: %s\n", err->message);
    }
    assert_non_null(answer);
    *out = json_incref(answer);
}

/* Asks by the asynchronous call; new reference. */
static inline json_t *ask(struct fixture *f, enum store_question q, json_t *args)
{
    json_t *answer = NULL;
    store_ask(f->store, q, args, answer_cb, &answer);
    fixture_poll(f, 1);
    return answer;
}

#endif
