/* Lists: order, pages, filters, scope; inbox; search. Both plans of a list give the same. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper.h"

#include "base/buf.h"

enum { CASES = 30 };

/* Case i: body v<i%3>.tw at town <i%3>, due i%5==0 ? none : descending, category by i%2. */
static struct store_unit *sample(int i)
{
    struct store_unit *u = unit_case(i, 1, NULL, NULL);
    struct store_case_unit *k = u->kase;
    char text[96];
    snprintf(text, sizeof text, "v%d.tw", i % 3);
    put_text(&k->host, text);
    put_text(&k->origin, text);
    snprintf(text, sizeof text, "/150300/15030%d/", i % 3);
    put_text(&k->place_path, text);
    put_text(&k->category, i % 2 == 0 ? "劳动/欠薪" : "劳动争议");
    put_text(&k->state, i % 2 == 0 ? "open" : "closed");
    k->due_ms = i % 5 == 0 ? 0 : 100000 - i;
    k->opened_ms = 5000 + i / 2; /* two share an instant */
    k->closed_ms = i % 2 == 0 ? 0 : 9000;
    put_text(&k->mark, i % 4 == 0 ? "red" : "plain");
    k->listed = i % 6 == 0;
    return u;
}

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_init(f, KIND_MEMORY);
    struct store_unit *batch[CASES];
    for (int i = 0; i < CASES; i++) {
        batch[i] = sample(i + 1);
    }
    append(f, batch, CASES);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    mem_free(*state);
    return 0;
}

/* "1 2 3" of all pages, asked for `limit` at a time. */
static char *ids_of(struct fixture *f, enum store_question q, const char *args_text, int limit)
{
    struct buf ids = {0};
    json_t *after = json_null();
    do {
        json_t *args = json_loads(args_text, 0, NULL);
        assert_non_null(args);
        json_object_set_new(args, "limit", json_integer(limit));
        json_object_set(args, "after", after);
        json_t *page = ask(f, q, args), *items = json_object_get(page, "items");
        assert_true((int)json_array_size(items) <= limit);
        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *row = json_array_get(items, i);
            assert_null(json_object_get(row, "key_"));
            buf_addf(&ids, ids.len == 0 ? "%lld" : " %lld", (long long)json_number(row, "id", -1));
        }
        json_decref(after);
        after = json_incref(json_object_get(page, "next"));
        json_decref(page);
    } while (!json_is_null(after));
    json_decref(after);
    return buf_take(&ids);
}

static void list_is(
    struct fixture *f, enum store_question q, const char *expected, const char *args)
{
    static const int limits[] = {1, 3, 100};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char *ids = ids_of(f, q, args, limits[i]);
        assert_string_equal(expected, ids);
        mem_free(ids);
    }
}

static void by_due_the_most_urgent_comes_first_and_those_without_last(void **state)
{
    list_is(*state, ASK_CASES,
        "29 28 27 26 24 23 22 21 19 18 17 16 14 13 12 11 9 8 7 6 4 3 2 1 5 10 15 20 25 30",
        "{\"scope\":{\"all\":true},\"sort\":\"due\"}");
    list_is(*state, ASK_CASES, "28 26 24 22 18 16 14 12 8 6 4 2 10 20 30",
        "{\"scope\":{\"all\":true},\"open\":true}");
}

static void by_opening_the_newest_comes_first(void **state)
{
    list_is(*state, ASK_CASES, "30 28 26 24 22 20 18 16 14 12 10 8 6 4 2",
        "{\"scope\":{\"all\":true},\"sort\":\"opened\",\"open\":true}");
    list_is(*state, ASK_CASES, "28 25 22 19 16 13 10 7 4 1",
        "{\"scope\":{\"all\":true},\"sort\":\"opened\",\"host\":\"v1.tw\"}");
}

static void only_what_the_scope_holds_is_listed(void **state)
{
    list_is(*state, ASK_CASES, "", "{}");
    list_is(*state, ASK_CASES, "", "{\"scope\":{\"all\":false,\"bodies\":[],\"paths\":[]}}");
    list_is(*state, ASK_CASES, "28 22 16 4 10",
        "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[]},\"open\":true}");
    list_is(*state, ASK_CASES, "28 22 16 4 10",
        "{\"scope\":{\"bodies\":[],\"paths\":[\"/150300/150301/\"]},\"open\":true}");
    list_is(*state, ASK_CASES, "28 26 22 16 14 8 4 2 10 20",
        "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[\"/150300/150302/\"]},\"open\":true}");
    list_is(*state, ASK_CASES, "", "{\"scope\":{\"bodies\":[\"v1\"],\"paths\":[]}}");
}

