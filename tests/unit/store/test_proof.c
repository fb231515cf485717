/* Every way to tamper with the history in the file, and what the proof names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "helper.h"
#include "store/heads.h"
#include "store/proof.h"

#include <sqlite3.h>

enum { CASES = 4, VERSIONS = 3, EVENTS = CASES * VERSIONS, AUDITS = 5 };

/* Events come by turns: event 1..4 open cases 1..4, 5..8 are their second, 9..12 their third. */
static void fill(struct fixture *f)
{
    struct digest heads[CASES];
    fixture_open(f);
    for (int64_t v = 1; v <= VERSIONS; v++) {
        for (int64_t c = 1; c <= CASES; c++) {
            append_one(f, unit_case(c, v, &heads[c - 1], NULL));
        }
    }
    for (int i = 0; i < AUDITS; i++) {
        append_record(f, RECORD_AUDIT,
            json_pack("{s:I, s:s, s:s, s:s, s:{}}", "at_ms", (json_int_t)(1000 + i), "actor",
                "root", "act", "user.passwd", "subject", "u1", "data"));
    }
    store_close(f->store);
    f->store = NULL;
}

/* The same again, without writing it anew each time: fill() costs a sync for each event. */
static void refill(struct fixture *f)
{
    static char *whole;
    static size_t len;
    if (whole == NULL) {
        struct fixture first;
        fixture_folder(&first, KIND_FILE);
        fill(&first);
        FILE *in = fopen(first.path, "rb");
        whole = mem_alloc(4 << 20);
        len = fread(whole, 1, 4 << 20, in);
        fclose(in);
        fixture_close(&first);
    }
    unlink(f->path);
    FILE *out = fopen(f->path, "wb");
    assert_int_equal(len, fwrite(whole, 1, len, out));
    fclose(out);
}

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_folder(f, KIND_FILE);
    refill(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    mem_free(*state);
    return 0;
}

static void run_sql(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(SQLITE_OK, sqlite3_open(f->path, &db));
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(db);
}

static json_t *verified(struct fixture *f, const char *heads)
{
    struct err err = {0};
    json_t *found = proof_verify(f->path, 0, heads, NULL, &err);
    if (found == NULL) {
        fail_msg("not verified: %s", err.message);
    }
    return found;
}

static char *heads_now(struct fixture *f)
{
    struct err err = {0};
    char *text = proof_heads(f->path, 0, INT64_C(1700000000000), NULL, &err);
    if (text == NULL) {
        fail_msg("no heads: %s", err.message);
    }
    return text;
}

/* The first bad entry: 0 where it must not be said. */
struct expected {
    int64_t kase, version, seq, until, id;
    const char *problem;
};

static void first_bad_is(struct fixture *f, const char *heads, const struct expected *e)
{
    json_t *found = verified(f, heads);
    const json_t *bad = json_array_get(json_member(found, "bad"), 0);
    char *all = json_dumps(found, JSON_COMPACT);
    if (json_flag(found, "ok") || strstr(json_text(bad, "problem"), e->problem) == NULL ||
        e->kase != json_number(bad, "case", 0) || e->version != json_number(bad, "version", 0) ||
        e->seq != json_number(bad, "seq", 0) || e->until != json_number(bad, "until", 0) ||
        e->id != json_number(bad, "id", 0)) {
        fail_msg("expected case %lld version %lld seq %lld: %s\n%s", (long long)e->kase,
            (long long)e->version, (long long)e->seq, e->problem, all);
    }
    char *words = proof_words(bad);
    assert_non_null(strstr(words, e->problem));
    mem_free(words);
    free(all);
    json_decref(found);
}

static void a_history_as_written_is_sound_and_counted(void **state)
{
    struct fixture *f = *state;
    char *heads = heads_now(f);
    json_t *found = verified(f, heads);
    assert_true(json_flag(found, "ok"));
    assert_int_equal(EVENTS, json_number(found, "events", 0));
    assert_int_equal(EVENTS, json_number(found, "last_seq", 0));
    assert_int_equal(EVENTS, json_number(found, "kept_seq", 0));
    assert_int_equal(CASES, json_number(found, "cases", 0));
    assert_int_equal(AUDITS, json_number(found, "audit", 0));
    assert_null(json_member(found, "bad"));
    json_decref(found);
    mem_free(heads);
}

