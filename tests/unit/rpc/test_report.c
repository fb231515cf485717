#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "rpc/report.h"

static json_t *overview(const char *text)
{
    json_t *rows = json_parse_own(text);
    assert_non_null(rows);
    json_t *out = report_overview(rows, NULL);
    json_decref(rows);
    return out;
}

static void nothing_gives_zero_counts_and_no_share(void **state)
{
    (void)state;
    json_t *out = overview("{\"cases\":[],\"clocks\":[],\"answers\":[]}");
    assert_int_equal(0, json_number(json_object_get(out, "cases"), "total", -1));
    assert_true(json_is_null(json_object_get(json_object_get(out, "cases"), "median_days")));
    assert_int_equal(0, json_array_size(json_object_get(out, "by_year")));
    json_decref(out);
}

static void a_share_counts_only_clocks_whose_end_has_come(void **state)
{
    (void)state;
    json_t *out =
        overview("{\"clocks\":["
                 "{\"year\":2020,\"category\":\"城乡建设\",\"host\":\"a.xfj\",\"clock\":\"handle\","
                 "\"title\":\"办结\",\"started\":10,\"met\":3,\"met_late\":1,\"late_open\":2,"
                 "\"open\":3,\"cancelled\":1,\"provisional\":1},"
                 "{\"year\":2021,\"host\":\"a.xfj\",\"clock\":\"handle\",\"started\":2,"
                 "\"met\":1,\"met_late\":0,\"late_open\":0,\"open\":1,\"cancelled\":0,"
                 "\"provisional\":0}]}");
    const json_t *clock = json_array_get(json_object_get(out, "clocks"), 0);
    assert_string_equal("办结", json_text(clock, "title"));
    assert_int_equal(12, json_number(clock, "started", 0));
    assert_int_equal(7, json_number(clock, "ended", 0));
    assert_true(json_real_value(json_object_get(clock, "on_time_share")) == 0.5714);
    assert_int_equal(1, json_number(clock, "provisional", 0));
    const json_t *year = json_array_get(json_object_get(out, "by_year"), 1);
    assert_string_equal("2021", json_text(year, "key"));
    clock = json_array_get(json_object_get(year, "clocks"), 0);
    assert_int_equal(1, json_number(clock, "ended", 0));
    assert_int_equal(2, json_array_size(json_object_get(out, "by_category")));
    json_decref(out);
}

static void the_median_weighs_days_by_cases(void **state)
{
    (void)state;
    json_t *out = overview(
        "{\"answers\":[{\"year\":2020,\"days\":10,\"cases\":1},"
        "{\"year\":2020,\"days\":2,\"cases\":3},{\"year\":2021,\"days\":90,\"cases\":1}]}");
    const json_t *cases = json_object_get(out, "cases");
    assert_int_equal(5, json_number(cases, "answered", 0));
    assert_int_equal(2, json_number(cases, "median_days", 0));
    json_decref(out);
    out = overview("{\"answers\":[{\"year\":2020,\"days\":1,\"cases\":1},"
                   "{\"year\":2020,\"days\":4,\"cases\":1}]}");
    assert_true(
        json_real_value(json_object_get(json_object_get(out, "cases"), "median_days")) == 2.5);
    json_decref(out);
}

static void cases_are_summed_by_year_category_and_body(void **state)
{
    (void)state;
    json_t *out = overview(
        "{\"cases\":["
        "{\"year\":2020,\"category\":\"A\",\"host\":\"x\",\"cases\":2,\"open\":1,\"closed\":1},"
        "{\"year\":2020,\"category\":\"B\",\"host\":\"x\",\"cases\":3,\"open\":0,\"closed\":3}]}");
    assert_int_equal(5, json_number(json_object_get(out, "cases"), "total", 0));
    assert_int_equal(1, json_array_size(json_object_get(out, "by_year")));
    assert_int_equal(2, json_array_size(json_object_get(out, "by_category")));
    const json_t *body = json_array_get(json_object_get(out, "by_body"), 0);
    assert_string_equal("x", json_text(body, "name"));
    assert_int_equal(4, json_number(body, "closed", 0));
    json_decref(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_zero_counts_and_no_share),
        cmocka_unit_test(a_share_counts_only_clocks_whose_end_has_come),
        cmocka_unit_test(the_median_weighs_days_by_cases),
        cmocka_unit_test(cases_are_summed_by_year_category_and_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
