/* Backups: taken while others write, proven, interrupted, on a full disk, brought back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/lang.h"
#include "fault_vfs.h"
#include "helper.h"
#include "store/backup.h"
#include "store/backup_disk.h"
#include "store/proof.h"

#include <stdatomic.h>

#define MADE INT64_C(1767574800000) /* 2026-01-05T09:00:00 */
#define NAME "fengqiao-20260105-090000"
static const char content[] = "现场照片";

struct world {
    struct fixture f;
    char into[96], files[96], whole[160], target[160], hash[DIGEST_TEXT];
};

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof *w);
    struct digest d = digest_of(content, strlen(content));
    fixture_folder(&w->f, KIND_THREADS);
    snprintf(w->into, sizeof w->into, "%s/backups", w->f.folder);
    snprintf(w->files, sizeof w->files, "%s/files", w->f.folder);
    snprintf(w->whole, sizeof w->whole, "%s/" NAME, w->into);
    snprintf(w->target, sizeof w->target, "%s/restored.db", w->f.folder);
    digest_hex(&d, w->hash);
    char folder[128], path[256];
    snprintf(folder, sizeof folder, "%s/%.2s", w->files, w->hash);
    snprintf(path, sizeof path, "%s/%s", folder, w->hash);
    assert_true(place_make(w->files, NULL) && place_make(folder, NULL));
    assert_true(place_write(path, content, NULL));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    place_remove(w->into);
    place_remove(w->files);
    fixture_close(&w->f);
    mem_free(w);
    return 0;
}

static struct backup asked(const struct world *w)
{
    return (struct backup){
        .database = w->f.path, .files = w->files, .into = w->into, .version = "0", .now_ms = MADE};
}

static json_t *made(struct world *w)
{
    struct err err = {0};
    struct backup b = asked(w);
    json_t *manifest = backup_make(&b, NULL, &err);
    if (manifest == NULL) {
        fail_msg("no backup: %s", err.message);
    }
    return manifest;
}

static void refused(const struct backup *b, struct walk *walk, enum err_code code)
{
    struct err err = {0};
    json_t *manifest = backup_make(b, walk, &err);
    assert_null(manifest);
    if (err.code != code) {
        fail_msg("refused by %d: %s", err.code, err.message);
    }
    err_clear(&err);
}

/* A folder with a whole name would be believed. */
static void nothing_is_there(const struct world *w)
{
    assert_false(place_exists(w->whole));
    char part[200];
    snprintf(part, sizeof part, "%s.part", w->whole);
    assert_false(place_exists(part));
}

static void open_with_content(struct world *w)
{
    fixture_open(&w->f);
    struct store_unit *u = unit_case(1, 1, NULL, NULL);
    u->kase->attached = mem_strdup(w->hash);
    append_one(&w->f, u);
}

static struct err restored(struct world *w, bool aside, json_t **out)
{
    struct err err = {0};
    struct restore r = {.folder = w->whole,
        .database = w->target,
        .files = w->files,
        .aside = aside,
        .now_ms = MADE};
    *out = backup_restore(&r, NULL, &err);
    return err;
}

/* --- under load ------------------------------------------------------------------------------- */

struct writing {
    struct world *w;
    atomic_bool over;
    json_t *manifest;
};

static void *back_up(void *ctx)
{
    struct writing *wr = ctx;
    struct err err = {0};
    struct backup b = asked(wr->w);
    wr->manifest = backup_make(&b, NULL, &err);
    if (wr->manifest == NULL) {
        fprintf(stderr, "backup: %s\n", err.message);
    }
    atomic_store(&wr->over, true);
    return NULL;
}

static void a_backup_while_others_write_is_one_state(void **state)
{
    struct world *w = *state;
    struct digest heads[20];
    struct writing wr = {.w = w};
    pthread_t thread;
    open_with_content(w);
    for (int64_t i = 0; i < 400; i++) { /* something to copy */
        append_one(&w->f, unit_case(2 + i % 20, 1 + i / 20, &heads[i % 20], NULL));
    }
    assert_int_equal(0, pthread_create(&thread, NULL, back_up, &wr));
    int64_t seq = 401;
    for (int64_t i = 400; !atomic_load(&wr.over) || i < 440; i++) {
        struct outcome o =
            append_one(&w->f, unit_case(2 + i % 20, 1 + i / 20, &heads[i % 20], NULL));
        assert_int_equal(STORE_DURABLE, o.status);
        seq = o.seq;
    }
    pthread_join(thread, NULL);
    assert_non_null(wr.manifest);
    assert_in_range(json_number(wr.manifest, "last_seq", 0), 401, (uintmax_t)seq);
    assert_int_equal(
        json_number(wr.manifest, "last_seq", 0), json_number(wr.manifest, "events", -1));
    struct err err = {0};
    json_t *checked = backup_check(w->whole, NULL, &err);
    if (checked == NULL) {
        fail_msg("not whole: %s", err.message);
    }
    assert_int_equal(2, json_array_size(json_member(checked, "files")));
    json_decref(checked);
    json_decref(wr.manifest);
}

