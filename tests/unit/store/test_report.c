/* Report rows: read out of the events bit by bit, the same when read anew. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper.h"

#include "store/sqlite/backend.h"

#define DAY INT64_C(86400000)
#define JAN_2026 INT64_C(1767225600000) /* 2026-01-01T08:00 in Shanghai */

enum { CASES = 12, EVENTS = 4 };

/* Case i opens with a clock of 15 days, warns late when i % 3 == 0, concludes when i % 4 != 3. */
static char *event_data(int i, int64_t version, int64_t at_ms)
{
    switch (version) {
    case 1:
        return mem_printf("{\"body\":\"v1.tw\",\"changes\":[{\"op\":\"clock.start\","
                          "\"clock\":\"accept\",\"title\":\"受理期限\",\"term\":\"accept.15d\","
                          "\"legal\":\"2026-01-20\",\"provisional\":%s,\"start_ms\":%lld}]}",
            i % 2 == 0 ? "true" : "false", (long long)at_ms);
    case 2:
        return mem_printf(i % 3 == 0
                              ? "{\"changes\":[{\"op\":\"clock.late\",\"clock\":\"accept\"}]}"
                              : "{\"changes\":[{\"op\":\"mark\",\"name\":\"yellow\"}]}");
    case 3:
        return mem_printf(
            i % 4 == 3 ? "{\"changes\":[{\"op\":\"clock.cancel\",\"clock\":\"accept\"}]}"
                       : "{\"changes\":[{\"op\":\"clock.met\",\"clock\":\"accept\",\"at_ms\":%lld,"
                         "\"late\":%s}]}",
            (long long)at_ms, i % 3 == 0 ? "true" : "false");
    default:
        return mem_printf(i % 4 == 3
                              ? "{\"changes\":[]}"
                              : "{\"action\":\"agree\",\"body\":\"v2.tw\",\"changes\":"
                                "[{\"op\":\"outcome\",\"to\":\"agreed\"},{\"op\":\"close\"}]}");
    }
}

static struct store_unit *event(int i, int64_t version)
{
    struct store_unit *u = unit_case(i, version, NULL, NULL);
    struct store_case_unit *k = u->kase;
    k->received_ms = k->opened_ms = JAN_2026;
    k->at_ms = JAN_2026 + version * DAY;
    k->closed_ms = version == EVENTS && i % 4 != 3 ? k->at_ms : 0;
    put_text(&k->category, i % 2 == 0 ? "劳动/欠薪" : "邻里");
    mem_free(k->data);
    k->data = event_data(i, version, k->at_ms);
    return u;
}

static void write_events(struct fixture *f, int64_t upto)
{
    for (int64_t version = 1; version <= upto; version++) {
        struct store_unit *batch[CASES];
        for (int i = 0; i < CASES; i++) {
            batch[i] = event(i + 1, version);
        }
        append(f, batch, CASES);
    }
}

static json_t *report(struct fixture *f, int64_t now_ms)
{
    return ask(f, ASK_REPORT,
        json_pack("{s:I, s:{s:b}}", "now_ms", (json_int_t)now_ms, "scope", "all", 1));
}

/* Sum of a column over the rows that have text in member (NULL: all). */
static int64_t sum(const json_t *rows, const char *column, const char *member, const char *text)
{
    int64_t total = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (member == NULL || strcmp(json_text(row, member), text) == 0) {
            total += json_number(row, column, 0);
        }
    }
    return total;
}

