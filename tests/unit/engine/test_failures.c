/* When the disk refuses, when another daemon was faster, when memory is small. */
#include "world.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static const char open_args[] = "{\"flow\":\"demo\",\"fields\":{\"subject\":\"地界\"}}";

static char *temp_path(void)
{
    char folder[] = "/tmp/fengqiao-engine-XXXXXX";
    assert_non_null(mkdtemp(folder));
    return mem_printf("%s/cases.db", folder);
}

static void temp_remove(char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char *name = mem_printf("%s%s", path, ends[i]);
        unlink(name);
        mem_free(name);
    }
    *strrchr(path, '/') = '\0';
    rmdir(path);
    mem_free(path);
}

/* No file may grow: every write beyond its present size fails, as on a full disk. */
static void disk_full(bool full)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = full ? 4096 : limit.rlim_max;
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &limit));
}

static struct answer try_once(struct world *w, const char *args, const char *key)
{
    struct answer a = {0};
    json_t *doc = json_lit(args);
    struct command c = {.kind = COMMAND_NOTE,
        .case_id = 1,
        .actor = {ACTOR_USER, "v1", NULL, false},
        .args = doc,
        .key = key,
        .method = "case.note"};
    engine_submit(w->engine, &c, answer_take, &a);
    for (int i = 0; i < 20 && !a.came; i++) {
        engine_flush(w->engine);
        store_poll(w->store);
    }
    assert_true(a.came);
    json_decref(doc);
    return a;
}

