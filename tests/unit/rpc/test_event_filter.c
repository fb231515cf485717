#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "rpc/event_filter.h"
#include "rpc/subscriptions.h"

static const char event_text[] =
    "{\"seq\":7,\"case\":12,\"number\":\"羊调26-0001\",\"flow\":\"people_mediation\",\"host\":\"a."
    "tw\","
    "\"origin\":\"b.vc\",\"place_path\":\"/150300/150303/1503031/\",\"actor\":\"demo01\","
    "\"data\":{\"changes\":[{\"op\":\"assignee\",\"to\":\"demo02\"}]}}";

static bool fits(const char *filter_text)
{
    json_t *event = json_parse_own(event_text), *filter = json_parse_own(filter_text);
    bool yes = event_filter_fits(filter, event);
    json_decref(event);
    json_decref(filter);
    return yes;
}

static bool visible(const char *scope_text)
{
    json_t *event = json_parse_own(event_text), *scope = json_parse_own(scope_text);
    bool yes = event_visible(event, scope);
    json_decref(event);
    json_decref(scope);
    return yes;
}

static void an_empty_filter_fits_everything(void **state)
{
    (void)state;
    assert_true(fits("{}"));
}

static void all_that_is_named_must_fit(void **state)
{
    (void)state;
    assert_true(fits("{\"flow\":\"people_mediation\",\"body\":\"b.vc\"}"));
    assert_false(fits("{\"flow\":\"people_mediation\",\"body\":\"c.tw\"}"));
    assert_false(fits("{\"flow\":\"petition\",\"body\":\"b.vc\"}"));
}

static void a_case_is_named_by_number_tail_or_id(void **state)
{
    (void)state;
    assert_true(fits("{\"case\":\"羊调26-0001\"}"));
    assert_true(fits("{\"case\":\"26-0001\"}"));
    assert_true(fits("{\"case\":\"12\"}"));
    assert_false(fits("{\"case\":\"1\"}"));
    assert_false(fits("{\"case\":\"羊调26-0002\"}"));
    assert_false(fits("{\"case\":\"\"}"));
}

static void mine_is_my_bodies_and_what_is_assigned_to_me(void **state)
{
    (void)state;
    assert_true(fits("{\"user\":\"demo09\",\"bodies\":[\"a.tw\"]}"));
    assert_true(fits("{\"user\":\"demo02\",\"bodies\":[]}"));
    assert_false(fits("{\"user\":\"demo01\",\"bodies\":[\"z\"]}"));
}

static void nothing_is_visible_without_a_scope(void **state)
{
    (void)state;
    assert_false(visible("{}"));
    assert_false(visible("{\"all\":false,\"bodies\":[],\"paths\":[]}"));
    assert_false(visible("{\"all\":false,\"bodies\":[\"x\"],\"paths\":[\"/150300/150302/\"]}"));
    assert_true(visible("{\"all\":true}"));
    assert_true(visible("{\"bodies\":[\"a.tw\"]}"));
    assert_true(visible("{\"paths\":[\"/150300/150303/\"]}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_filter_fits_everything),
        cmocka_unit_test(all_that_is_named_must_fit),
        cmocka_unit_test(a_case_is_named_by_number_tail_or_id),
        cmocka_unit_test(mine_is_my_bodies_and_what_is_assigned_to_me),
        cmocka_unit_test(nothing_is_visible_without_a_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
