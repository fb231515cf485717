/* Contents by hash: resumed, sealed, refused, shared, swept; and what a full disk leaves behind. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/memory.h"
#include "store/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT = 300000 };

static const char one[] = "u1"; /* who sends, unless a test says otherwise */

struct folder {
    char path[64];
    struct files *files;
};

static int setup(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    strcpy(f->path, "/tmp/fengqiao-files-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    f->files = files_open(f->path, LIMIT);
    *state = f;
    return 0;
}

static void remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            char *inner = mem_printf("%s/%s", path, e->d_name);
            remove_tree(inner);
            mem_free(inner);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    remove(path);
}

static int teardown(void **state)
{
    struct folder *f = *state;
    files_free(f->files);
    remove_tree(f->path);
    free(f);
    return 0;
}

/* A content made by rule, and its hash. */
static char *content(size_t size, char hex[DIGEST_TEXT])
{
    char *data = mem_alloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        data[i] = (char)(i * 31 + i / 251);
    }
    struct digest d = digest_of(data, size);
    digest_hex(&d, hex);
    return data;
}

static int64_t begin(struct folder *f, const char *hash, int64_t size, bool *complete_out)
{
    struct err err = {0};
    int64_t have = -1;
    assert_true(files_begin(f->files, one, hash, size, &have, complete_out, &err));
    return have;
}

static enum err_code put(struct folder *f, const char *hash, int64_t offset, const char *data,
    size_t len, int64_t *have_out)
{
    struct err err = {0};
    bool ok = files_put(f->files, one, hash, offset, data, len, have_out, &err);
    enum err_code code = ok ? ERR_NONE : err.code;
    if (code == ERR_STATE) {
        *have_out = json_number(err.data, "have", -1);
    }
    err_clear(&err);
    return code;
}

static enum err_code seal(struct folder *f, const char *hash, int64_t *size_out)
{
    struct err err = {0};
    bool ok = files_seal(f->files, one, hash, size_out, &err);
    enum err_code code = ok ? ERR_NONE : err.code;
    err_clear(&err);
    return code;
}

/* Files below the folder, but for the marks of who sent them. */
static int count_files(const char *path)
{
    int n = 0;
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            strcmp(e->d_name, "sent") != 0) {
            char *inner = mem_printf("%s/%s", path, e->d_name);
            struct stat st;
            assert_int_equal(0, stat(inner, &st));
            n += S_ISDIR(st.st_mode) ? count_files(inner) : 1;
            mem_free(inner);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return n;
}

static void send_whole(struct folder *f, const char *data, size_t size, const char *hash)
{
    int64_t have = 0, sealed = -1;
    while ((size_t)have < size) {
        size_t len = size - (size_t)have < FILES_PIECE_MAX ? size - (size_t)have : FILES_PIECE_MAX;
        assert_int_equal(ERR_NONE, put(f, hash, have, data + have, len, &have));
    }
    assert_int_equal(ERR_NONE, seal(f, hash, &sealed));
    assert_int_equal(size, sealed);
}

static void a_content_in_pieces_is_whole_again(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(250001, hash);
    bool complete = true;
    assert_int_equal(0, begin(f, hash, 250001, &complete));
    assert_false(complete);
    send_whole(f, data, 250001, hash);
    assert_int_equal(250001, begin(f, hash, 250001, &complete));
    assert_true(complete);
    assert_int_equal(1, count_files(f->path));
    struct buf out = {0};
    for (int64_t at = 0; at < 250001; at = (int64_t)out.len) {
        assert_true(files_read(f->files, hash, 250001, at, 70000, &out, NULL));
    }
    assert_int_equal(250001, out.len);
    assert_memory_equal(data, out.data, out.len);
    buf_close(&out);
    mem_free(data);
}

/* The process that began it is gone; another one goes on. */
static void an_interrupted_content_is_resumed(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(100000, hash);
    int64_t have;
    bool complete;
    begin(f, hash, 100000, &complete);
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 60000, &have));
    files_free(f->files);
    f->files = files_open(f->path, LIMIT);
    assert_int_equal(60000, begin(f, hash, 100000, &complete));
    assert_false(complete);
    assert_int_equal(ERR_NONE, put(f, hash, 60000, data + 60000, 40000, &have));
    assert_int_equal(100000, have);
    assert_int_equal(ERR_NONE, seal(f, hash, &have));
    mem_free(data);
}

