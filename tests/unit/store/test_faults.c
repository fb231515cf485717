/* A disk that is full, fails or loses its power: nothing acknowledged is lost, nothing half done
 * is seen, and the store works again when the disk does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fault_vfs.h"
#include "helper.h"

enum {
    CASES = 4,
    SHORT_TEXT = 5000,
    LOG_TEXT = 1100000, /* four of these fill the log up to a checkpoint */
};

/* What a client wrote down outside of the machine. */
struct journal {
    int64_t acknowledged[CASES + 1]; /* version */
    int64_t tried[CASES + 1];
    struct digest head[CASES + 1];
};

static struct store_unit *big_unit(struct journal *j, int64_t id, struct digest *head, size_t bytes)
{
    *head = j->head[id];
    struct store_unit *u = unit_case(id, j->acknowledged[id] + 1, NULL, NULL);
    struct store_case_unit *k = u->kase;
    struct digest none = {{0}};
    mem_free(k->data);
    k->data = mem_alloc(bytes + 1);
    memset(k->data, 'x', bytes);
    k->hash = digest_of2((k->version == 1 ? &none : head)->bytes, DIGEST_SIZE, k->data, bytes);
    *head = k->hash;
    k->search = mem_strdup("拖欠工资");
    k->effects = json_pack("[{s:s, s:{}}]", "kind", "notify", "data");
    k->wake_ms = 1000 + k->version;
    u->key = mem_printf("%lld-%lld", (long long)id, (long long)k->version);
    u->user = mem_strdup("u1");
    u->method = mem_strdup("case.act");
    u->response = mem_strdup("{}");
    return u;
}

/* One batch with the next event of every case; notes what was acknowledged. */
static bool advance_all(struct fixture *f, struct journal *j, size_t bytes)
{
    struct store_unit *batch[CASES];
    struct outcome o[CASES] = {0};
    struct digest heads[CASES];
    for (int i = 0; i < CASES; i++) {
        batch[i] = big_unit(j, i + 1, &heads[i], bytes);
        batch[i]->done = outcome_cb;
        batch[i]->ctx = &o[i];
        j->tried[i + 1] = j->acknowledged[i + 1] + 1;
    }
    append(f, batch, CASES);
    for (int i = 0; i < CASES; i++) {
        assert_int_equal(1, o[i].calls);
        assert_int_equal(o[0].status, o[i].status);
        assert_true(o[i].status == STORE_DURABLE || o[i].status == STORE_FAILED);
        if (o[i].status == STORE_DURABLE) {
            j->acknowledged[i + 1]++;
            j->head[i + 1] = heads[i];
        } else {
            assert_true(o[i].code == ERR_READ_ONLY || o[i].code == ERR_INTERNAL);
            assert_true(o[i].message[0] != '\0');
        }
    }
    return o[0].status == STORE_DURABLE;
}

static int64_t version_on_disk(struct fixture *f, int64_t id)
{
    json_t *answer = ask(f, ASK_CASE, json_pack("{s:I}", "id", (json_int_t)id));
    int64_t version = json_number(json_object_get(answer, "snapshot"), "version", 0);
    json_decref(answer);
    return version;
}

/* All cases stand at the same version (batches are whole), chains hold, sequence has no gap. */
static void check_disk(struct fixture *f, struct journal *j, bool failed_may_be_there)
{
    int64_t first = version_on_disk(f, 1), events = 0;
    for (int64_t id = 1; id <= CASES; id++) {
        int64_t version = version_on_disk(f, id);
        assert_int_equal(first, version);
        if (!failed_may_be_there) {
            assert_int_equal(j->acknowledged[id], version);
        }
        assert_true(version >= j->acknowledged[id] && version <= j->tried[id]);
        json_t *verdict = ask(f, ASK_VERIFY, json_pack("{s:I}", "case", (json_int_t)id));
        assert_true(version == 0 ? json_is_null(verdict) : json_flag(verdict, "ok"));
        events += json_number(verdict, "events", 0);
        json_decref(verdict);
    }
    assert_int_equal(first * CASES, events);
    json_t *meta = ask(f, ASK_META, json_object());
    assert_int_equal(events, json_number(meta, "last_seq", -1));
    json_decref(meta);
    json_t *effects = ask(f, ASK_EFFECTS, json_pack("{s:i}", "limit", 10000));
    assert_int_equal(events, json_array_size(effects));
    json_decref(effects);
    for (int64_t id = 1; id <= CASES; id++) {
        for (int64_t version = 1; version <= first; version++) {
            char key[32];
            snprintf(key, sizeof key, "%lld-%lld", (long long)id, (long long)version);
            json_t *row = ask(f, ASK_KEY, json_pack("{s:s}", "key", key));
            assert_false(json_is_null(row));
            json_decref(row);
        }
    }
}

static enum store_status probe(struct fixture *f)
{
    struct outcome o = {0};
    store_probe(f->store, outcome_cb, &o);
    fixture_poll(f, 1);
    return o.status;
}

