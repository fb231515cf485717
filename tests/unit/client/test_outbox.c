/* The outbox: what is put in is there after any crash, and leaves only with an answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/civil.h"
#include "base/json.h"
#include "base/memory.h"
#include "client/home.h"
#include "client/outbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY1 "01890000-0000-7000-8000-000000000001"
#define KEY2 "01890000-0000-7000-8000-000000000002"
#define LINE                                                                                       \
    "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"case.note\",\"params\":{\"case\":\"1\"}}"

static char folder[64];
static struct outbox *box;

static int open_box(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fengqiao-test-XXXXXX");
    box = mkdtemp(folder) != NULL ? outbox_open(folder, NULL) : NULL;
    return box == NULL;
}

static int remove_box(void **state)
{
    (void)state;
    outbox_free(box);
    char *command = mem_printf("rm -rf '%s'", folder);
    int failed = system(command);
    mem_free(command);
    return failed;
}

static void reopen(void)
{
    outbox_free(box);
    box = outbox_open(folder, NULL);
    assert_non_null(box);
}

static void put_file(const char *name, const char *text)
{
    char *path = mem_printf("%s/%s", folder, name);
    assert_true(home_write(path, text, strlen(text), NULL));
    mem_free(path);
}

static void a_request_survives_the_process_in_order_of_keys(void **state)
{
    (void)state;
    assert_true(outbox_put(box, KEY2, LINE, NULL));
    assert_true(outbox_put(box, KEY1, LINE, NULL));
    reopen();
    json_t *list = outbox_list(box, OUTBOX_NEW);
    assert_int_equal(2, json_array_size(list));
    assert_string_equal(KEY1, json_text(json_array_get(list, 0), "key"));
    assert_string_equal(KEY2, json_text(json_array_get(list, 1), "key"));
    assert_string_equal(LINE, json_text(json_array_get(list, 0), "line"));
    json_decref(list);
}

static void an_answer_moves_it_and_is_kept_beside_it(void **state)
{
    (void)state;
    json_t *answer = json_pack("{s:s}", "message", "版本已变");
    assert_true(outbox_put(box, KEY1, LINE, NULL));
    assert_true(outbox_move(box, KEY1, OUTBOX_NEW, OUTBOX_CONFLICT, answer, NULL));
    assert_int_equal(0, outbox_count(box, OUTBOX_NEW));
    json_t *list = outbox_list(box, OUTBOX_CONFLICT);
    assert_int_equal(1, json_array_size(list));
    const json_t *entry = json_array_get(list, 0);
    assert_string_equal(LINE, json_text(entry, "line"));
    assert_string_equal("版本已变", json_text(json_member(entry, "answer"), "message"));
    json_decref(list);
    json_decref(answer);
}

static void a_crash_between_the_two_steps_of_a_move_loses_nothing(void **state)
{
    (void)state;
    /* The new file was written, the old one not yet removed. */
    assert_true(outbox_put(box, KEY1, LINE, NULL));
    put_file("sent/" KEY1, LINE "\n{}");
    reopen();
    assert_int_equal(1, outbox_count(box, OUTBOX_NEW));
    assert_true(outbox_move(box, KEY1, OUTBOX_NEW, OUTBOX_SENT, NULL, NULL));
    assert_int_equal(0, outbox_count(box, OUTBOX_NEW));
    assert_int_equal(1, outbox_count(box, OUTBOX_SENT));
}

static void a_crash_while_writing_leaves_no_half_request(void **state)
{
    (void)state;
    put_file("new/" KEY1 ".tmp99", "{\"jsonrpc\":");
    reopen();
    assert_int_equal(0, outbox_count(box, OUTBOX_NEW));
}

static void a_damaged_file_is_shown_and_not_sent(void **state)
{
    (void)state;
    put_file("new/" KEY1, "{\"jsonrpc\":");
    json_t *list = outbox_list(box, OUTBOX_NEW);
    assert_int_equal(1, json_array_size(list));
    assert_true(json_flag(json_array_get(list, 0), "damaged"));
    assert_null(json_member(json_array_get(list, 0), "request"));
    json_decref(list);
}

static void moving_what_is_gone_is_an_error_discarding_it_is_not(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(outbox_move(box, KEY1, OUTBOX_NEW, OUTBOX_SENT, NULL, &err));
    assert_int_equal(ERR_NOT_FOUND, err.code);
    assert_true(outbox_discard(box, KEY1, OUTBOX_NEW, NULL));
    err_clear(&err);
}

static void sent_ones_go_after_thirty_days_pending_ones_never(void **state)
{
    (void)state;
    assert_true(outbox_put(box, KEY1, LINE, NULL));
    put_file("sent/" KEY2, LINE);
    put_file("new/" KEY2 ".tmp1", "");
    outbox_tidy(box, 0);
    assert_int_equal(1, outbox_count(box, OUTBOX_SENT));
    outbox_tidy(box, INT64_MAX);
    assert_int_equal(0, outbox_count(box, OUTBOX_SENT));
    assert_int_equal(1, outbox_count(box, OUTBOX_NEW));
}

static void files_are_readable_by_their_owner_only(void **state)
{
    (void)state;
    assert_true(outbox_put(box, KEY1, LINE, NULL));
    char *path = mem_printf("%s/new/%s", folder, KEY1);
    struct stat info;
    assert_int_equal(0, stat(path, &info));
    assert_int_equal(0600, info.st_mode & 0777);
    mem_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_request_survives_the_process_in_order_of_keys, open_box, remove_box),
        cmocka_unit_test_setup_teardown(
            an_answer_moves_it_and_is_kept_beside_it, open_box, remove_box),
        cmocka_unit_test_setup_teardown(
            a_crash_between_the_two_steps_of_a_move_loses_nothing, open_box, remove_box),
        cmocka_unit_test_setup_teardown(
            a_crash_while_writing_leaves_no_half_request, open_box, remove_box),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_shown_and_not_sent, open_box, remove_box),
        cmocka_unit_test_setup_teardown(
            moving_what_is_gone_is_an_error_discarding_it_is_not, open_box, remove_box),
        cmocka_unit_test_setup_teardown(
            sent_ones_go_after_thirty_days_pending_ones_never, open_box, remove_box),
        cmocka_unit_test_setup_teardown(
            files_are_readable_by_their_owner_only, open_box, remove_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