static void filters_narrow(void **state)
{
    list_is(*state, ASK_CASES, "28 22 16 4 10",
        "{\"scope\":{\"all\":true},\"host\":\"v1.tw\",\"open\":true}");
    list_is(*state, ASK_CASES, "28 22 16 4 10",
        "{\"scope\":{\"all\":true},\"place_path\":\"/150300/150301/\",\"open\":true}");
    list_is(*state, ASK_CASES, "28 22 16 4 10",
        "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[]},\"category\":\"劳动\"}");
    list_is(*state, ASK_CASES, "28 24 16 12 8 4 20", "{\"scope\":{\"all\":true},\"late\":true}");
    list_is(*state, ASK_CASES, "28 26", "{\"scope\":{\"all\":true},\"late\":99976}");
    list_is(*state, ASK_CASES, "", "{\"scope\":{\"all\":true},\"assignee\":\"u9\"}");
}

static void what_is_under_listed_supervision_is_found_by_itself(void **state)
{
    list_is(*state, ASK_CASES, "24 18 12 6 30", "{\"scope\":{\"all\":true},\"listed\":true}");
    list_is(*state, ASK_CASES, "28 26 22 20 16 14 10 8 4 2",
        "{\"scope\":{\"all\":true},\"listed\":false,\"open\":true,\"sort\":\"opened\"}");
    list_is(*state, ASK_CASES, "30 24 18 12 6",
        "{\"scope\":{\"all\":true},\"listed\":true,\"sort\":\"opened\"}");
    list_is(*state, ASK_CASES, "24 18 12 6 30",
        "{\"scope\":{\"bodies\":[\"v0.tw\"],\"paths\":[]},\"listed\":true}");
    list_is(*state, ASK_CASES, "24 18 12 6 30",
        "{\"scope\":{\"bodies\":[],\"paths\":[\"/150300/150300/\"]},\"listed\":true}");
    list_is(
        *state, ASK_CASES, "", "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[]},\"listed\":true}");
    list_is(*state, ASK_CASES, "24 18 12",
        "{\"scope\":{\"all\":true},\"listed\":true,\"late\":99990,\"host\":\"v0.tw\"}");
}

static void the_total_is_told_on_request_only(void **state)
{
    struct fixture *f = *state;
    json_t *page = ask(f, ASK_CASES,
        json_pack(
            "{s:{s:b}, s:i, s:b, s:b}", "scope", "all", 1, "limit", 2, "open", 1, "total", 1));
    assert_int_equal(15, json_number(page, "total", -1));
    assert_int_equal(2, json_array_size(json_object_get(page, "items")));
    json_decref(page);
    page = ask(f, ASK_CASES,
        json_pack("{s:{s:[s], s:[]}, s:b}", "scope", "bodies", "v1.tw", "paths", "total", 1));
    assert_int_equal(10, json_number(page, "total", -1));
    json_decref(page);
    page = ask(f, ASK_CASES, json_pack("{s:{s:b}}", "scope", "all", 1));
    assert_null(json_object_get(page, "total"));
    json_decref(page);
}

static void by_change_the_last_touched_comes_first(void **state)
{
    struct fixture *f = *state;
    struct store_unit *u = sample(4);
    u->kase->version = 2;
    append_one(f, u);
    list_is(f, ASK_CASES, "4 28 22 16 10",
        "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[]},\"open\":true,\"sort\":\"changed\"}");
    list_is(f, ASK_CASES, "4 30 28 26 24 22 20 18 16 14 12 10 8 6 2",
        "{\"scope\":{\"all\":true},\"open\":true,\"sort\":\"changed\"}");
}

static void a_foreign_cursor_or_order_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const bad[] = {"{\"after\":\"x\"}", "{\"after\":\"\"}",
        "{\"sort\":\"size\"}", "{\"after\":\"00000000000000000000000000000000 \"}",
        "{\"after\":\"0000000000000000000000000000000000\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        assert_null(store_ask_now(f->store, ASK_CASES, json_loads(bad[i], 0, NULL), &err));
        assert_int_equal(ERR_PARAMS, err.code);
        err_clear(&err);
    }
}

static void former_hosts_and_watchers_see_the_case_too(void **state)
{
    struct fixture *f = *state;
    struct store_unit *u = sample(4);
    u->kase->version = 2;
    put_text(&u->kase->host, "court");
    put_text(&u->kase->participants, " v9.tw v8.tw ");
    put_text(&u->kase->supervisor, "xfj");
    append_one(f, u);
    static const char *const bodies[] = {"court", "v9.tw", "v8.tw", "xfj"};
    for (size_t i = 0; i < 4; i++) {
        char args[96];
        snprintf(args, sizeof args, "{\"scope\":{\"bodies\":[\"%s\"],\"paths\":[]}}", bodies[i]);
        list_is(f, ASK_CASES, "4", args);
    }
    list_is(f, ASK_CASES, "", "{\"scope\":{\"bodies\":[\"v\",\".tw\"],\"paths\":[]}}");
}