static void pieces_out_of_order_are_told_where_to_go_on(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(1000, hash);
    int64_t have;
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 400, &have));
    assert_int_equal(ERR_STATE, put(f, hash, 500, data + 500, 500, &have));
    assert_int_equal(400, have);
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 400, &have)); /* again */
    assert_int_equal(400, have);
    assert_int_equal(ERR_NONE, put(f, hash, 100, data + 100, 900, &have)); /* overlapping */
    assert_int_equal(1000, have);
    assert_int_equal(ERR_NONE, put(f, hash, 1000, data, 0, &have)); /* nothing */
    assert_int_equal(ERR_NONE, seal(f, hash, &have));
    assert_int_equal(ERR_NONE, seal(f, hash, &have));             /* again */
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 10, &have)); /* it is whole already */
    assert_int_equal(1000, have);
    mem_free(data);
}

static void another_content_than_the_hash_says_is_thrown_away(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(1000, hash);
    int64_t have;
    data[500] ^= 1;
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 1000, &have));
    assert_int_equal(ERR_STATE, seal(f, hash, &have));
    assert_int_equal(0, count_files(f->path));
    data[500] ^= 1;
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 500, &have));
    assert_int_equal(ERR_STATE, seal(f, hash, &have)); /* too early: begins anew */
    send_whole(f, data, 1000, hash);
    mem_free(data);
}

static void a_content_of_no_bytes_is_one_too(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(0, hash);
    bool complete;
    int64_t size = -1;
    assert_int_equal(0, begin(f, hash, 0, &complete));
    assert_int_equal(ERR_NONE, seal(f, hash, &size));
    assert_int_equal(0, size);
    assert_int_equal(0, begin(f, hash, 0, &complete));
    assert_true(complete);
    struct buf out = {0};
    assert_true(files_read(f->files, hash, 0, 0, 100, &out, NULL));
    assert_int_equal(0, out.len);
    buf_close(&out);
    mem_free(data);
}

static void the_limit_is_just_so(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(LIMIT + 1, hash);
    struct err err = {0};
    int64_t have;
    bool complete;
    assert_false(files_begin(f->files, one, hash, LIMIT + 1, &have, &complete, &err));
    assert_int_equal(ERR_PARAMS, err.code);
    assert_int_equal(LIMIT, json_number(err.data, "size_max", 0));
    err_clear(&err);
    for (int64_t at = 0; at < LIMIT; at += LIMIT / 3) {
        assert_int_equal(ERR_NONE, put(f, hash, at, data + at, LIMIT / 3, &have));
    }
    assert_int_equal(LIMIT, have);
    assert_int_equal(
        ERR_PARAMS, put(f, hash, LIMIT, data + LIMIT, 1, &have)); /* by the back door */
    assert_int_equal(ERR_PARAMS, put(f, hash, INT64_MAX - 2, data, 2, &have));
    mem_free(data);
    data = content(LIMIT, hash);
    send_whole(f, data, LIMIT, hash);
    mem_free(data);
}

static void hashes_that_are_none_touch_nothing(void **state)
{
    struct folder *f = *state;
    static const char *const bad[] = {"", "abc", "../../../../etc/passwd",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
        "../0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t n;
        bool complete;
        assert_false(files_begin(f->files, one, bad[i], 1, &n, &complete, NULL));
        assert_int_equal(ERR_PARAMS, put(f, bad[i], 0, "x", 1, &n));
        assert_int_equal(ERR_PARAMS, seal(f, bad[i], &n));
        assert_false(files_keep(f->files, one, bad[i], &n, NULL));
        assert_false(files_read(f->files, bad[i], 1, 0, 1, NULL, NULL));
    }
    assert_int_equal(0, count_files(f->path));
}

static void a_content_that_is_gone_or_cut_is_said_to_be(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(1000, hash);
    struct err err = {0};
    struct buf out = {0};
    send_whole(f, data, 1000, hash);
    char *path = mem_printf("%s/%.2s/%s", f->path, hash, hash);
    assert_int_equal(0, truncate(path, 999));
    assert_false(files_read(f->files, hash, 1000, 0, 10, &out, &err));
    assert_int_equal(ERR_INTERNAL, err.code);
    err_clear(&err);
    assert_int_equal(0, unlink(path));
    assert_false(files_read(f->files, hash, 1000, 0, 10, &out, &err));
    assert_int_equal(ERR_INTERNAL, err.code);
    assert_null(strstr(err.message, f->path));
    err_clear(&err);
    buf_close(&out);
    mem_free(path);
    mem_free(data);
}

/* What the kernel says when a file may not grow comes to the same place as a full disk. */
static void a_full_disk_cuts_the_piece_off_and_says_so(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(200000, hash);
    struct rlimit was, less;
    int64_t have;
    assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &was));
    signal(SIGXFSZ, SIG_IGN);
    less = was;
    less.rlim_cur = 100000;
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &less));
    assert_int_equal(ERR_READ_ONLY, put(f, hash, 0, data, 150000, &have));
    int left = count_files(f->path);
    enum err_code first = put(f, hash, 0, data, 90000, &have);
    enum err_code second = put(f, hash, 90000, data + 90000, 90000, &have);
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &was));
    assert_int_equal(0, left); /* no debris of a first piece */
    assert_int_equal(ERR_NONE, first);
    assert_int_equal(ERR_READ_ONLY, second);
    bool complete;
    assert_int_equal(90000, begin(f, hash, 200000, &complete)); /* as if it had not been */
    assert_int_equal(ERR_NONE, put(f, hash, 90000, data + 90000, 110000, &have));
    assert_int_equal(ERR_NONE, seal(f, hash, &have));
    mem_free(data);
}