static void clocks_are_counted_by_what_became_of_them(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, KIND_MEMORY);
    write_events(&f, 1);
    json_t *r = report(&f, JAN_2026 + 2 * DAY);
    const json_t *clocks = json_object_get(r, "clocks");
    assert_int_equal(12, sum(clocks, "started", NULL, NULL));
    assert_int_equal(12, sum(clocks, "open", NULL, NULL));
    assert_int_equal(0, sum(clocks, "late_open", NULL, NULL));
    assert_int_equal(6, sum(clocks, "provisional", NULL, NULL));
    assert_int_equal(2026, json_number(json_array_get(clocks, 0), "year", -1));
    json_decref(r);
    r = report(&f, JAN_2026 + 40 * DAY);
    assert_int_equal(12, sum(json_object_get(r, "clocks"), "late_open", NULL, NULL));
    json_decref(r);
    fixture_close(&f);

    fixture_init(&f, KIND_MEMORY);
    write_events(&f, EVENTS);
    r = report(&f, JAN_2026 + 5 * DAY);
    clocks = json_object_get(r, "clocks");
    assert_int_equal(12, sum(clocks, "started", NULL, NULL));
    assert_int_equal(6, sum(clocks, "met", NULL, NULL));       /* 1 2 4 5 8 10 */
    assert_int_equal(3, sum(clocks, "met_late", NULL, NULL));  /* 6 9 12 */
    assert_int_equal(3, sum(clocks, "cancelled", NULL, NULL)); /* 3 7 11 */
    assert_int_equal(0, sum(clocks, "open", NULL, NULL));
    assert_int_equal(4, sum(clocks, "met", "category", "劳动"));
    assert_string_equal("受理期限", json_text(json_array_get(clocks, 0), "title"));
    assert_string_equal("accept.15d", json_text(json_array_get(clocks, 0), "term"));
    const json_t *cases = json_object_get(r, "cases");
    assert_int_equal(12, sum(cases, "cases", NULL, NULL));
    assert_int_equal(9, sum(cases, "closed", NULL, NULL));
    assert_int_equal(3, sum(cases, "open", NULL, NULL));
    const json_t *answers = json_object_get(r, "answers");
    assert_int_equal(9, sum(answers, "cases", NULL, NULL));
    assert_int_equal(9, sum(answers, "cases", "host", "v2.tw"));
    assert_int_equal(4, json_number(json_array_get(answers, 0), "days", -1));
    json_decref(r);
    fixture_close(&f);
}

static void only_the_scope_and_the_span_are_reported(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, KIND_MEMORY);
    write_events(&f, EVENTS);
    json_t *r = ask(&f, ASK_REPORT, json_object());
    assert_int_equal(0, json_array_size(json_object_get(r, "cases")));
    json_decref(r);
    r = ask(&f, ASK_REPORT, json_pack("{s:{s:[s], s:[]}}", "scope", "bodies", "v1.tw", "paths"));
    assert_int_equal(12, sum(json_object_get(r, "cases"), "cases", NULL, NULL));
    json_decref(r);
    r = ask(&f, ASK_REPORT,
        json_pack("{s:{s:b}, s:I}", "scope", "all", 1, "from_ms", (json_int_t)(JAN_2026 + 1)));
    assert_int_equal(0, json_array_size(json_object_get(r, "cases")));
    json_decref(r);
    fixture_close(&f);
}

static void with_threads_a_report_goes_up_to_the_last_event(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, KIND_THREADS);
    write_events(&f, EVENTS);
    json_t *r = report(&f, JAN_2026);
    assert_int_equal(CASES * EVENTS, json_number(r, "through_seq", -1));
    assert_int_equal(12, sum(json_object_get(r, "clocks"), "started", NULL, NULL));
    json_decref(r);
    fixture_close(&f);
}

static void fold_all(struct db *db, size_t step)
{
    bool more = true;
    while (more) {
        assert_true(db_fold(db, step, &more, NULL));
    }
}

static void read_anew_the_report_is_the_same(void **state)
{
    (void)state;
    struct db *db = db_open_writer(":memory:", NULL);
    bool more;
    for (int64_t version = 1; version <= EVENTS; version++) {
        struct store_unit *batch[CASES];
        struct written out[CASES];
        for (int i = 0; i < CASES; i++) {
            batch[i] = event(i + 1, version);
        }
        assert_true(db_write(db, batch, CASES, out, NULL));
        assert_true(db_fold(db, 5, &more, NULL)); /* in the middle of a batch */
        for (int i = 0; i < CASES; i++) {
            store_unit_free(batch[i]);
        }
    }
    fold_all(db, 7);
    json_t *args = json_pack("{s:I, s:{s:b}}", "now_ms", (json_int_t)JAN_2026, "scope", "all", 1);
    json_t *before = db_ask(db, ASK_REPORT, args, NULL);
    assert_true(json_array_size(json_object_get(before, "clocks")) > 0);
    assert_true(db_forget_report(db, NULL));
    json_t *empty = db_ask(db, ASK_REPORT, args, NULL);
    assert_int_equal(0, json_array_size(json_object_get(empty, "clocks")));
    fold_all(db, 1000);
    json_t *after = db_ask(db, ASK_REPORT, args, NULL);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(empty);
    json_decref(after);
    json_decref(args);
    db_close(db);
}