/* --- what is refused and what is left --------------------------------------------------------- */

static void a_backup_is_never_written_over(void **state)
{
    struct world *w = *state;
    open_with_content(w);
    json_decref(made(w));
    struct backup b = asked(w);
    refused(&b, NULL, ERR_FILE);
    struct err err = {0};
    json_t *still = backup_check(w->whole, NULL, &err);
    assert_non_null(still);
    json_decref(still);
}

static void what_an_interrupted_run_left_is_named_and_removed(void **state)
{
    struct world *w = *state;
    char left[160], inner[200];
    open_with_content(w);
    snprintf(left, sizeof left, "%s/fengqiao-20250101-000000.part", w->into);
    snprintf(inner, sizeof inner, "%s/files", left);
    assert_true(place_make(w->into, NULL) && place_make(left, NULL) && place_make(inner, NULL));
    snprintf(inner, sizeof inner, "%s/fengqiao.db", left);
    assert_true(place_write(inner, "half", NULL));
    json_t *manifest = made(w);
    assert_string_equal("fengqiao-20250101-000000.part",
        json_string_value(json_array_get(json_member(manifest, "removed"), 0)));
    assert_false(place_exists(left));
    json_decref(manifest);
}

static void only_one_run_at_a_time(void **state)
{
    struct world *w = *state;
    open_with_content(w);
    assert_true(place_make(w->into, NULL));
    int fd = place_lock(w->into, NULL);
    struct backup b = asked(w);
    refused(&b, NULL, ERR_STATE);
    close(fd);
    json_decref(made(w));
}

static void a_stopped_run_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct walk walk = {0};
    open_with_content(w);
    atomic_store(&walk.stop, true);
    struct backup b = asked(w);
    refused(&b, &walk, ERR_SHUTDOWN);
    nothing_is_there(w);
}

static void a_content_that_is_gone_or_damaged_is_said_in_the_manifest(void **state)
{
    struct world *w = *state;
    char path[256];
    open_with_content(w);
    snprintf(path, sizeof path, "%s/%.2s/%s", w->files, w->hash, w->hash);
    for (int damaged = 1; damaged >= 0; damaged--) {
        unlink(path);
        if (damaged) {
            assert_true(place_write(path, "别的内容", NULL));
        }
        json_t *manifest = made(w);
        assert_string_equal(
            w->hash, json_string_value(json_array_get(json_member(manifest, "missing"), 0)));
        assert_int_equal(1, json_array_size(json_member(manifest, "files")));
        json_decref(manifest);
        place_remove(w->whole);
    }
}

static void a_bad_history_gives_no_backup(void **state)
{
    struct world *w = *state;
    sqlite3 *db;
    open_with_content(w);
    store_close(w->f.store);
    w->f.store = NULL;
    sqlite3_open(w->f.path, &db);
    assert_int_equal(SQLITE_OK, sqlite3_exec(db, "UPDATE event SET data = '{}'", NULL, NULL, NULL));
    sqlite3_close(db);
    struct backup b = asked(w);
    refused(&b, NULL, ERR_INTERNAL);
    nothing_is_there(w);
}

/* --- a failing disk --------------------------------------------------------------------------- */

static void a_disk_that_fails_at_any_point_leaves_nothing(void **state)
{
    struct world *w = *state;
    long points;
    open_with_content(w);
    store_close(w->f.store);
    w->f.store = NULL;
    for (points = 1;; points++) {
        disk_fail_at(points, true, SQLITE_FULL);
        struct err err = {0};
        struct backup b = asked(w);
        json_t *manifest = backup_make(&b, NULL, &err);
        bool fired = disk.fired > 0;
        disk_heal();
        if (!fired) {
            assert_non_null(manifest);
            json_decref(manifest);
            break;
        }
        assert_null(manifest);
        assert_int_not_equal(ERR_NONE, err.code);
        err_clear(&err);
        nothing_is_there(w);
    }
    assert_in_range(points, 5, 100000);
}

/* --- the way back ----------------------------------------------------------------------------- */