static void a_disk_without_room_is_told_before_a_byte_is_sent(void **state)
{
    struct folder *f = *state;
    files_free(f->files);
    f->files = files_open(f->path, INT64_MAX / 2);
    char hash[DIGEST_TEXT];
    char *data = content(1, hash);
    struct err err = {0};
    int64_t have;
    bool complete;
    assert_false(files_begin(f->files, one, hash, INT64_MAX / 4, &have, &complete, &err));
    assert_int_equal(ERR_READ_ONLY, err.code);
    assert_int_equal(0, count_files(f->path));
    err_clear(&err);
    mem_free(data);
}

static void a_folder_that_cannot_be_made_is_an_error_not_a_crash(void **state)
{
    struct folder *f = *state;
    char *inside = mem_printf("%s/file/in/it", f->path);
    struct files *files = files_open(inside, LIMIT);
    struct err err = {0};
    int64_t have;
    assert_false(
        files_put(files, one, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0,
            "x", 1, &have, &err));
    assert_int_equal(ERR_INTERNAL, err.code);
    err_clear(&err);
    json_t *old = files_old(files, INT64_MAX);
    assert_int_equal(0, json_array_size(old));
    json_decref(old);
    files_free(files);
    mem_free(inside);
}

/* --- two at once --------------------------------------------------------------------------------
 */

struct sender {
    struct folder *folder;
    const char *by, *data, *hash;
    size_t piece;
};

static void *send_content(void *ctx)
{
    struct sender *s = ctx;
    int64_t have = 0;
    bool complete;
    assert_true(files_begin(s->folder->files, s->by, s->hash, 200000, &have, &complete, NULL));
    while (!complete && have < 200000) {
        size_t len = (size_t)(200000 - have) < s->piece ? (size_t)(200000 - have) : s->piece;
        assert_true(
            files_put(s->folder->files, s->by, s->hash, have, s->data + have, len, &have, NULL));
    }
    assert_true(files_seal(s->folder->files, s->by, s->hash, &have, NULL));
    assert_int_equal(200000, have);
    return NULL;
}

static void two_who_send_the_same_share_it(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(200000, hash);
    for (int round = 0; round < 20; round++) {
        struct sender senders[4];
        pthread_t threads[4];
        for (size_t i = 0; i < 4; i++) {
            senders[i] = (struct sender){f, i % 2 == 0 ? one : "u2", data, hash, 1000 + 7777 * i};
            assert_int_equal(0, pthread_create(&threads[i], NULL, send_content, &senders[i]));
        }
        for (size_t i = 0; i < 4; i++) {
            pthread_join(threads[i], NULL);
        }
        assert_int_equal(1, count_files(f->path));
        struct buf out = {0};
        assert_true(files_read(f->files, hash, 200000, 0, 200000, &out, NULL));
        assert_memory_equal(data, out.data, 200000);
        buf_close(&out);
        files_remove(f->files, hash, INT64_MAX);
        assert_int_equal(0, count_files(f->path));
    }
    mem_free(data);
}

static void who_knows_only_the_hash_has_nothing(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(1000, hash);
    int64_t have = -1;
    bool complete = true;
    struct err err = {0};
    send_whole(f, data, 1000, hash);
    assert_true(
        files_begin(f->files, "u2", hash, 999, &have, &complete, NULL)); /* no word of 1000 */
    assert_false(complete);
    assert_int_equal(0, have);
    assert_false(files_keep(f->files, "u2", hash, &have, &err));
    assert_int_equal(ERR_STATE, err.code);
    err_clear(&err);
    assert_false(files_seal(f->files, "u2", hash, &have, &err)); /* of no bytes: another hash */
    assert_int_equal(ERR_STATE, err.code);
    err_clear(&err);
    char *wrong = mem_alloc(1000);
    assert_true(files_put(f->files, "u2", hash, 0, wrong, 1000, &have, NULL)); /* as long as it */
    assert_false(files_seal(f->files, "u2", hash, &have, NULL));
    assert_false(files_keep(f->files, "u2", hash, &have, NULL));
    assert_true(files_keep(f->files, one, hash, &have, NULL)); /* the first one's is not harmed */
    assert_true(files_keep(f->files, NULL, hash, &have, NULL));
    /* Who has it sends it and then has it, in the same place. */
    assert_true(files_put(f->files, "u2", hash, 0, data, 1000, &have, NULL));
    assert_true(files_seal(f->files, "u2", hash, &have, NULL));
    assert_int_equal(1000, have);
    assert_true(files_keep(f->files, "u2", hash, &have, NULL));
    assert_true(files_begin(f->files, "u2", hash, 1000, &have, &complete, NULL));
    assert_true(complete);
    assert_int_equal(1, count_files(f->path));
    mem_free(wrong);
    mem_free(data);
}