/* The scenario with the fault at point n; false when the scenario has fewer points. */
static bool run_with_fault(long n, bool stays, int write_code, bool long_log)
{
    struct fixture f;
    struct journal j = {0};
    fixture_init(&f, KIND_FILE);
    assert_true(advance_all(&f, &j, 100));
    disk_fail_at(n, stays, write_code);
    advance_all(&f, &j, 100);
    for (int i = 0; i < 4; i++) {
        advance_all(&f, &j, long_log && i == 1 ? LOG_TEXT : SHORT_TEXT);
    }
    probe(&f);
    bool fired = disk.fired > 0;
    disk_heal();
    check_disk(&f, &j, false);
    assert_int_equal(STORE_DURABLE, probe(&f));
    assert_true(advance_all(&f, &j, 100));
    store_close(f.store);
    fixture_open(&f);
    check_disk(&f, &j, false);
    assert_true(advance_all(&f, &j, 100));
    fixture_close(&f);
    return fired;
}

/* Every step-th point of a short scenario, and samples of one long enough for a checkpoint. */
static void each_point(long step, bool stays, int write_code)
{
    long n = 1;
    while (run_with_fault(n, stays, write_code, false)) {
        n += step;
    }
    assert_true(n > 50);
    for (n = 50; run_with_fault(n, stays, write_code, true); n += n) {
    }
    assert_true(n > 2000);
}

static void an_error_at_any_point_loses_nothing(void **state)
{
    (void)state;
    each_point(1, false, SQLITE_IOERR_WRITE);
}

static void a_disk_that_goes_on_failing_loses_nothing(void **state)
{
    (void)state;
    each_point(3, true, SQLITE_IOERR_WRITE);
}

static void a_full_disk_at_any_point_loses_nothing(void **state)
{
    (void)state;
    each_point(5, true, SQLITE_FULL);
}

static void while_the_disk_fails_a_probe_says_so(void **state)
{
    (void)state;
    struct fixture f;
    struct journal j = {0};
    fixture_init(&f, KIND_FILE);
    assert_true(advance_all(&f, &j, 100));
    disk_fail_at(1, true, SQLITE_FULL);
    assert_int_equal(STORE_FAILED, probe(&f));
    assert_false(advance_all(&f, &j, 100));
    assert_int_equal(STORE_FAILED, probe(&f));
    disk_fail_at(1, true, 0);
    assert_false(advance_all(&f, &j, 100));
    assert_int_equal(STORE_FAILED, probe(&f));
    check_disk(&f, &j, false); /* reading goes on */
    disk_heal();
    assert_int_equal(STORE_DURABLE, probe(&f));
    assert_true(advance_all(&f, &j, 100));
    fixture_close(&f);
}

static void an_error_while_opening_leaves_a_file_that_opens_later(void **state)
{
    (void)state;
    for (long n = 1;; n++) {
        struct fixture f;
        fixture_folder(&f, KIND_FILE);
        struct store_options o = {.path = f.path, .flags = STORE_INLINE};
        struct err err = {0};
        disk_fail_at(n, false, 0);
        f.store = store_open(&o, &err);
        bool fired = disk.fired > 0;
        disk_heal();
        if (f.store == NULL) {
            assert_true(fired);
            assert_true(err.message[0] != '\0');
            err_clear(&err);
            fixture_open(&f);
        }
        assert_int_equal(STORE_DURABLE, append_one(&f, unit_case(1, 1, NULL, NULL)).status);
        fixture_close(&f);
        if (!fired) {
            assert_true(n > 10);
            break;
        }
    }
}

/* Power fails at point n; what was written and not synced is partly there, by the seed. */
static bool run_with_power_cut(long n, uint32_t seed, bool long_log)
{
    struct fixture f;
    struct journal j = {0};
    disk.tracking = true;
    fixture_init(&f, KIND_FILE);
    disk_fail_at(n, true, 0);
    for (int i = 0; i < 4; i++) {
        advance_all(&f, &j, long_log && i == 1 ? LOG_TEXT : SHORT_TEXT);
    }
    bool fired = disk.fired > 0;
    disk_fail_at(1, true, 0); /* nothing more reaches the disk */
    store_close(f.store);
    disk_heal();
    disk_power_cut(seed);
    char shm[128];
    snprintf(shm, sizeof shm, "%s-shm", f.path);
    unlink(shm);
    fixture_open(&f);
    check_disk(&f, &j, true);
    for (int64_t id = 1; id <= CASES; id++) { /* what survived counts from now on */
        j.acknowledged[id] = version_on_disk(&f, id);
        json_t *history = ask(&f, ASK_HISTORY,
            json_pack(
                "{s:I, s:I}", "case", (json_int_t)id, "after", (json_int_t)j.acknowledged[id] - 1));
        const char *hex = json_text(json_array_get(history, 0), "hash");
        for (size_t i = 0; hex != NULL && i < DIGEST_SIZE; i++) {
            unsigned byte = 0;
            sscanf(hex + 2 * i, "%2x", &byte);
            j.head[id].bytes[i] = (uint8_t)byte;
        }
        json_decref(history);
    }
    assert_true(advance_all(&f, &j, 100));
    check_disk(&f, &j, true);
    fixture_close(&f);
    disk_forget_all();
    disk.tracking = false;
    return fired;
}

