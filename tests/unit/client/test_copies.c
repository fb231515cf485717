/* The offline copy: it gives back what was seen, to the one who saw it, and to nobody else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/civil.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/copies.h"
#include "client/home.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOW = 1000000 };

static char root[64];
static char *folder; /* inside root */
static struct seal_key key;
static struct copies *seen;

static int open_copies(void **state)
{
    (void)state;
    strcpy(root, "/tmp/fengqiao-test-XXXXXX");
    if (mkdtemp(root) == NULL) {
        return 1;
    }
    folder = mem_printf("%s/cache/one", root);
    seal_key_make(&key);
    seen = copies_open(folder, &key);
    return seen == NULL;
}

static int remove_copies(void **state)
{
    (void)state;
    copies_free(seen);
    mem_free(folder);
    char *command = mem_printf("rm -rf '%s'", root);
    int failed = system(command);
    mem_free(command);
    return failed;
}

static size_t files(void)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        n += e->d_name[0] != '.';
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return n;
}

static void put_case(const char *typed, const char *number, const char *id)
{
    json_t *params = json_pack("{s:s}", "case", typed);
    json_t *page = json_pack("{s:s, s:s}", "number", number, "id", id);
    copies_put(seen, "case.get", params, page, NOW);
    json_decref(page);
    json_decref(params);
}

/* The number of the page that "case.get typed" gives back; NULL: none. Caller owns. */
static char *got_case(const char *typed)
{
    json_t *params = json_pack("{s:s}", "case", typed);
    json_t *page = copies_get(seen, "case.get", params, NOW, NULL);
    char *number = mem_strdup(json_text(page, "number"));
    json_decref(page);
    json_decref(params);
    return number;
}

static void check_case(const char *number, const char *typed)
{
    char *got = got_case(typed);
    if (number == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(number, got);
    }
    mem_free(got);
}

static void an_answer_comes_back_with_its_time_and_the_newest_stays(void **state)
{
    (void)state;
    json_t *params = json_pack("{s:i, s:{s:s}}", "limit", 5, "_meta", "lang", "zh");
    json_t *same = json_pack("{s:i}", "limit", 5);
    json_t *other = json_pack("{s:i}", "limit", 6);
    json_t *page = json_pack("{s:[s]}", "items", "村口路灯");
    copies_put(seen, "inbox.list", params, page, NOW);
    copies_put(seen, "inbox.list", params, page, NOW + 5);
    int64_t at_ms = 0;
    json_t *got = copies_get(seen, "inbox.list", same, NOW + 9, &at_ms);
    assert_true(json_equal(page, got));
    assert_int_equal(NOW + 5, at_ms);
    assert_int_equal(1, files());
    assert_null(copies_get(seen, "inbox.list", other, NOW, NULL));
    assert_null(copies_get(seen, "case.list", same, NOW, NULL));
    json_decref(got);
    json_decref(page);
    json_decref(other);
    json_decref(same);
    json_decref(params);
}

static void a_case_is_found_by_what_people_type(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    put_case("羊调26-0044", "羊调26-0044", "13");
    check_case("羊调26-0001", "羊调26-0001");
    check_case("羊调26-0001", "26-1");
    check_case("羊调26-0001", "１");
    check_case("羊调26-0044", "44");
    check_case("羊调26-0044", "13");
    check_case(NULL, "45");
    check_case(NULL, "");
    assert_int_equal(2, files());
}

static void a_tail_that_two_cases_have_means_neither(void **state)
{
    (void)state;
    put_case("羊调26-0001", "羊调26-0001", "12");
    put_case("乌访26-0001", "乌访26-0001", "13");
    check_case(NULL, "1");
    check_case("乌访26-0001", "乌访26-1");
}

static void what_belongs_to_a_case_is_kept_under_its_full_number(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    json_t *typed = json_pack("{s:s}", "case", "26-1");
    json_t *full = json_pack("{s:s}", "case", "羊调26-0001");
    json_t *rows = json_pack("{s:[]}", "items");
    copies_put(seen, "case.timeline", typed, rows, NOW);
    json_t *got = copies_get(seen, "case.timeline", full, NOW, NULL);
    assert_non_null(got);
    json_decref(got);
    json_decref(rows);
    json_decref(full);
    json_decref(typed);
}