static void looking_leaves_no_trace_beside_the_file(void **state)
{
    struct fixture *f = *state;
    json_decref(verified(f, NULL));
    static const char *const ends[] = {"-wal", "-shm", "-journal"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
        assert_int_equal(-1, access(path, F_OK));
    }
}

static void an_empty_history_is_sound(void **state)
{
    struct fixture *f = *state;
    unlink(f->path);
    fixture_open(f);
    store_close(f->store);
    f->store = NULL;
    char *heads = heads_now(f);
    json_t *found = verified(f, heads);
    assert_true(json_flag(found, "ok"));
    assert_int_equal(0, json_number(found, "last_seq", -1));
    json_decref(found);
    mem_free(heads);
}

/* What the file itself shows. */
static const struct tampering {
    const char *sql;
    struct expected first;
} inside[] = {
    {"UPDATE event SET data = replace(data, 'case 2', 'case 9') WHERE seq = 6",
        {2, 2, 6, 0, 0, "content"}},
    {"UPDATE event SET data = 'no json' WHERE seq = 12", {4, 3, 12, 0, 0, "content"}},
    {"UPDATE event SET hash = zeroblob(32) WHERE seq = 1", {1, 1, 1, 0, 0, "content"}},
    {"UPDATE event SET hash = x'00' WHERE seq = 1", {1, 1, 1, 0, 0, "content"}},
    {"DELETE FROM event WHERE seq = 6", {2, 2, 6, 0, 0, "missing"}},
    {"DELETE FROM event WHERE seq = 1", {1, 1, 1, 0, 0, "missing"}},
    /* its last event, which its row still speaks of */
    {"DELETE FROM event WHERE seq = 10", {2, 3, 10, 0, 0, "missing"}},
    {"DELETE FROM event WHERE seq = 12", {4, 3, 0, 0, 0, "missing"}},
    {"DELETE FROM event WHERE seq IN (6, 7)", {0, 0, 6, 7, 0, "missing"}},
    /* two of one case change places */
    {"UPDATE event SET seq = -5 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 9;"
     "UPDATE event SET seq = 9 WHERE seq = -5",
        {1, 3, 5, 0, 0, "order"}},
    {"UPDATE event SET version = -1 WHERE seq = 5; UPDATE event SET version = 2 WHERE seq = 9;"
     "UPDATE event SET version = 3 WHERE seq = 5",
        {1, 2, 9, 0, 0, "content"}},
    /* a case with all that belongs to it */
    {"DELETE FROM event WHERE case_id = 3; DELETE FROM casefile WHERE id = 3",
        {0, 0, 3, 0, 0, "missing"}},
    {"DELETE FROM casefile WHERE id = 3", {3, 1, 0, 0, 0, "row is missing"}},
    {"UPDATE casefile SET head = zeroblob(32) WHERE id = 3", {3, 3, 11, 0, 0, "head"}},
    {"UPDATE casefile SET version = 2 WHERE id = 3", {3, 3, 11, 0, 0, "older"}},
    {"UPDATE casefile SET snapshot = '{\"version\":1}' WHERE id = 3", {3, 3, 11, 0, 0, "snapshot"}},
    /* the tail is cut and the case rows are put right: the reports still know */
    {"UPDATE report_state SET seq = 12; DELETE FROM event WHERE seq > 8;"
     "UPDATE casefile SET version = 2, snapshot = json_set(snapshot, '$.version', 2),"
     " head = (SELECT hash FROM event e WHERE e.case_id = casefile.id AND e.version = 2)",
        {0, 0, 9, 12, 0, "missing"}},
    {"UPDATE audit SET data = replace(data, 'root', 'u2') WHERE id = 3",
        {0, 0, 0, 0, 3, "content"}},
    {"UPDATE audit SET actor = 'u2' WHERE id = 3", {0, 0, 0, 0, 3, "person"}},
    {"DELETE FROM audit WHERE id = 2", {0, 0, 0, 0, 2, "missing"}},
};