static void after_a_power_cut_everything_acknowledged_is_there(void **state)
{
    (void)state;
    uint32_t seed = 0; /* the first one keeps nothing unsynced */
    long n = 1;
    for (; run_with_power_cut(n, seed, false); n += 2) {
        seed = seed * 7 + 1;
    }
    assert_true(n > 50);
    for (n = 50; run_with_power_cut(n, seed, true); n += n) {
        seed = seed * 7 + 1;
    }
    assert_true(n > 2000);
}

/* --- group commit ------------------------------------------------------------------------------
 */

struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool closed, reached;
};

static void wait_at_gate(void *ctx)
{
    struct gate *g = ctx;
    pthread_mutex_lock(&g->mutex);
    g->reached = true;
    pthread_cond_broadcast(&g->changed);
    while (g->closed) {
        pthread_cond_wait(&g->changed, &g->mutex);
    }
    pthread_mutex_unlock(&g->mutex);
}

static void gate_set(struct gate *g, bool closed)
{
    pthread_mutex_lock(&g->mutex);
    g->closed = closed;
    g->reached = false;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->mutex);
}

static void gate_wait_reached(struct gate *g)
{
    pthread_mutex_lock(&g->mutex);
    while (!g->reached) {
        pthread_cond_wait(&g->changed, &g->mutex);
    }
    pthread_mutex_unlock(&g->mutex);
}

static void batches_that_wait_share_one_commit_and_readers_go_on(void **state)
{
    (void)state;
    enum { WAITING = 10 };
    struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};
    struct fixture f;
    struct outcome first = {0}, o[WAITING] = {0}, conflict = {0};
    fixture_init(&f, KIND_THREADS);
    gate_set(&gate, true);
    disk.before_sync = wait_at_gate;
    disk.ctx = &gate;
    struct store_unit *u = unit_case(1, 1, NULL, &first);
    store_append(f.store, &u, 1);
    gate_wait_reached(&gate); /* the first commit is being synced */
    disk.syncs = 0;
    for (int i = 0; i < WAITING; i++) {
        u = unit_case(i + 2, 1, NULL, &o[i]);
        store_append(f.store, &u, 1);
    }
    u = unit_case(2, 5, NULL, &conflict);
    store_append(f.store, &u, 1);
    assert_int_equal(WAITING + 2, store_backlog(f.store));
    json_t *answer = ask(&f, ASK_CASE, json_pack("{s:i}", "id", 1));
    assert_true(json_is_null(answer)); /* not durable, not visible */
    json_decref(answer);
    assert_int_equal(0, first.calls);
    gate_set(&gate, false);
    fixture_poll(&f, WAITING + 2);
    assert_int_equal(2, disk.syncs); /* the first commit and one for all the others */
    assert_int_equal(STORE_DURABLE, first.status);
    for (int i = 0; i < WAITING; i++) {
        assert_int_equal(STORE_DURABLE, o[i].status);
        assert_int_equal(i + 2, o[i].seq);
    }
    assert_int_equal(STORE_CONFLICT, conflict.status);
    assert_int_equal(0, store_backlog(f.store));
    disk.before_sync = NULL;
    fixture_close(&f);
}

static void closing_finishes_what_is_queued(void **state)
{
    (void)state;
    struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};
    struct fixture f;
    struct outcome o = {0};
    fixture_init(&f, KIND_THREADS);
    gate_set(&gate, true);
    disk.before_sync = wait_at_gate;
    disk.ctx = &gate;
    for (int i = 1; i <= 3; i++) {
        struct store_unit *u = unit_case(i, 1, NULL, &o);
        store_append(f.store, &u, 1);
        if (i == 1) {
            gate_wait_reached(&gate);
        }
    }
    gate_set(&gate, false);
    store_close(f.store);
    disk.before_sync = NULL;
    assert_int_equal(0, o.calls); /* nothing is delivered any more */
    fixture_open(&f);
    json_t *meta = ask(&f, ASK_META, json_object());
    assert_int_equal(3, json_number(meta, "last_seq", -1));
    json_decref(meta);
    fixture_close(&f);
}

static int install(void **state)
{
    (void)state;
    disk_install();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_at_any_point_loses_nothing),
        cmocka_unit_test(a_disk_that_goes_on_failing_loses_nothing),
        cmocka_unit_test(a_full_disk_at_any_point_loses_nothing),
        cmocka_unit_test(while_the_disk_fails_a_probe_says_so),
        cmocka_unit_test(an_error_while_opening_leaves_a_file_that_opens_later),
        cmocka_unit_test(after_a_power_cut_everything_acknowledged_is_there),
        cmocka_unit_test(batches_that_wait_share_one_commit_and_readers_go_on),
        cmocka_unit_test(closing_finishes_what_is_queued),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
