/* What the writer does when nothing is to be written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper.h"

#include "store/sqlite/backend.h"

#include <sys/stat.h>

#define DAY INT64_C(86400000)

static void write_key(struct db *db, int64_t id, const char *key, int64_t at_ms, size_t bytes)
{
    struct store_unit *u = unit_case(id, 1, NULL, NULL);
    u->key = mem_strdup(key);
    u->key_at_ms = at_ms;
    if (bytes > 0) {
        mem_free(u->kase->data);
        u->kase->data = mem_alloc(bytes + 1);
        memset(u->kase->data, 'x', bytes);
    }
    struct written out;
    assert_true(db_write(db, &u, 1, &out, NULL));
    assert_int_equal(STORE_DURABLE, out.status);
    store_unit_free(u);
}

static bool key_is_there(struct db *db, const char *key)
{
    json_t *args = json_pack("{s:s}", "key", key);
    json_t *row = db_ask(db, ASK_KEY, args, NULL);
    bool there = !json_is_null(row);
    json_decref(row);
    json_decref(args);
    return there;
}

static void keys_are_kept_ninety_days_and_then_dropped(void **state)
{
    (void)state;
    struct db *db = db_open_writer(":memory:", NULL);
    write_key(db, 1, "old", 0, 0);
    write_key(db, 2, "younger", 4 * DAY, 0);
    db_tend(db, true);
    assert_true(key_is_there(db, "old"));
    write_key(db, 3, "now", 94 * DAY, 0);
    db_tend(db, false);
    assert_true(key_is_there(db, "old")); /* not while there is work */
    db_tend(db, true);
    assert_false(key_is_there(db, "old"));
    assert_true(key_is_there(db, "younger")); /* 90 days old */
    assert_true(key_is_there(db, "now"));
    db_close(db);
}

static void the_log_is_copied_in_steps_and_starts_again(void **state)
{
    (void)state;
    enum { ROUNDS = 60 };
    struct fixture f;
    fixture_folder(&f, KIND_FILE);
    struct db *db = db_open_writer(f.path, NULL);
    char wal[128], key[16];
    snprintf(wal, sizeof wal, "%s-wal", f.path);
    off_t longest = 0;
    for (int i = 1; i <= ROUNDS; i++) {
        snprintf(key, sizeof key, "k%d", i);
        write_key(db, i, key, 0, 500000);
        db_tend(db, false);
        struct stat st;
        assert_int_equal(0, stat(wal, &st));
        longest = st.st_size > longest ? st.st_size : longest;
    }
    assert_true(longest > 1000 * 4096);     /* it grew up to a step */
    assert_true(longest < 2 * 1200 * 4096); /* and not much beyond: 30 MB went through it */
    db_close(db);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_kept_ninety_days_and_then_dropped),
        cmocka_unit_test(the_log_is_copied_in_steps_and_starts_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
