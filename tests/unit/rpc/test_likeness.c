/* How alike two cases are, and that it measures nothing of a case one may not read. */
#include "../engine/world.h"

#include "rpc/likeness.h"

static void measure(struct world *w, bool readable, int expected)
{
    struct casefile *c = world_case(w, "c1");
    json_t *row = json_pack("{s:s,s:s,s:b,s:[]}", "title", "两户地界之争", "place_path",
        org_place(engine_org(w->engine), "10111")->path, "readable", readable, "names");
    json_t *why = json_array();
    assert_int_equal(expected, likeness(w->engine, c, row, why));
    json_decref(why);
    json_decref(row);
    casefile_free(c);
}

static void words_count_only_in_cases_one_may_read(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, NULL, "2026-03-02T10:00:00");
    world_ok(&w, COMMAND_OPEN, NULL, "v1",
        "{\"flow\":\"demo\",\"fields\":{\"subject\":\"两户地界之争\"}}");
    measure(&w, true, 45);  /* the place and the whole subject */
    measure(&w, false, 15); /* its host is told of such a case too: that is the place */
    world_close(&w);
}

int main(void)
{
    lang_init();
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_count_only_in_cases_one_may_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