static void tampering_is_named_by_the_first_bad_event(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        refill(f);
        run_sql(f, inside[i].sql);
        first_bad_is(f, NULL, &inside[i].first);
    }
}

static void columns_beside_the_content_are_compared(void **state)
{
    struct fixture *f = *state;
    unlink(f->path);
    fixture_open(f);
    struct store_unit *u = unit_case(1, 1, NULL, NULL);
    put_text(&u->kase->data, "{\"actor\":\"u1\",\"at\":1001000,\"type\":\"opened\"}");
    u->kase->hash =
        digest_of2((struct digest){{0}}.bytes, DIGEST_SIZE, u->kase->data, strlen(u->kase->data));
    append_one(f, u);
    store_close(f->store);
    f->store = NULL;
    json_t *found = verified(f, NULL);
    assert_true(json_flag(found, "ok"));
    json_decref(found);
    static const char *const edits[] = {"UPDATE event SET actor = 'u2'",
        "UPDATE event SET actor = 'u1', at_ms = 5",
        "UPDATE event SET at_ms = 1001000, type = 'noted'"};
    for (size_t i = 0; i < 3; i++) {
        run_sql(f, edits[i]);
        first_bad_is(f, NULL, &(struct expected){1, 1, 1, 0, 0, "person"});
    }
}

/* What only kept heads show: the file is in itself as it should be. */
static const struct tampering unseen[] = {
    {"DELETE FROM event WHERE seq > 8;"
     "UPDATE casefile SET version = 2, snapshot = json_set(snapshot, '$.version', 2),"
     " head = (SELECT hash FROM event e WHERE e.case_id = casefile.id AND e.version = 2)",
        {0, 0, 9, 12, 0, "missing"}},
    /* the newest case is removed, whole, with later events moved up */
    {"DELETE FROM event WHERE case_id = 4; DELETE FROM casefile WHERE id = 4;"
     "UPDATE event SET seq = seq - 1 WHERE seq BETWEEN 5 AND 7;"
     "UPDATE event SET seq = seq - 2 WHERE seq BETWEEN 9 AND 11",
        {0, 0, 4, 0, 0, "kept"}},
    /* events of two cases change places, each chain is whole */
    {"UPDATE event SET seq = -6 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = 7;"
     "UPDATE event SET seq = 7 WHERE seq = -6",
        {0, 0, 6, 0, 0, "kept"}},
    {"DELETE FROM audit WHERE id > 3", {0, 0, 0, 0, 4, "missing"}},
};

static void what_the_file_hides_the_kept_heads_show(void **state)
{
    struct fixture *f = *state;
    char *heads = heads_now(f);
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
        refill(f);
        run_sql(f, unseen[i].sql);
        json_t *alone = verified(f, NULL);
        assert_true(json_flag(alone, "ok"));
        json_decref(alone);
        first_bad_is(f, heads, &unseen[i].first);
    }
    mem_free(heads);
}

/* The last event of case 1 is another one, with hash and head to match. */
static void a_history_written_anew_is_told_by_the_kept_heads(void **state)
{
    struct fixture *f = *state;
    char *heads = heads_now(f), sql[512], hex[DIGEST_TEXT];
    sqlite3 *db;
    sqlite3_stmt *st;
    struct digest before;
    static const char text[] = "{\"changes\":[],\"note\":\"nothing happened\"}";
    assert_int_equal(SQLITE_OK, sqlite3_open(f->path, &db));
    sqlite3_prepare_v2(db, "SELECT hash FROM event WHERE seq = 5", -1, &st, NULL);
    assert_int_equal(SQLITE_ROW, sqlite3_step(st));
    memcpy(before.bytes, sqlite3_column_blob(st, 0), DIGEST_SIZE);
    sqlite3_finalize(st);
    sqlite3_close(db);
    struct digest hash = digest_of2(before.bytes, DIGEST_SIZE, text, strlen(text));
    digest_hex(&hash, hex);
    snprintf(sql, sizeof sql,
        "UPDATE event SET data = '%s', hash = x'%s' WHERE seq = 9;"
        "UPDATE casefile SET head = x'%s' WHERE id = 1",
        text, hex, hex);
    run_sql(f, sql);
    json_t *alone = verified(f, NULL);
    assert_true(json_flag(alone, "ok"));
    json_decref(alone);
    first_bad_is(f, heads, &(struct expected){0, 0, 9, 0, 0, "kept"});
    mem_free(heads);
}