static void a_full_disk_fails_the_waiter_turns_read_only_and_heals_by_itself(void **state)
{
    (void)state;
    char *path = temp_path();
    struct world w;
    signal(SIGXFSZ, SIG_IGN);
    world_open(&w, path, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    disk_full(true);
    struct answer a = try_once(&w, "{\"text\":\"没有写上\"}", "key-x");
    assert_int_equal(ERR_READ_ONLY, a.code);
    assert_true(engine_read_only(w.engine));
    answer_free(&a);
    a = try_once(&w, "{\"text\":\"也不接受\"}", NULL);
    assert_int_equal(ERR_READ_ONLY, a.code);
    answer_free(&a);
    engine_try_recover(w.engine);
    store_poll(w.store);
    assert_true(engine_read_only(w.engine)); /* still full */
    disk_full(false);
    for (int i = 0; i < 10 && engine_read_only(w.engine); i++) {
        engine_try_recover(w.engine);
        store_poll(w.store);
    }
    assert_false(engine_read_only(w.engine));
    a = try_once(&w, "{\"text\":\"没有写上\"}", "key-x");
    assert_string_equal("", a.message);
    assert_int_equal(2, json_number(a.result, "version", 0));
    answer_free(&a);
    world_close(&w);
    temp_remove(path);
}

static void clocks_missed_in_read_only_mode_fire_after_it(void **state)
{
    (void)state;
    char *path = temp_path();
    struct world w;
    signal(SIGXFSZ, SIG_IGN);
    world_open(&w, path, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    world_ok(&w, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}");
    disk_full(true);
    int64_t later;
    instant_parse("2026-03-20T10:00:00", &later);
    wallclock_set(&w.clock, later);
    for (int i = 0; i < 20; i++) {
        engine_run_due(w.engine);
        engine_flush(w.engine);
        store_poll(w.store);
    }
    assert_true(engine_read_only(w.engine));
    disk_full(false);
    for (int i = 0; i < 10 && engine_read_only(w.engine); i++) {
        engine_try_recover(w.engine);
        store_poll(w.store);
    }
    world_settle(&w);
    struct casefile *c = world_case(&w, "c1");
    assert_string_equal("town.sfs", c->host);
    casefile_free(c);
    world_close(&w);
    temp_remove(path);
}

/* Two engines over one store are what two daemons over one database are to each other. */
static void another_engine_over_the_same_data_leads_to_a_new_decision_not_to_a_lost_one(
    void **state)
{
    (void)state;
    struct world a, b;
    world_open(&a, NULL, "2026-03-02T10:00:00");
    world_ok(&a, COMMAND_OPEN, NULL, "v1", open_args);
    b = a;
    world_engine(&b);
    world_ok(&b, COMMAND_NOTE, "1", "v1", "{\"text\":\"甲机\"}");
    /* a still holds version 1 in memory */
    assert_int_equal(3, world_ok(&a, COMMAND_NOTE, "1", "v1", "{\"text\":\"乙机\"}"));
    assert_int_equal(4, world_ok(&b, COMMAND_ACT, "1", "v1", "{\"action\":\"accept\"}"));
    struct answer r = world_do(
        &a, COMMAND_ACT, "1", "v1", "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}", NULL);
    assert_int_equal(
        ERR_STATE, r.code); /* decided on what a remembers: the refusal is honest but old */
    answer_free(&r);
    assert_int_equal(5, world_ok(&a, COMMAND_NOTE, "1", "v1", "{\"text\":\"再看\"}"));
    assert_int_equal(6, world_ok(&a, COMMAND_ACT, "1", "v1",
                            "{\"action\":\"answer\",\"form\":{\"finding\":\"好\"}}"));
    struct answer next = world_do(&b, COMMAND_OPEN, NULL, "v1", open_args, NULL);
    assert_string_equal("村调26-0002", json_text(next.result, "case"));
    answer_free(&next);
    next = world_do(&a, COMMAND_OPEN, NULL, "v1", open_args, NULL); /* a believes 0002 is free */
    assert_string_equal("村调26-0003", json_text(next.result, "case"));
    answer_free(&next);
    engine_free(b.engine);
    world_close(&a);
}

static void a_cache_of_four_serves_forty_cases(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    engine_free(w.engine);
    w.engine = engine_open(
        &(struct engine_options){.store = w.store, .clock = &w.clock, .cache_cases = 4}, NULL);
    world_reference(&w);
    for (int i = 0; i < 40; i++) {
        world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 40; i++) {
            char id[16];
            snprintf(id, sizeof id, "c%d", i + 1);
            assert_int_equal(
                round + 2, world_ok(&w, COMMAND_NOTE, id, "v1", "{\"text\":\"走访\"}"));
        }
    }
    json_t *stat = engine_stat(w.engine);
    assert_true(json_number(stat, "cached_cases", 0) <= 5);
    json_decref(stat);
    world_close(&w);
}

static void a_window_smaller_than_the_herd_refills_until_all_have_fired(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    engine_free(w.engine);
    w.engine = engine_open(
        &(struct engine_options){.store = w.store, .clock = &w.clock, .due_window = 7}, NULL);
    world_reference(&w);
    for (int i = 0; i < 50; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%d", i + 1);
        world_ok(&w, COMMAND_OPEN, NULL, "v1", open_args);
        world_ok(&w, COMMAND_ACT, id, "v1", "{\"action\":\"accept\"}");
    }
    world_go(&w, "2026-03-18T00:00:00");
    json_t *stat = engine_stat(w.engine);
    assert_int_equal(100, json_number(stat, "clocks_fired", 0));
    json_decref(stat);
    world_close(&w);
}

static void open_case(struct world *w, struct answer *a)
{
    json_t *doc = json_lit(open_args);
    struct command c = {
        .kind = COMMAND_OPEN, .actor = {ACTOR_USER, "v1", NULL, false}, .args = doc};
    engine_submit(w->engine, &c, answer_take, a);
    json_decref(doc);
}

static void a_case_registered_after_one_that_failed_takes_its_place(void **state)
{
    (void)state;
    char *path = temp_path();
    struct world w;
    struct answer a = {0};
    signal(SIGXFSZ, SIG_IGN);
    world_open(&w, path, "2026-03-02T10:00:00");
    disk_full(true);
    open_case(&w, &a);
    for (int i = 0; i < 20 && !a.came; i++) {
        engine_flush(w.engine);
        store_poll(w.store);
    }
    assert_int_equal(ERR_READ_ONLY, a.code);
    answer_free(&a);
    disk_full(false);
    for (int i = 0; i < 10 && engine_read_only(w.engine); i++) {
        engine_try_recover(w.engine);
        store_poll(w.store);
    }
    a = world_do(&w, COMMAND_OPEN, NULL, "v1", open_args, NULL);
    assert_string_equal("村调26-0001", json_text(a.result, "case"));
    answer_free(&a);
    json_t *stat = engine_stat(w.engine);
    assert_int_equal(1, json_number(stat, "cached_cases", 0));
    json_decref(stat);
    assert_int_equal(2, world_ok(&w, COMMAND_NOTE, "1", "v1", "{\"text\":\"走访\"}"));
    world_close(&w);
    temp_remove(path);
}

static void a_conflict_gives_no_number_twice(void **state)
{
    (void)state;
    struct world a, b;
    world_open(&a, NULL, "2026-03-02T10:00:00");
    b = a;
    world_engine(&b);
    world_ok(&b, COMMAND_OPEN, NULL, "v1", open_args);
    struct answer first = {0}, second = {0};
    open_case(&a, &first); /* a believes 0001 is free */
    engine_flush(a.engine);
    open_case(&a, &second); /* 0002 is decided before a hears of the conflict */
    world_settle(&a);
    assert_true(first.came && second.came);
    assert_string_not_equal(json_text(first.result, "case"), json_text(second.result, "case"));
    assert_string_not_equal(json_text(first.result, "id"), json_text(second.result, "id"));
    answer_free(&first);
    answer_free(&second);
    engine_free(b.engine);
    world_close(&a);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_fails_the_waiter_turns_read_only_and_heals_by_itself),
        cmocka_unit_test(clocks_missed_in_read_only_mode_fire_after_it),
        cmocka_unit_test(
            another_engine_over_the_same_data_leads_to_a_new_decision_not_to_a_lost_one),
        cmocka_unit_test(a_case_registered_after_one_that_failed_takes_its_place),
        cmocka_unit_test(a_conflict_gives_no_number_twice),
        cmocka_unit_test(a_cache_of_four_serves_forty_cases),
        cmocka_unit_test(a_window_smaller_than_the_herd_refills_until_all_have_fired),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