static void a_restored_database_goes_on_where_the_backup_was(void **state)
{
    struct world *w = *state;
    json_t *manifest;
    open_with_content(w);
    append_record(&w->f, RECORD_USER, json_pack("{s:s}", "id", "u1"));
    struct store_unit *keyed = unit_case(2, 1, NULL, NULL);
    keyed->key = mem_strdup("k1");
    keyed->user = mem_strdup("u1");
    keyed->method = mem_strdup("case.open");
    keyed->response = mem_strdup("{\"case\":2}");
    keyed->kase->effects = json_pack("[{s:s, s:{}}]", "kind", "notify", "data");
    append_one(&w->f, keyed);
    json_decref(made(w));
    append_one(&w->f, unit_case(3, 1, NULL, NULL)); /* after the backup */
    place_remove(w->files);
    struct err err = restored(w, false, &manifest);
    assert_string_equal("", err.message);
    assert_int_equal(2, json_number(manifest, "last_seq", 0));
    json_decref(manifest);
    struct store_options o = {.path = w->target, .flags = STORE_INLINE};
    struct store *s = store_open(&o, &err);
    assert_non_null(s);
    json_t *key = store_ask_now(s, ASK_KEY, json_pack("{s:s}", "key", "k1"), &err);
    assert_string_equal("{\"case\":2}", json_text(key, "response"));
    json_t *effects = store_ask_now(s, ASK_EFFECTS, json_object(), &err);
    assert_int_equal(1, json_number(json_array_get(effects, 0), "id", 0));
    json_t *meta = store_ask_now(s, ASK_META, json_object(), &err);
    assert_int_equal(2, json_number(meta, "last_seq", 0));
    json_decref(key);
    json_decref(effects);
    json_decref(meta);
    store_close(s);
    char path[256];
    snprintf(path, sizeof path, "%s/%.2s/%s", w->files, w->hash, w->hash);
    assert_true(place_exists(path));
}

static void a_database_that_is_there_is_kept(void **state)
{
    struct world *w = *state;
    json_t *manifest;
    open_with_content(w);
    json_decref(made(w));
    assert_true(place_write(w->target, "what was there", NULL));
    struct err err = restored(w, false, &manifest);
    assert_null(manifest);
    assert_int_equal(ERR_FILE, err.code);
    err_clear(&err);
    err = restored(w, true, &manifest);
    assert_string_equal("", err.message);
    char *kept = place_read(json_text(manifest, "aside"), 1000, &err);
    assert_string_equal("what was there", kept);
    mem_free(kept);
    json_decref(manifest);
    assert_false(backup_half_restored(w->target));
}

static void a_database_at_work_is_not_touched(void **state)
{
    struct world *w = *state;
    open_with_content(w);
    json_decref(made(w));
    struct err err = {0};
    struct restore r = {.folder = w->whole,
        .database = w->f.path,
        .files = w->files,
        .aside = true,
        .now_ms = MADE};
    assert_null(backup_restore(&r, NULL, &err));
    assert_int_equal(ERR_STATE, err.code);
    err_clear(&err);
}

static void not_restored(struct world *w, enum err_code code)
{
    json_t *manifest;
    struct err err = restored(w, true, &manifest);
    assert_null(manifest);
    if (err.code != code) {
        fail_msg("refused by %d: %s", err.code, err.message);
    }
    assert_false(place_exists(w->target));
    err_clear(&err);
}

static void a_backup_that_is_not_whole_is_not_restored(void **state)
{
    struct world *w = *state;
    char path[320];
    open_with_content(w);
    not_restored(w, ERR_FILE); /* there is none */
    json_decref(made(w));
    snprintf(path, sizeof path, "%s/fengqiao.db", w->whole);
    FILE *file = fopen(path, "r+b");
    fseek(file, 5000, SEEK_SET);
    fputc('x', file);
    fclose(file);
    not_restored(w, ERR_FILE);
    place_remove(w->whole);
    json_decref(made(w));
    snprintf(path, sizeof path, "%s/files/%.2s/%s", w->whole, w->hash, w->hash);
    unlink(path);
    not_restored(w, ERR_FILE);
    place_remove(w->whole);
    json_decref(made(w));
    snprintf(path, sizeof path, "%s/manifest.json", w->whole);
    unlink(path);
    not_restored(w, ERR_FILE);
    assert_true(place_write(
        path, "{\"fengqiao_backup\":1,\"files\":[{\"path\":\"../fengqiao.db\"}]}", NULL));
    not_restored(w, ERR_FILE);
}

static void a_restore_that_was_cut_short_is_noticed_and_can_be_done_again(void **state)
{
    struct world *w = *state;
    char part[200];
    json_t *manifest;
    open_with_content(w);
    json_decref(made(w));
    snprintf(part, sizeof part, "%s.restoring", w->target);
    assert_true(place_write(part, "half", NULL));
    assert_true(backup_half_restored(w->target));
    struct err err = restored(w, false, &manifest);
    assert_string_equal("", err.message);
    assert_false(backup_half_restored(w->target));
    json_decref(manifest);
}

int main(void)
{
    lang_use(LANG_EN);
    disk_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_backup_while_others_write_is_one_state),
        TEST(a_backup_is_never_written_over),
        TEST(what_an_interrupted_run_left_is_named_and_removed),
        TEST(only_one_run_at_a_time),
        TEST(a_stopped_run_leaves_nothing),
        TEST(a_content_that_is_gone_or_damaged_is_said_in_the_manifest),
        TEST(a_bad_history_gives_no_backup),
        TEST(a_disk_that_fails_at_any_point_leaves_nothing),
        TEST(a_restored_database_goes_on_where_the_backup_was),
        TEST(a_database_that_is_there_is_kept),
        TEST(a_database_at_work_is_not_touched),
        TEST(a_backup_that_is_not_whole_is_not_restored),
        TEST(a_restore_that_was_cut_short_is_noticed_and_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
