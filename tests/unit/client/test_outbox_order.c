/* Order in the outbox: what belongs to one case never overtakes, what belongs to others never
 * waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"
#include "client/home.h"
#include "client/number.h"
#include "client/outbox_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ME "yanglujing02@127.0.0.1:7719"

static char folder[64];
static struct outbox *box;
static struct outbox_order *order;

static int open_box(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fengqiao-test-XXXXXX");
    box = mkdtemp(folder) != NULL ? outbox_open(folder, NULL) : NULL;
    order = NULL;
    return box == NULL;
}

static int remove_box(void **state)
{
    (void)state;
    outbox_order_free(order);
    outbox_free(box);
    char *command = mem_printf("rm -rf '%s'", folder);
    int failed = system(command);
    mem_free(command);
    return failed;
}

static void put(enum outbox_folder where, int n, const char *number, const char *sender)
{
    char key[37];
    snprintf(key, sizeof key, "01890000-0000-7000-8000-%012d", n);
    json_t *request = json_pack("{s:s, s:{s:s?, s:{s:s}}}", "method", "case.note", "params", "case",
        number, "_meta", "sender", sender);
    char *line = json_compact(request);
    assert_true(outbox_keep(box, where, key, line, NULL));
    free(line);
    json_decref(request);
}

static void begin(int64_t now_ms, bool by_hand)
{
    outbox_order_free(order);
    order = outbox_order_open(box, ME, now_ms, by_hand);
}

/* Whose turn the entries of new/ are, "g", "l", "b" or "c" each; those in `busy` stay when tried.
 */
static void check_turns(const char *wanted, const char *busy)
{
    static const char letters[] = "glbc";
    char got[16] = "";
    json_t *all = outbox_list(box, OUTBOX_NEW);
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *entry = json_array_get(all, i);
        enum outbox_turn turn = outbox_order_ask(order, entry);
        got[i] = letters[turn];
        const char *number = outbox_case(entry);
        if (turn == TURN_GO && number != NULL && strcmp(number, busy) == 0) {
            outbox_order_stays(order, entry, 0);
        }
    }
    assert_string_equal(wanted, got);
    json_decref(all);
}

static void one_that_stays_holds_its_own_case_only(void **state)
{
    (void)state;
    put(OUTBOX_NEW, 1, "羊调26-0001", ME);
    put(OUTBOX_NEW, 2, "26-1", ME);
    put(OUTBOX_NEW, 3, "羊调26-0002", ME);
    put(OUTBOX_NEW, 4, NULL, ME);
    begin(0, false);
    check_turns("gbgg", "羊调26-0001");
}

static void what_was_tried_waits_longer_each_time_unless_asked_by_hand(void **state)
{
    (void)state;
    put(OUTBOX_NEW, 1, "1", ME);
    begin(0, false);
    check_turns("g", "1");
    begin(1999, false);
    check_turns("l", "1");
    begin(2000, false);
    check_turns("g", "1");
    begin(5999, false);
    check_turns("l", "1");
    begin(5999, true);
    check_turns("g", "1");
    for (int i = 0; i < 20; i++) {
        begin(INT64_C(1000000) * (i + 1), false);
        check_turns("g", "1");
    }
    begin(INT64_C(20000000) + OUTBOX_WAIT_MS_MAX, false);
    check_turns("g", "1");
}

static void a_refused_one_holds_what_came_after_it(void **state)
{
    (void)state;
    put(OUTBOX_NEW, 1, "1", ME);
    put(OUTBOX_CONFLICT, 2, "羊调26-0001", ME);
    put(OUTBOX_NEW, 3, "1", ME);
    put(OUTBOX_NEW, 4, "2", ME);
    put(OUTBOX_CONFLICT, 5, "2", "another@x");
    put(OUTBOX_NEW, 6, "2", ME);
    begin(0, false);
    check_turns("gcgg", "");
    assert_int_equal(TURN_BEHIND, outbox_order_of_case(box, ME, "1"));
    assert_int_equal(TURN_GO, outbox_order_of_case(box, ME, "7"));
    assert_int_equal(TURN_GO, outbox_order_of_case(box, ME, NULL));
}

static void refused_in_this_round_holds_the_rest_of_its_case(void **state)
{
    (void)state;
    put(OUTBOX_NEW, 1, "1", ME);
    put(OUTBOX_NEW, 2, "1", ME);
    begin(0, false);
    json_t *all = outbox_list(box, OUTBOX_NEW);
    assert_int_equal(TURN_GO, outbox_order_ask(order, json_array_get(all, 0)));
    outbox_order_refused(order, json_array_get(all, 0));
    assert_int_equal(TURN_CONFLICT, outbox_order_ask(order, json_array_get(all, 1)));
    json_decref(all);
}

static void a_damaged_record_of_tries_costs_a_try_and_nothing_else(void **state)
{
    (void)state;
    put(OUTBOX_NEW, 1, "1", ME);
    char *path = mem_printf("%s/tries.json", folder);
    assert_true(home_write(path, "{\"x", 3, NULL));
    mem_free(path);
    begin(0, false);
    check_turns("g", "1");
}

static void numbers_that_could_be_the_same_case_are_taken_so(void **state)
{
    (void)state;
    assert_true(number_may_equal("412", "枫26-0412"));
    assert_true(number_may_equal("26-412", "枫26-0412"));
    assert_true(number_may_equal("枫26-0412", "枫26-0412"));
    assert_false(number_may_equal("枫26-0412", "乌26-0412"));
    assert_false(number_may_equal("413", "枫26-0412"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_box, remove_box)
        T(one_that_stays_holds_its_own_case_only),
        T(what_was_tried_waits_longer_each_time_unless_asked_by_hand),
        T(a_refused_one_holds_what_came_after_it),
        T(refused_in_this_round_holds_the_rest_of_its_case),
        T(a_damaged_record_of_tries_costs_a_try_and_nothing_else),
        T(numbers_that_could_be_the_same_case_are_taken_so),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