static void the_inbox_has_what_waits_for_the_person(void **state)
{
    struct fixture *f = *state;
    list_is(f, ASK_INBOX, "28 22 16 4 10", "{\"bodies\":[\"v1.tw\"],\"user\":\"u1\"}");
    struct store_unit *u = sample(22);
    u->kase->version = 2;
    put_text(&u->kase->assignee, "u2");
    append_one(f, u);
    u = sample(16);
    u->kase->version = 2;
    put_text(&u->kase->assignee, "u1");
    append_one(f, u);
    list_is(f, ASK_INBOX, "28 16 4 10", "{\"bodies\":[\"v1.tw\"],\"user\":\"u1\"}");
    list_is(f, ASK_INBOX, "22", "{\"bodies\":[],\"user\":\"u2\"}");
    u = sample(6);
    u->kase->version = 2;
    put_text(&u->kase->supervisor, "v1.tw");
    append_one(f, u);
    list_is(f, ASK_INBOX, "28 16 6 4 10", "{\"bodies\":[\"v1.tw\"],\"user\":\"u1\"}");
}

static void a_long_list_walks_its_index_and_gives_the_same(void **state)
{
    struct fixture *f = *state;
    enum { MORE = 2100 }; /* beyond what is collected and sorted */
    struct store_unit *batch[MORE];
    for (int i = 0; i < MORE; i++) {
        batch[i] = sample(100 + i * 3); /* all at v1.tw: 100 % 3 is 1 */
        batch[i]->kase->due_ms = 500000 + i;
        batch[i]->kase->closed_ms = 1;
    }
    append(f, batch, MORE);
    list_is(f, ASK_CASES, "28 22 16 4 10",
        "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[]},\"open\":true}");
    list_is(f, ASK_CASES, "28 22 16 10 4",
        "{\"scope\":{\"bodies\":[\"v1.tw\"],\"paths\":[]},\"open\":true,\"sort\":\"opened\"}");
}

static void find_is(struct fixture *f, const char *expected, const char *text, const char *scope)
{
    char args[512];
    snprintf(args, sizeof args, "{\"text\":\"%s\",\"scope\":%s}", text, scope);
    list_is(f, ASK_SEARCH, expected, args);
}

static void searchable(struct fixture *f, int id, int64_t version, const char *text)
{
    struct store_unit *u = sample(id);
    u->kase->version = version;
    u->kase->search = mem_strdup(text);
    append_one(f, u);
}

static void words_are_found_in_cases_newest_first(void **state)
{
    struct fixture *f = *state;
    static const char all[] = "{\"all\":true}";
    searchable(f, 1, 2, "拖欠农民工工资，ＡＢＣ公司");
    searchable(f, 2, 2, "工地噪声扰民");
    searchable(f, 3, 2, "拖欠工程款，枫桥镇工地");
    searchable(f, 4, 2, "邻里纠纷：院墙");
    find_is(f, "3 1", "拖欠", all);
    find_is(f, "1", "工资", all);
    find_is(f, "3 2", "工地", all);
    find_is(f, "3", "拖欠 工地", all);
    find_is(f, "", "欠工地", all);
    find_is(f, "1", "农民工工资", all);
    find_is(f, "3", "枫", all);
    find_is(f, "4", "墙", all); /* the last of its run */
    find_is(f, "1", "abc", all);
    find_is(f, "", "ab", all);
    find_is(f, "", "！？", all);
    find_is(f, "", "房产", all);
    find_is(f, "1", "拖欠", "{\"bodies\":[\"v1.tw\"],\"paths\":[]}");
    find_is(f, "3", "拖欠", "{\"bodies\":[],\"paths\":[\"/150300/150300/\"]}");
    find_is(f, "", "拖欠", "{}");
}

static void a_case_is_found_once_at_its_newest_event(void **state)
{
    struct fixture *f = *state;
    searchable(f, 1, 2, "欠薪");
    searchable(f, 2, 2, "欠薪");
    searchable(f, 1, 3, "欠薪补充");
    find_is(f, "1 2", "欠薪", "{\"all\":true}");
    json_t *page = ask(f, ASK_SEARCH,
        json_pack("{s:s, s:{s:b}, s:i}", "text", "欠薪", "scope", "all", 1, "limit", 5));
    const json_t *row = json_array_get(json_object_get(page, "items"), 0);
    assert_int_equal(3, json_number(json_object_get(row, "found"), "version", -1));
    json_decref(page);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(by_due_the_most_urgent_comes_first_and_those_without_last),
        TEST(by_opening_the_newest_comes_first),
        TEST(only_what_the_scope_holds_is_listed),
        TEST(filters_narrow),
        TEST(what_is_under_listed_supervision_is_found_by_itself),
        TEST(the_total_is_told_on_request_only),
        TEST(by_change_the_last_touched_comes_first),
        TEST(a_foreign_cursor_or_order_is_refused),
        TEST(former_hosts_and_watchers_see_the_case_too),
        TEST(the_inbox_has_what_waits_for_the_person),
        TEST(a_long_list_walks_its_index_and_gives_the_same),
        TEST(words_are_found_in_cases_newest_first),
        TEST(a_case_is_found_once_at_its_newest_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
