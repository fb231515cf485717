/* The file itself: fresh, foreign, newer, damaged, in use; and what ASK_VERIFY notices in it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper.h"

#include <sqlite3.h>
#include <sys/stat.h>

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_folder(f, KIND_FILE);
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

static void opening_is_refused(struct fixture *f, enum err_code code, const char *words)
{
    struct store_options o = {.path = f->path, .flags = STORE_INLINE};
    struct err err = {0};
    struct store *s = store_open(&o, &err);
    assert_null(s);
    assert_int_equal(code, err.code);
    if (strstr(err.message, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, err.message);
    }
    err_clear(&err);
}

static void write_file(struct fixture *f, const char *text)
{
    FILE *out = fopen(f->path, "wb");
    fputs(text, out);
    fclose(out);
}

static void a_fresh_file_is_for_its_owner_only(void **state)
{
    struct fixture *f = *state;
    fixture_open(f);
    append_one(f, unit_case(1, 1, NULL, NULL));
    static const char *const ends[] = {"", "-wal"};
    for (size_t i = 0; i < 2; i++) {
        char path[128];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
        assert_int_equal(0, stat(path, &st));
        assert_int_equal(0600, st.st_mode & 0777);
    }
}

static void a_file_of_another_program_is_refused_and_not_touched(void **state)
{
    struct fixture *f = *state;
    run_sql(f, "CREATE TABLE shop (id INTEGER PRIMARY KEY); PRAGMA application_id = 77;");
    opening_is_refused(f, ERR_FILE, f->path);
    run_sql(f, "INSERT INTO shop VALUES (1); DROP TABLE shop; PRAGMA application_id = 0;"
               "CREATE TABLE other (id);");
    opening_is_refused(f, ERR_FILE, f->path);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
    struct fixture *f = *state;
    write_file(f, "this is a long text that is certainly not a database of any kind, whatever "
                  "people may hope for when they give its name to a program that wants one");
    opening_is_refused(f, ERR_FILE, f->path);
    FILE *in = fopen(f->path, "rb");
    assert_int_equal('t', fgetc(in));
    fclose(in);
}

static void a_newer_schema_is_refused(void **state)
{
    struct fixture *f = *state;
    fixture_open(f);
    store_close(f->store);
    f->store = NULL;
    run_sql(f, "PRAGMA user_version = 99;");
    opening_is_refused(f, ERR_FILE, "99");
}

static void a_folder_that_is_not_there_is_refused(void **state)
{
    struct fixture *f = *state;
    char good[sizeof f->path];
    strcpy(good, f->path);
    snprintf(f->path, sizeof f->path, "%s/absent/x.db", f->folder);
    opening_is_refused(f, ERR_FILE, f->path);
    strcpy(f->path, good);
}

static void a_file_in_use_is_refused(void **state)
{
    struct fixture *f = *state;
    fixture_open(f);
    opening_is_refused(f, ERR_FILE, f->path);
    assert_int_equal(STORE_DURABLE, append_one(f, unit_case(1, 1, NULL, NULL)).status);
}

static void damage_is_an_error_and_no_answer(void **state)
{
    struct fixture *f = *state;
    fixture_open(f);
    for (int i = 1; i <= 200; i++) {
        append_one(f, unit_case(i, 1, NULL, NULL));
    }
    store_close(f->store);
    f->store = NULL;
    FILE *file = fopen(f->path, "r+b");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    for (long at = 4096; at + 64 < size; at += 4096) { /* every page but the first */
        fseek(file, at, SEEK_SET);
        for (int i = 0; i < 64; i++) {
            fputc(0xA5, file);
        }
    }
    fclose(file);
    struct store_options o = {.path = f->path, .flags = STORE_INLINE};
    struct err err = {0};
    f->store = store_open(&o, &err);
    if (f->store != NULL) {
        json_t *answer = store_ask_now(f->store, ASK_CASE, json_pack("{s:i}", "id", 100), &err);
        assert_null(answer);
    }
    assert_int_equal(ERR_INTERNAL, err.code);
    err_clear(&err);
}

/* --- verify ------------------------------------------------------------------------------------
 */