static void another_login_reads_nothing(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    copies_free(seen);
    seal_key_make(&key);
    seen = copies_open(folder, &key);
    check_case(NULL, "羊调26-0001");
    check_case(NULL, "1");
}

static void the_files_tell_nothing_and_are_for_their_owner_only(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    char *command = mem_printf("grep -rq 26-0001 '%s' || ls -R '%s' | grep -q 26-0001", root, root);
    assert_int_not_equal(0, system(command));
    mem_free(command);
    struct stat info;
    assert_int_equal(0, stat(folder, &info));
    assert_int_equal(0700, info.st_mode & 0777);
    DIR *dir = opendir(folder);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        assert_int_equal(0, fstatat(dirfd(dir), e->d_name, &info, 0));
        assert_true(e->d_name[0] == '.' || (info.st_mode & 0777) == 0600);
    }
    closedir(dir);
}

static void a_damaged_or_foreign_file_is_as_if_it_were_not_there(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    DIR *dir = opendir(folder);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char *path = mem_printf("%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.') {
            assert_int_equal(0, truncate(path, 20));
        }
        mem_free(path);
    }
    closedir(dir);
    check_case(NULL, "羊调26-0001");
    put_case("1", "羊调26-0001", "12");
    check_case("羊调26-0001", "1");
}

static void old_copies_are_not_shown(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    json_t *params = json_pack("{s:s}", "case", "羊调26-0001");
    json_t *page = copies_get(seen, "case.get", params, NOW + COPIES_DAYS * MS_PER_DAY, NULL);
    assert_non_null(page);
    json_decref(page);
    assert_null(copies_get(seen, "case.get", params, NOW + COPIES_DAYS * MS_PER_DAY + 1, NULL));
    json_decref(params);
}

static void the_copy_stays_within_its_bytes(void **state)
{
    (void)state;
    char *text = mem_alloc(COPIES_ENTRY_BYTES);
    memset(text, 'x', COPIES_ENTRY_BYTES - 200);
    json_t *big = json_pack("{s:s}", "text", text);
    for (int i = 0; i < 10; i++) {
        json_t *params = json_pack("{s:i}", "limit", i);
        copies_put(seen, "case.list", params, big, NOW);
        json_decref(params);
    }
    assert_true(files() < 10);
    json_t *last = json_pack("{s:i}", "limit", 9);
    json_t *got = copies_get(seen, "case.list", last, NOW, NULL);
    assert_non_null(got);
    json_decref(got);
    json_decref(last);
    json_decref(big);
    /* Too large for one entry: the others need not make room for it. */
    memset(text, 'x', COPIES_ENTRY_BYTES - 1);
    big = json_pack("{s:s}", "text", text);
    copies_put(seen, "case.search", NULL, big, NOW);
    assert_null(copies_get(seen, "case.search", NULL, NOW, NULL));
    json_decref(big);
    mem_free(text);
}

static void after_logout_nothing_is_left(void **state)
{
    (void)state;
    put_case("1", "羊调26-0001", "12");
    copies_remove(folder);
    assert_int_equal(-1, access(folder, F_OK));
    copies_remove(folder);
}

static void shared_machines_keep_nothing(void **state)
{
    (void)state;
    json_t *settings = json_pack("{s:s}", "cache", "off");
    json_t *no = json_pack("{s:b}", "cache", 0);
    unsetenv("FENGQIAO_CACHE");
    assert_true(copies_allowed(NULL));
    assert_false(copies_allowed(settings));
    assert_false(copies_allowed(no));
    setenv("FENGQIAO_CACHE", "off", 1);
    assert_false(copies_allowed(NULL));
    unsetenv("FENGQIAO_CACHE");
    json_decref(no);
    json_decref(settings);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_copies, remove_copies)
        T(an_answer_comes_back_with_its_time_and_the_newest_stays),
        T(a_case_is_found_by_what_people_type),
        T(a_tail_that_two_cases_have_means_neither),
        T(what_belongs_to_a_case_is_kept_under_its_full_number),
        T(another_login_reads_nothing),
        T(the_files_tell_nothing_and_are_for_their_owner_only),
        T(a_damaged_or_foreign_file_is_as_if_it_were_not_there),
        T(old_copies_are_not_shown),
        T(the_copy_stays_within_its_bytes),
        T(after_logout_nothing_is_left),
        T(shared_machines_keep_nothing),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