static void a_clock_started_again_is_counted_again(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, KIND_MEMORY);
    static const char *const history[] = {
        "{\"changes\":[{\"op\":\"clock.start\",\"clock\":\"c\",\"due_ms\":1000}]}",
        "{\"changes\":[{\"op\":\"clock.met\",\"clock\":\"c\",\"late\":false}]}",
        "{\"changes\":[{\"op\":\"clock.start\",\"clock\":\"c\",\"due_ms\":1000}]}",
        "{\"changes\":[{\"op\":\"clock.extend\",\"clock\":\"c\",\"due_ms\":5000}]}",
        "not json but with \"clock. in it",
        "{\"changes\":[{\"op\":\"clock.late\"},{\"op\":\"clock.met\",\"clock\":\"unknown\"},7]}",
    };
    for (int i = 0; i < 6; i++) {
        struct store_unit *u = unit_case(1, i + 1, NULL, NULL);
        put_text(&u->kase->data, history[i]);
        append_one(&f, u);
    }
    json_t *r = report(&f, 2000);
    const json_t *clocks = json_object_get(r, "clocks");
    assert_int_equal(2, sum(clocks, "started", NULL, NULL));
    assert_int_equal(1, sum(clocks, "met", NULL, NULL));
    assert_int_equal(1, sum(clocks, "open", NULL, NULL)); /* extended past 2000 */
    json_decref(r);
    fixture_close(&f);
}

static void a_right_that_lapses_or_is_used_is_no_duty(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, KIND_MEMORY);
    static const char *const history[] = {
        "{\"changes\":[{\"op\":\"clock.start\",\"clock\":\"duty\",\"due_ms\":1000},"
        "{\"op\":\"clock.start\",\"clock\":\"used\",\"due_ms\":1000,\"right\":true},"
        "{\"op\":\"clock.start\",\"clock\":\"lapsed\",\"due_ms\":1000,\"right\":true},"
        "{\"op\":\"clock.start\",\"clock\":\"task:t1\",\"due_ms\":1000}]}",
        "{\"changes\":[{\"op\":\"clock.met\",\"clock\":\"used\",\"late\":false},"
        "{\"op\":\"clock.extend\",\"clock\":\"lapsed\",\"due_ms\":1500}]}",
        "{\"changes\":[{\"op\":\"restore\",\"undone_ms\":0,\"snapshot\":{\"clocks\":["
        "{\"name\":\"duty\",\"state\":\"running\",\"due\":{\"due_ms\":1000}},"
        "{\"name\":\"lapsed\",\"state\":\"running\",\"right\":true,"
        "\"due\":{\"due_ms\":1000}}]}}]}",
    };
    for (int i = 0; i < 3; i++) {
        struct store_unit *u = unit_case(1, i + 1, NULL, NULL);
        put_text(&u->kase->data, history[i]);
        append_one(&f, u);
        json_t *r = report(&f, 2000);
        const json_t *clocks = json_object_get(r, "clocks");
        assert_int_equal(1, json_array_size(clocks));
        assert_int_equal(1, sum(clocks, "late_open", "clock", "duty"));
        assert_int_equal(0, sum(clocks, "met", NULL, NULL));
        json_decref(r);
    }
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_counted_by_what_became_of_them),
        cmocka_unit_test(only_the_scope_and_the_span_are_reported),
        cmocka_unit_test(with_threads_a_report_goes_up_to_the_last_event),
        cmocka_unit_test(read_anew_the_report_is_the_same),
        cmocka_unit_test(a_clock_started_again_is_counted_again),
        cmocka_unit_test(a_right_that_lapses_or_is_used_is_no_duty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