static void what_one_began_another_does_not_see(void **state)
{
    struct folder *f = *state;
    char hash[DIGEST_TEXT];
    char *data = content(1000, hash);
    int64_t have = -1;
    bool complete;
    assert_int_equal(ERR_NONE, put(f, hash, 0, data, 400, &have));
    assert_true(files_begin(f->files, "u2", hash, 1000, &have, &complete, NULL));
    assert_int_equal(0, have);
    assert_int_equal(400, begin(f, hash, 1000, &complete));
    mem_free(data);
}

/* --- sweeping -----------------------------------------------------------------------------------
 */

/* How many files the folder of that name has; each gets these times. */
static int grow_old(struct folder *f, const char *name, const struct timespec times[2])
{
    char *path = mem_printf("%s/%s", f->path, name);
    DIR *dir = opendir(path);
    int n = 0;
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] != '.') {
            assert_int_equal(0, utimensat(dirfd(dir), e->d_name, times, 0));
            n++;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    mem_free(path);
    return n;
}

static void what_was_not_touched_for_long_is_listed_and_what_was_kept_is_spared(void **state)
{
    struct folder *f = *state;
    char old[DIGEST_TEXT], kept[DIGEST_TEXT], part[DIGEST_TEXT];
    char *a = content(10, old), *b = content(20, kept), *c = content(30, part);
    int64_t n, now = (int64_t)time(NULL);
    send_whole(f, a, 10, old);
    send_whole(f, b, 20, kept);
    assert_int_equal(ERR_NONE, put(f, part, 0, c, 5, &n));
    json_t *list = files_old(f->files, now - 3600);
    assert_int_equal(0, json_array_size(list));
    json_decref(list);
    struct timespec past[2] = {{(time_t)now - 7200, 0}, {(time_t)now - 7200, 0}};
    char *old_path = mem_printf("%s/%.2s/%s", f->path, old, old);
    const char *hashes[] = {old, kept};
    for (int i = 0; i < 2; i++) {
        char *path = mem_printf("%s/%.2s/%s", f->path, hashes[i], hashes[i]);
        assert_int_equal(0, utimensat(AT_FDCWD, path, past, 0));
        mem_free(path);
    }
    assert_int_equal(1, grow_old(f, "parts", past));
    assert_int_equal(2, grow_old(f, "sent", past));
    assert_true(files_keep(f->files, one, old, &n, NULL));
    assert_int_equal(0, utimensat(AT_FDCWD, old_path, past, 0));
    list = files_old(f->files, now - 3600);
    assert_int_equal(2, json_array_size(list));
    assert_int_equal(0, grow_old(f, "parts", past)); /* the part is gone, and who sent what */
    assert_int_equal(0, grow_old(f, "sent", past));
    assert_false(files_keep(f->files, one, kept, &n, NULL));
    assert_true(files_keep(f->files, NULL, kept, &n, NULL)); /* between listing and removing */
    assert_int_equal(20, n);
    files_remove(f->files, old, now - 3600);
    files_remove(f->files, kept, now - 3600);
    assert_false(files_keep(f->files, NULL, old, &n, NULL));
    assert_true(files_keep(f->files, NULL, kept, &n, NULL));
    json_decref(list);
    mem_free(old_path);
    mem_free(a);
    mem_free(b);
    mem_free(c);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(a_content_in_pieces_is_whole_again),
        T(an_interrupted_content_is_resumed),
        T(pieces_out_of_order_are_told_where_to_go_on),
        T(another_content_than_the_hash_says_is_thrown_away),
        T(a_content_of_no_bytes_is_one_too),
        T(the_limit_is_just_so),
        T(hashes_that_are_none_touch_nothing),
        T(a_content_that_is_gone_or_cut_is_said_to_be),
        T(a_full_disk_cuts_the_piece_off_and_says_so),
        T(a_disk_without_room_is_told_before_a_byte_is_sent),
        T(a_folder_that_cannot_be_made_is_an_error_not_a_crash),
        T(two_who_send_the_same_share_it),
        T(who_knows_only_the_hash_has_nothing),
        T(what_one_began_another_does_not_see),
        T(what_was_not_touched_for_long_is_listed_and_what_was_kept_is_spared),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