static void what_came_after_the_kept_heads_is_fine(void **state)
{
    struct fixture *f = *state;
    char *heads = heads_now(f);
    fixture_open(f);
    append_one(f, unit_case(9, 1, NULL, NULL));
    append_record(f, RECORD_AUDIT,
        json_pack("{s:i, s:s, s:s, s:{}}", "at_ms", 1, "actor", "root", "act", "x", "data"));
    store_close(f->store);
    f->store = NULL;
    json_t *found = verified(f, heads);
    assert_true(json_flag(found, "ok"));
    assert_int_equal(EVENTS + 1, json_number(found, "last_seq", 0));
    assert_int_equal(EVENTS, json_number(found, "kept_seq", 0));
    json_decref(found);
    mem_free(heads);
}

static void no_heads_are_given_of_a_bad_history(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    run_sql(f, "DELETE FROM event WHERE seq = 6");
    assert_null(proof_heads(f->path, 0, 0, NULL, &err));
    assert_int_equal(ERR_INTERNAL, err.code);
    assert_non_null(strstr(err.message, "6"));
    err_clear(&err);
}

static void a_file_of_heads_that_was_changed_is_refused(void **state)
{
    struct fixture *f = *state;
    char *heads = heads_now(f);
    size_t len = strlen(heads);
    for (size_t i = 0; i < len; i++) { /* every byte, and every length */
        struct heads *h = mem_alloc(sizeof *h);
        struct err err = {0};
        char *other = mem_strdup(heads);
        other[i] = other[i] == '0' ? '1' : '0';
        if (heads_parse(other, h, &err)) {
            fail_msg("byte %zu changed unseen", i);
        }
        other[i] = '\0';
        assert_false(heads_parse(other, h, &err));
        err_clear(&err);
        mem_free(other);
        mem_free(h);
    }
    mem_free(heads);
}

static void marks_stay_few_however_long_the_history(void **state)
{
    (void)state;
    assert_int_equal(1, heads_spacing(0));
    assert_int_equal(1, heads_spacing(511));
    assert_int_equal(2, heads_spacing(512));
    for (int64_t last = 1; last < INT64_C(1) << 50; last = last * 3 + 1) {
        assert_true(last / heads_spacing(last) <= HEADS_MARKS_MAX - 1);
    }
}

static void a_walk_that_is_stopped_says_so(void **state)
{
    struct fixture *f = *state;
    struct walk walk = {0};
    struct err err = {0};
    atomic_store(&walk.stop, true);
    assert_null(proof_verify(f->path, 0, NULL, &walk, &err));
    assert_int_equal(ERR_SHUTDOWN, err.code);
    err_clear(&err);
}

int main(void)
{
    lang_use(LANG_EN);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_history_as_written_is_sound_and_counted),
        TEST(looking_leaves_no_trace_beside_the_file),
        TEST(an_empty_history_is_sound),
        TEST(tampering_is_named_by_the_first_bad_event),
        TEST(columns_beside_the_content_are_compared),
        TEST(what_the_file_hides_the_kept_heads_show),
        TEST(a_history_written_anew_is_told_by_the_kept_heads),
        TEST(what_came_after_the_kept_heads_is_fine),
        TEST(no_heads_are_given_of_a_bad_history),
        TEST(a_file_of_heads_that_was_changed_is_refused),
        TEST(marks_stay_few_however_long_the_history),
        TEST(a_walk_that_is_stopped_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