static void write_history(struct fixture *f)
{
    fixture_open(f);
    struct digest one, two;
    for (int version = 1; version <= 4; version++) {
        append_one(f, unit_case(1, version, &one, NULL));
        append_one(f, unit_case(2, version, &two, NULL));
    }
}

/* After the sql: is case 1 found bad at version and seq? 0: still good. */
static void verify_says(struct fixture *f, const char *sql, int64_t version, int64_t seq)
{
    write_history(f);
    store_close(f->store);
    run_sql(f, sql);
    fixture_open(f);
    json_t *answer = ask(f, ASK_VERIFY, json_pack("{s:i}", "case", 1));
    const json_t *bad = json_object_get(answer, "first_bad");
    assert_int_equal(version == 0, json_flag(answer, "ok"));
    assert_int_equal(version, json_number(bad, "version", 0));
    assert_int_equal(seq, json_number(bad, "seq", 0));
    assert_int_equal(version != 0, json_text(bad, "problem") != NULL);
    json_decref(answer);
    answer = ask(f, ASK_VERIFY, json_pack("{s:i}", "case", 2));
    assert_true(json_flag(answer, "ok"));
    json_decref(answer);
}

static void an_untouched_history_is_good(void **state)
{
    verify_says(*state, "SELECT 1", 0, 0);
    json_t *answer = ask(*state, ASK_VERIFY, json_pack("{s:i}", "case", 99));
    assert_true(json_is_null(answer));
    json_decref(answer);
}

static void an_edited_event_is_noticed(void **state)
{
    verify_says(*state,
        "UPDATE event SET data = replace(data, 'version 2', 'version 9')"
        " WHERE case_id = 1 AND version = 2",
        2, 3);
}

static void an_edited_event_with_a_new_hash_breaks_the_next(void **state)
{
    verify_says(
        *state, "UPDATE event SET hash = randomblob(32) WHERE case_id = 1 AND version = 3", 3, 5);
}

static void a_deleted_event_is_noticed(void **state)
{
    verify_says(*state, "DELETE FROM event WHERE case_id = 1 AND version = 2", 2, 5);
}

static void a_cut_off_tail_is_noticed(void **state)
{
    verify_says(*state, "DELETE FROM event WHERE case_id = 1 AND version = 4", 4, 0);
}

static void a_removed_beginning_is_noticed(void **state)
{
    verify_says(*state, "DELETE FROM event WHERE case_id = 1 AND version = 1", 1, 3);
}

static void reordered_events_are_noticed(void **state)
{
    verify_says(*state,
        "UPDATE event SET version = 10 + version WHERE case_id = 1 AND version > 1"
        " AND version < 4;"
        "UPDATE event SET version = 25 - version - 10 WHERE version > 10"
        " AND case_id = 1",
        2, 5);
}

static void a_changed_case_row_is_noticed(void **state)
{
    verify_says(*state, "UPDATE casefile SET head = randomblob(32) WHERE id = 1", 4, 7);
}

static void a_snapshot_of_another_version_is_noticed(void **state)
{
    verify_says(*state, "UPDATE casefile SET snapshot = '{\"version\":3}' WHERE id = 1", 4, 7);
}

static void a_removed_case_row_is_noticed(void **state)
{
    verify_says(*state, "DELETE FROM casefile WHERE id = 1", 1, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_fresh_file_is_for_its_owner_only),
        TEST(a_file_of_another_program_is_refused_and_not_touched),
        TEST(a_file_that_is_no_database_is_refused),
        TEST(a_newer_schema_is_refused),
        TEST(a_folder_that_is_not_there_is_refused),
        TEST(a_file_in_use_is_refused),
        TEST(damage_is_an_error_and_no_answer),
        TEST(an_untouched_history_is_good),
        TEST(an_edited_event_is_noticed),
        TEST(an_edited_event_with_a_new_hash_breaks_the_next),
        TEST(a_deleted_event_is_noticed),
        TEST(a_cut_off_tail_is_noticed),
        TEST(a_removed_beginning_is_noticed),
        TEST(reordered_events_are_noticed),
        TEST(a_changed_case_row_is_noticed),
        TEST(a_snapshot_of_another_version_is_noticed),
        TEST(a_removed_case_row_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
