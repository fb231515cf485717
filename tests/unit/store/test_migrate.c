/* A database of every older schema, made by the schema steps of the tree and filled as the programs
 * of that time filled it: opened today it has all that lists, lineage and attachments ask for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper.h"

#include "base/buf.h"

#include <sqlite3.h>

#define NEWEST 5 /* the schema of this program */

static int setup(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    fixture_folder(f, KIND_FILE);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    mem_free(*state);
    return 0;
}

static void run_sql(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
}

static void run_step(sqlite3 *db, const char *name)
{
    const char *source = getenv("FENGQIAO_SOURCE");
    char *path =
        mem_printf("%s/core/store/sqlite/schema/%s.sql", source != NULL ? source : ".", name);
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    struct buf text = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;) {
        buf_add(&text, block, n);
    }
    fclose(in);
    run_sql(db, buf_text(&text));
    buf_close(&text);
    mem_free(path);
}

/* What a case of an older program looks like: parties, marks and seal stand in its snapshot only.
 */
static const struct old_case {
    int id;
    const char *snapshot, *parties; /* what lists must show; NULL: nothing */
    bool listed;
} cases[] = {
    {1,
        "{\"version\":1,\"marks\":[\"red\",\"listed\"],\"parties\":["
        "{\"role\":\"申请人\",\"name\":\"演示甲\"},{\"role\":\"被申请人\",\"name\":\"演示乙\"},"
        "{\"role\":\"被申请人\",\"name\":\"演示丙\"}]}",
        "演示甲／演示乙等2人", true},
    {2,
        "{\"version\":1,\"sealed\":true,\"marks\":[],\"parties\":["
        "{\"role\":\"检举人\",\"name\":\"演示丁\"}]}",
        NULL, false},
    {3, "{\"version\":1}", NULL, false},
    {4,
        "{\"version\":1,\"marks\":[\"yellow\"],\"parties\":[{\"role\":\"申请人\",\"name\":"
        "\"演示戊\"}],"
        "\"links\":[{\"kind\":\"from\",\"sealed\":true}]}",
        NULL, false},
    {5,
        "{\"version\":1,\"marks\":[],\"parties\":[{\"role\":\"申请人\",\"name\":\"演示己\"},"
        "{\"role\":\"申请人\",\"name\":\"演示庚\"},{\"role\":\"第三人\",\"name\":\"演示辛\"},"
        "{\"role\":\"被申请人\",\"name\":\"演示壬\"}],\"links\":[]}",
        "演示己等2人／演示辛", false},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void insert_case(sqlite3 *db, const struct old_case *c)
{
    static const char data[] = "{\"changes\":[]}";
    static const struct digest none;
    struct digest head = digest_of2(none.bytes, DIGEST_SIZE, data, strlen(data));
    char hex[DIGEST_TEXT];
    digest_hex(&head, hex);
    char *sql = mem_printf(
        "INSERT INTO event VALUES (%d, %d, 1, 1000, 'opened', 'u1', '%s', x'%s');"
        "INSERT INTO casefile (id, version, head, number, series, serial, flow, state, host, title,"
        " place_path, participants, level, opened_ms, received_ms, changed_ms, closed_ms, due_ms,"
        " snapshot) VALUES (%d, 1, x'%s', '羊调26-%04d', '羊调/26', %d, 'petition', 'open', "
        "'v1.tw',"
        " '旧案', '/150300/', '', 1, %d, 1000, 1000, 0, 9223372036854775807, '%s');"
        "INSERT INTO case_fields VALUES (%d, '{}'); INSERT INTO case_body VALUES ('v1.tw', %d);",
        c->id, c->id, data, hex, c->id, hex, c->id, c->id, 1000 + c->id, c->snapshot, c->id, c->id);
    run_sql(db, sql);
    mem_free(sql);
}

/* A file as a program of that schema left it. */
static void make_old(struct fixture *f, int schema)
{
    static const char *const steps[] = {
        "001_start", "002_links", "003_files", "004_lists", "005_duties"};
    sqlite3 *db;
    assert_int_equal(SQLITE_OK, sqlite3_open(f->path, &db));
    for (int i = 0; i < schema; i++) {
        run_step(db, steps[i]);
    }
    for (size_t i = 0; i < CASES; i++) {
        insert_case(db, &cases[i]);
    }
    if (schema >= 2) {
        run_sql(db,
            "INSERT INTO lineage VALUES (1, 1), (3, 1);"
            "INSERT INTO asked VALUES (3, 't1', 'town', NULL, 5000, '{\"title\":\"走访\"}');");
    }
    if (schema >= 3) {
        run_sql(db, "INSERT INTO attachment VALUES ('aa', 1), ('aa', 3), ('bb', 5);");
    }
    sqlite3_close(db);
}

static json_t *all_rows(struct fixture *f, const char *filter)
{
    json_t *args = json_loads(filter, 0, NULL);
    json_object_set_new(args, "scope", json_pack("{s:b}", "all", 1));
    json_object_set_new(args, "sort", json_string("opened"));
    json_t *page = ask(f, ASK_CASES, args);
    json_t *rows = json_incref(json_object_get(page, "items"));
    json_decref(page);
    return rows;
}

static void rows_are_filled(struct fixture *f)
{
    json_t *rows = all_rows(f, "{}");
    assert_int_equal(CASES, json_array_size(rows));
    for (size_t i = 0; i < CASES; i++) { /* the newest first */
        const json_t *row = json_array_get(rows, CASES - 1 - i);
        assert_int_equal(cases[i].id, json_number(row, "id", -1));
        if (cases[i].parties == NULL) {
            assert_null(json_text(row, "parties"));
        } else {
            assert_non_null(json_text(row, "parties"));
            assert_string_equal(cases[i].parties, json_text(row, "parties"));
        }
        assert_int_equal(cases[i].listed, json_flag(row, "listed"));
    }
    json_decref(rows);
    rows = all_rows(f, "{\"listed\":true}");
    assert_int_equal(1, json_array_size(rows));
    assert_int_equal(1, json_number(json_array_get(rows, 0), "id", -1));
    json_decref(rows);
    rows = all_rows(f, "{\"listed\":false}");
    assert_int_equal(CASES - 1, json_array_size(rows));
    json_decref(rows);
}

static int64_t count_of(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(SQLITE_OK, sqlite3_open(f->path, &db));
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(db, sql, -1, &st, NULL));
    assert_int_equal(SQLITE_ROW, sqlite3_step(st));
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void histories_hold(struct fixture *f)
{
    for (size_t i = 0; i < CASES; i++) {
        json_t *answer = ask(f, ASK_VERIFY, json_pack("{s:i}", "case", cases[i].id));
        assert_true(json_flag(answer, "ok"));
        assert_int_equal(1, json_number(answer, "events", -1));
        json_decref(answer);
    }
}

/* The old case goes on, in the tables of today. */
static void an_old_case_goes_on(struct fixture *f, int64_t id)
{
    struct digest head =
        digest_of2((struct digest){{0}}.bytes, DIGEST_SIZE, "{\"changes\":[]}", 14);
    struct store_unit *u = unit_case(id, 2, &head, NULL);
    u->kase->parties = mem_strdup("演示新");
    u->kase->listed = true;
    struct outcome o = append_one(f, u);
    assert_int_equal(STORE_DURABLE, o.status);
    assert_int_equal(CASES + 1, o.seq);
    json_t *rows = all_rows(f, "{\"listed\":true}");
    assert_int_equal(2, json_array_size(rows));
    json_decref(rows);
}

static void comes_up_to_date(struct fixture *f, int schema)
{
    make_old(f, schema);
    fixture_open(f);
    json_t *meta = ask(f, ASK_META, json_object());
    assert_int_equal(NEWEST, json_number(meta, "schema", -1));
    json_decref(meta);
    rows_are_filled(f);
    histories_hold(f);
    assert_int_equal(schema >= 2 ? 2 : 0, count_of(f, "SELECT count(*) FROM lineage"));
    assert_int_equal(schema >= 2 ? 1 : 0, count_of(f, "SELECT count(*) FROM asked"));
    assert_int_equal(schema >= 3 ? 3 : 0, count_of(f, "SELECT count(*) FROM attachment"));
    an_old_case_goes_on(f, 3);
    store_close(f->store); /* and again: nothing is done twice */
    fixture_open(f);
    assert_int_equal(NEWEST, count_of(f, "PRAGMA user_version"));
    assert_int_equal(CASES + 1, count_of(f, "SELECT count(*) FROM event"));
}

static void a_database_of_schema_1_is_filled(void **state)
{
    comes_up_to_date(*state, 1);
}

static void a_database_of_schema_2_keeps_lineage_and_what_was_asked(void **state)
{
    comes_up_to_date(*state, 2);
    struct fixture *f = *state;
    json_t *answer = ask(f, ASK_LINEAGE,
        json_pack("{s:[i],s:[],s:i,s:{s:b}}", "roots", 1, "ids", "limit", 50, "scope", "all", 1));
    assert_int_equal(2, json_array_size(answer));
    json_decref(answer);
}

static void a_database_of_schema_3_keeps_who_has_which_content(void **state)
{
    comes_up_to_date(*state, 3);
    struct fixture *f = *state;
    json_t *answer = ask(f, ASK_HOLDERS, json_pack("{s:s}", "hash", "aa"));
    assert_int_equal(2, json_array_size(answer));
    assert_int_equal(3, json_number(json_array_get(answer, 0), "case", -1)); /* the newest first */
    json_decref(answer);
    answer = ask(f, ASK_HOLDERS, json_pack("{s:s}", "hash", "cc"));
    assert_int_equal(0, json_array_size(answer));
    json_decref(answer);
}

/* A snapshot that is no JSON (a damaged page) must not keep the others from their work. */
static void a_damaged_case_does_not_stop_the_others(void **state)
{
    struct fixture *f = *state;
    make_old(f, 3);
    sqlite3 *db;
    assert_int_equal(SQLITE_OK, sqlite3_open(f->path, &db));
    run_sql(db, "UPDATE casefile SET snapshot = 'torn {' WHERE id = 3");
    sqlite3_close(db);
    fixture_open(f);
    json_t *rows = all_rows(f, "{\"listed\":true}");
    assert_int_equal(1, json_array_size(rows));
    json_decref(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(a_database_of_schema_1_is_filled),
        T(a_database_of_schema_2_keeps_lineage_and_what_was_asked),
        T(a_database_of_schema_3_keeps_who_has_which_content),
        T(a_damaged_case_does_not_stop_the_others),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
